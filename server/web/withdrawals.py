"""Taking back a bearing that was typed in wrong: it stays in the record, and locates no more."""

import time
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse
from pydantic import Field
from sqlalchemy import Connection, select

from server import audit, people, tables
from server.roles import Role
from server.sessions import Visitor
from server.web import models, read_bodies, read_cases
from server.web.api_read import Id
from server.web.guard import VisitorNow
from server.web.models import Given
from server.web.problems import PROBLEMS
from server.web.refusals import NotHere, WebRefusal
from server.web.site import Site, SiteOf
from wire.person import withdrawal_report
from wire.report import Bearing

OTHERS = Role.ENFORCEMENT  # whose role is enough for what other people typed in
router = APIRouter(tags=["bearings"], responses=PROBLEMS)


class NotYours(WebRefusal):
    status = 403

    def __init__(self, *, needed: str) -> None:
        super().__init__(f"another person took this bearing: taking it back needs the role {needed} or a higher one")
        self.needed = needed


class TakenBack(WebRefusal):
    status = 409

    def __init__(self) -> None:
        super().__init__("this bearing was taken back before")


class WithdrawalForm(Given):
    sensor: Annotated[str, Field(max_length=64)]
    boot: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    seq: Annotated[int, Field(ge=1, lt=1 << 63)]
    csrf: Annotated[str, Field(max_length=200)]


@router.post("/cases/{id}/bearing/withdraw", include_in_schema=False)
def withdraw_on_case(
    site: SiteOf, visitor: VisitorNow, id: Id, form: Annotated[WithdrawalForm, Form()]
) -> RedirectResponse:
    take_back(site, visitor, models.WithdrawalIn(sensor=form.sensor, boot=form.boot, seq=form.seq))
    return RedirectResponse(f"/cases/{id}#bearings", 303)


@router.post("/api/v1/bearings/withdraw", summary="Take back a bearing that a person typed in", status_code=202)
def withdraw(site: SiteOf, visitor: VisitorNow, wanted: models.WithdrawalIn) -> models.BearingTaken:
    return models.BearingTaken(filed_under=take_back(site, visitor, wanted))


def take_back(site: Site, visitor: Visitor, wanted: models.WithdrawalIn) -> str:
    """Returns the name it is filed under. Raises NotHere, NotYours, TakenBack."""
    now = site.clock()
    with site.engine.begin() as connection:
        bearing = _find(connection, wanted)
        if wanted.sensor != people.name_of(visitor.account_id) and visitor.role < OTHERS:
            raise NotYours(needed=OTHERS.text)
        _refuse_again(connection, wanted)
        report = withdrawal_report(
            sensor=wanted.sensor,
            boot=wanted.boot,
            seq=wanted.seq,
            created_utc_ns=now,
            created_monotonic_ns=time.monotonic_ns(),
        )
        name = people.file_report(connection, report, account_id=visitor.account_id, now_utc_ns=now)
        audit.note(
            connection,
            time_utc_ns=now,
            who=visitor.name,
            address=visitor.address,
            what="bearing_withdrawn",
            subject=wanted.sensor,
            detail=f"{wanted.boot} {wanted.seq}: {bearing.freq_hz:.0f} Hz, {bearing.azimuth_deg:.1f}°",
        )
    site.news.publish("report", "")
    return name


def _find(connection: Connection, wanted: models.WithdrawalIn) -> Bearing:
    """As it was reported. Raises NotHere for anything but a person's bearing."""
    r, s = tables.report.c, tables.sensor.c
    query = select(r.body).join_from(tables.report, tables.sensor, r.sensor_id == s.id)
    body = connection.execute(
        query.where(s.name == wanted.sensor, r.boot == wanted.boot, r.seq == wanted.seq)
    ).scalar_one_or_none()
    report = None if body is None else read_bodies.reports.read(body)
    found = [] if report is None else [b for b in report.bearings if b.source == "person"]
    if not found:
        raise NotHere(what="bearing", id=f"{wanted.sensor} {wanted.boot} {wanted.seq}")
    return found[0]


def _refuse_again(connection: Connection, wanted: models.WithdrawalIn) -> None:
    """Raises TakenBack."""
    name = (wanted.sensor, wanted.boot, wanted.seq)
    for emitter in read_cases.list_emitters(connection):
        if any((b.sensor, b.boot, b.seq) == name for b in emitter.withdrawn):
            raise TakenBack
