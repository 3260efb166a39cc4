"""An app on made rows, and people who are logged in to it."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import Engine, create_engine, insert, select

from server import tables
from server.app import create_app
from server.news import News
from server.roles import Role
from server.settings import ServerSettings
from server.web.passwords import hash_password
from tests.server.made import NOW

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette would rather have another client than httpx, which is what is installed
    from fastapi.testclient import TestClient

PASSWORD = "correct horse battery"
ORIGIN = "http://testserver"
_HASH: list[str] = []


def password_hash() -> str:
    """Made once: argon2 takes its time on purpose."""
    if not _HASH:
        _HASH.append(hash_password(PASSWORD))
    return _HASH[0]


@contextmanager
def database(folder: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{folder / 'web.sqlite'}")
    tables.metadata.create_all(engine)
    try:
        yield engine
    finally:
        engine.dispose()


def put_account(engine: Engine, role: Role, *, name: str | None = None, must_change: bool = False) -> str:
    name = name or role.text
    with engine.begin() as connection:
        if connection.execute(select(tables.user.c.id).where(tables.user.c.name == name)).first() is None:
            row = {"name": name, "role": role.text, "password_hash": password_hash(), "must_change": must_change}
            connection.execute(insert(tables.user).values(**row, created_utc_ns=NOW))
    return name


def make_app(engine: Engine, settings: ServerSettings | None = None, *, news: News | None = None) -> FastAPI:
    return create_app(engine, settings or ServerSettings(), news or News(), clock=lambda: NOW)


@contextmanager
def visitor(app: FastAPI, role: Role | None) -> Iterator[TestClient]:
    """A client logged in with this role (None: nobody), sending its token with every change."""
    with TestClient(app, base_url=ORIGIN, follow_redirects=False) as client:
        if role is not None:
            name = put_account(app.state.site.engine, role)
            answer = client.post("/login", data={"name": name, "password": PASSWORD})
            assert answer.status_code == 303, answer.text
            client.headers["X-CSRF-Token"] = client.get("/api/v1/me").json()["csrf"]
        yield client
