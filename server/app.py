"""The web application, put together. Everything it knows hangs on the app itself; two can live side by side."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import resources
from importlib.metadata import version
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine

from fusion.values import Rules
from server import map as live_map
from server.news import News
from server.settings import ServerSettings
from server.web import (
    api_alerts,
    api_grounds,
    api_read,
    api_tasks,
    bearings,
    events,
    evidence,
    pages,
    pages_accounts,
    pages_docs,
    pages_login,
    pages_near,
    tiles,
    withdrawals,
)
from server.web.answers import Answers
from server.web.failures import install
from server.web.guard import guard
from server.web.headers import SafeHeaders, SmallBodies
from server.web.passwords import hash_of_nobody
from server.web.site import Site, StatusOf

ROOMS = (
    pages_login,
    pages,
    pages_near,
    pages_accounts,
    pages_docs,
    events,
    tiles,
    api_read,
    api_alerts,
    api_tasks,
    bearings,
    withdrawals,
    evidence,
    api_grounds,
)


def create_app(
    engine: Engine,
    settings: ServerSettings,
    news: News,
    *,
    status: StatusOf | None = None,
    clock: Callable[[], int] = time.time_ns,
    rules: Rules | None = None,
) -> FastAPI:
    """The pages, the API and the events of one server.

    status : counters of the link to the sensors, shown on the sensors' page and at /api/v1/status
    clock  : ns UTC
    rules  : those of casework, to explain its fixes by
    To stop without waiting for open pages, call `news.close()` before the web server is told to end.
    Raises FoliumChanged when the installed folium would want files that are not served here.
    """
    app = FastAPI(
        title="Wavewarden",
        version=version("wavewarden"),
        description="Rogue base stations and pirate broadcasters: where they are, and why they are suspected.",
        dependencies=[Depends(guard)],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan,
    )
    app.state.site = Site(engine, settings, news, clock, status, Answers(news), rules or Rules())
    app.state.map_parts = live_map.compose(settings.map, settings.area)
    for room in ROOMS:
        app.include_router(room.router)
    _serve_files(app)
    install(app)
    app.add_middleware(SmallBodies)
    app.add_middleware(SafeHeaders)
    hash_of_nobody()
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: ServerSettings = app.state.site.settings
    app.state.tianditu = tiles.Tianditu(settings.map, Path(settings.data) / "tiles" / "tianditu")
    try:
        yield
    finally:
        await app.state.tianditu.close()


def _serve_files(app: FastAPI) -> None:
    """Leaflet comes out of its installed package, everything else out of our own."""
    app.mount(live_map.VENDOR, StaticFiles(directory=live_map.LEAFLET_FOLDER))
    app.mount("/static", StaticFiles(directory=str(resources.files("server") / "static")))
