"""Tables of FM licences as regulators and listeners have them: taken, doubted or refused, by reason and line."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from dsp.signatures.licences import FmLicence, Licences
from shell.exits import Exit
from shell.settings import UnreadableSettings, read_settings
from wavewarden.cli import app
from wavewarden.licence_import import FmAccount, Wanted, import_licences
from wavewarden.licence_presets import FIELDS
from wavewarden.licence_rows import Area, Circle, Meaning, licence_of
from wavewarden.licence_values import day_of, degrees, frequency_hz, metres, pis_of, power_w
from wavewarden.licences_command import told_import
from wavewarden.table_file import ColumnsNotUnderstood, RowRefused

HEADER = "freq,name,pi,lat,lon,erp_kw,height,hours,valid_until"
GOOD = "97.4,Hill,8341,30.6,114.3,3,120,06:00-24:00,2030-12-31"
KQRS = (  # an answer of the FM Query, list=4
    "|KQRS-FM     |92.5  MHz |FM |223 |ND  |H                   |C  |-  |LIC    |GOLDEN VALLEY            |MN |US "
    "|BLH-19910814KB      |100.   kW |100.   kW |315.0   |315.0   |35505      |N |45 |3  |29.8  |W |93  |7  |27.7  "
    "|RADIO LICENSE HOLDINGS LLC   |   0.00 km |   0.00 mi |  0.00 deg |593.   m|593.0  m|-         |-       |-       "
    "|       m|199108140 |cf83d1b7d0ba49ec803ec1b6063ebeb7   |c257291be3ad492fba20c1b6063ebeb7   |"
)
CHINA = Area(18.0, 73.0, 54.0, 135.0)


def table(folder: Path, text: str | bytes, name: str = "table.csv") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def taken(folder: Path, text: str | bytes, **wanted: object) -> tuple[FmAccount, tuple[FmLicence, ...]]:
    out = folder / "licences.toml"
    account = import_licences(table(folder, text), out, Wanted(**wanted))  # type: ignore[arg-type]
    return account, read_settings(out, Licences).fm if out.exists() else ()


def test_what_a_row_says_is_in_the_list_that_sensors_read(tmp_path):
    account, (licence,) = taken(tmp_path, f"{HEADER}\n{GOOD}\n", utc_offset_h=8.0)
    assert licence == FmLicence(
        freq_hz=97.4e6,
        name="Hill",
        pi=0x8341,
        lat_deg=30.6,
        lon_deg=114.3,
        erp_w=3000.0,
        height_m=120.0,
        hours="06:00-24:00",
        valid_until=datetime.date(2030, 12, 31),
        utc_offset_h=8.0,
    )
    assert (account.rows, account.taken, dict(account.units)) == (1, 1, {"mhz": 1})


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_chinese_table_with_a_title_above_its_columns(tmp_path, encoding):
    names = "频率(kHz)\t台名\t经度\t纬度\t功率（kW）\t播出时间\t同步网"
    text = f"调频台站表\t2026年\n{names}\n97400\t山顶台\t114°18′E\t30°36′N\t3\t全天\t一网\n"
    _, (licence,) = taken(tmp_path, text.encode(encoding))
    assert (licence.freq_hz, licence.name, licence.erp_w, licence.network) == (97.4e6, "山顶台", 3000.0, "一网")
    assert (licence.lat_deg, licence.lon_deg, licence.hours) == (30.6, 114.3, "00:00-24:00")


def test_the_fccs_list_by_its_preset(tmp_path):
    rows = (
        KQRS,
        KQRS.replace("|FM |", "|FS |").replace("100.   kW", "32.    kW"),
        KQRS.replace("|LIC ", "|CP  "),
        KQRS.replace("|FM |", "|FA |"),
    )
    account, (main, auxiliary) = taken(tmp_path, "\n".join(rows) + "\n", preset="fcc")
    assert (main.name, main.freq_hz, main.erp_w, main.haat_m) == ("KQRS-FM, GOLDEN VALLEY", 92.5e6, 1e5, 315.0)
    assert (main.lat_deg, main.lon_deg, main.height_m) == (45.058278, -93.124361, None)
    assert (auxiliary.standby, auxiliary.network, auxiliary.erp_w) == (True, main.network, 32e3)
    assert account.lines == {"status": [3], "service": [4]}
    assert not account.doubted


def test_fmlists_names_of_columns_with_regional_variants(tmp_path):
    text = (
        "MHz;ITU;Programme;PI;Regional PI;Location;lat;lon;ERP;Pol\n97,4;D;Welle;D3C2;D4C2/D5C2;Berg;52,5;13,4;1,2;V\n"
    )
    account, (licence,) = taken(tmp_path, text, preset="fmlist")
    assert (licence.name, licence.pi, licence.pis) == ("Welle, Berg", 0xD3C2, (0xD4C2, 0xD5C2))
    assert (licence.erp_w, licence.lat_deg) == (1200.0, 52.5)
    assert not account.doubted


def test_columns_by_map_by_name_and_by_number(tmp_path):
    by_name = {"freq": "Kanal", "name": "Wer"}
    _, (licence,) = taken(tmp_path, "Wer;Kanal\nHill;97400\n", columns=by_name)
    assert (licence.name, licence.freq_hz) == ("Hill", 97.4e6)
    _, (licence,) = taken(tmp_path, "Hill;97400000\n", columns={"freq": "#2", "name": "#1"})
    assert licence.freq_hz == 97.4e6


REFUSED = {
    "columns": "97.4",
    "frequency": GOOD.replace("97.4", "974"),
    "name": GOOD.replace("Hill", ""),
    "power": GOOD.replace(",3,", ",3 hp,"),
    "coordinates": GOOD.replace("30.6", ""),
    "date": GOOD.replace("2030-12-31", "for ever"),
    "double": GOOD,
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_row_that_is_no_licence_is_refused_for_its_reason_with_its_line(tmp_path, reason):
    account, licences = taken(tmp_path, f"{HEADER}\n{GOOD}\n{REFUSED[reason]}\n")
    assert (account.rows, account.taken, account.refused) == (2, 1, {reason: 1})
    assert (account.lines, len(licences)) == ({reason: [3]}, 1)
    for language in ("zh", "en"):
        assert "3" in told_import(account, "licences.toml", 0.1, language)[-1]


def test_a_validity_that_ends_before_it_begins_is_refused(tmp_path):
    account, _ = taken(tmp_path, "freq,name,from,until\n97.4,a,2026-01-02,2026-01-01\n97.4,b,2026-01-01,2026-01-01\n")
    assert account.refused == {"dates": 1}


DOUBTED = {
    "swapped": GOOD.replace("30.6,114.3", "114.3,30.6"),
    "outside": GOOD.replace("114.3", "14.3"),
    "nowhere": GOOD.replace("30.6,114.3", "0,0"),
    "power": GOOD.replace(",3,", ",3000,"),
    "height": GOOD.replace(",120,", ",4000,"),
    "hours": GOOD.replace("06:00-24:00", "mostly"),
    "pi": GOOD.replace("8341", "8G41"),
}


@pytest.mark.parametrize("reason", DOUBTED)
def test_a_doubtful_row_is_taken_and_told(tmp_path, reason):
    account, (licence,) = taken(tmp_path, f"{HEADER}\n{DOUBTED[reason]}\n", area=CHINA)
    assert (account.doubted, account.doubted_lines) == ({reason: 1}, {reason: [2]})
    if reason == "swapped":
        assert (licence.lat_deg, licence.lon_deg) == (30.6, 114.3)
    for language in ("zh", "en"):
        assert "2" in told_import(account, "licences.toml", 0.1, language)[-1]


def test_coordinates_exchanged_below_90_degrees_are_found_by_the_area(tmp_path):
    row = GOOD.replace("30.6,114.3", "13.4,52.5")
    account, (licence,) = taken(tmp_path, f"{HEADER}\n{row}\n", area=Area(47.0, 5.0, 55.0, 16.0))
    assert (account.doubted, licence.lat_deg, licence.lon_deg) == ({"swapped": 1}, 52.5, 13.4)


def test_a_power_without_unit_and_units_of_frequency_that_change_are_doubted(tmp_path):
    account, licences = taken(tmp_path, "freq,name,power\n97.4,a,100\n98400,b,2 kW\n")
    assert account.doubted == {"power_unit": 1}
    assert [licence.erp_w for licence in licences] == [100.0, 2000.0]
    assert "doubtful" in told_import(account, "l", 0.1, "en")[1]
    assert "MHz (1), kHz (1)" in told_import(account, "l", 0.1, "zh")[1]


def test_of_a_whole_country_only_what_is_near_is_taken_and_what_has_no_place(tmp_path):
    rows = (GOOD, GOOD.replace("30.6", "39.9"), "98.0,Nowhere,,,,,,,")
    account, licences = taken(tmp_path, "\n".join((HEADER, *rows)), near=Circle(30.5, 114.2, 250e3))
    assert [licence.name for licence in licences] == ["Hill", "Nowhere"]
    assert account.lines == {"far": [3]}


def workbook(folder: Path) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["nothing here"])
    sheet = book.create_sheet("FM")
    sheet.append(["频率", "台名", "有效期至", "立体声"])
    sheet.append([97.4, "山顶台", datetime.date(2030, 12, 31), "是"])
    book.save(folder / "table.xlsx")
    return folder / "table.xlsx"


def test_a_workbook_by_the_name_of_its_sheet(tmp_path):
    out = tmp_path / "l.toml"
    import_licences(workbook(tmp_path), out, Wanted(sheet="FM"))
    (licence,) = read_settings(out, Licences).fm
    assert (licence.name, licence.valid_until, licence.stereo) == ("山顶台", datetime.date(2030, 12, 31), True)
    with pytest.raises(ColumnsNotUnderstood, match="no sheet 'AM': Sheet, FM"):
        import_licences(tmp_path / "table.xlsx", out, Wanted(sheet="AM"))
    with pytest.raises(ColumnsNotUnderstood, match="say with --map"):
        import_licences(tmp_path / "table.xlsx", out, Wanted())


def test_a_damaged_workbook_leaves_the_list_of_before_as_it_was(tmp_path):
    whole, out = workbook(tmp_path).read_bytes(), tmp_path / "l.toml"
    out.write_text("cells = []\n")
    for cut in (10, len(whole) // 2, len(whole) - 30):
        with pytest.raises(UnreadableSettings, match="damaged"):
            import_licences(table(tmp_path, whole[:cut], "cut.xlsx"), out, Wanted())
    spoilt = bytearray(whole)
    for at in range(whole.index(b"sheet2.xml") + 40, whole.index(b"sheet2.xml") + 90):
        spoilt[at] ^= 0xA5
    with pytest.raises(UnreadableSettings, match="damaged"):
        import_licences(table(tmp_path, bytes(spoilt), "spoilt.xlsx"), out, Wanted(sheet="FM"))
    assert out.read_text() == "cells = []\n"


@pytest.mark.parametrize(
    ("text", "wanted", "why"),
    [
        ("", Wanted(), "nothing in it"),
        ("a,b\n1,2\n", Wanted(), "--map"),
        ("97.4,a\n", Wanted(preset="fcc"), "list=4"),
        ("f,n\n97.4,a\n", Wanted(columns={"freq": "f", "name": "who"}), "'who'"),
        ("f,n\n97.4,a\n", Wanted(columns={"freq": "f"}), "must be mapped"),
        ("freq,name\n97.4,a\n", Wanted(sheet="FM"), "no XLSX"),
    ],
)
def test_a_table_nobody_can_understand_is_refused_as_a_whole(tmp_path, text, wanted, why):
    with pytest.raises(ColumnsNotUnderstood, match=why):
        import_licences(table(tmp_path, text), tmp_path / "out.toml", wanted)
    assert [file.name for file in tmp_path.iterdir()] == ["table.csv"]


def test_cells_that_the_list_holds_stay_in_it(tmp_path):
    out = tmp_path / "l.toml"
    out.write_text('[[cells]]\nmcc = "460"\nmnc = "00"\nlac = 1\nci = 2\n[[fm]]\nfreq_hz = 90e6\nname = "old"\n')
    import_licences(table(tmp_path, f"{HEADER}\n{GOOD}\n"), out, Wanted())
    held = read_settings(out, Licences)
    assert (held.cells[0].ci, [licence.name for licence in held.fm]) == (2, ["Hill"])


def test_one_field_at_a_time():
    assert frequency_hz("101.1 MHz") == (101.1e6, "mhz")
    assert frequency_hz("87500") == (87.5e6, "khz")
    assert power_w("12.    kW", "w") == 12e3
    assert power_w("30", "dbw") == pytest.approx(1000.0)
    assert power_w("0", "w") is None
    with pytest.raises(RowRefused):
        power_w("99999", "dbw")
    assert degrees("39 40 24.3 N") == pytest.approx(39.673417)
    assert degrees("W105°13'4.5\"") == pytest.approx(-105.217917)
    assert degrees("-12,5") == -12.5
    assert pis_of("0x8341/8541") == (0x8341, 0x8541)
    assert metres("100 ft") == pytest.approx(30.48)
    assert day_of("2026年1月31日") == day_of("31.1.2026") == datetime.date(2026, 1, 31)
    for wrong in ("12°61'", "N", "1 2 3 4", "here"):
        with pytest.raises(RowRefused):
            degrees(wrong)


def test_the_command_tells_and_exits_as_it_should(tmp_path):
    source, out = table(tmp_path, f"{HEADER}\n{GOOD}\n{REFUSED['name']}\n"), tmp_path / "l.toml"
    done = CliRunner().invoke(app, ["licences", "import", str(source), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "2" in done.output.splitlines()[0]
    none = CliRunner().invoke(app, ["licences", "import", str(table(tmp_path, f"{HEADER}\n1,a\n"))])
    assert none.exit_code == Exit.BAD_INPUT
    absent = CliRunner().invoke(app, ["licences", "import", str(tmp_path / "absent.csv")])
    assert absent.exit_code == Exit.BAD_INPUT
    bad = (
        ["--preset", "x"],
        ["--map", "x=y"],
        ["--area", "1,2,3"],
        ["--area", "5,0,4,1"],
        ["--utc-offset", "99"],
        ["--near", "1,2"],
    )
    for wrong in bad:
        assert CliRunner().invoke(app, ["licences", "import", str(source), *wrong]).exit_code == 2, wrong


def test_what_is_wrong_with_a_table_is_said_in_chinese_too(tmp_path):
    from shell.words import explain

    wrong = (
        ("", Wanted(), "文件是空的"),
        ("a,b\n1,2\n", Wanted(), "找不到频率"),
        ("97.4,a\n", Wanted(preset="fcc"), "FCC 清单"),
        ("f,n\n97.4,a\n", Wanted(columns={"freq": "f", "name": "who"}), "这一列"),
        ("f,n\n97.4,a\n", Wanted(columns={"freq": "f"}), "必须指明"),
        ("freq,name\n97.4,a\n", Wanted(sheet="FM"), "不是 XLSX"),
    )
    for text, wanted, said in wrong:
        with pytest.raises(ColumnsNotUnderstood) as refused:
            import_licences(table(tmp_path, text), tmp_path / "out.toml", wanted)
        assert said in explain(refused.value, "zh")


def test_hours_that_nobody_understands_are_refused_in_chinese_where_a_list_is_read(tmp_path):
    from shell.settings import BadValue
    from shell.words import explain

    file = table(tmp_path, '[[fm]]\nfreq_hz = 9e7\nname = "a"\nhours = "soon"\n', "l.toml")
    with pytest.raises(BadValue) as refused:
        read_settings(file, Licences)
    assert "不是播出时间" in explain(refused.value, "zh")


SCRAPS = st.sampled_from(
    [
        *"0123456789.,:-+°'NSEW/ kKmMwWdB",
        "97.4",
        "1e999",
        "9" * 400,
        "24:00",
        "2026-02-30",
        "8341",
        "٣",
        "\x00",
        "–",
        "inf",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(SCRAPS, max_size=8).map("".join), min_size=len(FIELDS), max_size=len(FIELDS)), st.booleans())
def test_whatever_stands_in_a_row_it_is_a_licence_or_a_reason_that_has_words(row, kept):
    from shell import words

    row = ["97.4", "Hill", *row[2:]] if kept else row
    try:
        read = licence_of(row, Meaning({field: at for at, field in enumerate(FIELDS)}, area=CHINA))
    except RowRefused as refusal:
        assert words.say(f"licences.refused.{refusal.reason}", "zh")
        return
    assert 60e6 <= read.licence.freq_hz <= 120e6
    assert all(words.say(f"licences.doubted.{doubt}", "zh") for doubt in read.doubts)
