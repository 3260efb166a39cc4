"""The stored reports that stand behind a case."""

from sqlalchemy import Connection, select

from fusion.values import Case, Emitter, FiledReport
from server import tables
from server.case_store import Unreadable, read_report
from server.web import models, read_bodies
from server.web.phrases import iso
from server.web.read_cases import MOST_ROWS

_R, _S = tables.report.c, tables.sensor.c
MOST_LOOKED_AT = 2000  # reports for a picture: an hour of five busy sensors
DAY_NS = 86_400 * 10**9


def reports_of(connection: Connection, case: Case) -> list[models.ReportOut]:
    """Those that its findings name, each once, the newest first."""
    named: dict[tuple[str, str, int], list[str]] = {}
    for standing in case.findings:
        for identity in standing.reports:
            named.setdefault(identity, []).append(standing.finding.name)
    newest = sorted(named, key=lambda identity: identity[2], reverse=True)[:MOST_ROWS]
    found = [report for identity in newest if (report := _find(connection, identity, named[identity])) is not None]
    return sorted(found, key=lambda report: -report.row)


def _find(connection: Connection, identity: tuple[str, str, int], findings: list[str]) -> models.ReportOut | None:
    sensor, boot, seq = identity
    query = (
        select(_R.id, _R.received_utc_ns, _R.body)
        .join_from(tables.report, tables.sensor, _S.id == _R.sensor_id)
        .where(_S.name == sensor, _R.boot == boot, _R.seq == seq)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    report = read_bodies.reports.read(row.body)
    time = None if report is None or report.time_utc_ns is None else str(report.time_utc_ns)
    return models.ReportOut(
        row=row.id,
        sensor=sensor,
        boot=boot,
        seq=seq,
        received=iso(row.received_utc_ns),
        time_utc_ns=time,
        findings=sorted(set(findings)),
    )


def reports_around(connection: Connection, emitter: Emitter) -> list[FiledReport]:
    """Of the sensors that heard the emitter, from a day before it was last seen: the newest MOST_LOOKED_AT, oldest
    first."""
    names = [latest.sensor for latest in emitter.latest]
    last = emitter.last_seen_utc_ns
    query = (
        select(_R.id, _S.name, _R.received_utc_ns, _R.body)
        .join_from(tables.report, tables.sensor, _S.id == _R.sensor_id)
        .where(_S.name.in_(names), _R.received_utc_ns >= last - DAY_NS, _R.received_utc_ns <= last + DAY_NS)
        .order_by(_R.id.desc())
        .limit(MOST_LOOKED_AT)
    )
    found = [read_report(*row) for row in connection.execute(query)]
    return [filed for filed in reversed(found) if not isinstance(filed, Unreadable)]
