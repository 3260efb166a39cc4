"""Asking several sensors to hear one moment, so that a suspect's time differences can be measured."""

from collections import Counter

import msgspec
from sqlalchemy import Connection, insert, select

from fusion.difference_plan import EVERY_NS, next_difference
from fusion.difference_ways import Asked
from fusion.values import Rules, World
from server import tables
from wire.messages import Task

ASKED_BY = "differences"
REMEMBERED_NS = 3600 * 10**9
IN_VAIN = "0 measured"  # how the outcome of a request that gave nothing begins
MOST_PATIENCE_NS = 900 * 10**9
_Q, _T, _S = tables.difference_request.c, tables.task.c, tables.sensor.c


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What a request's row holds: what was asked, and the task of each sensor."""

    asked: Asked
    tasks: dict[str, int]  # by the sensor's name


def ask_for_difference(connection: Connection, world: World, rules: Rules, *, now_utc_ns: int) -> Request | None:
    """The next request with its tasks, in the caller's transaction; one at a time is on its way."""
    if connection.execute(select(_Q.id).where(_Q.done_utc_ns.is_(None)).limit(1)).first() is not None:
        return None
    asked = next_difference(world, rules, now_ns=now_utc_ns, asked_ns=_asked_ns(connection, now_utc_ns))
    if asked is None:
        return None
    sensors = _enrolled(connection, asked.sensors)
    if len(sensors) < 2:
        return None
    tasks = {name: _task(connection, row, asked, now_utc_ns=now_utc_ns) for name, row in sensors.items()}
    request = Request(asked=asked, tasks=tasks)
    row = {"emitter_id": asked.emitter_id, "asked_utc_ns": now_utc_ns, "body": msgspec.msgpack.encode(request)}
    connection.execute(insert(tables.difference_request).values(**row))
    return request


def _asked_ns(connection: Connection, now_utc_ns: int) -> dict[str, int]:
    """When each emitter was asked about last, as far back as that matters; later, where that was in vain repeatedly."""
    query = select(_Q.emitter_id, _Q.asked_utc_ns, _Q.outcome).where(_Q.asked_utc_ns > now_utc_ns - REMEMBERED_NS)
    asked: dict[str, int] = {}
    in_vain: Counter[str] = Counter()
    for emitter, asked_ns, outcome in connection.execute(query.order_by(_Q.id)):
        in_vain[emitter] = in_vain[emitter] + 1 if (outcome or "").startswith(IN_VAIN) else 0
        asked[emitter] = int(asked_ns)
    return {emitter: asked_ns + _patience_ns(in_vain[emitter]) for emitter, asked_ns in asked.items()}


def _patience_ns(in_vain: int) -> int:
    """Beside the usual time: none after one in vain, then twice as much each time, to a quarter of an hour."""
    return 0 if in_vain < 2 else min(EVERY_NS * 2 ** min(in_vain - 1, 8) - EVERY_NS, MOST_PATIENCE_NS)


def _enrolled(connection: Connection, names: tuple[str, ...]) -> dict[str, int]:
    query = select(_S.name, _S.id).where(_S.name.in_(names), _S.revoked_utc_ns.is_(None))
    return {name: int(row) for name, row in connection.execute(query)}


def _task(connection: Connection, sensor_id: int, asked: Asked, *, now_utc_ns: int) -> int:
    task = Task(
        id="",
        centre_hz=asked.centre_hz,
        rate_hz=asked.rate_hz,
        seconds=asked.seconds,
        stations_hz=asked.stations_hz,
        at_utc_ns=asked.at_utc_ns,
        in_turn_hz=asked.in_turn_hz,
        every_s=asked.every_s,
    )
    row = {"sensor_id": sensor_id, "created_utc_ns": now_utc_ns, "created_by": ASKED_BY}
    made = connection.execute(insert(tables.task).values(**row, body=msgspec.msgpack.encode(task)))
    (number,) = made.inserted_primary_key or (0,)
    return int(number)
