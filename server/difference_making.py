"""From snippets that arrived to differences that casework takes: read, compared, stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from fusion.fm_differences import fm_differences
from fusion.gsm_looks import Refused
from fusion.values import MeasuredDifferences
from server import tables
from server.difference_asking import Request
from wire.errors import WireError
from wire.phase_snippet import FORMAT, PhaseSnippet, decode_phases

WAIT_NS = 45 * 10**9  # after the moment: what has not come by then is done without
KEPT = 40  # requests whose snippets stay, to be looked at
_Q, _T, _N = tables.difference_request.c, tables.task.c, tables.snippet.c
_request = msgspec.msgpack.Decoder(Request)
_measured = msgspec.msgpack.Decoder(MeasuredDifferences)


@dataclass(frozen=True, slots=True)
class Ready:
    """A request that waits for nothing more. snippets : by the sensor's name; refused : which could not be read"""

    row: int
    request: Request
    snippets: Mapping[str, PhaseSnippet]
    refused: tuple[Refused, ...]


def ready(connection: Connection, *, now_utc_ns: int) -> list[Ready]:
    """Requests of which every task has ended, or whose time is over."""
    query = select(_Q.id, _Q.body).where(_Q.done_utc_ns.is_(None)).order_by(_Q.id)
    found = [(row, _request.decode(body)) for row, body in connection.execute(query)]
    return [
        _read(connection, row, request)
        for row, request in found
        if now_utc_ns - request.asked.at_utc_ns > WAIT_NS or not _open_tasks(connection, request)
    ]


def measured(each: Ready, *, now_utc_ns: int) -> tuple[MeasuredDifferences, str]:
    """What the snippets give, and in words for a log what they do not. Takes seconds."""
    differences, refused = fm_differences(each.request.asked, each.snippets)
    told = msgspec.structs.replace(nothing(each, now_utc_ns=now_utc_ns), differences=differences)
    words = [f"{len(differences)} measured", *(f"{r.subject}: {r.reason}" for r in (*each.refused, *refused))]
    return told, "; ".join(words)[:500]


def nothing(each: Ready, *, now_utc_ns: int) -> MeasuredDifferences:
    asked = each.request.asked
    return MeasuredDifferences(
        emitter_id=asked.emitter_id, service="fm", freq_hz=asked.freq_hz, time_utc_ns=now_utc_ns, differences=()
    )


def store(connection: Connection, row: int, told: MeasuredDifferences, outcome: str, *, now_utc_ns: int) -> None:
    """In the caller's transaction: the differences, the request's end, and old snippets away."""
    if told.differences:
        body = msgspec.msgpack.encode(told)
        connection.execute(insert(tables.difference).values(request_id=row, measured_utc_ns=now_utc_ns, body=body))
    connection.execute(
        update(tables.difference_request).where(_Q.id == row).values(done_utc_ns=now_utc_ns, outcome=outcome)
    )
    old = connection.execute(select(_Q.body).where(_Q.id == row - KEPT)).scalar_one_or_none()
    if old is not None:
        tasks = list(_request.decode(old).tasks.values())
        connection.execute(delete(tables.snippet).where(_N.task_id.in_(tasks), _N.format == FORMAT))


def differences_after(connection: Connection, row: int, *, limit: int) -> list[tuple[int, MeasuredDifferences]]:
    d = tables.difference.c
    query = select(d.id, d.body).where(d.id > row).order_by(d.id).limit(limit)
    return [(number, _measured.decode(body)) for number, body in connection.execute(query)]


def _open_tasks(connection: Connection, request: Request) -> bool:
    query = select(_T.id).where(_T.id.in_(list(request.tasks.values())), _T.done_utc_ns.is_(None)).limit(1)
    return connection.execute(query).first() is not None


def _read(connection: Connection, row: int, request: Request) -> Ready:
    names = {task: name for name, task in request.tasks.items()}
    query = select(_N.task_id, _N.data).where(_N.task_id.in_(list(names)), _N.format == FORMAT)
    snippets: dict[str, PhaseSnippet] = {}
    refused: list[Refused] = []
    for task, data in connection.execute(query):
        try:
            snippets[names[task]] = decode_phases(data)
        except WireError as error:
            refused.append(Refused(error.reason, names[task]))
    return Ready(row, request, snippets, tuple(refused))


def all_measured(connection: Connection) -> Iterable[MeasuredDifferences]:
    """Everything that was ever measured, oldest first: to judge a record again with it."""
    d = tables.difference.c
    for body in connection.scalars(select(d.body).order_by(d.id)):
        yield _measured.decode(body)
