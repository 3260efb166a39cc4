"""How much later one sensor hears a suspect GSM cell than another, their clocks compared on cells of known place.

Each sensor tells when frames of suspect and reference came, by one sample clock: whatever that clock does, it does to
both. What is left is suspect minus reference: the two cells' own clocks against each other, a line in time that is the
same for all sensors, and the paths. Sensors that look at different times are joined by that line.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from fusion.gsm_clock_line import Fit, fit_lines
from fusion.gsm_looks import (
    AT_ONCE_NS,
    UNIFORM,
    Look,
    Reference,
    Refused,
    identity,
    looks_by_clock,
    looks_of,
    newer_half,
    one_clock,
    span_ns,
    whole_occasions,
)
from fusion.locate.assumptions import LIGHT_M_S
from fusion.values import ArrivalDifference, FrameArrival

__all__ = [
    "CLOCK_METHOD",
    "METHOD",
    "GsmDifferences",
    "Reference",
    "Refused",
    "gsm_clock_differences",
    "gsm_differences",
]

METHOD, CLOCK_METHOD = "gsm_reference", "gnss"
MOST_SIGMA_S = 1e-6
_SURE_CHI2 = 8.0  # a degree of freedom: beyond, a clock stepped and older looks are forgotten
_MOST_REPORTS = 16
_OUTLIERS_IN, _MENDED = 10, 0.5  # one look of so many may be left out, if the misfit falls to this share


@dataclass(frozen=True, slots=True)
class GsmDifferences:
    """since_utc_ns : of the oldest look that was used"""

    differences: tuple[ArrivalDifference, ...]
    refused: tuple[Refused, ...]
    since_utc_ns: int | None = None


def gsm_differences(suspect: Sequence[FrameArrival], references: Sequence[Reference]) -> GsmDifferences:
    """Between every two places at which the suspect was heard beside a reference."""
    looks, places, refused = looks_of(suspect, references)
    return _differences(looks, places, references, refused, method=METHOD)


def gsm_clock_differences(suspect: Sequence[FrameArrival]) -> GsmDifferences:
    """Between sensors whose clocks are set by satellites; differences of all others are refused."""
    looks, places, refused = looks_by_clock(suspect)
    sigma_ns = max((look.arrival.time_sigma_ns or 0 for look in looks), default=0)
    clock = Reference("gnss", 0.0, 0.0, sigma_ns * 1e-9 * LIGHT_M_S, ())
    return _differences(looks, places, [clock], refused, method=CLOCK_METHOD)


def _differences(
    looks: list[Look],
    places: Sequence[Sequence[FrameArrival]],
    references: Sequence[Reference],
    refused: list[Refused],
    *,
    method: str,
) -> GsmDifferences:
    looks, other_clock = one_clock(whole_occasions(looks))
    refused += [Refused("other_clock", name) for name in sorted({look.arrival.sensor for look in other_clock})]
    if not looks:
        return GsmDifferences((), (*refused, Refused("no_reference")))
    if len({look.place for look in looks}) < 2:
        return GsmDifferences((), (*refused, Refused("one_place")))
    looks, fit = _without_outliers(looks, references)
    while fit.chi2 > _SURE_CHI2 and (newer := newer_half(looks)) is not None:
        looks = newer
        fit = fit_lines(looks, references)
        refused.append(Refused("clock_stepped"))
    if fit.chi2 > _SURE_CHI2 and span_ns(looks) > AT_ONCE_NS:  # the rest of this occasion is still to come
        return GsmDifferences((), (*refused, Refused("unsteady")))
    names = tuple(sorted({references[look.reference].name for look in looks})) if method == METHOD else ()
    told, unsure = _told(fit, looks, places, names, method)
    since_ns = min(look.arrival.time_utc_ns for look in looks)
    return GsmDifferences(told, (*refused, *unsure), since_ns)


def _without_outliers(looks: list[Look], references: Sequence[Reference]) -> tuple[list[Look], Fit]:
    """A look now and then is far off, its sigma none the wiser: left out when that mends most of the misfit."""
    fit = fit_lines(looks, references)
    for _ in range(max(1, len({identity(look.arrival) for look in looks}) // _OUTLIERS_IN)):
        kept = [look for look in looks if identity(look.arrival) != fit.worst]
        if fit.chi2 <= _SURE_CHI2 or len({look.place for look in kept}) < len(fit.places):
            break
        again = fit_lines(kept, references)
        if again.chi2 > _MENDED * fit.chi2:
            break
        looks, fit = kept, again
    return looks, fit


def _told(
    fit: Fit,
    looks: Sequence[Look],
    places: Sequence[Sequence[FrameArrival]],
    names: tuple[str, ...],
    method: str,
) -> tuple[tuple[ArrivalDifference, ...], tuple[Refused, ...]]:
    out: list[ArrivalDifference] = []
    refused: list[Refused] = []
    # one fit, one time: where the suspect was in the middle of it, should it drive
    middle_ns = int(np.median([look.arrival.time_utc_ns for look in looks]))
    heard = [[look.arrival for look in looks if look.place == place] for place in fit.places]
    for i, j in combinations(range(len(fit.places)), 2):
        sigma_s = math.sqrt(fit.variance_s2(i, j) + _echo_s2(heard[i]) + _echo_s2(heard[j]))
        a, b = (places[fit.places[k]][0] for k in (i, j))
        if sigma_s > MOST_SIGMA_S:
            refused.append(Refused("too_unsure", f"{a.sensor}-{b.sensor}"))
        elif a.sensor != b.sensor:
            reports = tuple(sorted({identity(x) for x in (*heard[i], *heard[j])}))
            out.append(
                ArrivalDifference(
                    sensor_a=a.sensor,
                    sensor_b=b.sensor,
                    lat_a_deg=a.lat_deg,
                    lon_a_deg=a.lon_deg,
                    lat_b_deg=b.lat_deg,
                    lon_b_deg=b.lon_deg,
                    position_sigma_m=max(a.position_sigma_m, b.position_sigma_m),
                    difference_s=float(fit.late_s[j] - fit.late_s[i]),
                    sigma_s=sigma_s,
                    time_utc_ns=middle_ns,
                    method=method,
                    references=names,
                    reports=reports[-_MOST_REPORTS:],
                )
            )
    return tuple(out), tuple(refused)


def _echo_s2(heard: Sequence[FrameArrival]) -> float:
    """A path that stands still is wrong alike in every look: its spread does not average out."""
    return UNIFORM * float(np.mean([x.spread_ns for x in heard])) ** 2 * 1e-18
