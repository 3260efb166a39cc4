"""What others judge by, re-implemented from the description of their rules, so that it can be run on the same cells.

SnoopSnitch's cell rules (sum over 2.6), SITCH's alerts that a receiver alone can raise, and the rules of the Freiburg
detector of 2012 with both of its evaluators. Each is given a whole sweep, and says whom it accuses.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from dsp.gsm.values import GsmCell
from dsp.signatures.band_plan import BandPlan, Operator

Key = tuple[int, int]  # (ARFCN, BSIC)


class Peer(Protocol):
    name: str

    def sweep(self, cells: Sequence[GsmCell]) -> set[Key]:
        """Whom it accuses after this sweep."""


def key(cell: GsmCell) -> Key:
    return -1 if cell.arfcn is None else cell.arfcn, cell.bsic


def network(cell: GsmCell, cells: Sequence[GsmCell]) -> list[GsmCell]:
    return [c for c in cells if c is not cell and (c.mcc, c.mnc) == (cell.mcc, cell.mnc)]


@dataclass
class SnoopSnitch:
    """Scores of its cell rules; those of its database that are switched off or never fire are left so."""

    name: str = "SnoopSnitch"
    threshold: float = 2.6

    def sweep(self, cells: Sequence[GsmCell]) -> set[Key]:
        return {key(c) for c in cells if c.mcc is not None and snoop_score(c, cells) > self.threshold}


def snoop_score(cell: GsmCell, cells: Sequence[GsmCell]) -> float:
    named = cell.neighbour_arfcns
    known = [c for c in network(cell, cells) if named is not None and c.arfcn in named]
    score = 0.0
    if len(known) >= 3 and all(c.lac != cell.lac for c in known):
        score += 0.5  # A2: no neighbour shares the location area
    if cell.lac is not None and all(c.lac != cell.lac for c in network(cell, cells)):
        score += 1.0  # A5: a location area of one cell
    if named is not None and len([a for a in named if a != cell.arfcn]) <= 1:
        score += 1.0  # K1
    if (cell.cell_reselect_offset_db or 0) / 2 > 40:
        score += 1.0  # K2, by the coded value and without its sign
    if cell.t3212 is not None:
        score += 1.5 if cell.t3212 < 5 else 0.7 if cell.t3212 < 9 else 0.0  # T1
    if known and all(cell.arfcn not in (c.neighbour_arfcns or ()) for c in known):
        score += 1.0  # R1: nobody it names names it
    if cell.bs_pa_mfrms is not None and cell.bs_ag_blks_res is not None:
        groups = (9 - cell.bs_ag_blks_res - (6 if cell.ccch_conf == 1 else 0)) * cell.bs_pa_mfrms
        score += 1.0 if groups > 80 else 0.0  # R2
    return score


@dataclass
class Sitch:
    """Alerts 110 (strongest cell changed), 120 (not in the feed), 130 (bad MCC), 140, 141 and 400 (no licence).

    The feed is what was heard in the first `learn_sweeps`: its best case. Each alert accuses the cell it names.
    """

    plan: BandPlan
    name: str = "SITCH"
    learn_sweeps: int = 6
    _feed: set[tuple[str | None, str | None, int | None, int | None]] = field(default_factory=set)
    _sweeps: int = 0
    _primary: Key | None = None

    def sweep(self, cells: Sequence[GsmCell]) -> set[Key]:
        read = [c for c in cells if c.mcc is not None and c.ci is not None]
        self._sweeps += 1
        if self._sweeps <= self.learn_sweeps:
            self._feed |= {(c.mcc, c.mnc, c.lac, c.ci) for c in read}
        accused = {key(c) for c in read if self._alert(c)}
        if read:
            first = max(read, key=lambda c: c.cnr_db)
            others = [c for c in network(first, read) if c.arfcn in (first.neighbour_arfcns or ())]
            best = max(others, key=lambda c: c.cnr_db, default=None)
            if (self._primary not in (None, key(first))) or best is None or best.lac != first.lac:
                accused.add(key(first))
            self._primary = key(first)
        return accused

    def _alert(self, cell: GsmCell) -> bool:
        operator = self.plan.operator(cell.mcc or "", cell.mnc or "")
        unlicensed = cell.arfcn is not None and not self.plan.holders(cell.arfcn, cell.freq_hz, None)
        foreign = cell.mcc not in self.plan.home_mcc or operator is None
        return foreign or unlicensed or (cell.mcc, cell.mnc, cell.lac, cell.ci) not in self._feed


# what its rules answer: nothing wrong, a warning, critical
FINE, WARNING, CRITICAL = 0, 1, 2


@dataclass
class Icds:
    """The 2012 detector's rules; evaluated by the worst, or by the majority inside each of five groups."""

    plan: BandPlan
    by_majority: bool
    name: str = "ICDS"
    learn_sweeps: int = 6
    _lacs: dict[tuple[str | None, int | None], int] = field(default_factory=dict)
    _levels: dict[Key, float] = field(default_factory=dict)
    _known: set[tuple[str | None, int | None]] = field(default_factory=set)
    _sweeps: int = 0

    def __post_init__(self) -> None:
        self.name = f"ICDS, {'groups' if self.by_majority else 'worst'}"

    def sweep(self, cells: Sequence[GsmCell]) -> set[Key]:
        read = [c for c in cells if c.mcc is not None and c.ci is not None]
        self._sweeps += 1
        if self._sweeps <= self.learn_sweeps:
            self._known |= {(c.mnc, c.ci) for c in read}
        accused = {key(c) for c in read if self._critical(self._groups(c, read))}
        for cell in read:
            self._lacs[(cell.mnc, cell.ci)] = cell.lac or 0
            self._levels[key(cell)] = cell.cnr_db
        return accused

    def _critical(self, groups: list[list[int]]) -> bool:
        if not self.by_majority:
            return any(answer == CRITICAL for group in groups for answer in group)
        return any(sum(answer == CRITICAL for answer in group) * 2 > len(group) for group in groups)

    def _groups(self, cell: GsmCell, cells: list[GsmCell]) -> list[list[int]]:
        """Provider, location area, neighbourhood, database, change over time."""
        operator = self.plan.operator(cell.mcc or "", cell.mnc or "")
        lacs = [c.lac for c in network(cell, cells) if c.lac is not None]
        named = [a for a in cell.neighbour_arfcns or () if a != cell.arfcn]
        heard = {c.arfcn for c in cells}
        own = {c.arfcn for c in network(cell, cells)}
        lists = [c.neighbour_arfcns for c in network(cell, cells) if c.neighbour_arfcns is not None]
        twins = [c for c in network(cell, cells) if c.ci == cell.ci]
        lac_was, level_was = self._lacs.get((cell.mnc, cell.ci)), self._levels.get(key(cell))
        heard_named = any(a in heard for a in named)
        return [
            [
                FINE if operator else CRITICAL,
                FINE if cell.mcc in self.plan.home_mcc else CRITICAL,
                CRITICAL if _outside(operator, cell) else FINE,
                CRITICAL if twins else FINE,
            ],
            [CRITICAL if lacs and _apart(cell.lac or 0, statistics.median(lacs)) > 0.05 else FINE],
            [
                CRITICAL if cell.neighbour_arfcns is not None and not heard_named else FINE,
                WARNING if all(cell.arfcn not in one for one in lists) else FINE,
                CRITICAL if any(a in heard and a not in own for a in named) else FINE,
            ],
            [FINE if self._sweeps <= self.learn_sweeps or (cell.mnc, cell.ci) in self._known else CRITICAL],
            [
                FINE if lac_was in (None, cell.lac) else CRITICAL,
                FINE if level_was is None or abs(cell.cnr_db - level_was) <= 0.2 * abs(level_was) else WARNING,
            ],
        ]


