"""Between degrees and metres: a local east-north plane that touches the ellipsoid at its origin."""

from dataclasses import dataclass

import numpy as np
import pymap3d
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plane:
    lat_deg: float
    lon_deg: float

    def to_metres(self, lat_deg: Floats | float, lon_deg: Floats | float) -> tuple[Floats, Floats]:
        """(east_m, north_m). Good to centimetres within 50 km."""
        east, north, _ = pymap3d.geodetic2enu(lat_deg, lon_deg, 0.0, self.lat_deg, self.lon_deg, 0.0)
        return np.asarray(east, dtype=np.float64), np.asarray(north, dtype=np.float64)

    def to_degrees(self, east_m: Floats | float, north_m: Floats | float) -> tuple[Floats, Floats]:
        """(lat_deg, lon_deg) of points of the plane, dropped back onto the ellipsoid."""
        east, north = np.asarray(east_m, dtype=np.float64), np.asarray(north_m, dtype=np.float64)
        sag = -(east**2 + north**2) / (2 * 6_371_000.0)
        lat, lon, _ = pymap3d.enu2geodetic(east, north, sag, self.lat_deg, self.lon_deg, 0.0)
        return np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64)


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Between two (lat, lon), along the plane at the first."""
    east, north = Plane(*a).to_metres(*b)
    return float(np.hypot(east, north))
