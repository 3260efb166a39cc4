"""The control channels of a C0 carrier, one 51-multiframe at a time (3GPP TS 45.002 §7 table 5, figures 8a and 8b)."""

from functools import lru_cache

import numpy as np

from recordings.gsm.bursts import DUMMY, FCCH, HYPERFRAME, MULTIFRAME, normal_bursts, sch_bursts
from recordings.gsm.coding import Bits, code_blocks
from recordings.gsm.common_control import CommonControl
from recordings.gsm.paging import FILLS
from recordings.gsm.schedule import bcch_kind, extended_kind
from recordings.gsm.spec import GsmBroadcast
from recordings.gsm.system_information import system_information

FCCH_FRAMES = np.array([0, 10, 20, 30, 40])
SCH_FRAMES = FCCH_FRAMES + 1
BCCH_FRAME = 2
BLOCK_FRAMES = (6, 12, 16, 22, 26, 32, 36, 42, 46)  # where the other blocks start
SDCCH_FRAMES, SACCH_FRAMES = (22, 26, 32, 36), (42, 46)  # of a combined channel


class ControlSlot:
    """The bursts of timeslot 2, 4 or 6 with BCCH and CCCH. Remembers those of the few multiframes used last."""

    def __init__(self, cell: GsmBroadcast, *, seed: int, timeslot: int) -> None:
        self._cell = cell
        self._common = CommonControl(cell, seed=seed, timeslot=timeslot)
        self._said: dict[str, bytes] = {}
        self.bursts = lru_cache(maxsize=64)(self._bursts)

    def blocks(self, multiframe: int) -> dict[int, bytes]:
        """First frame of the block in the multiframe → its 23 octets."""
        said = {BCCH_FRAME: self._system_information(bcch_kind(self._cell, multiframe))}
        for index, frame in enumerate(BLOCK_FRAMES):
            said[frame] = self._other(multiframe, index, frame)
        return said

    def _bursts(self, multiframe: int) -> Bits:
        """(51, 148) of multiframe FN div 51."""
        slot = self._without_blocks(multiframe)
        said = self.blocks(multiframe)
        payload = code_blocks(np.array([list(octets) for octets in said.values()], np.uint8))
        frames = np.array(list(said))[:, None] + np.arange(4)
        slot[frames] = normal_bursts(payload, self._cell.bsic % 8)
        slot.flags.writeable = False
        return slot

    def _without_blocks(self, multiframe: int) -> Bits:
        return np.tile(DUMMY, (MULTIFRAME, 1))

    def _other(self, multiframe: int, index: int, frame: int) -> bytes:
        if self._cell.combined and frame in SDCCH_FRAMES:
            return FILLS["empty_ui"]
        if self._cell.combined and frame in SACCH_FRAMES:
            return self._system_information("5" if multiframe // 2 % 2 else "6")
        kind = extended_kind(self._cell, multiframe) if index == 0 else None
        if kind is not None:
            return self._system_information(kind)
        return self._common.block((multiframe * MULTIFRAME + frame) % HYPERFRAME, index)

    def _system_information(self, kind: str) -> bytes:
        if kind not in self._said:
            self._said[kind] = system_information(self._cell, kind)
        return self._said[kind]


class SlotZero(ControlSlot):
    """The bursts of timeslot 0, which also has the FCCH and the SCH."""

    def __init__(self, cell: GsmBroadcast, *, seed: int) -> None:
        super().__init__(cell, seed=seed, timeslot=0)

    def _without_blocks(self, multiframe: int) -> Bits:
        slot = super()._without_blocks(multiframe)
        slot[FCCH_FRAMES] = FCCH
        slot[SCH_FRAMES] = sch_bursts(self._cell.bsic, multiframe * MULTIFRAME + SCH_FRAMES)
        return slot
