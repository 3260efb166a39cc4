import time

import msgspec
import numpy as np
import pytest

from recordings.gsm.bursts import BURST_BITS, DUMMY, FCCH, FRAME_SYMBOLS, HYPERFRAME, SLOT_START, TRAINING, sch_bursts
from recordings.gsm.multiframe import SlotZero
from recordings.gsm.spec import GsmBroadcast
from recordings.gsm.transmitter import GsmTransmitter
from recordings.transmitter import BroadcastError, Transmitter

CELL = GsmBroadcast(arfcn=20, bsic=0o53, neighbour_arfcns=(3, 9), frame_number_at_start=1_234_567)


def slots(transmitter: GsmTransmitter, frame_number: int) -> list[np.ndarray]:
    frame = transmitter.symbols(frame_number * FRAME_SYMBOLS, FRAME_SYMBOLS)
    return [frame[start : start + BURST_BITS] for start in SLOT_START]


@pytest.mark.parametrize("offset", [0.0, 77.3])
def test_any_split_gives_the_same_samples(offset: float) -> None:
    transmitter = GsmTransmitter(msgspec.structs.replace(CELL, symbol_offset=offset), seed=1)
    whole = transmitter.baseband(-1000, 300_000)
    at = -1000
    parts = []
    for count in (1, 2, 3, 5, 4999, 5000, 5001, 70_001, 0, 214_988):
        parts.append(transmitter.baseband(at, count))
        at += count
    assert np.array_equal(np.concatenate(parts), whole)
    assert whole.dtype == np.complex64 and len(whole) == 300_000


def test_power_is_one_everywhere() -> None:
    samples = GsmTransmitter(CELL, seed=1).baseband(0, 100_000)
    np.testing.assert_allclose(np.abs(samples), 1, rtol=1e-6)


def test_sample_0_is_the_start_of_the_frame_named() -> None:
    at_start = GsmTransmitter(CELL, seed=1)
    ten_later = GsmTransmitter(msgspec.structs.replace(CELL, frame_number_at_start=1_234_577), seed=1)
    later = at_start.baseband(10 * 4 * FRAME_SYMBOLS, 20_000)
    turn = np.vdot(later, ten_later.baseband(0, 20_000)) / 20_000
    assert abs(turn) > 0.9999  # the same signal, up to its phase


def test_the_symbol_offset_was_already_sent() -> None:
    plain = GsmTransmitter(CELL, seed=1).baseband(4 * 100 + 1, 8000)
    shifted = GsmTransmitter(msgspec.structs.replace(CELL, symbol_offset=100.25), seed=1).baseband(0, 8000)
    assert abs(np.vdot(plain, shifted)) / 8000 > 0.9999


def test_the_frame_number_wraps_after_the_hyperframe() -> None:
    last = GsmTransmitter(msgspec.structs.replace(CELL, frame_number_at_start=HYPERFRAME - 1), seed=1)
    first = GsmTransmitter(msgspec.structs.replace(CELL, frame_number_at_start=0), seed=1)
    assert abs(np.vdot(last.baseband(5000, 9000), first.baseband(0, 9000))) / 9000 > 0.9999


def test_the_multiframe_has_its_bursts_where_the_standard_puts_them() -> None:
    transmitter = GsmTransmitter(CELL, seed=1)
    base = 51 * 24_000
    for frame in range(51):
        burst, *others = slots(transmitter, base + frame)
        if frame % 10 == 0 and frame < 50:
            assert np.array_equal(burst, FCCH)
        elif frame % 10 == 1:
            assert np.array_equal(burst, sch_bursts(0o53, np.array([base + frame]))[0])
        elif frame == 50:
            assert np.array_equal(burst, DUMMY)
        else:
            assert np.array_equal(burst[61:87], TRAINING[0o53 % 8])
        assert all(np.array_equal(other, DUMMY) for other in others)


def test_symbols_between_bursts_are_ones() -> None:
    frame = GsmTransmitter(CELL, seed=1).symbols(0, FRAME_SYMBOLS)
    for start, end in zip(SLOT_START, (*SLOT_START[1:], FRAME_SYMBOLS), strict=True):
        assert frame[start + BURST_BITS : end].all()


def test_busy_slots_carry_other_bursts_with_the_cells_training_sequence() -> None:
    transmitter = GsmTransmitter(msgspec.structs.replace(CELL, busy_timeslots=(2, 5)), seed=1)
    seen = set()
    for frame in range(100):
        burst = slots(transmitter, frame)
        for tn in (2, 5):
            assert np.array_equal(burst[tn][61:87], TRAINING[0o53 % 8])
            seen.add(burst[tn].tobytes())
        assert np.array_equal(burst[1], DUMMY)
    assert len(seen) > 150


def test_a_combined_channel_has_three_ccch_blocks_and_sacch_with_system_information_5_and_6() -> None:
    cell = msgspec.structs.replace(CELL, combined=True, paging_per_s=50.0)
    slot = SlotZero(cell, seed=1)
    said = [slot.blocks(m) for m in range(8)]
    for blocks in said:
        assert {blocks[f][:3].hex() for f in (22, 26, 32, 36)} == {"030301"}
        assert {blocks[f][:4].hex() for f in (42, 46)} == {"05000303"}
    assert {blocks[42][6] for blocks in said} == {0x1D, 0x1E}


def test_a_second_of_carrier_costs_little() -> None:
    transmitter = GsmTransmitter(CELL, seed=1)
    rate = round(transmitter.rate_hz)
    transmitter.baseband(0, rate)
    begin = time.process_time()
    transmitter.baseband(rate, rate)
    assert time.process_time() - begin < 0.3  # measured 0.02 to 0.05; the rest is for a busy machine


def test_it_is_a_transmitter() -> None:
    transmitter: Transmitter = GsmTransmitter(CELL, seed=1)
    assert transmitter.rate_hz == 4 * 1625000 / 6


@pytest.mark.parametrize(
    "changes",
    [
        {"arfcn": 300},
        {"bsic": 64},
        {"frame_number_at_start": HYPERFRAME},
        {"symbol_offset": 1250.0},
        {"neighbour_arfcns": tuple(range(0, 1000, 10))},
        {"schedule": ("3",) * 7},
        {"schedule": ("13",) * 8, "gprs": None},
        {"schedule": ("7",) * 8},
        {"raw": {"17": "2b" * 23}, "paging_imsi_share": 2.0},
        {"paging_per_s": -1.0},
        {"ci": -1},
    ],
)
def test_what_no_cell_can_send_is_refused_before_a_sample_is_made(changes: dict) -> None:
    with pytest.raises(BroadcastError):
        GsmTransmitter(msgspec.structs.replace(CELL, **changes), seed=1)
