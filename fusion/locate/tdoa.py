"""How likely arrival times are from each place: Gaussian sensors, late ones (an echo only delays), wrong ones.

Which sensors are wrong, and in which way, is a hypothesis; the likelihood is the sum over all that matter. With the
arrivals' common time integrated over (flat), each hypothesis is a closed form in the residuals z = arrival − distance:

    −½·[Σ w·(z−m)² − (Σ w·(z−m))² / Σ w] + ½·Σ ln w − ½·ln Σ w + ln share

w and m are the inverse variances and the mean delays that the hypothesis lays to the sensors (equal to the full
covariance form for differences: Torrieri 1984). A cell's average is taken the same way: where in the cell the emitter
is, is a normal unknown of the cell's spread that enters by the gradient of the distances and is integrated over; what
the gradient leaves out (the distances' curvature) is more variance. Hypotheses are bred from the best ones, one more
wrong sensor each time, as the search closes in: a few dozen stand for the thousands that say nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fusion.locate.arrivals import Arrivals
from fusion.locate.assumptions import FAULTS
from fusion.locate.faults import MEANS_M, Hypotheses, half_wrong, pairs, simplest, variances_m2

Floats = NDArray[np.float64]
SPREAD = 12**-0.5  # of a uniform in a cell, of its side
BRED = 6  # the best so many hypotheses get children
MOST_GENERATIONS = 6
MOST_ASKED = 150  # places
DOUBT = 10.0  # log likelihood below that of half the sensors wrong
WORTH_BREEDING = 1.0  # growth of the best one's log evidence for which another generation is looked at
PROMISING = 6.0  # log evidence behind the best, at most, of those that get children
NEAREST_M = 1.0
DROPPED = 2e-4  # share of the evidence under which a hypothesis is forgotten
SETTLED = 1.0  # cells smaller than this many of the least sigma teach nothing new of what is wrong
POINTLIKE = 0.2  # a spread this much smaller than every sigma is left out
PIECE = 1 << 18  # products of matrices up to this size stay on one core


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What hypotheses add up, of every sensor's arrival in every class (good at each scale, then each fault).

    features : (c, s, f, p): ln w, w, w·z, w·z²; where the spread counts, also w and w·z times the gradient (e, n) of
    the distance, and w times its products. spread_m : how far, in each direction, the emitter may be from the place
    """

    features: Floats
    spread_m: Floats | float

    @classmethod
    def of(cls, arrivals: Arrivals, east_m: Floats, north_m: Floats, spread_m: Floats | float) -> "Sums":
        east, north = east_m - arrivals.east_m[:, None], north_m - arrivals.north_m[:, None]
        distance = np.maximum(np.sqrt(east**2 + north**2), NEAREST_M)
        misfit = arrivals.late_m[:, None] - distance
        curvature = 0.5 * spread_m * np.minimum(spread_m / distance, 1.0)
        weight = 1.0 / (variances_m2(arrivals.sigma_m)[:, :, None] + curvature**2)
        z = misfit - misfit.mean(axis=0) - MEANS_M[:, None, None]
        spread = np.max(spread_m) > POINTLIKE * arrivals.sigma_m.min()
        features = np.empty((*weight.shape[:2], 11 if spread else 4, weight.shape[2]))
        features[:, :, 0] = np.log(weight)
        features[:, :, 1] = weight
        wz = np.multiply(weight, z, out=features[:, :, 2])
        np.multiply(wz, z, out=features[:, :, 3])
        if spread:
            e, n = east / distance, north / distance
            we, wn = np.multiply(weight, e, out=features[:, :, 4]), np.multiply(weight, n, out=features[:, :, 5])
            for number, (factor, slope) in enumerate(((wz, e), (wz, n), (we, e), (wn, n), (we, n)), start=6):
                np.multiply(factor, slope, out=features[:, :, number])
        return cls(features, spread_m)

    def by_hypothesis(self, hypotheses: Hypotheses) -> Floats:
        """Log-likelihood and log share: (h, p), averaged over the spread."""
        c, s, f, p = self.features.shape
        summed = _product(hypotheses.chosen.reshape(-1, c * s), self.features.reshape(c * s, f * p))
        log_weight, total, z, zz, *moved = np.moveaxis(summed.reshape(-1, f, p), 1, 0)
        share = 1.0 / total
        zz -= z**2 * share
        volume = total
        if moved:
            gain, determinant = self._gain(z, share, moved)
            zz -= gain
            volume = total * determinant
        return np.asarray(0.5 * (log_weight - zz - np.log(volume)) + hypotheses.log_share[:, None])

    def _gain(self, z: Floats, share: Floats, moved: Sequence[Floats]) -> tuple[Floats, Floats]:
        """What moving within the spread takes off the misfit; and the volume that integrating over it costs, in squares
        of the spread's. share : 1 / Σ w. What is `moved` is worked on in place."""
        e, n, ez, nz, ee, nn, en = moved
        east, north = e * share, n * share
        ez -= east * z
        nz -= north * z
        own = 1.0 / self.spread_m**2
        ee -= east * e
        ee += own
        nn -= north * n
        nn += own
        en -= east * n
        determinant = ee * nn - en**2
        gain = (ez * (nn * ez - 2.0 * en * nz) + ee * nz**2) / determinant
        return gain, determinant / own**2


