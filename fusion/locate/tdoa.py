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
from scipy.special import betaln

from fusion.locate.arrivals import Arrivals
from fusion.locate.assumptions import FAULTS, RIGHT_SENSORS, SCALES, WRONG_SENSORS

Floats = NDArray[np.float64]
SPREAD = 12**-0.5  # of a uniform in a cell, of its side
BRED = 6  # the best so many hypotheses get children
MOST_GENERATIONS = 6
DOUBT = 10.0  # log likelihood below that of half the sensors wrong
WORTH_BREEDING = 1.0  # growth of the best one's log evidence for which another generation is looked at
PROMISING = 6.0  # log evidence behind the best, at most, of those that get children
NEAREST_M = 1.0
DROPPED = 2e-4  # share of the evidence under which a hypothesis is forgotten
SETTLED = 1.0  # cells smaller than this many of the least sigma teach nothing new of what is wrong
POINTLIKE = 0.2  # a spread this much smaller than every sigma is left out
SCALE_FACTORS = np.array([factor for factor, _ in SCALES])
SCALE_LOGS = np.log([share for _, share in SCALES])
FAULTY = len(FAULTS)
LOG_SHARES = np.log([1.0, *(fault.share for fault in FAULTS)])
LAST_FAULT = FAULTY  # number of the broadest
# of each class: good at each scale, then each fault
MEANS_M = np.array([*np.zeros(len(SCALES)), *(fault.mean_m for fault in FAULTS)])
VARIANCES_M2 = np.array([*np.zeros(len(SCALES)), *(fault.sigma_m**2 for fault in FAULTS)])


@dataclass(frozen=True, slots=True, eq=False)
class Hypotheses:
    """fault : (h, s), 0 good, else 1 + number in FAULTS; scale : (h,) number in SCALES."""

    fault: NDArray[np.int8]
    scale: NDArray[np.int8]

    def __getitem__(self, kept: NDArray[np.bool_] | NDArray[np.int64] | slice) -> "Hypotheses":
        return Hypotheses(self.fault[kept], self.scale[kept])

    @property
    def log_share(self) -> Floats:
        wrong, sensors = (self.fault > 0).sum(axis=1), self.fault.shape[1]
        number = betaln(wrong + WRONG_SENSORS, sensors - wrong + RIGHT_SENSORS) - betaln(WRONG_SENSORS, RIGHT_SENSORS)
        return np.asarray(number + LOG_SHARES[self.fault].sum(axis=1) + SCALE_LOGS[self.scale])

    @property
    def chosen(self) -> Floats:
        """(h, c, s): 1 for the class of each sensor."""
        number = np.where(self.fault == 0, self.scale[:, None], self.fault + len(SCALES) - 1)
        return np.asarray(number[:, None, :] == np.arange(MEANS_M.size)[:, None], np.float64)


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
        summed = hypotheses.chosen.reshape(-1, c * s) @ self.features.reshape(c * s, f * p)
        log_weight, total, z, zz, *moved = np.moveaxis(summed.reshape(-1, f, p), 1, 0)
        misfit = zz - z**2 / total
        if moved:
            misfit -= self._gain(z, total, moved)
        return np.asarray(0.5 * (log_weight - np.log(total) - misfit) + hypotheses.log_share[:, None])

    def _gain(self, z: Floats, total: Floats, moved: Sequence[Floats]) -> Floats:
        """What moving within the spread takes off the misfit, less what integrating over it costs."""
        e, n, ez, nz, ee, nn, en = moved
        ez, nz = ez - e * z / total, nz - n * z / total
        own = 1.0 / self.spread_m**2
        ee, nn, en = ee - e**2 / total + own, nn - n**2 / total + own, en - e * n / total
        determinant = ee * nn - en**2
        gain = (nn * ez**2 - 2 * en * ez * nz + ee * nz**2) / determinant
        return np.asarray(gain - np.log(determinant / own**2))


