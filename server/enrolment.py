"""Which sensors may speak: their names and public keys. Each change is in the audit log."""

import re
import struct
import time
from dataclasses import dataclass

import zmq
from sqlalchemy import Connection, Engine, insert, select, update
from zmq.utils import z85

from server import audit, tables
from server.errors import ServerError
from server.people import PREFIX

_NAME = re.compile(r"[\w][\w .\-]{0,63}")


class EnrolmentError(ServerError):
    """A sensor that cannot be enrolled or revoked as asked."""


class BadEnrolName(EnrolmentError):
    def __init__(self, *, name: str) -> None:
        super().__init__(f"{name!r} is no name for a sensor: 1 to 64 letters, digits, spaces, dots or dashes")
        self.name = name


class BadSensorKey(EnrolmentError):
    def __init__(self, *, key: str) -> None:
        super().__init__(f"{key!r} is no public key: `wavewarden sensor enrol` on the sensor prints 40 characters")
        self.key = key


class AlreadyEnrolled(EnrolmentError):
    def __init__(self, *, name: str, key: str) -> None:
        super().__init__(f"the sensor {name!r} is enrolled with the key {key}; revoke it first or choose another name")
        self.name, self.key = name, key


class NotEnrolled(EnrolmentError):
    def __init__(self, *, name: str) -> None:
        super().__init__(f"there is no sensor {name!r}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Enrolled:
    id: int
    name: str
    public_key: str
    enrolled_utc_ns: int
    revoked_utc_ns: int | None
    last_seen_utc_ns: int | None


def enrol_sensor(engine: Engine, name: str, key: str, *, who: str = "command line", address: str = "local") -> Enrolled:
    """Let the owner of the key speak under the name. A revoked name may get a new key, never a revoked key back.

    Enrolling the same pair again changes nothing. Raises EnrolmentError.
    """
    name, key = name.strip(), key.strip()
    if not _NAME.fullmatch(name):
        raise BadEnrolName(name=name)
    _check_key(key)
    with engine.begin() as connection:
        for known in enrolled_sensors(connection):
            if (known.name, known.public_key, known.revoked_utc_ns) == (name, key, None):
                return known
            if known.public_key == key or (known.name == name and known.revoked_utc_ns is None):
                raise AlreadyEnrolled(name=known.name, key=known.public_key)
        return _add(connection, name, key, who=who, address=address)


def revoke_sensor(engine: Engine, name: str, *, who: str = "command line", address: str = "local") -> None:
    """The key is refused from now on. What it sent before stays. Raises NotEnrolled."""
    now = time.time_ns()
    s = tables.sensor.c
    with engine.begin() as connection:
        query = update(tables.sensor).where(s.name == name, s.revoked_utc_ns.is_(None)).values(revoked_utc_ns=now)
        if connection.execute(query).rowcount == 0:
            raise NotEnrolled(name=name)
        audit.note(connection, time_utc_ns=now, who=who, address=address, what="sensor_revoked", subject=name)


def enrolled_sensors(connection: Connection) -> list[Enrolled]:
    """All, revoked ones too, by name; people, whose words are filed beside, are none."""
    s = tables.sensor.c
    columns = (s.id, s.name, s.public_key, s.enrolled_utc_ns, s.revoked_utc_ns, s.last_seen_utc_ns)
    query = select(*columns).where(s.name.not_like(f"{PREFIX}%")).order_by(s.name)
    return [Enrolled(*row) for row in connection.execute(query)]


def sensor_of_key(connection: Connection, key: str) -> Enrolled | None:
    """Whose key this is, revoked or not."""
    s = tables.sensor.c
    columns = (s.id, s.name, s.public_key, s.enrolled_utc_ns, s.revoked_utc_ns, s.last_seen_utc_ns)
    row = connection.execute(select(*columns).where(s.public_key == key)).one_or_none()
    return None if row is None else Enrolled(*row)


def _check_key(key: str) -> None:
    try:
        right = len(key) == 40 and len(z85.decode(key.encode("ascii"))) == 32
    except (ValueError, KeyError, UnicodeEncodeError, zmq.ZMQError, struct.error):
        right = False
    if not right:
        raise BadSensorKey(key=key)


def _add(connection: Connection, name: str, key: str, *, who: str, address: str) -> Enrolled:
    now = time.time_ns()
    s = tables.sensor.c
    retired = f"{name[:40]}~{now}"
    connection.execute(update(tables.sensor).where(s.name == name).values(name=retired))
    connection.execute(insert(tables.sensor).values(name=name, public_key=key, enrolled_utc_ns=now))
    audit.note(connection, time_utc_ns=now, who=who, address=address, what="sensor_enrolled", subject=name, detail=key)
    added = sensor_of_key(connection, key)
    assert added is not None
    return added
