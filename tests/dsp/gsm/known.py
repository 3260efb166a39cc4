"""Bursts of known bits as they pass the channel filter, for entering at the measurement: noise and echoes added."""

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from dsp.gsm.acquire import FrameClock
from dsp.gsm.equaliser import MARGIN, SPAN
from dsp.gsm.frame import FRAME_SYMBOLS, SYMBOL_HZ
from dsp.gsm.gmsk import modulate
from dsp.gsm.measure import KnownBursts
from dsp.gsm.slots import channel_filter
from dsp.gsm.training import NORMAL_KNOWN, SYNC_KNOWN

CLOCK = FrameClock(1000.0, FRAME_SYMBOLS * 4.0)  # the receiver takes four samples a symbol
STEP_NS = 1e9 / (4 * SYMBOL_HZ)
_FINE = 4  # samples a symbol sent


def frames_of(seconds: float) -> NDArray[np.int64]:
    """Frames of time slot 0 with a synchronisation burst or a block, of a cell without dedicated channels there."""
    every = np.arange(int(seconds * SYMBOL_HZ / FRAME_SYMBOLS))
    return np.asarray(every[(every % 51 % 10 != 0) & (every % 51 != 50)], np.int64)


def random_bits(frames: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.uint8]:
    bits = rng.integers(0, 2, (len(frames), 148), np.uint8)
    known = np.where((frames % 51 % 10 == 1)[:, None], SYNC_KNOWN, NORMAL_KNOWN[3])
    return np.asarray(np.where(known == 0, bits, known < 0), np.uint8)


def came(
    rng: np.random.Generator,
    *,
    seconds: float = 1.0,
    eb_n0_db: float | None = None,
    late_symbols: float = 0.0,
    rise: float = 0.0,
    turn_hz: float = 0.0,
    taps: NDArray[np.complex128] | None = None,
    delays: tuple[float, ...] = (0.0,),
) -> KnownBursts:
    """Bursts by CLOCK of a carrier of power 1, each with a phase of its own.

    late_symbols, rise : at frame 0, and by how much more each frame; taps : (n, echoes) amplitudes at `delays` symbols.
    """
    frames = frames_of(seconds)
    frames = frames if taps is None else frames[: len(taps)]
    bits = random_bits(frames, rng)
    late = late_symbols + rise * frames
    if taps is None:
        taps = np.exp(2j * np.pi * rng.random((len(frames), 1)))
    guard = 24  # symbols: the filter rings
    t = np.arange(-MARGIN - guard, SPAN - MARGIN + guard, 1 / _FINE)
    cycles = scipy.fft.fftfreq(len(t), 1 / _FINE)
    padded = np.pad(bits, ((0, 0), (40, 40)), constant_values=1)
    sent = scipy.fft.fft(modulate(padded, t + 40), axis=1)
    turns = cycles[None, :] * (late[:, None, None] + np.array(delays)[None, :, None])
    spectrum = sent * (taps[:, :, None] * np.exp(-2j * np.pi * turns)).sum(axis=1)
    if eb_n0_db is not None:
        noise = rng.standard_normal((*spectrum.shape, 2)) @ np.array([1, 1j])
        spectrum = spectrum + noise * np.sqrt(_FINE * len(t) * 10 ** (-eb_n0_db / 10) / 2)
    wide = scipy.fft.ifft(spectrum, axis=1) * np.exp(2j * np.pi * turn_hz * t / SYMBOL_HZ)
    through = scipy.fft.ifft(scipy.fft.fft(wide, axis=1) * channel_filter(cycles * SYMBOL_HZ), axis=1)
    rows = through[:, _FINE * guard : _FINE * (guard + SPAN) : _FINE // 2]
    return KnownBursts(frames, rows.astype(np.complex64), bits)
