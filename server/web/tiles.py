"""Base map tiles: out of an MBTiles file, or fetched from 天地图 by the server and kept on disk. The key stays here."""

import asyncio
import contextlib
import logging
import os
import shutil
import sqlite3
from pathlib import Path as FilePath
from typing import Annotated, Literal

import httpx
from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool

from server.settings import Map
from server.web.problems import PROBLEMS
from server.web.refusals import NoBaseMap, TileUnavailable
from server.web.site import SiteOf

logging.getLogger("httpx").setLevel(logging.WARNING)  # it writes whole addresses into the log, and with them the key
DEEPEST = 18
LARGEST_TILE = 1 << 20
FREE_BYTES = 1 << 30  # the cache leaves this much of the disk alone
AT_ONCE = 6
TIANDITU_LAYERS = {"base": "vec", "labels": "cva"}
KINDS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"RIFF", "image/webp"))

router = APIRouter(tags=["map"], responses=PROBLEMS)
Layer = Literal["base", "labels"]
Level = Annotated[int, Path(ge=0, le=DEEPEST)]
Step = Annotated[int, Path(ge=0, lt=1 << DEEPEST)]


@router.get(
    "/tiles/{layer}/{z}/{x}/{y}",
    summary="A tile of the base map (Web Mercator, y from the north)",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}, 204: {"description": "the map has nothing there"}},
)
async def tile(*, request: Request, site: SiteOf, layer: Layer, z: Level, x: Step, y: Step) -> Response:
    settings = site.settings.map
    if max(x, y) >= 1 << z:
        return Response(status_code=204)
    if settings.base == "mbtiles" and settings.mbtiles and layer == "base":
        found = await run_in_threadpool(mbtiles_tile, FilePath(settings.mbtiles), z, x, y)
    elif settings.base == "tianditu" and settings.tianditu_key:
        found = await request.app.state.tianditu.tile(layer, z, x, y)
    else:
        raise NoBaseMap(base=settings.base)
    return tile_response(found)


def tile_response(found: bytes | None) -> Response:
    """What is no picture is not passed on, whatever it was called where it came from."""
    kind = next((kind for start, kind in KINDS if found is not None and found.startswith(start)), None)
    if kind is None:
        return Response(status_code=204)
    return Response(found, media_type=kind, headers={"Cache-Control": "private, max-age=86400"})


def mbtiles_tile(file: FilePath, z: int, x: int, y: int) -> bytes | None:
    """MBTiles 1.3 counts rows from the south. Raises TileUnavailable."""
    query = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
    try:
        with contextlib.closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute(query, (z, x, (1 << z) - 1 - y)).fetchone()
    except sqlite3.Error as error:
        raise TileUnavailable(why=f"{file.name}: {error}") from None
    return None if row is None else bytes(row[0])


class Tianditu:
    """Fetches a tile once and keeps it; afterwards it needs no internet."""

    def __init__(self, settings: Map, cache: FilePath) -> None:
        self._settings, self._cache = settings, cache
        self._client = httpx.AsyncClient(timeout=10.0, follow_redirects=False)
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def close(self) -> None:
        await self._client.aclose()

    async def tile(self, layer: str, z: int, x: int, y: int) -> bytes | None:
        """Raises TileUnavailable, which says nothing of the address: the key is in it."""
        kept = self._cache / layer / str(z) / str(x) / str(y)
        found = await run_in_threadpool(_read, kept)
        if found is not None:
            return found
        async with self._at_once:
            found = await self._fetch(TIANDITU_LAYERS[layer], z, x, y)
        await run_in_threadpool(_keep, kept, found)
        return found

    async def _fetch(self, layer: str, z: int, x: int, y: int) -> bytes:
        """OGC WMTS 1.0.0, key-value encoding."""
        query: dict[str, str | int] = {
            "SERVICE": "WMTS",
            "REQUEST": "GetTile",
            "VERSION": "1.0.0",
            "LAYER": layer,
            "STYLE": "default",
            "TILEMATRIXSET": "w",
            "FORMAT": "tiles",
            "TILEMATRIX": z,
            "TILEROW": y,
            "TILECOL": x,
            "tk": self._settings.tianditu_key or "",
        }
        try:
            answer = await self._client.get(f"{self._settings.tianditu_url}/{layer}_w/wmts", params=query)
        except httpx.HTTPError as error:
            raise TileUnavailable(why=type(error).__name__) from None
        picture = any(answer.content.startswith(start) for start, _ in KINDS)
        if answer.status_code != 200 or len(answer.content) > LARGEST_TILE or not picture:
            raise TileUnavailable(why=f"HTTP {answer.status_code}, {len(answer.content)} bytes, no picture")
        return answer.content


def _read(kept: FilePath) -> bytes | None:
    try:
        return kept.read_bytes()
    except FileNotFoundError:
        return None


def _keep(kept: FilePath, tile: bytes) -> None:
    """A whole file or none: written beside, then renamed. A full disk only means that nothing is kept."""
    beside = kept.with_name(f"{kept.name}.{os.getpid()}.new")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(kept.parent).free > FREE_BYTES:
            beside.write_bytes(tile)
            beside.replace(kept)
    except OSError as error:
        logging.getLogger(__name__).warning("a map tile could not be kept: %s", error)
