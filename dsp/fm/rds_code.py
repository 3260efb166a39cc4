"""The (26,16) code of RDS blocks: checkwords, offset words, syndromes. IEC 62106 §5, annexes A and B.

A block is 16 information bits and 10 check bits, most significant first:
  iiii iiii iiii iiii  cccc cccc cc
The checkword is the remainder of the information by g(x), plus an offset word that names the block's place in its
group.
"""

import enum

import numpy as np
from numpy.typing import NDArray

BLOCK_BITS = 26
GROUP_BITS = 104
CHECK_BITS = 10
GENERATOR = 0b101_1011_1001  # x^10 + x^8 + x^7 + x^5 + x^4 + x^3 + 1


class Offset(enum.Enum):
    A = 0x0FC
    B = 0x198
    C = 0x168
    C_PRIME = 0x350  # third block of a version B group: it repeats the PI
    D = 0x1B4


def remainder(bits: int) -> int:
    """`bits` (any length) modulo g(x)."""
    for shift in range(bits.bit_length() - 1, CHECK_BITS - 1, -1):
        if bits >> shift & 1:
            bits ^= GENERATOR << (shift - CHECK_BITS)
    return bits


def encode_block(information: int, offset: Offset) -> int:
    """The 26 bits that carry 16 bits of information at that place of a group."""
    return information << CHECK_BITS | remainder(information << CHECK_BITS) ^ offset.value


_COLUMNS = tuple(remainder(1 << (BLOCK_BITS - 1 - i)) for i in range(BLOCK_BITS))


def syndromes(bits: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Syndrome of the 26 bits that start at each position; an unharmed block gives its own offset word.

    bits (n,) of 0 and 1 → (n - 25,), empty when not one block fits.
    """
    return _slide(bits, _COLUMNS)


def informations(bits: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """The 16 bits that start at each position where a whole block fits: (n,) → (n - 25,)."""
    return _slide(bits, tuple(1 << (15 - i) for i in range(16)))


def _slide(bits: NDArray[np.uint8], columns: tuple[int, ...]) -> NDArray[np.uint16]:
    count = max(0, len(bits) - BLOCK_BITS + 1)
    out = np.zeros(count, np.uint16)
    for i, column in enumerate(columns):
        out ^= bits[i : i + count] * np.uint16(column)
    return out
