import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import OperationalError

from fusion import world as real_fusion
from fusion.values import Case, CaseStep, Emitter, FiledReport, Level, Rules, Step, World
from server import casework as casework_module
from server import tables
from server.alerts.alert import Alert
from server.casework import Casework
from server.enrolment import enrol_sensor
from server.filing import Arrived, file_reports
from server.settings import Alerts, Webhook
from server.store import open_database
from tests.end_to_end.link_bench import wait_until
from tests.wire.made import BOOT, make_report
from wire.report_codec import encode_report

KEY = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"  # the Z85 standard's example of a public key
ALERTS = Alerts(webhooks=(Webhook(name="hook", url="https://example.org", level="high"),))


class Ladder:
    """A fusion whose only case rises with the number of the report: 1 note, 2 watch, 3 high, 4 breaks, 5 closes."""

    def take(self, world: World, filed: FiledReport, rules: Rules) -> Step:
        seq = filed.report.seq
        if seq == 4:
            raise ZeroDivisionError("four")
        emitter = Emitter(id="e", service="gsm", freq_hz=9e8, mcc="460", first_seen_utc_ns=1, last_seen_utc_ns=seq)
        before = world.cases.get("c")
        level = self.level_at(seq)
        step = CaseStep(time_utc_ns=seq, level=level, score_db=float(seq))
        after = Case(
            id="c",
            emitter_id="e",
            kind="rogue_bts",
            level=level,
            score_db=float(seq),
            group_scores_db={},
            findings=(),
            opened_utc_ns=1,
            changed_utc_ns=seq,
            closed_utc_ns=seq if seq == 5 else None,
            steps=(*(before.steps if before else ()), step),
        )
        return Step(
            world=World(emitters={"e": emitter}, cases=world.cases | {"c": after}), emitters=(emitter,), cases=(after,)
        )

    def level_at(self, seq: int) -> Level:
        return Level(min(seq, 3))

    def tick(self, world: World, now_utc_ns: int, rules: Rules) -> Step:
        return Step(world=world)


class Wave(Ladder):
    """A fusion whose only case is watch, high, watch, then high again; 5 closes it."""

    def level_at(self, seq: int) -> Level:
        return {1: Level.WATCH, 2: Level.HIGH, 3: Level.WATCH}.get(seq, Level.HIGH)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'store.sqlite'}")
    enrol_sensor(engine, "roof", KEY)
    yield engine
    engine.dispose()


def file(engine: Engine, *seqs: int) -> None:
    with engine.begin() as connection:
        arrived = [Arrived(1, BOOT, seq, 7, encode_report(make_report(seq=seq, created_utc_ns=seq))) for seq in seqs]
        file_reports(connection, arrived)


def alerts(engine: Engine) -> list[tuple[str, int, int | None]]:
    a = tables.alert.c
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(a.key, a.level, a.report_created_utc_ns))]


def through(engine: Engine) -> int:
    with engine.connect() as connection:
        query = select(tables.meta.c.value).where(tables.meta.c.key == "through_row")
        return int(connection.execute(query).scalar_one_or_none() or 0)


def case(engine: Engine) -> Case:
    with engine.connect() as connection:
        return msgspec.msgpack.decode(connection.execute(select(tables.case.c.body)).scalar_one(), type=Case)


def test_a_case_is_alerted_at_each_level_it_rises_to_from_the_least_on(engine: Engine) -> None:
    file(engine, 1, 2, 3)
    news: list[tuple[str, str]] = []
    told: list[None] = []
    work = Casework(
        engine, Ladder(), Rules(), ALERTS, publish=lambda *n: news.append(n), on_alert=lambda: told.append(None)
    )
    work.work()
    assert alerts(engine) == [("c:2:2", 2, 2), ("c:3:3", 3, 3)]
    assert through(engine) == 3 and len(told) == 2
    assert [n for n in news if n[0] == "alert"] == [("alert", "1"), ("alert", "2")]
    assert ("emitter", "e") in news and ("case", "c") in news


@pytest.mark.parametrize("restarted", [False, True])
def test_a_case_that_falls_and_rises_again_is_not_a_new_alert(engine: Engine, restarted: bool) -> None:
    work = Casework(engine, Wave(), Rules(), ALERTS)
    for seq in (1, 2, 3, 6):
        file(engine, seq)
        work = Casework(engine, Wave(), Rules(), ALERTS) if restarted else work
        work.work()
    assert [step.level for step in case(engine).steps] == [Level.WATCH, Level.HIGH, Level.WATCH, Level.HIGH]
    assert [key for key, *_ in alerts(engine)] == ["c:2:1", "c:3:2"]


def test_a_case_that_opens_after_it_closed_is_told_again(engine: Engine) -> None:
    file(engine, 2, 5, 6)
    Casework(engine, Wave(), Rules(), ALERTS).work()
    assert [key for key, *_ in alerts(engine)] == ["c:3:2", "c:3:6"]


