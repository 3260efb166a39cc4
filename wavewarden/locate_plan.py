"""Where to drive next, as features."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fusion.locating import Located, advice
from fusion.planner import Advice, Seeker
from shell.streets import read_roads

if TYPE_CHECKING:
    from fusion.values import Rules


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
