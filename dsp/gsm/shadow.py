"""One transmitter found twice: by two of its bursts, by its own skirt, or as a ghost that an overloaded receiver makes.

Cells of one site may share clock, frame number and BSIC; but they never send the same blocks, for each sends its CI.
"""

import numpy as np

from dsp.gsm.frame import FRAME_SYMBOLS
from dsp.gsm.reader import CellRead

_SAME_CARRIER_HZ = 150e3
_SAME_INSTANT_SYMBOLS = 4.0
_GHOST_DB = 10.0


def is_shadow(cell: CellRead, other: CellRead) -> bool:
    """Whether `cell` is only another sight of `other`, which was found before it."""
    if not _one_clock(cell, other):
        return False
    if abs(cell.carrier_hz - other.carrier_hz) < _SAME_CARRIER_HZ:
        return True
    weaker_db = 10 * np.log10(other.power / cell.power)
    return bool(weaker_db > _GHOST_DB) and not _says_otherwise(cell, other)


def _one_clock(cell: CellRead, other: CellRead) -> bool:
    apart = (cell.clock.first - other.clock.first) / cell.clock.samples_per_frame
    whole = round(apart)
    same_instant = abs(apart - whole) < _SAME_INSTANT_SYMBOLS / FRAME_SYMBOLS
    same_number = cell.frame_number_at_0 - whole == other.frame_number_at_0
    return cell.bsic == other.bsic and same_instant and same_number


def _says_otherwise(cell: CellRead, other: CellRead) -> bool:
    heard = {block.place: block.digest4 for block in other.contents.blocks}
    return any(heard.get(block.place, block.digest4) != block.digest4 for block in cell.contents.blocks)
