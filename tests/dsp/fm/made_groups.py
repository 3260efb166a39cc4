"""RDS groups put together for tests, down to bits."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from dsp.fm.rds_code import Offset, encode_block

Words = tuple[int, int, int, int]


def name_groups(pi: int, name: bytes, *, ta: int = 0, af: int = 0xE0CD, pty: int = 5) -> list[Words]:
    """One cycle of 0A."""
    return [
        (pi, 1 << 10 | pty << 5 | ta << 4 | i, af, int.from_bytes(name[2 * i : 2 * i + 2], "big")) for i in range(4)
    ]


def text_groups(pi: int, words: bytes, *, flag_b: int = 0, pty: int = 5) -> list[Words]:
    """One cycle of 2A; the text ends with a carriage return unless it has 64 characters."""
    codes = (words + b"\r" if len(words) < 64 else words).ljust((len(words) + 4) // 4 * 4)
    parts = [codes[at : at + 4] for at in range(0, min(len(codes), 64), 4)]
    return [
        (pi, 2 << 12 | 1 << 10 | pty << 5 | flag_b << 4 | i, int.from_bytes(p[:2], "big"), int.from_bytes(p[2:], "big"))
        for i, p in enumerate(parts)
    ]


def clock_group(pi: int, *, mjd: int, hour: int, minute: int, half_hours: int = 0) -> Words:
    offset = abs(half_hours) | (half_hours < 0) << 5
    return (pi, 4 << 12 | mjd >> 15, (mjd & 0x7FFF) << 1 | hour >> 4, (hour & 15) << 12 | minute << 6 | offset)


def group_of(pi: int, kind: str, spare: int, c: int, d: int, *, tp: int = 0, pty: int = 5) -> Words:
    """Any group by its name: "14A"; version B carries the PI in block C."""
    version_b = kind.endswith("B")
    return (pi, int(kind[:-1]) << 12 | version_b << 11 | tp << 10 | pty << 5 | spare, pi if version_b else c, d)


def bits_of(groups: Iterable[Words]) -> NDArray[np.uint8]:
    out = []
    for words in groups:
        third = Offset.C_PRIME if words[1] >> 11 & 1 else Offset.C
        for word, offset in zip(words, (Offset.A, Offset.B, third, Offset.D), strict=True):
            block = encode_block(word, offset)
            out += [block >> (25 - i) & 1 for i in range(26)]
    return np.array(out, np.uint8)
