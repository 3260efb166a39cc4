"""On the air by the clock: an unlicensed carrier that comes and goes at the same hours each day, or a licensed one that
is on when its licence says it is off.

Why: 黑广播 run by timer switches, mostly from evening to morning, when nobody watches. Hours are learnt over the days.
Innocent: a community station of another list, a test transmitter; a licensed station that leaves its carrier on at
night, or whose hours in the list are old: that is no crime, and weighs little.
"""

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.hours import DAY_MIN, open_at, parse_hours
from dsp.signatures.licences import HOURS_SLACK_MIN, FmLicence
from dsp.signatures.on_air_week import CELLS, HOURS, OnAirWeek, outside, timetable
from dsp.signatures.scene import LICENCE_REACH_HZ, FmScene

NAME, VERSION = "fm_schedule", 1
LEAST_OUTSIDE_H = 4
TIMER_DB, UNLIKE_DB = 6.0, 5.0


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    record = scene.record(station)
    if record is None or record.week is None or not scene.licences.fm:
        return None
    if scene.licences.near(station.freq_hz, LICENCE_REACH_HZ):
        return _unlike(scene.licensed(station), record.week)
    found = timetable(record.week)
    if found is None:
        return None
    return _finding("timer", TIMER_DB, text=found.text, hours=(found.off_h - found.on_h) % HOURS, days=found.days)


def _unlike(licences: tuple[FmLicence, ...], week: OnAirWeek) -> Finding | None:
    if not licences or any(each.hours is None for each in licences):
        return None
    opened = tuple(any(cells) for cells in zip(*(open_cells(each) for each in licences), strict=True))
    hours = outside(week, opened)
    if hours < LEAST_OUTSIDE_H:
        return None
    return _finding("unlike_licence", UNLIKE_DB, text=licences[0].hours or "", hours=hours, days=0)


def open_cells(licence: FmLicence) -> tuple[bool, ...]:
    """Of each hour of the week of UTC, whether any part of it lies in the licence's hours."""
    if licence.hours is None:
        return (True,) * CELLS
    windows, offset_min = parse_hours(licence.hours), 60.0 * (licence.utc_offset_h or 0.0)
    cells = []
    for cell in range(CELLS):
        minute = (60 * cell + 30 + offset_min) % (7 * DAY_MIN)
        cells.append(open_at(windows, int(minute // DAY_MIN), minute % DAY_MIN, HOURS_SLACK_MIN + 30.0))
    return tuple(cells)


def _finding(variant: str, weight_db: float, *, text: str, hours: int, days: int) -> Finding:
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.BEHAVIOUR,
        weight_db=weight_db,
        variant=variant,
        evidence={"hours": text, "hours_a_day": hours, "days": days, "kind": variant},
        baseline_n=days or hours,
    )
