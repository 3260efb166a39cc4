"""Where an emitter is, as GeoJSON geometries (RFC 7946): what is not known is None."""

from itertools import pairwise

from fusion.values import Emitter, Fix


def point(fix: Fix | None) -> dict[str, object] | None:
    if fix is None or fix.lat_deg is None or fix.lon_deg is None:
        return None
    return {"type": "Point", "coordinates": [fix.lon_deg, fix.lat_deg]}


def region(fix: Fix | None) -> dict[str, object] | None:
    if fix is None or not fix.region:
        return None
    return {"type": "MultiPolygon", "coordinates": [[_ring(piece)] for piece in fix.region]}


def _ring(piece: tuple[tuple[float, float], ...]) -> list[list[float]]:
    """(lat, lon) to closed [lon, lat], counter-clockwise as RFC 7946 §3.1.6 wants."""
    ring = [[lon, lat] for lat, lon in piece]
    if ring[0] != ring[-1]:
        ring.append(ring[0])
    twice_area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))
    return ring if twice_area >= 0 else ring[::-1]


def track(emitter: Emitter) -> dict[str, object] | None:
    places = [[fix.lon_deg, fix.lat_deg] for fix in with_last(emitter) if fix.lat_deg is not None]
    return {"type": "LineString", "coordinates": places} if len(places) > 1 else None


def with_last(emitter: Emitter) -> tuple[Fix, ...]:
    """The track with where it is now at its end; empty of what never moved."""
    return (*emitter.track, emitter.fix) if emitter.track and emitter.fix is not None else ()
