"""The noise of a window has risen, and no new cell explains it. It is about the look, not about a cell.

Why: a jammer of mobile bands fills them with noise.
Innocent: a defective amplifier or lamp, the sensor's own supply, a strong transmitter that saturates the receiver.
"""

from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.gsm_jam_then_gsm import NEAR_NS
from dsp.signatures.noise_memory import LEAST_RISE_DB, Noise
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_noise_rise", 1


def judge_look(noise: Noise | None, scene: GsmScene) -> Finding | None:
    record = None if noise is None else scene.after.noises.get(noise.key)
    if noise is None or record is None or record.rose_ns is None:
        return None
    rose_ns = record.rose_ns
    if any(r.first_ns >= rose_ns - NEAR_NS for _, r in scene.after.latest_cells(scene.now_ns, scene.now_ns - rose_ns)):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.BEHAVIOUR,
        weight_db=scene.weights.db(NAME),
        evidence={
            "freq_mhz": round(noise.centre_hz / 1e6, 3),
            "width_mhz": round(noise.rate_hz / 1e6, 3),
            "rise_db": round(record.rise_db, 1),
            "threshold_db": LEAST_RISE_DB,
            "minutes": round((scene.now_ns - rose_ns) / 60e9, 1),
        },
        baseline_n=len(record.levels),
    )
