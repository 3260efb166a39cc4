import json
from pathlib import Path

import pytest

from dsp.signatures.contact_numbers import digits_of, digits_of_pieces

NUMBERS = (
    "13812345678",
    "138 1234 5678",
    "+86 138-1234-5678",
    "订购热线400-820-8820",
    "800 810 8888",
    "0731-84512345",
    "(021)6512 3456",
    "010 8888 9999",
    "咨询电话：88889999",
    "电话 95588",
    "NOABER KRACHT 06 29 900 904",
    "0570-123456",
    "call 555 0123",
    "01 23 45 67 89",
)
NONE = (
    "FM 93.1 since 1998",
    "news at 18:30:00",
    "6020 kHz",
    "88.5 101.2 104.4 MHz",
    "2026-11-30 18:30",
    "30.11.2026",
    "2026年11月30日",
    "双色球 03 07 12 19 25 31 08",
    "3 7 12 19 25 31",
    "快乐8 01 02 05 08 11 20 33",
    "Top 40 - 1 2 3 4 5 6 7",
    "-12.5 C 1013 hPa",
    "DAX 18234.55 +1.2",
    "",
)


@pytest.mark.parametrize("text", NUMBERS)
def test_what_is_written_as_a_telephone_number_is_one(text: str):
    assert digits_of(text) >= 5


@pytest.mark.parametrize("text", NONE)
def test_frequencies_dates_times_draws_and_counts_are_none(text: str):
    assert digits_of(text) == 0


def test_a_number_that_scrolls_through_the_name_is_read_across_its_pieces():
    assert digits_of_pieces((" TEL 138", "1234    ", "  5678  ")) == 11
    assert digits_of_pieces(("热线400-8", "20-8820 ")) == 10
    assert digits_of_pieces(("  138123", " 45678  ")) == 11
    assert digits_of_pieces(("RADIO 1 ", "93.1 FM ", "NEWS 18:")) == 0


def test_a_very_long_run_of_digits_takes_no_time():
    assert digits_of("1" * 5000) == 0
    assert digits_of("1 " * 5000) == 0


def test_of_214_real_logs_only_texts_with_a_telephone_number_are_taken_for_one(recordings_dir: Path):
    """By reading all that it takes: 13 broadcasters send one, for listeners, traffic reports or advertisers."""
    logs = json.loads((recordings_dir / "fm" / "rds_group_logs.redsea.json").read_bytes())
    said = {log["file"]: [text for field in ("ps", "rt") for text, _ in log[field]] for log in logs}
    taken = {file: [text for text in texts if digits_of(text)] for file, texts in said.items()}
    found = {file: texts for file, texts in taken.items() if texts}
    assert len(logs) == 214
    assert sum(map(len, said.values())) > 800
    assert sorted(file[: file.index("/") + 5] for file in found) == [
        *("Germany/D311", "Germany/D395", "Germany/D3F8", "Germany/D6F1", "Germany/DAFA", "Poland/3222"),
        *("Russia/7205", "Russia/7261", "Russia/7708", "Russia/7729", "Russia/7AA1", "Slovenia/9452", "USA/5CBC"),
    ]
