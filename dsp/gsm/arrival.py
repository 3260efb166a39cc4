"""When bursts of known bits came, all of them together, and how sure that is.

Every burst has an amplitude and a phase of its own; late by a common line in time, turned by a common frequency. This
is the step of maximum likelihood towards all of these at once: left out, an error of the carrier would become one of
the time, for the bits of a burst are not balanced.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.gsm.equaliser import Complex
from dsp.gsm.frame import SYMBOL_HZ
from dsp.gsm.resend import delayed, dot
from dsp.gsm.scatter import variance_of_sum

_STEPS = 2  # from a fraction of a symbol to a thousandth
_LEAST_FOR_RISE = 8  # bursts


@dataclass(frozen=True, slots=True)
class Line:
    """Symbols late at frame `middle`, and by how much more each frame; both errors are independent there."""

    middle: float
    late: float
    late_sigma: float
    rise: float
    rise_sigma: float | None  # None: too few bursts to tell a rise, taken as 0


@dataclass(frozen=True, slots=True, eq=False)
class _Pull:
    """score : (n, 2) of each burst's lateness (symbols) and turning (radians a symbol); information : (n, 2, 2)."""

    score: NDArray[np.float64]
    information: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LineFit:
    """found : (late at the middle, turning in radians a symbol, and rise where there is one); rest : (n, p) what each
    burst still pulls; information : (p, p) of all."""

    frames: NDArray[np.int64]
    middle: float
    found: NDArray[np.float64]
    rest: NDArray[np.float64]
    information: NDArray[np.float64]

    @property
    def rise(self) -> float:
        return float(self.found[2]) if len(self.found) > 2 else 0.0

    @property
    def turning_hz(self) -> float:
        return float(self.found[1]) * SYMBOL_HZ / (2 * np.pi)

    @property
    def late(self) -> NDArray[np.float64]:
        """(n,) symbols."""
        return np.asarray(self.found[0] + self.rise * (self.frames - self.middle))


def fit_line(spectrum: Complex, came: Complex, frames: NDArray[np.int64], rows: slice, *, near: float = 0.0) -> LineFit:
    """spectrum, came : (n, SPAN), one sample a symbol; rows : those to be used; near : symbols late, to begin with."""
    energy = dot(came[:, rows], came[:, rows]).real
    middle = float(np.average(frames, weights=np.maximum(energy, 1e-30)))
    columns = np.zeros((len(frames), 2, 2 if len(frames) < _LEAST_FOR_RISE else 3))  # lateness, turning ← unknowns
    columns[:, 0, 0] = columns[:, 1, 1] = 1.0
    columns[:, 0, 2:] = (frames - middle)[:, None]
    found = np.zeros(columns.shape[2])
    found[0] = near
    fit = LineFit(frames, middle, found, np.zeros(0), np.zeros(0))
    for _ in range(_STEPS):
        sent, slope = delayed(spectrum, fit.late)
        pull = _pull(sent[:, rows], slope[:, rows], came[:, rows], turn=float(fit.found[1]))
        across = columns.transpose(0, 2, 1) @ pull.information
        whole = (across @ columns).sum(axis=0)
        score = np.einsum("nip,ni->np", columns, pull.score)
        step = np.linalg.solve(whole, score.sum(axis=0))
        rest = score - across @ columns @ step
        fit = LineFit(frames, middle, fit.found + step, rest, whole)
    return fit


def line(fit: LineFit, *, noise_share: float, reach: int) -> Line:
    """reach : frames for which a burst's error may last; noise_share : variance that noise alone gives a score, over
    its information, to hold against the scatter."""
    inverse = np.linalg.inv(fit.information)
    rises = len(fit.found) > 2
    by_noise = noise_share * fit.information
    of_scores = variance_of_sum(fit.frames, fit.rest, by_noise, fitted=2 if rises else 1, reach=reach)
    covariance = inverse @ of_scores @ inverse
    sigma = np.sqrt(np.diag(covariance))
    return Line(fit.middle, float(fit.found[0]), float(sigma[0]), fit.rise, float(sigma[2]) if rises else None)


def _pull(sent: Complex, slope: Complex, came: Complex, *, turn: float) -> _Pull:
    """Where each burst pulls, its own amplitude and phase taken out."""
    t = (np.arange(sent.shape[1]) - (sent.shape[1] - 1) / 2).astype(np.float32)
    came = came * np.exp(-1j * turn * t).astype(np.complex64)
    energy = dot(sent, sent).real
    amplitude = dot(sent, came) / energy
    away = sent * (dot(sent, slope) / energy)[:, None] - slope
    lean = dot(sent, t * sent).real / energy
    turned = 1j * (t - lean[:, None]) * sent
    each = np.stack([away, turned.astype(np.complex64)], axis=1)  # (n, 2, samples)
    across = each.conj()
    score = (amplitude.conj()[:, None] * (across @ came[..., None])[..., 0]).real
    information = (across @ each.transpose(0, 2, 1)).real * (amplitude * amplitude.conj()).real[:, None, None]
    return _Pull(score.astype(np.float64), information.astype(np.float64))
