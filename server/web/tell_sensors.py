"""Sensors, tasks and snippets as the API tells them."""

import msgspec

from server.survey import off_survey_m
from server.web import models, read_bodies
from server.web.phrases import iso, iso_or_none
from server.web.read_sensors import SensorSeen, SnippetRow, TaskRow
from server.web.sensor_state import BAD, WARNING, Doubt, doubts, state_of
from shell import words
from wire.report import Health, Position


def sensor_out(sensor: SensorSeen, *, now_utc_ns: int, language: str) -> models.SensorOut:
    silent_ns = None if sensor.last_seen_utc_ns is None else max(0, now_utc_ns - sensor.last_seen_utc_ns)
    found = doubts(sensor.report, sensor.position, silent_ns=silent_ns, revoked=sensor.revoked_utc_ns is not None)
    if sensor.left_out is not None and sensor.revoked_utc_ns is None:
        found.append(Doubt(f"self_test_{sensor.left_out}", WARNING, {}))
    off_m = (
        None if sensor.surveyed is None or sensor.position is None else off_survey_m(sensor.surveyed, sensor.position)
    )
    if off_m is not None and sensor.revoked_utc_ns is None:
        found.append(Doubt("off_survey", BAD, {"km": f"{off_m / 1e3:.1f}"}))
    report = sensor.report
    return models.SensorOut.model_validate(
        {
            "id": sensor.id,
            "name": sensor.name,
            "state": state_of(found),
            "reasons": [_reason(doubt, language) for doubt in found],
            "place": None if sensor.position is None else _place(sensor.position),
            "last_seen": iso_or_none(sensor.last_seen_utc_ns),
            "last_report": sensor.last_report,
            "software": report and report.software,
            "health": None if report is None or report.health is None else _health(report.health),
        }
    )


def _reason(doubt: Doubt, language: str) -> models.Reason:
    return models.Reason(code=doubt.code, text=words.say(f"web.doubt.{doubt.code}", language, **doubt.values))


def _place(position: Position) -> models.Place:
    return models.Place(
        lat_deg=position.lat_deg, lon_deg=position.lon_deg, sigma_m=position.sigma_m, source=position.source.value
    )


def _health(health: Health) -> models.HealthOut:
    return models.HealthOut.model_validate(msgspec.to_builtins(health))


def task_out(row: TaskRow) -> models.TaskOut | None:
    task = read_bodies.tasks.read(row.body)
    if task is None:
        return None
    return models.TaskOut(
        id=row.id,
        sensor=row.sensor,
        created=iso(row.created_utc_ns),
        created_by=row.created_by,
        centre_hz=task.centre_hz,
        rate_hz=task.rate_hz,
        seconds=task.seconds,
        sent=iso_or_none(row.sent_utc_ns),
        done=iso_or_none(row.done_utc_ns),
        outcome=row.outcome,
        snippet_id=row.snippet_id,
    )


def snippet_out(row: SnippetRow) -> models.SnippetOut:
    return models.SnippetOut(
        id=row.id,
        task_id=row.task_id,
        sensor=row.sensor,
        received=iso(row.received_utc_ns),
        centre_hz=row.centre_hz,
        rate_hz=row.rate_hz,
        time=iso_or_none(row.time_utc_ns),
        format=row.format,
        sha256=row.sha256,
        bytes=row.size_bytes,
    )
