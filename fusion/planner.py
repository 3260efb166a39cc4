"""Where to drive or stand next, so that the region shrinks most for the way (逼近查找), and when driving is over.

Every place within reach is asked how much the drive there is expected to tell (fusion.plan_gain). The expected area is
today's, less that information. Advice ends where the method does: among echoes and walls a region as small as a city
block is searched on foot.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fusion.locate.geo import Plane
from fusion.locate.joint import Joint
from fusion.locate.posterior import Posterior
from fusion.plan_gain import Hypotheses, Way, drawn, information_nats
from fusion.roads import Roads, way_to

Floats = NDArray[np.float64]
HAND_HELD_M = 60.0  # radius: nearer, echoes, walls and the receiver's own place decide, not the plan
LEAST_NATS = 0.10  # a tenth of the area: less is not worth a drive
MOST_HYPOTHESES = 160
RINGS_M = (150.0, 300.0, 600.0, 1_000.0, 1_600.0, 2_400.0)
DIRECTIONS = 12
INSIDE = 12  # candidates within the region itself
MEASURED_EVERY_M, MOST_ON_WAY = 100.0, 12
USUAL_EIRP_DBM = 38.0  # where no level says
START_M = 300.0  # a drive costs at least so much: turning, stopping, looking


class Next(enum.Enum):
    GO = "go"
    HAND_HELD = "hand_held"  # the region is as small as driving makes it
    NO_GAIN = "no_gain"  # nothing within reach would shrink it by a tenth


@dataclass(frozen=True, slots=True)
class Seeker:
    """A vehicle or a person. `sensor`: under which name it measures; sigmas None: it has no such instrument."""

    lat_deg: float
    lon_deg: float
    sensor: str = ""
    gain_sigma_db: float | None = 3.0
    bearing_sigma_deg: float | None = None
    reach_m: float = 10_000.0


@dataclass(frozen=True, slots=True)
class Advice:
    """expected_area_km2 : of the region after the drive; metres : of the way"""

    what: Next
    radius_m: float  # of a circle as large as the region is now
    area_km2: float
    lat_deg: float | None = None
    lon_deg: float | None = None
    metres: float | None = None
    expected_area_km2: float | None = None

    @property
    def expected_radius_m(self) -> float | None:
        return None if self.expected_area_km2 is None else radius_m(self.expected_area_km2)


def radius_m(area_km2: float) -> float:
    return float(np.sqrt(area_km2 * 1e6 / np.pi))


def advise(found: Posterior, joint: Joint, *, area_km2: float, seeker: Seeker, roads: Roads | None = None) -> Advice:
    """found, joint : of fusion.locate.joint; area_km2 : of the region they give."""
    now = Advice(Next.HAND_HELD, radius_m(area_km2), area_km2)
    if now.radius_m <= HAND_HELD_M:
        return now
    hypotheses = _hypotheses(found, joint)
    at = _metres(joint.plane, seeker)
    ways = list(_ways(at, hypotheses, seeker, roads))
    told = [_nats(hypotheses, way, joint, seeker) for way, _ in ways]
    if max(told, default=0.0) < LEAST_NATS:
        return Advice(Next.NO_GAIN, now.radius_m, area_km2)
    worth = [
        nats / (metres + START_M) if nats >= LEAST_NATS else 0.0 for nats, (_, metres) in zip(told, ways, strict=True)
    ]
    best = int(np.argmax(worth))
    way, metres = ways[best]
    lat, lon = joint.plane.to_degrees(way.east_m[-1], way.north_m[-1])
    expected = area_km2 * float(np.exp(-told[best]))
    return Advice(Next.GO, now.radius_m, area_km2, float(lat), float(lon), metres, expected)


def _hypotheses(found: Posterior, joint: Joint) -> Hypotheses:
    order = np.lexsort((found.north_m, found.east_m))
    cells, share = drawn(found.probability, order, MOST_HYPOTHESES)
    east, north = found.east_m[cells], found.north_m[cells]
    power = joint.received.likelihood(east, north).eirp_dbm if joint.received else np.full(cells.size, USUAL_EIRP_DBM)
    return Hypotheses(east, north, share, power)


def _metres(plane: Plane, seeker: Seeker) -> tuple[float, float]:
    east, north = plane.to_metres(seeker.lat_deg, seeker.lon_deg)
    return float(east), float(north)


def _nats(hypotheses: Hypotheses, way: Way, joint: Joint, seeker: Seeker) -> float:
    received = joint.received
    names = sorted({p.sensor for p in received.places if p.level_dbm is not None}) if received else []
    return information_nats(
        hypotheses,
        way,
        heard=received.heard if received else None,
        prior=received.prior if received and seeker.gain_sigma_db is not None else None,
        sensor=names.index(seeker.sensor) if seeker.sensor in names else len(names),
        gain_sigma_db=seeker.gain_sigma_db or 0.0,
        bearing_sigma_rad=None if seeker.bearing_sigma_deg is None else float(np.radians(seeker.bearing_sigma_deg)),
    )


def _ways(
    at: tuple[float, float], hypotheses: Hypotheses, seeker: Seeker, roads: Roads | None
) -> Iterable[tuple[Way, float]]:
    """Ways worth asking about, with their lengths."""
    ends = [_within(at, end, seeker.reach_m) for end in _candidates(at, hypotheses)]
    if roads is None or not roads.east_m.size:
        for east, north in ends:
            yield _straight(at, east, north)
        return
    metres, before = roads.ways(roads.nearest(*at), seeker.reach_m)
    for point in sorted({roads.nearest(east, north) for east, north in ends}):
        if np.isfinite(metres[point]) and metres[point] > 0:
            yield _along(roads, way_to(point, before)), float(metres[point])


def _candidates(at: tuple[float, float], hypotheses: Hypotheses) -> list[tuple[float, float]]:
    """Rings about the seeker, and places within the region."""
    turns = 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    rings = [
        (at[0] + ring * float(np.sin(turn)), at[1] + ring * float(np.cos(turn))) for ring in RINGS_M for turn in turns
    ]
    inside = np.linspace(0, hypotheses.share.size - 1, min(INSIDE, hypotheses.share.size)).astype(int)
    middle = (float(hypotheses.share @ hypotheses.east_m), float(hypotheses.share @ hypotheses.north_m))
    return [*rings, middle, *((float(hypotheses.east_m[k]), float(hypotheses.north_m[k])) for k in inside)]


def _within(at: tuple[float, float], end: tuple[float, float], reach_m: float) -> tuple[float, float]:
    """The end, or as far towards it as one drive goes."""
    share = min(1.0, reach_m / max(float(np.hypot(end[0] - at[0], end[1] - at[1])), 1.0))
    return at[0] + share * (end[0] - at[0]), at[1] + share * (end[1] - at[1])


def _straight(at: tuple[float, float], east_m: float, north_m: float) -> tuple[Way, float]:
    metres = float(np.hypot(east_m - at[0], north_m - at[1]))
    steps = int(np.clip(np.ceil(metres / MEASURED_EVERY_M), 1, MOST_ON_WAY))
    share = np.arange(1, steps + 1) / steps
    return Way(at[0] + share * (east_m - at[0]), at[1] + share * (north_m - at[1])), metres


def _along(roads: Roads, points: list[int]) -> Way:
    chosen = np.unique(np.linspace(0, len(points) - 1, min(MOST_ON_WAY, len(points))).astype(int))
    kept = np.array(points)[chosen]
    return Way(roads.east_m[kept], roads.north_m[kept])
