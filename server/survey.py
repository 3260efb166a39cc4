"""Where fixed sensors are known to stand, as a person with the right to say so told. Each change is audited."""

import math
import time

import msgspec
from sqlalchemy import Connection, Engine, inspect, select, update

from fusion.locate.geo import Plane
from fusion.locate.plausible import OFF_SURVEY_M, OFF_SURVEY_SIGMAS
from fusion.values import Rules
from server import audit, tables
from server.enrolment import EnrolmentError, NotEnrolled
from server.self_test_store import last_self_test
from wire.report import Position

LatLon = tuple[float, float]
_S = tables.sensor.c


class BadSurvey(EnrolmentError):
    def __init__(self, *, lat_deg: float, lon_deg: float) -> None:
        super().__init__(f"{lat_deg:g}, {lon_deg:g} is no place a sensor can stand")
        self.lat_deg, self.lon_deg = lat_deg, lon_deg


def check_place(place: LatLon) -> None:
    """Raises BadSurvey."""
    lat_deg, lon_deg = place
    known = math.isfinite(lat_deg) and math.isfinite(lon_deg) and abs(lat_deg) <= 90 and abs(lon_deg) <= 180
    if not known or (lat_deg, lon_deg) == (0.0, 0.0):
        raise BadSurvey(lat_deg=lat_deg, lon_deg=lon_deg)


def survey_sensor(
    engine: Engine, name: str, place: LatLon | None, *, who: str = "command line", address: str = "local"
) -> None:
    """From now on this sensor is known to stand there; None: it moves, or nobody knows. Raises EnrolmentError."""
    if place is not None:
        check_place(place)
    lat_deg, lon_deg = place or (None, None)
    now_ns = time.time_ns()
    with engine.begin() as connection:
        query = update(tables.sensor).where(_S.name == name, _S.revoked_utc_ns.is_(None))
        if connection.execute(query.values(surveyed_lat_deg=lat_deg, surveyed_lon_deg=lon_deg)).rowcount == 0:
            raise NotEnrolled(name=name)
        detail = "" if place is None else f"{lat_deg:.6f}, {lon_deg:.6f}"
        audit.note(
            connection,
            time_utc_ns=now_ns,
            who=who,
            address=address,
            what="sensor_surveyed",
            subject=name,
            detail=detail,
        )


def surveyed_places(connection: Connection) -> dict[str, LatLon]:
    """Of every enrolled sensor that was surveyed."""
    query = select(_S.name, _S.surveyed_lat_deg, _S.surveyed_lon_deg).where(
        _S.surveyed_lat_deg.is_not(None), _S.surveyed_lon_deg.is_not(None), _S.revoked_utc_ns.is_(None)
    )
    return {name: (lat_deg, lon_deg) for name, lat_deg, lon_deg in connection.execute(query)}


def surveyed_in_record(connection: Connection) -> dict[str, LatLon]:
    """The same of a database that may be older than surveys."""
    columns = {column["name"] for column in inspect(connection).get_columns(tables.sensor.name)}
    return surveyed_places(connection) if _S.surveyed_lat_deg.name in columns else {}


def off_survey_m(place: LatLon, position: Position) -> float | None:
    """How far from where it stands a sensor says it is; None where that is not out of the question."""
    east, north = Plane(*place).to_metres(position.lat_deg, position.lon_deg)
    metres = math.hypot(float(east), float(north))
    return metres if metres > max(OFF_SURVEY_M, OFF_SURVEY_SIGMAS * position.sigma_m) else None


def rules_now(connection: Connection, rules: Rules) -> Rules:
    """With what the database says of sensors: where they stand, and which the last self-test left out."""
    test = last_self_test(connection)
    left_out = test.left_out if test is not None else {}
    return msgspec.structs.replace(rules, surveyed=surveyed_places(connection), left_out=left_out)
