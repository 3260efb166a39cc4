"""Which station's time difference to measure next, with which sensors, against which licensed station, and when."""

from collections.abc import Mapping

import msgspec

from dsp.fm.values import FmStation
from fusion.licences import holder
from fusion.values import Emitter, Latest, Rules, World

METHOD = "fm_reference"
RATE_HZ, USABLE = 2.4e6, 0.84  # of a window: where both stations must lie whole
CHANNEL_HZ = 200e3
SECONDS = 1.2
HEARD_NS = 60 * 10**9
LEAST_CNR_DB = 8.0
MOST_SENSORS, LEAST_SENSORS = 4, 2  # six pairs
AHEAD_NS = 6 * 10**9  # for a task to reach its sensor
EVERY_NS = 60 * 10**9
SETTLED, SETTLED_EVERY_NS = 40, 600 * 10**9  # differences of one that stands still: more say little more
BESIDE_CENTRE_HZ = 60e3  # a station must not lie on the receiver's own centre


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One moment that several sensors are asked to hear: target and reference in one window."""

    emitter_id: str
    freq_hz: float
    reference_id: str
    reference_hz: float
    reference_lat_deg: float
    reference_lon_deg: float
    sensors: tuple[str, ...]
    centre_hz: float
    rate_hz: float
    seconds: float
    at_utc_ns: int


def next_difference(world: World, rules: Rules, *, now_ns: int, asked_ns: Mapping[str, int]) -> Asked | None:
    """For the suspect that waits longest. asked_ns : when each emitter was asked about last."""
    suspects = {case.emitter_id for case in world.cases.values() if case.closed_utc_ns is None}
    waiting = [
        emitter
        for key in suspects
        if (emitter := world.emitters.get(key)) is not None
        and emitter.service == "fm"
        and now_ns - asked_ns.get(key, 0) >= _every_ns(emitter)
    ]
    for emitter in sorted(waiting, key=lambda e: (asked_ns.get(e.id, 0), e.id)):
        asked = _asked(emitter, world, rules, now_ns)
        if asked is not None:
            return asked
    return None


def _every_ns(emitter: Emitter) -> int:
    return SETTLED_EVERY_NS if not emitter.moving and len(emitter.differences) >= SETTLED else EVERY_NS


def _asked(emitter: Emitter, world: World, rules: Rules, now_ns: int) -> Asked | None:
    """With the reference that the most of its sensors hear well."""
    heard = _heard_by(emitter, now_ns)
    best: tuple[tuple[int, float], Emitter, tuple[str, ...]] | None = None
    for other in world.emitters.values():
        if not _fits(other, emitter):
            continue
        beside = _heard_by(other, now_ns)
        both = {name: min(heard[name], beside[name]) for name in heard.keys() & beside.keys()}
        sensors = tuple(sorted(both, key=lambda name: (-both[name], name))[:MOST_SENSORS])
        if len(sensors) < LEAST_SENSORS or _place(other, rules, now_ns) is None:
            continue
        worth = (len(sensors), min(both[name] for name in sensors))
        if best is None or worth > best[0]:
            best = worth, other, sensors
    if best is None:
        return None
    _, reference, sensors = best
    place = _place(reference, rules, now_ns)
    assert place is not None
    return Asked(
        emitter_id=emitter.id,
        freq_hz=_nominal_hz(emitter),
        reference_id=reference.id,
        reference_hz=_nominal_hz(reference),
        reference_lat_deg=place[0],
        reference_lon_deg=place[1],
        sensors=sensors,
        centre_hz=_centre_hz(_nominal_hz(emitter), _nominal_hz(reference)),
        rate_hz=RATE_HZ,
        seconds=SECONDS,
        at_utc_ns=now_ns + AHEAD_NS,
    )


def _heard_by(emitter: Emitter, now_ns: int) -> dict[str, float]:
    """Sensors that heard it a moment ago, and how far over the noise."""
    lately = [each for each in emitter.latest if now_ns - each.time_utc_ns <= HEARD_NS and _station(each)]
    return {each.sensor: each.heard.cnr_db for each in lately if each.heard.cnr_db >= LEAST_CNR_DB}


def _station(latest: Latest) -> bool:
    return isinstance(latest.heard, FmStation)


def _fits(other: Emitter, emitter: Emitter) -> bool:
    """In one window with it, and not on its channel."""
    apart_hz = abs(other.freq_hz - emitter.freq_hz)
    within = CHANNEL_HZ <= apart_hz <= USABLE * RATE_HZ - CHANNEL_HZ
    return other.service == "fm" and other.licensed is True and other.id != emitter.id and within


def _place(reference: Emitter, rules: Rules, now_ns: int) -> tuple[float, float] | None:
    """Of the one site its licence names; a network of several sites on the channel has no place."""
    found = holder(rules.licences, reference.freq_hz, now_ns=now_ns, pi=reference.pi)
    if found is None or found.ambiguous or len(found.network) != 1:
        return None
    licence = found.licence
    return None if licence.lat_deg is None or licence.lon_deg is None else (licence.lat_deg, licence.lon_deg)


def _nominal_hz(emitter: Emitter) -> float:
    """On the raster of 50 kHz where it is near it: sensors' oscillators differ, all must cut the same channel."""
    raster_hz = round(emitter.freq_hz / 50e3) * 50e3
    return raster_hz if abs(raster_hz - emitter.freq_hz) < 10e3 else round(emitter.freq_hz / 1e3) * 1e3


def _centre_hz(one_hz: float, other_hz: float) -> float:
    """Half-way between the two, or beside it where one of them lies there."""
    middle_hz = (one_hz + other_hz) / 2
    return middle_hz if abs(one_hz - middle_hz) > CHANNEL_HZ / 2 + BESIDE_CENTRE_HZ else middle_hz + CHANNEL_HZ
