"""Which channel a carrier is, when the receiver's oscillator is about half a channel off."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from dsp.gsm.arfcn import downlink_hz
from dsp.gsm.cell import CellMemory
from dsp.gsm.frame import Channel
from dsp.gsm.look import Block, GsmLook, Reception
from dsp.gsm.raster import place_on_raster
from dsp.gsm.receive import receive_gsm
from dsp.gsm.system_info import read_si1, read_si3
from recordings.gsm.spec import GsmBroadcast
from recordings.gsm.system_information import system_information
from tests.dsp.gsm.made import OnAir, window

NO_CLOCK = 0.0  # ppm: the sample clock is not the carrier oscillator, as it shows none of its error


def _reception(arfcn: int, lists: tuple[int, ...] | None, *, error_hz: float, clock_ppm: float = NO_CLOCK) -> Reception:
    """A cell on `arfcn` that lists these channels, or is not heard to; the receiver sees it error_hz too high."""
    measured_hz = downlink_hz(arfcn)[0] + error_hz
    return Reception(
        bsic=arfcn % 64,
        measured_hz=measured_hz,
        arfcn=None,
        freq_hz=measured_hz,
        carrier_offset_hz=0.0,
        carrier_offset_sigma_hz=5.0,
        level_dbfs=-40.0,
        cnr_db=20.0,
        frame_number=0,
        frame_sample=0.0,
        frame_sample_sigma=0.01,
        clock_ppm=clock_ppm,
        samples_per_frame=4615.0,
        seconds=1.0,
        syncs=(),
        blocks=() if lists is None else (_si1(lists),),
        failed=(),
    )


def _si1(arfcns: tuple[int, ...]) -> Block:
    octets = system_information(GsmBroadcast(arfcn=arfcns[0], cell_arfcns=arfcns), "1")
    return Block(51 * 8 + 2, Channel.BCCH, "si1", octets, "0000", 10.0)


def _channels(*receptions: Reception) -> list[int | None]:
    return [each.arfcn for each in place_on_raster(receptions)]


@pytest.mark.parametrize("error_hz", [-118e3, -104e3, 104e3, 118e3])
def test_one_cells_own_list_tells_an_error_of_more_than_half_a_channel(error_hz: float) -> None:
    (placed,) = place_on_raster((_reception(40, (40, 55), error_hz=error_hz),))
    assert placed.arfcn == 40
    assert placed.carrier_offset_hz == pytest.approx(error_hz, abs=1)


@pytest.mark.parametrize("error_hz", [104e3, 118e3])
def test_without_a_list_the_smallest_error_is_taken(error_hz: float) -> None:
    assert _channels(_reception(40, None, error_hz=error_hz)) == [41]


@pytest.mark.parametrize("error_hz", [-96e3, -40e3, 0.0, 40e3, 96e3])
def test_an_error_within_half_a_channel_stays_where_it_is(error_hz: float) -> None:
    assert _channels(_reception(40, (40, 55), error_hz=error_hz)) == [40]


def test_several_cells_are_shifted_together() -> None:
    cells = [_reception(arfcn, (arfcn, arfcn + 7), error_hz=108e3) for arfcn in (20, 40, 60)]
    assert _channels(*cells) == [20, 40, 60]
    unheard = _reception(80, None, error_hz=108e3)
    assert _channels(*cells, unheard) == [20, 40, 60, 80]


def test_a_stranger_with_a_copied_list_does_not_shift_honest_cells() -> None:
    """The rogue on 50 broadcasts the list of a cell on 49, which one channel down would satisfy."""
    honest = [_reception(arfcn, (arfcn, arfcn + 7), error_hz=90e3) for arfcn in (20, 40, 60)]
    rogue = _reception(50, (49, 56), error_hz=90e3)
    assert _channels(*honest, rogue) == [20, 40, 60, 50]
    assert _channels(honest[0], rogue) == [20, 50]


def test_honest_cells_are_shifted_beside_a_stranger_whom_the_wrong_place_suits() -> None:
    honest = [_reception(arfcn, (arfcn, arfcn + 7), error_hz=110e3) for arfcn in (20, 40, 60)]
    rogue = _reception(50, (51, 56), error_hz=110e3)
    assert _channels(*honest, rogue) == [20, 40, 60, 50]


def test_a_list_of_far_channels_shifts_nothing() -> None:
    assert _channels(_reception(50, (80, 90), error_hz=110e3)) == [51]
    assert _channels(_reception(50, (49,), error_hz=20e3)) == [50]


def test_the_symbol_clock_outranks_the_lists() -> None:
    """A lone rogue, heard by a dongle whose clock shows its error, is not moved to where its list would have it."""
    error_hz = 96e3
    clock_ppm = -1e6 * error_hz / downlink_hz(50)[0]
    assert _channels(_reception(50, (49, 56), error_hz=error_hz, clock_ppm=clock_ppm)) == [50]


def test_a_cell_that_contradicts_its_list_says_so() -> None:
    for lists, expected in (((50, 56), True), ((80, 90), False), (None, None)):
        placed = place_on_raster((_reception(50, lists, error_hz=1e3),))
        look = GsmLook(receptions=placed, noise_dbfs_200k=-60.0, seconds=1.0, rate_hz=1e6)
        (cell,) = CellMemory().describe(look)
        assert (cell.arfcn, cell.arfcn_in_own_list) == (50, expected)


def test_a_carrier_on_no_raster_has_no_opinion_of_its_list() -> None:
    stray = replace(_reception(50, (50,), error_hz=0.0), measured_hz=100e6, freq_hz=100e6)
    look = GsmLook(receptions=place_on_raster((stray,)), noise_dbfs_200k=-60.0, seconds=1.0, rate_hz=1e6)
    (cell,) = CellMemory().describe(look)
    assert (cell.arfcn, cell.arfcn_in_own_list) == (None, None)


@pytest.mark.needs_recordings
def test_no_list_of_112_real_cells_speaks_for_a_channel_beside_the_true_one(recordings_dir: Path) -> None:
    """And one network of five lists only the channels it hops over, without the carrier: innocent, and common there."""
    records = json.loads((recordings_dir / "cells" / "cells_2012.json").read_text())
    outside: Counter[str | None] = Counter()
    for record in records:
        arfcn, arfcns = int(record["arfcn"]), read_si1(bytes.fromhex(record["si1"])).cell_arfcns
        assert not {arfcn - 1, arfcn + 1} & set(arfcns)
        if arfcn not in arfcns:
            area = read_si3(bytes.fromhex(record["si3"])).area
            outside[f"{area.mcc}-{area.mnc}"] += 1
    assert outside == {"262-02": 32}


@pytest.mark.parametrize(("lists", "arfcn", "in_list"), [((25, 33), 25, True), ((40, 50), 26, False)])
def test_from_samples_to_the_channel_number(lists: tuple[int, ...], arfcn: int, in_list: bool) -> None:
    """Channel 25 by a receiver 105 kHz off: its list says so. With a copied list it is wrong by one, and says so."""
    made = GsmBroadcast(arfcn=25, plmn="460-00", bsic=21, cell_arfcns=lists)
    block = window([OnAir(made, 105e3)], rate_hz=1e6, seconds=0.5, eb_n0_db=15.0, centre_hz=downlink_hz(25)[0])
    look = receive_gsm(block)
    (cell,) = CellMemory().describe(look)
    assert (cell.arfcn, cell.arfcn_in_own_list) == (arfcn, in_list)
