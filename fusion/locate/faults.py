"""Which arrivals may be wrong, and in which way: hypotheses, bred from one another one wrong sensor at a time."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln

from fusion.locate.assumptions import FAULTS, RIGHT_SENSORS, SCALES, WRONG_SENSORS

Floats = NDArray[np.float64]
SCALE_FACTORS = np.array([factor for factor, _ in SCALES])
SCALE_LOGS = np.log([share for _, share in SCALES])
FAULTY = len(FAULTS)
LOG_SHARES = np.log([1.0, *(fault.share for fault in FAULTS)])
LAST_FAULT = FAULTY  # number of the broadest
# of each class: good at each scale, then each fault
MEANS_M = np.array([*np.zeros(len(SCALES)), *(fault.mean_m for fault in FAULTS)])
VARIANCES_M2 = np.array([*np.zeros(len(SCALES)), *(fault.sigma_m**2 for fault in FAULTS)])
CLASSES = MEANS_M.size
MIXING = 0x9E3779B97F4A7C15  # odd: its powers tell sensors apart in 64 bits


@dataclass(frozen=True, slots=True, eq=False)
class Hypotheses:
    """fault : (h, s), 0 good, else 1 + number in FAULTS; scale : (h,) number in SCALES."""

    fault: NDArray[np.int8]
    scale: NDArray[np.int8]

    def __getitem__(self, kept: NDArray[np.bool_] | NDArray[np.int64] | slice) -> "Hypotheses":
        return Hypotheses(self.fault[kept], self.scale[kept])

    @property
    def log_share(self) -> Floats:
        by_number = _log_share_of_number(self.fault.shape[1])
        return np.asarray(
            by_number[np.count_nonzero(self.fault, axis=1)]
            + LOG_SHARES[self.fault].sum(axis=1)
            + SCALE_LOGS[self.scale]
        )

    @property
    def chosen(self) -> Floats:
        """(h, c, s): 1 for the class of each sensor."""
        number = np.where(self.fault == 0, self.scale[:, None], self.fault + len(SCALES) - 1)
        return np.asarray(number[:, None, :] == np.arange(CLASSES)[:, None], np.float64)

    @property
    def name(self) -> NDArray[np.uint64]:
        """(h,): the same of two that are the same."""
        powers = [pow(MIXING, k, 1 << 64) for k in range(1, self.fault.shape[1] + 1)]
        return np.asarray(self.fault.astype(np.uint64) @ np.array(powers, np.uint64) + self.scale.astype(np.uint64))

    def without(self, known: "Hypotheses") -> "Hypotheses":
        """Each once, and none that is known."""
        name, first = np.unique(self.name, return_index=True)
        return self[np.sort(first[~np.isin(name, known.name)])]

    def and_more(self, more: "Hypotheses") -> "Hypotheses":
        return Hypotheses(np.concatenate([self.fault, more.fault]), np.concatenate([self.scale, more.scale]))

    @property
    def children(self) -> "Hypotheses":
        """One more wrong sensor, in every way; at most half of them."""
        count, sensors = self.fault.shape
        changed = np.arange(sensors)
        fault = np.repeat(self.fault[:, None, None, :], sensors, 1).repeat(FAULTY, 2)
        was_good = fault[:, changed, :, changed] == 0  # (s, h, f)
        fault[:, changed, :, changed] = np.arange(1, FAULTY + 1, dtype=np.int8)
        few = np.count_nonzero(fault, axis=3) <= (sensors + 1) // 2
        valid = np.moveaxis(was_good, 0, 1) & few
        scale = np.broadcast_to(self.scale[:, None, None], (count, sensors, FAULTY))
        return Hypotheses(fault[valid], scale[valid])


@cache
def simplest(sensors: int) -> Hypotheses:
    """Nothing wrong, at each scale; one sensor wrong, in every way."""
    whole = Hypotheses(np.zeros((len(SCALES), sensors), np.int8), np.arange(len(SCALES), dtype=np.int8))
    return whole.and_more(whole[:1].children)


def pairs(sensors: int) -> Hypotheses:
    """Two wrong in the broadest way: no chain of single faults may lead there."""
    first, second = np.triu_indices(sensors, 1)
    fault = np.zeros((first.size, sensors), np.int8)
    fault[np.arange(first.size), first] = fault[np.arange(first.size), second] = LAST_FAULT
    few = fault[[sensors > 3] * first.size]
    return Hypotheses(few, np.zeros(few.shape[0], np.int8))


def half_wrong(sensors: int) -> Hypotheses:
    """One: every second sensor in the broadest way."""
    fault = np.zeros((1, sensors), np.int8)
    fault[0, : sensors // 2] = LAST_FAULT
    return Hypotheses(fault, np.zeros(1, np.int8))


def variances_m2(sigma_m: Floats) -> Floats:
    """Of every class of every sensor: (c, s)."""
    own = np.concatenate([np.outer(SCALE_FACTORS**2, sigma_m**2), np.tile(sigma_m**2, (FAULTY, 1))])
    return np.asarray(VARIANCES_M2[:, None] + own)


@cache
def _log_share_of_number(sensors: int) -> Floats:
    """Of so many sensors being wrong, certain ones: (sensors + 1,)."""
    wrong = np.arange(sensors + 1)
    return np.asarray(
        betaln(wrong + WRONG_SENSORS, sensors - wrong + RIGHT_SENSORS) - betaln(WRONG_SENSORS, RIGHT_SENSORS)
    )