@dataclass(frozen=True, slots=True, eq=False)
class TimeDifference:
    """The likelihood of one network's arrivals.

    doubtful : log-likelihood under which more must be wrong than was thought of: half the sensors wrong would say more
    """

    arrivals: Arrivals
    hypotheses: Hypotheses
    doubtful: float

    @classmethod
    def of(cls, arrivals: Arrivals) -> "TimeDifference":
        sensors = len(arrivals.sensors)
        half = half_wrong(sensors)
        weight = (half.chosen[0] / variances_m2(arrivals.sigma_m)).sum(axis=0)
        says = 0.5 * (np.log(weight).sum() - np.log(weight.sum())) + half.log_share[0]
        return cls(arrivals, simplest(sensors).and_more(pairs(sensors)), float(says) - DOUBT)

    def log_density(self, east_m: Floats, north_m: Floats, cell_m: Floats | float = 0.0) -> Floats:
        """Of places (p,)."""
        return _log_sum(self.by_hypothesis(east_m, north_m, cell_m))

    def by_hypothesis(self, east_m: Floats, north_m: Floats, cell_m: Floats | float = 0.0) -> Floats:
        """(h, p)"""
        return self._sums(east_m, north_m, cell_m).by_hypothesis(self.hypotheses)

    def misfit_m(self, east_m: Floats, north_m: Floats) -> Floats:
        """Arrival less distance, up to what is common: (s, p)."""
        east, north = east_m - self.arrivals.east_m[:, None], north_m - self.arrivals.north_m[:, None]
        return np.asarray(self.arrivals.late_m[:, None] - np.sqrt(east**2 + north**2))

    def _sums(self, east_m: Floats, north_m: Floats, cell_m: Floats | float) -> Sums:
        return Sums.of(self.arrivals, east_m, north_m, SPREAD * cell_m)

    def narrowed(
        self, east_m: Floats, north_m: Floats, logs: Floats, cell_m: Floats | float
    ) -> tuple["TimeDifference", Floats]:
        """With the hypotheses that matter at these places; `logs`: what all evidence together says of them, before
        and (returned) after. In doubt all places are asked what could be wrong, else only the likeliest, and the others
        keep what is known of them."""
        sure = float(logs.max()) > self.doubtful
        if sure and np.max(cell_m) < SETTLED * self.arrivals.sigma_m.min():
            return self, logs
        if not sure or logs.size <= MOST_ASKED:
            closer, own, before = self._bred(east_m, north_m, logs, cell_m)
            return closer, logs - before + own
        near = np.argsort(logs)[::-1][:MOST_ASKED]
        near_m = np.broadcast_to(cell_m, logs.shape)[near]
        closer, own, before = self._bred(east_m[near], north_m[near], logs[near], near_m)
        after = logs.copy()
        after[near] += own - before
        return closer, after

    def _bred(
        self, east_m: Floats, north_m: Floats, logs: Floats, cell_m: Floats | float
    ) -> tuple["TimeDifference", Floats, Floats]:
        """What it becomes at these places, what that says of them (p,), and what this one says."""
        sums = self._sums(east_m, north_m, cell_m)
        brood = _Brood(self.hypotheses, sums.by_hypothesis(self.hypotheses))
        before = _log_sum(brood.own)
        others = logs - before
        new, tried = simplest(len(self.arrivals.sensors)).and_more(brood.children(others)), float(logs.max())
        for _ in range(MOST_GENERATIONS):
            brood = brood.joined(new, sums, others, doubtful=self.doubtful)
            top = float((brood.own + others).max())
            if self.doubtful < top < tried + WORTH_BREEDING:
                break
            new, tried = brood.children(others) if top > self.doubtful else brood.children_everywhere(others), top
        return replace(self, hypotheses=brood.hypotheses), _log_sum(brood.own), before

    def good_share(self, east_m: Floats, north_m: Floats, logs: Floats) -> Floats:
        """(s,): how sure it is that each sensor's arrival is what it should be."""
        own = self.by_hypothesis(east_m, north_m)
        evidence = _log_sum((own + (logs - _log_sum(own))).T)
        share = np.exp(evidence - evidence.max())
        return np.asarray((share / share.sum()) @ (self.hypotheses.fault == 0))

    def likeliest_fault(self, sensor: int, east_m: Floats, north_m: Floats) -> str:
        """Name of what is likeliest wrong with this sensor's arrival, if anything is, at one place (1,)."""
        logs = self.by_hypothesis(east_m, north_m)[:, 0]
        wrong = self.hypotheses.fault[:, sensor] > 0
        if not wrong.any():
            return FAULTS[-1].name
        best = int(np.argmax(np.where(wrong, logs, -np.inf)))
        return FAULTS[int(self.hypotheses.fault[best, sensor]) - 1].name


