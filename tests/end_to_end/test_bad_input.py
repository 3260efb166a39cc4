"""What the clumsy and the hostile hand to the command: one sentence, the right exit code, nothing lost."""

import json
import os
from pathlib import Path

import pytest

from shell.exits import Exit
from tests.end_to_end.bad_files import noise, write_pair, write_refused, write_silent
from tests.end_to_end.commands import Done, check_chinese, check_refused, run, run_both

REFUSED = {
    "begins_late.sigmf-meta": "is cut off: 1000 samples",
    "only_data.sigmf-data": "its metadata only_data.sigmf-meta is missing; put it beside",
    "only_meta.sigmf-meta": "its samples only_meta.sigmf-data are missing; put them beside",
    "broken_meta.sigmf-meta": "is not SigMF metadata",
    "thin_meta.sigmf-meta": "missing required field `core:datatype`",
    "other_type.sigmf-meta": "'ri16_be' is not known; known are cu8",
    "rate_zero.sigmf-meta": "a sample rate of 0 Hz cannot be",
    "rate_below.sigmf-meta": "a sample rate of -1e+06 Hz cannot be",
    "no_samples.sigmf-meta": "holds no samples",
    "not_numbers.sigmf-meta": "NaN or infinite",
    "stereo.wav": "is sound, not IQ (2 × 44100 Hz)",
    "mono.wav": "is sound, not IQ (1 × 44100 Hz)",
    "cut.wav": "is not a whole WAV file",
    "notes.txt": "is text, not samples",
    "笔记.txt": "is text, not samples",
    "empty.cu8": "holds no samples",
    "packed.zip": "is a zip archive; unpack it",
    "song.mp3": "give --format (cu8, ci8, ci16_le, cf32_le)",
    "bare.cu8": "nothing says its sample rate; give --rate HZ",
    "folder": "is a folder; name a file in it",
    "pipe": "is a pipe or a device",
    "nowhere.cu8": "there is no such file",
}
SILENT = {
    "noise": "No carrier stands above the noise",
    "zeros": "Every sample has the same value",
    "clipped": "are clipped; record again with less gain",
    "direct": "little but the receiver's own direct current",
    "brief": "only 0.002 s long",
    "elsewhere": "No GSM downlink or FM band lies around this centre",
    "narrow": "At 48000 Hz the recording is narrower",
    "brief_gsm": "only 0.002 s long",
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory) -> dict[str, Done]:
    folder = tmp_path_factory.mktemp("refused")
    write_refused(folder)
    return run_both("replay", *REFUSED, cwd=folder)


@pytest.fixture(scope="module")
def silent(tmp_path_factory) -> dict[str, Done]:
    folder = tmp_path_factory.mktemp("silent")
    write_silent(folder)
    return run_both("replay", "--json", *(f"{name}.sigmf-meta" for name in SILENT), cwd=folder)


def test_files_that_are_refused_end_the_program_as_bad_input_and_each_costs_one_sentence(refused):
    for done in refused.values():
        assert (done.code, done.out) == (Exit.BAD_INPUT, "")
        assert len(done.sentences) == len(REFUSED), done.err


@pytest.mark.parametrize(("index", "name"), list(enumerate(REFUSED)))
def test_a_file_that_is_no_recording_is_refused_by_name_with_what_to_do(refused, index, name):
    english, chinese = (refused[language].sentences[index] for language in ("en", "zh"))
    assert english.startswith(f"wavewarden: {Path(name).stem}")
    assert REFUSED[name] in english
    assert Path(name).stem in chinese
    check_chinese(chinese, name)


def test_recordings_that_hold_nothing_are_no_fault_and_print_nothing(silent):
    for done in silent.values():
        assert (done.code, done.out) == (Exit.NOTHING_HEARD, "")
        assert len(done.sentences) == len(SILENT), done.err


