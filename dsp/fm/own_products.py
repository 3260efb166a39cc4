"""Stations that the receiver made of others: third-order products, told by what they carry and not by where they lie.

A product a + b − c carries the phases of its makers, φa + φb − φc, sample by sample: multiplied from the makers' own
channels it stays in step with what was received, and with nothing that anybody transmitted. Where I and Q are clipped
each by itself there is also −(a + b + c). A pirate who by chance sits on such a frequency is out of step and stays.
(Three stations of one programme would be in step only if their carriers were locked to within 5 Hz as well.)
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from dsp.channelise import channelise
from dsp.fm.look import FmReception
from dsp.iq import IqBlock

LEAST_IN_STEP = 0.5  # of the power in the channel
_WEAKER_DB = 3.0  # than each of its makers: else a maker could be taken for a product of its own products
_STRONGER_DB = 8.0  # the strongest of its makers, at least
_REACH_HZ = 150e3  # a product of three is three times as wide, and may fall into several lumps
_GLANCE_S = 0.008  # 1,600 independent values in the channel: chance explains less than 1 % of it …
_SECONDS = 0.1  # … and what stations in a pause have in common parts within so long
_CHANNEL_HZ, _PASS_HZ, _STOP_HZ = 480e3, 100e3, 140e3
_MOST_MAKERS, _MOST_RECIPES = 8, 12  # the strongest of the window, and the nearest products of a lump
_LEAST_SAMPLES = 1000


@dataclass(frozen=True, slots=True)
class _Recipe:
    """makers: indices; `conjugated`: −(a + b + c), else a + b − c. away_hz: how far from the lump it falls."""

    makers: tuple[int, int, int]
    conjugated: bool
    away_hz: float


def products_of_others(block: IqBlock, receptions: Sequence[FmReception]) -> frozenset[int]:
    """Indices of those that are mostly products of stronger ones of the window."""
    offsets_hz = [each.carrier.freq_hz - block.centre_hz for each in receptions]
    recipes = {index: _recipes(index, receptions, offsets_hz, block.rate_hz) for index in range(len(receptions))}
    left = {index: found for index, found in recipes.items() if found}
    for seconds in (_GLANCE_S, _SECONDS):
        shares = _shares(block, seconds, offsets_hz, left)
        left = {index: left[index] for index, share in shares.items() if share >= LEAST_IN_STEP}
    return frozenset(left)


def _shares(
    block: IqBlock, seconds: float, offsets_hz: Sequence[float], recipes: Mapping[int, Sequence[_Recipe]]
) -> dict[int, float]:
    """How much of each is in step with its recipes over the first of the block; empty where that is too little."""
    samples = block.samples[: round(seconds * block.rate_hz)]
    if not recipes or block.rate_hz < _CHANNEL_HZ or len(samples) < _LEAST_SAMPLES:
        return {}
    used = sorted(set(recipes) | {maker for found in recipes.values() for each in found for maker in each.makers})
    channels = channelise(
        samples,
        block.rate_hz,
        offsets_hz=[offsets_hz[index] for index in used],
        out_rate_hz=_CHANNEL_HZ,
        pass_hz=_PASS_HZ,
        stop_hz=_STOP_HZ,
    )
    rows = dict(zip(used, channels.samples, strict=True))
    return {
        weak: _in_step(rows[weak], [_made(each, rows, channels.rate_hz) for each in found])
        for weak, found in recipes.items()
    }


def _recipes(
    weak: int, receptions: Sequence[FmReception], offsets_hz: Sequence[float], rate_hz: float
) -> tuple[_Recipe, ...]:
    """What could make it, by level and by frequency, the nearest first. Behind the converter products fold."""
    least_db = receptions[weak].carrier.cnr_db + _WEAKER_DB
    strong = [index for index, each in enumerate(receptions) if each.carrier.cnr_db >= least_db]
    strong = sorted(strong, key=lambda index: -receptions[index].carrier.cnr_db)[:_MOST_MAKERS]
    if not strong or receptions[strong[0]].carrier.cnr_db < receptions[weak].carrier.cnr_db + _STRONGER_DB:
        return ()
    products = (
        _Recipe(makers, conjugated, (at_hz - offsets_hz[weak] + rate_hz / 2) % rate_hz - rate_hz / 2)
        for makers, conjugated, at_hz in _products(strong, offsets_hz)
    )
    near = (each for each in products if abs(each.away_hz) <= _REACH_HZ)
    return tuple(sorted(near, key=lambda each: abs(each.away_hz))[:_MOST_RECIPES])


def _products(strong: Sequence[int], offsets_hz: Sequence[float]) -> Iterator[tuple[tuple[int, int, int], bool, float]]:
    """Makers, whether conjugated, and where from the window's middle."""
    for a, b in itertools.combinations_with_replacement(strong, 2):
        for c in strong:
            if c not in (a, b):
                yield (a, b, c), False, offsets_hz[a] + offsets_hz[b] - offsets_hz[c]
    for a, b, c in itertools.combinations_with_replacement(strong, 3):
        yield (a, b, c), True, -offsets_hz[a] - offsets_hz[b] - offsets_hz[c]


def _made(recipe: _Recipe, rows: Mapping[int, NDArray[np.complex64]], rate_hz: float) -> NDArray[np.complex64]:
    """The product of the makers' channels, as much as falls into the lump's own channel."""
    a, b, c = (rows[index] for index in recipe.makers)
    made = np.conj(a * b * c) if recipe.conjugated else a * b * np.conj(c)
    turn = np.exp(2j * np.pi * recipe.away_hz / rate_hz * np.arange(len(made))).astype(np.complex64)
    bins = fft.fft(made * turn)
    bins[np.abs(fft.fftfreq(len(made), 1 / rate_hz)) > (_PASS_HZ + _STOP_HZ) / 2] = 0
    return np.asarray(fft.ifft(bins), np.complex64)


def _in_step(own: NDArray[np.complex64], made: Sequence[NDArray[np.complex64]]) -> float:
    """Share of the channel's power that some sum of the products explains."""
    basis, _ = np.linalg.qr(np.stack([each / max(float(np.linalg.norm(each)), 1e-30) for each in made], axis=1))
    explained = float(np.sum(np.abs(basis.conj().T @ own) ** 2))
    return explained / max(float(np.vdot(own, own).real), 1e-30)
