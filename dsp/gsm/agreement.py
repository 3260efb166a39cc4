"""Whether the soft bits of one transmission agree with a content that was learned from others.

Its own FIRE check failed, so the transmission itself must say three things. It is this content and not noise or
another message: a correlation of LEAST_SIGMAS. It is not this content with one octet changed: odds of e^LEAST_ODDS
against each of the 5865 contents that differ so; as the soft bits are log-likelihoods, such a content is taken for
this one with a chance below e^−LEAST_ODDS. And its own best path through the code is hardly better than this content:
any other content sent is one of the paths, and would be better by twice the log-likelihood of all bits that differ.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from dsp.gsm.convolution import decode, encode
from dsp.gsm.xcch import code_words

LEAST_SIGMAS = 8.0  # noise gets here once in 10¹⁵ tries
LEAST_ODDS = 12.0  # once in 160 000 for the nearest contents, at 30 bits; the median is 55 bits away
MOST_BEHIND = 80.0  # twice the log-likelihood by which the best path may be better

Floats = NDArray[np.float32]


def signs_of(octets: bytes) -> Floats:
    """(456,) the soft bits this content would have, +1 for 0."""
    word = code_words(np.frombuffer(octets, np.uint8)[None])[0]
    return np.asarray(1 - 2 * word.astype(np.float32))


def best_paths(soft: Floats) -> Floats:
    """(n,) metric of each transmission's own best path through the code, whether its FIRE check holds or not."""
    path = 1 - 2 * encode(decode(soft)).astype(np.float32)
    return np.asarray((path * soft).sum(axis=1))


def agree(soft: Floats, signs: Floats, best: Floats) -> NDArray[np.bool_]:
    """(n, 456) soft bits, (456,) signs of a content, (n,) best_paths(soft) → (n,)."""
    with_it = soft * signs
    metric = with_it.sum(axis=1)
    energy = (soft**2).sum(axis=1)
    fine = (metric >= LEAST_SIGMAS * np.sqrt(energy)) & (energy > 0) & (best - metric <= MOST_BEHIND)
    fine[fine] = (with_it[fine] @ _one_octet_away()).min(axis=1, initial=np.inf) >= LEAST_ODDS
    return np.asarray(fine)


@cache
def _one_octet_away() -> Floats:
    """(456, 23 · 255) coded bits that change when one octet does: for every content the same, as the code is linear."""
    changed = np.zeros((23, 255, 23), np.uint8)
    changed[np.arange(23), :, np.arange(23)] = np.arange(1, 256)
    unchanged = code_words(np.zeros((1, 23), np.uint8))
    return np.ascontiguousarray((code_words(changed.reshape(-1, 23)) ^ unchanged).T.astype(np.float32))
