"""Asking a sensor for samples, and taking them out."""

import msgspec
from fastapi import APIRouter, Response
from sqlalchemy import insert

from server import audit, tables
from server.sessions import Visitor
from server.web import models, read_sensors
from server.web.api_read import Limit
from server.web.guard import VisitorNow
from server.web.problems import NOT_FOUND, PROBLEMS
from server.web.refusals import NotHere
from server.web.rows import RowNumber, new_id
from server.web.sigmf import sigmf_zip, snippet_name
from server.web.site import Site, SiteOf
from server.web.tell_sensors import snippet_out, task_out
from wire.messages import Task

router = APIRouter(prefix="/api/v1", tags=["tasks"], responses=PROBLEMS)
ZIP = "application/zip"


@router.get("/tasks", summary="What sensors were asked for, the newest first")
def tasks(site: SiteOf, limit: Limit = 100) -> list[models.TaskOut]:
    return tasks_now(site, limit)


def tasks_now(site: Site, limit: int = 100) -> list[models.TaskOut]:
    with site.engine.connect() as connection:
        rows = read_sensors.list_tasks(connection, limit=limit)
    return [task for row in rows if (task := task_out(row)) is not None]


@router.post(
    "/tasks", summary="Ask a sensor to tune somewhere and send the samples", status_code=201, responses=NOT_FOUND
)
def ask(site: SiteOf, visitor: VisitorNow, wanted: models.TaskIn) -> models.TaskOut:
    id = create_task(site, visitor, wanted)
    return next(task for task in tasks_now(site) if task.id == id)


def create_task(site: Site, visitor: Visitor, wanted: models.TaskIn) -> int:
    """Returns the task's id. Raises NotHere when there is no such sensor, or its key is revoked."""
    now = site.clock()
    with site.engine.begin() as connection:
        if read_sensors.find_sensor_id(connection, wanted.sensor_id) is None:
            raise NotHere(what="sensor", id=str(wanted.sensor_id))
        row = {"sensor_id": wanted.sensor_id, "created_utc_ns": now, "created_by": visitor.name}
        body = msgspec.msgpack.encode(task_of(wanted))
        id = new_id(connection.execute(insert(tables.task).values(**row, body=body)))
        audit.note(
            connection,
            time_utc_ns=now,
            who=visitor.name,
            address=visitor.address,
            what="snippet_asked",
            subject=str(id),
            detail=f"sensor {wanted.sensor_id}, {wanted.centre_hz:.0f} Hz, {wanted.seconds:g} s",
        )
    site.news.publish("task", str(id))
    return id


def task_of(wanted: models.TaskIn) -> Task:
    """It gets its id on its way: server.tasking."""
    return Task(id="", centre_hz=wanted.centre_hz, rate_hz=wanted.rate_hz, seconds=wanted.seconds, snippet=True)


@router.get("/snippets", summary="Samples that arrived, the newest first")
def snippets(site: SiteOf, limit: Limit = 100) -> list[models.SnippetOut]:
    with site.engine.connect() as connection:
        return [snippet_out(row) for row in read_sensors.list_snippets(connection, limit=limit)]


@router.get(
    "/snippets/{id}.zip",
    summary="One snippet as a SigMF pair",
    response_class=Response,
    responses={200: {"content": {ZIP: {"schema": {"type": "string", "format": "binary"}}}}, **NOT_FOUND},
)
def snippet_zip(site: SiteOf, visitor: VisitorNow, id: RowNumber) -> Response:
    with site.engine.begin() as connection:
        found = read_sensors.find_snippet(connection, id)
        if found is None:
            raise NotHere(what="snippet", id=str(id))
        audit.note(
            connection,
            time_utc_ns=site.clock(),
            who=visitor.name,
            address=visitor.address,
            what="snippet_taken",
            subject=str(id),
        )
    name = snippet_name(found[0])
    return Response(
        sigmf_zip(*found), media_type=ZIP, headers={"Content-Disposition": f'attachment; filename="{name}.zip"'}
    )
