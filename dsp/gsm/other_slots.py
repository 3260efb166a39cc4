"""Common control channels on time slots 2, 4 and 6 of the carrier, where System Information 3 tells of them.

They carry BCCH and CCCH in the same frames as slot 0, but neither FCCH nor SCH (3GPP TS 45.002 §7 table 5, §6.4
combination vi; 44.018 §10.5.2.11 CCCH_CONF). Everything known of the cell from slot 0 holds for them too.
"""

from collections.abc import Iterator

import numpy as np

from dsp.gsm.acquire import FrameClock, Lock
from dsp.gsm.blocks import BlockBursts, Sorted, cut_blocks, decode_all, sort_blocks
from dsp.gsm.frame import MORE_CCCH_SLOTS, SLOT_SYMBOLS
from dsp.gsm.slots import Window
from dsp.gsm.syncs import Synchronised


def read_other_slots(window: Window, cell: Synchronised, ccch_conf: int | None) -> Iterator[Sorted]:
    """One for each further slot, when at least one block was read in it: a cell may announce what it does not send."""
    bursts = [_cut(window, cell, timeslot) for timeslot in MORE_CCCH_SLOTS.get(ccch_conf or 0, ())]
    return (sort_blocks(raw, combined=False) for raw in decode_all(bursts) if raw.good.any())


def _cut(window: Window, cell: Synchronised, timeslot: int) -> BlockBursts:
    """Slots are 156.25 symbols, or 157 every fourth and 156 the others (3GPP TS 45.010 §5.7): the likelier of both."""
    nominal, whole = timeslot * SLOT_SYMBOLS, float(np.ceil(timeslot * SLOT_SYMBOLS))
    cuts = [_cut_late(window, cell, timeslot, symbols) for symbols in sorted({nominal, whole})]
    return max(cuts, key=lambda cut: float(np.abs(cut.matched.output).sum()))


def _cut_late(window: Window, cell: Synchronised, timeslot: int, symbols: float) -> BlockBursts:
    clock = cell.lock.clock
    late = FrameClock(clock.first + symbols * clock.samples_per_symbol, clock.samples_per_frame)
    return cut_blocks(
        window,
        Lock(late, cell.lock.carrier_hz),
        echoes=cell.echoes,
        frame_number_at_0=cell.frame_number_at_0,
        training=cell.bsic & 7,
        timeslot=timeslot,
    )
