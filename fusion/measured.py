"""Measurements that come as they are, without a report around them: how other programs' records are brought in.

A line of JSON says the frequency, which emitter it is about where that is known, and one of: a level (or that nothing
was heard above a floor), a difference of arrival, a bearing. docs/locating.md describes it for users.
"""

from collections.abc import Iterable, Mapping

import msgspec

from fusion.values import ArrivalDifference, BearingSighting, Emitter, FiledReport, MeasuredDifferences, Sighting, World

SAME_CHANNEL_HZ = 60e3
FM_BELOW_HZ = 200e6  # where nothing is said: which service's powers and losses are to be expected


class _Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    time_utc_ns: int | None = None  # None: when the others of its emitter were
    position_sigma_m: float = 10.0
    boot: str = ""  # of the report it came in, if in one
    seq: int = 0


class Level(_Said, frozen=True, kw_only=True):
    sensor: str
    lat_deg: float
    lon_deg: float
    level_dbm: float | None = None
    cnr_db: float | None = None  # of a receiver that is not calibrated
    floor_dbm: float | None = None  # listened, and nothing above it
    level_sigma_db: float | None = None  # of the receiver's calibration


class Difference(_Said, frozen=True, kw_only=True):
    sensor_a: str
    lat_a_deg: float
    lon_a_deg: float
    sensor_b: str
    lat_b_deg: float
    lon_b_deg: float
    difference_s: float  # b later than a
    sigma_s: float
    method: str = "gnss"
    references: tuple[str, ...] = ()


class Direction(_Said, frozen=True, kw_only=True):
    sensor: str  # the device, or a number in place of the person
    lat_deg: float
    lon_deg: float
    azimuth_deg: float  # from true north, clockwise
    sigma_deg: float | None = None  # None: learnt
    source: str = "device"  # or "person"
    level_dbm: float | None = None


