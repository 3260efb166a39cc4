"""Suspected cells, from tone bursts to blocks. Nothing is a cell until it has been decoded."""

from dataclasses import dataclass

from dsp.gsm.acquire import FrameClock, lock
from dsp.gsm.blocks import RawBlocks, Sorted, cut_blocks, decode_all, sort_blocks, tells_ccch_conf
from dsp.gsm.fcch import ToneBurst
from dsp.gsm.frame import CCCH_COMBINED
from dsp.gsm.measure import KnownBursts
from dsp.gsm.other_slots import read_other_slots
from dsp.gsm.slots import Window
from dsp.gsm.syncs import Synchronised, synchronise

_LEAST_SYNCS = 2  # that agree: two of them by chance come once in 10¹⁰ tries


@dataclass(frozen=True, slots=True, eq=False)
class CellRead:
    """One cell as read: carrier from the middle of the window, clock, contents."""

    bsic: int
    carrier_hz: float
    clock: FrameClock  # frame 0 has number frame_number_at_0
    frame_number_at_0: int
    power: float
    sync_frames: tuple[int, ...]
    known: KnownBursts  # every burst whose bits are certain
    contents: Sorted
    elsewhere: tuple[Sorted, ...]  # on time slots 2, 4 and 6, where there are more common control channels


def read_cells(window: Window, tones: tuple[ToneBurst, ...]) -> list[CellRead]:
    """Those of the suspicions that two synchronisation bursts, or one and a block, confirm; strongest first."""
    found = synchronise(window, [lock(window, tone) for tone in tones])
    bursts = [
        cut_blocks(
            window,
            each.lock,
            echoes=each.echoes,
            frame_number_at_0=each.frame_number_at_0,
            training=each.bsic & 7,
        )
        for each in found
    ]
    read = [_cell(window, each, raw) for each, raw in zip(found, decode_all(bursts), strict=True)]
    return sorted((cell for cell in read if cell is not None), key=lambda cell: -cell.power)


def _cell(window: Window, found: Synchronised, raw: RawBlocks) -> CellRead | None:
    if len(found.sync_frames) < _LEAST_SYNCS and not raw.good.any():
        return None
    ccch_conf = tells_ccch_conf(raw)
    return CellRead(
        bsic=found.bsic,
        carrier_hz=found.lock.carrier_hz,
        clock=found.lock.clock,
        frame_number_at_0=found.frame_number_at_0,
        power=found.echoes.power,
        sync_frames=found.sync_frames,
        known=found.known.with_more(raw.known),
        contents=sort_blocks(raw, combined=None if ccch_conf is None else ccch_conf == CCCH_COMBINED),
        elsewhere=tuple(read_other_slots(window, found, ccch_conf)),
    )
