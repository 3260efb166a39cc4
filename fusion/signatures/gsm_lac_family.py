"""A location area that no other cell of the network uses, at any sensor, now or in the weeks before.

Why: a new location area is what makes phones report to a rogue; networks use few, near each other in number.
Variants: `far`, when it lies farther from the network's own than these lie from each other; else `lone`.
Innocent: the border of the watched region, a newly opened area (soon others use it). Railways have areas of their own.
"""

from dsp.signatures.finding import EvidenceGroup, Finding
from fusion.network import usual_gap
from fusion.scene import FusionScene
from fusion.values import Emitter

NAME, VERSION = "gsm_lac_family", 1
LEAST_CELLS = 8


def judge(emitter: Emitter, scene: FusionScene) -> Finding | None:
    if emitter.service != "gsm" or emitter.lac is None or not scene.alive(emitter) or scene.railway(emitter):
        return None
    model = scene.network(emitter)
    cousins = scene.on_air.areas(emitter)
    if emitter.lac in cousins or str(emitter.lac) in model.areas:
        return None
    areas = {int(area) for area in model.areas} | set(cousins)
    cells = max(model.n, cousins.total())
    if cells < LEAST_CELLS:
        return None
    nearest = min(areas, key=lambda area: (abs(area - (emitter.lac or 0)), area))
    gap = usual_gap(model)
    variant = "far" if gap is not None and abs(nearest - emitter.lac) > gap else "lone"
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.TOPOLOGY,
        weight_db=scene.weights.db(NAME, variant),
        variant=variant,
        evidence={
            "lac": emitter.lac,
            "nearest_lac": nearest,
            "usual_gap": "?" if gap is None else gap,
            "cells": cells,
            "areas": len(areas),
        },
        baseline_n=cells,
    )
