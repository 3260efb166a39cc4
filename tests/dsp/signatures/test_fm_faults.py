"""Faults of licensed stations: silence, and deviation by its histogram. None of them accuses anybody."""

import numpy as np
import pytest

from dsp.fm.deviation_spread import DeviationSpread
from dsp.fm.values import FmStation
from dsp.signatures.history import SiteHistory
from dsp.signatures.registry import judge_fm
from tests.dsp.signatures.made import LICENCES, SECOND, plain, station


def told(looks: list[FmStation], *, every_s: int = 20) -> list[dict[str, tuple[float, str | None]]]:
    """Findings about the station, look by look."""
    history, said = SiteHistory(), []
    for n, heard in enumerate(looks):
        now_ns = (n + 1) * every_s * SECOND
        found = judge_fm((heard,), history, LICENCES, now_ns=now_ns)
        history = history.with_look((heard,), now_ns=now_ns, findings=found)
        said.append({f.name: (f.weight_db, f.variant) for f in found})
    return said


def test_a_minute_of_silence_in_every_look_is_a_fault_and_shorter_pauses_are_none():
    silent = station(93.1, silence_share=1.0)
    said = told([silent] * 4)
    assert [each.get("fm_dead_air") for each in said] == [None, None, None, (15.0, "silence")]
    broken = told([silent, silent, station(93.1, silence_share=0.1), silent, silent])
    assert not any("fm_dead_air" in each for each in broken)


def test_a_licensed_carrier_alone_is_a_fault_and_a_weak_or_unlicensed_one_is_none():
    assert told([plain(93.1, kind="carrier")] * 4)[-1]["fm_dead_air"] == (15.0, "carrier")
    assert "fm_dead_air" not in told([plain(93.1, kind="carrier", cnr_db=15.0)] * 4)[-1]
    assert "fm_dead_air" not in told([plain(98.3, kind="carrier")] * 4)[-1]


def test_a_bare_carrier_on_a_free_channel_is_a_note_unless_it_is_loud_or_a_programme_pauses():
    bare = plain(98.3, kind="carrier", cnr_db=30.0)
    assert told([bare] * 3)[-1]["fm_unlicensed"] == (15.0, "bare")
    assert told([plain(98.3, cnr_db=30.0), bare])[-1]["fm_unlicensed"] == (30.0, None)
    assert told([plain(98.3, cnr_db=30.0), *[bare] * 40])[-1]["fm_unlicensed"] == (15.0, "bare")
    assert told([plain(98.3, kind="carrier", cnr_db=50.0)])[-1]["fm_unlicensed"] == (30.0, None)


def spread(deviation_hz: float, *, seconds: float = 2.0) -> DeviationSpread:
    """A normal swing that is beyond this 0.1 % of the time."""
    swing_hz = np.abs(np.random.default_rng(3).normal(0.0, deviation_hz / 3.29, 200_000))
    counts = np.bincount(np.minimum(swing_hz / 2500.0, 60).astype(int))
    return DeviationSpread(times=tuple(np.rint(counts * seconds * 1e5 / len(swing_hz)).astype(int).tolist()), looks=1)


@pytest.mark.parametrize(("deviation_hz", "fires"), [(66e3, False), (76e3, False), (90e3, True)])
def test_what_is_exceeded_in_all_looks_together_is_over_deviation(deviation_hz: float, fires: bool):
    looks = [station(93.1, deviation_hz=deviation_hz, deviation_spread=spread(deviation_hz), cnr_db=40.0)] * 5
    said = told(looks)
    assert ("fm_over_deviation" in said[-1]) == fires
    assert "fm_over_deviation" not in said[1]  # two looks, four seconds


def test_one_loud_look_in_ten_is_no_over_deviation():
    usual = station(93.1, deviation_hz=66e3, deviation_spread=spread(66e3), cnr_db=40.0)
    loud = station(93.1, deviation_hz=82e3, deviation_spread=spread(82e3), cnr_db=40.0)
    assert "fm_over_deviation" not in told([*[usual] * 9, loud])[-1]


def test_looks_in_which_it_could_not_be_stated_say_nothing():
    unstated = station(93.1, deviation_hz=None, deviation_reason="neighbour", cnr_db=40.0)
    assert "fm_over_deviation" not in told([unstated] * 5)[-1]
