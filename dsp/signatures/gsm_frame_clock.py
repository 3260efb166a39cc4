"""The frame count of a known cell leaves the line it kept, without the silence of a restart.

Why: another transmitter answers to the same name on the same carrier. Two unsynchronised clocks agree within a
millisecond once in 6 million. The measure is the straight line of the cell's own last day: max(2 ms, 6 sigma).
Variants: `two` clocks met in turns; `at_once`, without a pause; `in_a_gap` between two looks that is too short for a
restart; `after_outage`, which a restart explains.
Innocent: a restart; another cell far away that reuses channel and colour (it has a name of its own); a step of the
sensor's own clock, which moves every cell alike and is taken out: one cell alone is never accused.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.cell_clock import CellClock, both_alive
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.frame_clock import frame_phase_ns
from dsp.signatures.phase_line import residual_ns, tolerance_ns
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_frame_clock", 2
AT_ONCE_NS, OUTAGE_NS = 30 * 10**9, 90 * 10**9
IN_TURNS_NS = 600 * 10**9


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    clock, phase_ns = scene.record(cell).clock, frame_phase_ns(cell)
    if clock is None or phase_ns is None or not clock.off or cell.ci is None or clock.ci != cell.ci:
        return None
    jump_ns = abs(residual_ns(clock.line, phase_ns - scene.after.clock_ns, scene.now_ns))
    variant = _variant(clock, scene.now_ns)
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.RADIO_CLOCK,
        weight_db=scene.weights.db(NAME, variant),
        variant=variant,
        evidence={
            "jump_ms": round(jump_ns / 1e6, 1),
            "threshold_ms": round(tolerance_ns(clock.line, scene.now_ns) / 1e6, 1),
            "silence_s": round(clock.gap_ns / 1e9),
            "sigma_ms": round(clock.line.sigma_ns / 1e6, 2),
            "line_hours": round((clock.line.at_ns - clock.line.first_ns) / 3600e9, 1),
        },
        baseline_n=clock.line.points,
    )


def _variant(clock: CellClock, now_ns: int) -> str:
    if both_alive(clock, now_ns, IN_TURNS_NS):
        return "two"
    if clock.missed or clock.gap_ns >= OUTAGE_NS:
        return "after_outage"
    return "at_once" if clock.gap_ns < AT_ONCE_NS else "in_a_gap"
