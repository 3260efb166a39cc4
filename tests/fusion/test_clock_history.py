import msgspec
import pytest

from fusion.clock_history import clock_histories
from fusion.values import World
from fusion.world import take
from tests.dsp.signatures.made import cell, network
from tests.fusion.city import City, Transmitter, five_sensors


def a_copy_takes_over() -> City:
    """A cell of which, after half a minute, an exact copy with a clock and a carrier of its own is heard instead."""
    honest = [Transmitter(c, 300 * i, 500, phase_ns=97e9 * (i + 1)) for i, c in enumerate(network(3))]
    own = cell(60, ci=777, bsic=3)
    copy = msgspec.structs.replace(own, carrier_offset_hz=own.carrier_offset_hz + 500.0)
    taken = [
        Transmitter(own, 100, 100, phase_ns=5e12, on_s=(0.0, 30.0)),
        Transmitter(copy, 100, 100, phase_ns=6e12, on_s=(30.0, 1e9)),
    ]
    return City(five_sensors(), honest + taken, exponent=3.0)


def test_what_was_exchanged_jumps_and_what_was_not_lies_still():
    city = a_copy_takes_over()
    reports, world = city.reports(60), World()
    for filed in reports:
        world = take(world, filed, city.rules).world
    emitter = next(e for e in world.emitters.values() if e.arfcn == 60)
    histories = clock_histories(reports, emitter)
    assert [history.sensor for history in histories] == [sensor.name for sensor in city.sensors]
    for history in histories:
        phases = [point.phase_ms for point in history.suspect]
        assert phases[0] == 0.0
        assert abs(phases[-1]) > 1000
        assert history.suspect[-1].carrier_ppm - history.suspect[0].carrier_ppm == pytest.approx(0.53, abs=0.02)
        assert len(history.others) == 3
        assert all(abs(point.phase_ms or 0.0) < 1e-3 for _, points in history.others for point in points)


def test_a_sensor_without_a_clock_has_carriers_and_no_phases():
    city = a_copy_takes_over()
    for transmitter in city.transmitters:
        transmitter.phase_ns = None
    reports, world = city.reports(30), World()
    for filed in reports:
        world = take(world, filed, city.rules).world
    emitter = next(e for e in world.emitters.values() if e.arfcn == 60)
    for history in clock_histories(reports, emitter):
        assert all(point.phase_ms is None for point in history.suspect)
