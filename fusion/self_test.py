"""Are the sensors what they claim to be? Every licensed emitter is known, so each of them tests every sensor.

For each sensor the others' links teach what the town is like, and four things are asked of its own levels, each as a
ratio of likelihoods or as sigmas, so that ordinary shadowing answers no:

    site        does another place explain its levels better than the place it claims?  (moved, or GPS elsewhere)
    gain        has all it hears fallen together?  (antenna gone)
    scatter     do its levels follow any place at all?  (made up, or a broken receiver)
    clock       do its arrival times of licensed emitters fit their sites?

One odd emitter is that emitter's shadow; only many at once speak against a sensor. A sensor that is left out stays so
until it is clearly well again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from shapely.geometry import Point, Polygon

from fusion.calibration import KnownEmitter, known_emitters, links_of
from fusion.locate.calibrate import KnownLink, learn
from fusion.locate.evidence import Evidence
from fusion.locate.geo import Plane, distance_m
from fusion.locate.joint import locate
from fusion.locate.power import Propagation, propagation
from fusion.self_test_clock import ClockError, clock_errors
from fusion.self_test_sensor import NEAR_SITE_M, Doubts, Links, Town, alike, doubts
from fusion.self_test_values import EmitterTest, SelfTest, SensorTest, UsualLevel
from fusion.values import Emitter, Fix, Rules

LEAST_LINKS = 5  # fewer licensed emitters do not judge a sensor
OUT_NATS, BACK_NATS = 7.0, 3.0  # evidence that leaves a sensor out; below the second it may come back
MOST_LOCATED = 60  # emitters of a service, so that a night's test stays short
DAY_NS = 86_400 * 10**9
RECENT_NS = 6 * 3600 * 10**9
LEVELS_KEPT = 200  # of one sensor, as what was usual
GOOD_NIGHTS = 2  # in a row, before a sensor that was left out is let back
STANDS_M = 300.0  # a sensor that goes farther is a vehicle: its place is not one to be tested
SURE_NATS = 12.0  # of a sensor that contradicts what it used to say
FORGET_NIGHTS = 14  # after so many what it used to say is taken from what it says now


@dataclass(frozen=True, slots=True)
class _Heard:
    """What one sensor says of itself. levels: (emitter, dBm) of what it heard."""

    name: str
    links: int
    place: tuple[float, float]
    levels: tuple[tuple[str, float], ...]

    @property
    def usual(self) -> tuple[UsualLevel, ...]:
        return tuple(UsualLevel(emitter=e, level_dbm=v) for e, v in self.levels[:LEVELS_KEPT])


def self_test(
    emitters: Iterable[Emitter], rules: Rules, *, now_ns: int, before: SelfTest | None = None
) -> SelfTest | None:
    """None when no licensed emitter of known site and power was heard within the day."""
    held, since_ns = list(emitters), now_ns - DAY_NS
    last = {test.sensor: test for test in before.sensors} if before else {}
    sensors: dict[str, SensorTest] = {}
    located: list[EmitterTest] = []
    for service in ("gsm", "fm"):
        known = list(known_emitters(held, service, rules))
        links = [link for each in known for link in links_of(each, since_ns=since_ns)]
        if not links:
            continue
        for test in _sensor_tests(service, known, links, last, since_ns):
            sensors[test.sensor] = _graver(sensors.get(test.sensor), test)
        out = {name for name, test in sensors.items() if test.why not in (None, "clock")}
        located += _located(known, links, rules, out, now_ns)
    if not sensors:
        return None
    return SelfTest(time_utc_ns=now_ns, sensors=tuple(sensors[k] for k in sorted(sensors)), emitters=tuple(located))


def _graver(one: SensorTest | None, other: SensorTest) -> SensorTest:
    return other if one is None or other.evidence_nats > one.evidence_nats else one


def _sensor_tests(
    service: str,
    known: Sequence[KnownEmitter],
    links: Sequence[KnownLink],
    last: Mapping[str, SensorTest],
    since_ns: int,
) -> list[SensorTest]:
    """Each sensor against what those sensors teach that are not doubted themselves: the oddest is judged first."""
    prior = propagation(service, float(np.median([each.freq_hz for each in known])))
    clocks = clock_errors(known, since_ns)
    doubted: set[str] = set()
    names = sorted({link.sensor for link in links})
    for _ in range(len(names)):
        trusted = [link for link in links if link.sensor not in doubted]
        tests = [_sensor_test(name, known, (links, trusted), prior, last.get(name)) for name in names]
        new = [t for t in tests if t.why is not None and t.sensor not in doubted]
        if not new:
            break
        doubted.add(max(new, key=lambda t: t.evidence_nats).sensor)
    return [_with_clock(test, clocks.get(test.sensor)) for test in tests]


def _sensor_test(
    name: str,
    known: Sequence[KnownEmitter],
    links: tuple[Sequence[KnownLink], Sequence[KnownLink]],
    prior: Propagation,
    last: SensorTest | None,
) -> SensorTest:
    """links : all, and those of sensors that are not doubted."""
    every, trusted = links
    mine = [link for link in every if link.sensor == name]
    place = _claimed(name, known)
    levels = tuple((link.emitter, link.level_dbm) for link in mine if link.heard)
    if len(mine) < LEAST_LINKS or place is None:
        return _carried_on(name, len(mine), last)
    town = learn([link for link in trusted if link.sensor != name], prior)
    usual_gain = last.level_error_db if last is not None and last.why is None else None
    said = doubts(_links(mine, known, place, prior), Town.of(town, prior), usual_gain_db=usual_gain)
    return _verdict(_Heard(name, len(mine), place, levels), said, last)


def _claimed(name: str, known: Sequence[KnownEmitter]) -> tuple[float, float] | None:
    """Where the sensor says it stands, by its latest sighting; None of one that moves about."""
    mine = [s for each in known for s in each.emitter.sightings if s.sensor == name and s.lat_deg is not None]
    if not mine:
        return None
    newest = max(mine, key=lambda s: s.time_utc_ns)
    recent = [s for s in mine if newest.time_utc_ns - s.time_utc_ns < RECENT_NS]
    place = newest.lat_deg or 0.0, newest.lon_deg or 0.0
    if any(distance_m(place, (s.lat_deg or 0.0, s.lon_deg or 0.0)) > STANDS_M for s in recent):
        return None
    return place


def _links(
    mine: Sequence[KnownLink], known: Sequence[KnownEmitter], place: tuple[float, float], prior: Propagation
) -> Links:
    sites = {each.id: (each.lat_deg, each.lon_deg) for each in known}
    lat, lon = np.array([sites[link.emitter] for link in mine]).T
    base = [link.level_dbm - link.eirp_dbm + prior.reference_loss_db for link in mine]
    levels = np.array([link.level_dbm for link in mine])
    return Links(levels, *Plane(*place).to_metres(lat, lon), np.array(base), np.array([link.heard for link in mine]))


def _verdict(heard: _Heard, said: Doubts, last: SensorTest | None) -> SensorTest:
    reason, nats = _strongest(said, heard, last)
    why, good = _kept_out(reason, nats, last)
    out = 0 if why is None else 1 + (last.nights_out if last else 0)
    keeps = why is None or last is None or out > FORGET_NIGHTS
    usual = heard.usual if keeps or last is None else last.usual
    lat, lon = heard.place if keeps or last is None else (last.lat_deg, last.lon_deg)
    return SensorTest(
        sensor=heard.name,
        links=heard.links,
        why=why,
        level_error_db=said.gain_db,
        level_sigma_db=said.gain_sigma_db,
        site_error_m=said.site_error_m if said.site_nats > 0.0 else None,
        scatter_db=said.scatter_db,
        evidence_nats=nats,
        good_nights=good,
        nights_out=out,
        lat_deg=lat,
        lon_deg=lon,
        usual=usual,
    )


def _kept_out(reason: str, nats: float, last: SensorTest | None) -> tuple[str | None, int]:
    """(why it is left out, clearly good nights since): out by strong evidence, back after good nights."""
    if nats >= OUT_NATS:
        return reason, 0
    if last is None or last.why is None:
        return None, 0
    good = last.good_nights + 1 if nats < BACK_NATS else 0
    return (None, 0) if good >= GOOD_NIGHTS else (last.why, good)


def _strongest(said: Doubts, heard: _Heard, last: SensorTest | None) -> tuple[str, float]:
    """Why, and how surely."""
    site = said.site_nats if said.site_error_m > NEAR_SITE_M else 0.0
    changed, why = _against_usual(heard, last)
    if changed and why == "moved" and said.scatter_nats > BACK_NATS:
        why = "levels"  # no place explains them
    found = {"antenna": said.gone_nats, "levels": said.scatter_nats}
    found[why] = max(found.get(why, 0.0), site, SURE_NATS if changed else 0.0)
    if said.gone_nats >= OUT_NATS:  # what is left under such a fall has no scatter of its own
        return "antenna", said.gone_nats
    strongest = max(found, key=lambda key: found[key])
    return strongest, found[strongest]


def _against_usual(heard: _Heard, last: SensorTest | None) -> tuple[bool, str]:
    """Whether what it says contradicts what it used to say, and what is then wrong if it is not where it claims.

    Levels as always and another place: it claims to be elsewhere. The same place and other levels: it was carried
    away. Another place and other levels: it moved and says so.
    """
    if last is None or last.lat_deg is None or last.lon_deg is None:
        return False, "site"
    went = distance_m((last.lat_deg, last.lon_deg), heard.place) > NEAR_SITE_M / 2
    same = alike(heard.levels, [(u.emitter, u.level_dbm) for u in last.usual])
    if went:
        return same is True, "site" if same is False else "position"
    return same is False, "moved" if same is False else "site"


def _carried_on(name: str, links: int, last: SensorTest | None) -> SensorTest:
    """Too little to judge: as it was."""
    return SensorTest(sensor=name, links=links) if last is None else msgspec.structs.replace(last, links=links)


def _with_clock(test: SensorTest, clock: ClockError | None) -> SensorTest:
    """Late alike of all emitters: the clock. Of each another: the place, if no level said so yet."""
    if clock is None:
        return test
    told = msgspec.structs.replace(test, clock_error_s=clock.error_s, clock_sigma_s=clock.sigma_s)
    if test.why is not None or not clock.wrong:
        return told
    return msgspec.structs.replace(told, why="site" if clock.scattered else "clock")


def _located(
    known: Sequence[KnownEmitter], links: Sequence[KnownLink], rules: Rules, out: set[str], now_ns: int
) -> Iterator[EmitterTest]:
    """Each as if nobody knew it: calibrated on the others only, by sensors that are not left out."""
    trusted = [link for link in links if link.sensor not in out]
    for each in sorted(known, key=lambda k: k.id)[:MOST_LOCATED]:
        prior = propagation(each.service, each.freq_hz)
        learnt = learn([link for link in trusted if link.emitter != each.id], prior)
        seen = (s for s in each.emitter.sightings if now_ns - s.time_utc_ns <= DAY_NS and s.sensor not in out)
        fix = locate(Evidence(tuple(seen)), prior=prior, area=rules.area, time_utc_ns=now_ns, learnt=learnt)
        if fix is not None:
            yield _emitter_test(each, fix)


def _emitter_test(each: KnownEmitter, fix: Fix) -> EmitterTest:
    site = each.lat_deg, each.lon_deg
    point = None if fix.lat_deg is None or fix.lon_deg is None else (fix.lat_deg, fix.lon_deg)
    return EmitterTest(
        emitter=each.id,
        name=each.name,
        service=each.service,
        freq_hz=each.freq_hz,
        sensors=fix.sensors,
        error_m=None if point is None else distance_m(site, point),
        area_km2=fix.area_km2,
        held=any(Polygon(ring).contains(Point(site)) for ring in fix.region),
    )
