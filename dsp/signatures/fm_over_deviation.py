"""A licensed station that deviates by more than 75 kHz, look after look: a fault.

Why: it disturbs its neighbours (Recommendation ITU-R SM.1268).
Innocent: clicks of a weak signal, neighbours and reflections read as deviation (the decoder then states none); one loud
moment: overshoot is random with the programme, so no look convicts anybody. Judged is what was exceeded 0.1 % of the
time in the histogram of all looks of the last ten minutes that could be stated, three looks and five seconds at least.
A report without histograms is judged by its looks: three, and most of them.
"""

from dsp.fm.deviation_spread import LIMIT_HZ, deviation_exceeded_hz, share_above
from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene
from dsp.signatures.station_record import OVER_DEVIATION_HZ, StationRecord, over_deviated

NAME, VERSION = "fm_over_deviation", 2
LEAST_LOOKS, LEAST_CNR_DB, LEAST_SECONDS = 3, 25.0, 5.0
EXCEEDED_SHARE, SPREAD_LIMIT_HZ = 1e-3, 80e3  # 75 kHz allowed; a stated deviation is never wrong by more than 5


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    record, licences = scene.record(station), scene.licensed(station)
    if record is None or not licences or station.cnr_db < LEAST_CNR_DB:
        return None
    by_spread = station.deviation_spread is not None
    found_hz = _of_spread(record) if by_spread else _of_looks(station, record)
    if found_hz is None:
        return None
    spread = record.spread if by_spread else None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=15.0,
        evidence={
            "deviation_khz": round(found_hz / 1e3, 1),
            "threshold_khz": (SPREAD_LIMIT_HZ if by_spread else OVER_DEVIATION_HZ) / 1e3,
            "looks": record.over_deviation_looks if spread is None else spread.looks,
            "licence": licences[0].name,
            **({} if spread is None else {"over_75_khz": round(share_above(spread, LIMIT_HZ) or 0.0, 4)}),
        },
        baseline_n=record.deviation_looks,
    )


def _of_spread(record: StationRecord) -> float | None:
    spread = record.spread
    if spread is None or spread.looks < LEAST_LOOKS or spread.seconds < LEAST_SECONDS:
        return None
    exceeded_hz = deviation_exceeded_hz(spread, EXCEEDED_SHARE)
    return exceeded_hz if exceeded_hz is not None and exceeded_hz > SPREAD_LIMIT_HZ else None


def _of_looks(station: FmStation, record: StationRecord) -> float | None:
    looks = record.over_deviation_looks
    if not over_deviated(station) or looks < LEAST_LOOKS or looks * 2 < record.deviation_looks:
        return None
    return station.deviation_hz
