"""From the samples of bursts to soft bits: channel from the training sequence, matched filter, trellis.

A burst is modelled as Σ_k b_k jᵏ Σ_d c_d p(t − k − ½ − d): p the filtered main pulse, c the echoes at whole symbols
(enough for any delay, for the channel is narrower than the symbol rate). How strongly each echo arrives is learned
from all bursts of a cell and weighs the estimate of each one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.gsm.frame import SYMBOL_HZ
from dsp.gsm.gmsk import main_pulse
from dsp.gsm.slots import PER_SYMBOL, Window, cut
from dsp.gsm.trellis import soft_bits

Complex = NDArray[np.complex64]
MARGIN = 10  # symbols cut before the burst and after it
SPAN = 148 + 2 * MARGIN
FIRST_ECHO, ECHOES = -2, 9  # delays of −2…6 symbols
DELAYS = np.arange(FIRST_ECHO, FIRST_ECHO + ECHOES)
NOISE_BANDWIDTH_HZ = 200e3  # of channel_filter
MEMORY = 4  # symbols the trellis looks back: 16 states
_REACH = 6  # half-symbols of the pulse either side of its centre


def _filtered_pulse() -> NDArray[np.float64]:
    rate_hz = 8 * SYMBOL_HZ
    t = np.arange(-512, 512) / 8
    centre = 512.0
    row = cut(
        Window(main_pulse(t).astype(np.complex64), rate_hz),
        carrier_hz=0.0,
        starts=np.array([centre - _REACH * 4.0]),
        symbols=_REACH + 0.5,
    )
    return np.asarray(row[0].real, np.float64)


PULSE = _filtered_pulse()  # (13,) at half symbols
# correlation of the pulse with itself at whole symbols −R…R
_AUTO_REACH = ECHOES + 8
AUTOCORRELATION = np.array(
    [
        float(np.correlate(np.pad(PULSE, 80), np.pad(np.roll(np.pad(PULSE, 40), 2 * m), 40), "valid")[0])
        for m in range(-_AUTO_REACH, _AUTO_REACH + 1)
    ]
)
QUARTER_TURNS = np.array([1, 1j, -1, -1j], np.complex64)[np.arange(-16, 180) % 4]  # jᵏ from k = −16


def quarter_turn(k: NDArray[np.int64]) -> Complex:
    return QUARTER_TURNS[k + 16]


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """The linear model around one training sequence: rows of samples, and what known and unknown bits do there."""

    rows: slice
    known: Complex  # (rows, ECHOES)
    unknown: Complex  # (unknown bits, rows, ECHOES)


def _shifts(rows: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    """(rows, ECHOES) the pulse of bit k at every echo."""
    place = rows[:, None] - (PER_SYMBOL * (MARGIN + k + DELAYS[None, :]) + 1) + _REACH
    inside = (place >= 0) & (place < len(PULSE))
    return np.where(inside, PULSE[np.clip(place, 0, len(PULSE) - 1)], 0.0)


def training_model(known: NDArray[np.int8], first: int, count: int) -> Training:
    """Model over the training bits first…first+count−1 of a burst whose known symbols are `known` (148,)."""
    rows = np.arange(PER_SYMBOL * (MARGIN + first - 1), PER_SYMBOL * (MARGIN + first + count + 1))
    total = np.zeros((len(rows), ECHOES), np.complex128)
    unknown = []
    for k in range(first - 10, first + count + 6):
        part = _shifts(rows, k)
        if first <= k < first + count:
            total += part * known[k] * 1j ** (k % 4)
        elif part.any():
            unknown.append(part)
    return Training(slice(int(rows[0]), int(rows[-1]) + 1), total.astype(np.complex64), np.array(unknown, np.complex64))


def estimator(training: Training, covariance: NDArray[np.complex128], noise: float) -> Complex:
    """(ECHOES, rows) the linear estimate of the echoes with least mean square error.

    covariance : (ECHOES, ECHOES) of the echoes; noise : per sample, as if white over all of the sampled band.
    """
    known, unknown = training.known.astype(np.complex128), training.unknown.astype(np.complex128)
    disturbance = np.einsum("krd,de,kse->rs", unknown, covariance, unknown.conj(), optimize=True)
    total = known @ covariance @ known.conj().T + disturbance + noise * np.eye(len(known))
    return np.asarray(np.linalg.solve(total, known @ covariance).conj().T, np.complex64)


def matched_filter(samples: Complex, echoes: Complex) -> NDArray[np.float32]:
    """(bursts, 2·SPAN) and (bursts, ECHOES) → (bursts, 148) real outputs, each symbol's quarter turns taken back."""
    count = 148 + ECHOES - 1
    origin = PER_SYMBOL * (MARGIN + FIRST_ECHO) + 1 - _REACH
    pulse_out = np.zeros((len(samples), count), np.complex64)
    for n, tap in enumerate(PULSE.astype(np.float32)):
        pulse_out += tap * samples[:, origin + n : origin + n + 2 * count : 2]
    out = np.zeros((len(samples), 148), np.complex64)
    for d in range(ECHOES):
        out += echoes[:, d, None].conj() * pulse_out[:, d : d + 148]
    return np.asarray((out * quarter_turn(np.arange(148)).conj()).real)


def channel_memory(echoes: Complex, length: int) -> NDArray[np.float32]:
    """(bursts, length + 1) what a symbol leaks into those 0…length later, quarter turns taken back."""
    difference = DELAYS[:, None] - DELAYS[None, :]
    lags = np.arange(length + 1)
    kernel = AUTOCORRELATION[difference[None] + lags[:, None, None] + _AUTO_REACH]  # (lags, d, d')
    kernel = kernel * (1j ** (-lags % 4))[:, None, None]
    pairs = echoes.conj()[:, :, None] * echoes[:, None, :]
    return np.asarray(np.einsum("bde,lde->bl", pairs, kernel.astype(np.complex64), optimize=True).real)


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """Bursts ready for the trellis, in units of log-likelihood: those of many cells can go through it together."""

    output: NDArray[np.float32]  # (bursts, 148)
    memory: NDArray[np.float32]  # (bursts, MEMORY)
    known: NDArray[np.int8]  # (bursts, 148)


def match(samples: Complex, echoes: Complex, *, noise: float, known: NDArray[np.int8]) -> Matched:
    """known : (148,) the bits that are known beforehand."""
    scale = np.float32(1 / noise)
    leak = np.ascontiguousarray(channel_memory(echoes, MEMORY)[:, 1:] * scale)
    return Matched(matched_filter(samples, echoes) * scale, leak, np.broadcast_to(known, (len(samples), 148)))


def equalise(every: Sequence[Matched]) -> list[NDArray[np.float32]]:
    """Soft bits (bursts, 148) of each, in log-likelihood."""
    if not every:
        return []
    output, memory, known = (np.concatenate([getattr(m, name) for m in every]) for name in Matched.__slots__)
    ends = np.cumsum([len(each.output) for each in every])[:-1]
    return list(np.split(soft_bits(output, memory, known), ends))
