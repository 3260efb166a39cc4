"""Everything the database knows of one recording: who asked, who recorded, where and by which clock."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select

from dsp.fm.values import FmStation
from fusion.values import Emitter
from server import tables
from server.case_store import Unreadable, read_report
from wire.report import Report

NEAR_NS = 600 * 10**9  # between samples and the report that says place and clock
MOST_REPORTS = 40
_E, _N, _S, _T, _R = tables.evidence.c, tables.snippet.c, tables.sensor.c, tables.task.c, tables.report.c
_emitter = msgspec.msgpack.Decoder(Emitter)


@dataclass(frozen=True, slots=True)
class Samples:
    """What the sensor sent. sha256: as it announced them, checked when they arrived."""

    received_utc_ns: int
    centre_hz: float
    rate_hz: float
    time_utc_ns: int | None
    format: str
    sha256: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Facts:
    """emitter, station: None where they are not known any more
    report : of the sensor, the nearest in time to the samples, with its last health
    """

    id: int
    case_id: str
    task_id: int
    asked_utc_ns: int
    asked_by: str
    outcome: str | None
    sensor: str
    sensor_key: str
    samples: Samples | None
    emitter: Emitter | None
    station: FmStation | None
    report: Report | None

    @property
    def carrier_hz(self) -> float | None:
        if self.station is not None:
            return self.station.freq_hz
        return None if self.emitter is None else self.emitter.freq_hz


def read_facts(connection: Connection, id: int) -> Facts:
    told = (_E.id, _E.case_id, _E.task_id, _E.asked_utc_ns, _T.created_by, _T.outcome, _S.name, _S.public_key)
    query = (
        select(*told, _S.id)
        .join_from(tables.evidence, tables.task, _T.id == _E.task_id)
        .join(tables.sensor, _S.id == _T.sensor_id)
        .where(_E.id == id)
    )
    row = connection.execute(query).one()
    id, case_id, task_id, asked_utc_ns, asked_by, outcome, sensor, sensor_key, sensor_id = row
    samples, emitter = _samples(connection, task_id), _emitter_of(connection, case_id)
    return Facts(
        id=id,
        case_id=case_id,
        task_id=task_id,
        asked_utc_ns=asked_utc_ns,
        asked_by=asked_by,
        outcome=outcome,
        sensor=sensor,
        sensor_key=sensor_key,
        samples=samples,
        emitter=emitter,
        station=None if emitter is None else _station(emitter, sensor),
        report=None if samples is None else _report_beside(connection, sensor_id, sensor, samples),
    )


def _samples(connection: Connection, task_id: int) -> Samples | None:
    query = select(_N.received_utc_ns, _N.centre_hz, _N.rate_hz, _N.time_utc_ns, _N.format, _N.sha256, _N.data)
    row = connection.execute(query.where(_N.task_id == task_id)).one_or_none()
    return None if row is None else Samples(*row)


def _emitter_of(connection: Connection, case_id: str) -> Emitter | None:
    query = (
        select(tables.emitter.c.body)
        .join_from(tables.case, tables.emitter, tables.emitter.c.id == tables.case.c.emitter_id)
        .where(tables.case.c.id == case_id)
    )
    body = connection.execute(query).scalar_one_or_none()
    return None if body is None else _emitter.decode(body)


def _station(emitter: Emitter, sensor: str) -> FmStation | None:
    heard = (latest.heard for latest in emitter.latest if latest.sensor == sensor)
    return next((station for station in heard if isinstance(station, FmStation)), None)


def _report_beside(connection: Connection, sensor_id: int, sensor: str, samples: Samples) -> Report | None:
    received_ns = samples.received_utc_ns
    query = (
        select(_R.id, _R.received_utc_ns, _R.body)
        .where(_R.sensor_id == sensor_id)
        .where(_R.received_utc_ns.between(received_ns - NEAR_NS, received_ns + NEAR_NS))
        .order_by(_R.id.desc())
        .limit(MOST_REPORTS)
    )
    rows = [read_report(row.id, sensor, row.received_utc_ns, row.body) for row in connection.execute(query)]
    filed = [row for row in rows if not isinstance(row, Unreadable)]
    at_ns = received_ns if samples.time_utc_ns is None else samples.time_utc_ns
    nearest = min(filed, key=lambda each: abs((each.report.time_utc_ns or each.received_utc_ns) - at_ns), default=None)
    if nearest is None:
        return None
    healthy = next((each.report.health for each in filed if each.report.health is not None), None)
    return msgspec.structs.replace(nearest.report, health=nearest.report.health or healthy)
