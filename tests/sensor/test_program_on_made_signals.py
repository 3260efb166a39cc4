"""The whole sensor on signals made from a scenario: samples in, reports in the outbox."""

import pytest

from recordings.make import make
from recordings.read import open_recording
from recordings.scenario_read import open_scenario
from sensor.listen import listen
from sensor.memories import Memories
from sensor.outbox import Outbox
from sensor.parts import outbox_path
from sensor.program import run
from sensor.settings import RadioSettings, ReplaySettings, SensorSettings
from tests.dsp.signatures.made import LAW
from wire.report import PositionSource, TimeSource
from wire.report_codec import open_item


def reports(scenario_name, folder, stream):
    (file,) = make(open_scenario(scenario_name), folder / "made")
    replay = ReplaySettings(file=str(file), live=False)
    settings = SensorSettings(data=str(folder), language="en", radio=RadioSettings(kind="replay", replay=replay))
    run(settings, stream=stream)
    outbox = Outbox.open(outbox_path(settings))
    try:
        return [open_item(row.item) for row in outbox.rows(first=0, before=None, limit=100)]
    finally:
        outbox.close()


def test_one_cell_of_a_scenario_is_reported_with_all_it_broadcasts(tmp_path, stream):
    (report,) = reports("one_cell", tmp_path, stream)
    (cell,) = report.heard
    (plan,) = open_scenario("one_cell").gsm_cell
    broadcast = plan.broadcast
    assert (cell.arfcn, cell.bsic, cell.lac, cell.ci) == (
        broadcast.arfcn,
        broadcast.bsic,
        broadcast.lac,
        broadcast.ci,
    )
    assert (cell.mcc, cell.mnc) == ("460", "00")
    assert cell.neighbour_arfcns == broadcast.neighbour_arfcns
    assert cell.blocks_failed == 0
    assert cell.level_dbm == pytest.approx(-84, abs=6)  # 36 dBm, 1.2 km: calibrated by what the recording says
    assert report.swept[0].floor_dbm < cell.level_dbm
    assert (report.time_source, report.position.source) == (TimeSource.RECORDING, PositionSource.RECORDING)
    assert [finding.name for finding in report.findings if finding.weight_db > 0] == []
    assert report.health.deaf is False


def test_one_station_of_a_scenario_is_reported_with_its_name(tmp_path, stream):
    heard = reports("one_station", tmp_path, stream)[-1].heard
    (plan,) = open_scenario("one_station").fm_station
    (station,) = heard
    assert station.freq_hz == pytest.approx(plan.freq_hz, abs=200)
    assert station.pi == plan.broadcast.rds.pi
    assert station.ps.strip() == plan.broadcast.rds.ps.strip()
    assert station.programme is not None


@pytest.mark.needs_recordings
def test_the_real_capture_gives_its_cell(recordings_dir):
    from dsp.signatures.history import SiteHistory
    from dsp.signatures.licences import Licences

    recording = open_recording(recordings_dir / "gsm" / "cell_272-02_500ks.c64", rate_hz=500e3, centre_hz=0)
    (capture,) = recording.captures
    block = recording.read(capture, 0, capture.samples)
    (cell,) = listen(block, Memories(), SiteHistory(), Licences(), **LAW).cells
    assert (cell.mcc, cell.mnc, cell.lac, cell.ci, cell.bsic) == ("272", "02", 15016, 15149, 56)
