"""Tables of cells as people have them: taken where they are cells, refused by reason and line where not."""

import gzip
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dsp.signatures.cell_list import parse_cell_list
from shell.exits import Exit
from shell.lines import lines
from shell.settings import SettingsError, UnreadableSettings
from wavewarden.cell_import import Wanted, import_cells
from wavewarden.cli import app
from wavewarden.table_file import Account, ColumnsNotUnderstood
from wavewarden.table_options import told_account

HEADER = "radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal"
GOOD = "GSM,460,0,21014,8020,0,114.3,30.6,1000,5,1,1,1,0"
CHINESE = "网络号\t位置区\t小区号\t频点\t纬度\t经度\n46000\t0x5216\t8020\t20\t30.6\t114.3\n"


def table(folder: Path, text: str | bytes, name: str = "table.csv") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def taken(folder: Path, source: Path, wanted: Wanted | None = None) -> tuple[Account, list[str]]:
    out = folder / "cells.csv"
    account = import_cells(source, out, wanted or Wanted())
    return account, out.read_text(encoding="utf-8").splitlines()[1:] if out.exists() else []


@pytest.mark.parametrize("text", [f"{HEADER}\n{GOOD}\n", f"{GOOD}\n", f"\ufeff{HEADER}\r\n{GOOD}\r\n"])
def test_opencellid_with_and_without_its_first_line(tmp_path, text):
    account, rows = taken(tmp_path, table(tmp_path, text))
    assert rows == ["460,00,21014,8020,,,30.6,114.3,"]
    assert (account.rows, account.taken, account.refused) == (1, 1, {})


def test_a_packed_table_is_the_same(tmp_path):
    packed = table(tmp_path, gzip.compress(f"{HEADER}\n{GOOD}\n".encode()), "table.csv.gz")
    assert taken(tmp_path, packed)[1] == ["460,00,21014,8020,,,30.6,114.3,"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_chinese_table_by_the_names_of_its_columns(tmp_path, encoding):
    columns = {"plmn": "网络号", "lac": "位置区", "ci": "小区号", "arfcn": "频点", "lat_deg": "纬度", "lon_deg": "经度"}
    _, rows = taken(tmp_path, table(tmp_path, CHINESE.encode(encoding)), Wanted(columns=columns))
    assert rows == ["460,00,21014,8020,20,,30.6,114.3,"]


def test_a_table_without_names_by_the_numbers_of_its_columns_for_one_network(tmp_path):
    columns = {"lac_hex": "#1", "ci_hex": "#2"}
    wanted = Wanted(columns=columns, networks=(("460", "00"),))
    _, rows = taken(tmp_path, table(tmp_path, "5216;1F54\n5217;1F55\n"), wanted)
    assert rows == ["460,00,21014,8020,,,,,", "460,00,21015,8021,,,,,"]


BAD = {
    "columns": "GSM,460,0,21014",
    "not_gsm": GOOD.replace("GSM", "LTE"),
    "network": GOOD.replace("460", "46"),
    "other_network": GOOD.replace("460,0", "460,1"),
    "lac": GOOD.replace("21014", "65534"),
    "ci": GOOD.replace("8020", "0"),
    "number": GOOD.replace("8020", "eight"),
    "empty": GOOD.replace("8020", ""),
    "coordinates": GOOD.replace("30.6", "130.6"),
    "nowhere": GOOD.replace("114.3,30.6", "0,0"),
    "double": GOOD,
}


@pytest.mark.parametrize("reason", BAD)
def test_a_row_that_is_no_cell_is_refused_for_its_reason_with_its_line(tmp_path, reason):
    text = f"{HEADER}\n{GOOD}\n{BAD[reason]}\n"
    account, rows = taken(tmp_path, table(tmp_path, text), Wanted(networks=(("460", "00"),)))
    assert (account.rows, account.taken, account.refused) == (2, 1, {reason: 1})
    assert account.lines == {reason: [3]} and len(rows) == 1
    for language in ("zh", "en"):
        (_, said) = told_account(account, "cells", "cells.csv", 0.1, language)
        assert "3" in said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing in it"),
        ("a,b,c\n1,2,3\n", "--map"),
        ("\x00\x01\x02\n", "--map"),
    ],
)
def test_a_table_nobody_can_understand_is_refused_as_a_whole_and_nothing_is_written(tmp_path, text, why):
    with pytest.raises(ColumnsNotUnderstood, match=why):
        import_cells(table(tmp_path, text), tmp_path / "out.csv", Wanted())
    assert [file.name for file in tmp_path.iterdir()] == ["table.csv"]


def test_a_column_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ColumnsNotUnderstood, match="'zelle'"):
        import_cells(table(tmp_path, "lac,ci\n1,2\n"), tmp_path / "o", Wanted(columns={"lac": "lac", "ci": "zelle"}))
    with pytest.raises(ColumnsNotUnderstood, match="lac and ci"):
        import_cells(table(tmp_path, "lac,ci\n1,2\n"), tmp_path / "o", Wanted(columns={"lac": "lac"}))


def test_damaged_and_absent_files_leave_the_list_of_before_as_it_was(tmp_path):
    out = tmp_path / "cells.csv"
    out.write_text("as before")
    packed = gzip.compress("".join(f"{GOOD.replace('8020', str(n))}\n" for n in range(1, 9000)).encode())
    with pytest.raises(UnreadableSettings, match="damaged"):
        import_cells(table(tmp_path, packed[: len(packed) // 2], "half.gz"), out, Wanted())
    with pytest.raises(SettingsError, match="no such file"):
        import_cells(tmp_path / "absent.csv", out, Wanted())
    assert out.read_text() == "as before"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["cells.csv", "half.gz"]


def test_a_line_without_end_and_a_quote_without_end_cost_no_memory_and_no_other_line(tmp_path):
    endless = "GSM," + "9" * 3_000_000
    quote = GOOD.replace("8020", '"8021').replace("GSM", '"GSM"')
    account, rows = taken(tmp_path, table(tmp_path, f"{HEADER}\n{endless}\n{quote}\n{GOOD}\n"))
    assert (account.taken, account.refused, len(rows)) == (1, {"columns": 2}, 1)


def test_the_command_says_what_it_did_and_what_the_list_holds_is_read_again(tmp_path):
    source, out = table(tmp_path, f"{HEADER}\n{GOOD}\n{BAD['not_gsm']}\n"), tmp_path / "cells.csv"
    done = CliRunner().invoke(app, ["cells", "import", str(source), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "2" in done.output.splitlines()[0]
    assert parse_cell_list(lines(out)).count("460", "00") == 1
    none = CliRunner().invoke(app, ["cells", "import", str(source), "--out", str(out), "--plmn", "460-11"])
    assert none.exit_code == Exit.BAD_INPUT
    for wrong in (["--map", "x=nothing"], ["--plmn", "46"], ["--encoding", "klingon"], ["--separator", "ab"]):
        assert CliRunner().invoke(app, ["cells", "import", str(source), *wrong]).exit_code == 2


def test_sensor_and_server_take_the_list_beside_their_licences(tmp_path):
    from server.program import rules_of
    from server.settings import ServerSettings

    out = tmp_path / "cells.csv"
    import_cells(table(tmp_path, f"{HEADER}\n{GOOD}\n"), out, Wanted())
    rules = rules_of(ServerSettings(cells=str(out)))
    assert rules.licences.cell_rows("460", "00", 21014, 8020)[0].lat_deg == 30.6
