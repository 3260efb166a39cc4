"""Emitters as GeoJSON (RFC 7946): for each a region, a point and a track, as far as they are known."""

from collections.abc import Iterable

from fusion.geojson import point, region, track
from fusion.values import Case, Emitter
from server.web import phrases
from server.web.phrases import iso
from server.web.tell import sensors_of

Feature = dict[str, object]


def feature_collection(emitters: Iterable[Emitter], cases: dict[str, Case], language: str) -> dict[str, object]:
    """`cases`: the open case of an emitter, by the emitter's id."""
    features = [f for e in emitters for f in features_of(e, cases.get(e.id), language)]
    return {"type": "FeatureCollection", "features": features}


def features_of(emitter: Emitter, case: Case | None, language: str) -> list[Feature]:
    properties = _properties(emitter, case, language)
    parts = (("region", region(emitter.fix)), ("track", track(emitter)), ("point", point(emitter.fix)))
    known = [part for part in parts if part[1] is not None] or [("nowhere", None)]
    return [
        {
            "type": "Feature",
            "id": f"{emitter.id}/{part}",
            "geometry": geometry,
            "properties": {**properties, "part": part},
        }
        for part, geometry in known
    ]


def _properties(emitter: Emitter, case: Case | None, language: str) -> dict[str, object]:
    level = None if case is None else phrases.level_name(case.level)
    return {
        "emitter": emitter.id,
        "title": phrases.emitter_name(emitter) if case is None else phrases.case_title(case, emitter, language),
        "service": emitter.service,
        "freq_hz": emitter.freq_hz,
        "freq_text": f"{phrases.mhz(emitter.freq_hz)} MHz",
        "licensed": emitter.licensed,
        "moving": emitter.moving,
        "last_seen": iso(emitter.last_seen_utc_ns),
        "case": None if case is None else case.id,
        "level": level,
        "level_text": None if case is None else phrases.level_text(case.level, language),
        "area_km2": None if emitter.fix is None else emitter.fix.area_km2,
        "sensors": sensors_of(emitter),
    }
