"""`wavewarden bearing`: typed in, or out of a KrakenSDR's record, always the lines that `wavewarden locate` reads."""

import re

import pytest

from shell.exits import Exit
from tests.hardware.test_krakensdr import line
from tests.wavewarden.running import invoke
from wire.report import PositionSource
from wire.report_json import decode_line


def test_a_compass_bearing_is_corrected_by_the_declination_that_was_given(monkeypatch):
    said = [
        invoke(monkeypatch, "bearing", "add", 98.5, 359, "--at", "30.57,104.06", "--by", "p1", *more).stdout
        for more in ((), ("--declination", "-3.5"), ("--declination", "3.5", "--sigma", "8"))
    ]
    told = [decode_line(text) for text in said]
    assert [line.report.bearings[0].azimuth_deg for line in told] == [359.0, 355.5, 2.5]
    assert [line.report.bearings[0].sigma_deg for line in told] == [None, None, 8.0]
    assert {line.sensor for line in told} == {"p1"}
    assert {line.report.bearings[0].source for line in told} == {"person"}
    assert told[0].report.position.source is PositionSource.STATED
    assert len({(line.report.boot, line.report.seq) for line in told}) == 3


def test_a_bearing_that_was_added_is_taken_back_by_the_name_it_was_told(monkeypatch):
    added = invoke(monkeypatch, "bearing", "add", 98.5, 10, "--at", "30.57,104.06", "--by", "p1")
    name = re.search(r"[0-9a-f]{32}/1", added.stderr)
    assert name is not None
    line = decode_line(invoke(monkeypatch, "bearing", "withdraw", name[0], "--by", "p1").stdout)
    (withdrawal,) = line.report.withdrawn
    told = decode_line(added.stdout).report
    assert (line.sensor, withdrawal.sensor) == ("p1", "")
    assert (withdrawal.boot, withdrawal.seq) == (told.boot, told.seq)


@pytest.mark.parametrize("name", ["1", "0" * 32, "0" * 32 + "/0", "G" * 32 + "/1", "0" * 32 + "/x"])
def test_a_name_that_is_none_is_refused_with_a_sentence(monkeypatch, name):
    done = invoke(monkeypatch, "bearing", "withdraw", name)
    assert (done.exit_code, "BOOT/SEQ" in done.stderr) == (Exit.BAD_INPUT, True)


@pytest.mark.parametrize("at", ["0,0", "30", "130,104", "x,y"])
def test_a_place_that_is_none_is_refused_with_a_sentence(monkeypatch, at):
    done = invoke(monkeypatch, "bearing", "add", 98.5, 10, "--at", at)
    assert (done.exit_code, "latitude,longitude" in done.stderr) == (Exit.BAD_INPUT, True)


def test_a_record_becomes_reports_and_its_bad_lines_are_told(monkeypatch, tmp_path):
    record = tmp_path / "doa.csv"
    record.write_text(line(330) + "junk, line\n" + line(10, way="counter_clockwise") + line(5)[:200] + "\n")
    done = invoke(monkeypatch, "bearing", "read", record)
    told = [decode_line(text) for text in done.stdout.splitlines()]
    assert [round(line.report.bearings[0].azimuth_deg) for line in told] == [120, 80]
    assert [line.report.seq for line in told] == [1, 2]
    assert {line.sensor for line in told} == {"KIT 1"}
    assert "line 2 was left out" in done.stderr
    assert "line 4 was left out" in done.stderr
    again = invoke(monkeypatch, "bearing", "read", record, "--sensor", "df")
    assert [decode_line(text).sensor for text in again.stdout.splitlines()] == ["df", "df"]


def test_a_record_of_something_else_is_nothing_heard(monkeypatch, tmp_path):
    record = tmp_path / "page.html"
    record.write_text("<html>\n")
    done = invoke(monkeypatch, "bearing", "read", record, lang="zh")
    assert (done.exit_code, "Kraken App" in done.stderr) == (Exit.NOTHING_HEARD, True)
