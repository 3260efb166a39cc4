"""Which suspect is to be recorded next, by which sensor: seldom, little, and only what is on the air."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, insert, select

from dsp.fm.values import FmStation
from fusion.values import Case, Emitter, Latest, Level
from server import tables
from server.case_store import stored_cases
from server.settings import Evidence
from wire.messages import Task

ASKED_BY = "evidence"
KINDS = frozenset({"pirate_fm", "hijack_fm", "relay_fm"})
RATE_HZ, OFFSET_HZ = 240e3, 15e3  # a dongle's lowest usable rate; the carrier stands beside the receiver's own centre
BYTES_PER_SAMPLE = 2
HEARD_NS = 300 * 10**9
AGAIN_AFTER_FAILURE_NS = 1800 * 10**9
DAY_NS = 86400 * 10**9
_T, _E, _S = tables.task.c, tables.evidence.c, tables.sensor.c
_task = msgspec.msgpack.Decoder(Task)


@dataclass(frozen=True, slots=True)
class Asked:
    """evidence, task: their rows"""

    evidence: int
    task: int


def ask_for_evidence(connection: Connection, settings: Evidence, *, now_utc_ns: int) -> tuple[Asked, ...]:
    """Tasks for every case that is due, in the caller's transaction; the gravest first, while there is budget."""
    left = int(settings.megabytes_a_day * 1e6) - _asked_bytes(connection, now_utc_ns)
    size = round(settings.seconds * RATE_HZ * BYTES_PER_SAMPLE)
    busy = _busy_sensors(connection)
    asked = []
    for case, emitter in _suspects(connection, now_utc_ns):
        if left < size or not _due(connection, case.id, settings, now_utc_ns):
            continue
        best = _best_sensor(connection, emitter, busy, now_utc_ns)
        if best is None:
            continue
        sensor_id, station = best
        task = Task(
            id="", centre_hz=station.freq_hz + OFFSET_HZ, rate_hz=RATE_HZ, seconds=settings.seconds, snippet=True
        )
        asked.append(_ask(connection, case.id, sensor_id, task, now_utc_ns=now_utc_ns))
        busy.add(sensor_id)
        left -= size
    return tuple(asked)


def _suspects(connection: Connection, now_utc_ns: int) -> Iterable[tuple[Case, Emitter]]:
    """Open cases from *watch* on whose emitter is heard now."""
    found = [
        (case, emitter)
        for case, emitter in stored_cases(connection, least_level=Level.WATCH)
        if case.kind in KINDS and now_utc_ns - emitter.last_seen_utc_ns <= HEARD_NS
    ]
    return sorted(found, key=lambda pair: (-pair[0].level, pair[0].opened_utc_ns, pair[0].id))


def _due(connection: Connection, case_id: str, settings: Evidence, now_utc_ns: int) -> bool:
    """None is on its way, none was made lately, and what failed failed a while ago."""
    query = select(_E.asked_utc_ns, _E.done_utc_ns, _E.failure).where(_E.case_id == case_id).order_by(_E.id.desc())
    last = connection.execute(query.limit(1)).one_or_none()
    if last is None:
        return True
    if last.done_utc_ns is None:
        return False
    wait_ns = settings.every_h * 3600e9 if last.failure is None else AGAIN_AFTER_FAILURE_NS
    return bool(now_utc_ns - last.asked_utc_ns >= wait_ns)


def _best_sensor(
    connection: Connection, emitter: Emitter, busy: set[int], now_utc_ns: int
) -> tuple[int, FmStation] | None:
    """That which hears it best, of those that are enrolled and have nothing to record."""
    heard = [(each, each.heard) for each in emitter.latest if isinstance(each.heard, FmStation)]
    fresh = [pair for pair in heard if now_utc_ns - pair[0].time_utc_ns <= HEARD_NS]
    for latest, station in sorted(fresh, key=lambda pair: (-pair[1].cnr_db, pair[0].sensor)):
        row = _sensor_row(connection, latest)
        if row is not None and row not in busy:
            return row, station
    return None


def _sensor_row(connection: Connection, latest: Latest) -> int | None:
    query = select(_S.id).where(_S.name == latest.sensor, _S.revoked_utc_ns.is_(None))
    return connection.execute(query).scalar_one_or_none()


def _busy_sensors(connection: Connection) -> set[int]:
    return set(connection.scalars(select(_T.sensor_id).where(_T.done_utc_ns.is_(None), _T.created_by == ASKED_BY)))


def _asked_bytes(connection: Connection, now_utc_ns: int) -> int:
    """Of the last day."""
    query = select(_T.body).where(_T.created_by == ASKED_BY, _T.created_utc_ns > now_utc_ns - DAY_NS)
    tasks = [_task.decode(body) for body in connection.scalars(query)]
    return round(sum(task.seconds * task.rate_hz * BYTES_PER_SAMPLE for task in tasks))


def _ask(connection: Connection, case_id: str, sensor_id: int, task: Task, *, now_utc_ns: int) -> Asked:
    row = {"sensor_id": sensor_id, "created_utc_ns": now_utc_ns, "created_by": ASKED_BY}
    made = connection.execute(insert(tables.task).values(**row, body=msgspec.msgpack.encode(task)))
    (task_row,) = made.inserted_primary_key or (0,)
    values = {"case_id": case_id, "task_id": task_row, "asked_utc_ns": now_utc_ns}
    kept = connection.execute(insert(tables.evidence).values(**values))
    (evidence_row,) = kept.inserted_primary_key or (0,)
    return Asked(int(evidence_row), int(task_row))
