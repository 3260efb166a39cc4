"""Weights recomputed from cells of which it is known what they were."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

import msgspec

from dsp.errors import SignalError
from dsp.signatures.weights import Counts, Weight, Weights, likelihood_db


class Labelled(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """findings : keys of the weights that fired, "<signature>" or "<signature>.<variant>" """

    label: Literal["rogue", "lawful"]
    findings: tuple[str, ...]


class UnknownFinding(SignalError):
    def __init__(self, key: str) -> None:
        super().__init__(f"there is no finding {key!r}")
        self.key = key


class OneSided(SignalError):
    """Without cells of both labels there is no ratio."""

    def __init__(self, *, rogue: int, lawful: int) -> None:
        super().__init__(f"{rogue} rogue and {lawful} lawful cells: at least one of each is needed")
        self.rogue, self.lawful = rogue, lawful


def refuse_unknown(cell: Labelled, weights: Weights) -> None:
    """Raises UnknownFinding: a misspelt name would count as one that never fires."""
    for key in cell.findings:
        if key not in weights.weights:
            raise UnknownFinding(key)


def recounted(weights: Weights, cells: Sequence[Labelled], *, source: str, kept: str) -> Weights:
    """The same table by these cells. Raises OneSided.

    What weighs by the piece, and what fired in no cell at all, keeps its weight and gets its counts; `kept` says so.
    """
    totals = Counter(cell.label for cell in cells)
    if not totals["rogue"] or not totals["lawful"]:
        raise OneSided(rogue=totals["rogue"], lawful=totals["lawful"])
    fired: Counter[tuple[str, str]] = Counter((cell.label, key) for cell in cells for key in set(cell.findings))
    return Weights(
        weights={
            key: _weight(
                old,
                Counts(fired["rogue", key], totals["rogue"]),
                Counts(fired["lawful", key], totals["lawful"]),
                source=source,
                kept=kept,
            )
            for key, old in weights.weights.items()
        }
    )


def _weight(old: Weight, guilty: Counts, innocent: Counts, *, source: str, kept: str) -> Weight:
    if old.per is not None or not guilty.fired + innocent.fired:
        return msgspec.structs.replace(old, guilty=guilty, innocent=innocent, source=kept)
    db = round(likelihood_db(guilty, innocent), 1)
    return msgspec.structs.replace(old, db=db, guilty=guilty, innocent=innocent, source=source)
