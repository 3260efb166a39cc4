"""From the phases that sensors sent of one moment to time differences between every two of them."""

import math
from collections.abc import Mapping
from itertools import combinations

from dsp.fm.difference_refusals import DifferenceRefused
from dsp.fm.phase_steps import PhaseSteps
from dsp.fm.time_difference import Pair, Search, lone_lag, time_difference
from fusion.difference_ways import IN_TURN_METHOD, METHOD, Asked
from fusion.emitter_differences import LISTED_SIGMA_M
from fusion.gsm_looks import Refused, clock_refused
from fusion.locate.assumptions import LIGHT_M_S
from fusion.locate.geo import Plane
from fusion.values import ArrivalDifference
from wire.phase_snippet import PhaseSnippet
from wire.report import Position

Named = tuple[str, PhaseSnippet]  # the sensor's name, and what it sent
CLOCK_METHOD = "gnss"
_BEYOND_SIGMAS = 5.0  # over what the sensors' distance allows: one of the clocks is not what it says
WITHIN_S = 0.3  # clocks set over the network, and programs that are late: snippets overlap by most of a second
SAME_STATION_HZ = 1e3


def fm_differences(
    asked: Asked, snippets: Mapping[str, PhaseSnippet]
) -> tuple[tuple[ArrivalDifference, ...], tuple[Refused, ...]]:
    """Between every two sensors that answered; by name what could not be had, "first-second" its subject."""
    out: list[ArrivalDifference] = []
    refused = [Refused("no_snippet", name) for name in asked.sensors if name not in snippets]
    refused += [Refused("no_place", name) for name, s in snippets.items() if s.position is None]
    placed = {name: s for name, s in snippets.items() if s.position is not None}
    for a, b in combinations(sorted(placed), 2):
        found = _found(asked, (a, placed[a]), (b, placed[b]))
        if isinstance(found, Refused):
            refused.append(found)
        else:
            out.append(found)
    return tuple(out), tuple(dict.fromkeys(refused))


def _found(asked: Asked, first: Named, second: Named) -> ArrivalDifference | Refused:
    """By the reference; where it gives nothing, or there is none, by clocks that satellites discipline."""
    by_reference: Refused | None = None
    if asked.reference_id is not None:
        try:
            return _difference(asked, first, second)
        except DifferenceRefused as refusal:
            by_reference = Refused(refusal.reason, f"{first[0]}-{second[0]}")
    by_clock = fm_clock_difference(asked.freq_hz, first, second)
    return by_reference if by_reference is not None and isinstance(by_clock, Refused) else by_clock


def fm_clock_difference(freq_hz: float, first: Named, second: Named) -> ArrivalDifference | Refused:
    """Without a reference, for clocks that satellites discipline; all others are refused by name.

    They time a snippet's beginning. Where the sample clocks are seen to run apart, what they count from there on to the
    middle is doubted by as much.
    """
    for name, snippet in (first, second):
        reason = clock_refused(snippet.time_source, snippet.time_sigma_ns)
        if reason is not None:
            return Refused(reason, name)
    (a, one), (b, other) = first, second
    search = _search(one, other)
    try:
        lag = lone_lag(_pairs(one, other, freq_hz), search)
    except DifferenceRefused as refusal:
        return Refused(refusal.reason, f"{a}-{b}")
    counted_s = max(abs(lag.rise) - 2 * lag.rise_sigma, 0.0) * abs(lag.about_s)
    later_s = lag.lag_s + (other.time_utc_ns - one.time_utc_ns) * 1e-9
    clocks_s = math.hypot(one.time_sigma_ns or 0, other.time_sigma_ns or 0) * 1e-9
    sigma_s = math.hypot(lag.sigma_s, clocks_s, counted_s)
    if abs(later_s) > search.most_path_s + _BEYOND_SIGMAS * sigma_s:
        return Refused("beyond_paths", f"{a}-{b}")
    return _told((a, one), (b, other), later_s, sigma_s, method=CLOCK_METHOD)


