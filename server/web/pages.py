"""The pages that are looked at: the live map, cases, sensors, tasks."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field

from dsp.signatures.on_air_week import timetable
from fusion.clock_history import clock_histories
from fusion.judge import judge
from fusion.values import Case, Emitter
from server import people
from server.map import MapParts
from server.web import evidence, models, read_cases, read_reports, tell
from server.web.api_alerts import alerts_now
from server.web.api_grounds import grounds_now
from server.web.api_read import LEVELS, Id, case_now, cases_now, sensors_now
from server.web.api_tasks import create_task, tasks_now
from server.web.csv_export import cases_csv
from server.web.guard import VisitorNow
from server.web.language import LanguageOf
from server.web.linked_sets import linked_sets
from server.web.models import Given
from server.web.pages_near import Judged, judged_out
from server.web.phrases import LevelName
from server.web.read_cases import CaseFilter, CaseSort
from server.web.refusals import NotHere
from server.web.render import render
from server.web.rows import RowNumber
from server.web.site import Site, SiteOf

router = APIRouter(include_in_schema=False)
ALL = CaseFilter(limit=read_cases.MOST_ROWS)
KEEP_MAP = {"Cache-Control": "private, max-age=60"}


@router.get("/")
def map_page(request: Request, site: SiteOf) -> HTMLResponse:
    parts: MapParts = request.app.state.map_parts
    return render(request, site, "map.html", {"map": parts, "bounded": site.settings.area is not None})


@router.get("/map.js")
def map_script(request: Request) -> Response:
    parts: MapParts = request.app.state.map_parts
    return Response(parts.script, media_type="text/javascript", headers=KEEP_MAP)


@router.get("/map.css")
def map_style(request: Request) -> Response:
    parts: MapParts = request.app.state.map_parts
    return Response(parts.style, media_type="text/css", headers=KEEP_MAP)


@router.get("/cases")
def cases_page(
    *,
    request: Request,
    site: SiteOf,
    language: LanguageOf,
    sort: CaseSort = "level",
    least_level: LevelName = "note",
    open_only: bool = False,
) -> HTMLResponse:
    wanted = CaseFilter(sort, LEVELS[least_level], open_only, limit=read_cases.MOST_ROWS)
    values = {"cases": cases_now(site, language, wanted), "wanted": wanted, "least_level": least_level}
    return render(request, site, "cases.html", values)


@router.get("/cases.csv")
def cases_list(site: SiteOf, visitor: VisitorNow, language: LanguageOf) -> Response:
    text = cases_csv(cases_now(site, language, ALL), language)
    headers = {"Content-Disposition": 'attachment; filename="wavewarden-cases.csv"'}
    return Response(text.encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/cases/{id}")
def case_page(
    *,
    request: Request,
    site: SiteOf,
    visitor: VisitorNow,
    language: LanguageOf,
    id: Id,
    lat: Annotated[float | None, Query(ge=-90, le=90)] = None,
    lon: Annotated[float | None, Query(ge=-180, le=180)] = None,
    check: Annotated[bool, Query(description="work out the hashes of the evidence anew")] = False,
) -> HTMLResponse:
    """lat, lon: what the form for a bearing is filled with, from the map."""
    case = case_now(site, language, id)
    with site.engine.connect() as connection:
        found = read_cases.find_case(connection, id)
        reports = [] if found is None else read_reports.reports_of(connection, found[0])
        sets = None if found is None else linked_sets(connection, found[1], now_utc_ns=site.clock())
        recorded = evidence.checked(connection, id) if check else evidence.listed(connection, id)
    at = None if lat is None or lon is None else (round(lat, 6), round(lon, 6))
    week = None if found is None or found[1] is None else found[1].week
    values = {
        "case": case,
        "mine": people.name_of(visitor.account_id),
        "verdict": _verdict_now(found, site, language),
        "rules": tell.by_rule(case.reasons),
        "reports": reports,
        "linked": sets,
        "week": week is not None,
        "timetable": None if week is None else timetable(week),
        "recorded": recorded,
        "alerts": alerts_now(site, language, case_id=id),
        "at": at,
        "grounds": None if found is None or found[1] is None else grounds_now(site, language, found[1], at),
    }
    return render(request, site, "case.html", values)


def _verdict_now(found: tuple[Case, Emitter | None] | None, site: Site, language: str) -> Judged | None:
    """Of an open case, what counts at present; a closed one keeps what it had."""
    if found is None or found[1] is None or found[0].closed_utc_ns is not None:
        return None
    return judged_out(judge(found[1], site.settings.fm.delays), language)


@router.get("/cases/{id}/clock.svg")
def clock_svg(site: SiteOf, language: LanguageOf, id: Id) -> Response:
    """Frame clock and carrier of a GSM emitter, beside the cells heard with it."""
    with site.engine.connect() as connection:
        found = read_cases.find_case(connection, id)
        if found is None or found[1] is None or found[1].service != "gsm":
            raise NotHere(what="case", id=id)
        reports = read_reports.reports_around(connection, found[1])
    from server.pictures import clock_picture  # noqa: PLC0415  # a large library, for those who look at a case

    picture = clock_picture(clock_histories(reports, found[1]), language)
    return Response(picture, media_type="image/svg+xml")


@router.get("/cases/{id}/week.svg")
def week_svg(site: SiteOf, language: LanguageOf, id: Id) -> Response:
    """When an FM emitter was on the air, by hour and weekday."""
    with site.engine.connect() as connection:
        found = read_cases.find_case(connection, id)
    if found is None or found[1] is None or found[1].week is None:
        raise NotHere(what="case", id=id)
    from server.pictures import week_picture  # noqa: PLC0415  # a large library, for those who look at a case

    return Response(week_picture(found[1].week, language), media_type="image/svg+xml")


@router.get("/sensors")
def sensors_page(request: Request, site: SiteOf, language: LanguageOf) -> HTMLResponse:
    link = dict(site.status()) if site.status is not None else {}
    return render(request, site, "sensors.html", {"sensors": sensors_now(site, language), "link": link})


class TaskForm(Given):
    """As typed into the page: MHz and kHz."""

    sensor_id: RowNumber
    centre_mhz: Annotated[float, Field(ge=0.5, le=6000, allow_inf_nan=False)]
    rate_khz: Annotated[float, Field(ge=225, le=3200, allow_inf_nan=False)]
    seconds: Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)]
    csrf: Annotated[str, Field(max_length=200)]


@router.get("/tasks")
def tasks_page(
    request: Request,
    site: SiteOf,
    language: LanguageOf,
    sensor: Annotated[str, Query(max_length=64)] = "",
    mhz: Annotated[float | None, Query(ge=0.5, le=6000)] = None,
) -> HTMLResponse:
    """sensor, mhz: what the form is filled with, from a case's page."""
    known = [one for one in sensors_now(site, language) if one.state != "revoked"]
    values = {"tasks": tasks_now(site), "sensors": known, "chosen": sensor, "mhz": mhz}
    return render(request, site, "tasks.html", values)


@router.post("/tasks")
def ask_page(site: SiteOf, visitor: VisitorNow, form: Annotated[TaskForm, Form()]) -> Response:
    wanted = models.TaskIn(
        sensor_id=form.sensor_id,
        centre_hz=form.centre_mhz * 1e6,
        rate_hz=form.rate_khz * 1e3,
        seconds=form.seconds,
    )
    create_task(site, visitor, wanted)
    return RedirectResponse("/tasks", 303)
