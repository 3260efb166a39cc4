"""Learning what sensors' levels are off by: which emitters are known well enough, and their links."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pymap3d

from fusion.licences import holder, known_cell
from fusion.locate.calibrate import KnownLink, Learnt, learn
from fusion.locate.fix import SPOT_DEG, level_dbm
from fusion.locate.power import REFERENCE_M, Propagation, propagation
from fusion.values import Emitter, Rules, Sighting

HALF_WAVE_DB = 2.15  # effective radiated power is over a half-wave dipole, EIRP over an isotropic source
NEAREST_M = 200.0  # closer, the height of the mast counts more than the distance


@dataclass(frozen=True, slots=True)
class KnownEmitter:
    """A licensed transmitter whose site and power a list says, with what was measured of it."""

    id: str
    service: str
    name: str
    freq_hz: float
    lat_deg: float
    lon_deg: float
    eirp_dbm: float
    emitter: Emitter


def learnt_on_known(emitters: Iterable[Emitter], service: str, rules: Rules, prior: Propagation) -> Learnt:
    """From every licensed emitter of the service whose site and power are listed, without sensors that are left out."""
    links = [link for known in known_emitters(emitters, service, rules) for link in links_of(known)]
    learnt = learn([link for link in links if link.sensor not in rules.left_out], prior)
    return replace(learnt, left_out=rules.left_out) if rules.left_out else learnt


def learnt_for(emitter: Emitter, among: Iterable[Emitter], rules: Rules) -> Learnt:
    """What counts for looking for `emitter`."""
    return learnt_on_known(among, emitter.service, rules, propagation(emitter.service, emitter.freq_hz))


def known_emitters(emitters: Iterable[Emitter], service: str, rules: Rules) -> Iterator[KnownEmitter]:
    for emitter in emitters:
        if emitter.service == service and emitter.licensed and (known := _site_and_power(emitter, rules)):
            yield KnownEmitter(emitter.id, service, _name(emitter), emitter.freq_hz, *known, emitter)


def _name(emitter: Emitter) -> str:
    if emitter.service == "gsm":
        return f"{emitter.mcc}-{emitter.mnc} {emitter.lac}/{emitter.ci}"
    return emitter.licence_name or f"{emitter.freq_hz / 1e6:.1f} MHz"


def links_of(known: KnownEmitter, *, since_ns: int = 0) -> Iterator[KnownLink]:
    """One for each sensor: what it heard, else that it listened and did not hear. Of a vehicle, the mean."""
    by_sensor: dict[str, list[Sighting]] = {}
    for sighting in known.emitter.sightings:
        if sighting.lat_deg is not None and sighting.time_utc_ns >= since_ns:
            by_sensor.setdefault(sighting.sensor, []).append(sighting)
    slopes = _slopes_db(known, {_place(s) for mine in by_sensor.values() for s in mine})
    for sensor, mine in by_sensor.items():
        heard = [(s, level) for s in mine if (level := level_dbm(s)) is not None]
        used = [_place(s) for s, _ in heard] or [_place(s) for s in mine]
        levels = [level for _, level in heard] or [s.floor_dbm for s in mine if s.floor_dbm is not None]
        if not levels:
            continue
        yield KnownLink(
            sensor=sensor,
            emitter=known.id,
            level_dbm=sum(levels) / len(levels),
            eirp_dbm=known.eirp_dbm,
            slope_db=sum(slopes[place] for place in used) / len(used),
            looks=len({(round(lat / SPOT_DEG), round(lon / SPOT_DEG)) for lat, lon in set(used)}),
            heard=bool(heard),
        )


def _place(sighting: Sighting) -> tuple[float, float]:
    return sighting.lat_deg or 0.0, sighting.lon_deg or 0.0


def _slopes_db(known: KnownEmitter, places: set[tuple[float, float]]) -> dict[tuple[float, float], float]:
    """−10·log10(distance / 100 m) of each place of reception: few, for most sensors stand still."""
    if not places:
        return {}
    lat, lon = np.array(list(places)).T
    east, north, _ = pymap3d.geodetic2enu(known.lat_deg, known.lon_deg, 0.0, lat, lon, 0.0)
    slopes = -10.0 * np.log10(np.maximum(np.hypot(east, north), NEAREST_M) / REFERENCE_M)
    return dict(zip(places, map(float, slopes), strict=True))


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
