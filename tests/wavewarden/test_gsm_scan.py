import json
from pathlib import Path

import msgspec
import pytest
from rich.cells import cell_len

from dsp.gsm.values import GsmCell
from shell.exits import Exit
from tests.wavewarden.gsm_made import CENTRE_HZ, RATE_HZ, cell, made_file
from tests.wavewarden.running import invoke
from wavewarden import gsm_table
from wavewarden.gsm_ledger import Ledger

GIVEN = ("--rate", RATE_HZ, "--centre", CENTRE_HZ, "--format", "cf32_le")
FULL = cell(
    25,
    cell_reselect_offset_db=40,
    temporary_offset_db=20,
    penalty_time=31,
    cell_reselect_hysteresis_db=6,
    rxlev_access_min=8,
)
OTHER = cell(27, plmn="460-01", symbol_offset=700.0, neighbour_arfcns=())


@pytest.fixture(scope="module")
def two_cells(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_file(tmp_path_factory.mktemp("gsm") / "two.cf32", [FULL, OTHER], seconds=4.2, clock_ppm=20.0)


def test_each_cell_is_one_line_of_json_with_everything_it_said(monkeypatch, two_cells):
    done = invoke(monkeypatch, "gsm", "scan", two_cells, *GIVEN, "--json")
    assert done.exit_code == Exit.DONE
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line.pop("file") for line in lines} == {str(two_cells)}
    found = {one.ci: one for one in (msgspec.convert(line, GsmCell) for line in lines)}
    assert sorted(found) == [7025, 7027] and len(lines) == 2
    assert (found[7025].neighbour_arfcns, found[7027].neighbour_arfcns) == ((12, 30, 77), ())
    assert (found[7025].cell_reselect_offset_db, found[7025].penalty_time) == (40, 31)
    assert found[7025].carrier_offset_hz == pytest.approx(940e6 * 20e-6, abs=10)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_table_fits_eighty_columns_and_says_what_choosing_a_cell_depends_on(monkeypatch, two_cells, lang):
    done = invoke(monkeypatch, "gsm", "scan", two_cells, *GIVEN, lang=lang)
    assert done.exit_code == Exit.DONE
    name, head, *rows = done.stdout.splitlines()
    assert name == str(two_cells) and len(rows) == 2
    assert {cell_len(line) for line in (head, *rows)} == {77}
    row = next(line for line in rows if " 7025 " in line).split()
    assert (row[0], row[1], row[2], row[3], row[4], row[5]) == ("25", "940.0", "460-00", "100", "7025", "25")
    assert row[8].startswith("+188") and row[9:] == ["3", "40", "20", "31", "6", "8"]


def test_a_cell_that_never_becomes_complete_is_told_at_the_end(monkeypatch, tmp_path):
    short = made_file(tmp_path / "short.cf32", [FULL], seconds=0.3)
    done = invoke(monkeypatch, "gsm", "scan", short, *GIVEN, "--json")
    (line,) = map(json.loads, done.stdout.splitlines())
    assert (done.exit_code, line["bsic"], line["ci"]) == (Exit.DONE, 25, None)


def heard(freq_hz: float = 940e6, *, ci: int | None = None, neighbours: tuple[int, ...] | None = None) -> GsmCell:
    said = {"mcc": "460", "mnc": "00", "lac": 1, "ci": ci, "rxlev_access_min": 8} if ci is not None else {}
    return GsmCell(
        freq_hz=freq_hz,
        arfcn=25,
        level_dbfs=-40.0,
        cnr_db=20.0,
        carrier_offset_hz=0.0,
        carrier_offset_sigma_hz=1.0,
        bsic=7,
        frame_number=0,
        frame_sample=0.0,
        seconds=1.0,
        sch_read=1,
        blocks_read=1,
        blocks_failed=0,
        neighbour_arfcns=neighbours,
        **said,  # type: ignore[arg-type]
    )


def test_a_cell_is_told_once_when_it_is_complete_and_again_when_it_calls_itself_another():
    ledger = Ledger()
    assert ledger.take([heard()]) == []
    complete = heard(ci=5, neighbours=(1,))
    assert ledger.take([complete]) == [complete] and ledger.take([complete]) == []
    moved = heard(ci=6, neighbours=(1,))
    assert ledger.take([moved]) == [moved]
    assert ledger.rest() == [] and len(ledger) == 2


def test_two_transmitters_on_one_carrier_of_which_one_said_nothing_are_two():
    ledger = Ledger()
    ledger.take([heard(ci=5, neighbours=()), heard()])
    assert [one.ci for one in ledger.rest()] == [None] and len(ledger) == 2


def test_an_infinite_temporary_offset_and_what_is_unknown_have_their_signs():
    cell_said = msgspec.structs.replace(heard(ci=5), temporary_offset_infinite=True, cell_reselect_offset_db=126)
    assert gsm_table.row(cell_said).split()[-5:] == ["126", "∞", "–", "–", "8"]
    assert gsm_table.row(heard()).split()[2:5] == ["–", "–", "–"]
    assert "945.1234" in gsm_table.row(msgspec.structs.replace(heard(freq_hz=945_123_400.0), arfcn=None))


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("x.cu8", "--radio", "rtlsdr"),
        ("--radio", "hackrf"),
        ("--radio", "replay:"),
        ("--radio", "rtl_tcp://a:0"),
        ("--radio", "rtlsdr", "--band", "gsm700"),
        ("--radio", "rtlsdr", "--dwell", "0"),
    ],
)
def test_what_cannot_be_scanned_is_wrong_usage(monkeypatch, words):
    assert invoke(monkeypatch, "gsm", "scan", *words).exit_code == Exit.USAGE


@pytest.mark.needs_recordings
def test_the_real_cell_is_found(monkeypatch, recordings_dir):
    file = recordings_dir / "gsm" / "cell_272-02_500ks.c64"
    done = invoke(monkeypatch, "gsm", "scan", file, "--rate", 5e5, "--centre", 0, "--format", "cf32_le", "--json")
    (line,) = map(json.loads, done.stdout.splitlines())
    assert (line["mcc"], line["mnc"], line["lac"], line["ci"], line["bsic"]) == ("272", "02", 15016, 15149, 56)
