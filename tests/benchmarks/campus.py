"""POWDER: a 1 W transmitter carried over a campus, level at 10 to 25 receivers nobody calibrated (462.7 MHz).

Five folds. The rows are cut into stretches of three minutes, which go to one fold as a whole: neighbours in time never
stand on both sides. Known to the solver of a test row: the other folds' rows, as links of known emitters (calibrated),
or of them only each receiver's noise (blind). Radiated power unknown in both.
"""

import ast
import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fusion.locate.calibrate import KnownLink, Learnt, learn
from fusion.locate.geo import Plane
from fusion.locate.levels import decay_db
from fusion.locate.power import Propagation
from fusion.values import Sighting

Floats = NDArray[np.float64]
AREA = (40.748, -111.864, 40.777, -111.820)
FREQ_HZ, SENT_DBM, NOTHING_DBM = 462.7e6, 30.0, -100.99
PRIOR = Propagation(freq_hz=FREQ_HZ, eirp_dbm=SENT_DBM, eirp_sigma_db=10.0)
FOLDS, STRETCH_S = 5, 180.0
ABOVE_NOISE_DB = 3.0  # from here on a reading is a level and not the receiver's own noise
CELL_M = 60.0  # rows of training this near each other are one place of a known emitter
MIDDLE = Plane(40.7635, -111.842)


@dataclass(frozen=True, eq=False)
class Campus:
    """names (k,); level_dbm (t, k), NaN: not there; east_m, north_m (t, k) of receivers; truth (t, 2); fold (t,)."""

    names: list[str]
    level_dbm: Floats
    east_m: Floats
    north_m: Floats
    truth: Floats
    day: NDArray[np.str_]
    fold: NDArray[np.int64]

    @classmethod
    def read(cls, folder: Path) -> "Campus":
        sites = ast.literal_eval((folder / "powder_locations.json").read_text(encoding="utf-8"))
        rows = list(csv.DictReader((folder / "powder_single_tx.csv").read_text(encoding="utf-8").splitlines()))
        rows.sort(key=lambda r: r["timestamp"])
        names = sorted(sites)
        found = np.array([[_reading(row, name, sites[name]) for name in names] for row in rows])
        east, north = MIDDLE.to_metres(found[..., 1], found[..., 2])
        truth = np.array([[float(r["tx_x_coord"]), float(r["tx_y_coord"])] for r in rows])
        seconds = np.array([np.datetime64(r["timestamp"].replace(" ", "T")).astype(float) for r in rows])
        stretch = np.unique(np.floor(seconds / STRETCH_S), return_inverse=True)[1]
        fold = np.random.default_rng(1).integers(0, FOLDS, int(stretch.max()) + 1)[stretch]
        days = np.array([r["timestamp"][:10] for r in rows])
        return cls(names, found[..., 0], east, north, np.column_stack(MIDDLE.to_metres(*truth.T)), days, fold)

    def noise_dbm(self, rows: NDArray[np.bool_]) -> Floats:
        """(k,) of each receiver: its usual least reading. NaN where it was hardly there."""
        levels = np.where(rows[:, None], self.level_dbm, np.nan)
        enough = (~np.isnan(levels)).sum(axis=0) >= 20
        return np.array([np.nanpercentile(levels[:, k], 5) if enough[k] else np.nan for k in range(len(self.names))])

    def links(self, rows: NDArray[np.int64], noise_dbm: Floats) -> list[KnownLink]:
        """The transmitter of every cell of training rows as one known emitter."""
        cell = np.unique(np.round(self.truth[rows] / CELL_M), axis=0, return_inverse=True)[1].ravel()
        return [link for k in range(len(self.names)) for link in self._links(k, rows, cell, noise_dbm[k])]

    def _links(self, k: int, rows: NDArray[np.int64], cell: NDArray[np.int64], noise_dbm: float) -> Iterable[KnownLink]:
        level, there = self.level_dbm[rows, k], ~np.isnan(self.level_dbm[rows, k])
        if np.isnan(noise_dbm):
            return
        apart = np.hypot(self.truth[rows, 0] - self.east_m[rows, k], self.truth[rows, 1] - self.north_m[rows, k])
        x = decay_db(apart, np.zeros_like(apart), np.zeros(1), np.zeros(1))[:, 0]
        for number in np.unique(cell[there]):
            mine = there & (cell == number)
            heard = mine & (level > noise_dbm + ABOVE_NOISE_DB)
            used, value = (heard, float(level[heard].mean())) if heard.any() else (mine, noise_dbm + ABOVE_NOISE_DB)
            yield KnownLink(
                sensor=self.names[k],
                emitter=str(number),
                level_dbm=value,
                eirp_dbm=SENT_DBM,
                slope_db=float(x[used].mean()),
                looks=int(used.sum()),
                heard=bool(heard.any()),
            )

    def sightings(self, row: int, noise_dbm: Floats, *, as_cnr: bool, lower_db: float = 0.0) -> list[Sighting]:
        """as_cnr: of receivers that are not calibrated only carrier to noise counts. lower_db: off the signal."""
        found = []
        for k, name in enumerate(self.names):
            level, noise = float(self.level_dbm[row, k]), float(noise_dbm[k])
            if np.isnan(level) or np.isnan(noise):
                continue
            lat, lon = (float(v) for v in MIDDLE.to_degrees(self.east_m[row, k], self.north_m[row, k]))
            found.append(_sighting(name, (lat, lon), level - lower_db, noise, as_cnr))
        return found

    def degrees(self, row: int) -> tuple[float, float]:
        lat, lon = MIDDLE.to_degrees(*self.truth[row])
        return float(lat), float(lon)


def _reading(row: dict[str, str], name: str, site: tuple[float, float] | None) -> tuple[float, float, float]:
    """(level, lat, lon); NaN where the receiver was not there or heard nothing."""
    level = float((row[name] if site else row[f"{name}_rss"]) or -101.0)
    lat, lon = site or (float(row[f"{name}_x"]), float(row[f"{name}_y"]))
    return (level, lat, lon) if level > NOTHING_DBM and lat != -1.0 else (np.nan, np.nan, np.nan)


def _sighting(name: str, at: tuple[float, float], level: float, noise: float, as_cnr: bool) -> Sighting:
    heard = level > noise + ABOVE_NOISE_DB
    usual_noise_dbm = -113.0
    return Sighting(
        sensor=name,
        boot="",
        seq=0,
        time_utc_ns=0,
        lat_deg=at[0],
        lon_deg=at[1],
        position_sigma_m=5.0,
        level_dbm=level if heard and not as_cnr else None,
        cnr_db=level - noise if heard else None,
        floor_dbm=None if heard else (usual_noise_dbm if as_cnr else noise) + ABOVE_NOISE_DB,
        level_sigma_db=8.0,
    )


def learnt_of_day(campus: Campus, fold: int, day: str) -> tuple[Learnt, Floats]:
    """As of a network that learns all the time: receivers were changed between days, so what holds is that day's."""
    return learnt_within(campus, fold, day, np.ones(len(campus.fold), bool))


def learnt_within(campus: Campus, fold: int, day: str, within: NDArray[np.bool_]) -> tuple[Learnt, Floats]:
    """From some rows only; the receivers' noise from all of the other folds."""
    noise = campus.noise_dbm((campus.fold != fold) & (campus.day == day))
    rows = (campus.fold != fold) & (campus.day == day) & within
    return learn(campus.links(np.flatnonzero(rows), noise), PRIOR), noise
