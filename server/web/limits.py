"""How often a password may be tried: by account and by address, counted in the database, so a restart forgives nothing.

Every try is written down as failed before the password is looked at, and taken back when it was right: tries side by
side cannot slip through between the look and the count.
"""

import ipaddress

from sqlalchemy import Connection, delete, func, insert, select

from server import tables
from server.web.refusals import TooManyLogins
from server.web.rows import new_id

WINDOW_NS = 15 * 60 * 10**9
BY_ACCOUNT = 10  # wrong passwords in the window
BY_ADDRESS = 30
_F = tables.login_failure.c


def begin_try(connection: Connection, *, name: str, address: str, now_utc_ns: int) -> int:
    """Write a try down. Returns its id. Raises TooManyLogins, writing nothing."""
    name, address = name.casefold()[:64], address_block(address)
    # first a write: it takes SQLite's lock, so that the counts below hold until the commit
    connection.execute(delete(tables.login_failure).where(_F.time_utc_ns < now_utc_ns - WINDOW_NS))
    for column, value, most in ((_F.name, name, BY_ACCOUNT), (_F.address, address, BY_ADDRESS)):
        count, oldest = connection.execute(select(func.count(), func.min(_F.time_utc_ns)).where(column == value)).one()
        if count >= most:
            raise TooManyLogins(wait_s=max(1, (oldest + WINDOW_NS - now_utc_ns) // 10**9))
    values = {"name": name, "address": address, "time_utc_ns": now_utc_ns}
    return new_id(connection.execute(insert(tables.login_failure).values(**values)))


def forgive_try(connection: Connection, id: int) -> None:
    """It was right after all."""
    connection.execute(delete(tables.login_failure).where(_F.id == id))


def address_block(address: str) -> str:
    """The address, or for IPv6 its /64: one household has as many addresses as it likes in there."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)
