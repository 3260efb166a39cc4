"""One cell's part of a look, out of what was read and how it arrived."""

import numpy as np

from dsp.gsm.blocks import Sorted
from dsp.gsm.frame import FRAME_SYMBOLS, HYPERFRAME, SYMBOL_HZ
from dsp.gsm.look import Block, Reception, SyncRead
from dsp.gsm.measure import measure
from dsp.gsm.reader import CellRead
from dsp.iq import IqBlock


def reception(cell: CellRead, block: IqBlock, *, first_sample: int, scale_db: float) -> Reception:
    """Channel and offset are those of a lone cell off any raster: place_on_raster knows the others.

    first_sample : of the block where the cell's clock counts from; scale_db : by how much the block was stronger than
    what was read.
    """
    got = measure(cell.known, cell.clock, cell.carrier_hz)
    measured_hz = block.centre_hz + got.carrier_hz
    starts = [
        block.first_sample + first_sample + got.frame_sample + (frame - got.frame) * got.samples_per_frame
        for frame in cell.sync_frames
    ]
    numbers = [(frame + cell.frame_number_at_0) % HYPERFRAME for frame in cell.sync_frames]
    nominal = FRAME_SYMBOLS * block.rate_hz / SYMBOL_HZ
    others = cell.elsewhere
    return Reception(
        bsic=cell.bsic,
        measured_hz=measured_hz,
        arfcn=None,
        freq_hz=measured_hz,
        carrier_offset_hz=0.0,
        carrier_offset_sigma_hz=got.carrier_sigma_hz,
        level_dbfs=10 * float(np.log10(got.power)) + scale_db,
        cnr_db=10 * float(np.log10(got.power / got.noise)),
        frame_number=(got.frame + cell.frame_number_at_0) % HYPERFRAME,
        frame_sample=block.first_sample + first_sample + got.frame_sample,
        frame_sample_sigma=got.frame_sample_sigma,
        samples_per_frame=got.samples_per_frame,
        samples_per_frame_sigma=got.samples_per_frame_sigma,
        delay_spread=got.delay_spread,
        clock_ppm=(got.samples_per_frame / nominal - 1) * 1e6,
        seconds=block.seconds,
        syncs=tuple(SyncRead(number, start) for number, start in zip(numbers, starts, strict=True)),
        blocks=_in_time_order([cell.contents, *others], cell.frame_number_at_0),
        failed=tuple(cell.contents.failed),
        failed_on_others=tuple((number, other.timeslot) for other in others for number in other.failed),
        weak=(*cell.contents.weak, *(weak for other in others for weak in other.weak)),
    )


def _in_time_order(slots: list[Sorted], frame_number_at_0: int) -> tuple[Block, ...]:
    def when(block: Block) -> tuple[int, int]:
        return (block.frame_number - frame_number_at_0 + HYPERFRAME // 2) % HYPERFRAME, block.timeslot

    return tuple(sorted((block for each in slots for block in each.blocks), key=when))
