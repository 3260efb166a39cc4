"""Names and texts of a station whose single groups cannot be read: soft bits of the same place added up.

Where a group begins is known from the PI. Its block B is weighed against all 1024 words it can be (TP and PTY repeat in
every group and are added up first); by these weights the soft bits of blocks C and D are added to the place of the name
or text they claim. Nothing is corrected: what was added up must pass its own check, see `rds_agreed`.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dsp.fm.rds_code import BLOCK_BITS, GROUP_BITS, Offset, encode_block
from dsp.fm.rds_combine import data_likelihoods

NAME_SEGMENTS, TEXT_SEGMENTS = 4, 16
_TYPES, _SPARES = 32, 32  # group types with their version; the five bits left to them
_LEAST_WEIGHT = 0.5  # of a claim: under it the group is more likely something else
# Shares of groups on the air, over 370,000 real ones: 0A 54 %, 2A 25 %; 0B and 2B are rare.
_PRIOR = {0: 0.5, 1: 0.02, 4: 0.25, 5: 0.01}
_PRIOR_OTHER = (1 - sum(_PRIOR.values())) / (_TYPES - len(_PRIOR))


@dataclass(frozen=True, slots=True, eq=False)
class SoftSums:
    """Log likelihood ratios added up, 26 to a place: (..., 26).

    total : weighted sums, positive for 1
    energy: sums of squares, for the spread that chance alone gives
    due   : what the sums would be in size if every group had said the same
    groups: (...,) weights added up: how many groups stand behind a place
    """

    total: NDArray[np.float64]
    energy: NDArray[np.float64]
    due: NDArray[np.float64]
    groups: NDArray[np.float64]

    def and_then(self, later: "SoftSums", keep: float) -> "SoftSums":
        """With those of a later look; what was before counts `keep` of what it did."""
        return SoftSums(
            keep * self.total + later.total,
            keep**2 * self.energy + later.energy,
            keep * self.due + later.due,
            keep * self.groups + later.groups,
        )


@dataclass(frozen=True, slots=True, eq=False)
class RdsRepeats:
    """header: (26,) block B of all groups. name: (4, 26). text: (2, 16, 2, 26) by A/B flag, segment, block C or D."""

    header: SoftSums
    name: SoftSums
    text: SoftSums


def add_repeats(symbols: NDArray[np.float32], start: int) -> RdsRepeats:
    """symbols: as for `combine_pi`; start: bit at which any group begins."""
    likelihood = data_likelihoods(symbols)[start % GROUP_BITS :]
    count = len(likelihood) // GROUP_BITS
    blocks = likelihood[: count * GROUP_BITS].reshape(count, 4, BLOCK_BITS)
    header = _sums(blocks[:, 1], np.ones(count))
    claims = _claims(blocks[:, 1], header.total)
    name = (
        claims[:, 0:2].sum(axis=1).reshape(count, _SPARES // NAME_SEGMENTS, NAME_SEGMENTS).sum(axis=1)
    )  # 0A and 0B; spare: ...ss
    text = claims[:, 4].reshape(count, 2, TEXT_SEGMENTS)  # 2A; spare: f ssss
    return RdsRepeats(header, _by_place(blocks[:, 3], name), _by_place_and_block(blocks[:, 2:], text))


def _claims(block_b: NDArray[np.float64], added: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 26) → (n, 32, 32): how likely each group is of each type, with each value of its five spare bits."""
    common = int("".join("1" if each > 0 else "0" for each in added[5:11]), 2)  # TP and PTY
    score = block_b @ _codebook(common).T / 2 + _log_prior()
    likely = np.exp(score - score.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    return np.asarray(likely.reshape(len(block_b), _TYPES, _SPARES))


def _codebook(common: int) -> NDArray[np.float64]:
    """(1024, 26) of ±1: block B of every type and spare value, with these TP and PTY. The code is linear."""
    turned = encode_block(common << 5, Offset.B) ^ encode_block(0, Offset.B)
    return np.asarray(_words_without_common() * (1.0 - 2.0 * _bits_of(np.array([turned]))))


@cache
def _words_without_common() -> NDArray[np.float64]:
    words = [encode_block(kind << 11 | spare, Offset.B) for kind in range(_TYPES) for spare in range(_SPARES)]
    return np.asarray(2.0 * _bits_of(np.array(words)) - 1.0, np.float64)


def _bits_of(words: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray(words[:, None] >> np.arange(BLOCK_BITS - 1, -1, -1) & 1)


def _log_prior() -> NDArray[np.float64]:
    by_type = np.array([_PRIOR.get(kind, _PRIOR_OTHER) for kind in range(_TYPES)])
    return np.repeat(np.log(by_type / _SPARES), _SPARES)


def _by_place(block: NDArray[np.float64], claim: NDArray[np.float64]) -> SoftSums:
    """block (n, 26), claim (n, places) → sums (places, 26)."""
    weight = np.where(claim >= _LEAST_WEIGHT, claim, 0.0)
    size = np.abs(block) * np.tanh(np.abs(block) / 2)  # what a true likelihood ratio tends to, sign and all
    return SoftSums(weight.T @ block, (weight**2).T @ block**2, weight.T @ size, weight.sum(axis=0))


def _by_place_and_block(blocks: NDArray[np.float64], claim: NDArray[np.float64]) -> SoftSums:
    """blocks (n, 2, 26), claim (n, 2, 16) → sums (2, 16, 2, 26)."""
    flat = claim.reshape(len(claim), 2 * TEXT_SEGMENTS)
    both = [_by_place(blocks[:, i], flat) for i in range(2)]
    shape = (*claim.shape[1:], 2, BLOCK_BITS)

    def joined(name: str) -> NDArray[np.float64]:
        return np.asarray(np.stack([getattr(each, name) for each in both], axis=1).reshape(shape))

    groups = np.stack([each.groups for each in both], axis=1).reshape(shape[:-1])
    return SoftSums(joined("total"), joined("energy"), joined("due"), groups)


def _sums(block: NDArray[np.float64], weight: NDArray[np.float64]) -> SoftSums:
    one = _by_place(block, weight[:, None])
    return SoftSums(one.total[0], one.energy[0], one.due[0], one.groups[0])
