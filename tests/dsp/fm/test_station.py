import dataclasses

import numpy as np

from dsp.fm.look import FmLook, FmReception
from dsp.fm.mpx import transform
from dsp.fm.multiplex import MultiplexReception
from dsp.fm.quality import Modulation
from dsp.fm.rds import decode_bits
from dsp.fm.rds_combine import CombinedPi
from dsp.fm.station import MOST_FREQUENCIES, StationMemory
from dsp.spectrum import Carrier
from tests.dsp.fm.made_groups import Words, bits_of, name_groups, text_groups

A = name_groups(0x1001, b"STATIONA") + text_groups(0x1001, b"HELLO FROM STATION A")
B = name_groups(0x2002, b"STATIONB")


def _reception(groups: list[Words], *, freq_hz: float = 98e6, combined: CombinedPi | None = None) -> FmReception:
    multiplex = MultiplexReception(
        seconds=1.0,
        pilot=None,
        modulation=Modulation(None, None, 0.0, "weak"),
        rds=decode_bits(bits_of(groups)),
        combined_pi=combined,
        rds_deviation_hz=None,
        silence_share=None,
        programme=b"\x01ab",
    )
    return FmReception(freq_hz, 1.0, Carrier(freq_hz, -40.0, 30.0, 1e5), 28.0, multiplex)


def _look(*receptions: FmReception) -> FmLook:
    return FmLook(receptions, -70.0, 98e6, 2.4e6, 1.0, 7, None, {})


def test_a_text_heard_in_two_halves_is_whole_after_the_second() -> None:
    memory = StationMemory()
    (first,) = memory.describe(_look(_reception(A[:6])))
    (second,) = memory.describe(_look(_reception(A[:4] + A[6:])))
    assert (first.rt, second.rt) == (None, "HELLO FROM STATION A")
    assert (second.pi, second.ps) == (0x1001, "STATIONA")
    assert second.pi_groups == 6 + len(A) - 2


def test_a_look_without_rds_says_nothing_of_what_was_heard_before() -> None:
    memory = StationMemory()
    memory.describe(_look(_reception(A)))
    (captured,) = memory.describe(_look(_reception([])))
    assert (captured.pi, captured.pi_groups, captured.ps, captured.rt, captured.rds_groups) == (None, 0, None, None, 0)
    (back,) = memory.describe(_look(_reception(A[:4])))
    assert back.rt == "HELLO FROM STATION A"


def test_another_station_in_several_groups_makes_the_old_one_forgotten() -> None:
    memory = StationMemory()
    memory.describe(_look(_reception(A * 3)))
    (new,) = memory.describe(_look(_reception(B * 2)))
    assert (new.pi, new.pi_groups, new.ps, new.rt) == (0x2002, 8, "STATIONB", None)
    (old,) = memory.describe(_look(_reception(A[:4])))
    assert (old.pi, old.pi_groups, old.rt) == (0x1001, 4, None)


def test_a_hijack_in_the_middle_of_a_look_shows_the_newcomer() -> None:
    memory = StationMemory()
    memory.describe(_look(_reception(A * 3)))
    (station,) = memory.describe(_look(_reception(A[:2] + B * 2)))
    assert (station.pi, station.pi_groups) == (0x2002, 8)


def test_a_coder_that_slips_in_zeros_or_a_regional_variant_stays_itself() -> None:
    memory = StationMemory()
    memory.describe(_look(_reception(A)))
    odd = [(0x0000, *words[1:]) if i % 4 == 0 else words for i, words in enumerate(A)]
    (station,) = memory.describe(_look(_reception(odd)))
    assert station.pi == 0x1001
    assert station.ps == "STATIONA"


def test_one_group_is_reported_as_one_and_not_remembered() -> None:
    memory = StationMemory()
    # three blocks of the next group make it a signal; its PI is harmed
    bits = bits_of(B[:2])
    bits[104 + 5] ^= 1
    reception = _reception([])
    one = dataclasses.replace(reception.multiplex, rds=decode_bits(bits))
    (station,) = memory.describe(_look(dataclasses.replace(reception, multiplex=one)))
    assert (station.pi, station.pi_groups) == (0x2002, 1)
    (station,) = memory.describe(_look(_reception(A)))
    assert station.pi == 0x1001


def test_a_pi_by_repetition_says_so() -> None:
    (station,) = StationMemory().describe(_look(_reception([], combined=CombinedPi(0x3003, 46, 12))))
    assert (station.pi, station.pi_groups, station.pi_repeats) == (0x3003, 0, 46)


def test_neighbours_do_not_share_a_memory() -> None:
    memory = StationMemory()
    stations = memory.describe(_look(_reception(A, freq_hz=98e6), _reception(B, freq_hz=98.1e6)))
    assert [station.ps for station in stations] == ["STATIONA", "STATIONB"]


def test_the_memory_is_bounded() -> None:
    memory = StationMemory()
    for number in range(MOST_FREQUENCIES + 10):
        memory.describe(_look(_reception(A[:4], freq_hz=88e6 + 1e5 * number)))
    assert len(memory._heard) == MOST_FREQUENCIES


def test_the_fingerprint_begins_when_the_look_did() -> None:
    (station,) = StationMemory().describe(_look(_reception(A)))
    assert station.programme_time_utc_ns == 7


def test_a_multiplex_of_zeros_is_nothing() -> None:
    assert np.all(transform(np.zeros(10_000, np.float32), 240e3).bins == 0)
