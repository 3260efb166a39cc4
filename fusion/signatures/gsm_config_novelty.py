"""A suspect that says things no other cell of its network says.

Why: networks are planned from templates. In a real survey 182 of 201 cells said nothing that others of their network
did not say elsewhere, none said more than four such things, and two open-source test cells 14 to 18.
Innocent: a cell being commissioned, a new template rolled out. Needs twenty cells of the network to compare with, of
now or of the weeks before (`fusion.network`); asked only of emitters that something else speaks against, since every
network has its odd cell.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from fusion.network import FIELDS, told_cell
from fusion.scene import FusionScene
from fusion.values import Emitter, NetworkModel

NAME, VERSION = "gsm_config_novelty", 2
LEAST_CELLS, MOST_CELLS, LEAST_NOVEL = 20, 300, 3
MOST_DB = 25.0
SUSPECT_DB = 4.0
NOTHING_LEARNT = NetworkModel()


def judge(emitter: Emitter, scene: FusionScene) -> Finding | None:
    own = told_cell(emitter)
    if own is None or not _suspect(emitter):
        return None
    others, model = _network(emitter, scene), scene.network(emitter)
    cells = max(len(others), model.n)
    if cells < LEAST_CELLS:
        return None
    novel = novel_fields(own, others, model)
    if len(novel) < LEAST_NOVEL:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=min(MOST_DB, scene.weights.db(NAME) * len(novel)),
        evidence={"novel": len(novel), "fields": ", ".join(novel), "threshold": LEAST_NOVEL, "cells": cells},
        baseline_n=cells,
    )


def novel_fields(own: GsmCell, others: list[GsmCell], model: NetworkModel = NOTHING_LEARNT) -> tuple[str, ...]:
    """Fields that were read here, are known of other cells, and have no value that another cell has or ever had."""
    novel = []
    for name in FIELDS:
        value = getattr(own, name)
        seen = {str(known) for other in others if (known := getattr(other, name)) is not None}
        seen |= model.values.get(name, {}).keys()
        if value is not None and seen and str(value) not in seen:
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
    return [cell for e in latest if (cell := told_cell(e)) is not None]