@pytest.mark.parametrize(("index", "name"), list(enumerate(SILENT)))
def test_nothing_heard_comes_with_the_likely_reason(silent, index, name):
    english, chinese = (silent[language].sentences[index] for language in ("en", "zh"))
    assert english.startswith(f"{name}.sigmf-meta: nothing was heard. ")
    assert SILENT[name] in english
    check_chinese(chinese, name)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--rate", "0", "--centre", "98e6"), "a sample rate of 0 Hz cannot be"),
        (("--rate", "-5", "--centre", "98e6"), "a sample rate of -5 Hz cannot be"),
        (("--rate", "nan", "--centre", "98e6"), "a sample rate of nan Hz cannot be"),
        (("--rate", "2.4", "--centre", "98e6"), "give in Hz the rate"),
        (("--rate", "1e6"), "give --centre HZ"),
        (("--rate", "1e6", "--centre", "-98e6"), "a centre frequency of -9.8e+07 Hz cannot be"),
        (("--rate", "1e6", "--centre", "98e6", "--format", "cu9"), "'cu9' is not known; known are cu8, ci8"),
    ],
)
def test_what_is_said_wrongly_about_a_bare_file_is_refused(tmp_path, options, said):
    (tmp_path / "a.cu8").write_bytes(noise(1000).tobytes())
    check_refused(run_both("replay", "a.cu8", *options, cwd=tmp_path), Exit.BAD_INPUT, "a.cu8", said)


def test_of_a_truncated_pair_what_is_there_is_heard_and_the_loss_is_told(tmp_path):
    meta = write_pair(tmp_path, "cut", noise(1_000_000))
    told = json.loads(meta.read_text()) | {"annotations": [{"core:sample_start": 0, "core:sample_count": 1_000_000}]}
    meta.write_text(json.dumps(told))
    os.truncate(meta.with_suffix(".sigmf-data"), 1_500_001)
    for language, done in run_both("replay", "cut", cwd=tmp_path).items():
        assert done.code == Exit.NOTHING_HEARD
        loss, stray, nothing = done.sentences
        assert "1000000" in loss
        assert "750000" in loss
        assert "1" in stray
        assert "cut.sigmf-meta" in nothing or "cut" in nothing
        if language == "zh":
            for sentence in done.sentences:
                check_chinese(sentence, "cut")


