"""A transmitter on the move.

Why: base stations and broadcasters stand still; rogues work from cars.
Innocent: fading and a change of power (all sensors alike), multipath seen from one sensor only, a sensor whose own
position is wrong. Hence three sensors that stand still, well beyond three sigma, and more than 300 m.
"""

from dsp.signatures.finding import EvidenceGroup, Finding
from fusion.scene import FusionScene
from fusion.values import Emitter

NAME, VERSION = "emitter_moves", 1
LEAST_M, LEAST_SIGMAS = 300.0, 3.0


def judge(emitter: Emitter, scene: FusionScene) -> Finding | None:
    moved, sigma = emitter.displacement_m, emitter.displacement_sigma_m
    if not emitter.moving or moved is None or sigma is None or moved < max(LEAST_M, LEAST_SIGMAS * sigma):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.PLACE,
        weight_db=scene.weights.db(NAME),
        evidence={"moved_m": round(moved), "sigma_m": round(sigma), "threshold_m": LEAST_M},
        baseline_n=len({s.sensor for s in emitter.sightings}),
    )
