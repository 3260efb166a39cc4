"""What is kept of who heard an emitter, and who listened and did not: bounded, oldest first."""

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from fusion.times import heard_ns
from fusion.values import Emitter, FiledReport, Sighting
from wire.report import Report, Swept

MOST_A_SENSOR, MOST_SIGHTINGS = 60, 360
SAME_PLACE_DEG = 4e-4
EDGE_HZ = 100e3  # a channel this near the edge of a window may have been missed
UNCALIBRATED_SIGMA_DB = 8.0
THERMAL_DBM_200K, TYPICAL_NOISE_FIGURE_DB, DETECTION_CNR_DB = -121.0, 8.0, 12.0


def sighting_of(filed: FiledReport, heard: GsmCell | FmStation) -> Sighting:
    return _sighting(filed, level_dbm=heard.level_dbm, cnr_db=heard.cnr_db, floor_dbm=None)


def not_heard(filed: FiledReport, emitter: Emitter) -> Sighting | None:
    """The report's sensor listened on the emitter's channel; it did not hear it, or something louder covered it."""
    swept = next((s for s in filed.report.swept if covers(s, emitter)), None)
    if swept is None:
        return None
    floors = [_usual_floor_dbm(swept), *_covering_dbm(filed.report, emitter)]
    return _sighting(filed, level_dbm=None, cnr_db=None, floor_dbm=max(floors))


def with_sighting(sightings: tuple[Sighting, ...], new: Sighting) -> tuple[Sighting, ...]:
    """Appended; where a sensor has many, the one that tells least goes: the oldest, or on a drive the most crowded."""
    mine = [s for s in sightings if s.sensor == new.sensor]
    if len(mine) < MOST_A_SENSOR:
        return (*sightings, new)[-MOST_SIGHTINGS:]
    dropped = _most_crowded(mine)
    return (*(s for s in sightings if s is not dropped), new)[-MOST_SIGHTINGS:]


def _most_crowded(sightings: list[Sighting]) -> Sighting:
    """The sighting whose neighbours in time are nearest to each other, where it is weak; standing still, the oldest."""
    gaps = [_gap_deg(a, c) for a, c in zip(sightings, sightings[2:], strict=False)]
    if max(gaps) < SAME_PLACE_DEG:
        return sightings[0]
    worth = [gap * 10 ** (_loudness_dbm(s) / 35.0) for gap, s in zip(gaps, sightings[1:], strict=False)]
    return sightings[1 + worth.index(min(worth))]


def _loudness_dbm(sighting: Sighting) -> float:
    if sighting.level_dbm is not None:
        return sighting.level_dbm
    return THERMAL_DBM_200K + (0.0 if sighting.cnr_db is None else sighting.cnr_db)


def _gap_deg(a: Sighting, b: Sighting) -> float:
    if a.lat_deg is None or b.lat_deg is None or a.lon_deg is None or b.lon_deg is None:
        return 0.0
    return abs(a.lat_deg - b.lat_deg) + abs(a.lon_deg - b.lon_deg)


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


def covers(swept: Swept, emitter: Emitter) -> bool:
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
