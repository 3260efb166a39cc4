"""Near misses: transmitters that something speaks against, and not enough for a case. Here thresholds are tuned."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from fusion.judge import Verdict, judge
from fusion.values import Emitter
from server.web import models, phrases, read_cases, tell
from server.web.language import LanguageOf
from server.web.read_cases import CaseFilter
from server.web.render import render
from server.web.site import SiteOf
from shell import words

router = APIRouter(include_in_schema=False)
MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class Judged:
    """What is shown of a verdict: the sum, what is missing to the next level, and what was said."""

    score_db: float
    level: str | None  # of the next level, in words
    missing_db: float | None
    needs: tuple[str, ...]
    posterior: float | None
    capped: tuple[str, ...]
    not_held: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Near:
    title: str
    last_seen: str
    judged: Judged
    reasons: list[models.FindingOut]


@router.get("/near")
def near_page(request: Request, site: SiteOf, language: LanguageOf) -> HTMLResponse:
    with site.engine.connect() as connection:
        emitters = read_cases.list_emitters(connection)
        cases = read_cases.list_cases(connection, CaseFilter(open_only=True, limit=read_cases.MOST_ROWS))
    suspects = {case.emitter_id for case, _ in cases}
    near = near_misses((emitter for emitter in emitters if emitter.id not in suspects), language)
    return render(request, site, "near.html", {"near": near})


def near_misses(emitters: Iterable[Emitter], language: str) -> list[Near]:
    """Those with anything against them, the nearest to a case first."""
    accused = [emitter for emitter in emitters if any(s.finding.weight_db > 0 for s in emitter.findings)]
    verdicts = sorted(((judge(emitter), emitter) for emitter in accused), key=lambda pair: -pair[0].score_db)
    return [_near(verdict, emitter, language) for verdict, emitter in verdicts[:MOST_ROWS]]


def judged_out(verdict: Verdict, language: str) -> Judged:
    missing = verdict.missing
    return Judged(
        score_db=verdict.score_db,
        level=None if missing is None else phrases.level_text(missing.level, language),
        missing_db=None if missing is None else missing.db,
        needs=() if missing is None else tuple(words.say(f"missing.{need}", language) for need in missing.needs),
        posterior=verdict.posterior,
        capped=tuple(phrases.or_name(f"group.{group}", group, language) for group in verdict.capped),
        not_held=tuple(words.finding(name, "title", {}, language) for name in verdict.not_held),
    )


def _near(verdict: Verdict, emitter: Emitter, language: str) -> Near:
    return Near(
        title=phrases.emitter_name(emitter),
        last_seen=phrases.iso(emitter.last_seen_utc_ns),
        judged=judged_out(verdict, language),
        reasons=[rule[0] for rule in tell.by_rule(tell.findings_out(emitter.findings, language))],
    )
