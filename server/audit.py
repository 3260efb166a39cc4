"""Who did what, when and from where. Rows are only ever added."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from server import tables


@dataclass(frozen=True, slots=True)
class Entry:
    id: int
    time_utc_ns: int
    who: str
    address: str
    what: str  # catalogue key audit.<what>
    subject: str
    detail: str


def note(
    connection: Connection, *, time_utc_ns: int, who: str, address: str, what: str, subject: str = "", detail: str = ""
) -> None:
    """Add one entry, in the transaction of what it tells of."""
    connection.execute(
        insert(tables.audit).values(
            time_utc_ns=time_utc_ns,
            who=who[:64],
            address=address[:64],
            what=what,
            subject=subject[:128],
            detail=detail[:2000],
        )
    )


def entries(connection: Connection, *, before: int | None = None, limit: int = 100) -> list[Entry]:
    """The newest first; `before` an id goes further back."""
    a = tables.audit.c
    query = select(a.id, a.time_utc_ns, a.who, a.address, a.what, a.subject, a.detail).order_by(a.id.desc())
    if before is not None:
        query = query.where(a.id < before)
    return [Entry(*row) for row in connection.execute(query.limit(limit))]
