"""The two unknowns that every level shares, power and exponent: sums of squares, solved and integrated at a place."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from fusion.locate.power import Propagation

Floats = NDArray[np.float64]
Each = Floats | float


@dataclass(frozen=True, slots=True, eq=False)
class Two:
    """What the two are off the prior by: means, variances, covariance, and the log of what integrating them leaves."""

    first: Floats
    second: Floats
    first_variance: Floats
    second_variance: Floats
    covariance: Floats
    log_evidence: Floats

    def variance_along(self, lever: Floats) -> Floats:
        """Of first + lever·second. lever : (p, m)."""
        a, b, c = (v[:, None] for v in (self.first_variance, self.covariance, self.second_variance))
        return np.maximum(a + 2 * lever * b + lever**2 * c, 0.0)

    @classmethod
    def mixed(cls, shares: Floats, each: list["Two"]) -> "Two":
        """Moments of a mixture. shares : (models, p)."""
        first, second = (np.stack([getattr(t, name) for t in each]) for name in ("first", "second"))
        a, c = (shares * first).sum(axis=0), (shares * second).sum(axis=0)

        def spread(name: str, one: Floats, other: Floats) -> Floats:
            return np.asarray((shares * (np.stack([getattr(t, name) for t in each]) + one * other)).sum(axis=0))

        return cls(
            a,
            c,
            spread("first_variance", first - a, first - a),
            spread("second_variance", second - c, second - c),
            spread("covariance", first - a, second - c),
            np.zeros_like(a),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Means:
    """Only what the two are off the prior by."""

    first: Floats
    second: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Of a quadratic form in the two: ½·(squares − 2·b·θ + θᵀJθ). Each (p,) or one for all places.

    j11, j12, j22 : information;  b1, b2 : weighted residuals;  squares : weighted residuals squared
    count : levels behind it, for what a scale does to a density;  log : that belongs to it besides
    """

    j11: Each
    j12: Each
    j22: Each
    b1: Each
    b2: Each
    squares: Each
    count: int = 0
    log: Each = 0.0

    @classmethod
    def prior(cls, prior: "Propagation", width: float) -> "Sums":
        """width : times the power's sigma."""
        return cls((width * prior.eirp_sigma_db) ** -2.0, 0.0, prior.exponent_sigma**-2.0, 0.0, 0.0, 0.0)

    @classmethod
    def nothing(cls, places: int) -> "Sums":
        zero = np.zeros(places)
        return cls(zero, zero, zero, zero, zero, zero)

    @classmethod
    def weighted(cls, residual: Floats, lever: Floats, weights: Floats) -> "Sums":
        """Of independent levels. All (p, k)."""
        steep, heavy = weights * lever, weights * residual
        return cls(
            weights.sum(axis=1),
            steep.sum(axis=1),
            np.einsum("pk,pk->p", steep, lever),
            heavy.sum(axis=1),
            np.einsum("pk,pk->p", heavy, lever),
            np.einsum("pk,pk->p", heavy, residual),
            residual.shape[1],
        )

    @classmethod
    def products(cls, weighted: Floats, sigma: Floats, *, count: int, log: Each = 0.0) -> "Sums":
        """Of levels whose errors hang together, further unknowns of them integrated over.

        weighted : (p, 3 + m, 3 + m), products by the inverse covariance of one, lever, residual and the effect of each
        further unknown; sigma : (m,) of these
        """
        precision = weighted[:, 3:, 3:] + np.diag(sigma**-2.0)
        known, cross = weighted[:, :3, :3], weighted[:, 3:, :3]
        left = known - np.swapaxes(cross, 1, 2) @ np.linalg.solve(precision, cross)
        log = log - 0.5 * np.linalg.slogdet(precision)[1] - float(np.log(sigma).sum())
        j, b = left[:, :2, :2], left[:, :2, 2]
        return cls(j[:, 0, 0], j[:, 0, 1], j[:, 1, 1], b[:, 0], b[:, 1], left[:, 2, 2], count, log)

    def plus(self, o: "Sums") -> "Sums":
        return Sums(
            self.j11 + o.j11,
            self.j12 + o.j12,
            self.j22 + o.j22,
            self.b1 + o.b1,
            self.b2 + o.b2,
            self.squares + o.squares,
            self.count + o.count,
            self.log + o.log,
        )

    def scaled(self, ratio: float) -> "Sums":
        """All errors `ratio` times smaller."""
        r = ratio**2
        j11, j12, j22 = self.j11 * r, self.j12 * r, self.j22 * r
        return Sums(j11, j12, j22, self.b1 * r, self.b2 * r, self.squares * r, self.count, self.log)

    def means_beside(self, o: "Sums") -> Means:
        """Of the two, what both sums together say: all that is needed while weights are being found."""
        j11, j12, j22, b1, b2 = self.j11 + o.j11, self.j12 + o.j12, self.j22 + o.j22, self.b1 + o.b1, self.b2 + o.b2
        determinant = j11 * j22 - j12**2
        return Means(np.asarray((j22 * b1 - j12 * b2) / determinant), np.asarray((j11 * b2 - j12 * b1) / determinant))

    def solved(self) -> Two:
        determinant = self.j11 * self.j22 - self.j12**2
        first = (self.j22 * self.b1 - self.j12 * self.b2) / determinant
        second = (self.j11 * self.b2 - self.j12 * self.b1) / determinant
        explained = self.b1 * first + self.b2 * second
        one = np.ones_like(np.asarray(first))
        return Two(
            np.asarray(first),
            np.asarray(second),
            np.asarray(one * self.j22 / determinant),
            np.asarray(one * self.j11 / determinant),
            np.asarray(-one * self.j12 / determinant),
            np.asarray(self.log - 0.5 * (self.squares - explained) - 0.5 * np.log(determinant)),
        )
