"""Known bits inside bursts. 3GPP TS 45.002 §5.2.3 (normal burst, TSC 0–7) and §5.2.5 (synchronisation burst)."""

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint8]


def _bits(text: str) -> Bits:
    bits = np.array([int(character) for character in text], np.uint8)
    bits.setflags(write=False)
    return bits


NORMAL_FIRST = 61  # bit number of the first training bit
NORMAL_TRAINING: tuple[Bits, ...] = tuple(
    _bits(text)
    for text in (
        "00100101110000100010010111",
        "00101101110111100010110111",
        "01000011101110100100001110",
        "01000111101101000100011110",
        "00011010111001000001101011",
        "01001110101100000100111010",
        "10100111110110001010011111",
        "11101111000100101110111100",
    )
)
SYNC_FIRST = 42
SYNC_TRAINING: Bits = _bits("1011100101100010000001000000111100101101010001010111011000011011")


def known_bits(first: int, training: Bits) -> NDArray[np.int8]:
    """A burst of 148 bits as symbols: +1 for 0, −1 for 1, 0 where the bit is not known beforehand. Tails are zeros."""
    known = np.zeros(148, np.int8)
    known[:3] = known[145:] = 1
    known[first : first + len(training)] = 1 - 2 * training.astype(np.int8)
    return known


NORMAL_KNOWN = np.stack([known_bits(NORMAL_FIRST, bits) for bits in NORMAL_TRAINING])  # (8, 148)
SYNC_KNOWN = known_bits(SYNC_FIRST, SYNC_TRAINING)  # (148,)
NORMAL_DATA = np.r_[3:60, 88:145]  # bit numbers of the 114 coded bits; 60 and 87 steal
SYNC_DATA = np.r_[3:42, 106:145]