@dataclass(frozen=True, slots=True, eq=False)
class _Brood:
    """Hypotheses with what each says of every place: own (h, p)."""

    hypotheses: Hypotheses
    own: Floats

    def children(self, others: Floats) -> Hypotheses:
        """Of the best over all places."""
        evidence = _log_sum((self.own + others).T)
        best = np.argsort(evidence)[::-1][:BRED]
        return self.hypotheses[best[evidence[best] > evidence.max() - PROMISING]].children

    def children_everywhere(self, others: Floats) -> Hypotheses:
        """Of those that are the best of some place: where nothing fits yet, the best of all may lead nowhere."""
        best, which = self.own.argmax(axis=0), (self.own + others).max(axis=0)
        found = dict.fromkeys(best[np.argsort(which)[::-1]].tolist())
        return self.hypotheses[np.array(list(found)[: 2 * BRED])].children

    def joined(self, new: Hypotheses, sums: Sums, others: Floats, *, doubtful: float) -> "_Brood":
        """With those of the new that are not known yet, without those that say nothing."""
        new = new.without(self.hypotheses)
        own, both = np.concatenate([self.own, sums.by_hypothesis(new)]), self.hypotheses.and_more(new)
        if float((own + others).max()) > doubtful:
            evidence = _log_sum((own + others).T)
            kept = evidence > _log_sum(evidence) + np.log(DROPPED)
        else:
            kept = (own > own.max(axis=0) + np.log(DROPPED)).any(axis=1)
        return _Brood(both[kept], own[kept])


def _product(a: Floats, b: Floats) -> Floats:
    """a @ b, in pieces so small that the library does not spread them over cores, which would wait more than work."""
    columns = max(1, PIECE // a.size) if a.size else b.shape[1]
    if columns >= b.shape[1]:
        return np.asarray(a @ b)
    found = np.empty((a.shape[0], b.shape[1]))
    for begin in range(0, b.shape[1], columns):
        np.matmul(a, b[:, begin : begin + columns], out=found[:, begin : begin + columns])
    return found


def _log_sum(logs: Floats) -> Floats:
    """Over the first axis."""
    top = logs.max(axis=0)
    return np.asarray(top + np.log(np.exp(logs - top).sum(axis=0)))
