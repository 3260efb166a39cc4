"""What a case's region rests on: every measurement against it, what was set aside and why, and where to drive next."""

from typing import Annotated

from fastapi import APIRouter, Query

from fusion.planner import Seeker
from fusion.values import Emitter, Rules
from server.survey import rules_now
from server.web import models, read_cases, read_sensors
from server.web.api_read import Id
from server.web.explaining import Explained, explain, plan
from server.web.language import LanguageOf
from server.web.problems import NOT_FOUND, PROBLEMS
from server.web.refusals import NotHere
from server.web.site import Site, SiteOf
from server.web.tell_grounds import person_bearings, plan_out, residual_out, who
from wire.report import PositionSource

router = APIRouter(prefix="/api/v1", tags=["read"], responses=PROBLEMS)
LATELY_NS = 600 * 10**9
MOST_SEEKERS = 3
From = tuple[float, float] | None


@router.get("/cases/{id}/grounds", summary="What the region rests on, and where to drive next", responses=NOT_FOUND)
def grounds(
    site: SiteOf,
    language: LanguageOf,
    id: Id,
    lat: Annotated[
        float | None, Query(ge=-90, le=90, description="of a vehicle that asks, besides those known")
    ] = None,
    lon: Annotated[float | None, Query(ge=-180, le=180)] = None,
) -> models.GroundsOut:
    with site.engine.connect() as connection:
        found = read_cases.find_case(connection, id)
    if found is None or found[1] is None:
        raise NotHere(what="case", id=id)
    return grounds_now(site, language, found[1], None if lat is None or lon is None else (lat, lon))


def grounds_now(site: Site, language: str, emitter: Emitter, asked_from: From = None) -> models.GroundsOut:
    with site.engine.connect() as connection:
        among = read_cases.list_emitters(connection, service=emitter.service)
        seen = read_sensors.list_sensors(connection)
        rules = rules_now(connection, site.rules)
    found = explain(site.explained, emitter, among, rules)
    seekers = [*_moving(seen, site.clock()), *([] if asked_from is None else [Seeker(*asked_from)])]
    return models.GroundsOut(
        method=None if emitter.fix is None else emitter.fix.method,
        residuals=[residual_out(each, language) for each in found.located.residuals],
        plans=_plans(found, seekers, rules, language),
        person_bearings=person_bearings(emitter, language),
    )


def _plans(found: Explained, seekers: list[Seeker], rules: Rules, language: str) -> list[models.PlanOut]:
    said = [(seeker, plan(found, seeker, rules)) for seeker in seekers]
    return [plan_out(each, who(seeker.sensor, language), language) for seeker, each in said if each is not None]


def _moving(seen: list[read_sensors.SensorSeen], now_ns: int) -> list[Seeker]:
    """Sensors that know their place by satellite and were heard of lately: they can drive where they are sent."""
    found = [
        Seeker(s.position.lat_deg, s.position.lon_deg, sensor=s.name)
        for s in seen
        if s.position is not None
        and s.position.source is PositionSource.GNSS
        and s.revoked_utc_ns is None
        and s.last_seen_utc_ns is not None
        and now_ns - s.last_seen_utc_ns < LATELY_NS
    ]
    return found[:MOST_SEEKERS]
