"""An app on made rows, and people who are logged in to it."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import argon2
from fastapi import FastAPI
from sqlalchemy import Engine, create_engine, insert, select
from starlette.routing import BaseRoute

from server import tables
from server.app import create_app
from server.news import News
from server.roles import Role
from server.settings import ServerSettings
from tests.server.made import NOW

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette would rather have another client than httpx, which is what is installed
    from fastapi.testclient import TestClient

PASSWORD = "correct horse battery"
ORIGIN = "http://testserver"


@cache
def password_hash() -> str:
    """Of PASSWORD, by a hasher that is quick to check: the real one takes its time on purpose."""
    return argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


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


def all_routes(app: FastAPI) -> list[BaseRoute]:
    """Those of included routers too."""
    found: list[BaseRoute] = []
    for route in app.routes:
        found += getattr(getattr(route, "original_router", None), "routes", None) or [route]
    return found
