"""Whose bearing is it? By frequency; of several on one channel, the one that lies where it points."""

from collections.abc import Iterable

import msgspec
import numpy as np

from fusion.locate.geo import Plane
from fusion.times import heard_ns
from fusion.track.gather import sigma_deg
from fusion.values import BearingSighting, Emitter, FiledReport, Fix
from fusion.windows import with_bearing

SAME_CHANNEL_HZ = {"gsm": 90e3, "fm": 60e3}
ANYWHERE = 1.0 / 360.0  # density, per degree, of a reflection or of an emitter whose place is not known
REFLECTED = 0.08


def bearings_in(filed: FiledReport) -> tuple[BearingSighting, ...]:
    """None where the report does not say from where it looked."""
    report, position = filed.report, filed.report.position
    if position is None:
        return ()
    return tuple(
        BearingSighting(
            sensor=filed.sensor,
            boot=report.boot,
            seq=report.seq,
            time_utc_ns=heard_ns(report),
            lat_deg=position.lat_deg,
            lon_deg=position.lon_deg,
            position_sigma_m=position.sigma_m,
            azimuth_deg=bearing.azimuth_deg % 360.0,
            sigma_deg=bearing.sigma_deg,
            source=bearing.source,
            freq_hz=bearing.freq_hz,
            level_dbm=bearing.level_dbm,
        )
        for bearing in report.bearings
    )


def associate_bearing(emitters: Iterable[Emitter], bearing: BearingSighting) -> Emitter | None:
    """None where nobody is known on the channel."""
    near = [e for e in emitters if abs(e.freq_hz - bearing.freq_hz) <= SAME_CHANNEL_HZ[e.service]]
    return max(near, key=lambda e: (pointed_at(e.fix, bearing), e.last_seen_utc_ns, e.id), default=None)


def with_bearings(emitter: Emitter, bearing: BearingSighting) -> Emitter:
    return msgspec.structs.replace(
        emitter,
        bearings=with_bearing(emitter.bearings, bearing),
        last_seen_utc_ns=max(emitter.last_seen_utc_ns, bearing.time_utc_ns),
    )


def pointed_at(fix: Fix | None, bearing: BearingSighting) -> float:
    """Density, per degree, of this bearing if it is of an emitter with this fix."""
    if fix is None or fix.lat_deg is None or fix.lon_deg is None or fix.covariance_m2 is None:
        return ANYWHERE
    east, north = Plane(bearing.lat_deg, bearing.lon_deg).to_metres(fix.lat_deg, fix.lon_deg)
    metres = max(float(np.hypot(east, north)), 30.0)
    across_m = np.hypot(_across_m(fix.covariance_m2, float(east), float(north)), bearing.position_sigma_m)
    sigma = float(np.hypot(sigma_deg(bearing), np.degrees(across_m / metres)))
    off = (bearing.azimuth_deg - float(np.degrees(np.arctan2(east, north))) + 180.0) % 360.0 - 180.0
    near = float(np.exp(-0.5 * (off / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi)))
    return (1 - REFLECTED) * near + REFLECTED * ANYWHERE


def _across_m(covariance_m2: tuple[float, float, float], east: float, north: float) -> float:
    """Sigma of the place across the line of sight."""
    ee, en, nn = covariance_m2
    squared = max(east**2 + north**2, 1.0)
    return float(np.sqrt(max(ee * north**2 - 2 * en * east * north + nn * east**2, 0.0) / squared))
