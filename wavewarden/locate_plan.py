"""Where to drive next, as features; and the streets that may be driven, from GeoJSON."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fusion.locating import Located, advice
from fusion.planner import Advice, Seeker
from shell.settings import SettingsError

if TYPE_CHECKING:
    from fusion.values import Rules


class BadRoads(SettingsError):
    def __init__(self, *, file: str, reason: str) -> None:
        super().__init__(f"{file} holds no streets: {reason}; give GeoJSON with LineString features")
        self.file, self.reason = file, reason


def planned(located: Iterable[Located], rules: "Rules", seeker: Seeker, roads: Path | None) -> list[dict[str, Any]]:
    """One feature for each emitter that has a region and no licence. Raises BadRoads, OSError."""
    streets = None if roads is None else read_roads(roads)
    found = []
    for each in located:
        if each.emitter.licensed:
            continue
        said = advice(each, rules, seeker, streets)
        if said is not None:
            found.append(_feature(each.emitter.id, said))
    return found


def read_roads(file: Path) -> list[tuple[np.ndarray, np.ndarray]]:
    """(lat, lon) of every line. Raises BadRoads, OSError."""
    try:
        whole = json.loads(file.read_text(encoding="utf-8"))
        lines = [line for feature in whole["features"] for line in _lines(feature["geometry"])]
        read = [np.asarray(line, float)[:, 1::-1].T for line in lines]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise BadRoads(file=file.name, reason=str(error) or type(error).__name__) from None
    if not read:
        raise BadRoads(file=file.name, reason="there is no line in it")
    return [(lat, lon) for lat, lon in read]


def _lines(geometry: Any) -> list[Any]:
    kind = geometry["type"] if geometry else None
    if kind == "LineString":
        return [geometry["coordinates"]]
    return list(geometry["coordinates"]) if kind == "MultiLineString" else []


def _feature(emitter: str, said: Advice) -> dict[str, Any]:
    point = None if said.lat_deg is None else {"type": "Point", "coordinates": [said.lon_deg, said.lat_deg]}
    properties = {
        "emitter": emitter,
        "part": "plan",
        "what": said.what.value,
        "area_km2": said.area_km2,
        "radius_m": said.radius_m,
        "metres": said.metres,
        "expected_area_km2": said.expected_area_km2,
        "expected_radius_m": said.expected_radius_m,
    }
    return {"type": "Feature", "id": f"{emitter}/plan", "geometry": point, "properties": properties}
