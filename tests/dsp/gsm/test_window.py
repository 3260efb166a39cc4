"""Any window a dongle gives: every rate, any tuning, strong neighbours, direct current, images, eight bits."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from dsp.gsm.look import GsmLook, Reception
from dsp.gsm.receive import receive_gsm
from dsp.iq import IqBlock
from recordings.gsm.spec import GsmBroadcast
from recordings.receive_converter import Converter, Imperfections
from tests.dsp.gsm.made import SCALE_DBFS, OnAir, window

CELL = GsmBroadcast(
    arfcn=25, plmn="460-00", bsic=21, lac=100, ci=200, frame_number_at_start=123_456, symbol_offset=333.3
)
STRONG = GsmBroadcast(arfcn=27, plmn="460-00", bsic=3, ci=3, symbol_offset=700.0, busy_timeslots=(1, 2, 3, 4, 5, 6, 7))
RATES = (1e6, 1.024e6, 13e6 / 12, 1.2e6, 1.8e6, 2e6, 2.048e6, 2.4e6, 2.56e6, 2.88e6, 3.2e6)
WHOLE = 16  # blocks at least in 0.45 s


def _wanted(look: GsmLook) -> Reception:
    (found,) = (each for each in look.receptions if each.bsic == CELL.bsic)
    return found


def _frames(look: GsmLook) -> set[int]:
    """Frame numbers of the blocks read of the wanted cell."""
    return {block.frame_number for block in _wanted(look).blocks}


def _with(block: IqBlock, samples: NDArray[np.complexfloating]) -> IqBlock:
    return replace(block, samples=np.asarray(samples, np.complex64))


@pytest.mark.parametrize("rate_hz", RATES)
def test_every_rate_hears_a_cell_at_the_edge_and_one_under_the_spike_at_zero_at_3_db(rate_hz: float) -> None:
    """Of the one at the edge only its 85 kHz are inside; the spike is 14 dB stronger than the cells."""
    edge_hz = float(np.random.default_rng(round(rate_hz)).choice([-1, 1])) * (rate_hz / 2 - 85e3)
    on_air = [OnAir(CELL, edge_hz), OnAir(STRONG, 0.0)]
    block = window(on_air, rate_hz=rate_hz, seconds=0.3, eb_n0_db=3.0, seed=int(rate_hz / 1e3))
    look = receive_gsm(_with(block, block.samples + np.complex64(0.04 + 0.03j)))
    assert sorted(each.bsic for each in look.receptions) == [STRONG.bsic, CELL.bsic]
    for got, offset_hz in zip(sorted(look.receptions, key=lambda each: each.bsic), (0.0, edge_hz), strict=True):
        assert len(got.blocks) >= 10 and got.blocks_failed == 0
        assert got.measured_hz == pytest.approx(block.centre_hz + offset_hz, abs=50)  # a second would give 5


@pytest.mark.parametrize(
    ("first", "arfcn", "freq_hz"),
    [
        ("850, first", 128, 869.2e6),
        ("850, last", 251, 893.8e6),
        ("R-GSM", 957, 921.6e6),
        ("E-GSM", 975, 925.2e6),
        ("E-GSM, 0", 0, 935.0e6),
        ("P-GSM, last", 124, 959.8e6),
        ("1800, first", 512, 1805.2e6),
        ("1800, last", 885, 1879.8e6),
        ("1900, first", 512, 1930.2e6),
        ("1900, last", 810, 1989.8e6),
    ],
)
def test_every_band_has_its_channels_to_the_edge_with_either_sign_of_a_bad_oscillator(
    first: str, arfcn: int, freq_hz: float
) -> None:
    for clock_ppm in (-97.0, 97.0):
        block = window([OnAir(CELL)], rate_hz=1e6, seconds=0.25, eb_n0_db=12.0, centre_hz=freq_hz, clock_ppm=clock_ppm)
        got = _wanted(receive_gsm(block))
        assert (got.arfcn, got.freq_hz) == (arfcn, pytest.approx(freq_hz)), first
        assert got.carrier_offset_hz == pytest.approx(freq_hz * 1e-6 * clock_ppm, abs=50)


@pytest.mark.parametrize(
    ("rate_hz", "away_hz"),
    [
        *((2.4e6, away_hz) for away_hz in (4e5, -4e5, 6e5, -6e5, 1e6, -1e6, 13e6 / 12)),
        (1e6, 4e5),
        (2.4e6, 2.4e6 - 4e5),  # beyond the window's edge: comes back 400 kHz below
        (1.024e6, 1.024e6 + 4e5),
    ],
)
def test_a_carrier_40_db_stronger_costs_no_block_at_3_db(rate_hz: float, away_hz: float) -> None:
    """A folded carrier comes with what the tuner's filter leaves of it; here it leaves all. What GMSK itself has
    400 kHz away is 62 dB down, and costs 0.07 dB: one block at the limit may go."""
    here_hz = -1e5 if rate_hz > 2e6 else -3e5
    strong = OnAir(STRONG, here_hz + away_hz, level_db=40.0, seed=9)
    beside = receive_gsm(window([OnAir(CELL, here_hz), strong], rate_hz=rate_hz, seconds=0.6, eb_n0_db=3.0, seed=5))
    alone = _alone(rate_hz, here_hz)
    assert len(alone - _frames(beside)) <= 1 and len(alone) >= 24


@cache
def _alone(rate_hz: float, here_hz: float) -> set[int]:
    return _frames(receive_gsm(window([OnAir(CELL, here_hz)], rate_hz=rate_hz, seconds=0.6, eb_n0_db=3.0, seed=5)))


@pytest.mark.parametrize("away_hz", [200e3, -200e3])
@pytest.mark.parametrize("rate_hz", [1.024e6, 2.4e6])
def test_a_neighbour_on_the_next_channel_9_db_stronger_leaves_a_cell_at_3_db_readable(
    rate_hz: float, away_hz: float
) -> None:
    on_air = [OnAir(CELL, 5e4), OnAir(STRONG, 5e4 + away_hz, level_db=9.0, seed=9)]
    got = _wanted(receive_gsm(window(on_air, rate_hz=rate_hz, seconds=0.6, eb_n0_db=3.0, seed=5)))
    assert len(got.blocks) >= 23 and got.blocks_failed <= 1


@pytest.mark.parametrize(
    ("clock_ppm", "offset_hz"), [(-100.0, -100e3), (-100.0, 100e3), (100.0, 0.0), (100.0, 100e3), (0.0, -100e3)]
)
def test_carrier_and_sample_clock_may_be_off_together_or_each_by_itself(clock_ppm: float, offset_hz: float) -> None:
    put_hz = offset_hz - 940e6 * 1e-6 * clock_ppm
    block = window([OnAir(CELL, put_hz)], rate_hz=1e6, seconds=0.6, eb_n0_db=3.0, clock_ppm=clock_ppm)
    got = _wanted(receive_gsm(block))
    assert len(got.blocks) >= 24 and got.blocks_failed == 0
    assert got.clock_ppm == pytest.approx(-clock_ppm, abs=0.5)
    assert got.measured_hz - block.centre_hz == pytest.approx(offset_hz, abs=40)


def _through_converter(block: IqBlock, imperfections: Imperfections, *, peak: float) -> IqBlock:
    """As a dongle gives it: eight bits, the highest sample at `peak` of full scale."""
    samples = block.samples * np.float32(peak / np.abs(block.samples).max())
    octets = Converter(imperfections).convert(samples.copy())
    return _with(block, ((octets.astype(np.float32) - 127.5) / 127.5).view(np.complex64))


CHEAP = Imperfections(dc_i=0.01, dc_q=-0.02, iq_gain_db=0.3, iq_phase_deg=1.5)  # an image 36 dB below
FAR_WORSE = Imperfections(iq_gain_db=0.5, iq_phase_deg=10.0)  # 21 dB below


@pytest.mark.parametrize(("imperfections", "peak"), [(CHEAP, 0.9), (Imperfections(), 0.3)])
def test_eight_bits_leave_a_cell_40_db_below_another_readable(imperfections: Imperfections, peak: float) -> None:
    """Rounding noise is 50 dB below full scale over 2.4 MHz, 9.5 dB less in the channel, the cell 40 dB and more."""
    on_air = [OnAir(STRONG, 5e5), OnAir(CELL, -3e5, level_db=-40.0)]
    block = _through_converter(window(on_air, rate_hz=2.4e6, seconds=0.45, eb_n0_db=60.0), imperfections, peak=peak)
    look = receive_gsm(block)
    assert len(_wanted(look).blocks) >= WHOLE and _wanted(look).blocks_failed == 0
    assert sorted(each.bsic for each in look.receptions) == [3, 21]


@pytest.mark.parametrize("offset_hz", [1.5e5, 9e5])
def test_the_image_of_a_strong_cell_is_no_cell(offset_hz: float) -> None:
    block = window([OnAir(STRONG, offset_hz)], rate_hz=2.4e6, seconds=0.45, eb_n0_db=50.0)
    look = receive_gsm(_through_converter(block, FAR_WORSE, peak=0.9))
    assert [each.bsic for each in look.receptions] == [3] and not look.receptions[0].blocks_failed


def test_a_cell_beside_a_spur_of_its_own_strength_is_read() -> None:
    """28.8 MHz times 33 is 950.4 MHz: in the band."""
    block = window([OnAir(CELL, 1e5)], rate_hz=1e6, seconds=0.45, eb_n0_db=15.0)
    spur = 10 ** ((SCALE_DBFS - 10) / 20) * np.exp(2j * np.pi * 0.113 * np.arange(len(block.samples)))
    got = _wanted(receive_gsm(_with(block, block.samples + spur)))
    assert len(got.blocks) >= WHOLE and got.blocks_failed <= 1


def test_a_cell_half_outside_is_heard_when_its_frequency_bursts_lie_inside() -> None:
    block = window([OnAir(CELL, -5e5 + 6e4)], rate_hz=1e6, seconds=0.45, eb_n0_db=20.0)
    assert len(_wanted(receive_gsm(block)).blocks) >= WHOLE
