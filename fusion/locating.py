"""Reports in, emitters with their places out: one run over a record, without cases or alerts."""

from collections.abc import Iterable
from dataclasses import dataclass

from fusion.calibration import learnt_on_known
from fusion.locate.power import propagation
from fusion.locate.residuals import Residual, residuals
from fusion.place import located, middle, window
from fusion.values import Emitter, FiledReport, Rules, World
from fusion.world import take


@dataclass(frozen=True, slots=True)
class Located:
    """An emitter with its last fix, what each measurement says against it, and the reports that heard it."""

    emitter: Emitter
    residuals: tuple[Residual, ...]
    reports: tuple[tuple[str, str, int], ...]  # (sensor, boot, seq)


def world_of(reports: Iterable[FiledReport], rules: Rules) -> World:
    world = World()
    for filed in reports:
        world = take(world, filed, rules).world
    return world


def locate_all(world: World, rules: Rules) -> tuple[Located, ...]:
    """Every emitter, suspected or not, looked for once more at the end of the record; in the order of frequency."""
    ordered = sorted(world.emitters.values(), key=lambda e: (e.service, e.freq_hz, e.id))
    return tuple(_located(emitter, world, rules) for emitter in ordered)


def _located(emitter: Emitter, world: World, rules: Rules) -> Located:
    others = world.emitters.values()
    found = located(emitter, rules, now_ns=emitter.last_seen_utc_ns, among=others)
    heard = tuple((s.sensor, s.boot, s.seq) for s in found.sightings if s.floor_dbm is None)
    if found.fix is None or not found.fix.region:
        return Located(found, (), heard)
    prior = propagation(found.service, found.freq_hz)
    learnt = learnt_on_known(others, found.service, rules, prior)
    return Located(found, residuals(window(found), middle(found.fix), prior=prior, learnt=learnt), heard)