def test_only_the_channels_that_want_the_level_get_a_delivery_in_the_same_transaction(engine: Engine) -> None:
    file(engine, 1, 2, 3)
    Casework(engine, Ladder(), Rules(), ALERTS).work()
    with engine.connect() as connection:
        d = tables.delivery.c
        assert connection.execute(select(d.alert_id, d.channel)).all() == [(2, "hook")]
        bodies = connection.scalars(select(tables.alert.c.body)).all()
    alert = msgspec.msgpack.decode(bodies[1], type=Alert)
    assert (alert.freq_hz, alert.title_params["mcc"], alert.kind) == (9e8, "460", "rogue_bts")


def test_a_report_that_fusion_cannot_take_is_set_aside_and_the_next_is_taken(engine: Engine) -> None:
    file(engine, 3, 4, 5)
    work = Casework(engine, Ladder(), Rules(), ALERTS)
    work.work()
    with engine.connect() as connection:
        rows = connection.execute(select(tables.set_aside.c.report_id, tables.set_aside.c.reason)).all()
    assert rows == [(2, "ZeroDivisionError: four")]
    assert case(engine).closed_utc_ns == 5 and through(engine) == 3 and work.counters()["set_aside"] == 1


def test_a_body_that_cannot_be_read_is_set_aside(engine: Engine) -> None:
    with engine.begin() as connection:
        row = {"sensor_id": 1, "boot": BOOT, "seq": 1, "received_utc_ns": 1, "body": b"\xc1"}
        connection.execute(insert(tables.report).values(**row))
    work = Casework(engine, Ladder(), Rules(), ALERTS)
    work.work()
    work.commit()
    assert work.counters()["set_aside"] == 1 and through(engine) == 1


def test_after_a_crash_before_the_commit_the_same_alerts_are_made_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    file(engine, 1, 2, 3)

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(casework_module.case_store, "write", crash)
        with pytest.raises(KeyboardInterrupt):
            Casework(engine, Ladder(), Rules(), ALERTS).work()
    assert alerts(engine) == []
    Casework(engine, Ladder(), Rules(), ALERTS).work()
    expected = alerts(engine)
    assert [key for key, *_ in expected] == ["c:2:2", "c:3:3"]
    with engine.begin() as connection:  # as if the last commit had not happened, but for the alerts
        connection.execute(tables.meta.update().where(tables.meta.c.key == "through_row").values(value="0"))
        connection.execute(tables.case.delete())
    Casework(engine, Ladder(), Rules(), ALERTS).work()
    assert alerts(engine) == expected


def test_work_goes_on_after_the_last_report_that_was_worked_off(engine: Engine) -> None:
    file(engine, 1, 2)
    Casework(engine, Ladder(), Rules(), ALERTS).work()
    file(engine, 3)
    again = Casework(engine, Ladder(), Rules(), ALERTS)
    again.work()
    assert again.counters()["taken"] == 1 and [step.time_utc_ns for step in case(engine).steps] == [1, 2, 3]


def test_an_emitter_that_became_part_of_another_leaves_the_database(engine: Engine) -> None:
    gone = Emitter(id="old", service="gsm", freq_hz=1.0, first_seen_utc_ns=1, last_seen_utc_ns=1)
    with engine.begin() as connection:
        row = {"id": "old", "service": "gsm", "freq_hz": 1.0, "last_seen_utc_ns": 1}
        connection.execute(insert(tables.emitter).values(**row, body=msgspec.msgpack.encode(gone)))
    file(engine, 1)
    Casework(engine, Ladder(), Rules(), ALERTS).work()
    with engine.connect() as connection:
        assert connection.scalars(select(tables.emitter.c.id)).all() == ["e"]


def test_the_thread_takes_what_comes_and_what_is_no_news_within_a_second_or_so(engine: Engine) -> None:
    work = Casework(engine, real_fusion, Rules(), ALERTS)
    work.start()
    file(engine, 1, 2)
    work.wake()
    assert wait_until(lambda: through(engine) == 2, seconds=5)
    work.stop()
    with engine.connect() as connection:
        services = connection.scalars(select(tables.emitter.c.service)).all()
    assert sorted(services) == ["fm", "gsm"]


def test_a_database_that_does_not_answer_is_waited_for(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(casework_module, "RETRY_S", 0.01)
    file(engine, 1, 2, 3)
    work = Casework(engine, Ladder(), Rules(), ALERTS)
    with monkeypatch.context() as patch:
        patch.setattr(casework_module.case_store, "write", _full)
        work._round(work.work)
    assert work.counters()["storage_failures"] == 1 and alerts(engine) == []
    work._round(work.work)
    assert [key for key, *_ in alerts(engine)] == ["c:2:2", "c:3:3"]


def test_a_fault_of_our_own_makes_it_start_over_and_tell_each_alert_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casework_module, "RETRY_S", 0.01)
    file(engine, 1, 2, 3)
    work = Casework(engine, Ladder(), Rules(), ALERTS)
    with monkeypatch.context() as patch:
        patch.setattr(casework_module, "alert_of", lambda *_, **__: 1 / 0)
        work._round(work.work)
    work._round(work.work)
    assert work.counters()["internal_faults"] == 1
    assert [key for key, *_ in alerts(engine)] == ["c:2:2", "c:3:3"]


def _full(*_: object, **__: object) -> None:
    raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))
