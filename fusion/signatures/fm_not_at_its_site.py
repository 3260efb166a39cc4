"""What transmits on a licensed channel does not stand where the licence says.

Why: the licensed station stands at its site; the one on top of it on a roof near the listeners.
Innocent: a region that is too small (terrain), an old address in the list, a standby transmitter: it counts only where
another programme has been heard as well (hijack needs two kinds of evidence).
"""

import numpy as np
from shapely.geometry import MultiPolygon, Point, Polygon

from dsp.signatures.finding import EvidenceGroup, Finding
from fusion.licences import on_channel
from fusion.locate.geo import Floats, Plane
from fusion.scene import FusionScene
from fusion.values import Emitter, Fix

NAME, VERSION = "fm_not_at_its_site", 1
LEAST_M, LEAST_SENSORS = 1000.0, 3


def judge(emitter: Emitter, scene: FusionScene) -> Finding | None:
    fix = emitter.fix
    if emitter.service != "fm" or emitter.licensed is not False or fix is None or fix.sensors < LEAST_SENSORS:
        return None
    sites = [
        (licence.name, licence.lat_deg, licence.lon_deg)
        for licence in on_channel(scene.licences, emitter.freq_hz, now_ns=scene.now_ns)
        if licence.lat_deg is not None
        and licence.lon_deg is not None
        and _in_area(licence.lat_deg, licence.lon_deg, scene)
    ]
    if not sites:
        return None
    away_m, name = min((distance_to_region_m(fix, lat, lon), name) for name, lat, lon in sites)
    if away_m < LEAST_M:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.PLACE,
        weight_db=10.0,
        evidence={"licence": name, "away_m": round(away_m), "threshold_m": LEAST_M, "sensors": fix.sensors},
        baseline_n=fix.sensors,
    )


def distance_to_region_m(fix: Fix, lat_deg: float, lon_deg: float) -> float:
    plane = Plane(lat_deg, lon_deg)
    pieces = []
    for ring in fix.region:
        lats, lons = [p[0] for p in ring], [p[1] for p in ring]
        east, north = plane.to_metres(*_arrays(lats, lons))
        pieces.append(Polygon(list(zip(east.tolist(), north.tolist(), strict=True))))
    return float(MultiPolygon(pieces).distance(Point(0.0, 0.0)))


def _arrays(lats: list[float], lons: list[float]) -> tuple[Floats, Floats]:
    return np.array(lats), np.array(lons)


def _in_area(lat_deg: float, lon_deg: float, scene: FusionScene) -> bool:
    """A site outside the area searched is outside every region, which says nothing."""
    if scene.area is None:
        return False
    south, west, north, east = scene.area
    return south <= lat_deg <= north and west <= lon_deg <= east
