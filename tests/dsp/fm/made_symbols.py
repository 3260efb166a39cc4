"""Soft RDS symbols of a made station at any Es/N0, look by look, and of nothing but noise."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tests.dsp.fm.made_groups import Words, bits_of, group_of, name_groups, text_groups

LOOK_SYMBOLS = int(4 * 1187.5)
AF_WORDS = (0xE30B, 0x0C2D)  # three frequencies: 88.6, 88.7, 92.0 MHz
AF_HZ = {88.6e6, 88.7e6, 92.0e6}


def mixed_groups(
    pi: int, names: Sequence[bytes], text: bytes, count: int, rng: np.random.Generator, *, shown: int = 40
) -> list[Words]:
    """Names (each for `shown` groups), a text, and traffic messages that never repeat, about as stations mix them."""
    out: list[Words] = []
    parts = text_groups(pi, text)
    said = 0
    while len(out) < count:
        name = names[len(out) // shown % len(names)]
        for i in range(4):
            out.append(name_groups(pi, name, af=AF_WORDS[i % 2])[i])
            if i % 2:
                out.append(parts[said % len(parts)])
                said += 1
        out.append(group_of(pi, "8A", int(rng.integers(32)), *(int(w) for w in rng.integers(0, 65536, 2)), tp=1))
    return out[:count]


def symbols(bits: NDArray[np.uint8], es_n0_db: float, rng: np.random.Generator) -> NDArray[np.float32]:
    signs = 2.0 * np.bitwise_xor.accumulate(bits) - 1
    soft = signs * np.sqrt(2 * 10 ** (es_n0_db / 10)) + rng.standard_normal(len(signs))
    return np.asarray(soft, np.float32)


def looks(groups: Sequence[Words], es_n0_db: float, rng: np.random.Generator) -> Iterator[NDArray[np.float32]]:
    """Four seconds each; where a group begins moves from look to look."""
    soft = symbols(bits_of(groups), es_n0_db, rng)
    for at in range(0, len(soft) - LOOK_SYMBOLS, LOOK_SYMBOLS):
        yield soft[at : at + LOOK_SYMBOLS]


def random_letters(count: int, rng: np.random.Generator) -> bytes:
    return bytes(rng.integers(65, 91, count).tolist())
