"""What judging again would change: the cases of the record beside those of today's rules, emitter by emitter."""

from dataclasses import dataclass

from fusion.values import Case, Emitter, Level, World

SAME_CARRIER_HZ = 50e3


@dataclass(frozen=True, slots=True)
class Standing:
    """One side of a difference: the highest level of a case, and the rules that stood in it."""

    kind: str
    level: Level
    score_db: float
    opened_utc_ns: int
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What judging again makes of one emitter's cases. None: no case."""

    emitter: Emitter
    then: Standing | None
    now: Standing | None

    @property
    def same(self) -> bool:
        return (self.then and (self.then.kind, self.then.level)) == (self.now and (self.now.kind, self.now.level))


def differences(stored: World, again: World, *, from_ns: int, to_ns: int) -> tuple[Difference, ...]:
    """Every emitter with a case in the time, in the record or now; changed ones first, the gravest of each first."""
    then = _by_emitter(stored, from_ns, to_ns)
    now = _by_emitter(again, from_ns, to_ns)
    found: list[Difference] = []
    for emitter, standing in then:
        match = next((pair for pair in now if _same_emitter(emitter, pair[0])), None)
        if match is not None:
            now.remove(match)
        found.append(Difference(emitter, standing, None if match is None else match[1]))
    found += [Difference(emitter, None, standing) for emitter, standing in now]
    return tuple(sorted(found, key=lambda d: (d.same, -max(_level(d.then), _level(d.now)), d.emitter.freq_hz)))


def _level(standing: Standing | None) -> int:
    return 0 if standing is None else int(standing.level)


def _by_emitter(world: World, from_ns: int, to_ns: int) -> list[tuple[Emitter, Standing]]:
    """The gravest case of each emitter that was open in the time."""
    gravest: dict[str, Standing] = {}
    for case in world.cases.values():
        if case.opened_utc_ns > to_ns or (case.closed_utc_ns is not None and case.closed_utc_ns < from_ns):
            continue
        standing = _standing(case)
        if case.emitter_id not in gravest or standing.level > gravest[case.emitter_id].level:
            gravest[case.emitter_id] = standing
    known = ((world.emitters.get(key), standing) for key, standing in gravest.items())
    return [(emitter, standing) for emitter, standing in known if emitter is not None]


def _standing(case: Case) -> Standing:
    highest = max(case.steps, key=lambda step: step.level, default=None)
    return Standing(
        kind=case.kind,
        level=case.level if highest is None else highest.level,
        score_db=case.score_db if highest is None else highest.score_db,
        opened_utc_ns=case.opened_utc_ns,
        findings=tuple(sorted({s.finding.name for s in case.findings if s.finding.weight_db > 0})),
    )


def _same_emitter(one: Emitter, other: Emitter) -> bool:
    """Names are given by the first report, which may lie before the time judged again: so by what is on the air."""
    if one.id == other.id:
        return True
    if one.service != other.service or abs(one.freq_hz - other.freq_hz) > SAME_CARRIER_HZ:
        return False
    if one.service == "gsm":
        return one.bsic == other.bsic and (one.ci is None or other.ci is None or one.ci == other.ci)
    return one.pi is None or other.pi is None or one.pi == other.pi
