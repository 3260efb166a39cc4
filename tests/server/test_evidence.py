"""Sound of a suspect: asked for seldom, made from what the sensor hashed, checked, played and taken out."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile
from sqlalchemy import Engine, select, update

from dsp.iq import IqBlock
from fusion.values import Emitter, Latest, Level
from recordings.fm.spec import FmBroadcast
from sensor.errands import as_asked, as_cu8, window_of
from server import snippets, tables, tasking
from server.evidence import EvidenceDesk
from server.evidence_asking import ASKED_BY, RATE_HZ, Asked, ask_for_evidence
from server.evidence_files import MANIFEST, SUMS, Manifest
from server.evidence_making import SHORT, list_evidence, read_evidence
from server.roles import Role
from server.settings import Evidence
from tests.dsp.fm.made_window import CENTRE_HZ, Sent, make_window
from tests.server.made import NOW, S, case, emitter, put_case, put_emitter, put_sensor, report, station
from tests.server.web import database, make_app, visitor
from wire.messages import SnippetOffer, Task

SETTINGS = Evidence(seconds=1.5)
CARRIER_HZ = CENTRE_HZ + 400e3
TONE_HZ = 1000.0


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with database(tmp_path) as engine:
        put_sensor(engine, 1, "roof", report(30.5, 114.3))
        put_sensor(engine, 2, "hill", report(30.6, 114.4, seq=2))
        yield engine


@pytest.fixture(scope="module")
def block() -> IqBlock:
    """A wide window with the suspect's tone, as a receiver delivers it."""
    tone = FmBroadcast(programme="tone", tone_hz=TONE_HZ, stereo=False)
    strong = FmBroadcast(programme="music")
    return make_window([Sent(400e3, 35.0, tone), Sent(-600e3, 45.0, strong)], seconds=1.6, rate_hz=2.4e6)


def suspect(
    engine: Engine,
    *,
    id: str = "p",
    level: Level = Level.WATCH,
    sensors: tuple[str, ...] = ("roof",),
    age_s: float = 10,
) -> Emitter:
    heard = station(CARRIER_HZ, ps="AD RADIO")
    latest = tuple(
        Latest(sensor=name, time_utc_ns=NOW - int(age_s * S), heard=msgspec.structs.replace(heard, cnr_db=30.0 + 5 * n))
        for n, name in enumerate(sensors)
    )
    one = emitter(id, "fm", CARRIER_HZ, age_s=age_s, licensed=False, latest=latest)
    put_emitter(engine, one)
    put_case(engine, case(f"case-{id}", one, "pirate_fm", level, 35.0))
    return one


def ask(engine: Engine, settings: Evidence = SETTINGS, *, at_ns: int = NOW) -> tuple[Asked, ...]:
    with engine.begin() as connection:
        return ask_for_evidence(connection, settings, now_utc_ns=at_ns)


def task_of(engine: Engine, asked: Asked) -> Task:
    with engine.connect() as connection:
        body = connection.execute(select(tables.task.c.body).where(tables.task.c.id == asked.task)).scalar_one()
    return msgspec.msgpack.decode(body, type=Task)


def arrive(engine: Engine, asked: Asked, block: IqBlock, *, sensor_id: int = 1) -> bytes:
    """The samples as the sensor of the task cuts, hashes and sends them, and the server takes them."""
    sent = as_asked(block, task_of(engine, asked))
    samples = as_cu8(sent)
    offer = SnippetOffer(
        task=f"store-{asked.task}",
        centre_hz=sent.centre_hz,
        rate_hz=sent.rate_hz,
        time_utc_ns=NOW + S,
        format="cu8",
        sample_bytes=len(samples),
        sha256=hashlib.sha256(samples).hexdigest(),
        packed_bytes=len(samples),
    )
    with engine.begin() as connection:
        assert snippets.check_offer(connection, asked.task, sensor_id, offer)
        snippets.store_snippet(connection, asked.task, sensor_id, offer, samples, now_utc_ns=NOW + 3 * S)
    return samples


def work(engine: Engine, settings: Evidence = SETTINGS, *, at_ns: int = NOW + 10 * S) -> None:
    EvidenceDesk(engine, settings, software="9.9", clock_ns=lambda: at_ns).work()


def made(engine: Engine, block: IqBlock) -> tuple[Asked, bytes]:
    suspect(engine)
    (asked,) = ask(engine)
    samples = arrive(engine, asked, block)
    work(engine)
    return asked, samples


