"""The names of redsea's JSON, and its values for the same groups of a real bit stream."""

import json
from collections import Counter
from pathlib import Path

import msgspec
import numpy as np
import pytest

from dsp.fm.rds import decode_bits
from dsp.fm.rds_fields import RdsFields
from dsp.fm.rds_redsea import redsea_fields
from dsp.fm.rds_station import with_rds
from dsp.fm.rds_values import AfList, OpenData, OtherNetwork
from dsp.fm.values import FmStation

EMPTY = FmStation(freq_hz=98e6, freq_sigma_hz=1.0, level_dbfs=-30.0, cnr_db=40.0, seconds=1.0)


def _json(station: FmStation) -> dict[str, object]:
    said = json.loads(msgspec.json.encode(redsea_fields(station)))
    assert isinstance(said, dict)
    return said


def test_what_is_not_known_is_left_out() -> None:
    assert _json(EMPTY) == {}


def test_every_field_has_the_name_that_redsea_gives_it() -> None:
    station = msgspec.structs.replace(
        EMPTY,
        pi=0xD3C2,
        ps="DLF     ",
        pty=1,
        tp=False,
        ta=False,
        music=True,
        di_stereo=True,
        rt="Nachrichten",
        rt_flag_b=True,
        af_lists=(AfList(tuned_hz=88.1e6, same_programme_hz=(88.3e6,), regional_variants_hz=(90.1e6,)),),
        clock_time_utc_ns=1_461_016_800_000_000_000,
        clock_offset_s=7200,
        pin=21 << 11 | 14 << 6 | 5,
        country="DE",
        language=8,
        pty_name="NEWS    ",
        long_ps="Deutschlandfunk",
        open_data=(OpenData(app=0xCD46, group="8A"),),
        other_networks=(OtherNetwork(pi=0xD382, groups=9, ps="NDR 2   ", pty=10, af_hz=(88.5e6,)),),
    )
    assert _json(station) == {
        "pi": "0xD3C2",
        "ps": "DLF     ",
        "prog_type": "News",
        "tp": False,
        "ta": False,
        "is_music": True,
        "di": {"stereo": True},
        "radiotext": "Nachrichten",
        "rt_ab": "B",
        "alt_frequencies_b": [{"tuned_frequency": 88100, "same_programme": [88300], "regional_variants": [90100]}],
        "clock_time": "2016-04-19T00:00:00+02:00",
        "prog_item_number": 21 << 11 | 14 << 6 | 5,
        "prog_item_started": {"day": 21, "time": "14:05"},
        "country": "de",
        "language": "German",
        "pty_name": "NEWS    ",
        "long_ps": "Deutschlandfunk",
        "open_data_app": [{"oda_group": "8A", "app_id": "0xCD46"}],
        "other_network": [{"pi": "0xD382", "ps": "NDR 2   ", "prog_type": "Pop music", "alt_frequencies": [88500]}],
    }


def test_an_american_station_has_american_programme_types() -> None:
    assert _json(msgspec.structs.replace(EMPTY, pty=5))["prog_type"] == "Education"
    assert _json(msgspec.structs.replace(EMPTY, pty=5, country="US"))["prog_type"] == "Rock"


@pytest.mark.needs_recordings
def test_a_real_stream_says_what_redsea_says(recordings_dir: Path) -> None:
    path = recordings_dir / "fm" / "bits" / "ZET_log1.bits"
    theirs = [json.loads(line) for line in path.with_suffix(".redsea.jsonl").read_text().splitlines()]
    groups = decode_bits(np.frombuffer(path.read_bytes().strip(), np.uint8) - ord("0")).groups
    ours = _json(with_rds(msgspec.structs.replace(EMPTY, pi=0x3205), RdsFields().take(groups), groups))

    def usual(key: str) -> object:
        return json.loads(Counter(json.dumps(line[key]) for line in theirs if key in line).most_common(1)[0][0])

    for key in ("pi", "ps", "prog_type", "tp", "ta", "is_music"):
        assert ours[key] == usual(key), key
    assert ours["radiotext"] == [line["radiotext"] for line in theirs if "radiotext" in line][-1]
    assert ours["clock_time"] == usual("clock_time")
    assert set(usual("alt_frequencies_a")) <= set(ours["alt_frequencies_a"])  # type: ignore[call-overload, arg-type]
    assert [app["oda_group"] for app in ours["open_data_app"]] == ["8A"]  # type: ignore[index, attr-defined]
    assert {name for line in theirs for name in line.get("di", {})} == set(ours["di"])  # type: ignore[call-overload]
