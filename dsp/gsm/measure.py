"""How a cell arrived, from bursts whose every bit is known because they were decoded: carrier, level, noise, timing.

What was decoded is sent again, exactly, and compared with what came.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.gsm.acquire import FrameClock
from dsp.gsm.arrival import fit_line, line
from dsp.gsm.equaliser import MARGIN, SPAN, Complex
from dsp.gsm.first_path import delay_spread, others_than_first, without
from dsp.gsm.frame import BURST_BITS, SYMBOL_HZ
from dsp.gsm.resend import delayed, spectra
from dsp.gsm.scatter import FAST, SLOW
from dsp.gsm.slots import PER_SYMBOL, unit
from dsp.gsm.turning import WHITE, turning

_EDGE = 8  # symbols at both ends: nearer, the filter still rings with what was sent outside
_INSIDE = slice(MARGIN + _EDGE, MARGIN + BURST_BITS - _EDGE)


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
    """carrier_hz from the middle of the window; arrival of the start of `frame`, in samples of the block.

    The arrival is that of the first path. Where paths melt into one of rms spread s, the first is taken to lie between
    0 and s before what they seem to be, all of that equally likely.
    """

    carrier_hz: float
    carrier_sigma_hz: float
    power: float
    noise: float  # in 200 kHz
    frame: int
    frame_sample: float
    frame_sample_sigma: float
    samples_per_frame: float
    samples_per_frame_sigma: float | None  # None: too few bursts to tell
    delay_spread: float  # samples, rms, of paths too near the first to be told apart; 0 where none shows


def measure(known: KnownBursts, clock: FrameClock, carrier_hz: float) -> Measured:
    """Needs at least one burst."""
    spectrum = spectra(known.bits)
    samples = known.samples[:, ::PER_SYMBOL]  # enough: the filter passes ±125 kHz
    fit = fit_line(spectrum, samples, known.frames, _INSIDE)
    came = samples * _back(fit.turning_hz)
    sent, slope = delayed(spectrum, fit.late)
    turned = turning(sent, came, known.frames)
    centre, others = others_than_first(turned)
    first = fit
    if others.any():
        came = without(came, sent, turned.echoes, others)
        first = fit_line(spectrum, came, known.frames, _INSIDE, near=fit.late[0] + centre)
        sent, slope = delayed(spectrum, first.late)
    spread = delay_spread(sent, slope, came, _INSIDE)
    at = line(first, noise_share=0.5 * WHITE * turned.noise, reach=SLOW if spread else FAST)
    frame = round(at.middle)
    step = clock.samples_per_symbol
    late = at.late + at.rise * (frame - at.middle) - spread / 2
    return Measured(
        carrier_hz=carrier_hz + fit.turning_hz + turned.carrier_hz,
        carrier_sigma_hz=turned.carrier_sigma_hz,
        power=turned.power,
        noise=turned.noise,
        frame=frame,
        frame_sample=clock.first + clock.samples_per_frame * frame + late * step,
        frame_sample_sigma=float(np.hypot(at.late_sigma, spread / np.sqrt(12))) * step,
        samples_per_frame=clock.samples_per_frame + at.rise * step,
        samples_per_frame_sigma=None if at.rise_sigma is None else at.rise_sigma * step,
        delay_spread=spread * step,
    )


def _back(turning_hz: float) -> Complex:
    """What takes a turning out of a burst's samples: left in, it would count as noise."""
    return unit(-turning_hz / SYMBOL_HZ * (np.arange(SPAN) - SPAN / 2))
