"""Finding cells by their frequency bursts, all of the window at once.

A frequency burst is 148 symbols of pure tone, five times in 51 frames: 10, 10, 10, 10 and 11 frames apart
(3GPP TS 45.002 §5.2.4 and §7 table 3). The window is turned into short spectra one burst long; every bin's power
over its own mean is added up along that pattern at every phase. Steady carriers have no ratio, modulation and
noise no pattern. Nothing is assumed of the channel raster or of the receiver's oscillator.
"""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from dsp.gsm.frame import BURST_BITS, FCCH_FRAMES, FRAME_SYMBOLS, TONE_HZ
from dsp.gsm.slots import STOP_HZ, Window

CAP = 40.0  # no single burst counts for more: one loud click is not a pattern
NEIGHBOUR_HZ = 25e3  # a weaker tone this near a stronger one is its own foot
PURE_HZ, LEAST_PURITY = 40e3, 0.35  # a tone at −4 dB Eb/N0 holds half of the power this near; modulation a quarter
MOST_CANDIDATES, MOST_TRIES = 32, 400
_AT_ONCE = 64  # windows: what is worked on stays in the cache


@dataclass(frozen=True, slots=True)
class ToneBurst:
    """A candidate: a carrier (from the middle of the window) and where one of its frequency bursts begins."""

    carrier_hz: float
    first_sample: float  # ± half a burst
    strength: float  # mean power ratio of its bursts
    bursts: int


def find_tone_bursts(window: Window) -> tuple[ToneBurst, ...]:
    """Candidates in falling strength. A candidate is a suspicion: only decoding makes it a cell."""
    size = scipy.fft.next_fast_len(round(BURST_BITS * window.samples_per_symbol))
    hop = size // 2
    power = _burst_spectra(window.samples, size=size, hop=hop)
    if len(power) < 2:
        return ()
    score = _add_along_pattern(power, frame_hops=FRAME_SYMBOLS * window.samples_per_symbol / hop)
    return tuple(_pick(score, power, window, size=size, hop=hop))


