"""How likely arrival times are from each place: Gaussian sensors, late ones (an echo only delays), wrong ones.

Which sensors are wrong, and in which way, is a hypothesis; the likelihood is the sum over all that matter. With the
arrivals' common time integrated over (flat), each hypothesis is a closed form in the residuals z = arrival − distance:

    −½·[Σ w·(z−m)² − (Σ w·(z−m))² / Σ w] + ½·Σ ln w − ½·ln Σ w + ln share

w and m are the inverse variances and the mean delays that the hypothesis lays to the sensors (equal to the full
covariance form for differences: Torrieri 1984). Hypotheses are bred from the best ones, one more wrong sensor each
time, as the search closes in: a few dozen stand for the thousands that say nothing.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fusion.locate.arrivals import Arrivals
from fusion.locate.assumptions import FAULTS, SCALES

Floats = NDArray[np.float64]
BLUR = 0.35  # of a cell's side: spread of a distance within it
BRED = 5  # the best so many hypotheses get children
MOST_GENERATIONS = 4
DROPPED = 1e-6  # share of the evidence under which a hypothesis is forgotten
GOOD_SHARE = 1.0 - sum(fault.share for fault in FAULTS)
LOG_SHARES = np.log([GOOD_SHARE, *(fault.share for fault in FAULTS)])
MEANS_M = np.array([0.0, *(fault.mean_m for fault in FAULTS)])
VARIANCES_M2 = np.array([0.0, *(fault.sigma_m**2 for fault in FAULTS)])


@dataclass(frozen=True, slots=True, eq=False)
class Hypotheses:
    """fault : (h, s), 0 good, else 1 + number in FAULTS; scale : (h,) number in SCALES."""

    fault: NDArray[np.int8]
    scale: NDArray[np.int8]

    def __getitem__(self, kept: NDArray[np.bool_] | NDArray[np.int64]) -> "Hypotheses":
        return Hypotheses(self.fault[kept], self.scale[kept])

    @property
    def log_share(self) -> Floats:
        scales = np.log([share for _, share in SCALES])
        return np.asarray(LOG_SHARES[self.fault].sum(axis=1) + scales[self.scale])


@dataclass(frozen=True, slots=True, eq=False)
class TimeDifference:
    """The likelihood of one network's arrivals."""

    arrivals: Arrivals
    hypotheses: Hypotheses

    @classmethod
    def of(cls, arrivals: Arrivals) -> "TimeDifference":
        nobody = np.zeros((len(SCALES), len(arrivals.sensors)), np.int8)
        whole = Hypotheses(nobody, np.arange(len(SCALES), dtype=np.int8))
        return cls(arrivals, _joined(whole, _children(whole)))

    def log_density(self, east_m: Floats, north_m: Floats, cell_m: float = 0.0) -> Floats:
        """Of places (p,)."""
        return _log_sum(self.by_hypothesis(east_m, north_m, cell_m))

    def by_hypothesis(self, east_m: Floats, north_m: Floats, cell_m: float = 0.0) -> Floats:
        """(h, p)"""
        return log_by_hypothesis(self.misfit_m(east_m, north_m), self.arrivals.sigma_m, self.hypotheses, cell_m)

    def misfit_m(self, east_m: Floats, north_m: Floats) -> Floats:
        """Arrival less distance, up to what is common: (s, p)."""
        east = self.arrivals.east_m[:, None] - east_m
        north = self.arrivals.north_m[:, None] - north_m
        return np.asarray(self.arrivals.late_m[:, None] - np.sqrt(east**2 + north**2))

    def narrowed(self, east_m: Floats, north_m: Floats, logs: Floats, cell_m: float) -> "TimeDifference":
        """With the hypotheses that matter at these places; `logs`: what all evidence together says of them."""
        own = self.by_hypothesis(east_m, north_m, cell_m)
        others = logs - _log_sum(own)
        bred, misfit = self.hypotheses, self.misfit_m(east_m, north_m)
        evidence = _log_sum((own + others).T)
        for _ in range(MOST_GENERATIONS):
            best = np.argsort(evidence)[::-1][:BRED]
            new = _unknown(_children(bred[best]), bred)
            found = log_by_hypothesis(misfit, self.arrivals.sigma_m, new, cell_m) + others
            bred, evidence = _joined(bred, new), np.concatenate([evidence, _log_sum(found.T)])
            kept = evidence > evidence.max() + np.log(DROPPED)
            grown = kept[-new.scale.size :].any() and evidence[-new.scale.size :].max() > evidence.max() - 2.0
            bred, evidence = bred[kept], evidence[kept]
            if not grown:
                break
        return replace(self, hypotheses=bred)

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


def log_by_hypothesis(misfit_m: Floats, sigma_m: Floats, hypotheses: Hypotheses, cell_m: float) -> Floats:
    """misfit_m : (s, p). Returns (h, p)."""
    factor = np.array([factor for factor, _ in SCALES])[hypotheses.scale]
    variance = VARIANCES_M2[hypotheses.fault] + np.outer(factor**2, sigma_m**2) + (BLUR * cell_m) ** 2
    mean, weight = MEANS_M[hypotheses.fault], 1.0 / variance
    misfit = misfit_m - misfit_m.mean(axis=0)
    total, offset = weight.sum(axis=1), (weight * mean).sum(axis=1)
    squares = weight @ misfit**2 - 2 * (weight * mean) @ misfit + (weight * mean**2).sum(axis=1)[:, None]
    common = (weight @ misfit - offset[:, None]) ** 2 / total[:, None]
    constant = 0.5 * np.log(weight).sum(axis=1) - 0.5 * np.log(total) + hypotheses.log_share
    return np.asarray(constant[:, None] - 0.5 * (squares - common))


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
