"""`wavewarden rejudge`: reads the record, says what would change, writes nothing."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import insert

from fusion import world as fusion
from fusion.values import Rules
from server import tables
from server.casework import Casework
from server.enrolment import enrol_sensor
from server.filing import Arrived, file_reports
from server.settings import Alerts
from server.store import FILE, open_database
from shell.exits import Exit
from tests.fusion.test_world import a_city_with_everything
from tests.wavewarden.running import invoke
from wire.report_codec import encode_report

KEYS = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"  # the Z85 standard's example of a public key


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stored minute of the made city, and what was believed of it."""
    folder = tmp_path_factory.mktemp("record")
    city = a_city_with_everything()
    engine = open_database(f"sqlite:///{folder / FILE}")
    for number, sensor in enumerate(city.sensors):
        enrol_sensor(engine, sensor.name, KEYS[:-1] + "abcdefgh"[number])
    names = [sensor.name for sensor in city.sensors]
    with engine.begin() as connection:
        file_reports(
            connection,
            [
                Arrived(
                    names.index(filed.sensor) + 1,
                    filed.report.boot,
                    filed.report.seq,
                    filed.received_utc_ns,
                    encode_report(filed.report),
                )
                for filed in city.reports(60, services=("gsm", "fm"))
            ],
        )
    Casework(engine, fusion, Rules(weights=city.rules.weights), Alerts()).work()
    engine.dispose()
    (folder / "server.toml").write_text(f'data = "{folder}"\n', encoding="utf-8")
    return folder / "server.toml"


def digest(config: Path) -> str:
    return hashlib.sha256((config.parent / FILE).read_bytes()).hexdigest()


def test_the_record_is_judged_again_and_not_touched(monkeypatch, config):
    before = digest(config)
    done = invoke(monkeypatch, "rejudge", "-c", config, "--json")
    assert done.exit_code == Exit.DONE, done.output
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[-1]["type"] == "sum"
    assert lines[-1]["reports"] == 60
    assert digest(config) == before


@pytest.mark.parametrize(("lang", "word"), [("en", "judged again"), ("zh", "重新判断了")])
def test_people_read_a_table_in_their_language(monkeypatch, config, lang, word):
    done = invoke(monkeypatch, "rejudge", "-c", config, lang=lang)
    assert word in done.stdout
    assert "ARFCN 75" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--from", "2026-13-01"), Exit.BAD_INPUT, "is no date"),
        (("--from", "2026-11-02", "--to", "2026-11-01"), Exit.BAD_INPUT, "nothing between"),
        (("--from", "2031-01-01"), Exit.NOTHING_HEARD, "no reports in this time"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(monkeypatch, config, arguments, code, says):
    done = invoke(monkeypatch, "rejudge", "-c", config, *arguments)
    assert (done.exit_code, says in done.stderr) == (code, True), done.output


def test_a_folder_without_a_record_is_not_made_one(monkeypatch, tmp_path):
    (tmp_path / "server.toml").write_text(f'data = "{tmp_path / "none"}"\n', encoding="utf-8")
    done = invoke(monkeypatch, "rejudge", "-c", tmp_path / "server.toml")
    assert (done.exit_code, "no such file" in done.stderr) == (Exit.BAD_INPUT, True)
    assert not (tmp_path / "none").exists()


def test_a_report_that_cannot_be_read_is_counted_and_the_rest_is_judged(monkeypatch, config, tmp_path):
    (tmp_path / FILE).write_bytes((config.parent / FILE).read_bytes())
    engine = open_database(f"sqlite:///{tmp_path / FILE}")
    with engine.begin() as connection:
        connection.execute(
            insert(tables.report).values(sensor_id=1, boot="f" * 32, seq=1, received_utc_ns=1, body=b"rubbish")
        )
    engine.dispose()
    (tmp_path / "server.toml").write_text(f'data = "{tmp_path}"\n', encoding="utf-8")
    done = invoke(monkeypatch, "rejudge", "-c", tmp_path / "server.toml")
    assert (done.exit_code, "1 reports cannot be read" in done.stderr) == (Exit.DONE, True)


def test_recordings_are_compared_with_what_replay_said_of_them(monkeypatch, tmp_path):
    recording = tmp_path / "noise.cu8"
    noise = np.random.default_rng(5).normal(127.5, 8, 1_200_000)
    recording.write_bytes(np.clip(np.round(noise), 0, 255).astype(np.uint8).tobytes())
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"file": "noise.cu8"}\nnot json\n', encoding="utf-8")
    refused = invoke(monkeypatch, "rejudge", recording, "--against", bad)
    assert (refused.exit_code, "line 2" in refused.stderr) == (Exit.BAD_INPUT, True)
