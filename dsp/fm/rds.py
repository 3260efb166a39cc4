"""RDS bits in, what they say out: groups, and an honest count of the blocks that were due and those that came."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.fm.rds_blocks import Group, find_blocks, find_groups
from dsp.fm.rds_code import BLOCK_BITS


@dataclass(frozen=True, slots=True)
class RdsReading:
    """groups: those with at least one good block. Blocks are counted from the first to the last that was due."""

    groups: tuple[Group, ...] = ()
    blocks_due: int = 0
    blocks_good: int = 0

    @property
    def block_error_rate(self) -> float | None:
        """Share of the blocks due whose check failed, nothing corrected; None: no RDS at all."""
        return 1 - self.blocks_good / self.blocks_due if self.blocks_due else None


def decode_bits(bits: NDArray[np.uint8]) -> RdsReading:
    """Groups in a run of bits, in order; slips and gaps are allowed. bits (n,) of 0 and 1, differentially decoded."""
    blocks = find_blocks(bits)
    if not blocks:
        return RdsReading()
    span = blocks[-1].start - blocks[0].start
    good = sum(block.word is not None for block in blocks)
    return RdsReading(find_groups(blocks), max(round(span / BLOCK_BITS) + 1, good), good)
