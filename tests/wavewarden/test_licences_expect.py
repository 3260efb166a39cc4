"""`wavewarden licences expect`: what should be heard, as a table and as JSON, and what it refuses."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from shell.exits import Exit
from wavewarden.cli import app

LIST = """
[[fm]]
freq_hz = 97.4e6
name = "Hill [bold]\\u001b[2J"
lat_deg = 30.6
lon_deg = 114.3
erp_w = 10000
height_m = 150
pi = 0x8341
valid_until = 2030-12-31
[[fm]]
freq_hz = 88.75e6
name = "Nowhere"
[[fm]]
freq_hz = 100.6e6
name = "Whisper"
lat_deg = 31.9
lon_deg = 114.3
erp_w = 1
"""


def run(folder: Path, *options: str, text: str = LIST):
    file = folder / "l.toml"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(app, ["licences", "expect", str(file), "--at", "30.5,114.2", *options])


def test_each_station_with_its_level_in_one_json_line(tmp_path):
    done = run(tmp_path, "--json", "--time", "2026-01-01T00:00Z")
    assert done.exit_code == 0, done.output
    nowhere, hill = (json.loads(line) for line in done.output.splitlines())
    assert (nowhere["heard"], nowhere["level_dbm"]) == ("unknown", None)
    assert (hill["heard"], hill["pi"]) == ("yes", 0x8341)
    assert 80.0 < hill["field_dbuv_m"] < 94.0
    assert len(run(tmp_path, "--json", "--all").output.splitlines()) == 3


def test_the_table_shows_names_as_text_and_counts_what_it_leaves_out(tmp_path):
    done = run(tmp_path, "--time", "2031-01-01")
    assert done.exit_code == 0, done.output
    assert "Hill" not in done.output  # its licence ran out the day before
    shown = run(tmp_path, "--time", "2030-12-31T23:00Z").output
    assert "Hill [bold]" in shown
    assert "\x1b[2J" not in shown


@pytest.mark.parametrize(
    "wrong",
    [["--at", "114.2"], ["--at", "95,10"], ["--at", "north,east"], ["--time", "soon"], ["--height", "0"]],
)
def test_what_cannot_be_meant_is_a_wrong_use(tmp_path, wrong):
    assert run(tmp_path, *wrong).exit_code == 2


def test_a_list_without_stations_and_one_with_bad_hours_are_refused_in_a_sentence(tmp_path):
    empty = run(tmp_path, text="cells = []\n")
    assert empty.exit_code == Exit.BAD_INPUT
    assert "l.toml" in empty.output + (empty.stderr or "")
    bad = run(tmp_path, text='[[fm]]\nfreq_hz = 9e7\nname = "a"\nhours = "sometimes"\n')
    assert bad.exit_code == Exit.BAD_INPUT
