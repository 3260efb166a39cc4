"""Cells that begin: a new site, a base station on a lorry, a small cell in a building."""

import numpy as np

from recordings.gsm.spec import GsmBroadcast
from tests.benchmarks.rogue.life import HOUR, Life
from tests.benchmarks.rogue.plmn import configured, with_fields
from tests.benchmarks.rogue.town import locked
from tests.benchmarks.rogue.transmitter import Load, Transmitter


def _new_cell(life: Life, plmn: str, time_s: float, *, kind: str, level_dbm: float, **fields: object) -> Transmitter:
    network = next(n for n in life.town.networks if n.plmn == plmn)
    near = sorted(life.town.of(plmn), key=lambda t: -t.level_dbm)
    fields = {
        "arfcn": life.free_channel(plmn),
        "bsic": 8 * int(life.rng.choice(network.ncc)) + int(life.rng.integers(0, 8)),
        "lac": near[0].broadcast.lac,
        "ci": int(life.rng.integers(20_000, 60_000)),
        "neighbour_arfcns": tuple(sorted({t.broadcast.arfcn for t in near[:10]})),
    } | fields
    broadcast: GsmBroadcast = configured(network, life.rng, **fields)
    clock = locked(life.rng)
    clock.warm = (time_s, float(life.rng.normal(0, 0.15)), 300.0)
    busy = life.town.busy[plmn]
    load = Load(paging_per_s=busy, assignments_per_s=0.1 * busy)
    made = Transmitter(broadcast, clock, load, level_dbm, kind=kind, from_s=time_s)
    life.town.transmitters.append(made)
    return made


def _name_it(life: Life, new: Transmitter, share: float) -> None:
    """The neighbours around learn of it."""
    for other in life.town.of(new.broadcast.plmn):
        if other is not new and life.rng.random() < share and len(other.broadcast.neighbour_arfcns) < 16:
            named = {*other.broadcast.neighbour_arfcns, new.broadcast.arfcn} - {other.broadcast.arfcn}
            other.say(with_fields(other.broadcast, neighbour_arfcns=tuple(sorted(named))))


def new_site(life: Life, time_s: float) -> None:
    """Three sectors; the cells around name them within the day."""
    plmn, level = life.any_cell().broadcast.plmn, float(life.rng.uniform(-100, -65))
    where = (float(life.rng.uniform(-900, 900)), float(life.rng.uniform(-900, 900)))
    for db in (0.0, -10.0, -18.0):
        new = _new_cell(life, plmn, time_s, kind="macro", level_dbm=level + db)
        new.east_m, new.north_m = where
        life.later.append((time_s + float(life.rng.uniform(0, 12)) * HOUR, lambda n=new: _name_it(life, n, 0.7)))  # type: ignore[misc]


def event_cell(life: Life, time_s: float) -> None:
    """A lorry with a base station for a crowd: four to ten hours, in few neighbour lists."""
    level = float(life.rng.uniform(-90, -50))
    new = _new_cell(life, life.any_cell().broadcast.plmn, time_s, kind="event cell", level_dbm=level)
    new.until_s = time_s + float(life.rng.uniform(4, 10)) * HOUR
    _name_it(life, new, 0.25)


def indoor_cell(life: Life, time_s: float) -> None:
    """A small cell in a building: it attracts, names few, has little power, and is named by the masts around."""
    plmn = life.any_cell().broadcast.plmn
    near = sorted(life.town.of(plmn), key=lambda t: -t.level_dbm)[: int(life.rng.integers(2, 5))]
    new = _new_cell(
        life,
        plmn,
        time_s,
        kind="indoor cell",
        level_dbm=float(life.rng.uniform(-95, -60)),
        cell_reselect_offset_db=int(life.rng.choice((10, 16, 20, 24))),
        penalty_time=0,
        ms_txpwr_max_cch=int(life.rng.choice((5, 11))),
        neighbour_arfcns=tuple(sorted({t.broadcast.arfcn for t in near})),
    )
    new.clock.ppm = float(np.clip(life.rng.normal(0, 0.03), -0.1, 0.1))  # a pico cell may be off by 0.1 ppm
    new.until_s = time_s + 20 * 24 * HOUR
    _name_it(life, new, 0.6)
