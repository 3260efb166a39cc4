"""A located emitter as GeoJSON features: its region, its point, its track, each with all that is known of it."""

from typing import Any

from fusion.geojson import point, region, track, with_last
from fusion.locate.residuals import Residual
from fusion.locating import Located
from fusion.values import Emitter, Fix

IDENTITY = ("service", "freq_hz", "arfcn", "bsic", "mcc", "mnc", "lac", "ci", "pi", "ps", "licensed", "licence_name")


def features_of(located: Located) -> list[dict[str, Any]]:
    """One feature a known geometry; one without geometry where nothing is known of the place."""
    emitter = located.emitter
    parts = (("region", region(emitter.fix)), ("point", point(emitter.fix)), ("track", track(emitter)))
    known = [part for part in parts if part[1] is not None] or [("nowhere", None)]
    whole, more = _properties(located), {"track": {"fixes": [_on_track(fix) for fix in with_last(emitter)]}}
    return [
        {
            "type": "Feature",
            "id": f"{emitter.id}/{name}",
            "geometry": geometry,
            "properties": (whole if name == known[0][0] else {"emitter": emitter.id})
            | {"part": name}
            | more.get(name, {}),
        }
        for name, geometry in known
    ]


def _properties(located: Located) -> dict[str, Any]:
    emitter = located.emitter
    return {
        "emitter": emitter.id,
        **{name: getattr(emitter, name) for name in IDENTITY},
        "first_seen_utc_ns": emitter.first_seen_utc_ns,
        "last_seen_utc_ns": emitter.last_seen_utc_ns,
        "moving": emitter.moving,
        "displacement_m": emitter.displacement_m,
        "fix": _fix(emitter),
        "track_time_utc_ns": [fix.time_utc_ns for fix in with_last(emitter) if fix.lat_deg is not None],
        "residuals": [_residual(each) for each in located.residuals],
        "reports": [list(identity) for identity in located.reports],
        "withdrawn": [[b.sensor, b.boot, b.seq] for b in emitter.withdrawn],
    }


def _on_track(fix: Fix) -> dict[str, Any]:
    """Where it was at that time, with a region of few corners."""
    return {
        "time_utc_ns": fix.time_utc_ns,
        "lat_deg": fix.lat_deg,
        "lon_deg": fix.lon_deg,
        "covariance_m2": fix.covariance_m2,
        "area_km2": fix.area_km2,
        "region": region(fix),
    }


def _fix(emitter: Emitter) -> dict[str, Any] | None:
    fix = emitter.fix
    if fix is None:
        return None
    return {
        "method": fix.method,
        "time_utc_ns": fix.time_utc_ns,
        "lat_deg": fix.lat_deg,
        "lon_deg": fix.lon_deg,
        "covariance_m2": fix.covariance_m2,  # east-east, east-north, north-north
        "area_km2": fix.area_km2,
        "pieces": len(fix.region),
        "sensors": fix.sensors,
        "sightings": fix.sightings,
        "differences": fix.differences,
        "bearings": fix.bearings,
        "estimated_eirp_dbm": fix.estimated_eirp_dbm,
        "estimated_eirp_sigma_db": fix.estimated_eirp_sigma_db,
    }


def _residual(each: Residual) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "sensor": each.sensor,
        "lat_deg": each.lat_deg,
        "lon_deg": each.lon_deg,
        "looks": each.looks,
        "unit": each.unit,
        "value": _rounded(each.value),
        "residual": _rounded(each.residual),
        "sigma": _rounded(each.sigma),
        "weight": round(each.weight, 3),
        "set_aside": each.set_aside,
        "why": each.why,
    }


def _rounded(value: float | None) -> float | None:
    """To six digits: of dB, degrees, and seconds that are tens of nanoseconds."""
    return None if value is None else float(f"{value:.6g}")
