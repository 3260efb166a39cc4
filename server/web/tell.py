"""Fusion's values as the API tells them, in one language."""

import math
from collections.abc import Iterable, Sequence

import msgspec

from fusion.values import Case, Emitter, Fix, Latest, StandingFinding
from server.web import models, phrases
from server.web.phrases import iso, iso_or_none


def fix_out(fix: Fix) -> models.FixOut:
    return models.FixOut(
        time=iso(fix.time_utc_ns),
        method=fix.method,
        lat_deg=fix.lat_deg,
        lon_deg=fix.lon_deg,
        covariance_m2=fix.covariance_m2,
        region=[list(piece) for piece in fix.region],
        area_km2=fix.area_km2,
        sensors=fix.sensors,
        sightings=fix.sightings,
        differences=fix.differences,
        bearings=fix.bearings,
        estimated_eirp_dbm=fix.estimated_eirp_dbm,
        estimated_eirp_sigma_db=fix.estimated_eirp_sigma_db,
    )


def sensors_of(emitter: Emitter) -> list[str]:
    """Those that heard it lately; one that only listened in vain is not among them."""
    return sorted({latest.sensor for latest in emitter.latest})


def _emitter_fields(emitter: Emitter) -> dict[str, object]:
    own = ("id", "service", "freq_hz", "arfcn", "bsic", "mcc", "mnc", "lac", "ci", "pi", "ps", "licensed", "moving")
    return {
        **{name: getattr(emitter, name) for name in own},
        "title": phrases.emitter_name(emitter),
        "licence_name": emitter.licence_name,
        "first_seen": iso(emitter.first_seen_utc_ns),
        "last_seen": iso(emitter.last_seen_utc_ns),
        "fix": None if emitter.fix is None else fix_out(emitter.fix),
        "sensors": sensors_of(emitter),
    }


def emitter_out(emitter: Emitter) -> models.EmitterOut:
    return models.EmitterOut.model_validate(_emitter_fields(emitter))


def emitter_detail(emitter: Emitter, language: str) -> models.EmitterDetail:
    return models.EmitterDetail.model_validate(
        {
            **_emitter_fields(emitter),
            "track": [fix_out(fix) for fix in emitter.track],
            "findings": findings_out(emitter.findings, language),
            "latest": [heard_out(latest) for latest in emitter.latest],
        }
    )


def heard_out(latest: Latest) -> models.HeardOut:
    fields = msgspec.to_builtins(latest.heard)
    kind = fields.pop("type")
    return models.HeardOut(sensor=latest.sensor, time=iso(latest.time_utc_ns), kind=kind, heard=_finite(fields))


def _finite(fields: dict[str, object]) -> dict[str, object]:
    """JSON has no NaN: what is not a number is unknown."""
    bad = {name for name, value in fields.items() if isinstance(value, float) and not math.isfinite(value)}
    return {name: None if name in bad else value for name, value in fields.items()}


def findings_out(standing: Iterable[StandingFinding], language: str) -> list[models.FindingOut]:
    """The weightiest first."""
    heaviest = sorted(standing, key=lambda s: -s.finding.weight_db)
    return [finding_out(one, language) for one in heaviest]


def by_rule(reasons: Iterable[models.FindingOut]) -> list[list[models.FindingOut]]:
    """One list for each rule, the strongest finding of a rule first, the rules in the order they came in."""
    groups: dict[str, list[models.FindingOut]] = {}
    for one in reasons:
        groups.setdefault(one.name, []).append(one)
    return [sorted(group, key=lambda one: -abs(one.weight_db)) for group in groups.values()]


def finding_out(standing: StandingFinding, language: str) -> models.FindingOut:
    finding = standing.finding
    group = finding.group.value
    return models.FindingOut(
        name=finding.name,
        version=finding.version,
        title=phrases.finding_text(finding, "title", language),
        what=phrases.finding_text(finding, "what", language),
        innocent=phrases.finding_text(finding, "innocent", language),
        group=group,
        group_text=phrases.or_name(f"group.{group}", group, language),
        weight_db=finding.weight_db,
        baseline_n=finding.baseline_n,
        evidence=finding.evidence,
        evidence_shown=[
            (phrases.or_name(f"web.evidence.{name}", name, language), phrases.evidence_text(value, language))
            for name, value in finding.evidence.items()
        ],
        sensor=standing.sensor,
        first=iso(standing.first_utc_ns),
        last=iso(standing.last_utc_ns),
        times=standing.times,
        reports=list(standing.reports),
    )


def _case_fields(case: Case, emitter: Emitter | None, language: str) -> dict[str, object]:
    fix = emitter.fix if emitter is not None else None
    return {
        "id": case.id,
        "emitter_id": case.emitter_id,
        "title": phrases.case_title(case, emitter, language),
        "kind": case.kind,
        "kind_text": phrases.kind_text(case.kind, language),
        "level": phrases.level_name(case.level),
        "level_text": phrases.level_text(case.level, language),
        "score_db": case.score_db,
        "opened": iso(case.opened_utc_ns),
        "changed": iso(case.changed_utc_ns),
        "closed": iso_or_none(case.closed_utc_ns),
        "closed_why": case.closed_why and phrases.or_name(f"closed.{case.closed_why}", case.closed_why, language),
        "freq_hz": emitter and emitter.freq_hz,
        "last_seen": emitter and iso(emitter.last_seen_utc_ns),
        "sensors": sensors_of(emitter) if emitter is not None else [],
        "findings": len(case.findings),
        "lat_deg": fix and fix.lat_deg,
        "lon_deg": fix and fix.lon_deg,
        "area_km2": fix and fix.area_km2,
    }


def case_out(case: Case, emitter: Emitter | None, language: str) -> models.CaseOut:
    return models.CaseOut.model_validate(_case_fields(case, emitter, language))


def case_detail(case: Case, emitter: Emitter | None, language: str) -> models.CaseDetail:
    return models.CaseDetail.model_validate(
        {
            **_case_fields(case, emitter, language),
            "group_scores_db": case.group_scores_db,
            "reasons": findings_out(case.findings, language),
            "steps": steps_out(case, language),
            "emitter": None if emitter is None else emitter_detail(emitter, language),
        }
    )


def steps_out(case: Case, language: str) -> Sequence[models.StepOut]:
    return [
        models.StepOut(
            time=iso(step.time_utc_ns),
            level=phrases.level_name(step.level),
            level_text=phrases.level_text(step.level, language),
            score_db=step.score_db,
        )
        for step in case.steps
    ]
