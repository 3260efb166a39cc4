"""Learning what sensors' levels are off by: which emitters are known well enough, and their links."""

from collections.abc import Iterable, Iterator

import numpy as np
import pymap3d

from fusion.licences import holder, known_cell
from fusion.locate.calibrate import KnownLink, Learnt, learn
from fusion.locate.fix import level_dbm
from fusion.locate.power import REFERENCE_M, Propagation
from fusion.values import Emitter, Rules, Sighting

HALF_WAVE_DB = 2.15  # effective radiated power is over a half-wave dipole, EIRP over an isotropic source
NEAREST_M = 200.0  # closer, the height of the mast counts more than the distance


def learnt_on_known(emitters: Iterable[Emitter], service: str, rules: Rules, prior: Propagation) -> Learnt:
    """From every licensed emitter of the service whose site and power are listed."""
    links = [link for e in emitters if e.service == service and e.licensed for link in _links(e, rules)]
    return learn(links, prior)


def _links(emitter: Emitter, rules: Rules) -> Iterator[KnownLink]:
    known = _site_and_power(emitter, rules)
    if known is None:
        return
    lat_deg, lon_deg, eirp_dbm = known
    by_sensor: dict[str, list[Sighting]] = {}
    for sighting in emitter.sightings:
        if sighting.lat_deg is not None and level_dbm(sighting) is not None:
            by_sensor.setdefault(sighting.sensor, []).append(sighting)
    for sensor, heard in by_sensor.items():
        slope_db = float(np.mean([_slope_db(each, lat_deg, lon_deg) for each in heard]))
        level = float(np.mean([level_dbm(each) for each in heard]))
        yield KnownLink(sensor, emitter.id, level, eirp_dbm, slope_db)


def _site_and_power(emitter: Emitter, rules: Rules) -> tuple[float, float, float] | None:
    """(lat, lon, EIRP dBm) where a list says all three of exactly this transmitter."""
    if emitter.service == "gsm":
        row = known_cell(rules.licences, emitter)
        if row is None or row.lat_deg is None or row.lon_deg is None or row.eirp_dbm is None:
            return None
        return row.lat_deg, row.lon_deg, row.eirp_dbm
    held = holder(rules.licences, emitter.freq_hz, now_ns=emitter.last_seen_utc_ns, pi=emitter.pi)
    if held is None or held.ambiguous or len(held.network) != 1:
        return None
    site = held.licence
    if site.lat_deg is None or site.lon_deg is None or site.erp_w is None or site.erp_w <= 0.0:
        return None
    return site.lat_deg, site.lon_deg, float(10 * np.log10(site.erp_w)) + 30.0 + HALF_WAVE_DB


def _slope_db(sighting: Sighting, lat_deg: float, lon_deg: float) -> float:
    east, north, _ = pymap3d.geodetic2enu(lat_deg, lon_deg, 0.0, sighting.lat_deg, sighting.lon_deg, 0.0)
    metres = max(float(np.hypot(east, north)), NEAREST_M)
    return float(-10.0 * np.log10(metres / REFERENCE_M))
