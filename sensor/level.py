"""From what the converter saw to power at the antenna: dBm = dBFS − gain + dBm at full scale."""

from dataclasses import dataclass
from typing import TypeVar

import msgspec

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from sensor.settings import Calibration

T = TypeVar("T", GsmCell, FmStation)


@dataclass(frozen=True, slots=True)
class Levels:
    """Antenna power in dBm of a full-scale tone at 0 dB gain; None: that antenna is not calibrated."""

    gsm_dbm: float | None = None
    fm_dbm: float | None = None

    def of(self, service: str) -> float | None:
        return self.gsm_dbm if service == "gsm" else self.fm_dbm


NOT_CALIBRATED = Levels()


def levels(calibration: Calibration | None, recorded_dbm: float | None = None) -> Levels:
    """What the settings say; where they say nothing, what the recording says of this look."""
    if calibration is None:
        return Levels(recorded_dbm, recorded_dbm)
    common = calibration.dbm_at_full_scale if calibration.dbm_at_full_scale is not None else recorded_dbm
    gsm, fm = calibration.gsm_dbm_at_full_scale, calibration.fm_dbm_at_full_scale
    return Levels(common if gsm is None else gsm, common if fm is None else fm)


def dbm(dbfs: float, gain_db: float | None, at_full_scale_dbm: float | None) -> float | None:
    if gain_db is None or at_full_scale_dbm is None:
        return None
    return dbfs - gain_db + at_full_scale_dbm


def calibrated(values: tuple[T, ...], gain_db: float | None, at_full_scale_dbm: float | None) -> tuple[T, ...]:
    """The same with their power at the antenna."""
    return tuple(
        msgspec.structs.replace(value, level_dbm=dbm(value.level_dbfs, gain_db, at_full_scale_dbm)) for value in values
    )
