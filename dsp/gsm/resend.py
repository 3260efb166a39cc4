"""Bursts sent again: the bits that were decoded, as they would have come through the channel filter.

One sample a symbol holds all that passes the filter, ±125 kHz.
"""

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from dsp.gsm.equaliser import MARGIN, SPAN, Complex
from dsp.gsm.frame import BURST_BITS, SYMBOL_HZ
from dsp.gsm.gmsk import phase_step
from dsp.gsm.slots import PER_SYMBOL, channel_filter, ramps, unit

_COUNT = PER_SYMBOL * SPAN
_TIMES = np.arange(_COUNT) / PER_SYMBOL - MARGIN  # symbols after the burst's start
_STEPS = phase_step(_TIMES[None, :] - np.arange(-MARGIN, SPAN - MARGIN)[:, None]).astype(np.float32)
_KEPT = np.r_[0 : SPAN // 2, _COUNT - SPAN // 2 : _COUNT]  # bins below half a cycle a symbol
CYCLES = scipy.fft.fftfreq(SPAN)  # a symbol, of each bin
_IN_ORDER = scipy.fft.ifftshift(np.arange(SPAN))  # of bins that stand lowest frequency first
_SHAPE = (channel_filter(CYCLES * SYMBOL_HZ) / PER_SYMBOL).astype(np.complex64)
_SLOPE = (2j * np.pi * CYCLES).astype(np.complex64)


def spectra(bits: NDArray[np.uint8]) -> Complex:
    """(n, 148) → (n, SPAN) of bursts from MARGIN symbols before their start.

    Ones go out between bursts (3GPP TS 45.004 §2.2); what a transmitter does there nobody can know, so the samples
    near both ends, where the filter still rings with it, are better left alone.
    """
    padded = np.ones((len(bits), SPAN + 1), np.float32)
    padded[:, MARGIN + 1 : MARGIN + 1 + BURST_BITS] = bits
    turns = 1 - 2 * np.abs(padded[:, 1:] - padded[:, :-1])
    return np.asarray(scipy.fft.fft(unit((turns @ _STEPS) / 4), axis=1)[:, _KEPT] * _SHAPE, np.complex64)


def delayed(spectrum: Complex, late: NDArray[np.float64]) -> tuple[Complex, Complex]:
    """Samples (n, SPAN), one a symbol, of bursts that are late by so many symbols, and their derivative per symbol."""
    turned = spectrum * ramps(-late / SPAN, first=-SPAN // 2, count=SPAN).take(_IN_ORDER, axis=1)
    return np.asarray(scipy.fft.ifft(turned, axis=1)), np.asarray(scipy.fft.ifft(turned * _SLOPE, axis=1))


def dot(one: Complex, other: Complex) -> Complex:
    """(n, m) and (n, m) → (n,) sums of conj(one) · other."""
    return np.asarray((one.conj()[:, None] @ other[..., None])[:, 0, 0])
