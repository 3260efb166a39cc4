"""Levels against licences: how often is a lawful station told to be louder than its licence can be?

Towns of stations with place, power and height in the list, and of sensors with a calibration that is off by its sigma.
Each level is drawn as terrain draws it, from the model's own spread; on some evenings ducting adds up to what free
space gives. Guilty are transmitters of the power of a pirate, or of a hijacker, near one of the sensors.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from dsp.propagation import free_space_db
from dsp.signatures.expected import HALF_WAVE_DB, Here, expected
from dsp.signatures.licences import FmLicence, Licences
from fusion.scene import FusionScene
from fusion.signatures import fm_above_licence
from fusion.values import Emitter, Latest, Rules, Sighting
from tests.dsp.signatures.made import station

NOW_NS, SECOND = 1_800_000_000 * 10**9, 10**9
LAT_DEG, LON_DEG, M_A_DEG = 30.6, 114.3, 111_200.0
STATIONS, SENSORS, CITY_M = 20, 3, 6000.0
CALIBRATION_SIGMA_DB, ANTENNA_DB, LOOK_DB = 2.0, 3.0, 1.0
LISTED_W, FAR_SHARE, FAR_M = (2.5, 4.0), 0.3, (30e3, 90e3)
LEAST_DBM = -103.0


@dataclass
class Told:
    judged: int = 0
    variants: dict[str, int] = field(default_factory=dict)

    def add(self, variant: str | None) -> None:
        self.judged += 1
        if variant is not None:
            self.variants[variant] = self.variants.get(variant, 0) + 1


@dataclass
class Town:
    """sensors : latitude and longitude; error_db : what each of them reads too high"""

    licences: tuple[FmLicence, ...]
    sensors: list[tuple[float, float]]
    error_db: list[float]
    rng: np.random.Generator

    def emitter(self, n: int, *, more_db: float = 0.0, wrong_db: float = 0.0, near_w: float = 0.0) -> Emitter:
        """more_db : of ducting, to a far one; wrong_db : the station over its list; near_w : another, 700 m from one"""
        licence = self.licences[n]
        levels = [self._level_dbm(licence, k, more_db) + wrong_db for k in range(len(self.sensors))]
        if near_w:
            levels[0] = max(levels[0], 10 * math.log10(near_w) + 30.0 - 75.0)
        heard = [(k, level) for k, level in enumerate(levels) if level > LEAST_DBM]
        sightings = tuple(self._sighting(k, level, look) for k, level in heard for look in range(3))
        said = station(licence.freq_hz / 1e6, pi=None if near_w else licence.pi, rds_groups=0 if near_w else 30)
        latest = tuple(Latest(sensor=f"s{k}", time_utc_ns=NOW_NS, heard=said, looks=3) for k, _ in heard)
        return Emitter(
            id=f"e{n}",
            service="fm",
            freq_hz=licence.freq_hz,
            licensed=True,
            licence_name=licence.name,
            first_seen_utc_ns=NOW_NS - 600 * SECOND,
            last_seen_utc_ns=NOW_NS,
            sightings=sightings,
            latest=latest,
        )

    def _level_dbm(self, licence: FmLicence, k: int, more_db: float) -> float:
        lat_deg, lon_deg = self.sensors[k]
        there = expected(licence, Here(lat_deg=lat_deg, lon_deg=lon_deg))
        assert there.level_dbm is not None
        assert there.sigma_db is not None
        assert there.distance_m is not None
        assert licence.erp_w is not None
        level_dbm = there.level_dbm + float(self.rng.normal(0.0, there.sigma_db))
        if more_db and there.distance_m >= FAR_M[0]:
            most_dbm = 10 * math.log10(licence.erp_w) + 30.0 + HALF_WAVE_DB
            most_dbm -= free_space_db(licence.freq_hz, there.distance_m)
            level_dbm = min(level_dbm + more_db, max(most_dbm, level_dbm))
        return level_dbm + self.error_db[k]

    def _sighting(self, k: int, level_dbm: float, look: int) -> Sighting:
        return Sighting(
            sensor=f"s{k}",
            boot="0",
            seq=look,
            time_utc_ns=NOW_NS - (60 - 20 * look) * SECOND,
            lat_deg=self.sensors[k][0],
            lon_deg=self.sensors[k][1],
            position_sigma_m=5.0,
            level_dbm=level_dbm + float(self.rng.normal(0.0, LOOK_DB)),
            cnr_db=level_dbm - LEAST_DBM,
            level_sigma_db=CALIBRATION_SIGMA_DB,
        )


def make_town(rng: np.random.Generator) -> Town:
    sensors = [_place(rng, float(rng.uniform(0.0, CITY_M))) for _ in range(SENSORS)]
    error_db = [float(rng.normal(0.0, math.hypot(CALIBRATION_SIGMA_DB, ANTENNA_DB))) for _ in sensors]
    rows = []
    for n in range(STATIONS):
        far = rng.random() < FAR_SHARE
        lat_deg, lon_deg = _place(rng, float(rng.uniform(*FAR_M)) if far else float(rng.uniform(0.0, 2 * CITY_M)))
        rows.append(
            FmLicence(
                freq_hz=88e6 + 0.8e6 * n,
                name=f"Station {n}",
                pi=0x8100 + n,
                lat_deg=lat_deg,
                lon_deg=lon_deg,
                erp_w=float(10 ** rng.uniform(*LISTED_W)),
                height_m=float(rng.uniform(40.0, 250.0)),
            )
        )
    return Town(tuple(rows), sensors, error_db, rng)


def judged(town: Town, emitters: list[Emitter], n: int) -> str | None:
    rules = Rules(licences=Licences(fm=town.licences))
    found = fm_above_licence.judge(emitters[n], FusionScene({e.id: e for e in emitters}, rules, NOW_NS))
    return None if found is None else found.variant


def run(seeds: range) -> dict[str, Told]:
    cases = {
        "lawful": {},
        "an evening of ducting, 10 to 30 dB": {"more_db": (10.0, 30.0)},
        "its list is 10 dB too low": {"wrong_db": (10.0, 10.0)},
        "20 W, 700 m from one sensor, on its channel": {"near_w": (20.0, 20.0)},
        "300 W, 700 m from one sensor, on its channel": {"near_w": (300.0, 300.0)},
    }
    told = {name: Told() for name in cases}
    for seed in seeds:
        rng = np.random.default_rng((60, seed))
        town = make_town(rng)
        usual = [town.emitter(n) for n in range(STATIONS)]
        for name, fields in cases.items():
            for n in range(STATIONS):
                drawn = {key: float(rng.uniform(*ends)) for key, ends in fields.items()}
                odd = town.emitter(n, **drawn) if drawn else usual[n]
                if odd.sightings:
                    told[name].add(judged(town, [*usual[:n], odd, *usual[n + 1 :]], n))
    return told


def table(told: dict[str, Told]) -> list[str]:
    rows = ["| station | judged | louder (15 dB) | afar (3 dB) |", "|---|---|---|---|"]
    for name, each in told.items():
        shares = " | ".join(
            f"{each.variants.get(variant, 0)} ({100 * each.variants.get(variant, 0) / max(each.judged, 1):.1f} %)"
            for variant in ("louder", "afar")
        )
        rows.append(f"| {name} | {each.judged} | {shares} |")
    return rows


def _place(rng: np.random.Generator, metres: float) -> tuple[float, float]:
    turn = float(rng.uniform(0.0, 2 * math.pi))
    north_deg = metres * math.cos(turn) / M_A_DEG
    return LAT_DEG + north_deg, LON_DEG + metres * math.sin(turn) / (M_A_DEG * math.cos(math.radians(LAT_DEG)))
