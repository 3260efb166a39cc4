"""The first path of several: echoes that can be told apart taken away, and what those that cannot make of the time.

The channel is narrower than the delays of a town: paths less than a symbol apart melt into one that seems late. But
they fade one against the other, so that a burst seems early, late or tilted as no single path is. With paths in one
cluster of rms delay spread s, a burst's complex lateness has the mean square s² about their mean (for Rayleigh fading:
the derivative of the transfer function against the function itself).
"""

import numpy as np
from numpy.typing import NDArray

from dsp.gsm.equaliser import DELAYS, Complex
from dsp.gsm.slots import PER_SYMBOL
from dsp.gsm.turning import Turning

_APART = 3  # symbols: echoes so far away are others, not the same cluster
_LEAST_SHARE = 0.06  # of the strongest: −12 dB, above what a path between two whole symbols leaves elsewhere
_SURE = 4.0  # standard deviations of what noise alone does
_LEAST_BURSTS = 8
_LEAST_SPREAD = 0.01  # symbols: 37 ns; a transmitter's own filter may make as much


def others_than_first(turned: Turning) -> tuple[int, NDArray[np.bool_]]:
    """(delay of the strongest echo of the first cluster, (ECHOES,) those of other clusters)."""
    mean = (np.abs(turned.echoes) ** 2).mean(axis=0) - turned.echo_noise
    unsure = turned.echo_noise / np.sqrt(len(turned.echoes))
    real = (mean > _LEAST_SHARE * mean.max()) & (mean > _SURE * unsure)
    if not real.any():
        return 0, np.zeros(len(DELAYS), np.bool_)
    first = int(DELAYS[real][0])
    cluster = real & (first + _APART > DELAYS)
    centre = int(DELAYS[cluster][np.argmax(mean[cluster])])
    far = (centre + _APART <= DELAYS) | (centre - _APART >= DELAYS)
    return centre, far if (real & far).any() else np.zeros(len(DELAYS), np.bool_)


def without(came: Complex, sent: Complex, echoes: Complex, which: NDArray[np.bool_]) -> Complex:
    """What came less some of its echoes."""
    left = came.copy()
    for d, amplitude in zip(DELAYS[which].tolist(), echoes[:, which].T, strict=True):
        left -= amplitude[:, None] * np.roll(sent, PER_SYMBOL * d, axis=1)
    return left


def delay_spread(sent: Complex, slope: Complex, came: Complex) -> float:
    """Rms, in symbols, of one cluster of paths; 0 where none shows beyond doubt.

    Both halves of a burst come through one channel but with noise, or a neighbour, of their own: their product holds
    the channel alone.
    """
    half = sent.shape[1] // 2
    (one, away_one), (other, away_other) = (
        _complex_lateness(sent[:, part], slope[:, part], came[:, part]) for part in (slice(half), slice(half, None))
    )
    square, power = (away_one * away_other.conj()).real, (one * other.conj()).real
    whole = float(power.sum())
    if len(sent) < _LEAST_BURSTS or whole <= 0:
        return 0.0
    by_chance = float(np.sqrt((np.abs(away_one * away_other) ** 2).sum() / 2))  # were the halves independent
    found = float(square.sum())
    return float(np.sqrt(found / whole)) if found > max(_SURE * by_chance, _LEAST_SPREAD**2 * whole) else 0.0


def _complex_lateness(
    sent: Complex, slope: Complex, came: Complex
) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """(amplitude, amplitude times symbols late) of each burst; the imaginary part of the ratio is a tilt."""
    own = sent.conj()
    energy = (np.abs(sent) ** 2).sum(axis=1)
    amplitude = (own * came).sum(axis=1) / energy
    away = sent * ((own * slope).sum(axis=1) / energy)[:, None] - slope
    late = (away.conj() * came).sum(axis=1) / (np.abs(away) ** 2).sum(axis=1)
    return amplitude.astype(np.complex128), late.astype(np.complex128)
