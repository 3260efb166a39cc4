"""From a suspected tone burst to a frame clock: synchronisation bursts found, aligned and read.

The 64 training bits of the burst one frame after each frequency burst tell where it lies; a straight line through
all of them gives the transmitter's symbol clock by the receiver's; the frequency bursts then give the carrier.
"""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from dsp.gsm.equaliser import MARGIN, PULSE, SPAN, Complex
from dsp.gsm.fcch import ToneBurst
from dsp.gsm.frame import BURST_BITS, FCCH_FRAMES, FRAME_SYMBOLS, SYMBOL_HZ, TONE_HZ
from dsp.gsm.slots import PER_SYMBOL, Window, cut
from dsp.gsm.training import SYNC_FIRST, SYNC_TRAINING

SEARCH_SYMBOLS = 120  # either side of where the tone burst suggests
MOST_CLOCK_ERROR = 150e-6
_CLOCK_STEP = 5e-6


@dataclass(frozen=True, slots=True)
class FrameClock:
    """Frame n begins at sample first + n · samples_per_frame; n counts from any frame."""

    first: float
    samples_per_frame: float

    def starts(self, frames: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.asarray(self.first + self.samples_per_frame * frames, np.float64)

    @property
    def samples_per_symbol(self) -> float:
        return self.samples_per_frame / FRAME_SYMBOLS

    def whole_bursts(self, samples: int) -> NDArray[np.int64]:
        """Frames whose time slot 0 lies inside the recording."""
        low = int(np.ceil(-self.first / self.samples_per_frame))
        high = int(np.floor((samples - BURST_BITS * self.samples_per_symbol - self.first) / self.samples_per_frame))
        return np.arange(low, high + 1)


def pattern_frames(clock: FrameClock, samples: int) -> NDArray[np.int64]:
    """Frames with a synchronisation burst, when frame −1 begins a 51-multiframe."""
    frames = clock.whole_bursts(samples)
    return frames[np.isin((frames + 1) % 51, np.array(FCCH_FRAMES) + 1)]


def align(window: Window, tone: ToneBurst) -> FrameClock:
    """The clock whose frame 0 is the one after the tone burst, that lines the synchronisation bursts up best."""
    spf = FRAME_SYMBOLS * window.samples_per_symbol
    rough = FrameClock(tone.first_sample + spf, spf)
    frames = pattern_frames(rough, len(window.samples))
    if not len(frames):
        return rough
    lead = SEARCH_SYMBOLS
    rows = cut(
        window,
        carrier_hz=tone.carrier_hz,
        starts=rough.starts(frames) - lead * window.samples_per_symbol,
        symbols=BURST_BITS + 2.0 * SEARCH_SYMBOLS,
    )
    power = _training_power(rows, 2 * PER_SYMBOL * SEARCH_SYMBOLS)
    lag, clock_error = _best_line(power, frames)
    step = window.samples_per_symbol / PER_SYMBOL
    offset = (lag - PER_SYMBOL * SEARCH_SYMBOLS) * step
    return FrameClock(rough.first + offset, spf * (1 + clock_error))


def _sync_reference() -> Complex:
    """The training sequence at half symbols from the start of its first bit."""
    out = np.zeros(PER_SYMBOL * (len(SYNC_TRAINING) + 1) + len(PULSE), np.complex64)
    for k, bit in enumerate(SYNC_TRAINING.tolist()):
        out[2 * k + 1 : 2 * k + 1 + len(PULSE)] += (1 - 2 * bit) * 1j ** (k % 4) * PULSE
    return out


_REFERENCE = _sync_reference()
_REFERENCE_LEAD = len(PULSE) // 2  # its first sample lies this many half symbols before the first bit


def _training_power(rows: Complex, lags: int) -> NDArray[np.float32]:
    """(bursts, lags) squared correlation over the power under it; lag 0 = burst begins at the row's start."""
    first = PER_SYMBOL * SYNC_FIRST - _REFERENCE_LEAD
    size = scipy.fft.next_fast_len(rows.shape[1] + len(_REFERENCE))
    product = scipy.fft.fft(rows, size, axis=1) * scipy.fft.fft(_REFERENCE, size).conj()
    correlation = scipy.fft.ifft(product, axis=1)[:, first : first + lags]
    energy = np.cumsum(np.abs(np.pad(rows, ((0, 0), (1, len(_REFERENCE))))) ** 2, axis=1)
    under = energy[:, first + len(_REFERENCE) :][:, :lags] - energy[:, first:][:, :lags]
    return np.asarray(np.abs(correlation) ** 2 / np.maximum(under, under.max(initial=0) * 1e-3 + 1e-30), np.float32)


def _best_line(power: NDArray[np.float32], frames: NDArray[np.int64]) -> tuple[float, float]:
    """Lag at frame 0 and clock error of the line with most power under it."""
    half_symbols = frames * (FRAME_SYMBOLS * PER_SYMBOL)
    step = max(_CLOCK_STEP, 0.5 / (float(np.ptp(half_symbols)) + 1))
    errors = np.arange(-MOST_CLOCK_ERROR, MOST_CLOCK_ERROR + step / 2, step)
    middle = float(half_symbols.mean())
    shifts = np.rint((half_symbols - middle) * errors[:, None]).astype(np.int64)  # (errors, bursts)
    reach = int(np.abs(shifts).max())
    views = np.lib.stride_tricks.sliding_window_view(np.pad(power, ((0, 0), (reach, reach))), power.shape[1], axis=1)
    total = sum(views[burst, shifts[:, burst] + reach] for burst in range(len(power)))
    best, lag = np.unravel_index(int(np.argmax(total)), (len(errors), power.shape[1]))
    return float(lag - middle * errors[best]), float(errors[best])


@dataclass(frozen=True, slots=True)
class Lock:
    """What is needed to cut a cell's bursts: its clock, and its carrier from the middle of the window."""

    clock: FrameClock
    carrier_hz: float


def lock(window: Window, tone: ToneBurst) -> Lock:
    clock = align(window, tone)
    before = pattern_frames(clock, len(window.samples)) - 1
    tones = before[clock.starts(before) >= 0]
    if not len(tones):
        return Lock(clock, tone.carrier_hz)
    return Lock(clock, tone_frequency(window, clock, tone.carrier_hz, tones))


def slot_bursts(window: Window, to: Lock, frames: NDArray[np.int64]) -> Complex:
    """Bursts of time slot 0 with margins, as the equaliser wants them."""
    return cut(
        window,
        carrier_hz=to.carrier_hz,
        starts=to.clock.starts(frames) - MARGIN * to.clock.samples_per_symbol,
        symbols=SPAN,
        samples_per_symbol=to.clock.samples_per_symbol,
    )


def tone_frequency(window: Window, clock: FrameClock, carrier_hz: float, frames: NDArray[np.int64]) -> float:
    """The carrier by the frequency bursts in `frames`, all their spectra added up."""
    symbols = BURST_BITS - 8
    rows = cut(
        window,
        carrier_hz=carrier_hz,
        starts=clock.starts(frames) + 4 * clock.samples_per_symbol,
        symbols=symbols,
        samples_per_symbol=clock.samples_per_symbol,
    )
    size = 2048
    spectrum = (np.abs(scipy.fft.fft(rows, size, axis=1)) ** 2).sum(axis=0)
    bin_hz = PER_SYMBOL * SYMBOL_HZ / size
    centre = round(TONE_HZ / bin_hz)
    reach = round(15e3 / bin_hz)
    near = spectrum[centre - reach : centre + reach + 1]
    peak = int(np.clip(near.argmax(), 1, len(near) - 2))
    left, mid, right = (float(near[peak + k]) for k in (-1, 0, 1))
    curve = left - 2 * mid + right
    fraction = 0.5 * (left - right) / curve if curve < 0 else 0.0
    return carrier_hz + (centre - reach + peak + fraction) * bin_hz - TONE_HZ
