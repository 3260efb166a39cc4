"""Stations taken off a channel, so that what lies under their sidebands shows.

A broadcast is a carrier of constant envelope that a multiplex of 60 kHz moves. So it can be made again from what was
heard: its frequency, with everything above the multiplex left out, moves a new carrier, which a short filter (fitted
anew every 50 ms; reflections, fading, the receiver's own slopes) lays over what was received. What a weaker station
beside it adds to that frequency is mostly beats faster than a multiplex, so little of it is taken along; and once it
is known itself, the stronger one can be heard again without it.

Successive interference cancellation, by least squares over a whole look.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from dsp.fm.discriminator import discriminate

MULTIPLEX_HZ = (60e3, 68e3)  # kept whole, and where nothing is left
TAPS = 13  # 27 µs at 480 kS/s: reflections from 8 km behind
_FIT_SECONDS = 0.05
_LOADING = 1e-5  # of the carrier's power: taps that nothing needs stay small

Samples = NDArray[np.complex64]


def take_off(
    channel: Samples, rate_hz: float, carriers_hz: Sequence[float], widths_hz: Sequence[float], *, rounds: int = 1
) -> list[Samples]:
    """What each of the carriers put into the channel, in their order; the strongest should come first.

    channel    : (n,) with all of them in it
    carriers_hz: against the middle of the channel. widths_hz: half the band that is each one's own
    rounds     : in each, every carrier is heard again without the others as they were known last
    """
    found = [np.zeros(0, np.complex64)] * len(carriers_hz)
    rest = channel
    for turn in range(rounds):
        for i, (carrier_hz, half_hz) in enumerate(zip(carriers_hz, widths_hz, strict=True)):
            if turn:
                rest = rest + found[i]
            found[i] = fitted(rest, _made(rest, rate_hz, carrier_hz, half_hz), rate_hz)
            rest = rest - found[i]
    return found


def _made(rest: Samples, rate_hz: float, carrier_hz: float, half_hz: float) -> Samples:
    """Twice: reflections bend what a discriminator hears, so they are straightened by the first attempt."""
    first = made_again(rest, rate_hz, carrier_hz, half_hz)
    return made_again(fitted(first, rest, rate_hz), rate_hz, carrier_hz, half_hz)


def made_again(channel: Samples, rate_hz: float, carrier_hz: float, half_hz: float) -> Samples:
    """(n,) a carrier of constant envelope that moves as this one does. half_hz: of the band that is its own."""
    turn = np.exp(-2j * np.pi * carrier_hz / rate_hz * np.arange(len(channel))).astype(np.complex64)
    own = _kept(channel * turn, rate_hz, half_hz)
    moved_hz = _below(discriminate(own, rate_hz), rate_hz)
    turns = np.concatenate([[0.0], np.cumsum(moved_hz, dtype=np.float64)]) / rate_hz
    angle = (2 * np.pi * (turns - np.round(turns))).astype(np.float32)
    made = np.empty(len(channel), np.complex64)
    made.real, made.imag = np.cos(angle), np.sin(angle)
    return np.asarray(made * np.conj(turn))


def fitted(channel: Samples, carrier: Samples, rate_hz: float) -> Samples:
    """(n,) `carrier` through the short filter that lays it over the channel, stretch by stretch."""
    half, size = TAPS // 2, max(1, round(_FIT_SECONDS * rate_hz))
    padded = np.concatenate([np.zeros(half, np.complex64), carrier, np.zeros(half, np.complex64)])
    late = np.lib.stride_tricks.sliding_window_view(padded, TAPS)
    out = np.empty(len(channel), np.complex64)
    edges = range(0, max(len(channel) - size // 2, 1), size)  # a short end belongs to the stretch before it
    for first, last in zip(edges, [*edges[1:], len(channel)], strict=True):
        part = np.ascontiguousarray(late[first:last])
        square = part.conj().T @ part
        square += np.eye(TAPS, dtype=np.complex64) * np.float32(_LOADING * (last - first))
        out[first:last] = part @ np.linalg.solve(square, part.conj().T @ channel[first:last])
    return out


def _kept(samples: Samples, rate_hz: float, half_hz: float) -> Samples:
    size = int(fft.next_fast_len(len(samples) + 64))
    kept = fft.ifft(fft.fft(samples, size) * _band(size, rate_hz, half_hz, 1.35 * half_hz))
    return np.asarray(kept[: len(samples)], np.complex64)


def _below(moved_hz: NDArray[np.float32], rate_hz: float) -> NDArray[np.float32]:
    size = 2 * int(fft.next_fast_len(len(moved_hz) // 2 + 64, real=True))
    kept = fft.rfft(moved_hz, size) * _band(size, rate_hz, *MULTIPLEX_HZ)[: size // 2 + 1]
    return np.asarray(fft.irfft(kept, size)[: len(moved_hz)], np.float32)


@lru_cache(maxsize=8)
def _band(size: int, rate_hz: float, pass_hz: float, stop_hz: float) -> NDArray[np.float32]:
    """(size,) weights by the order of the FFT: 1 up to pass_hz on either side, 0 from stop_hz on."""
    beyond = (np.abs(np.fft.fftfreq(size, 1 / rate_hz)) - pass_hz) / (stop_hz - pass_hz)
    return np.asarray(0.5 + 0.5 * np.cos(np.pi * np.clip(beyond, 0, 1)), np.float32)