def test_the_best_sensor_is_asked_for_a_narrow_window_beside_its_own_centre(engine: Engine) -> None:
    suspect(engine, sensors=("roof", "hill"))
    (asked,) = ask(engine)
    task = task_of(engine, asked)
    assert task.snippet
    assert task.rate_hz == RATE_HZ
    assert 5e3 < abs(task.centre_hz - CARRIER_HZ) < 20e3
    with engine.connect() as connection:
        row = connection.execute(select(tables.task).where(tables.task.c.id == asked.task)).one()
    assert (row.sensor_id, row.created_by) == (2, ASKED_BY)
    assert window_of(Task(id="", centre_hz=9e7, rate_hz=RATE_HZ, seconds=60, snippet=True)).seconds == 20


def test_a_case_is_recorded_once_in_a_while_and_after_a_failure_sooner(engine: Engine) -> None:
    suspect(engine)
    (asked,) = ask(engine)
    assert ask(engine, at_ns=NOW + 60 * S) == ()
    with engine.begin() as connection:
        tasking.note_done(connection, asked.task, 1, "sensor_restarted", now_utc_ns=NOW)
    work(engine, Evidence(automatic=False))
    with engine.connect() as connection:
        (kept,) = list_evidence(connection, "case-p")
    assert kept.failure == "sensor_restarted"
    suspect(engine, age_s=-600)
    assert ask(engine, at_ns=NOW + 600 * S) == ()
    suspect(engine, age_s=-2000)
    assert len(ask(engine, at_ns=NOW + 2000 * S)) == 1


def test_what_is_only_noted_silent_or_closed_is_not_recorded(engine: Engine) -> None:
    suspect(engine, id="note", level=Level.NOTE)
    suspect(engine, id="gone", age_s=900)
    one = suspect(engine, id="shut")
    closed = case("case-shut", one, "pirate_fm", Level.HIGH, 50.0)
    put_case(engine, msgspec.structs.replace(closed, closed_utc_ns=NOW))
    put_case(engine, case("case-fault", one, "fault_fm", Level.WATCH, 31.0))
    assert ask(engine) == ()


def test_one_sensor_records_one_thing_at_a_time_the_gravest_first_within_the_budget(engine: Engine) -> None:
    for id, level in (("a", Level.WATCH), ("b", Level.HIGH), ("c", Level.WATCH)):
        suspect(engine, id=id, level=level)
    assert len(ask(engine)) == 1
    with engine.connect() as connection:
        assert connection.scalars(select(tables.evidence.c.case_id)).all() == ["case-b"]
    suspect(engine, id="d", sensors=("hill",))
    assert ask(engine, Evidence(seconds=1.5, megabytes_a_day=1.0)) == ()
    assert len(ask(engine, Evidence(seconds=1.5, megabytes_a_day=2.0))) == 1


def test_the_sound_of_the_suspect_is_cut_out_demodulated_and_kept_twice(engine: Engine, block: IqBlock) -> None:
    asked, samples = made(engine, block)
    with engine.connect() as connection:
        kept = read_evidence(connection, "case-p", asked.evidence)
    assert kept is not None
    name = f"wavewarden-evidence-{asked.evidence}"
    assert kept.contents[f"{name}.sigmf-data"] == samples
    for ending, tolerance in (("flac", 1.0), ("opus", 2.0)):
        sound, rate_hz = soundfile.read(io.BytesIO(kept.contents[f"{name}.{ending}"]))
        assert len(sound) / rate_hz == pytest.approx(1.5, abs=0.05)
        spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
        assert np.argmax(spectrum) * rate_hz / len(sound) == pytest.approx(TONE_HZ, abs=tolerance)
    meta = json.loads(kept.contents[f"{name}.sigmf-meta"])
    assert meta["global"]["core:datatype"] == "cu8"
    assert meta["global"]["core:geolocation"]["coordinates"] == [114.3, 30.5]
    assert meta["captures"][0]["core:datetime"].startswith("2026-09-21T14:13:21")


def test_the_manifest_names_everything_and_its_hash_stands_in_the_audit_log(engine: Engine, block: IqBlock) -> None:
    asked, samples = made(engine, block)
    with engine.connect() as connection:
        kept = read_evidence(connection, "case-p", asked.evidence)
        entry = connection.execute(select(tables.audit).where(tables.audit.c.what == "evidence_made")).one()
    assert kept is not None
    assert kept.manifest_text is not None
    about = kept.manifest
    assert isinstance(about, Manifest)
    assert (about.sensor, about.case, about.software, about.asked_by) == ("roof", "case-p", "9.9", ASKED_BY)
    assert about.place is not None
    assert (about.place.lat_deg, about.gain_db is not None) == (30.5, True)
    assert about.station is not None
    assert about.station.ps == "AD RADIO"
    assert {file.name.partition(".")[2] for file in about.files} == {"sigmf-data", "sigmf-meta", "flac", "opus"}
    data = next(file for file in about.files if file.name.endswith("data"))
    assert data.sha256 == hashlib.sha256(samples).hexdigest()
    assert hashlib.sha256(kept.manifest_text.encode()).hexdigest() in entry.detail


