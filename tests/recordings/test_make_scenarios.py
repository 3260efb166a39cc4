"""The small scenarios as our own receivers hear them: the maker and the receivers were written apart."""

import pytest

from dsp.fm.receive import receive_fm
from dsp.fm.station import StationMemory
from dsp.gsm.cell import CellMemory
from dsp.gsm.receive import receive_gsm
from recordings.make import make
from recordings.read import open_recording
from recordings.scenario_read import open_scenario

SYMBOL_HZ = 1625000 / 6


def captured(name, folder):
    """Blocks of every look of every sensor of a scenario."""
    for path in make(open_scenario(name), folder):
        recording = open_recording(path)
        assert recording.warnings == ()
        for capture in recording.captures:
            yield recording.read(capture, 0, capture.samples)


def test_one_cell_is_read_with_its_identity_its_error_and_its_time(tmp_path):
    scenario = open_scenario("one_cell")
    (block,) = captured("one_cell", tmp_path)
    (cell,) = CellMemory().describe(receive_gsm(block))
    (plan,), (sensor,) = scenario.gsm_cell, scenario.sensor
    sent = plan.broadcast
    assert (cell.mcc, cell.mnc, cell.lac, cell.ci) == ("460", "00", sent.lac, sent.ci)
    assert (cell.arfcn, cell.bsic, cell.neighbour_arfcns) == (sent.arfcn, sent.bsic, sent.neighbour_arfcns)
    assert cell.carrier_offset_hz == pytest.approx((plan.carrier_ppm - sensor.clock_ppm) * 1e-6 * plan.freq_hz, abs=10)
    sent_s = (1250 * (cell.frame_number - sent.frame_number_at_start) - sent.symbol_offset) / SYMBOL_HZ
    heard_s = cell.frame_sample / block.rate_hz
    delay_s = 1166.2 / 299_792_458.0  # from 1000 m east and 600 m north, both antennas 30 m high
    clocks_s = 2.2 * 0.5e-6  # two crystals drift apart by less than this in the look
    assert heard_s - sent_s == pytest.approx(delay_s, abs=0.4e-6 + clocks_s)  # echoes may pull by a delay spread


def test_one_station_is_read_with_its_radio_data(tmp_path):
    (block,) = captured("one_station", tmp_path)
    (station,) = StationMemory().describe(receive_fm(block))
    (plan,) = open_scenario("one_station").fm_station
    assert (station.pi, station.ps) == (plan.broadcast.rds.pi, plan.broadcast.rds.ps)
    assert station.pilot_deviation_hz == pytest.approx(plan.broadcast.pilot_deviation_hz, rel=0.03)
    assert station.freq_hz == pytest.approx(plan.freq_hz, abs=300)


def test_the_pirate_is_heard_everywhere_without_pilot_or_radio_data(tmp_path):
    for block in captured("pirate_only", tmp_path):
        (station,) = StationMemory().describe(receive_fm(block))
        assert station.freq_hz == pytest.approx(98.1e6 * (1 + 9e-6), abs=2000)
        assert station.pilot_hz is None
        assert station.pi is None


def test_in_quiet_there_is_nothing_to_hear(tmp_path):
    for block in captured("quiet", tmp_path):
        assert CellMemory().describe(receive_gsm(block)) == ()
        assert StationMemory().describe(receive_fm(block)) == ()
