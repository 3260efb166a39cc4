"""Is a cell loud here? Calibrated sensors say it in dBm; others by carrier to noise, which needs no calibration."""

from dsp.gsm.values import GsmCell

THERMAL_DBM_200K = -121.0
TYPICAL_NOISE_FIGURE_DB = 8.0


def estimated_dbm(cell: GsmCell) -> float:
    if cell.level_dbm is not None:
        return cell.level_dbm
    return cell.cnr_db + THERMAL_DBM_200K + TYPICAL_NOISE_FIGURE_DB


def loud(cell: GsmCell, *, dbm: float) -> bool:
    return estimated_dbm(cell) >= dbm
