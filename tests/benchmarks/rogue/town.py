"""A town around one sensor: sites of each network on a rough grid, three sectors each, neighbours by distance."""

import math
from dataclasses import dataclass

import msgspec
import numpy as np

from recordings.gsm.spec import GsmBroadcast
from tests.benchmarks.rogue.plmn import Network, configured, networks
from tests.benchmarks.rogue.transmitter import Load, Oscillator, Transmitter

HYPERFRAME_NS = 12_533_760_000_000
SENSOR_FLOOR_DBM = -108.0  # below it nothing is ever decoded
NEAREST = 14  # cells that a cell names, of which some are left out
MUTUAL = 0.88
LAST_DBM = -105.0
HIDDEN_DB = 6.0  # a cell this far below another of its channel is never heard


@dataclass
class Town:
    networks: tuple[Network, ...]
    transmitters: list[Transmitter]  # audible at the sensor, now and then at least
    busy: dict[str, float]  # pagings a second of a network's location area in its busiest hour

    def of(self, plmn: str) -> list[Transmitter]:
        return [t for t in self.transmitters if t.broadcast.plmn == plmn]


def make_town(rng: np.random.Generator) -> Town:
    """8 to 25 cells heard well or hardly."""
    nets = networks(rng)
    busy = {n.plmn: 0.02 if n.railway else float(10 ** rng.uniform(0.0, 1.6)) for n in nets}
    cells = [t for network in nets for t in _cells(network, busy[network.plmn], rng)]
    return Town(nets, _audible(cells, int(rng.integers(8, 26))), busy)


def _audible(cells: list[Transmitter], most: int) -> list[Transmitter]:
    """The sensor stands so badly that the last of `most` channels is just heard; with them, who shares a channel."""
    loudest: dict[int, float] = {}
    for cell in cells:
        loudest[cell.broadcast.arfcn] = max(cell.level_dbm, loudest.get(cell.broadcast.arfcn, -999.0))
    levels = sorted(loudest.values(), reverse=True)
    loss_db = levels[min(most, len(levels)) - 1] - LAST_DBM
    for cell in cells:
        cell.level_dbm -= loss_db
    floors = {arfcn: max(SENSOR_FLOOR_DBM, level - loss_db - HIDDEN_DB) for arfcn, level in loudest.items()}
    return [cell for cell in cells if cell.level_dbm >= floors[cell.broadcast.arfcn]]


def _cells(network: Network, paging_per_s: float, rng: np.random.Generator) -> list[Transmitter]:
    places = _places(network, rng)
    lacs = [int(lac) for lac in rng.choice(np.arange(0x1000, 0xF000), size=2, replace=False)]
    border_m, direction = rng.normal(0.0, 2500.0), rng.uniform(0, 2 * math.pi)
    cells = [
        _cell(network, rng, east, north, lac=lacs[int(_beyond(east, north, direction) > border_m)], ci=index)
        for index, (east, north, _) in enumerate(places)
    ]
    quiet = Load(paging_per_s=paging_per_s, by_night=float(rng.uniform(0.03, 0.3)))
    made = [
        Transmitter(
            broadcast=cell,
            clock=locked(rng),
            load=_load(quiet, rng),
            level_dbm=_level_dbm(east, north, bearing, rng),
            east_m=east,
            north_m=north,
        )
        for cell, (east, north, bearing) in zip(cells, places, strict=True)
    ]
    return _with_neighbours(network, made, rng)


def _load(load: Load, rng: np.random.Generator) -> Load:
    """Paging is of the area, assignments are of the cell."""
    return Load(
        paging_per_s=load.paging_per_s * float(rng.uniform(0.8, 1.1)),
        by_night=load.by_night,
        assignments_per_s=0.15 * load.paging_per_s * float(rng.uniform(0.1, 1.0)),
        location_update_share=float(rng.uniform(0.2, 0.7)),
        hopping_share=float(rng.choice((0.0, 0.9))),
    )


