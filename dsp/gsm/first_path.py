"""The first path of several: echoes that can be told apart taken away, and what those that cannot make of the time.

The channel is narrower than the delays of a town: paths less than a symbol apart melt into one that seems late. But
they fade one against the other, so that a burst seems early, late or tilted as no single path is. With paths in one
cluster of rms delay spread s, a burst's complex lateness has the mean square s² about their mean (for Rayleigh fading:
the derivative of the transfer function against the function itself).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.gsm.equaliser import DELAYS, Complex
from dsp.gsm.resend import dot
from dsp.gsm.turning import Turning

_APART = 3  # symbols: echoes so far away are others, not the same cluster
_LEAST_SHARE = 0.06  # of the strongest: −12 dB, above what a path between two whole symbols leaves elsewhere
_SURE = 4.0  # standard deviations of what noise alone does
_BESIDE = 6.0  # times what shows where no path can be: a channel cut by the window's edge holds 4 times that
_LEAST_BURSTS = 8
_NO_PATH = (-4, -6)  # symbols from the first path
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
        left -= amplitude[:, None] * np.roll(sent, d, axis=1)
    return left


def delay_spread(sent: Complex, slope: Complex, came: Complex, rows: slice) -> float:
    """Rms, in symbols, of one cluster of paths; 0 where none shows beyond doubt.

    sent, slope, came : (n, SPAN), one sample a symbol; rows : those to be used. Both halves of a burst come through
    one channel but with noise of their own: their product holds the channel alone. A neighbour whose dummy bursts are
    the same every time shows in it as well, but then it shows no less where no path can be, before the first.
    """
    one, other = (_Half.of(sent[:, part], slope[:, part], came[:, part]) for part in _halves(rows))
    power = float((one.amplitude * other.amplitude.conj()).real.sum())
    if len(sent) < _LEAST_BURSTS or power <= 0:
        return 0.0
    found, by_chance = _product(one.late, other.late)
    nowhere = []
    for shift in _NO_PATH:
        at = [slice(part.start - shift, part.stop - shift) for part in _halves(rows)]
        nowhere.append(
            _product(*(h.late_at(sent[:, p], slope[:, p]) for h, p in zip((one, other), at, strict=True)))[0]
        )
    beside = max(0.0, *nowhere)
    floor = max(_SURE * by_chance, _BESIDE * beside, _LEAST_SPREAD**2 * power)
    return float(np.sqrt((found - beside) / power)) if found > floor else 0.0


def _halves(rows: slice) -> tuple[slice, slice]:
    middle = (rows.start + rows.stop) // 2
    return slice(rows.start, middle), slice(middle, rows.stop)


def _product(one: NDArray[np.complex128], other: NDArray[np.complex128]) -> tuple[float, float]:
    """(what both hold, its standard deviation were they independent)."""
    return float((one * other.conj()).real.sum()), float(np.sqrt((np.abs(one * other) ** 2).sum() / 2))


@dataclass(frozen=True, slots=True, eq=False)
class _Half:
    """amplitude : (n,); late : (n,) amplitude times symbols late, the imaginary part a tilt; rest : what is left."""

    amplitude: NDArray[np.complex128]
    late: NDArray[np.complex128]
    rest: Complex

    @classmethod
    def of(cls, sent: Complex, slope: Complex, came: Complex) -> "_Half":
        amplitude = dot(sent, came) / dot(sent, sent).real
        away = _away(sent, slope)
        late = dot(away, came) / dot(away, away).real
        rest = came - amplitude[:, None] * sent - late[:, None] * away
        return cls(amplitude.astype(np.complex128), late.astype(np.complex128), rest)

    def late_at(self, sent: Complex, slope: Complex) -> NDArray[np.complex128]:
        """The same of a path at another delay, in what is left."""
        away = _away(sent, slope)
        return np.asarray(dot(away, self.rest) / dot(away, away).real, np.complex128)


def _away(sent: Complex, slope: Complex) -> Complex:
    """What being late adds to a burst, but for what a change of amplitude adds too."""
    along = dot(sent, slope) / dot(sent, sent).real
    return np.asarray(sent * along[:, None] - slope, np.complex64)