@dataclass(frozen=True, slots=True, eq=False)
class TimeDifference:
    """The likelihood of one network's arrivals."""

    arrivals: Arrivals
    hypotheses: Hypotheses

    @classmethod
    def of(cls, arrivals: Arrivals) -> "TimeDifference":
        sensors = len(arrivals.sensors)
        return cls(arrivals, _joined(simplest(sensors), _pairs(sensors)))

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
        and (returned) after."""
        if np.max(cell_m) < SETTLED * self.arrivals.sigma_m.min() and float(logs.max()) > self._doubtful:
            return self, logs
        sums, brood = self._sums(east_m, north_m, cell_m), _Brood(self.hypotheses, np.zeros((0, east_m.size)))
        own = sums.by_hypothesis(self.hypotheses)
        others, brood = logs - _log_sum(own), replace(brood, own=own)
        new, tried = _joined(simplest(len(self.arrivals.sensors)), brood.children(others)), -np.inf
        for _ in range(MOST_GENERATIONS):
            brood = brood.joined(new, sums, others, doubtful=self._doubtful)
            top = float((brood.own + others).max())
            if self._doubtful < top < tried + WORTH_BREEDING:
                break
            new, tried = brood.children(others) if top > self._doubtful else brood.children_everywhere(others), top
        return replace(self, hypotheses=brood.hypotheses), others + _log_sum(brood.own)

    @property
    def _doubtful(self) -> float:
        """Log-likelihood under which more must be wrong than was thought of: half the sensors wrong would say more."""
        sensors = len(self.arrivals.sensors)
        fault = np.zeros((1, sensors), np.int8)
        fault[0, : sensors // 2] = LAST_FAULT
        half = Hypotheses(fault, np.zeros(1, np.int8))
        weight = (half.chosen[0] / variances_m2(self.arrivals.sigma_m)).sum(axis=0)
        return float(0.5 * (np.log(weight).sum() - np.log(weight.sum())) + half.log_share[0]) - DOUBT

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
        return _children(self.hypotheses[best[evidence[best] > evidence.max() - PROMISING]])

    def children_everywhere(self, others: Floats) -> Hypotheses:
        """Of those that are the best of some place: where nothing fits yet, the best of all may lead nowhere."""
        best, which = self.own.argmax(axis=0), (self.own + others).max(axis=0)
        found = dict.fromkeys(best[np.argsort(which)[::-1]].tolist())
        return _children(self.hypotheses[np.array(list(found)[: 2 * BRED])])

    def joined(self, new: Hypotheses, sums: Sums, others: Floats, *, doubtful: float) -> "_Brood":
        """With those of the new that are not known yet, without those that say nothing."""
        new = _unknown(new, self.hypotheses)
        own, both = np.concatenate([self.own, sums.by_hypothesis(new)]), _joined(self.hypotheses, new)
        if float((own + others).max()) > doubtful:
            evidence = _log_sum((own + others).T)
            kept = evidence > _log_sum(evidence) + np.log(DROPPED)
        else:
            kept = (own > own.max(axis=0) + np.log(DROPPED)).any(axis=1)
        return _Brood(both[kept], own[kept])


def variances_m2(sigma_m: Floats) -> Floats:
    """Of every class of every sensor: (c, s)."""
    own = np.concatenate([np.outer(SCALE_FACTORS**2, sigma_m**2), np.tile(sigma_m**2, (FAULTY, 1))])
    return np.asarray(VARIANCES_M2[:, None] + own)


def simplest(sensors: int) -> Hypotheses:
    """Nothing wrong, at each scale; one sensor wrong, in every way."""
    whole = Hypotheses(np.zeros((len(SCALES), sensors), np.int8), np.arange(len(SCALES), dtype=np.int8))
    return _joined(whole, _children(whole[:1]))


def _pairs(sensors: int) -> Hypotheses:
    """Two wrong in the broadest way: no chain of single faults may lead there."""
    first, second = np.triu_indices(sensors, 1)
    fault = np.zeros((first.size, sensors), np.int8)
    fault[np.arange(first.size), first] = fault[np.arange(first.size), second] = LAST_FAULT
    few = fault[[sensors > 3] * first.size]
    return Hypotheses(few, np.zeros(few.shape[0], np.int8))


def _children(parents: Hypotheses) -> Hypotheses:
    """One more wrong sensor, in every way; at most half of them."""
    count, sensors = parents.fault.shape
    changed = np.arange(sensors)
    fault = np.repeat(parents.fault[:, None, None, :], sensors, 1).repeat(len(FAULTS), 2)
    was_good = fault[:, changed, :, changed] == 0  # (s, h, f)
    fault[:, changed, :, changed] = np.arange(1, len(FAULTS) + 1, dtype=np.int8)
    few = (fault != 0).sum(axis=3) <= (sensors + 1) // 2
    valid = np.moveaxis(was_good, 0, 1) & few
    scale = np.broadcast_to(parents.scale[:, None, None], (count, sensors, len(FAULTS)))
    return Hypotheses(fault[valid], scale[valid])


def _joined(a: Hypotheses, b: Hypotheses) -> Hypotheses:
    return Hypotheses(np.concatenate([a.fault, b.fault]), np.concatenate([a.scale, b.scale]))


def _unknown(new: Hypotheses, known: Hypotheses) -> Hypotheses:
    """Each once, and none that is known."""
    seen = {(int(s), f.tobytes()) for s, f in zip(known.scale, known.fault, strict=True)}
    fresh = []
    for number, (scale, fault) in enumerate(zip(new.scale, new.fault, strict=True)):
        key = (int(scale), fault.tobytes())
        if key not in seen:
            seen.add(key)
            fresh.append(number)
    return new[np.array(fresh, dtype=np.int64)]


def _log_sum(logs: Floats) -> Floats:
    """Over the first axis."""
    top = logs.max(axis=0)
    return np.asarray(top + np.log(np.exp(logs - top).sum(axis=0)))
