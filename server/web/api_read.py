"""The API that is looked at: what there is, where it is, why it is suspected."""

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, RootModel

from fusion.values import Level
from server.web import geojson, models, read_cases, read_reports, read_sensors, tell
from server.web.guard import VisitorNow
from server.web.language import LanguageOf
from server.web.phrases import LevelName
from server.web.problems import NOT_FOUND, PROBLEMS
from server.web.read_cases import CaseFilter, CaseSort
from server.web.refusals import NotHere
from server.web.site import Site, SiteOf
from server.web.status import status_of
from server.web.tell_sensors import sensor_out

router = APIRouter(prefix="/api/v1", tags=["read"], responses=PROBLEMS)
Limit = Annotated[int, Query(ge=1, le=read_cases.MOST_ROWS)]
Id = Annotated[str, Path(max_length=32)]
LEVELS = {level.name.lower(): int(level) for level in Level}
FRESH_NS = 3600 * 10**9 * 24
GEOJSON = "application/geo+json"


def as_json(values: BaseModel | list[Any]) -> bytes:
    root = values if isinstance(values, BaseModel) else RootModel[list[Any]](values)
    return root.model_dump_json().encode()


def json_response(body: bytes, media_type: str = "application/json") -> Response:
    return Response(body, media_type=media_type)


@router.get("/me", summary="Who is logged in, and the token that changes need")
def me(visitor: VisitorNow, language: LanguageOf) -> models.Me:
    return models.Me(name=visitor.name, role=visitor.role.text, language=language, csrf=visitor.csrf)


@router.get("/status", summary="The whole in a few numbers", response_model=models.Status)
def status(site: SiteOf, language: LanguageOf) -> Response:
    kinds = ("report", "sensor", "case", "alert", "ack")
    return json_response(site.answers.get(("status", language), kinds, lambda: as_json(status_of(site, language))))


@router.get("/sensors", summary="Every sensor and how well it is", response_model=list[models.SensorOut])
def sensors(site: SiteOf, language: LanguageOf) -> Response:
    kinds = ("report", "sensor")
    return json_response(site.answers.get(("sensors", language), kinds, lambda: as_json(sensors_now(site, language))))


def sensors_now(site: Site, language: str) -> list[models.SensorOut]:
    with site.engine.connect() as connection:
        seen = read_sensors.list_sensors(connection)
    return [sensor_out(sensor, now_utc_ns=site.clock(), language=language) for sensor in seen]


@router.get("/emitters", summary="Transmitters believed to exist, the last seen first")
def emitters(site: SiteOf, service: Literal["gsm", "fm"] | None = None, limit: Limit = 200) -> list[models.EmitterOut]:
    with site.engine.connect() as connection:
        found = read_cases.list_emitters(connection, service=service, limit=limit)
    return [tell.emitter_out(emitter) for emitter in found]


@router.get(
    "/emitters.geojson",
    summary="The same as regions, points and tracks (RFC 7946), those seen within a day",
    response_class=Response,
    responses={200: {"content": {GEOJSON: {"schema": {"type": "object"}}}}},
)
def emitters_geojson(site: SiteOf, language: LanguageOf) -> Response:
    kinds = ("emitter", "case")
    answer = site.answers.get(("geojson", language), kinds, lambda: _geojson(site, language))
    return json_response(answer, GEOJSON)


def _geojson(site: Site, language: str) -> bytes:
    with site.engine.connect() as connection:
        found = read_cases.list_emitters(connection, since_utc_ns=site.clock() - FRESH_NS)
        open_cases = read_cases.list_cases(connection, CaseFilter(open_only=True, limit=read_cases.MOST_ROWS))
    by_emitter = {case.emitter_id: case for case, _ in reversed(open_cases)}  # the highest stays
    collection = geojson.feature_collection(found, by_emitter, language)
    return json.dumps(collection, ensure_ascii=False, allow_nan=False).encode()


@router.get("/emitters/{id}", summary="One transmitter with everything heard of it", responses=NOT_FOUND)
def emitter(site: SiteOf, language: LanguageOf, id: Id) -> models.EmitterDetail:
    with site.engine.connect() as connection:
        found = read_cases.find_emitter(connection, id)
    if found is None:
        raise NotHere(what="emitter", id=id)
    return tell.emitter_detail(found, language)


@router.get("/cases", summary="Cases, the gravest first", response_model=list[models.CaseOut])
def cases(
    *,
    site: SiteOf,
    language: LanguageOf,
    sort: CaseSort = "level",
    least_level: LevelName = "note",
    open_only: bool = False,
    kind: Annotated[str | None, Query(max_length=32)] = None,
    limit: Limit = 100,
) -> Response:
    wanted = CaseFilter(sort=sort, least_level=LEVELS[least_level], open_only=open_only, kind=kind, limit=limit)
    question = ("cases", language) if wanted == CaseFilter() else None
    if question is None:
        return json_response(as_json(cases_now(site, language, wanted)))
    kinds = ("case", "emitter")
    return json_response(site.answers.get(question, kinds, lambda: as_json(cases_now(site, language, wanted))))


def cases_now(site: Site, language: str, wanted: CaseFilter) -> list[models.CaseOut]:
    with site.engine.connect() as connection:
        found = read_cases.list_cases(connection, wanted)
    return [tell.case_out(case, emitter, language) for case, emitter in found]


@router.get("/cases/{id}", summary="One case with its reasons and evidence", responses=NOT_FOUND)
def case(site: SiteOf, language: LanguageOf, id: Id) -> models.CaseDetail:
    return case_now(site, language, id)


def case_now(site: Site, language: str, id: str) -> models.CaseDetail:
    """Raises NotHere."""
    with site.engine.connect() as connection:
        found = read_cases.find_case(connection, id)
    if found is None:
        raise NotHere(what="case", id=id)
    return tell.case_detail(*found, language)


@router.get("/cases/{id}/reports", summary="The stored reports behind a case", responses=NOT_FOUND)
def case_reports(site: SiteOf, id: Id) -> list[models.ReportOut]:
    with site.engine.connect() as connection:
        found = read_cases.find_case(connection, id)
        if found is None:
            raise NotHere(what="case", id=id)
        return read_reports.reports_of(connection, found[0])
