"""The carrier and the strength of bursts of known bits, through whatever echoes each of them came."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.gsm.equaliser import DELAYS, ECHOES, MARGIN, NOISE_BANDWIDTH_HZ, Complex
from dsp.gsm.frame import BURST_BITS, SYMBOL_HZ
from dsp.gsm.resend import dot
from dsp.gsm.scatter import variance_of_sum

_ROWS = slice(MARGIN + 9, MARGIN + BURST_BITS - 5)  # rows all echoes reach
_RIDGE = 3e-6  # of a burst's energy: echoes where the signal has no power are none
WHITE = SYMBOL_HZ / NOISE_BANDWIDTH_HZ  # noise as if white over the sampled band, over what passes
_MODEL_HZ = 0.03  # what the estimate of the carrier is off by without any noise


@dataclass(frozen=True, slots=True, eq=False)
class Turning:
    """carrier_hz : still missing; power : of the carrier before the filter; noise : after it.

    echoes : (n, ECHOES) amplitudes at whole symbols of DELAYS after what was sent; echo_noise : (ECHOES,) their mean
    square by noise alone.
    """

    carrier_hz: float
    carrier_sigma_hz: float
    power: float
    noise: float
    echoes: Complex
    echo_noise: NDArray[np.float64]


def turning(sent: Complex, came: Complex, frames: NDArray[np.int64]) -> Turning:
    """sent, came : (n, SPAN), one sample a symbol."""
    columns = _at_delays(sent)
    came = np.ascontiguousarray(came[:, _ROWS])
    across = columns.conj()
    gram = across @ columns.transpose(0, 2, 1)  # (n, ECHOES, ECHOES)
    gram += np.eye(ECHOES, dtype=np.complex64) * np.float32(_RIDGE * gram[:, 0, 0].real.mean())
    inverse = np.linalg.inv(gram)
    echoes = (inverse @ (across @ came[..., None]))[..., 0]
    expected = (echoes[:, None] @ columns)[:, 0]
    power, noise = _strengths(expected, came, own=_mean_square(sent[:, _ROWS]))
    t = ((np.arange(expected.shape[1]) - (expected.shape[1] - 1) / 2) / SYMBOL_HZ).astype(np.float32)
    turned = (2j * np.pi * t).astype(np.complex64) * expected
    as_echoes = (inverse @ (across @ turned[..., None]))[..., 0]
    turned -= (as_echoes[:, None] @ columns)[:, 0]  # echoes cannot do this
    score = dot(turned, came).real.astype(np.float64)
    information = dot(turned, turned).real.astype(np.float64)
    whole = float(information.sum())
    carrier_hz = float(score.sum()) / whole
    echo_noise = noise * WHITE * np.diagonal(inverse, axis1=1, axis2=2).real.mean(axis=0).astype(np.float64)
    by_noise = np.array([[0.5 * noise * WHITE * whole]])
    variance = variance_of_sum(frames, (score - information * carrier_hz)[:, None], by_noise, fitted=1)
    sigma = float(np.sqrt(variance[0, 0])) / whole
    return Turning(carrier_hz, float(np.hypot(sigma, _MODEL_HZ)), power, noise, echoes, echo_noise)


def _at_delays(sent: Complex) -> Complex:
    """(n, ECHOES, rows) what was sent, at each of DELAYS."""
    every = np.lib.stride_tricks.sliding_window_view(sent, _ROWS.stop - _ROWS.start, axis=1)
    return np.ascontiguousarray(every[:, _ROWS.start - DELAYS[-1] : _ROWS.start - DELAYS[0] + 1][:, ::-1])


def _strengths(expected: Complex, came: Complex, *, own: float) -> tuple[float, float]:
    """(power before the filter, noise after it). own : what the filter leaves of a carrier of power 1."""
    count = expected.shape[1]
    rest = _mean_square(came - expected)
    noise = max(rest * count / (count - WHITE * ECHOES), 1e-12)
    heard = _mean_square(expected)
    return max(heard - noise * ECHOES * WHITE / count, 1e-3 * heard) / own, noise


def _mean_square(samples: Complex) -> float:
    return float(dot(samples, samples).real.mean() / samples.shape[1])