class Measured(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line. emitter: which one, by a label of the record's own; None: whoever is on the channel."""

    freq_hz: float
    emitter: str | None = None
    service: str | None = None  # "gsm" or "fm"
    level: Level | None = None
    difference: Difference | None = None
    bearing: Direction | None = None

    @property
    def expected_service(self) -> str:
        return self.service or ("fm" if self.freq_hz < FM_BELOW_HZ else "gsm")


def labelled(lines: Iterable[Measured]) -> tuple[Emitter, ...]:
    """One of each label, of exactly what carries it; without a label one of each channel. They stand still."""
    groups: dict[tuple[str, str], list[Measured]] = {}
    for line in lines:
        label = line.emitter if line.emitter is not None else f"{round(line.freq_hz / SAME_CHANNEL_HZ)}"
        groups.setdefault((line.expected_service, label), []).append(line)
    return tuple(_emitter(label, service, group) for (service, label), group in groups.items())


def with_measured(world: World, lines: Iterable[Measured]) -> tuple[World, tuple[Measured, ...]]:
    """Lines without a label given to the one emitter on their channel that the reports made; and those with none."""
    emitters, left = dict(world.emitters), []
    for line in lines:
        near = [e for e in emitters.values() if _on_channel(e, line)]
        if line.emitter is not None or len(near) != 1:
            left.append(line)
            continue
        emitters[near[0].id] = _with(near[0], line, near[0].last_seen_utc_ns)
    return msgspec.structs.replace(world, emitters=emitters), tuple(left)


def without_emitter(reports: Iterable[FiledReport], world: World) -> tuple[Measured, ...]:
    """Bearings in reports that no emitter of the world took: of what only direction finders heard."""
    taken = {(b.sensor, b.boot, b.seq, b.freq_hz) for e in world.emitters.values() for b in e.bearings}
    found = []
    for filed in reports:
        report, position = filed.report, filed.report.position
        for bearing in report.bearings if position is not None else ():
            if (filed.sensor, report.boot, report.seq, bearing.freq_hz) in taken or position is None:
                continue
            said = Direction(
                sensor=filed.sensor,
                boot=report.boot,
                seq=report.seq,
                lat_deg=position.lat_deg,
                lon_deg=position.lon_deg,
                position_sigma_m=position.sigma_m,
                time_utc_ns=report.time_utc_ns if report.time_utc_ns is not None else report.created_utc_ns,
                azimuth_deg=bearing.azimuth_deg,
                sigma_deg=bearing.sigma_deg,
                source=bearing.source,
                level_dbm=bearing.level_dbm,
            )
            found.append(Measured(freq_hz=bearing.freq_hz, bearing=said))
    return tuple(line for line in found if not any(_on_channel(e, line) for e in world.emitters.values()))


def _on_channel(emitter: Emitter, line: Measured) -> bool:
    if line.service is not None and line.service != emitter.service:
        return False
    return abs(emitter.freq_hz - line.freq_hz) <= SAME_CHANNEL_HZ


def _emitter(label: str, service: str, lines: list[Measured]) -> Emitter:
    times = [t for line in lines if (t := _time_ns(line)) is not None]
    newest_ns = max(times, default=0)
    freq_hz = sorted(line.freq_hz for line in lines)[len(lines) // 2]
    name = lines[0].emitter if lines[0].emitter is not None else f"{freq_hz / 1e6:.3f} MHz"
    emitter = Emitter(
        id=name,
        service=service,
        freq_hz=freq_hz,
        first_seen_utc_ns=min(times, default=0),
        last_seen_utc_ns=newest_ns,
    )
    for line in lines:
        emitter = _with(emitter, line, newest_ns)
    return emitter


def _time_ns(line: Measured) -> int | None:
    said = line.level or line.difference or line.bearing
    return None if said is None else said.time_utc_ns


def _with(emitter: Emitter, line: Measured, newest_ns: int) -> Emitter:
    changes: Mapping[str, object] = {}
    if line.level is not None:
        changes = {"sightings": (*emitter.sightings, _sighting(line.level, newest_ns))}
    elif line.difference is not None:
        changes = {"differences": (*emitter.differences, _difference(line.difference, newest_ns))}
    elif line.bearing is not None:
        changes = {"bearings": (*emitter.bearings, _bearing(line.bearing, line.freq_hz, newest_ns))}
    return msgspec.structs.replace(emitter, **changes)


def _when(said: _Said, newest_ns: int) -> int:
    return newest_ns if said.time_utc_ns is None else said.time_utc_ns


def _sighting(said: Level, newest_ns: int) -> Sighting:
    return Sighting(
        sensor=said.sensor,
        boot=said.boot,
        seq=said.seq,
        time_utc_ns=_when(said, newest_ns),
        lat_deg=said.lat_deg,
        lon_deg=said.lon_deg,
        position_sigma_m=said.position_sigma_m,
        level_dbm=said.level_dbm,
        cnr_db=said.cnr_db,
        floor_dbm=said.floor_dbm,
        level_sigma_db=said.level_sigma_db,
    )


def _difference(said: Difference, newest_ns: int) -> ArrivalDifference:
    return ArrivalDifference(
        sensor_a=said.sensor_a,
        sensor_b=said.sensor_b,
        lat_a_deg=said.lat_a_deg,
        lon_a_deg=said.lon_a_deg,
        lat_b_deg=said.lat_b_deg,
        lon_b_deg=said.lon_b_deg,
        position_sigma_m=said.position_sigma_m,
        difference_s=said.difference_s,
        sigma_s=said.sigma_s,
        time_utc_ns=_when(said, newest_ns),
        method=said.method,
        references=said.references,
    )


def _bearing(said: Direction, freq_hz: float, newest_ns: int) -> BearingSighting:
    return BearingSighting(
        sensor=said.sensor,
        boot=said.boot,
        seq=said.seq,
        time_utc_ns=_when(said, newest_ns),
        lat_deg=said.lat_deg,
        lon_deg=said.lon_deg,
        position_sigma_m=said.position_sigma_m,
        azimuth_deg=said.azimuth_deg,
        sigma_deg=said.sigma_deg,
        source=said.source,
        freq_hz=freq_hz,
        level_dbm=said.level_dbm,
    )


def lines_of(measured: MeasuredDifferences) -> Iterable[bytes]:
    """What a server measured, as lines that are read here. To whom they belong the channel says."""
    for d in measured.differences:
        said = msgspec.structs.asdict(d)
        said.pop("reports")
        yield _encoder.encode({"freq_hz": measured.freq_hz, "service": measured.service, "difference": said})


_encoder = msgspec.json.Encoder()
