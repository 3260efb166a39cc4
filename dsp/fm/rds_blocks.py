"""Where the blocks lie in a run of RDS bits, slips included, and which of them pass their check.

The likeliest path through 104 phases of the group clock and one state "no signal" is found for the whole run at once
(Viterbi, one step a block). A sync found late therefore serves the blocks before it, a slipped bit costs a step and not
the station, and noise is called noise: to enter a phase takes more evidence than chance gives in hours.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.fm.rds_code import BLOCK_BITS, GROUP_BITS, Offset, informations, syndromes

_NO_SIGNAL = GROUP_BITS  # the 105th state
# Log likelihood ratios against noise, in nats. A good check where one is due: chance 2^-10 in noise, about one in four
# at the edge of what can be read.
_GOOD = 5.5
_BAD = -0.29
_ENTER = 18.0  # four agreeing blocks and a bit: by chance about once in a hundred hours
_LEAVE = 1.0
_SLIP = 12.0


@dataclass(frozen=True, slots=True)
class Block:
    """One block as it was due. `start` counts bits; `word` is None when its check failed."""

    start: int
    place: int  # 0–3: A, B, C or C', D
    word: int | None
    c_prime: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Four blocks of one group, uncorrected; None where the check failed."""

    start: int
    words: tuple[int | None, int | None, int | None, int | None]
    c_prime: bool  # the third block was heard as C'

    @property
    def whole(self) -> bool:
        return None not in self.words


def find_blocks(bits: NDArray[np.uint8]) -> tuple[Block, ...]:
    """Every block due while there was a signal, in order. bits (n,) of 0 and 1."""
    syndrome = syndromes(bits)
    if not len(syndrome):
        return ()
    word = informations(bits)
    phase_of = _path(_matches(syndrome))
    blocks = []
    for step, phase in enumerate(phase_of):
        start = BLOCK_BITS * step + phase % BLOCK_BITS
        if phase == _NO_SIGNAL or start >= len(syndrome):
            continue
        place = (step - phase // BLOCK_BITS) % 4
        offset = _offset(int(syndrome[start]), place)
        good = offset is not None
        blocks.append(Block(start, place, int(word[start]) if good else None, offset is Offset.C_PRIME))
    return tuple(blocks)


def find_groups(blocks: tuple[Block, ...]) -> tuple[Group, ...]:
    """Blocks put together by four; groups with no good block are left out."""
    by_start: dict[int, list[Block]] = {}
    for block in blocks:
        by_start.setdefault(block.start - BLOCK_BITS * block.place, []).append(block)
    groups = []
    for start, members in sorted(by_start.items()):
        word: list[int | None] = [None] * 4
        for member in members:
            word[member.place] = member.word
        if any(w is not None for w in word):
            c_prime = any(m.c_prime for m in members)
            groups.append(Group(start, (word[0], word[1], word[2], word[3]), c_prime))
    return tuple(groups)


def _offset(syndrome: int, place: int) -> Offset | None:
    allowed = ((Offset.A,), (Offset.B,), (Offset.C, Offset.C_PRIME), (Offset.D,))[place]
    return next((offset for offset in allowed if offset.value == syndrome), None)


def _matches(syndrome: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """(steps, 104): would the block that each phase expects in each step pass its check?"""
    steps = -(-len(syndrome) // BLOCK_BITS)
    padded = np.full(steps * BLOCK_BITS, 0xFFFF, np.uint16)
    padded[: len(syndrome)] = syndrome
    rows = padded.reshape(steps, BLOCK_BITS)
    fits = np.stack(
        [
            rows == Offset.A.value,
            rows == Offset.B.value,
            (rows == Offset.C.value) | (rows == Offset.C_PRIME.value),
            rows == Offset.D.value,
        ]
    )  # place, step, bit within the step
    place = (np.arange(steps)[:, None] - np.arange(4)[None, :]) % 4  # step, phase // 26
    by_phase: NDArray[np.bool_] = fits[place, np.arange(steps)[:, None]].reshape(steps, GROUP_BITS)
    return by_phase


def _path(matches: NDArray[np.bool_]) -> list[int]:
    """The likeliest state of each step."""
    steps = len(matches)
    gain = np.where(matches, np.float32(_GOOD), np.float32(_BAD))
    score = np.full(GROUP_BITS, -_ENTER, np.float32)
    idle = 0.0
    came_from = np.empty((steps, GROUP_BITS), np.int16)
    idle_from = np.empty(steps, np.int16)
    own = np.arange(GROUP_BITS, dtype=np.int16)
    for step in range(steps):
        best = int(score.argmax())
        other, source = max((float(score[best]) - _SLIP, best), (idle - _ENTER, _NO_SIGNAL))
        came_from[step] = np.where(score >= other, own, source)
        leave = float(score[best]) - _LEAVE
        idle_from[step] = best if leave > idle else _NO_SIGNAL
        idle = max(idle, leave)
        score = np.maximum(score, np.float32(other)) + gain[step]
    state = int(score.argmax()) if score.max() > idle else _NO_SIGNAL
    path = [_NO_SIGNAL] * steps
    for step in range(steps - 1, -1, -1):
        path[step] = state
        state = int(idle_from[step]) if state == _NO_SIGNAL else int(came_from[step][state])
    return path
