"""A carrier with nothing on it is told as what it is, and not as a station."""

import io

import pytest
from rich.console import Console

from dsp.fm.bare_carrier import without_programme
from dsp.fm.receive import receive_fm
from dsp.fm.station import StationMemory
from dsp.fm.values import FmStation
from recordings.fm.spec import FmBroadcast
from tests.dsp.fm.made_window import Sent, bare, make_window
from wavewarden.tables import show_stations


@pytest.fixture(scope="module")
def heard() -> tuple[FmStation, ...]:
    """A bare carrier, a silent station with its pilot, and one with a programme."""
    sent = [
        Sent(-400e3, 30, bare),
        Sent(0.0, 30, FmBroadcast(programme="silence")),
        Sent(400e3, 30, FmBroadcast(programme="music", stereo=False)),
    ]
    return StationMemory().describe(receive_fm(make_window(sent, seconds=0.5)))


def shown(stations: tuple[FmStation, ...], language: str) -> str:
    out = io.StringIO()
    show_stations(Console(file=out, width=120), stations, language)
    return " ".join(out.getvalue().split())


def test_only_what_is_as_narrow_as_a_line_and_has_no_pilot_is_without_programme(heard: tuple[FmStation, ...]):
    assert [without_programme(station) for station in heard] == [True, False, False]


@pytest.mark.parametrize(
    ("language", "stations", "carriers"),
    [("zh", "收到的调频电台", "无节目的载波"), ("en", "FM stations heard", "Carriers without programme")],
)
def test_it_stands_in_a_table_of_its_own(heard: tuple[FmStation, ...], language: str, stations: str, carriers: str):
    before, after = shown(heard, language).split(carriers)
    assert stations in before
    assert "97.6000" in after
    assert "97.6000" not in before
    assert "98.0" in before
    assert stations not in shown(heard[:1], language)
    assert carriers not in shown(heard[1:], language)
