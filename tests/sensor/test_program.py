import json
import os
import signal
import threading
from pathlib import Path

import numpy as np
import pytest

from hardware.errors import NoDongle, NotInRecording
from recordings.errors import MissingRecording
from sensor.errors import MovedTimes, NoReplayFile, NoSampleClock
from sensor.outbox import Outbox
from sensor.parts import outbox_path
from sensor.program import run
from sensor.radios import open_radio, plan_for
from sensor.settings import (
    BandSettings,
    PlanSettings,
    RadioSettings,
    ReplaySettings,
    RtlSdrSettings,
    SampleClockSettings,
    SensorSettings,
    SurveyedPosition,
)
from shell.exits import Exit
from shell.settings import UnreadableSettings
from tests.sensor.made import MadeClock, MadeEars, cell
from wire.report import PositionSource, Report, TimeSource
from wire.report_codec import open_item

RATE = 10_000.0
PULSE = SampleClockSettings(source="pps", sigma_ns=60)


def recording(folder: Path, looks: int = 3) -> str:
    noise = np.random.default_rng(1).integers(100, 156, round(2 * RATE * looks), dtype=np.uint8)
    captures = [
        {
            "core:sample_start": round(n * RATE),
            "core:frequency": 940e6,
            "core:datetime": f"2026-01-01T00:00:0{2 * n}Z",
            "core:geolocation": {"type": "Point", "coordinates": [116.4 + n / 100, 39.9]},
            "wavewarden:gain_db": 30.0,
        }
        for n in range(looks)
    ]
    about = {"core:datatype": "cu8", "core:sample_rate": RATE}
    (folder / "r.sigmf-data").write_bytes(noise.tobytes())
    (folder / "r.sigmf-meta").write_text(json.dumps({"global": about, "captures": captures}))
    return str(folder / "r.sigmf-meta")


def settings(folder: Path, *, replay: ReplaySettings | None = None, **fields) -> SensorSettings:
    replay = replay or ReplaySettings(file=recording(folder), live=False)
    known = {
        "language": "en",
        "data": str(folder / "kept"),
        "radio": RadioSettings(kind="replay", replay=replay),
        "health_s": 1000.0,
    }
    return SensorSettings(**(known | fields))


def waiting(of: SensorSettings) -> list[Report]:
    outbox = Outbox.open(outbox_path(of))
    try:
        return [open_item(row.item) for row in outbox.rows(first=0, before=None, limit=100)]
    finally:
        outbox.close()


def test_a_replay_becomes_a_report_a_look_in_the_outbox(tmp_path, stream):
    of = settings(tmp_path)
    assert run(of, stream=stream, new_memories=lambda: MadeEars((cell(),))) is Exit.DONE
    reports = waiting(of)
    assert [report.seq for report in reports] == [1, 2, 3]
    assert [report.position.lon_deg for report in reports] == pytest.approx([116.4, 116.41, 116.42])
    assert {report.time_source for report in reports} == {TimeSource.RECORDING}
    assert [report.health is not None for report in reports] == [True, False, False]
    assert "no server is set" in stream.getvalue()
    assert "3 looks" in stream.getvalue()


def test_a_surveyed_position_goes_before_the_recorded_one(tmp_path, stream):
    of = settings(tmp_path, position=SurveyedPosition(lat_deg=1.0, lon_deg=2.0))
    run(of, stream=stream, new_memories=MadeEars)
    assert {report.position.source for report in waiting(of)} == {PositionSource.SURVEYED}


def test_a_recording_by_a_receiver_that_satellites_time_says_so_in_every_report(tmp_path, stream):
    of = settings(tmp_path, sample_clock=PULSE)
    run(of, stream=stream, new_memories=MadeEars)
    assert {(report.time_source, report.time_sigma_ns) for report in waiting(of)} == {(TimeSource.PPS, 60)}


def test_a_signal_ends_a_live_sensor_in_order(tmp_path, stream):
    of = settings(tmp_path, replay=ReplaySettings(file=recording(tmp_path), loop=True))
    before = signal.getsignal(signal.SIGTERM)
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
    assert run(of, stream=stream, new_memories=MadeEars) is Exit.DONE
    assert signal.getsignal(signal.SIGTERM) is before
    assert "has ended" in stream.getvalue()


def test_a_second_run_keeps_what_the_first_left_waiting(tmp_path, stream):
    of = settings(tmp_path)
    for _ in range(2):
        run(of, stream=stream, new_memories=MadeEars)
    assert len(waiting(of)) == 6
    assert len({report.boot for report in waiting(of)}) == 2


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"replay": ReplaySettings()}, NoReplayFile),
        ({"replay": ReplaySettings(file="missing.sigmf-meta")}, MissingRecording),
        ({"sample_clock": PULSE, "replay": ReplaySettings(file="any", live=True)}, MovedTimes),
        ({"sample_clock": PULSE, "radio": RadioSettings(kind="rtl_tcp")}, NoSampleClock),
        ({"licences": "missing.toml"}, UnreadableSettings),
        ({"plan": PlanSettings(bands=(BandSettings(service="fm", low_mhz=98, high_mhz=98),))}, NotInRecording),
    ],
)
def test_what_cannot_work_is_refused_at_the_start(tmp_path, stream, fields, refusal):
    with pytest.raises(refusal):
        run(settings(tmp_path, **fields), stream=stream, new_memories=MadeEars)
    outbox = Outbox.open(outbox_path(settings(tmp_path)))  # nothing holds it any more
    outbox.close()


def test_a_replay_follows_its_recording_unless_it_is_given_bands(tmp_path):
    replay = RadioSettings(kind="replay", replay=ReplaySettings(file=recording(tmp_path), live=False))
    radio = open_radio(replay, MadeClock(), lambda seconds: None)
    assert plan_for(radio, PlanSettings()).next().centre_hz == 940e6
    band = BandSettings(service="fm", low_mhz=98.0, high_mhz=98.0)
    assert plan_for(radio, PlanSettings(bands=(band,))).next().centre_hz < 100e6


def test_a_dongle_is_surveyed_by_the_plan_and_let_go_when_stopped(tmp_path, stream, standin_library, monkeypatch):
    monkeypatch.setenv("STANDIN", "serials=A1;tone=98200000")
    radio = RadioSettings(rtlsdr=RtlSdrSettings(library=standin_library, gain_db=20.0))
    bands = (BandSettings(service="fm", low_mhz=98.0, high_mhz=99.0, seconds=0.05),)
    of = settings(tmp_path, radio=radio, plan=PlanSettings(rate_hz=1.024e6, bands=bands), health_s=0.0)
    stop = threading.Event()
    threading.Timer(1.5, stop.set).start()
    assert run(of, stream=stream, stop=stop, new_memories=MadeEars) is Exit.DONE
    reports = waiting(of)
    assert len(reports) >= 2
    assert {swept.service for report in reports for swept in report.swept} == {"fm"}
    health = reports[-1].health
    assert (health.radio, health.gain_db, health.samples_lost) == ("RTL-SDR A1", 19.7, 0)
    assert reports[-1].time_source in (TimeSource.SYSTEM, TimeSource.NTP, TimeSource.PPS)
    assert not any(thread.name.startswith("RTL-SDR") for thread in threading.enumerate())


def test_a_dongle_that_is_not_there_is_said(tmp_path, stream, standin_library):
    radio = RadioSettings(rtlsdr=RtlSdrSettings(library=standin_library))
    with pytest.raises(NoDongle):
        run(settings(tmp_path, radio=radio), stream=stream, new_memories=MadeEars)
