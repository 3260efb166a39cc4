"""What breaks in the middle of a recording: lost samples, jumps of gain. Frame numbers stay right."""

import hashlib

import numpy as np
import pytest
from numpy.typing import NDArray

from dsp.gsm.cell import CellMemory
from dsp.gsm.frame import HYPERFRAME, SYMBOL_HZ
from dsp.gsm.look import GsmLook, Reception
from dsp.gsm.parts import clock_runs_on
from dsp.gsm.receive import receive_gsm
from dsp.iq import IqBlock
from recordings.gsm.multiframe import SlotZero
from recordings.gsm.spec import GsmBroadcast
from tests.dsp.gsm.made import SCALE_DBFS, OnAir, window

CELL = GsmBroadcast(arfcn=25, plmn="460-00", bsic=21, lac=100, ci=200, frame_number_at_start=123_456, paging_per_s=30.0)
RATE = 1e6
SENT = SlotZero(CELL, seed=1)


def _samples(seconds: float, *, start_s: float = 0.0, eb_n0_db: float = 20.0) -> NDArray[np.complex64]:
    on_air = OnAir(CELL, 4e4, start_s=start_s)
    return window([on_air], rate_hz=RATE, seconds=seconds, eb_n0_db=eb_n0_db).samples


def _receive(samples: NDArray[np.complex64], **about: int) -> GsmLook:
    return receive_gsm(IqBlock(samples=samples.astype(np.complex64), rate_hz=RATE, centre_hz=940e6, **about))


def _wrong(reception: Reception) -> int:
    """Blocks that hold something else than what was sent at their frame number."""
    sent = [SENT.blocks(block.frame_number // 51)[block.frame_number % 51] for block in reception.blocks]
    return sum(
        hashlib.sha256(octets).hexdigest()[:4] != block.digest4
        for octets, block in zip(sent, reception.blocks, strict=True)
    )


@pytest.mark.parametrize("lost", [3, 20, 37, 60, 200, 443, 800, 5000, 100_000])
def test_a_loss_of_any_length_costs_the_blocks_it_hits_and_no_frame_number(lost: int) -> None:
    samples = _samples(1.0)
    (reception,) = _receive(np.concatenate([samples[:480_000], samples[480_000 + lost :]])).receptions
    assert len(reception.blocks) >= 40 - 4 * round(lost / 1e5) and _wrong(reception) == 0
    assert reception.blocks_failed <= 1


def test_three_losses_in_one_piece_are_survived() -> None:
    samples = _samples(1.6)
    torn = np.concatenate(
        [samples[:400_000], samples[400_300:800_000], samples[801_000:1_200_000], samples[1_200_111:]]
    )
    (reception,) = _receive(torn).receptions
    assert len(reception.blocks) >= 60 and _wrong(reception) == 0 and reception.blocks_failed <= 3


@pytest.mark.parametrize("step_db", [-60, -30, -10, 10, 30, 60])
def test_a_jump_of_gain_costs_at_most_the_block_it_hits(step_db: int) -> None:
    samples = _samples(1.0) * np.where(np.arange(1_000_000) < 480_000, 1, 10 ** (step_db / 20))
    (reception,) = _receive(samples).receptions
    assert len(reception.blocks) >= 40 and reception.blocks_failed <= 1 and _wrong(reception) == 0
    assert SCALE_DBFS - 10 < reception.level_dbfs - max(step_db, 0) < SCALE_DBFS + 1


def test_a_cell_that_goes_off_the_air_is_read_until_then_and_noise_gives_no_more() -> None:
    samples = _samples(1.0)
    samples[500_000:] = window([], rate_hz=RATE, seconds=0.5, eb_n0_db=20.0).samples
    (reception,) = _receive(samples).receptions
    assert len(reception.blocks) >= 19 and _wrong(reception) == 0


@pytest.mark.parametrize(("seconds", "least"), [(0.07, 0.85), (0.1, 0.98), (0.16, 0.98)])
def test_a_short_capture_gives_what_lies_in_it_what_came_before_its_first_frequency_burst_too(
    seconds: float, least: float
) -> None:
    read = lying = 0
    for k in range(8):
        start_s = 0.0333 * k
        look = _receive(_samples(seconds, start_s=start_s))
        frames = 123_456 + np.arange(start_s * SYMBOL_HZ // 1250 + 1, (start_s + seconds) * SYMBOL_HZ / 1250 - 3.12)
        lying += int(np.isin(frames % 51, (2, 6, 12, 16, 22, 26, 32, 36, 42, 46)).sum())
        for reception in look.receptions:
            read += len(reception.blocks)
            assert reception.bsic == 21 and _wrong(reception) == 0
    assert read >= least * lying


def test_blocks_with_a_known_loss_between_them_are_one_clock() -> None:
    samples, memory = _samples(2.0), CellMemory()
    one, other = (
        _receive(samples[:700_000]),
        _receive(samples[800_000:1_000_000], first_sample=800_000, lost_samples=100_000),
    )
    (before,), (after,) = one.receptions, other.receptions
    assert clock_runs_on(before, after) and _wrong(before) == _wrong(after) == 0
    assert memory.describe(one)[0].ci == 200
    assert not any(block.kind in ("si3", "si4") for block in after.blocks)
    assert memory.describe(other)[0].ci == 200  # by its clock alone


def test_frame_numbers_run_on_over_the_end_of_the_hyperframe() -> None:
    cell = GsmBroadcast(arfcn=25, plmn="460-00", bsic=21, frame_number_at_start=HYPERFRAME - 100)
    look = receive_gsm(window([OnAir(cell)], rate_hz=RATE, seconds=1.0, eb_n0_db=20.0))
    numbers = [(block.frame_number + 1000) % HYPERFRAME for block in look.receptions[0].blocks]
    assert numbers == sorted(numbers) and len(numbers) >= 40 and look.receptions[0].blocks_failed == 0


@pytest.mark.parametrize("centre_hz", [float("nan"), float("inf"), -float("inf")])
def test_a_centre_that_is_no_frequency_is_counted_and_the_cell_read(centre_hz: float) -> None:
    look = receive_gsm(IqBlock(samples=_samples(0.5), rate_hz=RATE, centre_hz=centre_hz))
    (cell,) = CellMemory().describe(look)
    assert look.refused == (("BadCentre", 1),) and cell.arfcn is None and cell.bsic == 21
    assert cell.freq_hz == pytest.approx(4e4, abs=50)


@pytest.mark.parametrize("value", [1e-40, 1e-45, 1e-38, 3e38])
def test_samples_at_the_ends_of_what_can_be_written_are_no_cell(value: float) -> None:
    assert _receive(np.full(200_000, value, np.complex64)).receptions == ()
