"""Self-tests in the database: the last says which sensors are left out, earlier ones are kept for a while."""

import msgspec
from sqlalchemy import Connection, delete, insert, select

from fusion.self_test_values import SelfTest
from server import tables

MOST_KEPT = 90  # nights
_decoder = msgspec.msgpack.Decoder(SelfTest)
_T = tables.self_test


def last_self_test(connection: Connection) -> SelfTest | None:
    """None when there was none yet, or an older program's cannot be read any more."""
    body = connection.execute(select(_T.c.body).order_by(_T.c.id.desc()).limit(1)).scalar_one_or_none()
    try:
        return None if body is None else _decoder.decode(body)
    except msgspec.DecodeError:
        return None


def store_self_test(connection: Connection, test: SelfTest) -> None:
    connection.execute(insert(_T).values(time_utc_ns=test.time_utc_ns, body=msgspec.msgpack.encode(test)))
    kept = select(_T.c.id).order_by(_T.c.id.desc()).limit(MOST_KEPT).scalar_subquery()
    connection.execute(delete(_T).where(_T.c.id.not_in(kept)))
