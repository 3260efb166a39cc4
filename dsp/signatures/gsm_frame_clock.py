"""The frame count of a known cell jumps, without the silence of a restart.

Why: another transmitter answers to the same name on the same carrier. Two unsynchronised clocks agree within a
millisecond once in 6 million.
Innocent: a restart (takes longer than half a minute: small weight then); a step of the sensor's own clock, which moves
every cell alike and is taken out.
"""

import statistics

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.frame_clock import frame_phase_ns, wrapped_ns
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_frame_clock", 1
LEAST_JUMP_NS = 5e6
OUTAGE_NS = 30 * 10**9
DRIFT = 2e-6  # of the clocks together, each against the other, at worst


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    past = scene.past(cell)
    own = _jump_ns(cell, scene)
    others = [jump for other in scene.cells if other is not cell and (jump := _jump_ns(other, scene)) is not None]
    if past is None or own is None or past.ci != cell.ci or cell.ci is None or not others:
        return None
    jump = abs(wrapped_ns(own - statistics.median(others)))
    silence_ns = scene.now_ns - past.last_ns
    if jump < LEAST_JUMP_NS + DRIFT * silence_ns:
        return None
    variant = "at_once" if silence_ns < OUTAGE_NS else "after_outage"
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.RADIO_CLOCK,
        weight_db=scene.weights.db(NAME, variant),
        variant=variant,
        evidence={
            "jump_ms": round(jump / 1e6, 1),
            "threshold_ms": LEAST_JUMP_NS / 1e6,
            "silence_s": round(silence_ns / 1e9),
        },
        baseline_n=len(others),
    )


def _jump_ns(cell: GsmCell, scene: GsmScene) -> float | None:
    past, phase = scene.past(cell), frame_phase_ns(cell)
    if past is None or past.phase_ns is None or phase is None:
        return None
    return wrapped_ns(phase - past.phase_ns)