HOSTILE = """
name = "hostile"
start_utc = 2026-03-02T08:00:00Z
duration_s = 2.0
seed = 7
[place]
lat_deg = 30.6
lon_deg = 104.1
[propagation.fm]
shadowing_sigma_db = 0.0
echoes = 0
[[look]]
service = "fm"
centre_hz = 98.0e6
rate_hz = 300e3
seconds = 2.0
[[sensor]]
name = "alone"
site = { east_m = 0.0, north_m = 0.0, height_m = 30.0 }
fm = { gain_db = 16.6, antenna_dbi = -15.0, noise_figure_db = 28.0 }
[[fm_station]]
name = "hostile"
kind = "licensed"
freq_hz = 98.05e6
eirp_dbm = 62.2
site = { east_m = 3000.0, north_m = 1100.0, height_m = 110.0 }
[fm_station.broadcast]
programme = "tone"
[fm_station.broadcast.rds]
pi = 0xC304
ps = "<script>"
rt = "[red]\\u001b[2J[/]"
deviation_hz = 6000.0
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "hostile.toml").write_text(HOSTILE, encoding="utf-8")
    made = run("make-recording", "hostile.toml", "--out", "made", "--workers", "1", cwd=folder)
    assert made.code == Exit.DONE, made.err
    return folder / "made"


def test_a_hostile_station_name_is_only_text_in_the_table(hostile):
    done = run("replay", "alone.sigmf-meta", cwd=hostile)
    assert done.code == Exit.DONE, done.err
    assert "<script>" in done.out
    assert "\x1b" not in done.out
    assert "\x07" not in done.out
    assert "[red]" in done.out


def test_a_hostile_station_name_is_only_text_in_json_and_every_line_is_json(hostile):
    done = run("replay", "--json", "alone.sigmf-meta", cwd=hostile)
    assert done.code == Exit.DONE, done.err
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert [line["ps"] for line in lines if line.get("type") == "fm_station"] == ["<script>"]
    assert not any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for letter in done.out.replace("\n", ""))


def test_a_refused_file_does_not_keep_the_next_one_from_being_heard(hostile):
    (hostile / "notes.txt").write_text("words\n" * 50)
    done = run("replay", "--json", "notes.txt", "alone", cwd=hostile)
    assert done.code == Exit.BAD_INPUT
    assert len(done.sentences) == 1
    assert "C304" in done.out or '"pi": 49924' in done.out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("duration_s", "duraton_s", "unknown key 'duraton_s'; did you mean 'duration_s'?"),
        ("gain_db", "gain_bd", "did you mean 'gain_db'?"),
        ("seed = 7", "seed = = 7", "is not TOML"),
        ("duration_s = 2.0", "duration_s = -2.0", "duration_s is -2; allowed is"),
        ("duration_s = 2.0", 'duration_s = "long"', "Expected `float`, got `str`"),
        ("rate_hz = 300e3", "rate_hz = 0", "0 Hz"),
        ('programme = "tone"', 'programme = "opera"', "'opera'"),
    ],
)
def test_a_scenario_that_is_wrong_is_refused_with_file_and_place(tmp_path, old, new, said):
    (tmp_path / "city.toml").write_text(HOSTILE.replace(old, new, 1), encoding="utf-8")
    done = run_both("make-recording", "city.toml", "--out", "made", cwd=tmp_path)
    check_refused(done, Exit.BAD_INPUT, "city.toml", said)
    assert not (tmp_path / "made").exists()


def test_an_unknown_scenario_is_answered_with_the_nearest_name(tmp_path):
    done = run_both("make-recording", "one_statoin", cwd=tmp_path)
    check_refused(done, Exit.BAD_INPUT, "no scenario 'one_statoin'", "did you mean 'one_station'?")
    assert "'one_station'" in done["zh"].err


def test_a_folder_that_is_a_file_is_refused_and_left_alone(tmp_path):
    (tmp_path / "made").write_text("my own notes")
    done = run_both("make-recording", "one_station", "--out", "made", cwd=tmp_path)
    check_refused(done, Exit.BAD_INPUT, "made: recordings cannot be written there")
    assert (tmp_path / "made").read_text() == "my own notes"


def test_a_disk_too_full_for_recordings_is_told_before_the_work_and_keeps_what_is_there(tmp_path):
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "notes").write_text("earlier")
    done = run_both("make-recording", "one_station", "--out", "made", cwd=tmp_path, limit_bytes=500_000)
    check_refused(done, Exit.NO_SPACE, "made: recordings cannot be written there")
    assert (tmp_path / "made" / "notes").read_text() == "earlier"
    assert not list((tmp_path / "made").glob("*.sigmf-*"))


@pytest.mark.parametrize("program", ["sensor", "server"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('naem = "x"\n', "unknown key 'naem'; did you mean 'name'?"),
        ('name = "x\n', "is not TOML"),
        ("name = 3\n", "Expected `str`, got `int`"),
        ("name = '\udcff'\n", "is not UTF-8 text"),
        (None, "there is no such settings file; make one with `wavewarden"),
    ],
    ids=["unknown key", "not TOML", "wrong type", "not UTF-8", "not there"],
)
def test_settings_that_cannot_be_used_are_refused(tmp_path, program, content, said):
    if content is not None:
        (tmp_path / "a.toml").write_text(content, encoding="utf-8", errors="surrogateescape")
    check_refused(run_both(program, "--config", "a.toml", cwd=tmp_path), Exit.BAD_INPUT, "a.toml", said)


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("[web]\nport = 99999\n", Exit.BAD_INPUT, "`int` <= 65535"),
        ('[web]\nhost = "no.such.host.invalid"\n', Exit.UNREACHABLE, "no.such.host.invalid"),
        ('[link]\nbind = "tcp://here"\n', Exit.BAD_INPUT, "an address looks like tcp://0.0.0.0:5640"),
        ('database = "nosuch://x"\n', Exit.BAD_INPUT, "is no database address"),
        ('licences = "none.toml"\n', Exit.BAD_INPUT, "none.toml: there is no such file"),
        ('[alerts]\nscreen_level = "loud"\n', Exit.BAD_INPUT, "'loud'"),
    ],
)
def test_a_server_that_cannot_be_as_it_is_set_says_so_before_it_starts(tmp_path, content, code, said):
    usual = "" if "[web]" in content else "[web]\nport = 0\n"
    (tmp_path / "a.toml").write_text(content + usual)
    check_refused(run_both("server", "--config", "a.toml", cwd=tmp_path), code, said)
