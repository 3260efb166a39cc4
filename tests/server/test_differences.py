"""Differences in the server: asked for, made of what arrives, taken by casework once, kept through a restart."""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine, select

from dsp.signatures.licences import FmLicence, Licences
from fusion import world as real_fusion
from fusion.measured import lines_of
from fusion.rejudge import Anew
from fusion.values import Emitter, Latest, Level, Rules, World
from sensor.phases import HeardBy, phases_at
from server import case_store, snippets, tables, tasking
from server.archive import measured
from server.casework import Casework
from server.difference_asking import Request, ask_for_difference
from server.difference_making import WAIT_NS, all_measured
from server.differences import DifferenceDesk
from server.settings import Alerts, Differences
from server.snippets import SnippetTooLarge, SnippetUnasked, check_offer
from server.web.read_sensors import list_snippets, list_tasks
from tests.dsp.fm import difference_made as made
from tests.fusion.test_fm_differences import NAMES, degrees
from tests.server.made import NOW, S, case, emitter, put_case, put_emitter, put_sensor, report, station
from tests.server.web import database
from wavewarden.locate_lines import read_record
from wire.messages import SnippetOffer, Task
from wire.phase_snippet import FORMAT, MOST_BYTES, encode_phases
from wire.report import Position, PositionSource, TimeSource