def _burst_spectra(samples: NDArray[np.complex64], *, size: int, hop: int) -> NDArray[np.float32]:
    """(times, bins) power of half-overlapping windows, lowest frequency first; two bins added, so that a tone
    between them loses nothing."""
    times = max((len(samples) - size) // hop + 1, 0)
    power = np.empty((times, size), np.float32)
    if not times:
        return power
    taper = np.sin(np.pi * (np.arange(size) + 0.5) / size).astype(np.float32).repeat(2)  # of real, imaginary parts
    numbers = np.ascontiguousarray(samples).view(np.float32)
    views = np.lib.stride_tricks.sliding_window_view(numbers, 2 * size)[:: 2 * hop]
    for part in _parts(times):
        rows = (views[part] * taper).view(np.complex64)
        spectrum = scipy.fft.fft(rows, axis=1, overwrite_x=True).view(np.float32)
        spectrum *= spectrum
        _add_neighbours(spectrum[:, ::2] + spectrum[:, 1::2], out=power[part])
    return power


def _add_neighbours(bins: NDArray[np.float32], *, out: NDArray[np.float32]) -> None:
    """Each bin and the one above it, lowest frequency first; the highest has none above."""
    negative = bins.shape[1] // 2
    middle = bins.shape[1] - negative
    np.add(bins[:, middle:-1], bins[:, middle + 1 :], out=out[:, : negative - 1])
    np.add(bins[:, -1], bins[:, 0], out=out[:, negative - 1])
    np.add(bins[:, : middle - 1], bins[:, 1:middle], out=out[:, negative:-1])
    out[:, -1] = bins[:, middle - 1]


def _own_means(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """(bins,) mean in time, the bursts themselves not counted."""
    parts = [power[part] for part in _parts(len(power))]
    most = (4 / len(power) * _sum([part.sum(axis=0) for part in parts])).astype(np.float32)
    mean = _sum([np.minimum(part, most).sum(axis=0) for part in parts]) / len(power)
    return np.maximum(mean, max(float(mean.max()) * 1e-9, 1e-30)).astype(np.float32)


def _sum(sums: list[NDArray[np.float32]]) -> NDArray[np.float64]:
    return np.asarray(np.sum(sums, axis=0, dtype=np.float64))


def _parts(times: int) -> list[slice]:
    return [slice(low, min(low + _AT_ONCE, times)) for low in range(0, times, _AT_ONCE)]


@dataclass(frozen=True, slots=True, eq=False)
class _Score:
    """total : (phases, bins) ratios added up; bursts : (phases,) how many were; frame_hops : hops in a frame."""

    total: NDArray[np.float32]
    bursts: NDArray[np.int64]
    frame_hops: float


def _add_along_pattern(power: NDArray[np.float32], *, frame_hops: float) -> _Score:
    """Every bin over its own mean, summed over the bursts of 51-multiframes beginning at each phase."""
    times, bins = power.shape
    phases = min(int(np.ceil(51 * frame_hops)), times)
    total = np.zeros((phases, bins), np.float32)
    bursts = np.zeros(phases, np.int64)
    offsets = _pattern_offsets(times, frame_hops)
    over_mean = 1 / _own_means(power)
    for part in _parts(times):
        ratio = np.minimum(power[part.start : part.stop + 1] * over_mean, np.float32(CAP))
        ratio[:-1] = np.maximum(ratio[:-1], ratio[1:])  # a burst may lie between two windows
        for offset in offsets:
            low, high = max(part.start, offset), min(part.stop, offset + phases)
            if low < high:
                reached = total[low - offset : high - offset]
                np.add(reached, ratio[low - part.start : high - part.start], out=reached)
                bursts[low - offset : high - offset] += 1
    return _Score(total, bursts, frame_hops)


def _pattern_offsets(times: float, frame_hops: float) -> list[int]:
    multiframes = range(-1, int(times / (51 * frame_hops)) + 1)
    return [round((51 * m + f) * frame_hops) for m in multiframes for f in FCCH_FRAMES]


def _pick(score: _Score, power: NDArray[np.float32], window: Window, *, size: int, hop: int) -> list[ToneBurst]:
    """Peaks in falling order, each with its own foot and its own pattern's echoes left out."""
    least = (8 * score.bursts + 20).astype(np.float32)  # noise gets here once in 10⁷ tries
    bin_hz = window.rate_hz / size
    foot, near = int(np.ceil(NEIGHBOUR_HZ / bin_hz)), int(np.ceil(PURE_HZ / bin_hz))
    free = np.ones(score.total.shape, np.bool_)
    rows, columns = np.divmod(np.flatnonzero(score.total > least[:, None]), size)
    order = np.argsort(least[rows] - score.total[rows, columns], kind="stable")
    found: list[ToneBurst] = []
    tries = 0
    for phase, peak in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if not free[phase, peak]:
            continue
        tries += 1
        across = slice(max(0, peak - foot), peak + foot + 1)
        first = max(0, peak - near)
        events = power[_event_times(phase, len(power), score.frame_hops), first : peak + near + 1].sum(axis=0)
        if _purity(events, peak - first) >= LEAST_PURITY:
            free[_echo_phases(phase, len(free), score.frame_hops), across] = False
            tone_hz = (first + _centroid(events, peak - first, reach=3) + 0.5 - size // 2) * bin_hz
            strength = float(score.total[phase, peak] / score.bursts[phase])
            found.append(ToneBurst(tone_hz - TONE_HZ, (phase + 0.5) * hop, strength, int(score.bursts[phase])))
        free[max(0, phase - 3) : phase + 4, across] = False
        if len(found) >= MOST_CANDIDATES or tries >= MOST_TRIES:
            break
    return [tone for tone in found if abs(tone.carrier_hz) < window.rate_hz / 2 - STOP_HZ / 4]


def _echo_phases(phase: int, phases: int, frame_hops: float) -> NDArray[np.int64]:
    """Where the same bursts line up with another part of the pattern."""
    pattern = np.array(FCCH_FRAMES)
    apart = (pattern[:, None] - pattern[None, :]).ravel()
    centres = phase + np.rint((apart[:, None] + 51 * np.arange(-1, 2)) * frame_hops).astype(np.int64).ravel()
    rows = (centres[:, None] + np.arange(-3, 4)).ravel()
    return np.unique(rows[(rows >= 0) & (rows < phases)])


def _purity(around: NDArray[np.float32], peak: int) -> float:
    """Share of the power around a tone that is the tone."""
    tone, whole = around[max(0, peak - 2) : peak + 3].sum(), around.sum()
    return float(tone / whole) if whole > 0 else 0.0


def _event_times(phase: int, times: int, frame_hops: float) -> NDArray[np.int64]:
    every = phase + np.array(_pattern_offsets(times, frame_hops))
    return every[(every >= 0) & (every < times)]


def _centroid(power: NDArray[np.float32], peak: int, *, reach: int) -> float:
    low, high = max(0, peak - reach), min(len(power), peak + reach + 1)
    near = power[low:high] - power[low:high].min()
    return float((near * np.arange(low, high)).sum() / max(float(near.sum()), 1e-30))