def test_samples_too_short_or_gone_make_no_evidence_and_say_why(engine: Engine, block: IqBlock) -> None:
    suspect(engine)
    (asked,) = ask(engine)
    short = IqBlock(block.samples[: round(0.2 * block.rate_hz)], block.rate_hz, block.centre_hz)
    arrive(engine, asked, short)
    work(engine)
    with engine.connect() as connection:
        (kept,) = list_evidence(connection, "case-p")
    assert (kept.failure, kept.manifest_text) == (SHORT, None)


def test_who_may_hear_hears_and_who_takes_it_out_gets_sums_that_hold(engine: Engine, block: IqBlock) -> None:
    asked, _ = made(engine, block)
    app, base = make_app(engine), f"/cases/case-p/evidence/{asked.evidence}"
    with visitor(app, Role.VIEWER) as client:
        heard = client.get(f"{base}.opus")
        assert (heard.status_code, heard.headers["content-type"], heard.content[:4]) == (200, "audio/ogg", b"OggS")
        part = client.get(f"{base}.opus", headers={"range": "bytes=2-5"})  # as a player does that seeks
        assert (part.status_code, part.content) == (206, heard.content[2:6])
        assert part.headers["content-range"] == f"bytes 2-5/{len(heard.content)}"
        assert client.get(f"{base}.opus", headers={"range": "bytes=-3"}).content == heard.content[-3:]
        assert client.get(f"{base}.opus", headers={"range": "bytes=0-"}).content == heard.content
        assert client.get(f"{base}.opus", headers={"range": "bytes=999999999-"}).status_code == 416
        assert client.get(f"{base}.opus", headers={"range": "lines=1-2"}).status_code == 200
        assert client.get(f"{base}.zip").status_code == 403
        assert client.get(f"{base}.flac").status_code == 403
        page = client.get("/cases/case-p?check=1", headers={"accept-language": "en"}).text
        assert f'src="{base}.opus"' in page
    with visitor(app, Role.ENFORCEMENT) as client:
        taken = zipfile.ZipFile(io.BytesIO(client.get(f"{base}.zip").content))
        assert client.get(f"{base}.flac").content[:4] == b"fLaC"
        assert client.get("/cases/case-p/evidence/999.zip").status_code == 404
        (told,) = client.get("/api/v1/cases/case-p/evidence").json()
    assert (told["state"], told["broken"]) == ("made", [])
    sums = dict(reversed(line.split("  ")) for line in taken.read(SUMS).decode().splitlines())
    assert set(sums) == set(taken.namelist()) - {SUMS}
    assert all(hashlib.sha256(taken.read(name)).hexdigest() == digest for name, digest in sums.items())
    assert msgspec.json.decode(taken.read(MANIFEST), type=Manifest).sensor == "roof"
    with engine.connect() as connection:
        said = connection.scalars(select(tables.audit.c.what).where(tables.audit.c.who == "enforcement")).all()
    assert said.count("evidence_taken") == 2


def test_a_file_that_was_changed_in_the_database_is_named(engine: Engine, block: IqBlock) -> None:
    asked, _ = made(engine, block)
    with engine.begin() as connection:
        connection.execute(update(tables.evidence).values(flac=b"fLaC something else"))
    with visitor(make_app(engine), Role.VIEWER) as client:
        (told,) = client.get("/api/v1/cases/case-p/evidence").json()
        assert told["broken"] == [f"wavewarden-evidence-{asked.evidence}.flac"]
        assert f"wavewarden-evidence-{asked.evidence}.flac" in client.get("/cases/case-p?check=1").text
    with engine.begin() as connection:
        connection.execute(update(tables.evidence).values(manifest="{"))
    with visitor(make_app(engine), Role.VIEWER) as client:
        assert client.get("/api/v1/cases/case-p/evidence").json()[0]["state"] == "damaged"


def test_nothing_is_asked_by_itself_where_the_settings_say_so(engine: Engine) -> None:
    suspect(engine)
    work(engine, Evidence(automatic=False))
    with engine.connect() as connection:
        assert connection.execute(select(tables.task.c.id)).all() == []


def test_a_task_of_another_sensor_cannot_be_answered(engine: Engine, block: IqBlock) -> None:
    suspect(engine)
    (asked,) = ask(engine)
    with pytest.raises(snippets.SnippetUnasked):
        arrive(engine, asked, block, sensor_id=2)
