"""Alerts on screen, and the person who says "seen"."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy import select, update

from fusion.values import Level
from server import audit, tables
from server.alerts.alert import Alert
from server.sessions import Visitor
from server.web import models, phrases, read_bodies, read_cases
from server.web.api_read import Limit, as_json, json_response
from server.web.guard import VisitorNow
from server.web.language import LanguageOf
from server.web.phrases import iso, iso_or_none
from server.web.problems import NOT_FOUND, PROBLEMS
from server.web.read_cases import AlertRow
from server.web.refusals import NotHere
from server.web.rows import RowNumber
from server.web.site import Site, SiteOf

router = APIRouter(prefix="/api/v1", tags=["alerts"], responses=PROBLEMS)


@router.get("/alerts", summary="Alerts, the newest first", response_model=list[models.AlertOut])
def alerts(
    site: SiteOf,
    language: LanguageOf,
    open_only: bool = False,
    case_id: Annotated[str | None, Query(max_length=32)] = None,
    limit: Limit = 100,
) -> Response:
    def make() -> bytes:
        return as_json(alerts_now(site, language, open_only=open_only, case_id=case_id, limit=limit))

    if case_id is not None:
        return json_response(make())
    return json_response(site.answers.get(("alerts", language, open_only, limit), ("alert", "ack"), make))


def alerts_now(
    site: Site, language: str, *, open_only: bool = False, case_id: str | None = None, limit: int = 100
) -> list[models.AlertOut]:
    with site.engine.connect() as connection:
        rows = read_cases.list_alerts(connection, open_only=open_only, case_id=case_id, limit=limit)
    told = (alert_out(row, site, language) for row in rows)
    return [alert for alert in told if alert is not None]


def alert_out(row: AlertRow, site: Site, language: str) -> models.AlertOut | None:
    alert: Alert | None = read_bodies.alerts.read(row.body)
    if alert is None:
        return None
    made = row.report_created_utc_ns
    return models.AlertOut(
        id=row.id,
        key=row.key,
        case_id=row.case_id,
        emitter_id=alert.emitter_id,
        title=phrases.alert_title(alert, language),
        level=phrases.level_name(row.level),
        level_text=phrases.level_text(row.level, language),
        created=iso(row.created_utc_ns),
        freq_hz=alert.freq_hz,
        score_db=alert.score_db,
        delay_s=None if made is None else (row.created_utc_ns - made) / 1e9,
        acknowledged=iso_or_none(row.acknowledged_utc_ns),
        acknowledged_by=row.acknowledged_by,
        acknowledged_note=row.acknowledged_note,
        on_screen=row.level >= Level[site.settings.alerts.screen_level.upper()],
    )


@router.post("/alerts/{id}/acknowledge", summary="A person has seen it", responses=NOT_FOUND)
def acknowledge(
    site: SiteOf, visitor: VisitorNow, language: LanguageOf, id: RowNumber, said: models.AcknowledgeIn
) -> models.AlertOut:
    """Who came first stays: a second acknowledgement changes nothing and is answered with the first."""
    if acknowledge_alert(site, visitor, id, said.note):
        site.news.publish("ack", str(id))
    with site.engine.connect() as connection:
        row = read_cases.find_alert(connection, id)
    told = None if row is None else alert_out(row, site, language)
    if told is None:
        raise NotHere(what="alert", id=str(id))
    return told


def acknowledge_alert(site: Site, visitor: Visitor, id: int, note: str) -> bool:
    """With the earlier alerts of its case. False when there is no such alert or somebody else was first."""
    a, now = tables.alert.c, site.clock()
    case_id = select(a.case_id).where(a.id == id).scalar_subquery()
    values = {"acknowledged_utc_ns": now, "acknowledged_by": visitor.name, "acknowledged_note": note}
    with site.engine.begin() as connection:
        first = update(tables.alert).where(a.id == id, a.acknowledged_utc_ns.is_(None))
        if connection.execute(first.values(**values)).rowcount != 1:
            return False
        before = update(tables.alert).where(a.case_id == case_id, a.id < id, a.acknowledged_utc_ns.is_(None))
        connection.execute(before.values(**values))
        audit.note(
            connection,
            time_utc_ns=now,
            who=visitor.name,
            address=visitor.address,
            what="alert_acknowledged",
            subject=str(id),
            detail=note,
        )
    return True
