"""What is kept of one cell between looks at one sensor."""

from typing import Any

import msgspec

from dsp.gsm.values import GsmCell
from dsp.signatures.frame_clock import frame_phase_ns, wrapped_ns
from dsp.signatures.paging_sum import PagingSum, add_paging

MOST_LEVELS = 48
LEVEL_EVERY_NS = 600 * 10**9
MOST_CHANGES = 8
SAME_PHASE_NS = 5e6


class CellRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Identity fields are the last that were read; None until then."""

    freq_hz: float
    arfcn: int | None
    bsic: int
    first_ns: int
    last_ns: int
    looks: int
    doubted: bool = False
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
    strengths: tuple[float, ...] = ()  # at most one in ten minutes
    strengths_from_ns: int = 0
    strength_at_ns: int = 0
    paging: PagingSum | None = None
    broadcast: dict[str, int] = {}  # the fields whose change on one transmitter is remarkable


WATCHED_FIELDS = ("t3212", "cell_reselect_offset_db", "rxlev_access_min", "ncc_permitted", "access_classes_barred")


def strength(cell: GsmCell) -> float:
    return cell.level_dbm if cell.level_dbm is not None else cell.cnr_db


def attraction_db(cell: GsmCell) -> float | None:
    """What C2 adds to C1 once the penalty time is over (3GPP TS 45.008 §6.4): penalty time 31 turns the sign."""
    if cell.cell_reselect_offset_db is None or cell.penalty_time is None:
        return None
    offset = float(cell.cell_reselect_offset_db)
    return -offset if cell.penalty_time == 31 else offset


def record_cell(old: CellRecord | None, cell: GsmCell, *, now_ns: int, doubted: bool) -> CellRecord:
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
    return msgspec.structs.replace(
        old,
        last_ns=now_ns,
        looks=old.looks + 1,
        doubted=doubted,
        strength=strength(cell),
        **_identity(old, cell),
        lac_changes=_lac_changes(old, cell, now_ns),
        broadcast_changes=_broadcast_changes(old, cell, now_ns),
        broadcast=old.broadcast | broadcast_fields(cell),
        phase_ns=_else(frame_phase_ns(cell), old.phase_ns),
        paging=add_paging(old.paging, cell.paging, now_ns),
        **_levels(old, cell, now_ns, doubted=doubted),
    )


def broadcast_fields(cell: GsmCell) -> dict[str, int]:
    values = {name: getattr(cell, name) for name in WATCHED_FIELDS}
    return {name: int(value) for name, value in values.items() if value is not None}


def same_transmitter(old: CellRecord, cell: GsmCell) -> bool:
    """Same carrier and BSIC is not enough: far cells reuse both. The CI or the frame clock must go on as well."""
    if old.ci is not None and cell.ci is not None and old.ci == cell.ci and old.mnc == cell.mnc:
        return True
    phase = frame_phase_ns(cell)
    return phase is not None and old.phase_ns is not None and abs(wrapped_ns(phase - old.phase_ns)) < SAME_PHASE_NS


def _identity(old: CellRecord, cell: GsmCell) -> dict[str, Any]:
    return {
        "mcc": _else(cell.mcc, old.mcc),
        "mnc": _else(cell.mnc, old.mnc),
        "lac": _else(cell.lac, old.lac),
        "ci": _else(cell.ci, old.ci),
        "neighbour_arfcns": _else(cell.neighbour_arfcns, old.neighbour_arfcns),
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
    changed = tuple((now_ns, name) for name, value in new.items() if old.broadcast.get(name, value) != value)
    return (*old.broadcast_changes, *changed)[-MOST_CHANGES:]


def _levels(old: CellRecord, cell: GsmCell, now_ns: int, *, doubted: bool) -> dict[str, Any]:
    if doubted or (old.strengths and now_ns - old.strength_at_ns < LEVEL_EVERY_NS):
        return {}
    return {
        "strengths": (*old.strengths, strength(cell))[-MOST_LEVELS:],
        "strength_at_ns": now_ns,
        "strengths_from_ns": old.strengths_from_ns if old.strengths else now_ns,
    }


def _else(new: Any, old: Any) -> Any:
    return old if new is None else new
