"""A sensor's days, made quickly: a network learnt look by look, its clocks and levels as they would be."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import Finding
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import Licences
from dsp.signatures.registry import judge_gsm
from tests.dsp.signatures.made import LAW, SECOND, clocked

HOUR = 3600 * SECOND
DAY = 24 * HOUR
START = 20718 * DAY
WINDOW = ((934e6, 961e6),)
Look = Callable[[int], Iterable[GsmCell]]


def timed(cells: Iterable[GsmCell], now_ns: int, *, phases_s: dict[int, float] | None = None) -> tuple[GsmCell, ...]:
    """The cells with frame clocks: each carrier's own phase, or the one given for its ARFCN."""
    given = phases_s or {}
    return tuple(
        clocked(cell, now_ns, phase_ns=given.get(cell.arfcn or 0, 7.0 * (cell.arfcn or 0)) * 1e9) for cell in cells
    )


def lived(look: Look, *, days: float, every_ns: int = HOUR // 2, start_ns: int = START, **known: Any) -> SiteHistory:
    """The history after so many days of looks that nobody judged; the last was one step before the end."""
    history = known.get("history", SiteHistory())
    for now_ns in range(start_ns, start_ns + round(days * DAY), every_ns):
        history = history.with_look(tuple(look(now_ns)), now_ns=now_ns, swept=WINDOW)
    return history


def judged(cells: tuple[GsmCell, ...], history: SiteHistory, now_ns: int) -> tuple[tuple[Finding, ...], SiteHistory]:
    found = judge_gsm(cells, history, Licences(), now_ns=now_ns, **LAW)
    return found, history.with_look(cells, now_ns=now_ns, findings=found, swept=WINDOW)


def about(found: tuple[Finding, ...], index: int = -1, *, of: tuple[GsmCell, ...] = ()) -> dict[str, float]:
    wanted = index if index >= 0 else len(of) + index
    return {f.name: f.weight_db for f in found if f.about == wanted}


def last_of(cells: tuple[GsmCell, ...], history: SiteHistory, now_ns: int) -> dict[str, Finding]:
    """What is found about the last cell of the look."""
    found, _ = judged(cells, history, now_ns)
    return {f.name: f for f in found if f.about == len(cells) - 1}


def louder(cell: GsmCell, db: float) -> GsmCell:
    level = None if cell.level_dbm is None else cell.level_dbm + db
    return msgspec.structs.replace(cell, level_dbm=level, cnr_db=cell.cnr_db + db, level_dbfs=cell.level_dbfs + db)
