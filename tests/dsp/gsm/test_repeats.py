"""Adding repeats of System Information: what is read more, and that nothing is ever read wrong."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from msgspec import structs
from numpy.typing import NDArray

from dsp.gsm.cell import CellMemory
from dsp.gsm.frame import schedule_position
from dsp.gsm.look import GsmLook, Reception, WeakBlock, half_precision
from dsp.gsm.receive import receive_gsm
from dsp.gsm.repeats import MOST_WEAK, Repeats, add_repeats
from dsp.gsm.xcch import code_words
from recordings.gsm.multiframe import SlotZero
from recordings.gsm.schedule import bcch_kind
from recordings.gsm.spec import GsmBroadcast, Si2quater
from recordings.gsm.system_information import system_information
from tests.dsp.gsm.made import OnAir, window

CELL = GsmBroadcast(arfcn=25, plmn="460-00", bsic=21, lac=100, ci=200, neighbour_arfcns=(30, 40, 55))
DIVERSE = GsmBroadcast(
    arfcn=25, plmn="460-00", bsic=21, lac=100, ci=200, neighbour_arfcns=(30, 40, 55), neighbour_arfcns_2bis=(60,)
)
NOTHING = Reception(
    bsic=21,
    measured_hz=940e6,
    arfcn=25,
    freq_hz=940e6,
    carrier_offset_hz=0.0,
    carrier_offset_sigma_hz=1.0,
    level_dbfs=-40.0,
    cnr_db=0.0,
    frame_number=0,
    frame_sample=0.0,
    frame_sample_sigma=0.01,
    clock_ppm=0.0,
    samples_per_frame=1250 * 6e6 / 1_625_000,
    seconds=2.0,
    syncs=(),
    blocks=(),
    failed=(),
)


def _soft(octets: bytes, eb_n0_db: float | None, rng: np.random.Generator) -> NDArray[np.float32]:
    """(456,) soft bits of one transmission: coherent detection half a dB short of antipodal; None: noise alone."""
    mean = 0.0 if eb_n0_db is None else 4 * 10 ** ((eb_n0_db - 0.5) / 10)
    sent = 1 - 2.0 * code_words(np.frombuffer(octets, np.uint8)[None])[0].astype(np.float64)
    scatter = np.sqrt(2 * mean) if mean else 2.0
    return np.asarray(mean * sent + scatter * rng.standard_normal(456), np.float32)


def _reception(said: Sequence[tuple[int, bytes]], eb_n0_db: float | None, *, seed: int = 0) -> Reception:
    """Weak transmissions (multiframe, octets), all of them failed."""
    rng = np.random.default_rng(seed)
    weak = tuple(
        WeakBlock(51 * multiframe + 2, half_precision(_soft(octets, eb_n0_db, rng))) for multiframe, octets in said
    )
    return replace(NOTHING, weak=weak, failed=tuple(each.frame_number for each in weak))


def _bcch(cell: GsmBroadcast, multiframes: range) -> list[tuple[int, bytes]]:
    return [(k, system_information(cell, bcch_kind(cell, k))) for k in multiframes]


def _read(reception: Reception) -> dict[int, bytes | None]:
    return {block.frame_number // 51: block.octets for block in reception.blocks}


def test_what_no_transmission_tells_alone_their_sum_does() -> None:
    said = _bcch(CELL, range(34))  # 8 s
    got = _read(add_repeats(_reception(said, -3.0)))
    assert all(got[k] == octets for k, octets in said if k in got)
    assert {schedule_position(51 * k) for k in got} == set(range(8)) and len(got) >= 30


def test_a_recovered_block_stands_at_its_own_frame_number_and_tells_how_many_were_added() -> None:
    said = _bcch(CELL, range(16))
    before = _reception(said, -2.0)
    after = add_repeats(before)
    assert [each.frame_number for each in after.blocks] == sorted(each.frame_number for each in after.blocks)
    assert {each.frame_number for each in after.blocks} | set(after.failed) == set(before.failed)
    assert not {each.frame_number for each in after.blocks} & set(after.failed)
    assert {each.frame_number for each in after.weak} == set(after.failed)
    assert {each.repeats for each in after.blocks if each.kind == "si3"} == {4}


@pytest.mark.parametrize("eb_n0_db", [-4.0, -2.0, 0.0])
def test_contents_that_take_turns_are_never_mixed_up(eb_n0_db: float) -> None:
    cell = GsmBroadcast(
        plmn="460-00", neighbour_arfcns_2bis=(60,), neighbour_arfcns_2ter=(600,), si2quater=Si2quater(fdd_arfcns=(7,))
    )
    said = _bcch(cell, range(8 * 16))
    assert len({octets for k, octets in said if k % 8 == 4}) == 3
    got = _read(add_repeats(_reception(said, eb_n0_db)))
    assert all(got[k] == octets for k, octets in said if k in got)
    assert len({octets for k, octets in got.items() if k % 8 == 4}) == 3 or eb_n0_db < -3


@pytest.mark.parametrize("change", [{"t3212": 11}, {"cell_barred": True}, {"lac": 101}, {"neighbour_arfcns": (31, 40)}])
@pytest.mark.parametrize("eb_n0_db", [-4.0, -2.0, 0.0])
def test_a_change_in_the_middle_is_never_glossed_over(change: dict[str, Any], eb_n0_db: float) -> None:
    changed = structs.replace(CELL, **change)
    for seed in range(3):
        said = _bcch(CELL, range(21)) + _bcch(changed, range(21, 40))
        got = _read(add_repeats(_reception(said, eb_n0_db, seed=seed)))
        assert got and all(got[k] == octets for k, octets in said if k in got)


def test_noise_and_messages_never_repeated_are_never_read() -> None:
    """Some 1000 to 2000 transmissions of each, as many sums and more: one passes by chance once in 10¹⁷."""
    rng = np.random.default_rng(5)
    for seed in range(6):
        noise = [(k, bytes(23)) for k in range(320)]
        assert not add_repeats(_reception(noise, None, seed=seed)).blocks
    for seed in range(3):
        others = [(k, rng.bytes(23)) for k in range(320)]
        assert not add_repeats(_reception(others, -2.0, seed=seed)).blocks


def test_noise_is_never_given_the_content_of_a_block_that_was_read() -> None:
    read = add_repeats(_reception(_bcch(CELL, range(16)), 0.0)).blocks
    for seed in range(10):
        noise = replace(_reception([(k, bytes(23)) for k in range(16, 272)], None, seed=seed), blocks=read)
        assert add_repeats(noise).blocks == read


def test_a_kind_that_does_not_belong_at_its_place_is_not_believed_from_a_sum() -> None:
    si3 = system_information(CELL, "3")
    assert not add_repeats(_reception([(8 * k + 1, si3) for k in range(6)], -2.0)).blocks
    assert add_repeats(_reception([(8 * k + 2, si3) for k in range(6)], -2.0)).blocks


def _look(each: Reception) -> GsmLook:
    return GsmLook(receptions=(each,), noise_dbfs_200k=-40.0, seconds=2.0, rate_hz=6e6)


def _looks(cell: GsmBroadcast, count: int, eb_n0_db: float, *, first: int = 0) -> list[GsmLook]:
    """Six messages each, all different, one minute apart."""
    return [
        _look(_reception(_bcch(cell, range(256 * k, 256 * k + 6)), eb_n0_db, seed=k))
        for k in range(first, first + count)
    ]


def test_looks_far_apart_add_up() -> None:
    repeats = Repeats()
    got = [_read(repeats.add(look).receptions[0]) for look in _looks(DIVERSE, 6, -3.0)]
    assert not got[0] and {k % 8 for k in got[5]} >= {0, 1, 2, 3, 5}
    sent = dict(_bcch(DIVERSE, range(2048)))
    assert all(sent[k] == octets for each in got for k, octets in each.items())


def test_a_cell_memory_adds_looks_up_too() -> None:
    memory = CellMemory()
    cells = [memory.describe(look)[0] for look in _looks(DIVERSE, 6, -3.0)]
    assert cells[0].ci is None and cells[0].blocks_failed == 6
    assert (cells[-1].ci, cells[-1].lac, cells[-1].neighbour_arfcns) == (200, 100, (30, 40, 55, 60))
    assert cells[-1].blocks_failed <= 2


def test_what_a_cell_said_before_it_changed_is_forgotten() -> None:
    changed = GsmBroadcast(arfcn=25, plmn="460-00", bsic=21, lac=101, ci=201, neighbour_arfcns=(31, 40, 55))
    repeats = Repeats()
    for look in _looks(CELL, 4, -2.0):
        repeats.add(look)
    for look in _looks(changed, 4, -2.0, first=4):
        got = _read(repeats.add(look).receptions[0])
        sent = dict(_bcch(changed, range(4096)))
        assert all(sent[k] == octets for k, octets in got.items())
    (heard,) = repeats._cells.values()
    assert system_information(CELL, "3") not in heard.contents and system_information(changed, "3") in heard.contents


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dsp.gsm.repeats.MOST_CELLS", 5)
    repeats = Repeats()
    for k in range(9):
        for turn in range(5):
            noise = _reception([(j, bytes(23)) for j in range(12)], None, seed=9 * k + turn)
            repeats.add(_look(replace(noise, freq_hz=900e6 + 2e5 * k)))
    assert len(repeats._cells) == 5
    assert {len(heard.weak) for heard in repeats._cells.values()} == {MOST_WEAK}


def test_a_cell_at_minus_2_db_is_described_from_4_seconds() -> None:
    """Alone one block in sixteen is read there."""
    start = structs.replace(CELL, symbol_offset=333.3)
    look = receive_gsm(window([OnAir(start, 4321.0)], rate_hz=5e5, seconds=4.0, eb_n0_db=-2.0))
    (cell,) = CellMemory().describe(look)
    assert (cell.ci, cell.lac, cell.neighbour_arfcns) == (200, 100, (30, 40, 55))
    sent = SlotZero(start, seed=1)
    bcch = [block for block in look.receptions[0].blocks if block.frame_number % 51 == 2]
    assert len(bcch) >= 13 and any(block.repeats > 1 for block in bcch)
    assert all(block.octets == sent.blocks(block.frame_number // 51)[2] for block in bcch)
