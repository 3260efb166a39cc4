"""Rogues by how much they copy: L0 defaults of software to L4 a perfect copy on the same channel.

Honest: what a rung says it copies, it copies to the bit; what is left are the transmitter's own oscillator and frame
clock, that it has nobody to page, that phones register with it, and where it stands.
"""

import enum
import math
from dataclasses import dataclass

import numpy as np

from recordings.gsm.spec import GsmBroadcast
from tests.benchmarks.rogue.plmn import with_fields
from tests.benchmarks.rogue.software import OPEN, OSMO
from tests.benchmarks.rogue.town import HYPERFRAME_NS, Town
from tests.benchmarks.rogue.transmitter import Load, Oscillator, Transmitter


class Rung(enum.Enum):
    L0 = "software defaults"
    L1 = "network, channel, neighbours copied"
    L2 = "all copied but the location area"
    L3 = "perfect copy, free channel"
    L4 = "perfect copy, same channel"


@dataclass(frozen=True)
class Catcher:
    """The rogue on the air, whom it copies (None at L0), and when its location area changes, to what."""

    transmitter: Transmitter
    model: Transmitter | None
    lacs: tuple[tuple[float, int], ...]

    def settle(self, time_s: float) -> None:
        for since_s, lac in self.lacs:
            if since_s <= time_s and self.transmitter.broadcast.lac != lac:
                self.transmitter.say(with_fields(self.transmitter.broadcast, lac=lac))


def catcher(town: Town, rung: Rung, on_s: float, rng: np.random.Generator) -> Catcher:
    model = None if rung is Rung.L0 else _model(town, rung, rng)
    said = _says(town, rung, model, rng)
    level_dbm = _level_dbm(rng)
    if rung is Rung.L4 and model is not None:
        level_dbm = max(level_dbm, model.level_dbm + float(rng.uniform(-3.0, 25.0)))
    moves = rng.random() < 0.5
    made = Transmitter(
        broadcast=said,
        clock=_own_clock(on_s, rng),
        load=_load(rng),
        level_dbm=level_dbm,
        kind=f"rogue {rung.name}",
        fading_db=3.0 if moves else 1.5,
        from_s=on_s,
        slope_db_s=float(rng.uniform(0.0, 0.03)) if moves else 0.0,
        passes_s=on_s + float(rng.uniform(0, 600)),
    )
    hops = rung in (Rung.L0, Rung.L1, Rung.L2) and rng.random() < 0.5
    return Catcher(made, model, tuple(_hops(said.lac, on_s, rng)) if hops else ((on_s, said.lac),))


def _model(town: Town, rung: Rung, rng: np.random.Generator) -> Transmitter:
    """A cell of Mobile as it is heard here; for the same channel, not one of the three that are loudest."""
    cells = sorted((t for t in town.of("460-00") if t.kind == "macro"), key=lambda t: -t.level_dbm)
    audible = [t for t in cells if t.level_dbm > -103.0] or cells
    chosen = audible[3:] if rung is Rung.L4 and len(audible) > 4 else audible
    return chosen[int(rng.integers(len(chosen)))]


def _says(town: Town, rung: Rung, model: Transmitter | None, rng: np.random.Generator) -> GsmBroadcast:
    used = {t.broadcast.arfcn for t in town.transmitters}
    free = [a for a in range(1, 95) if a not in used]
    lac = int(rng.integers(1, 0xFF00))
    if model is None:
        software = OSMO if rng.random() < 0.5 else OPEN
        return with_fields(
            software,
            plmn="460-00" if rng.random() < 0.8 else "001-01",
            arfcn=int(rng.choice(free)),
            bsic=int(rng.choice((0, 2, 7, 63))),
            lac=lac,
            ci=int(rng.choice((1, 10, 6969))),
            cell_reselect_offset_db=126 if rng.random() < 0.5 else None,
        )
    copy = model.broadcast
    if rung is Rung.L1:
        planned = [a for a in copy.neighbour_arfcns if a in free] or free
        return with_fields(
            OSMO if rng.random() < 0.5 else OPEN,
            plmn=copy.plmn,
            arfcn=int(rng.choice(planned)),
            bsic=copy.bsic,
            lac=lac,
            ci=int(rng.integers(1000, 60_000)),
            neighbour_arfcns=copy.neighbour_arfcns,
            cell_reselect_offset_db=int(rng.choice((40, 60, 100))),
        )
    if rung is Rung.L2:
        planned = [a for a in copy.neighbour_arfcns if a in free] or free
        return with_fields(copy, arfcn=int(rng.choice(planned)), lac=lac)
    return copy if rung is Rung.L4 else with_fields(copy, arfcn=int(rng.choice(free)))


def _level_dbm(rng: np.random.Generator) -> float:
    """10 to 50 W, 100 m to 1 km from the sensor, shadowed."""
    metres = 10 ** rng.uniform(2.0, 3.0)
    shadowed = float(rng.normal(0, 7))
    return float(np.clip(rng.uniform(40, 47) - 72.0 - 35.0 * math.log10(metres / 100.0) + shadowed, -95, -25))


def _own_clock(on_s: float, rng: np.random.Generator) -> Oscillator:
    """A free-running oscillator, 0.1 to 2 ppm off, still warming up in part of the cases."""
    ppm = float(rng.choice((-1, 1)) * 10 ** rng.uniform(-1.0, 0.3))
    warm = (on_s, float(rng.normal(0, 0.1)), 400.0)
    return Oscillator(ppm=ppm, phase_ns=float(rng.uniform(0, HYPERFRAME_NS)), warm=warm)


def _load(rng: np.random.Generator) -> Load:
    """It has no subscribers to call; a third make up a few calls. Phones register, one every few seconds."""
    return Load(
        paging_per_s=0.0 if rng.random() < 0.67 else float(rng.uniform(0.02, 0.3)),
        by_night=1.0,
        imsi_share=0.5,
        assignments_per_s=float(10 ** rng.uniform(-0.7, 0.6)),
        location_update_share=float(rng.uniform(0.85, 1.0)),
        hopping_share=0.0,
    )


def _hops(lac: int, on_s: float, rng: np.random.Generator) -> list[tuple[float, int]]:
    """Another location area every five to fifteen minutes."""
    when, changes = on_s, [(on_s, lac)]
    for _ in range(3):
        when += float(rng.uniform(300, 900))
        changes.append((when, int(rng.integers(1, 0xFF00))))
    return changes


def of_2012(town: Town, *, new_identity: bool, on_s: float, rng: np.random.Generator) -> Catcher:
    """The catcher of the 2012 trials: software with its defaults on a real cell's channel and colour, with that cell's
    network, neighbours and name; or, `new_identity`, with a name and location area of its own."""
    model = _model(town, Rung.L4, rng)
    copy = model.broadcast
    said = with_fields(
        OPEN,
        plmn=copy.plmn,
        arfcn=copy.arfcn,
        bsic=copy.bsic,
        lac=int(rng.integers(1, 0xFF00)) if new_identity else copy.lac,
        ci=int(rng.integers(1000, 60_000)) if new_identity else copy.ci,
        neighbour_arfcns=copy.neighbour_arfcns,
    )
    made = Transmitter(
        broadcast=said,
        clock=_own_clock(on_s, rng),
        load=_load(rng),
        level_dbm=max(model.level_dbm + 10.0, _level_dbm(rng)),
        kind="rogue 2012",
        from_s=on_s,
    )
    return Catcher(made, model, ((on_s, said.lac),))
