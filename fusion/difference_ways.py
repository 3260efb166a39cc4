"""How a station's time difference is measured: with which sensors, against which licensed station, in what order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from dsp.fm.values import FmStation
from fusion.gsm_looks import clock_refused
from fusion.licences import holder
from fusion.values import Emitter, Latest, Rules, World

METHOD, IN_TURN_METHOD = "fm_reference", "fm_reference_in_turn"
RATE_HZ, USABLE = 2.4e6, 0.84  # of a window: where both stations must lie whole
CHANNEL_HZ = 200e3
SECONDS = 1.2
SECONDS_IN_TURN, EVERY_S = 0.8, 1.5  # of each part; and from one to the next, tuning in between
HEARD_NS = 60 * 10**9
LEAST_CNR_DB = 8.0
MOST_SENSORS, LEAST_SENSORS = 4, 2  # six pairs
AHEAD_NS = 6 * 10**9  # for a task to reach its sensor
BESIDE_CENTRE_HZ = 60e3  # a station must not lie on the receiver's own centre


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One moment that several sensors are asked to hear: target and reference in one window, or one after the other.

    reference_… : None where the sensors' own clocks are compared
    in_turn_hz  : the stations in their order, each for `seconds`, every_s from one to the next; (): all at once
    """

    emitter_id: str
    freq_hz: float
    reference_id: str | None = None
    reference_hz: float | None = None
    reference_lat_deg: float | None = None
    reference_lon_deg: float | None = None
    sensors: tuple[str, ...]
    centre_hz: float
    rate_hz: float
    seconds: float
    at_utc_ns: int
    in_turn_hz: tuple[float, ...] = ()
    every_s: float = 0.0

    @property
    def stations_hz(self) -> tuple[float, ...]:
        """Those to be heard at once."""
        if self.in_turn_hz:
            return ()
        return (self.freq_hz,) if self.reference_hz is None else (self.reference_hz, self.freq_hz)


def asked_of(emitter: Emitter, world: World, rules: Rules, now_ns: int) -> Asked | None:
    """Beside a reference in one window; else reference, target, reference in turn; else by satellites' clocks."""
    references = [other for other in world.emitters.values() if _may_be_reference(other, emitter)]
    near = [other for other in references if _in_one_window(other, emitter)]
    found = _best(emitter, near, rules, now_ns)
    if found is not None:
        return _beside(emitter, found, now_ns)
    found = _best(emitter, references, rules, now_ns)
    return _by_clocks(emitter, now_ns) if found is None else _in_turn(emitter, found, now_ns)


@dataclass(frozen=True, slots=True)
class _Reference:
    emitter: Emitter
    place: tuple[float, float]
    sensors: tuple[str, ...]


def _best(emitter: Emitter, references: Iterable[Emitter], rules: Rules, now_ns: int) -> _Reference | None:
    """The one that the most of the emitter's sensors hear well."""
    heard = _heard_by(emitter, now_ns)
    best: tuple[tuple[int, float], _Reference] | None = None
    for other in references:
        beside = _heard_by(other, now_ns)
        both = {name: min(heard[name], beside[name]) for name in heard.keys() & beside.keys()}
        sensors = _strongest(both)
        place = _place(other, rules, now_ns)
        if len(sensors) < LEAST_SENSORS or place is None:
            continue
        worth = (len(sensors), min(both[name] for name in sensors))
        if best is None or worth > best[0]:
            best = worth, _Reference(other, place, sensors)
    return None if best is None else best[1]


def _strongest(heard: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted(heard, key=lambda name: (-heard[name], name))[:MOST_SENSORS])


def _beside(emitter: Emitter, found: _Reference, now_ns: int) -> Asked:
    target_hz, reference_hz = _nominal_hz(emitter), _nominal_hz(found.emitter)
    return Asked(
        emitter_id=emitter.id,
        freq_hz=target_hz,
        reference_id=found.emitter.id,
        reference_hz=reference_hz,
        reference_lat_deg=found.place[0],
        reference_lon_deg=found.place[1],
        sensors=found.sensors,
        centre_hz=_centre_hz(target_hz, reference_hz),
        rate_hz=RATE_HZ,
        seconds=SECONDS,
        at_utc_ns=now_ns + AHEAD_NS,
    )


def _in_turn(emitter: Emitter, found: _Reference, now_ns: int) -> Asked:
    asked = _beside(emitter, found, now_ns)
    return msgspec.structs.replace(
        asked,
        centre_hz=_nominal_hz(emitter) - CHANNEL_HZ,
        seconds=SECONDS_IN_TURN,
        in_turn_hz=(_nominal_hz(found.emitter), _nominal_hz(emitter), _nominal_hz(found.emitter)),
        every_s=EVERY_S,
    )


def _by_clocks(emitter: Emitter, now_ns: int) -> Asked | None:
    """With sensors whose samples satellites time: no reference is needed."""
    heard = _heard_by(emitter, now_ns)
    timed = {x.sensor for x in emitter.latest if clock_refused(x.clock, x.clock_sigma_ns) is None}
    sensors = _strongest({name: cnr_db for name, cnr_db in heard.items() if name in timed})
    if len(sensors) < LEAST_SENSORS:
        return None
    return Asked(
        emitter_id=emitter.id,
        freq_hz=_nominal_hz(emitter),
        sensors=sensors,
        centre_hz=_nominal_hz(emitter) - CHANNEL_HZ,
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


def _may_be_reference(other: Emitter, emitter: Emitter) -> bool:
    """Licensed, and not on its channel."""
    apart_hz = abs(other.freq_hz - emitter.freq_hz)
    return other.service == "fm" and other.licensed is True and other.id != emitter.id and apart_hz >= CHANNEL_HZ


def _in_one_window(other: Emitter, emitter: Emitter) -> bool:
    return abs(other.freq_hz - emitter.freq_hz) <= USABLE * RATE_HZ - CHANNEL_HZ


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
