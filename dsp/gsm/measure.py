"""How a cell arrived, from bursts whose every bit is known because they were decoded: carrier, level, noise, timing.

What was decoded is sent again, exactly, and compared with what came.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.gsm.acquire import FrameClock
from dsp.gsm.arrival import fit_line, line
from dsp.gsm.equaliser import MARGIN, SPAN, Complex
from dsp.gsm.frame import BURST_BITS, SYMBOL_HZ
from dsp.gsm.resend import delayed, spectra
from dsp.gsm.slots import PER_SYMBOL, unit
from dsp.gsm.turning import WHITE, turning

_EDGE = 8  # symbols at both ends: nearer, the filter still rings with what was sent outside
_INSIDE = slice(PER_SYMBOL * (MARGIN + _EDGE), PER_SYMBOL * (MARGIN + BURST_BITS - _EDGE))


@dataclass(frozen=True, slots=True, eq=False)
class KnownBursts:
    """frames : (n,) by the cell's clock; samples : (n, 2·SPAN); bits : (n, 148)."""

    frames: NDArray[np.int64]
    samples: Complex
    bits: NDArray[np.uint8]

    def with_more(self, more: "KnownBursts") -> "KnownBursts":
        return KnownBursts(
            np.concatenate([self.frames, more.frames]),
            np.concatenate([self.samples, more.samples]),
            np.concatenate([self.bits, more.bits]),
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """carrier_hz from the middle of the window; arrival of the start of `frame`, in samples of the block."""

    carrier_hz: float
    carrier_sigma_hz: float
    power: float
    noise: float  # in 200 kHz
    frame: int
    frame_sample: float
    frame_sample_sigma: float
    samples_per_frame: float
    samples_per_frame_sigma: float | None  # None: too few bursts to tell


def measure(known: KnownBursts, clock: FrameClock, carrier_hz: float) -> Measured:
    """Needs at least one burst."""
    spectrum = spectra(known.bits)
    fit = fit_line(spectrum, known.samples, known.frames, _INSIDE)
    sent, _ = delayed(spectrum, fit.late)
    turned = turning(sent, known.samples * _back(fit.turning_hz), known.frames)
    came = line(fit, noise_share=0.5 * WHITE * turned.noise)
    frame = round(came.middle)
    step = clock.samples_per_symbol
    at_frame = came.late + came.rise * (frame - came.middle)
    return Measured(
        carrier_hz=carrier_hz + fit.turning_hz + turned.carrier_hz,
        carrier_sigma_hz=turned.carrier_sigma_hz,
        power=turned.power,
        noise=turned.noise,
        frame=frame,
        frame_sample=clock.first + clock.samples_per_frame * frame + at_frame * step,
        frame_sample_sigma=came.late_sigma * step,
        samples_per_frame=clock.samples_per_frame + came.rise * step,
        samples_per_frame_sigma=None if came.rise_sigma is None else came.rise_sigma * step,
    )


def _back(turning_hz: float) -> Complex:
    """What takes a turning out of a burst's samples: left in, it would count as noise."""
    return unit(-turning_hz / (PER_SYMBOL * SYMBOL_HZ) * (np.arange(PER_SYMBOL * SPAN) - PER_SYMBOL * SPAN / 2))
