"""A made city of licensed cells and sensors, as fusion holds it: for self-tests night after night, faults included."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from dsp.signatures.cell_list import KnownCell
from dsp.signatures.licences import Licences
from fusion.locate.geo import Plane
from fusion.values import ArrivalDifference, Emitter, Rules, Sighting

PLANE = Plane(30.6, 114.3)
AREA = (30.50, 114.18, 30.70, 114.42)
DAY_NS = 86_400 * 10**9
START_NS = 1_790_000_000 * 10**9
FREQ_HZ = 940e6
FLOOR_DBM = -101.0
EIRP_DBM = 55.0


@cache
def degrees(east_m: float, north_m: float) -> tuple[float, float]:
    lat, lon = PLANE.to_degrees(east_m, north_m)
    return float(lat), float(lon)


@dataclass(frozen=True)
class Box:
    """One sensor as it truly is. says: where it says it stands, None: the truth."""

    name: str
    east_m: float
    north_m: float
    gain_db: float
    slope: float
    says: tuple[float, float] | None = None
    makes_up: Callable[[np.random.Generator], float] | None = None
    late_s: float = 0.0


@dataclass
class LicensedCity:
    """Sensors sited 6 dB and slopes 0.25 apart (one sigma); cells whose list is 3 dB off; shadowing that stays."""

    seed: int
    sensors: int = 8
    cells: int = 20
    shadowing_db: float = 7.0
    boxes: list[Box] = field(default_factory=list)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        self.exponent = rng.uniform(2.7, 3.6)
        self.at = rng.uniform(-6_000, 6_000, (self.cells, 2))
        self.sent = EIRP_DBM + rng.normal(0, 3.0, self.cells)
        self.boxes = [
            Box(f"s{k}", *(float(v) for v in rng.uniform(-4_000, 4_000, 2)), rng.normal(-5, 6.0), rng.normal(0, 0.25))
            for k in range(self.sensors)
        ]

    @property
    def rules(self) -> Rules:
        lat, lon = PLANE.to_degrees(*self.at.T)
        rows = tuple(
            KnownCell(
                mcc="460",
                mnc="00",
                lac=1,
                ci=k + 1,
                lat_deg=float(lat[k]),
                lon_deg=float(lon[k]),
                eirp_dbm=EIRP_DBM,
            )
            for k in range(self.cells)
        )
        return Rules(licences=Licences(cells=rows), area=AREA)

    def change(self, number: int, **fault: object) -> None:
        self.boxes[number] = replace(self.boxes[number], **fault)  # type: ignore[arg-type]

    def emitters(self, night: int) -> list[Emitter]:
        """As heard in the hours before a night."""
        now_ns = START_NS + night * DAY_NS
        rng = np.random.default_rng([self.seed, night])
        return [self._emitter(k, now_ns, rng) for k in range(self.cells)]

    def _emitter(self, k: int, now_ns: int, rng: np.random.Generator) -> Emitter:
        seen = tuple(s for box in self.boxes for s in self._sightings(k, box, now_ns, rng))
        return Emitter(
            id=f"e{k:03d}",
            service="gsm",
            freq_hz=FREQ_HZ,
            mcc="460",
            mnc="00",
            lac=1,
            ci=k + 1,
            licensed=True,
            first_seen_utc_ns=START_NS,
            last_seen_utc_ns=now_ns,
            sightings=seen,
            differences=self._differences(k, now_ns, rng),
        )

    def level_dbm(self, k: int, box: Box) -> float:
        """Shadowing belongs to the two places: it comes back when a sensor is put back."""
        away = float(np.hypot(*(self.at[k] - (box.east_m, box.north_m))))
        place = [round(box.east_m / 50) + 10_000, round(box.north_m / 50) + 10_000]
        shadow = np.random.default_rng([self.seed, k, *place]).normal(0, self.shadowing_db)
        loss = 71.9 + 10 * (self.exponent + box.slope) * np.log10(max(away, 50.0) / 100.0)
        return float(self.sent[k] - loss + box.gain_db + shadow)

    def _sightings(self, k: int, box: Box, now_ns: int, rng: np.random.Generator) -> list[Sighting]:
        lat, lon = degrees(*(box.says or (box.east_m, box.north_m)))
        level = box.makes_up(rng) if box.makes_up else self.level_dbm(k, box)
        found = []
        for look in range(4):
            now = level + rng.normal(0, 1.5)
            heard = now > FLOOR_DBM
            found.append(
                Sighting(
                    sensor=box.name,
                    boot="",
                    seq=look,
                    time_utc_ns=now_ns - (look + 1) * 3600 * 10**9,
                    lat_deg=lat,
                    lon_deg=lon,
                    position_sigma_m=5.0,
                    level_dbm=now if heard else None,
                    cnr_db=now + 113.0 if heard else None,
                    floor_dbm=None if heard else FLOOR_DBM,
                    level_sigma_db=3.0,
                )
            )
        return found

    def _differences(self, k: int, now_ns: int, rng: np.random.Generator) -> tuple[ArrivalDifference, ...]:
        """Of every fourth cell, between neighbours in the list."""
        if k % 4:
            return ()
        pairs = zip(self.boxes, self.boxes[1:], strict=False)
        return tuple(self._difference(k, a, b, now_ns, rng) for a, b in pairs)

    def _difference(self, k: int, a: Box, b: Box, now_ns: int, rng: np.random.Generator) -> ArrivalDifference:
        metres = [float(np.hypot(*(self.at[k] - (box.east_m, box.north_m)))) for box in (a, b)]
        places = [degrees(*(box.says or (box.east_m, box.north_m))) for box in (a, b)]
        late = (metres[1] - metres[0]) / 299_792_458.0 + b.late_s - a.late_s
        return ArrivalDifference(
            sensor_a=a.name,
            sensor_b=b.name,
            lat_a_deg=places[0][0],
            lon_a_deg=places[0][1],
            lat_b_deg=places[1][0],
            lon_b_deg=places[1][1],
            position_sigma_m=5.0,
            difference_s=late + rng.normal(0, 0.1e-6),
            sigma_s=0.1e-6,
            time_utc_ns=now_ns - 3600 * 10**9,
            method="gsm_reference",
        )
