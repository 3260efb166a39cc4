"""What changed, pushed to open pages as server-sent events.

    id: <era>-<number>      a page that comes back with it is told what it missed
    event: change           data: {"case": ["…"], "sensor": ["…"]}; "everything": look at all of it again
    event: goodbye          the session ended

Changes of a fifth of a second go out together; a silent line gets a comment every ten seconds.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from server.news import Change, News, Subscription
from server.web.guard import VisitorNow, find_visitor
from server.web.problems import PROBLEMS
from server.web.refusals import TooManyOpenPages
from server.web.site import Site, SiteOf

TOGETHER_S = 0.2
CHECK_S = 2.0  # how often the session is looked at: a logout is felt within this
BEAT_S = 10.0
MOST_OPEN = 1000
EVENT_STREAM = "text/event-stream"
router = APIRouter(tags=["events"], responses=PROBLEMS)


@router.get(
    "/events",
    summary="Server-sent events: what changed",
    response_class=StreamingResponse,
    responses={200: {"content": {EVENT_STREAM: {"schema": {"type": "string"}}}}},
)
async def events(
    request: Request, site: SiteOf, _visitor: VisitorNow, last_event_id: Annotated[str | None, Header()] = None
) -> StreamingResponse:
    if site.news.listeners >= MOST_OPEN:
        raise TooManyOpenPages(most=MOST_OPEN)
    stream = _stream(request, site, _number(site.news, last_event_id))
    return StreamingResponse(stream, media_type=EVENT_STREAM, headers={"X-Accel-Buffering": "no"})


def _number(news: News, last_event_id: str | None) -> int | None:
    """Where to go on. None: from now; -1, for a number of another life of the server: everything was missed."""
    if not last_event_id:
        return None
    era, _, number = last_event_id.partition("-")
    return int(number) if era == news.era and number.isascii() and number.isdigit() else -1


async def _stream(request: Request, site: Site, after: int | None) -> AsyncIterator[str]:
    checked = beaten = time.monotonic()
    async with site.news.subscribe(after=after) as changes:
        yield f"retry: 1000\nid: {site.news.era}-{site.news.number}\nevent: hello\ndata: {{}}\n\n"
        while not site.news.closed:
            if told := await _next(changes):
                yield _event(site.news, told)
                beaten = time.monotonic()
            now = time.monotonic()
            if now - checked >= CHECK_S:
                if await run_in_threadpool(find_visitor, request, site) is None:
                    yield "event: goodbye\ndata: {}\n\n"
                    return
                checked = now
            if now - beaten >= BEAT_S:
                yield ": still here\n\n"
                beaten = now


async def _next(changes: Subscription) -> list[Change]:
    """What changed, a fifth of a second of it; empty after CHECK_S without news."""
    try:
        await asyncio.wait_for(changes.wait(), CHECK_S)
    except TimeoutError:
        return []
    await asyncio.sleep(TOGETHER_S)
    return changes.take()


def _event(news: News, changes: list[Change]) -> str:
    ids: dict[str, list[str]] = {}
    for change in changes:
        ids.setdefault(change.kind, []).append(change.id)
    number = max(change.number for change in changes) or news.number
    return f"id: {news.era}-{number}\nevent: change\ndata: {json.dumps(ids)}\n\n"
