"""A suspect that says things no other cell of its network says.

Why: networks are planned from templates. In a real survey 182 of 201 cells said nothing that others of their network
did not say elsewhere, none said more than four such things, and two open-source test cells 14 to 18.
Innocent: a cell being commissioned, a new template rolled out. Needs twenty cells of the network to compare with; asked
only of emitters that something else speaks against, since every network has its odd cell.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from fusion.scene import FusionScene
from fusion.values import Emitter

NAME, VERSION = "gsm_config_novelty", 1
LEAST_CELLS, MOST_CELLS, LEAST_NOVEL = 20, 300, 3
DB_A_FIELD, MOST_DB = 3.5, 25.0
SUSPECT_DB = 4.0
FIELDS = (
    "mscr",
    "att",
    "bs_ag_blks_res",
    "ccch_conf",
    "bs_pa_mfrms",
    "t3212",
    "pwrc",
    "dtx",
    "radio_link_timeout",
    "cell_reselect_hysteresis_db",
    "ms_txpwr_max_cch",
    "rxlev_access_min",
    "acs",
    "neci",
    "cbq",
    "cell_reselect_offset_db",
    "penalty_time",
    "power_offset_db",
    "si2quater_announced",
    "early_classmark",
    "gprs_announced",
    "max_retrans",
    "tx_integer",
    "cell_barred",
    "access_classes_barred",
    "ncc_permitted",
)


def judge(emitter: Emitter, scene: FusionScene) -> Finding | None:
    own = _cell(emitter)
    if own is None or not _suspect(emitter):
        return None
    others = _network(emitter, scene)
    if len(others) < LEAST_CELLS:
        return None
    novel = novel_fields(own, others)
    if len(novel) < LEAST_NOVEL:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=min(MOST_DB, DB_A_FIELD * len(novel)),
        evidence={"novel": len(novel), "fields": ", ".join(novel), "threshold": LEAST_NOVEL, "cells": len(others)},
        baseline_n=len(others),
    )


def novel_fields(own: GsmCell, others: list[GsmCell]) -> tuple[str, ...]:
    """Fields that were read here, are known of other cells, and have no other cell's value."""
    novel = []
    for name in FIELDS:
        value, seen = getattr(own, name), {getattr(other, name) for other in others} - {None}
        if value is not None and seen and value not in seen:
            novel.append(name)
    return tuple(novel)


def _suspect(emitter: Emitter) -> bool:
    return any(s.finding.weight_db >= SUSPECT_DB and s.finding.name != NAME for s in emitter.findings)


def _network(emitter: Emitter, scene: FusionScene) -> list[GsmCell]:
    """The cells of the same network that nothing speaks against, the latest heard first."""
    others = [
        e
        for e in scene.emitters.values()
        if e.id != emitter.id and (e.mcc, e.mnc) == (emitter.mcc, emitter.mnc) and not _suspect(e)
    ]
    latest = sorted(others, key=lambda e: (-e.last_seen_utc_ns, e.id))[:MOST_CELLS]
    return [cell for e in latest if (cell := _cell(e)) is not None]


def _cell(emitter: Emitter) -> GsmCell | None:
    """What was last heard of it with its System Information 3 read."""
    cells = [(latest.time_utc_ns, latest.heard) for latest in emitter.latest]
    read = [(when, cell) for when, cell in cells if isinstance(cell, GsmCell) and cell.t3212 is not None]
    return max(read, key=lambda item: item[0])[1] if read else None
