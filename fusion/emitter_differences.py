"""Time differences of emitters in the world: of GSM suspects from the frames that reports tell; and those measured."""

from collections.abc import Iterable, Sequence

import msgspec

from dsp.gsm.values import GsmCell
from fusion.frame_arrival import arrival_of, kept
from fusion.gsm_differences import CLOCK_METHOD, METHOD, GsmDifferences, gsm_clock_differences, gsm_differences
from fusion.gsm_looks import Reference
from fusion.licences import known_cell
from fusion.values import ArrivalDifference, Emitter, FiledReport, Rules

LISTED_SIGMA_M = 10.0  # how well an operator's list says where an antenna is
MOST_SOLVED_SIGMA_M = 100.0  # of a cell that was itself located, to be a reference
MOST_DIFFERENCES = 240
SUSPECT_DB = 10.0


def with_arrival(emitter: Emitter, filed: FiledReport, heard: object) -> Emitter:
    """The emitter with when its frame came in this report."""
    arrival = arrival_of(filed, heard) if isinstance(heard, GsmCell) else None
    return emitter if arrival is None else msgspec.structs.replace(emitter, arrivals=kept(emitter.arrivals, arrival))


def with_gsm_differences(emitter: Emitter, among: Iterable[Emitter], rules: Rules) -> Emitter:
    """With differences from its latest frames, in the place of those that the same looks gave before."""
    if emitter.service != "gsm" or len({a.sensor for a in emitter.arrivals}) < 2:
        return emitter
    found = gsm_differences(emitter.arrivals, references(emitter, among, rules))
    by_clock = gsm_clock_differences(emitter.arrivals)
    emitter = _replaced(emitter, found, METHOD)
    return _replaced(emitter, by_clock, CLOCK_METHOD) if by_clock.differences else emitter


def references(suspect: Emitter, among: Iterable[Emitter], rules: Rules) -> tuple[Reference, ...]:
    """Cells heard lately whose places are known: from the list, or because they were located themselves."""
    since_ns = min(a.time_utc_ns for a in suspect.arrivals)
    near = (e for e in among if e.service == "gsm" and e.id != suspect.id and e.arrivals)
    lately = (e for e in near if e.arrivals[-1].time_utc_ns >= since_ns)
    return tuple(found for e in lately if (found := _reference(e, rules)) is not None)


def _reference(emitter: Emitter, rules: Rules) -> Reference | None:
    row = known_cell(rules.licences, emitter) if emitter.licensed else None
    if row is not None and row.lat_deg is not None and row.lon_deg is not None:
        return Reference(emitter.id, row.lat_deg, row.lon_deg, LISTED_SIGMA_M, emitter.arrivals)
    fix = emitter.fix
    suspected = any(s.finding.weight_db >= SUSPECT_DB for s in emitter.findings)
    if suspected or fix is None or fix.lat_deg is None or fix.lon_deg is None or fix.covariance_m2 is None:
        return None
    sigma_m = max(fix.covariance_m2[0], fix.covariance_m2[2]) ** 0.5
    if not fix.differences or sigma_m > MOST_SOLVED_SIGMA_M:
        return None
    return Reference(emitter.id, fix.lat_deg, fix.lon_deg, sigma_m, emitter.arrivals)


def with_differences(emitter: Emitter, new: Sequence[ArrivalDifference]) -> Emitter:
    """With these added; the oldest go."""
    ordered = sorted((*emitter.differences, *new), key=lambda d: d.time_utc_ns)
    return msgspec.structs.replace(emitter, differences=tuple(ordered)[-MOST_DIFFERENCES:])


def _replaced(emitter: Emitter, found: GsmDifferences, method: str) -> Emitter:
    if found.since_utc_ns is None:
        return emitter
    older = tuple(d for d in emitter.differences if d.method != method or d.time_utc_ns < found.since_utc_ns)
    return with_differences(msgspec.structs.replace(emitter, differences=older), found.differences)
