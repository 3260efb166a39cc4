"""What happens to innocent networks and to the sensor: each event changes the town at an instant and says its name.

Rates are per sensor and day. They are higher than in a quiet town, so that everything is seen often.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from recordings.gsm.spec import GsmBroadcast
from tests.benchmarks.rogue.plmn import configured, with_fields
from tests.benchmarks.rogue.receiver import Receiver
from tests.benchmarks.rogue.town import HYPERFRAME_NS, Town, locked
from tests.benchmarks.rogue.transmitter import Load, Transmitter

HOUR = 3600.0
ALL_DAY, BY_NIGHT, BY_DAY = (0.0, 24.0), (0.5, 5.0), (8.0, 21.0)


@dataclass
class Life:
    """One town, one sensor, and chance."""

    town: Town
    receiver: Receiver
    rng: np.random.Generator
    later: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def settle(self, time_s: float) -> None:
        """What was due until now."""
        due = sorted((each for each in self.later if each[0] <= time_s), key=lambda each: each[0])
        self.later = [each for each in self.later if each[0] > time_s]
        for _, act in due:
            act()
        self.town.transmitters = [t for t in self.town.transmitters if t.until_s > time_s - HOUR]

    def macro(self) -> list[Transmitter]:
        return [t for t in self.town.transmitters if t.kind == "macro"]

    def any_cell(self) -> Transmitter:
        cells = [t for t in self.macro() if not t.broadcast.plmn.endswith("-20")]
        return cells[int(self.rng.integers(len(cells)))]

    def network(self) -> list[Transmitter]:
        """All cells of Mobile, or of Unicom, as far as they are heard."""
        return self.town.of(self.any_cell().broadcast.plmn)

    def site(self) -> list[Transmitter]:
        """The sectors of one mast."""
        one = self.any_cell()
        return [t for t in self.macro() if (t.east_m, t.north_m) == (one.east_m, one.north_m)]

    def free_channel(self, plmn: str) -> int:
        network = next(n for n in self.town.networks if n.plmn == plmn)
        used = {t.broadcast.arfcn for t in self.town.transmitters}
        return int(self.rng.choice([a for a in network.channels if a not in used] or network.channels))


def restart(life: Life, time_s: float) -> None:
    """A site is off for one to twenty minutes and comes back with another frame clock, warming up."""
    back_s = time_s + float(life.rng.uniform(60, 1200))
    for cell in life.site():
        cell.silent.append((time_s, back_s))
        life.later.append((back_s, lambda c=cell: _new_clock(life, c, back_s)))  # type: ignore[misc]


def reset(life: Life, time_s: float) -> None:
    """One cell is reset: fifteen seconds off, then a frame clock of its own beginning."""
    cell = life.any_cell()
    cell.silent.append((time_s, time_s + 15.0))
    life.later.append((time_s + 15.0, lambda: _new_clock(life, cell, time_s + 15.0, warm_ppm=0.0)))


def _new_clock(life: Life, cell: Transmitter, since_s: float, warm_ppm: float = 0.15) -> None:
    cell.clock.phase_ns = float(life.rng.uniform(0, HYPERFRAME_NS))
    cell.clock.warm = (since_s, float(life.rng.normal(0, warm_ppm)), float(life.rng.uniform(120, 600)))


def re_parent(life: Life, time_s: float) -> None:
    """Cells of an area go over to another controller: new location area, one after the other within minutes."""
    lac = int(life.rng.integers(0x1000, 0xF000))
    old = life.any_cell().broadcast
    area = [t for t in life.town.of(old.plmn) if t.broadcast.lac == old.lac]
    for turn, cell in enumerate(area):
        at_s = time_s + 20.0 * turn
        life.later.append((at_s, lambda c=cell: c.say(with_fields(c.broadcast, lac=lac))))  # type: ignore[misc]


def refarm(life: Life, time_s: float) -> None:
    """A network clears channels: some of its cells move, one is switched off."""
    cells = life.network()
    for cell in cells[: max(1, len(cells) // 3)]:
        _retune(life, cell, time_s)
    life.any_cell().until_s = time_s


def retune(life: Life, time_s: float) -> None:
    """One cell gets another channel."""
    _retune(life, life.any_cell(), time_s)


def _retune(life: Life, cell: Transmitter, time_s: float) -> None:
    old, new = cell.broadcast.arfcn, life.free_channel(cell.broadcast.plmn)
    cell.silent.append((time_s, time_s + 40.0))

    def act() -> None:
        cell.say(with_fields(cell.broadcast, arfcn=new))
        for other in life.town.of(cell.broadcast.plmn):
            named = tuple(sorted({new if a == old else a for a in other.broadcast.neighbour_arfcns}))
            other.say(with_fields(other.broadcast, neighbour_arfcns=named))

    life.later.append((time_s + 20.0, act))


def plan_change(life: Life, time_s: float) -> None:
    """A network changes a parameter everywhere, cell by cell in a few minutes."""
    name, value = _tuned(life)
    for turn, cell in enumerate(life.network()):
        at_s = time_s + 15.0 * turn
        life.later.append((at_s, lambda c=cell: c.say(with_fields(c.broadcast, **{name: value}))))  # type: ignore[misc]


def tuning(life: Life, time_s: float) -> None:
    """An engineer changes one cell."""
    cell = life.any_cell()
    name, value = _tuned(life)
    cell.say(with_fields(cell.broadcast, **{name: value}))


def _tuned(life: Life) -> tuple[str, int]:
    return (
        ("rxlev_access_min", int(life.rng.integers(2, 12))),
        ("t3212", int(life.rng.choice((10, 20, 30, 40, 60)))),
        ("cell_reselect_offset_db", int(life.rng.choice((0, 6, 10, 14, 20)))),
        ("ms_txpwr_max_cch", int(life.rng.choice((5, 7)))),
    )[int(life.rng.integers(4))]


def barring(life: Life, time_s: float) -> None:
    """A crowd: two cells bar some access classes for half an hour, never the emergency calls."""
    for cell in life.site():
        usual, barred = cell.broadcast.access_classes_barred, int(life.rng.integers(1, 1 << 10))
        cell.say(with_fields(cell.broadcast, access_classes_barred=barred))
        life.later.append(
            (time_s + 1800.0, lambda c=cell, u=usual: c.say(with_fields(c.broadcast, access_classes_barred=u)))  # type: ignore[misc]
        )


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


def repeater(life: Life, time_s: float) -> None:
    """A repeater nearby lifts the cells of one network; clock and words stay."""
    gain_db = float(life.rng.uniform(8, 25))
    for cell in life.network()[:4]:
        cell.level_steps.append((time_s, gain_db))
        cell.level_steps.append((time_s + 10 * 24 * HOUR, -gain_db))


def lorry(life: Life, time_s: float) -> None:
    """Something large stands before the antenna, or goes away."""
    for cell in life.site():
        db = float(life.rng.uniform(-14, -5))
        cell.level_steps += [(time_s, db), (time_s + 3 * HOUR, -db)]


def inversion(life: Life, time_s: float) -> None:
    """Air layers carry far cells for some hours."""
    for cell in life.macro():
        if cell.level_dbm < -90:
            db = float(life.rng.uniform(3, 15))
            cell.level_steps += [(time_s, db), (time_s + 4 * HOUR, -db)]


def holdover(life: Life, time_s: float) -> None:
    """A site loses its reference and its oscillator runs free for a day: up to 0.2 ppm."""
    for cell in life.site():
        cell.clock.warm = (time_s, float(life.rng.uniform(-0.2, 0.2)), 86_400.0)


def core_silence(life: Life, time_s: float) -> None:
    """A fault in the core: a network pages nobody for half an hour."""
    for cell in life.network():
        usual, cell.load.paging_per_s = cell.load.paging_per_s, 0.0
        life.later.append((time_s + 1800.0, lambda c=cell, u=usual: setattr(c.load, "paging_per_s", u)))  # type: ignore[misc]


def sensor_restart(life: Life, time_s: float) -> None:
    life.receiver.restart(time_s)


def antenna_moved(life: Life, time_s: float) -> None:
    life.receiver.gain_db = float(np.clip(life.receiver.gain_db + life.rng.normal(0, 6), -8, 8))
    for cell in life.town.transmitters:
        cell.level_dbm += float(life.rng.normal(0, 3))


def clock_set(life: Life, time_s: float) -> None:
    """A sensor without GNSS is told the time."""
    clock = life.receiver.clock
    clock.steps.append((time_s, float(life.rng.choice((-1, 1)) * 10 ** life.rng.uniform(-2.5, 0.5))))


Act = Callable[[Life, float], None]
# what, how often a sensor and day, at which hours
EVENTS: tuple[tuple[str, float, tuple[float, float], Act], ...] = (
    ("restart", 0.06, ALL_DAY, restart),
    ("reset", 0.03, ALL_DAY, reset),
    ("re-parenting", 0.015, BY_NIGHT, re_parent),
    ("refarming", 0.008, BY_NIGHT, refarm),
    ("retune", 0.015, BY_NIGHT, retune),
    ("plan change", 0.015, BY_NIGHT, plan_change),
    ("one cell tuned", 0.02, BY_DAY, tuning),
    ("barring", 0.006, BY_DAY, barring),
    ("new site", 0.008, BY_DAY, new_site),
    ("event cell", 0.02, BY_DAY, event_cell),
    ("indoor cell", 0.01, BY_DAY, indoor_cell),
    ("repeater", 0.01, BY_DAY, repeater),
    ("lorry", 0.03, BY_DAY, lorry),
    ("inversion", 0.02, BY_NIGHT, inversion),
    ("holdover", 0.003, ALL_DAY, holdover),
    ("core silence", 0.005, ALL_DAY, core_silence),
    ("sensor restart", 0.04, ALL_DAY, sensor_restart),
    ("antenna moved", 0.008, BY_DAY, antenna_moved),
    ("clock set", 0.05, ALL_DAY, clock_set),
)


def events_of_day(rng: np.random.Generator, day: int) -> list[tuple[float, str, Act]]:
    drawn = [
        (day * 86_400.0 + HOUR * float(rng.uniform(*hours)), name, act)
        for name, rate, hours, act in EVENTS
        for _ in range(int(rng.poisson(rate)))
    ]
    return sorted(drawn, key=lambda each: each[0])
