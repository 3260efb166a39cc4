"""A bearing that was typed in wrong and taken back: kept, told, and of no weight."""

import msgspec
import pytest

from fusion.rejudge import Anew
from fusion.values import Emitter, FiledReport, Rules, World
from fusion.world import take
from tests.server import grounds_made, made
from wire.person import bearing_report, withdrawal_report
from wire.report import Report

PERSON = "person:9"


def _filed(report: Report, sensor: str, seq: int) -> FiledReport:
    whole = msgspec.structs.replace(report, boot=made.BOOT, seq=seq)
    return FiledReport(row=seq, sensor=sensor, received_utc_ns=made.NOW + seq * made.S, report=whole)


def _bearing(azimuth_deg: float, *, seq: int, sensor: str = PERSON) -> FiledReport:
    lat, lon = grounds_made.degrees(grounds_made.BEARERS[PERSON])
    report = bearing_report(
        freq_hz=97.437e6,
        azimuth_deg=azimuth_deg,
        sigma_deg=8.0,
        lat_deg=lat,
        lon_deg=lon,
        position_sigma_m=20.0,
        time_utc_ns=made.NOW + seq * made.S,
        time_sigma_ns=10**9,
        created_utc_ns=made.NOW + seq * made.S,
        created_monotonic_ns=seq,
        software="",
    )
    return _filed(report, sensor, seq)


def _withdrawal(seq: int, *, by: str = PERSON, of: str = PERSON, sensor: str | None = None) -> FiledReport:
    report = withdrawal_report(
        sensor=of if sensor is None else sensor,
        boot=made.BOOT,
        seq=seq,
        created_utc_ns=made.NOW + 60 * made.S,
        created_monotonic_ns=60,
    )
    return _filed(report, by, seq + 100)


def _before() -> World:
    """Located by levels and two direction finders; nobody typed anything in."""
    pirate = grounds_made.located_pirate()
    devices = tuple(b for b in pirate.bearings if b.source == "device")
    return World(emitters={"e-pirate": msgspec.structs.replace(pirate, bearings=devices)})


def _after(*reports: FiledReport) -> Emitter:
    world = _before()
    for filed in reports:
        world = take(world, filed, Rules()).world
    return world.emitters["e-pirate"]


def test_what_was_taken_back_is_kept_and_the_place_is_as_if_it_had_never_been_said() -> None:
    said, taken_back = _after(_bearing(80.0, seq=1)), _after(_bearing(80.0, seq=1), _withdrawal(1))
    never = _after(_withdrawal(1))
    assert len(said.bearings) == len(never.bearings) + 1 and said.withdrawn == ()
    assert taken_back.bearings == never.bearings
    assert [(b.sensor, b.seq, b.azimuth_deg) for b in taken_back.withdrawn] == [(PERSON, 1, 80.0)]
    assert taken_back.fix is not None and taken_back.fix.bearings == len(never.bearings)
    assert taken_back.fix.time_utc_ns == made.NOW + 60 * made.S  # looked for at once


def test_where_nothing_else_told_its_place_none_is_left() -> None:
    alone = msgspec.structs.replace(grounds_made.located_pirate(), sightings=(), bearings=())
    world = take(World(emitters={"e-pirate": alone}), _bearing(80.0, seq=1), Rules()).world
    after = take(world, _withdrawal(1), Rules()).world.emitters["e-pirate"]
    assert (after.fix, after.bearings, len(after.withdrawn)) == (None, (), 1)


@pytest.mark.parametrize(
    "withdrawal",
    [
        _withdrawal(1, by="roof"),
        _withdrawal(1, by="roof", sensor=""),
        _withdrawal(2),
        _withdrawal(1, of="person:8"),
    ],
    ids=["a sensor, of a person", "a sensor, of its own that there is not", "another number", "another person's"],
)
def test_only_what_was_named_and_only_by_who_may(withdrawal: FiledReport) -> None:
    after = _after(_bearing(80.0, seq=1), withdrawal)
    assert after.withdrawn == () and any(b.sensor == PERSON for b in after.bearings)


def test_a_sensor_takes_back_what_was_typed_in_through_it_and_a_person_that_of_others() -> None:
    typed = _bearing(80.0, seq=1, sensor="roof")
    assert len(_after(typed, _withdrawal(1, by="roof", sensor="")).withdrawn) == 1
    assert len(_after(typed, _withdrawal(1, by="person:2", of="roof")).withdrawn) == 1


def test_what_an_instrument_measured_is_not_taken_back() -> None:
    report = _bearing(80.0, seq=1, sensor="df-9")
    (bearing,) = report.report.bearings
    device = msgspec.structs.replace(report.report, bearings=(msgspec.structs.replace(bearing, source="device"),))
    after = _after(msgspec.structs.replace(report, report=device), _withdrawal(1, by="df-9", sensor=""))
    assert after.withdrawn == ()


def test_judged_again_it_stays_taken_back() -> None:
    anew = Anew(Rules())
    anew.world = _before()
    for filed in (_bearing(80.0, seq=1), _withdrawal(1)):
        anew.take(filed)
    assert len(anew.world.emitters["e-pirate"].withdrawn) == 1
