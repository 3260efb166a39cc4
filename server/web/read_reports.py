"""The stored reports that stand behind a case."""

from sqlalchemy import Connection, select

from fusion.values import Case
from server import tables
from server.web import models, read_bodies
from server.web.phrases import iso
from server.web.read_cases import MOST_ROWS

_R, _S = tables.report.c, tables.sensor.c


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
