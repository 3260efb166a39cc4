"""Why a case stands: its findings in order of weight, each with who said it, since when, and how much of it counted."""

from dataclasses import dataclass

from fusion.scores import CAPS_DB, strongest
from fusion.values import Case, StandingFinding


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that fired. Words: finding.<name>.{title,what,innocent}, which take `evidence`; group.<group>.

    variant    : which of the rule's reasons it was; None where it has one
    weight_db  : what it says by itself
    counted_db : what of it counts: a group of findings that say much the same is capped
    sensors    : who said it; empty where only several together can
    """

    name: str
    version: int
    variant: str | None
    group: str
    weight_db: float
    counted_db: float
    evidence: dict[str, float | int | str | bool]
    baseline_n: int | None
    sensors: tuple[str, ...]
    since_utc_ns: int
    last_utc_ns: int
    times: int
    reports: tuple[tuple[str, str, int], ...]


def explain(case: Case) -> tuple[Reason, ...]:
    """Accusing findings first, the heaviest first; then what speaks for innocence."""
    counted = _counted(case.findings)
    names = sorted(counted, key=lambda name: (-counted[name][0].finding.weight_db, name))
    return tuple(_reason(*counted[name], case.findings) for name in names)


def _counted(findings: tuple[StandingFinding, ...]) -> dict[str, tuple[StandingFinding, float]]:
    """What each name adds before its group is full; heavier ones fill it first. Taken-back evidence is left out."""
    left = dict(CAPS_DB)
    result: dict[str, tuple[StandingFinding, float]] = {}
    for standing in sorted(strongest(findings), key=lambda s: (-s.finding.weight_db, s.finding.name)):
        weight, group = standing.finding.weight_db, standing.finding.group
        counts = weight if weight < 0 else min(weight, left[group])
        left[group] -= max(counts, 0.0)
        result[standing.finding.name] = (standing, counts)
    return result


def _reason(best: StandingFinding, counted_db: float, findings: tuple[StandingFinding, ...]) -> Reason:
    same = [s for s in findings if s.finding.name == best.finding.name]
    return Reason(
        name=best.finding.name,
        version=best.finding.version,
        variant=best.finding.variant,
        group=best.finding.group.value,
        weight_db=best.finding.weight_db,
        counted_db=round(counted_db, 1),
        evidence=best.finding.evidence,
        baseline_n=best.finding.baseline_n,
        sensors=tuple(sorted({s.sensor for s in same if s.sensor is not None})),
        since_utc_ns=min(s.first_utc_ns for s in same),
        last_utc_ns=max(s.last_utc_ns for s in same),
        times=sum(s.times for s in same),
        reports=tuple(report for s in same for report in s.reports),
    )
