"""How much each signature weighs, and the counts that say so: data that is handed in, so that it can be recomputed.

A weight is 10·log10 of the likelihood ratio guilty : innocent. One signature can have several, told apart by a
variant: a signature that fires for two reasons of unlike strength says which it was.
"""

import math

import msgspec

from dsp.errors import SignalError
from dsp.signatures.finding import EvidenceGroup

MOST_DB = 20.0  # no count of ours is large enough to say more


class UnknownWeight(SignalError):
    def __init__(self, key: str) -> None:
        super().__init__(f"there is no weight of the name {key!r}")
        self.key = key


class Counts(msgspec.Struct, frozen=True, array_like=True):
    """In how many of how many cells it fired."""

    fired: int
    n: int


class Weight(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """guilty, innocent : None where nobody has counted; `source` then says what the number rests on
    per : what the decibels are for, where a signature weighs by the piece
    """

    db: float
    group: EvidenceGroup
    source: str
    guilty: Counts | None = None
    innocent: Counts | None = None
    per: str | None = None


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """Keyed "<signature>" or "<signature>.<variant>"."""

    weights: dict[str, Weight] = {}

    def db(self, name: str, variant: str | None = None) -> float:
        """Raises UnknownWeight: a signature without a weight would be silent without anyone knowing."""
        key = key_of(name, variant)
        if key not in self.weights:
            raise UnknownWeight(key)
        return self.weights[key].db


def overlaid(shipped: Weights, own: Weights) -> Weights:
    """The shipped table with rows of one's own in place. Raises UnknownWeight for a row that nothing asks for."""
    for key in own.weights:
        if key not in shipped.weights:
            raise UnknownWeight(key)
    return Weights(weights=shipped.weights | own.weights)


def key_of(name: str, variant: str | None) -> str:
    return name if variant is None else f"{name}.{variant}"


def likelihood_db(guilty: Counts, innocent: Counts) -> float:
    """10·log10 of the ratio of the two rates, +0.5 of +1 added to each, cut at ±20 dB."""
    ratio = _rate(guilty) / _rate(innocent)
    return max(-MOST_DB, min(MOST_DB, 10.0 * math.log10(ratio)))


def _rate(counts: Counts) -> float:
    return (counts.fired + 0.5) / (counts.n + 1.0)
