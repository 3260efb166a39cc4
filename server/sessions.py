"""Who is logged in. Only the SHA-256 of a session's token is kept; a login always makes a new one."""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, insert, select, update

from server import tables
from server.roles import Role

IDLE_NS = 12 * 3600 * 10**9
LONGEST_NS = 7 * 24 * 3600 * 10**9
TOUCH_NS = 60 * 10**9  # how exactly the last use is kept


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person behind a request, and what the session remembers of them."""

    account_id: int
    name: str
    role: Role
    must_change: bool
    csrf: str
    token_sha256: str
    address: str


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(connection: Connection, account_id: int, *, address: str, now_utc_ns: int) -> str:
    """Returns the token, which exists nowhere else."""
    token = secrets.token_urlsafe(32)
    _forget_old(connection, now_utc_ns)
    connection.execute(
        insert(tables.session).values(
            token_sha256=hash_token(token),
            account_id=account_id,
            csrf=secrets.token_urlsafe(32),
            created_utc_ns=now_utc_ns,
            last_used_utc_ns=now_utc_ns,
            address=address[:64],
        )
    )
    return token


def close_session(connection: Connection, token_sha256: str) -> None:
    connection.execute(delete(tables.session).where(tables.session.c.token_sha256 == token_sha256))


_S, _U = tables.session.c, tables.user.c
_VISITOR = select(
    _U.id, _U.name, _U.role, _U.must_change, _S.csrf, _S.token_sha256, _S.created_utc_ns, _S.last_used_utc_ns
).join_from(tables.session, tables.user, _U.id == _S.account_id)


def visitor_of(engine: Engine, token_sha256: str, *, address: str, now_utc_ns: int) -> Visitor | None:
    """None when there is no such session, it is too old, or the account is disabled."""
    query = _VISITOR.where(_S.token_sha256 == token_sha256, _U.disabled_utc_ns.is_(None))
    with engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    if row is None or now_utc_ns - row.last_used_utc_ns > IDLE_NS or now_utc_ns - row.created_utc_ns > LONGEST_NS:
        return None
    if now_utc_ns - row.last_used_utc_ns > TOUCH_NS:
        _touch(engine, token_sha256, now_utc_ns)
    return Visitor(row.id, row.name, Role.named(row.role), row.must_change, row.csrf, row.token_sha256, address)


def _touch(engine: Engine, token_sha256: str, now_utc_ns: int) -> None:
    used = update(tables.session).where(_S.token_sha256 == token_sha256).values(last_used_utc_ns=now_utc_ns)
    with engine.begin() as connection:
        connection.execute(used)


def _forget_old(connection: Connection, now_utc_ns: int) -> None:
    old = (_S.last_used_utc_ns < now_utc_ns - IDLE_NS) | (_S.created_utc_ns < now_utc_ns - LONGEST_NS)
    connection.execute(delete(tables.session).where(old))
