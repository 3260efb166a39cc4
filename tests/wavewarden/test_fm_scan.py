import json
from pathlib import Path

import msgspec
import pytest
from rich.cells import cell_len

from dsp.fm.values import FmStation
from dsp.iq import IqBlock
from recordings.fm.spec import FmBroadcast
from recordings.make import make
from recordings.read import Recording, open_recording
from recordings.scenario_read import open_scenario
from shell.exits import Exit
from tests.dsp.fm.made_window import Sent, rds
from tests.wavewarden.fm_made import GIVEN, LICENCES, made_file
from tests.wavewarden.running import invoke

SCANNED = {
    *(
        "file",
        "verdict",
        "licence",
        "looks",
        "looks_covered",
        "on_air_share",
        "on_air_hours",
        "level_least_dbfs",
        "level_most_dbfs",
    ),
    *("first_utc_ns", "last_utc_ns", "findings"),
}


@pytest.fixture(scope="module")
def licences(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("licences") / "licences.toml"
    file.write_text(LICENCES, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def one_station(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (file,) = make(open_scenario("one_station"), tmp_path_factory.mktemp("one_station"))
    return file


@pytest.fixture(scope="module")
def pirate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(open_scenario("pirate_only"), tmp_path_factory.mktemp("pirate_only"))[0]


@pytest.fixture(scope="module")
def hijacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The licensed channel, and on it somebody with another PI."""
    other = FmBroadcast(programme="speech", rds=rds(0xB123, ps="\x1b[31mRED"))
    return made_file(tmp_path_factory.mktemp("hijacked") / "x.cf32", [Sent(3e5, 30.0, other)], seconds=2.0)


def lines(done) -> list[dict]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_line_of_json_has_every_measurement_the_verdict_and_whose_channel_it_is(monkeypatch, one_station, licences):
    asked = ("--licences", licences, "--at", "30.60,104.10", "--json")
    done = invoke(monkeypatch, "fm", "scan", one_station, *asked)
    (line,) = lines(done)
    assert done.exit_code == Exit.DONE
    fields = {field.name for field in msgspec.structs.fields(FmStation)}
    assert set(line) == fields | SCANNED | {"type"}
    heard = msgspec.convert({k: v for k, v in line.items() if k in fields | {"type"}}, FmStation)
    assert (heard.pi, heard.ps, heard.rt) == (0xC304, "JCTRAFIC", "JINCHUAN TRAFFIC RADIO FM 98.3")
    assert heard.freq_hz == pytest.approx(98.3e6, abs=100) and heard.pilot_deviation_hz == pytest.approx(
        6.75e3, rel=0.1
    )
    assert (line["verdict"], line["findings"], line["looks"], line["on_air_share"]) == ("licensed", [], 1, 1.0)
    assert line["licence"] == {"name": "锦川交通广播", "freq_hz": 98.3e6, "pi": 0xC304, "distance_km": 3.08}


@pytest.mark.parametrize(
    ("lang", "what"), [("en", "the nearest licence is 98.30 MHz"), ("zh", "最近的许可频率 98.30 MHz")]
)
def test_a_pirate_is_unlicensed_and_the_finding_says_why(monkeypatch, pirate, licences, lang, what):
    done = invoke(monkeypatch, "fm", "scan", pirate, "--licences", licences, "--json", lang=lang)
    (line,) = lines(done)
    (finding,) = line["findings"]
    assert (line["verdict"], line["licence"], finding["name"]) == ("unlicensed", None, "fm_unlicensed")
    assert finding["weight_db"] == 30 and what in finding["what"] and finding["innocent"]


def test_without_a_list_nobody_is_accused(monkeypatch, pirate):
    (line,) = lines(invoke(monkeypatch, "fm", "scan", pirate, "--json"))
    assert (line["verdict"], line["findings"]) == ("unknown", [])


def test_somebody_else_on_a_licensed_channel_is_told_from_its_owner(monkeypatch, hijacked, licences):
    (line,) = lines(invoke(monkeypatch, "fm", "scan", hijacked, *GIVEN, "--licences", licences, "--json"))
    assert (line["verdict"], line["pi"], line["licence"]["name"]) == ("other", 0xB123, "锦川交通广播")
    assert "fm_pi_mismatch" in {finding["name"] for finding in line["findings"]}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_table_fits_eighty_columns_in_both_languages(monkeypatch, one_station, licences, lang):
    done = invoke(monkeypatch, "fm", "scan", one_station, "--licences", licences, "--at", "30.6,104.1", lang=lang)
    name, head, row, *details = done.stdout.splitlines()
    assert name == str(one_station) and max(map(cell_len, [head, row, *details])) <= 79
    verdict = {"en": ("verdict", "licensed"), "zh": ("判断", "有许可")}[lang]
    starts = [cell_len(line[: line.index(word)]) for line, word in zip((head, row), verdict, strict=True)]
    assert starts[0] == starts[1]
    assert row.split()[-4:] == ["C304", "JCTRAFIC", "3", verdict[1]]
    said = "".join(part.strip() for part in details)
    assert "JINCHUAN TRAFFIC RADIO FM 98.3" in said and "锦川交通广播" in said and "3.1 km" in said


def test_the_table_says_how_long_the_deviation_was_over_75_khz(monkeypatch, one_station, licences):
    output = " ".join(invoke(monkeypatch, "fm", "scan", one_station, "--licences", licences).output.split())
    assert "deviation over 75 kHz 0.00% of the time" in output
    assert "over 60 s" not in output  # three seconds say nothing about a minute


def test_text_from_the_air_gives_a_terminal_no_orders(monkeypatch, hijacked):
    table = invoke(monkeypatch, "fm", "scan", hijacked, *GIVEN)
    as_json = invoke(monkeypatch, "fm", "scan", hijacked, *GIVEN, "--json")
    assert "B123" in table.stdout and "\x1b" not in table.stdout + as_json.stdout


def test_a_long_recording_is_read_in_stretches_and_its_station_told_once(monkeypatch, tmp_path, one_station, licences):
    read: list[float] = []
    whole = Recording.read

    def noted(self, capture, first, count) -> IqBlock:
        block = whole(self, capture, first, count)
        read.append(block.seconds)
        return block

    monkeypatch.setattr(Recording, "read", noted)
    raw = one_station.with_suffix(".sigmf-data").read_bytes()
    (tmp_path / "long.cu8").write_bytes(4 * raw)  # 12 s
    given = ("--rate", 1.2e6, "--centre", 98e6, "--format", "cu8", "--licences", licences)
    (line,) = lines(invoke_keeping(monkeypatch, "fm", "scan", tmp_path / "long.cu8", *given, "--json"))
    assert max(read) <= 4.5 and sum(read) == pytest.approx(12.0)
    assert (line["looks"], line["looks_covered"], line["verdict"]) == (4, 4, "licensed")
    assert line["seconds"] == pytest.approx(12.0, abs=0.1) and line["rds_groups"] > 120


def invoke_keeping(monkeypatch, *words):
    """`invoke` undoes what was patched: here it must last until the command has run."""
    from typer.testing import CliRunner

    from wavewarden.cli import app

    return CliRunner().invoke(app, [str(word) for word in words])


def test_what_lies_outside_the_band_asked_for_is_left_out(monkeypatch, pirate):
    done = invoke(monkeypatch, "fm", "scan", pirate, "--band", "100-108")
    assert (done.exit_code, done.stdout) == (Exit.NOTHING_HEARD, "")


def test_of_samples_around_nothing_the_frequencies_are_offsets_and_nobody_is_accused(monkeypatch, hijacked, licences):
    given = ("--rate", 1.2e6, "--centre", 0, "--format", "cf32_le", "--licences", licences, "--json")
    done = invoke(monkeypatch, "fm", "scan", hijacked, *given)
    (line,) = lines(done)
    assert line["freq_hz"] == pytest.approx(3e5, abs=500) and line["findings"] == []
    assert line["verdict"] == "unknown" and "the centre is unknown" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("x.cu8", "--radio", "rtlsdr"),
        ("--radio", "hackrf"),
        ("x.cu8", "--at", "104.1"),
        ("x.cu8", "--at", "104.10,30.60"),
        ("x.cu8", "--band", "108-87"),
        ("x.cu8", "--listen", "98.1", "--out", "x.mp3"),
        ("x.cu8", "--listen", "3", "--out", "x.flac", "--deemphasis", "60"),
        ("x.cu8", "--out", "x.flac"),
        ("x.cu8", "y.cu8", "--picture", "x.png"),
    ],
)
def test_what_cannot_be_asked_is_wrong_usage(monkeypatch, words):
    assert invoke(monkeypatch, "fm", "scan", *words).exit_code == Exit.USAGE


def test_a_list_that_cannot_be_read_is_refused_before_anything_is_heard(monkeypatch, tmp_path, pirate):
    done = invoke(monkeypatch, "fm", "scan", pirate, "--licences", tmp_path / "none.toml")
    assert (done.exit_code, done.stdout) == (Exit.BAD_INPUT, "") and "none.toml" in done.stderr


@pytest.mark.needs_recordings
def test_a_multiplex_that_somebody_demodulated_is_no_iq(monkeypatch, recordings_dir):
    file = recordings_dir / "fm" / "mpx_93.1_chicago_256k.wav"
    done = invoke(monkeypatch, "fm", "scan", file)
    assert done.exit_code == Exit.NOTHING_HEARD and "demodulated FM multiplex" in done.stderr
    assert not isinstance(open_recording(file), Recording)
