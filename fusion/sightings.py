"""What is kept of who heard an emitter, and who listened and did not: bounded, oldest first."""

from collections import Counter

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from wire.report import Report, Swept

from fusion.times import heard_ns
from fusion.values import Emitter, FiledReport, Sighting

MOST_A_SENSOR, MOST_SIGHTINGS = 40, 240
EDGE_HZ = 100e3  # a channel this near the edge of a window may have been missed
UNCALIBRATED_SIGMA_DB = 8.0
THERMAL_DBM_200K, TYPICAL_NOISE_FIGURE_DB, DETECTION_CNR_DB = -121.0, 8.0, 12.0


def sighting_of(filed: FiledReport, heard: GsmCell | FmStation) -> Sighting:
    return _sighting(filed, level_dbm=heard.level_dbm, cnr_db=heard.cnr_db, floor_dbm=None)


def not_heard(filed: FiledReport, emitter: Emitter) -> Sighting | None:
    """The report's sensor listened on the emitter's channel; it did not hear it, or something louder covered it."""
    swept = next((s for s in filed.report.swept if _covers(s, emitter)), None)
    if swept is None:
        return None
    floors = [_usual_floor_dbm(swept), *_covering_dbm(filed.report, emitter)]
    return _sighting(filed, level_dbm=None, cnr_db=None, floor_dbm=max(floors))


def with_sighting(sightings: tuple[Sighting, ...], new: Sighting) -> tuple[Sighting, ...]:
    """Appended; the oldest of a sensor that has many goes first."""
    counts = Counter(s.sensor for s in sightings)
    grown = list(sightings)
    if counts[new.sensor] >= MOST_A_SENSOR:
        grown.remove(next(s for s in grown if s.sensor == new.sensor))
    return (*grown, new)[-MOST_SIGHTINGS:]


def _sighting(
    filed: FiledReport, *, level_dbm: float | None, cnr_db: float | None, floor_dbm: float | None
) -> Sighting:
    report, position = filed.report, filed.report.position
    return Sighting(
        sensor=filed.sensor,
        boot=report.boot,
        seq=report.seq,
        time_utc_ns=heard_ns(report),
        lat_deg=position.lat_deg if position else None,
        lon_deg=position.lon_deg if position else None,
        position_sigma_m=position.sigma_m if position else None,
        level_dbm=level_dbm,
        cnr_db=cnr_db,
        floor_dbm=floor_dbm,
        level_sigma_db=_sigma_db(report, floor_dbm),
    )


def _sigma_db(report: Report, floor_dbm: float | None) -> float | None:
    """Of a floor that no calibration gave, what is usual is not sure."""
    if report.level_sigma_db is not None:
        return report.level_sigma_db
    calibrated = any(s.floor_dbm is not None for s in report.swept)
    return None if floor_dbm is None or calibrated else UNCALIBRATED_SIGMA_DB


def _covers(swept: Swept, emitter: Emitter) -> bool:
    inside = swept.low_hz + EDGE_HZ <= emitter.freq_hz <= swept.high_hz - EDGE_HZ
    return swept.service == emitter.service and inside


def _usual_floor_dbm(swept: Swept) -> float:
    """What an uncalibrated receiver would have shown: thermal noise, its own noise, and the level that is found."""
    if swept.floor_dbm is not None:
        return swept.floor_dbm
    return THERMAL_DBM_200K + TYPICAL_NOISE_FIGURE_DB + DETECTION_CNR_DB


def _covering_dbm(report: Report, emitter: Emitter) -> list[float]:
    """Levels of what else was heard on the channel: the emitter cannot have been stronger there."""
    same = (h for h in report.heard if abs(h.freq_hz - emitter.freq_hz) < EDGE_HZ)
    return [
        h.level_dbm if h.level_dbm is not None else h.cnr_db + THERMAL_DBM_200K + TYPICAL_NOISE_FIGURE_DB for h in same
    ]
