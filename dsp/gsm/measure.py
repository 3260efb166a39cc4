"""How a cell arrived: carrier, level, noise, and the instant its frame began."""

import numpy as np

from dsp.gsm.frame import HYPERFRAME, SYMBOL_HZ
from dsp.gsm.look import Reception, SyncRead
from dsp.gsm.reader import CellRead
from dsp.gsm.subscribers import total
from dsp.iq import IqBlock


def reception(cell: CellRead, block: IqBlock) -> Reception:
    frame = cell.sync_frames[0] if cell.sync_frames else 0
    sample = cell.clock.first + frame * cell.clock.samples_per_frame
    measured_hz = block.centre_hz + cell.carrier_hz
    cnr = cell.echoes.power / cell.echoes.noise
    nominal = 1250 * block.rate_hz / SYMBOL_HZ
    contents = cell.contents
    return Reception(
        bsic=cell.bsic,
        measured_hz=measured_hz,
        arfcn=None,
        freq_hz=measured_hz,
        carrier_offset_hz=0.0,
        carrier_offset_sigma_hz=float(62 / np.sqrt(cnr * max(len(cell.sync_frames), 1))),
        level_dbfs=10 * float(np.log10(cell.echoes.power)),
        cnr_db=10 * float(np.log10(cnr)),
        frame_number=(frame + cell.frame_number_at_0) % HYPERFRAME,
        frame_sample=block.first_sample + sample,
        frame_sample_sigma=None,
        clock_ppm=(cell.clock.samples_per_frame / nominal - 1) * 1e6,
        seconds=block.seconds,
        syncs=tuple(
            SyncRead((f + cell.frame_number_at_0) % HYPERFRAME, cell.clock.first + f * cell.clock.samples_per_frame)
            for f in cell.sync_frames
        ),
        blocks=tuple(contents.blocks),
        blocks_failed=contents.failed,
        ccch_blocks_read=contents.ccch_read,
        subscribers=total(contents.subscribers),
    )
