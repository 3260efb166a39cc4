"""What operators and faults do to cells that are there: restarts, new parameters, areas and channels."""

from tests.benchmarks.rogue.life import Life
from tests.benchmarks.rogue.plmn import with_fields
from tests.benchmarks.rogue.town import HYPERFRAME_NS
from tests.benchmarks.rogue.transmitter import Transmitter


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
