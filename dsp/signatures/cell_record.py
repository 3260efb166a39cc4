"""What is kept of one cell between looks at one sensor: 1 to 2 kB each, whatever is heard."""

from typing import Any

import msgspec

from dsp.gsm.values import GsmCell
from dsp.signatures.carrier_memory import CarrierMemory
from dsp.signatures.cell_clock import CellClock, Tick, kept_clock, unsaid
from dsp.signatures.cell_learning import Look, learnt_carrier, learnt_ring, strength, wall_ns
from dsp.signatures.frame_clock import frame_phase_ns, wrapped_ns
from dsp.signatures.hour_ring import HourRing
from dsp.signatures.paging_sum import PagingSum, add_paging, paging_db
from dsp.signatures.seen import Seen, with_seen
from dsp.signatures.visits import Visit, with_visit

MOST_CHANGES = 8
MOST_NEIGHBOURS = 96
SAME_PHASE_NS = 5e6
STICKY_NS = 3600 * 10**9  # a doubt is not over because one look lacked a message
SUSPICION_NS = 86400 * 10**9


class CellRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Identity fields are the last that were read; None until then.

    visits : when it was on the air, oldest first
    doubted_ns, suspected_ns : when its own findings last reached *watch*, and when anything last spoke against it
    """

    freq_hz: float
    arfcn: int | None
    bsic: int
    first_ns: int
    last_ns: int
    looks: int
    doubted: bool = False
    doubted_ns: int | None = None
    suspected_ns: int | None = None
    strength: float  # dBm of a calibrated sensor, else carrier to noise
    mcc: str | None = None
    mnc: str | None = None
    lac: int | None = None
    ci: int | None = None
    neighbour_arfcns: tuple[int, ...] | None = None
    attraction_db: float | None = None
    gprs: bool | None = None
    phase_ns: float | None = None
    lac_changes: tuple[tuple[int, int, int], ...] = ()  # (when, from, to), same transmitter
    broadcast_changes: tuple[tuple[int, str], ...] = ()  # (when, field)
    paging: PagingSum | None = None
    broadcast: dict[str, int] = {}  # the fields whose change on one transmitter is remarkable
    seen: tuple[Seen, ...] = ()
    levels: HourRing | None = None
    too_loud: int = 0
    paging_rates: HourRing | None = None
    odd_paging: int = 0
    clock: CellClock | None = None
    carrier: CarrierMemory | None = None
    visits: tuple[Visit, ...] = ()


WATCHED_FIELDS = ("t3212", "cell_reselect_offset_db", "rxlev_access_min", "ncc_permitted", "access_classes_barred")
COMPARED_FIELDS = ("cell_reselect_hysteresis_db", "ms_txpwr_max_cch", "arfcn_in_own_list")  # with other cells', too


def attraction_db(cell: GsmCell) -> float | None:
    """What C2 adds to C1 once the penalty time is over (3GPP TS 45.008 §6.4): penalty time 31 turns the sign."""
    if cell.cell_reselect_offset_db is None or cell.penalty_time is None:
        return None
    offset = float(cell.cell_reselect_offset_db)
    return -offset if cell.penalty_time == 31 else offset


def record_cell(old: CellRecord | None, cell: GsmCell, look: Look) -> CellRecord:
    now_ns = look.now_ns
    if old is None:
        old = CellRecord(
            freq_hz=cell.freq_hz,
            arfcn=cell.arfcn,
            bsic=cell.bsic,
            first_ns=now_ns,
            last_ns=now_ns,
            looks=0,
            strength=strength(cell),
        )
    phase_ns = frame_phase_ns(cell)
    clock = _clock(old, cell, phase_ns, look)
    judged = _judged(old, look)
    paging = None if _another(old, cell, clock) else old.paging
    clean = not judged["doubted"] and not recently(judged["suspected_ns"], now_ns, SUSPICION_NS)
    return msgspec.structs.replace(
        old,
        last_ns=now_ns,
        looks=old.looks + 1,
        strength=strength(cell),
        visits=with_visit(old.visits, now_ns, missed=look.missed),
        lac_changes=_lac_changes(old, cell, now_ns),
        broadcast_changes=_broadcast_changes(old, cell, now_ns),
        broadcast=old.broadcast | broadcast_fields(cell),
        phase_ns=_else(phase_ns, old.phase_ns),
        clock=clock,
        seen=with_seen(old.seen, cell, now_ns, counted=clean),
        **judged,
        **_identity(old, cell),
        **_behaviour(old, cell, look, add_paging(paging, cell.paging, now_ns), learnt=not judged["doubted"]),
    )


def broadcast_fields(cell: GsmCell) -> dict[str, int]:
    values = {name: getattr(cell, name) for name in (*WATCHED_FIELDS, *COMPARED_FIELDS)}
    return {name: int(value) for name, value in values.items() if value is not None}


def same_transmitter(old: CellRecord, cell: GsmCell) -> bool:
    """Same carrier and BSIC is not enough: far cells reuse both. The CI or the frame clock must go on as well."""
    if old.ci is not None and cell.ci is not None and old.ci == cell.ci and old.mnc == cell.mnc:
        return True
    phase = frame_phase_ns(cell)
    return phase is not None and old.phase_ns is not None and abs(wrapped_ns(phase - old.phase_ns)) < SAME_PHASE_NS


def recently(when_ns: int | None, now_ns: int, within_ns: int) -> bool:
    return when_ns is not None and 0 <= now_ns - when_ns <= within_ns


def _clock(old: CellRecord, cell: GsmCell, phase_ns: float | None, look: Look) -> CellClock | None:
    if phase_ns is None:
        return None if old.clock is None else unsaid(old.clock)
    tick = Tick(
        phase_ns=phase_ns - look.clock_ns,
        now_ns=look.now_ns,
        sure=look.clock_sure,
        confirmed_ns=look.confirmed_ns,
        ci=cell.ci,
        missed=look.missed,
    )
    return kept_clock(old.clock, tick)


def _judged(old: CellRecord, look: Look) -> dict[str, Any]:
    doubted_ns = look.now_ns if look.doubted else old.doubted_ns
    return {
        "doubted": recently(doubted_ns, look.now_ns, STICKY_NS),
        "doubted_ns": doubted_ns,
        "suspected_ns": look.now_ns if look.suspected else old.suspected_ns,
    }


def _identity(old: CellRecord, cell: GsmCell) -> dict[str, Any]:
    named = None if cell.neighbour_arfcns is None else cell.neighbour_arfcns[:MOST_NEIGHBOURS]
    return {
        "mcc": _else(cell.mcc, old.mcc),
        "mnc": _else(cell.mnc, old.mnc),
        "lac": _else(cell.lac, old.lac),
        "ci": _else(cell.ci, old.ci),
        "neighbour_arfcns": _else(named, old.neighbour_arfcns),
        "attraction_db": _else(attraction_db(cell), old.attraction_db),
        "gprs": _else(cell.gprs_announced, old.gprs),
    }


def _lac_changes(old: CellRecord, cell: GsmCell, now_ns: int) -> tuple[tuple[int, int, int], ...]:
    if cell.lac is None or old.lac is None or cell.lac == old.lac or not same_transmitter(old, cell):
        return old.lac_changes
    return (*old.lac_changes, (now_ns, old.lac, cell.lac))[-MOST_CHANGES:]


def _broadcast_changes(old: CellRecord, cell: GsmCell, now_ns: int) -> tuple[tuple[int, str], ...]:
    if not same_transmitter(old, cell):
        return old.broadcast_changes
    new = broadcast_fields(cell)
    both = [name for name in WATCHED_FIELDS if name in new and name in old.broadcast]
    changed = tuple((now_ns, name) for name in both if old.broadcast[name] != new[name])
    return (*old.broadcast_changes, *changed)[-MOST_CHANGES:]


def _another(old: CellRecord, cell: GsmCell, clock: CellClock | None) -> bool:
    """Another transmitter than at the last look: what the first paged says nothing of this one."""
    renamed = any(_differ(getattr(old, name), getattr(cell, name)) for name in ("mnc", "lac", "ci"))
    return renamed or (clock is not None and old.clock is not None and _differ(old.clock.off, clock.off))


def _differ(a: Any, b: Any) -> bool:
    return a is not None and b is not None and a != b


def _behaviour(old: CellRecord, cell: GsmCell, look: Look, paging: PagingSum | None, *, learnt: bool) -> dict[str, Any]:
    """Level, paging and carrier; what is doubted teaches none of them."""
    if not learnt:
        return {"paging": paging}
    wall = wall_ns(cell, look.now_ns)
    rate_db = paging_db(paging)
    found: dict[str, Any] = {"paging": paging, "carrier": learnt_carrier(old.carrier, cell, look)}
    found["levels"], found["too_loud"] = learnt_ring(old.levels, strength(cell), wall, old.too_loud, below=False)
    if rate_db is not None:
        found["paging_rates"], found["odd_paging"] = learnt_ring(
            old.paging_rates, rate_db, wall, old.odd_paging, below=True
        )
    return found


def _else(new: Any, old: Any) -> Any:
    return old if new is None else new
