"""What a look teaches a cell's record, and what not: another transmitter in the cell's place teaches nothing."""

import math
from dataclasses import dataclass

from dsp.gsm.values import GsmCell
from dsp.signatures.carrier_memory import FEW, CarrierMemory, middle_and_sigma_ppm, with_carrier, with_last
from dsp.signatures.hour_ring import HourRing, covers_a_day, due, passed_over, usual, with_sample
from dsp.signatures.oscillator import Oscillator, carrier_ppm, carrier_sigma_ppm

ODD_Z, LEAST_SIGMA_DB = 6.0, 1.5
ODD_CARRIER_PPM = 0.3
MOST_ODD = 504  # samples in a row that were too odd to be learnt, a week of them: the antenna was moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a record is told besides the cell itself."""

    now_ns: int
    clock_ns: float = 0.0  # of the sensor's clock against the cells'
    clock_sure: bool = False  # by other cells of this very look
    confirmed_ns: int | None = None  # when cells of an earlier look last agreed on it
    oscillator: Oscillator | None = None
    doubted: bool = False
    suspected: bool = False
    missed: int = 0  # looks at its channel in vain since it was last heard


def strength(cell: GsmCell) -> float:
    return cell.level_dbm if cell.level_dbm is not None else cell.cnr_db


def wall_ns(cell: GsmCell, now_ns: int) -> int:
    """For the hour of the day: the sensor's clock where it has one."""
    return now_ns if cell.frame_time_utc_ns is None else cell.frame_time_utc_ns


def learnt_carrier(old: CarrierMemory | None, cell: GsmCell, look: Look) -> CarrierMemory | None:
    """Against the oscillator as all recent cells show it; a carrier far off its own usual place teaches nothing."""
    lo = look.oscillator
    if lo is None:
        return old
    deviation_ppm = carrier_ppm(cell) - lo.ppm
    sigma_ppm = math.hypot(lo.sigma_ppm, carrier_sigma_ppm(cell))
    if not _odd_carrier(old, deviation_ppm):
        old = with_carrier(old, deviation_ppm=deviation_ppm, sigma_ppm=sigma_ppm, now_ns=look.now_ns)
    if old is None:
        return None
    return with_last(old, deviation_ppm=deviation_ppm, sigma_ppm=sigma_ppm, now_ns=look.now_ns)


def _odd_carrier(old: CarrierMemory | None, deviation_ppm: float) -> bool:
    if old is None or len(old.ppb) < FEW:
        return False
    middle, sigma = middle_and_sigma_ppm(old)
    return old.jumped_ns is not None or abs(deviation_ppm - middle) > max(ODD_CARRIER_PPM, ODD_Z * sigma)


def learnt_ring(
    ring: HourRing | None, value_db: float, wall: int, odd: int, *, below: bool
) -> tuple[HourRing | None, int]:
    """A value far above the usual one (or below, where that is asked) is another transmitter's until it has been there
    for a week: a copy must not teach the baseline by which it is told. `odd` counts such values."""
    if not due(ring, wall):
        return ring, odd
    baseline = usual(ring, wall) if ring is not None and covers_a_day(ring) else None
    if ring is None or baseline is None:
        return with_sample(ring, value_db, wall), 0
    away_db = value_db - baseline.middle_db
    if (abs(away_db) if below else away_db) < ODD_Z * max(baseline.sigma_db, LEAST_SIGMA_DB):
        return with_sample(ring, value_db, wall), 0
    if odd + 1 >= MOST_ODD:
        return with_sample(None, value_db, wall), 0
    return passed_over(ring, wall), odd + 1