def _outside(operator: Operator | None, cell: GsmCell) -> bool:
    return operator is not None and cell.arfcn is not None and not operator.may_use(cell.arfcn, cell.freq_hz, None)


def _apart(lac: int, usual: float) -> float:
    return abs(lac - usual) / max(usual, 1.0)


@dataclass
class IcdsPaging(Icds):
    """With its scan of the paging channel: fewer than 20 pagings in ten seconds, or a channel that does not hop."""

    _paged: dict[Key, tuple[float, int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.name = "ICDS, worst, paging scan"

    def sweep(self, cells: Sequence[GsmCell]) -> set[Key]:
        for cell in cells:
            seconds, paged, fixed = self._paged.get(key(cell), (0.0, 0, 0))
            if cell.paging is not None:
                paged += cell.paging.imsi + cell.paging.tmsi
                fixed += cell.paging.assignments - cell.paging.assignments_hopping
                self._paged[key(cell)] = (seconds + cell.seconds, paged, fixed)
        quiet = {k for k, (s, paged, fixed) in self._paged.items() if s >= 10.0 and (paged < 2.0 * s or fixed)}
        return super().sweep(cells) | (quiet & {key(c) for c in cells})


def peers(plan: BandPlan, *, learn_sweeps: int = 6) -> list[Peer]:
    return [
        SnoopSnitch(),
        Sitch(plan, learn_sweeps=learn_sweeps),
        Icds(plan, by_majority=False, learn_sweeps=learn_sweeps),
        Icds(plan, by_majority=True, learn_sweeps=learn_sweeps),
        IcdsPaging(plan, by_majority=False, learn_sweeps=learn_sweeps),
    ]
