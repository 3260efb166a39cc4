import logging

import msgspec
import pytest

from dsp.signatures.history import SiteHistory
from sensor.remember import Keeper, latest_ns, load, save, say_of
from sensor.settings import RadioSettings, SensorSettings
from sensor.survey import Survey
from sensor.whereabouts import as_recorded
from tests.dsp.signatures.made import WEIGHTS
from tests.sensor.made import SECOND_NS, START_NS, MadeClock, MadeEars, MadeOutbox, MadeRadio, block, cell, station
from tests.sensor.test_survey import WINDOW, OneWindow


def heard(now_ns=START_NS) -> SiteHistory:
    """As it is after a restart, which forgets where the oscillator stood."""
    values = (cell(mcc="460", mnc="00", lac=1, ci=2), station(ps="RADIO"))
    return SiteHistory().with_look(values, now_ns=now_ns).restarted()


def test_what_was_heard_survives_a_restart(tmp_path):
    file = tmp_path / "kept" / "history.msgpack"
    save(file, heard())
    assert load(file) == heard()
    assert [each.name for each in file.parent.iterdir()] == ["history.msgpack"]


@pytest.mark.parametrize("content", [b"", b"\xc1", b"\x81\xa5cells\x05"])
def test_a_damaged_history_is_an_empty_one_and_said(tmp_path, content, caplog):
    file = tmp_path / "history.msgpack"
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert load(file) == SiteHistory()
    assert "begins without a history" in caplog.text
    assert load(tmp_path / "nothing") == SiteHistory()


def test_a_disk_that_cannot_be_written_costs_the_history_only(tmp_path, caplog):
    (tmp_path / "kept").write_text("a file where the folder should be")
    save(tmp_path / "kept" / "history.msgpack", heard())
    assert "cannot be written" in caplog.text


def test_it_is_written_now_and_then_and_at_the_end(tmp_path):
    clock = MadeClock()
    keeper = Keeper(tmp_path / "h", clock.monotonic_ns, every_s=300.0)
    keeper.keep(SiteHistory())
    assert not (tmp_path / "h").exists()
    clock.now_ns += 301 * SECOND_NS
    keeper.keep(heard())
    assert load(tmp_path / "h") == heard()
    keeper.keep(SiteHistory())
    assert load(tmp_path / "h") == heard()
    keeper.write()
    assert load(tmp_path / "h") == SiteHistory()


def test_a_clock_that_was_set_back_does_not_make_the_history_run_backwards():
    newest_ns = START_NS + 3600 * SECOND_NS
    of = Survey(
        outbox=MadeOutbox(),
        clock=MadeClock(),
        new_memories=lambda: MadeEars((cell(),)),
        where=as_recorded,
        weights=WEIGHTS,
        band_plan=None,
        history=heard(newest_ns),
    )
    of.turn(MadeRadio([block(WINDOW)]), OneWindow())
    assert latest_ns(of.history) >= newest_ns


def test_a_dongle_keeps_its_history_and_a_replay_does_not(tmp_path):
    from sensor.parts import history

    dongle = SensorSettings(data=str(tmp_path / "dongle"))
    replay = SensorSettings(data=str(tmp_path / "replay"), radio=RadioSettings(kind="replay"))
    for settings in (dongle, replay):
        with history(settings, MadeClock()) as (before, keep):
            assert before == SiteHistory()
            keep(heard())
    with history(dongle, MadeClock()) as (before, _):
        assert before == heard()
    assert not (tmp_path / "replay").exists()


def of_version_one() -> bytes:
    """As the first published version wrote it."""
    record = {
        "freq_hz": 950e6,
        "arfcn": 75,
        "bsic": 21,
        "first_ns": START_NS,
        "last_ns": START_NS + SECOND_NS,
        "looks": 2,
        "doubted": False,
        "strength": -70.0,
        "mcc": "460",
        "mnc": "00",
        "lac": 1,
        "ci": 2,
        "phase_ns": 5e9,
        "strengths": [-70.0, -71.0],
        "strengths_from_ns": START_NS,
        "strength_at_ns": START_NS,
        "paging": {"since_ns": START_NS, "blocks": 9},
        "broadcast": {"t3212": 30},
    }
    return msgspec.msgpack.encode({"cells": {"9500/21": record}, "stations": {}})


def test_a_history_of_the_version_before_is_read(tmp_path):
    file = tmp_path / "history.msgpack"
    file.write_bytes(of_version_one())
    history = load(file)
    assert [(r.lac, r.ci, r.looks) for r in history.cells.values()] == [(1, 2, 2)]
    again = history.with_look((cell(mcc="460", mnc="00", lac=1, ci=2),), now_ns=START_NS + 9 * SECOND_NS)
    assert len(again.cells) == 2 and again.days == 1


def test_a_history_with_a_ring_of_another_length_is_refused_in_a_sentence(tmp_path, caplog):
    file = tmp_path / "history.msgpack"
    tree = msgspec.msgpack.decode(msgspec.msgpack.encode(heard()))
    next(iter(tree["fresh"].values()))["levels"][2] = b"short"
    file.write_bytes(msgspec.msgpack.encode(tree))
    with caplog.at_level(logging.WARNING):
        assert load(file) == SiteHistory()
    assert "begins without a history" in caplog.text


def test_a_long_memory_is_written_seldom(tmp_path, monkeypatch):
    monkeypatch.setattr("sensor.remember.BYTES_A_SECOND", 1.0)
    clock = MadeClock()
    keeper = Keeper(tmp_path / "h", clock.monotonic_ns, every_s=1.0)
    clock.now_ns += 2 * SECOND_NS
    keeper.keep(heard())
    size = (tmp_path / "h").stat().st_size
    (tmp_path / "h").unlink()
    clock.now_ns += (size - 5) * SECOND_NS
    keeper.keep(heard())
    assert not (tmp_path / "h").exists()
    clock.now_ns += 6 * SECOND_NS
    keeper.keep(heard())
    assert (tmp_path / "h").exists()


def test_a_history_from_the_future_and_one_being_learnt_are_said(tmp_path, caplog):
    with caplog.at_level(logging.INFO):
        say_of(tmp_path / "h", heard(START_NS), utc_ns=START_NS - 5 * 365 * 86400 * SECOND_NS)
    assert "1825.0 days after what the clock says now" in caplog.text
    assert "learnt on 1 of 7 days" in caplog.text
