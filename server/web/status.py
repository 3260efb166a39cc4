"""The whole in a few numbers."""

from sqlalchemy import Connection, func, select

from server import tables
from server.web import models, phrases, read_sensors
from server.web.phrases import LEVEL_NAMES, LevelName
from server.web.site import Site
from server.web.tell_sensors import sensor_out

_C, _A = tables.case.c, tables.alert.c


def status_of(site: Site, language: str) -> models.Status:
    now = site.clock()
    with site.engine.connect() as connection:
        seen = read_sensors.list_sensors(connection)
        told = [sensor_out(sensor, now_utc_ns=now, language=language) for sensor in seen]
        return models.Status(
            name=site.settings.name,
            now=phrases.iso(now),
            sensors=sum(sensor.state != "revoked" for sensor in told),
            sensors_unwell=sum(sensor.state not in ("good", "revoked") for sensor in told),
            sensors_listening=sum(map(_listens, told)),
            last_report=connection.execute(select(func.max(tables.report.c.id))).scalar_one(),
            open_cases=_open_cases(connection),
            unacknowledged_alerts=_unacknowledged(connection),
            link=dict(site.status()) if site.status is not None else {},
        )


def _listens(sensor: models.SensorOut) -> bool:
    heard_of = sensor.state not in ("silent", "waiting", "revoked")
    return heard_of and all(doubt.code != "deaf" for doubt in sensor.reasons)


def _open_cases(connection: Connection) -> dict[LevelName, int]:
    query = select(_C.level, func.count()).where(_C.closed_utc_ns.is_(None)).group_by(_C.level)
    counts: dict[int, int] = {int(level): int(count) for level, count in connection.execute(query)}
    return {name: counts.get(level, 0) for level, name in sorted(LEVEL_NAMES.items(), reverse=True)}


def _unacknowledged(connection: Connection) -> int:
    return connection.execute(select(func.count()).where(_A.acknowledged_utc_ns.is_(None))).scalar_one()
