"""A person's compass bearing: from a case's page, or from a program."""

import time
from typing import Annotated, Literal

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse
from pydantic import BeforeValidator, Field

from server import audit, people
from server.sessions import Visitor
from server.web import models, read_cases
from server.web.api_read import Id
from server.web.guard import VisitorNow
from server.web.models import Given
from server.web.problems import PROBLEMS
from server.web.refusals import NotHere, WebRefusal
from server.web.site import Site, SiteOf
from wire.person import bearing_report

LOOKED_SIGMA_NS = 60 * 10**9  # from looking at the compass to sending the form
router = APIRouter(tags=["bearings"], responses=PROBLEMS)
Degrees = Annotated[float, Field(ge=0, le=360, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


Optional = BeforeValidator(_none_if_empty)


class DeclinationNeeded(WebRefusal):
    status = 422

    def __init__(self) -> None:
        super().__init__("a magnetic bearing needs the declination of the place; or give the bearing from true north")


class NoSuchPlace(WebRefusal):
    status = 422

    def __init__(self) -> None:
        super().__init__("0, 0 is the sea off Africa: give the place where you stood")


class BearingForm(Given):
    """As typed into a case's page."""

    azimuth_deg: Degrees
    north: Literal["true", "magnetic"] = "true"
    declination_deg: Annotated[float | None, Optional, Field(ge=-90, le=90, allow_inf_nan=False)] = None
    sigma_deg: Annotated[float | None, Optional, Field(ge=0.1, le=90, allow_inf_nan=False)] = None
    lat_deg: Latitude
    lon_deg: Longitude
    csrf: Annotated[str, Field(max_length=200)]


@router.post("/cases/{id}/bearing", include_in_schema=False)
def bearing_of_case(
    site: SiteOf, visitor: VisitorNow, id: Id, form: Annotated[BearingForm, Form()]
) -> RedirectResponse:
    with site.engine.connect() as connection:
        found = read_cases.find_case(connection, id)
    if found is None or found[1] is None:
        raise NotHere(what="case", id=id)
    if form.north == "magnetic" and form.declination_deg is None:
        raise DeclinationNeeded
    turn_deg = (form.declination_deg or 0.0) if form.north == "magnetic" else 0.0
    wanted = models.BearingIn(
        freq_hz=found[1].freq_hz,
        azimuth_deg=(form.azimuth_deg + turn_deg) % 360,
        sigma_deg=form.sigma_deg,
        lat_deg=form.lat_deg,
        lon_deg=form.lon_deg,
    )
    take_bearing(site, visitor, wanted)
    return RedirectResponse(f"/cases/{id}#grounds", 303)


@router.post("/api/v1/bearings", summary="A bearing that a person took with a compass", status_code=201)
def add_bearing(site: SiteOf, visitor: VisitorNow, wanted: models.BearingIn) -> models.BearingTaken:
    return models.BearingTaken(filed_under=take_bearing(site, visitor, wanted))


def take_bearing(site: Site, visitor: Visitor, wanted: models.BearingIn) -> str:
    """Returns the name it is filed under, which is not the person's. Raises NoSuchPlace."""
    if (wanted.lat_deg, wanted.lon_deg) == (0.0, 0.0):
        raise NoSuchPlace
    now = site.clock()
    report = bearing_report(
        freq_hz=wanted.freq_hz,
        azimuth_deg=wanted.azimuth_deg,
        sigma_deg=wanted.sigma_deg,
        lat_deg=wanted.lat_deg,
        lon_deg=wanted.lon_deg,
        position_sigma_m=wanted.position_sigma_m,
        time_utc_ns=now,
        time_sigma_ns=LOOKED_SIGMA_NS,
        created_utc_ns=now,
        created_monotonic_ns=time.monotonic_ns(),
        software="",
    )
    with site.engine.begin() as connection:
        name = people.file_report(connection, report, account_id=visitor.account_id, now_utc_ns=now)
        audit.note(
            connection,
            time_utc_ns=now,
            who=visitor.name,
            address=visitor.address,
            what="bearing_taken",
            subject=name,
            detail=f"{wanted.freq_hz:.0f} Hz, {wanted.azimuth_deg:.1f}°, {wanted.lat_deg:.5f}, {wanted.lon_deg:.5f}",
        )
    site.news.publish("report", "")
    return name
