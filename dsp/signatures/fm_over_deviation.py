"""A licensed station that deviates by more than 75 kHz, look after look: a fault.

Why: it disturbs its neighbours (Recommendation ITU-R SM.1268).
Innocent: clicks of a weak signal read as deviation (the decoder gives None then); one loud moment: overshoot is random
with the programme, so one look convicts nobody: three looks, and most of them.
"""

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene
from dsp.signatures.station_record import OVER_DEVIATION_HZ, over_deviated

NAME, VERSION = "fm_over_deviation", 1
LEAST_LOOKS, LEAST_CNR_DB = 3, 25.0


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    record, licences = scene.record(station), scene.licensed(station)
    if record is None or not licences or not over_deviated(station) or station.cnr_db < LEAST_CNR_DB:
        return None
    if record.over_deviation_looks < LEAST_LOOKS or record.over_deviation_looks * 2 < record.deviation_looks:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=15.0,
        evidence={
            "deviation_khz": round((station.deviation_hz or 0.0) / 1e3, 1),
            "threshold_khz": OVER_DEVIATION_HZ / 1e3,
            "looks": record.over_deviation_looks,
            "licence": licences[0].name,
        },
        baseline_n=record.deviation_looks,
    )
