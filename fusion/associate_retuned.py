"""A rogue that comes back under another channel, colour and name: the one that fell silent as the new one appeared.

Numbers are decibels of likelihood against its being a stranger. The frame clock that runs on settles it. After a
restart there are the carrier, by so many millionths beside the network's, the levels at the sensor that heard both, the
operator that is copied and what is set up alike.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from dsp.gsm.values import GsmCell
from fusion.gsm_clock import same_frame_clock
from fusion.values import Emitter, Latest

SUSPECT_DB = 10.0
SOON_NS = 90 * 10**9
LEAST_DB, LEAD_DB = 15.0, 5.0
GOES_ON_DB, RESTARTED_DB = 35.0, -3.0
SAME_OPERATOR_DB, OTHER_OPERATOR_DB = 4.0, -4.0
SPREAD_PPM, ORDINARY_PPM, DRIFT_PPM = 1.0, 0.15, 0.04  # of rogues' carriers; of licensed cells; of one in minutes
LEVEL_SIGMA_DB, LEVEL_SPREAD_DB = 7.0, 18.0
SET_UP = (
    *("t3212", "rxlev_access_min", "cell_reselect_hysteresis_db", "cell_reselect_offset_db", "radio_link_timeout"),
    *("ms_txpwr_max_cch", "bs_ag_blks_res", "max_retrans", "tx_integer", "cell_barred", "ncc_permitted"),
)
ALIKE_DB, UNLIKE_DB = 1.0, -2.5
MOST_SET_UP_DB = 6.0


def associate_retuned(
    emitters: Iterable[Emitter], new: Latest, present: Sequence[GsmCell], *, step_ns: float | None
) -> Emitter | None:
    """`present` : all cells of the report, in which the old one must be missing. None where two are about as likely."""
    cell = new.heard
    if not isinstance(cell, GsmCell):
        return None
    silent = [e for e in emitters if _suspect(e) and not any(_is(e, other) for other in present)]
    scored = [(score, e.id, e) for e in silent if (score := _score_db(e, new, cell, step_ns)) >= LEAST_DB]
    scored.sort(key=lambda item: item[:2], reverse=True)
    if len(scored) > 1 and scored[0][0] - scored[1][0] < LEAD_DB:
        return None
    return scored[0][2] if scored else None


def _suspect(emitter: Emitter) -> bool:
    accused = any(s.finding.weight_db >= SUSPECT_DB for s in emitter.findings)
    return emitter.service == "gsm" and not emitter.licensed and accused


def _is(emitter: Emitter, cell: GsmCell) -> bool:
    return abs(emitter.freq_hz - cell.freq_hz) < 90e3 and emitter.bsic == cell.bsic


def _score_db(emitter: Emitter, new: Latest, cell: GsmCell, step_ns: float | None) -> float:
    """Only of what the same sensor heard a moment ago and hears no more."""
    old = next((each for each in emitter.latest if each.sensor == new.sensor), None)
    if old is None or not 0 < new.time_utc_ns - old.time_utc_ns <= SOON_NS or not isinstance(old.heard, GsmCell):
        return 0.0
    before = old.heard
    clocks = [same_frame_clock(each, new, step_ns) for each in emitter.latest]
    clock_db = GOES_ON_DB if True in clocks else RESTARTED_DB if False in clocks else 0.0
    same_operator = (before.mcc, before.mnc) == (cell.mcc, cell.mnc)
    operator_db = 0.0 if cell.mcc is None else SAME_OPERATOR_DB if same_operator else OTHER_OPERATOR_DB
    return clock_db + operator_db + _carrier_db(before, cell) + _level_db(before, cell) + _set_up_db(before, cell)


def _carrier_db(before: GsmCell, cell: GsmCell) -> float:
    """How alike two carriers stand beside the network's. What is as good as the network's proves nothing."""
    a, b = before.relative_offset_ppm, cell.relative_offset_ppm
    if a is None or b is None:
        return 0.0
    own = [s for s in (before.relative_offset_sigma_ppm, cell.relative_offset_sigma_ppm) if s is not None]
    sigma = float(np.sqrt(sum(s**2 for s in own) + DRIFT_PPM**2))
    same = _normal_db(a - b, sigma) - _normal_db(b, float(np.hypot(SPREAD_PPM, sigma)))
    ordinary = max(abs(a), abs(b)) < ORDINARY_PPM
    return float(np.clip(same, -20.0, 0.0 if ordinary else 13.0))


def _level_db(before: GsmCell, cell: GsmCell) -> float:
    if before.level_dbm is not None and cell.level_dbm is not None:
        change = cell.level_dbm - before.level_dbm
    else:
        change = cell.cnr_db - before.cnr_db
    return float(np.clip(_normal_db(change, LEVEL_SIGMA_DB) - _normal_db(change, LEVEL_SPREAD_DB), -10.0, 5.0))


def _normal_db(off: float, sigma: float) -> float:
    return float(10 / np.log(10) * (-0.5 * (off / sigma) ** 2 - np.log(sigma)))


def _set_up_db(before: GsmCell, cell: GsmCell) -> float:
    pairs = [(getattr(before, name), getattr(cell, name)) for name in SET_UP]
    known = [a == b for a, b in pairs if a is not None and b is not None]
    return min(MOST_SET_UP_DB, sum(ALIKE_DB if alike else UNLIKE_DB for alike in known))
