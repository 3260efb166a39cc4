"""The GSM time base: symbols, bursts, frames, and what the 51-multiframe of time slot 0 carries.

3GPP TS 45.002 §4.3 (frames), §5.2 (bursts), §6.3.1.3 (BCCH schedule), §7 table 3 (51-multiframe); 45.010 §5 (rates).
"""

import enum

SYMBOL_HZ = 1_625_000 / 6
FRAME_SYMBOLS = 1250  # 8 slots of 156.25
BURST_BITS = 148
HYPERFRAME = 2_715_648  # 2048 * 26 * 51
FRAME_SECONDS = FRAME_SYMBOLS / SYMBOL_HZ

FCCH_FRAMES = (0, 10, 20, 30, 40)
SCH_FRAMES = (1, 11, 21, 31, 41)
TONE_HZ = SYMBOL_HZ / 4  # the frequency burst lies this far above its carrier, 3GPP TS 45.002 §5.2.4


class Channel(enum.Enum):
    BCCH = "bcch"
    CCCH = "ccch"
    SHARED = "shared"  # CCCH, or SDCCH/4 and its SACCH where the cell combines them


# First frame of each block of four in time slot 0
BCCH_START = 2
CCCH_ALWAYS = (6, 12, 16)
CCCH_OR_DEDICATED = (22, 26, 32, 36, 42, 46)
BLOCK_STARTS: dict[int, Channel] = {
    BCCH_START: Channel.BCCH,
    **dict.fromkeys(CCCH_ALWAYS, Channel.CCCH),
    **dict.fromkeys(CCCH_OR_DEDICATED, Channel.SHARED),
}


# Time slots with BCCH and CCCH, but no FCCH or SCH, by CCCH_CONF: 3GPP TS 44.018 §10.5.2.11, 45.002 §7 table 5
CCCH_COMBINED = 1
MORE_CCCH_SLOTS: dict[int, tuple[int, ...]] = {2: (2,), 4: (2, 4), 6: (2, 4, 6)}
SLOT_SYMBOLS = FRAME_SYMBOLS / 8


def schedule_position(frame_number: int) -> int:
    """TC: which of the eight BCCH messages of the cycle a frame belongs to."""
    return (frame_number // 51) % 8


def frame_number_of(t1: int, t2: int, t3: int) -> int:
    """FN from the reduced counters of the synchronisation channel, 3GPP TS 45.002 §3.3.2.2."""
    return 51 * ((t3 - t2) % 26) + t3 + 51 * 26 * t1
