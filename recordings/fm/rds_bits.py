"""From groups to the bits on the air: checkwords and differential coding (IEC 62106)."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recordings.fm.rds_groups import BITS_PER_GROUP, Group

Bits = NDArray[np.uint8]

GENERATOR = 0b10110111001  # x^10 + x^8 + x^7 + x^5 + x^4 + x^3 + 1
OFFSETS = (0x0FC, 0x198, 0x168, 0x1B4)  # A, B, C, D
OFFSET_C_PRIME = 0x350  # instead of C in groups of version B
PAGE = 32  # groups made at once


def checkword(word: int, offset: int) -> int:
    """The ten bits behind 16: the remainder of word · x^10, plus the block's offset word."""
    remainder = word << 10
    for shift in range(15, -1, -1):
        if remainder >> (shift + 10) & 1:
            remainder ^= GENERATOR << shift
    return remainder ^ offset


def group_bits(group: Group) -> int:
    """104 bits, the first one sent highest."""
    is_b = group[1] >> 11 & 1
    offsets = (*OFFSETS[:2], OFFSET_C_PRIME if is_b else OFFSETS[2], OFFSETS[3])
    bits = 0
    for word, offset in zip(group, offsets, strict=True):
        bits = bits << 26 | word << 10 | checkword(word, offset)
    return bits


class RdsBits:
    """The differentially coded bits of an endless row of groups, anywhere. Remembers the state at each page."""

    def __init__(self, group: Callable[[int], Group]) -> None:
        self._group = group
        self._before = {0: 0}  # page → the bit sent before it
        self._page = lru_cache(maxsize=8)(self._plain)

    def bits(self, first: int, count: int) -> Bits:
        """Bits first … first + count as they are sent; bit 0 is the first of group 0."""
        size = PAGE * BITS_PER_GROUP
        low, high = first // size, -(-(first + count) // size)
        sent = np.concatenate([self._sent(page) for page in range(low, high)] or [np.zeros(0, np.uint8)])
        return sent[first - low * size :][:count]

    def _sent(self, page: int) -> Bits:
        return np.bitwise_xor.accumulate(self._page(page)) ^ np.uint8(self._state(page))

    def _state(self, page: int) -> int:
        """Forwards or backwards from the nearest page on the way to page 0."""
        for p in range(max(q for q in self._before if q <= page), page) if page > 0 else ():
            self._before[p + 1] = self._before[p] ^ self._parity(p)
        for p in range(min(q for q in self._before if q >= page), page, -1) if page < 0 else ():
            self._before[p - 1] = self._before[p] ^ self._parity(p - 1)
        return self._before[page]

    def _parity(self, page: int) -> int:
        return int(self._page(page).sum()) & 1

    def _plain(self, page: int) -> Bits:
        words = [group_bits(self._group(number)) for number in range(page * PAGE, (page + 1) * PAGE)]
        octets = b"".join(word.to_bytes(BITS_PER_GROUP // 8, "big") for word in words)
        return np.unpackbits(np.frombuffer(octets, np.uint8))
