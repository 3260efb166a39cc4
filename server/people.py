"""What people type in, filed as reports under a number in place of a name. Whose it is only the accounts say."""

from importlib.metadata import version

import msgspec
from sqlalchemy import Connection, func, insert, select

from server import tables
from server.filing import Arrived, file_reports
from wire.person import PERSON
from wire.report import Report
from wire.report_codec import encode_report

PREFIX = PERSON


def name_of(account_id: int) -> str:
    """Under which what this account says is filed."""
    return f"{PREFIX}{account_id}"


def file_report(connection: Connection, report: Report, *, account_id: int, now_utc_ns: int) -> str:
    """Store what this account says. Returns the name it is filed under. Raises WireError."""
    sensor_id, name = _person(connection, account_id, now_utc_ns)
    boot = f"{account_id:032x}"
    r = tables.report.c
    last = connection.execute(select(func.max(r.seq)).where(r.sensor_id == sensor_id, r.boot == boot)).scalar_one()
    seq = (last or 0) + 1
    body = encode_report(
        msgspec.structs.replace(report, boot=boot, seq=seq, software=f"wavewarden {version('wavewarden')}")
    )
    file_reports(connection, [Arrived(sensor_id, boot, seq, now_utc_ns, body)])
    return name


def _person(connection: Connection, account_id: int, now_utc_ns: int) -> tuple[int, str]:
    name, s = name_of(account_id), tables.sensor
    found = connection.execute(select(s.c.id).where(s.c.name == name)).scalar_one_or_none()
    if found is None:
        row = {"name": name, "public_key": name, "enrolled_utc_ns": now_utc_ns}
        (found,) = connection.execute(insert(s).values(**row)).inserted_primary_key or (None,)
    assert found is not None
    return int(found), name