def _difference(asked: Asked, first: Named, second: Named) -> ArrivalDifference:
    """What target is later than reference, plus what the reference is later by: its place says so."""
    one, other = first[1], second[1]
    assert asked.reference_id is not None and asked.reference_hz is not None
    reference = _pairs(one, other, asked.reference_hz)
    target = _pairs(one, other, asked.freq_hz)
    got = time_difference(reference, target, _search(one, other))
    paths_m, doubt_m = _reference_paths_m(asked, _place(one), _place(other))
    sigma_s = math.hypot(got.sigma_s, doubt_m / LIGHT_M_S)
    method = IN_TURN_METHOD if asked.in_turn_hz else METHOD
    later_s = got.later_s + paths_m / LIGHT_M_S
    return _told(first, second, later_s, sigma_s, method=method, references=(asked.reference_id,))


def _told(
    first: Named,
    second: Named,
    later_s: float,
    sigma_s: float,
    *,
    method: str,
    references: tuple[str, ...] = (),
) -> ArrivalDifference:
    a, b = _place(first[1]), _place(second[1])
    return ArrivalDifference(
        sensor_a=first[0],
        sensor_b=second[0],
        lat_a_deg=a.lat_deg,
        lon_a_deg=a.lon_deg,
        lat_b_deg=b.lat_deg,
        lon_b_deg=b.lon_deg,
        position_sigma_m=max(a.sigma_m, b.sigma_m),
        difference_s=later_s,
        sigma_s=sigma_s,
        time_utc_ns=max(first[1].time_utc_ns, second[1].time_utc_ns),
        method=method,
        references=references,
    )


def _place(snippet: PhaseSnippet) -> Position:
    assert snippet.position is not None
    return snippet.position


def _pairs(one: PhaseSnippet, other: PhaseSnippet, freq_hz: float) -> list[Pair]:
    """The same station's parts, in the order they were heard."""
    return list(zip(_parts(one, freq_hz), _parts(other, freq_hz), strict=False))


def _parts(snippet: PhaseSnippet, freq_hz: float) -> list[PhaseSteps]:
    return [part for part in snippet.parts if abs(part.freq_hz - freq_hz) < SAME_STATION_HZ]


def _search(one: PhaseSnippet, other: PhaseSnippet) -> Search:
    """Where the same moment lies in the second snippet, as far as the two clocks can be trusted."""
    near_s = (one.time_utc_ns - other.time_utc_ns) * 1e-9
    sigmas_s = [3e-9 * (each.time_sigma_ns or 0) for each in (one, other)]
    a, b = _place(one), _place(other)
    apart_m = _metres(a, b.lat_deg, b.lon_deg)
    return Search(near_s, min(max(WITHIN_S, math.hypot(*sigmas_s)), 2.0), apart_m / LIGHT_M_S)


def _metres(place: Position, lat_deg: float, lon_deg: float) -> float:
    east, north = Plane(place.lat_deg, place.lon_deg).to_metres(lat_deg, lon_deg)
    return math.hypot(float(east), float(north))


def _reference_paths_m(asked: Asked, a: Position, b: Position) -> tuple[float, float]:
    """By how much the reference's path to b is longer than to a; and its sigma, for lists are not exact."""
    assert asked.reference_lat_deg is not None and asked.reference_lon_deg is not None
    plane = Plane(asked.reference_lat_deg, asked.reference_lon_deg)
    (east_a, north_a), (east_b, north_b) = (plane.to_metres(x.lat_deg, x.lon_deg) for x in (a, b))
    to_a, to_b = math.hypot(float(east_a), float(north_a)), math.hypot(float(east_b), float(north_b))
    cosine = float(east_a * east_b + north_a * north_b) / max(to_a * to_b, 1.0)
    return to_b - to_a, LISTED_SIGMA_M * math.sqrt(max(2 - 2 * cosine, 0.0))