def locked(rng: np.random.Generator) -> Oscillator:
    """Within 0.05 ppm (3GPP TS 45.010 §5.1), most far closer: disciplined by the transmission network."""
    return Oscillator(
        ppm=float(np.clip(rng.normal(0.0, 0.012), -0.045, 0.045)),
        phase_ns=float(rng.uniform(0, HYPERFRAME_NS)),
        wander_ppm=float(abs(rng.normal(0.0, 0.006))),
        wander_at_s=float(rng.uniform(0, 86400)),
    )


def _places(network: Network, rng: np.random.Generator) -> list[tuple[float, float, float]]:
    """(east, north, bearing) of every sector."""
    if network.railway:
        along, way = rng.uniform(0, 2 * math.pi), rng.uniform(200, 1500)
        return [
            (s * math.cos(along) - way * math.sin(along), s * math.sin(along) + way * math.cos(along), along)
            for s in (-4000.0, 0.0, 4000.0)
        ]
    step, shift = rng.uniform(500, 1100), rng.uniform(-300, 300, 2)
    grid = [
        (step * (i + 0.5 * (j % 2)) + shift[0] + rng.normal(0, 80), step * 0.87 * j + shift[1] + rng.normal(0, 80))
        for i in range(-3, 4)
        for j in range(-3, 4)
    ]
    turn = rng.uniform(0, 2 * math.pi)
    return [(float(e), float(n), turn + 2 * math.pi * k / 3) for e, n in grid for k in range(3)]


def _beyond(east: float, north: float, direction: float) -> float:
    return east * math.cos(direction) + north * math.sin(direction)


def _level_dbm(east: float, north: float, bearing: float, rng: np.random.Generator) -> float:
    """55 dBm EIRP, 50 dB a decade among houses, 10 dB shadowing, an antenna that is 24 dB down behind."""
    metres = max(math.hypot(east, north), 30.0)
    away = math.atan2(-north, -east) - bearing
    pattern = 12.0 - 12.0 * math.cos(away)
    return 55.0 - 72.0 - 50.0 * math.log10(metres / 100.0) - pattern + float(rng.normal(0, 10.0))


def _cell(network: Network, rng: np.random.Generator, east: float, north: float, *, lac: int, ci: int) -> GsmBroadcast:
    return configured(
        network,
        rng,
        arfcn=int(rng.choice(network.channels)),
        bsic=8 * int(rng.choice(network.ncc)) + int(rng.integers(0, 8)),
        lac=lac,
        ci=1000 + 10 * (ci // 3) + ci % 3 + 1 + 3000 * (network.plmn == "460-01"),
    )


def _with_neighbours(network: Network, cells: list[Transmitter], rng: np.random.Generator) -> list[Transmitter]:
    """Each names the nearest; channels that a nearer cell uses already are planned away from it."""
    upper = tuple(int(a) for a in sorted(rng.choice(np.arange(512, 636), size=6, replace=False)))
    dual = not network.railway and rng.random() < 0.5
    _plan_channels(network, cells, rng)
    for cell in cells:
        near = sorted(cells, key=lambda o: (o.east_m - cell.east_m) ** 2 + (o.north_m - cell.north_m) ** 2)
        named = {o.broadcast.arfcn for o in near[1 : NEAREST + 1] if o is not cell and rng.random() < MUTUAL}
        named.discard(cell.broadcast.arfcn)
        cell.broadcast = msgspec.structs.replace(
            cell.broadcast,
            neighbour_arfcns=tuple(sorted(named)),
            neighbour_arfcns_2ter=upper if dual else None,
        )
    return cells


def _plan_channels(network: Network, cells: list[Transmitter], rng: np.random.Generator) -> None:
    """The channel least used nearby, of a few drawn."""
    planned: list[Transmitter] = []
    for cell in cells:
        offers = rng.choice(network.channels, size=min(12, len(network.channels)), replace=False)

        def nearest_m(arfcn: int, here: Transmitter = cell) -> float:
            users = [t for t in planned if t.broadcast.arfcn == arfcn]
            return min((math.hypot(t.east_m - here.east_m, t.north_m - here.north_m) for t in users), default=1e9)

        best = max((int(a) for a in offers), key=nearest_m)
        cell.broadcast = msgspec.structs.replace(cell.broadcast, arfcn=best)
        planned.append(cell)
