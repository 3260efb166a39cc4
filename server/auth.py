"""Accounts: who may log in, in which role. A password given by someone else must be changed at the first login."""

import time
import unicodedata
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from server import audit, tables
from server.roles import Role
from server.web.passwords import hash_password, one_time_password

NAME_LENGTH = 64


class AccountError(Exception):
    """An account that cannot be made or changed as asked."""


class NameTaken(AccountError):
    def __init__(self, name: str) -> None:
        super().__init__(f"there is an account {name!r} already")
        self.name = name


class BadName(AccountError):
    def __init__(self, most: int = NAME_LENGTH) -> None:
        super().__init__(f"a name is 1 to {most} letters, digits or marks, without spaces")
        self.most = most


class LastAdministrator(AccountError):
    def __init__(self) -> None:
        super().__init__("this is the last administrator; make another one first")


class UnknownAccount(AccountError):
    def __init__(self, id: int) -> None:
        super().__init__(f"there is no account {id}")
        self.id = id


@dataclass(frozen=True, slots=True)
class Account:
    id: int
    name: str
    role: Role
    must_change: bool
    created_utc_ns: int
    disabled_utc_ns: int | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes an account: for the audit log."""

    who: str
    address: str


COMMAND_LINE = Actor("command line", "local")
FIRST_NAME = "admin"


def create_first_administrator(engine: Engine) -> str | None:
    """An account `admin` with a one-time password, which is returned; None when there are accounts already."""
    with engine.connect() as connection:
        if connection.execute(select(func.count()).select_from(tables.user)).scalar_one():
            return None
    return add_account(engine, FIRST_NAME, Role.ADMINISTRATOR)


def add_account(engine: Engine, name: str, role: Role, *, by: Actor = COMMAND_LINE) -> str:
    """A new account. Returns its one-time password. Raises BadName, NameTaken."""
    name, password, now = clean_name(name), one_time_password(), time.time_ns()
    row = {"name": name, "role": role.text, "password_hash": hash_password(password), "must_change": True}
    try:
        with engine.begin() as connection:
            connection.execute(insert(tables.user).values(**row, created_utc_ns=now))
            _note(connection, by, "account_added", name, role.text)
    except IntegrityError:
        raise NameTaken(name) from None
    return password


def clean_name(name: str) -> str:
    """Raises BadName."""
    name = unicodedata.normalize("NFKC", name)
    if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable() or any(c.isspace() for c in name):
        raise BadName()
    return name


def accounts(connection: Connection) -> list[Account]:
    return [_account(row) for row in connection.execute(_SELECT.order_by(tables.user.c.name))]


def find_account(connection: Connection, id: int) -> Account:
    """Raises UnknownAccount."""
    row = connection.execute(_SELECT.where(tables.user.c.id == id)).one_or_none()
    if row is None:
        raise UnknownAccount(id)
    return _account(row)


def change_role(engine: Engine, id: int, role: Role, *, by: Actor) -> None:
    """The account logs in again in its new role. Raises UnknownAccount, LastAdministrator."""
    with engine.begin() as connection:
        connection.execute(update(tables.user).where(tables.user.c.id == id).values(role=role.text))
        _settle(connection, id, by, "account_role", role.text)


def disable(engine: Engine, id: int, *, by: Actor) -> None:
    """Raises UnknownAccount, LastAdministrator."""
    with engine.begin() as connection:
        connection.execute(update(tables.user).where(tables.user.c.id == id).values(disabled_utc_ns=time.time_ns()))
        _settle(connection, id, by, "account_disabled", "")


def enable(engine: Engine, id: int, *, by: Actor) -> None:
    """Raises UnknownAccount."""
    with engine.begin() as connection:
        connection.execute(update(tables.user).where(tables.user.c.id == id).values(disabled_utc_ns=None))
        _settle(connection, id, by, "account_enabled", "")


def reset_password(engine: Engine, id: int, *, by: Actor) -> str:
    """A new one-time password, which is returned. Raises UnknownAccount."""
    password = one_time_password()
    values = {"password_hash": hash_password(password), "must_change": True}
    with engine.begin() as connection:
        connection.execute(update(tables.user).where(tables.user.c.id == id).values(**values))
        _settle(connection, id, by, "account_reset", "")
    return password


def set_own_password(engine: Engine, id: int, password: str, *, by: Actor) -> None:
    """Raises PasswordTooShort, PasswordTooLong. Every session of the account ends."""
    values = {"password_hash": hash_password(password), "must_change": False}
    with engine.begin() as connection:
        connection.execute(update(tables.user).where(tables.user.c.id == id).values(**values))
        _settle(connection, id, by, "password_changed", "")


_U = tables.user.c
_SELECT = select(_U.id, _U.name, _U.role, _U.must_change, _U.created_utc_ns, _U.disabled_utc_ns)


def _account(row: tuple[int, str, str, bool, int, int | None]) -> Account:
    id, name, role, must_change, created, disabled = row
    return Account(id, name, Role.named(role), must_change, created, disabled)


def _settle(connection: Connection, id: int, by: Actor, what: str, detail: str) -> None:
    """After a change: somebody must still be able to administer, open sessions end, and it is written down."""
    account = find_account(connection, id)
    administrators = select(func.count()).where(_U.role == Role.ADMINISTRATOR.text, _U.disabled_utc_ns.is_(None))
    if connection.execute(administrators).scalar_one() == 0:
        raise LastAdministrator()
    connection.execute(delete(tables.session).where(tables.session.c.account_id == id))
    _note(connection, by, what, account.name, detail)


def _note(connection: Connection, by: Actor, what: str, subject: str, detail: str) -> None:
    now = time.time_ns()
    audit.note(connection, time_utc_ns=now, who=by.who, address=by.address, what=what, subject=subject, detail=detail)
