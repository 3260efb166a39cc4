"""Tables of aeronautical frequencies as people have them, into the list of licences and out of it again."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from dsp.fm.aeronautical import Service
from dsp.signatures.licences import FmLicence, Licences
from shell.exits import Exit
from shell.settings import read_settings
from wavewarden.aviation_import import import_aviation
from wavewarden.cli import app
from wavewarden.licence_import import Wanted, import_licences, write_licences
from wavewarden.table_file import ColumnsNotUnderstood

TABLE = """mhz,name,kind,lat,lon,radius_km
109.3,ILS RWY 04,ILS,30.78,114.21,46
113.0,LJG,vor,30.8,114.2,
118.1,Tower,COM,,,
109.2,even tenths,ils,,,
101.7,a broadcast,vor,,,
118.3,swapped,com,114.21,30.78,
x,no number,com,,,
119.1,radar,radar,,,
"""


def test_good_rows_are_taken_and_each_bad_one_is_named_by_its_line(tmp_path: Path):
    (tmp_path / "table.csv").write_text(TABLE)
    account = import_aviation(tmp_path / "table.csv", tmp_path / "out.toml")
    assert (account.rows, account.taken) == (8, 3)
    assert account.lines == {"band_or_place": [5, 6, 7], "number": [8], "kind": [9]}
    rows = read_settings(tmp_path / "out.toml", Licences).aviation
    assert [(row.freq_hz, row.kind, row.radius_km) for row in rows] == [
        (109.3e6, Service.ILS, 46.0),
        (113.0e6, Service.VOR, 100.0),
        (118.1e6, Service.COM, 100.0),
    ]
    assert (rows[0].lat_deg, rows[2].lat_deg) == (30.78, None)


def test_licences_and_frequencies_share_one_list_and_neither_import_loses_the_other(tmp_path: Path):
    out = tmp_path / "licences.toml"
    write_licences(out, Licences(fm=(FmLicence(freq_hz=93.1e6, name="City"),)), tmp_path / "x")
    (tmp_path / "table.csv").write_text("频率;名称;类别\n118.1;塔台;话音\n", encoding="gb18030")
    import_aviation(tmp_path / "table.csv", out)
    assert [each.name for each in read_settings(out, Licences).fm] == ["City"]
    (tmp_path / "fm.csv").write_text("frequency,name\n97.4,Music\n")
    import_licences(tmp_path / "fm.csv", out, Wanted())
    both = read_settings(out, Licences)
    assert [each.name for each in both.fm] == ["Music"]
    assert [(each.name, each.kind) for each in both.aviation] == [("塔台", Service.COM)]


def test_a_table_without_its_columns_or_rows_is_refused(tmp_path: Path):
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ColumnsNotUnderstood, match="freq, name, kind"):
        import_aviation(tmp_path / "table.csv", tmp_path / "out.toml")
    (tmp_path / "none.csv").write_text("mhz,name,kind\n88.1,x,vor\n")
    ran = CliRunner().invoke(app, ["aviation", "import", str(tmp_path / "none.csv"), "--out", str(tmp_path / "o.toml")])
    assert ran.exit_code == int(Exit.BAD_INPUT)
    assert not (tmp_path / "o.toml").exists()