RULES = Rules(
    licences=Licences(
        fm=(
            FmLicence(
                freq_hz=made.REFERENCE_HZ,
                name="one",
                lat_deg=degrees(made.REFERENCE)[0],
                lon_deg=degrees(made.REFERENCE)[1],
            ),
        )
    )
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with database(tmp_path) as engine:
        for number, (name, place) in enumerate(zip(NAMES, made.SENSORS, strict=True), start=1):
            put_sensor(engine, number, name, report(*degrees(place)))
        pirate = _emitter("p", made.TARGET_HZ, licensed=False)
        put_emitter(engine, pirate)
        put_emitter(engine, _emitter("r", made.REFERENCE_HZ, licensed=True))
        put_case(engine, case("c", pirate, "pirate_fm", Level.WATCH, 15.0))
        yield engine


def _emitter(id: str, freq_hz: float, *, licensed: bool) -> Emitter:
    latest = tuple(Latest(sensor=name, time_utc_ns=NOW - 3 * S, heard=station(freq_hz)) for name in NAMES)
    return emitter(id, "fm", freq_hz, licensed=licensed, latest=latest)


class Clock:
    def __init__(self) -> None:
        self.now_ns = NOW

    def __call__(self) -> int:
        return self.now_ns


def _world(engine: Engine) -> World:
    with engine.connect() as connection:
        return case_store.load_world(connection)[0]


def _desk(engine: Engine, clock: Clock, *, automatic: bool = True) -> DifferenceDesk:
    world = _world(engine)
    return DifferenceDesk(engine, RULES, Differences(automatic=automatic), world=lambda: world, clock_ns=clock)


def _answer(engine: Engine, names: tuple[str, ...] = NAMES, *, programme: str = "speech") -> None:
    """What the sensors named do: each its task, from one and the same moment of the made city."""
    request = _request(engine)
    blocks = made.blocks(made.Set(programme, seed=3, cnr_db=20.0, seconds=0.8))
    for name in names:
        number = NAMES.index(name)
        lat_deg, lon_deg = degrees(made.SENSORS[number])
        place = Position(lat_deg=lat_deg, lon_deg=lon_deg, sigma_m=5.0, source=PositionSource.SURVEYED)
        snippet = phases_at(
            replace(blocks[number], time_utc_ns=request.asked.at_utc_ns),
            (request.asked.reference_hz, request.asked.freq_hz),
            at_utc_ns=request.asked.at_utc_ns,
            seconds=0.8,
            heard_by=HeardBy(TimeSource.NTP, 10_000_000, place),
        )
        assert snippet is not None
        _deliver(engine, request.tasks[name], number + 1, encode_phases(snippet))


def _deliver(engine: Engine, task: int, sensor_id: int, data: bytes) -> None:
    offer = _offer(task, data)
    with engine.begin() as connection:
        assert check_offer(connection, task, sensor_id, offer)
        snippets.store_snippet(connection, task, sensor_id, offer, data, now_utc_ns=NOW)


def _offer(task: int, data: bytes, *, sample_format: str = FORMAT) -> SnippetOffer:
    return SnippetOffer(
        task=f"x-{task}",
        centre_hz=made.CENTRE_HZ,
        rate_hz=150e3,
        time_utc_ns=NOW,
        format=sample_format,
        sample_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        packed_bytes=len(zlib.compress(data)),
    )


def _request(engine: Engine) -> Request:
    q = tables.difference_request.c
    with engine.connect() as connection:
        return msgspec.msgpack.decode(
            connection.execute(select(q.body).order_by(q.id.desc()).limit(1)).scalar_one(), type=Request
        )


def _outcome(engine: Engine) -> str | None:
    q = tables.difference_request.c
    with engine.connect() as connection:
        return connection.execute(select(q.outcome).order_by(q.id.desc()).limit(1)).scalar_one()


def test_a_suspect_several_sensors_hear_is_asked_for_once_and_each_gets_the_same_moment(engine: Engine) -> None:
    desk = _desk(engine, Clock())
    desk.work()
    desk.work()
    with engine.connect() as connection:
        tasks = [due.task for due in tasking.due_tasks(connection, "x")]
    assert len(tasks) == 3
    assert len({(t.at_utc_ns, t.centre_hz, t.stations_hz) for t in tasks}) == 1
    assert tasks[0].stations_hz == (made.REFERENCE_HZ, made.TARGET_HZ) and not tasks[0].snippet


def test_nothing_is_asked_when_that_is_switched_off(engine: Engine) -> None:
    _desk(engine, Clock(), automatic=False).work()
    with engine.connect() as connection:
        assert tasking.due_tasks(connection, "x") == []


def test_what_arrives_becomes_differences_that_casework_takes_once_also_after_a_restart(engine: Engine) -> None:
    clock = Clock()
    desk = _desk(engine, clock)
    desk.work()
    _answer(engine)
    desk.work()
    assert _outcome(engine) == "3 measured"
    casework = Casework(engine, real_fusion, RULES, Alerts(), clock_ns=clock)
    casework.work()
    casework.commit()
    found = casework.world.emitters["p"]
    assert len(found.differences) == 3 and found.fix is not None
    restarted = Casework(engine, real_fusion, RULES, Alerts(), clock_ns=clock)
    restarted.work()
    assert restarted.world.emitters["p"].differences == found.differences
    with engine.connect() as connection:
        assert [len(m.differences) for m in all_measured(connection)] == [3]


def test_a_record_hands_them_out_for_judging_again_and_for_locate(engine: Engine, tmp_path: Path) -> None:
    desk = _desk(engine, Clock())
    desk.work()
    _answer(engine)
    desk.work()
    with engine.connect() as connection:
        (told,) = measured(connection, from_ns=NOW, to_ns=NOW + 1)
        assert measured(connection, from_ns=NOW + 1, to_ns=NOW + 2) == []
    anew = Anew(RULES)
    anew.world = _world(engine)
    anew.take_differences(told)
    assert anew.world.emitters["p"].differences == told.differences
    file = tmp_path / "record.jsonl"
    file.write_bytes(b"\n".join(lines_of(told)))
    record = read_record(file)
    assert record.refused == []
    assert [m.difference.difference_s for m in record.measured if m.difference] == [
        d.difference_s for d in told.differences
    ]


def test_differences_that_were_not_committed_are_taken_again(engine: Engine) -> None:
    desk = _desk(engine, Clock())
    desk.work()
    _answer(engine)
    desk.work()
    lost = Casework(engine, real_fusion, RULES, Alerts(), clock_ns=Clock())
    lost._take_differences()  # and the power goes
    again = Casework(engine, real_fusion, RULES, Alerts(), clock_ns=Clock())
    again.work()
    assert len(again.world.emitters["p"].differences) == 3


def test_who_does_not_answer_is_done_without_after_a_while(engine: Engine) -> None:
    clock = Clock()
    desk = _desk(engine, clock)
    desk.work()
    _answer(engine, NAMES[:2])
    desk.work()
    assert _outcome(engine) is None
    clock.now_ns = _request(engine).asked.at_utc_ns + WAIT_NS + 1
    desk.work()
    assert _outcome(engine) == "1 measured; west: no_snippet"


def test_silence_and_damaged_snippets_are_said_and_give_nothing(engine: Engine) -> None:
    desk = _desk(engine, Clock())
    desk.work()
    _answer(engine, NAMES[:2], programme="silence")
    _deliver(engine, _request(engine).tasks["west"], 3, b"\xc1 not phases")
    desk.work()
    assert _outcome(engine) == "0 measured; west: not_messagepack; west: no_snippet; east-north: silent"
    with engine.connect() as connection:
        assert list(all_measured(connection)) == []


def test_who_gives_nothing_again_and_again_is_asked_ever_more_rarely(engine: Engine) -> None:
    """A dongle that loses samples whenever it is tuned, a station that is silent: the survey must go on."""
    clock = Clock()
    q = tables.difference_request.c
    asked_ns = []
    for _ in range(80):
        clock.now_ns += 15 * S
        with engine.begin() as connection:
            world = msgspec.structs.replace(_world(engine), emitters=_heard_now(engine, clock.now_ns))
            request = ask_for_difference(connection, world, RULES, now_utc_ns=clock.now_ns)
        if request is not None:
            asked_ns.append(clock.now_ns)
            with engine.begin() as connection:
                outcome = {"done_utc_ns": clock.now_ns, "outcome": "0 measured; east-north: silent"}
                connection.execute(tables.difference_request.update().where(q.done_utc_ns.is_(None)).values(**outcome))
    waits_s = [round((b - a) / 1e9) for a, b in pairwise(asked_ns)]
    assert waits_s == [60, 120, 240, 480]


def _heard_now(engine: Engine, now_ns: int) -> dict[str, Emitter]:
    def fresh(emitter: Emitter) -> Emitter:
        latest = tuple(msgspec.structs.replace(each, time_utc_ns=now_ns) for each in emitter.latest)
        return msgspec.structs.replace(emitter, latest=latest)

    return {key: fresh(emitter) for key, emitter in _world(engine).emitters.items()}


def test_phases_are_taken_only_from_who_was_asked_and_are_no_recording(engine: Engine) -> None:
    _desk(engine, Clock()).work()
    task = _request(engine).tasks["north"]
    with engine.begin() as connection, pytest.raises(SnippetUnasked):
        check_offer(connection, task, 2, _offer(task, b"x"))
    with engine.begin() as connection, pytest.raises(SnippetUnasked):
        check_offer(connection, task, 1, _offer(task, b"x", sample_format="cu8"))
    with engine.begin() as connection, pytest.raises(SnippetTooLarge):
        check_offer(connection, task, 1, _offer(task, bytes(MOST_BYTES + 1)))
    with engine.begin() as connection:
        asked = Task(id="", centre_hz=98e6, rate_hz=1e6, seconds=1.0, snippet=True)
        made_row = connection.execute(
            tables.task.insert().values(
                sensor_id=1, created_utc_ns=NOW, created_by="x", body=msgspec.msgpack.encode(asked)
            )
        )
        (plain,) = made_row.inserted_primary_key or (0,)
        with pytest.raises(SnippetUnasked):
            check_offer(connection, plain, 1, _offer(plain, b"x"))
    _answer(engine)
    with engine.connect() as connection:
        assert list_snippets(connection) == []
        assert all(row.snippet_id is None for row in list_tasks(connection))


def test_a_revoked_sensor_is_not_asked(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(tables.sensor.update().where(tables.sensor.c.name != "north").values(revoked_utc_ns=NOW))
        world = case_store.load_world(connection)[0]
        assert ask_for_difference(connection, world, RULES, now_utc_ns=NOW) is None
