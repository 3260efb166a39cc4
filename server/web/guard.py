"""Who is asking, and may they: run before every route, from the one table in server.roles."""

import hmac
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.security import APIKeyCookie
from starlette.requests import HTTPConnection

from server.roles import ROUTES, Role
from server.sessions import Visitor, hash_token, visitor_of
from server.web.refusals import ForeignOrigin, MustChangePassword, NoCsrfToken, NotLoggedIn, RoleTooLow
from server.web.site import COOKIE, Site, SiteOf

CSRF_HEADER, CSRF_FIELD = "x-csrf-token", "csrf"
READING = ("GET", "HEAD")
# what somebody may still do whose password was given by another
BEFORE_OWN_PASSWORD = {("GET", "/password"), ("POST", "/password"), ("POST", "/logout")}

session_cookie = APIKeyCookie(
    name=COOKIE,
    auto_error=False,
    description="From POST /login. Requests that change something also need the header X-CSRF-Token, "
    "whose value is the field csrf of GET /api/v1/me.",
)


async def guard(request: Request, site: SiteOf, _cookie: Annotated[str | None, Security(session_cookie)]) -> None:
    """Raises a WebRefusal. Leaves the visitor in request.state."""
    route = (request.method.replace("HEAD", "GET"), request.scope["route"].path)
    if request.method not in READING:
        _check_origin(request)
    visitor = await run_in_threadpool(find_visitor, request, site)
    request.state.visitor = visitor
    needed = ROUTES.get(route, Role.ADMINISTRATOR)
    if needed is None:
        return
    if visitor is None:
        raise NotLoggedIn()
    if request.method not in READING:
        await _check_csrf(request, visitor)
    if visitor.must_change and route not in BEFORE_OWN_PASSWORD:
        raise MustChangePassword()
    if visitor.role < needed or route not in ROUTES:
        raise RoleTooLow(needed=needed.text)


def find_visitor(request: HTTPConnection, site: Site) -> Visitor | None:
    token = request.cookies.get(site.cookie)
    if not token:
        return None
    return visitor_of(site.engine, hash_token(token), address=address_of(request), now_utc_ns=site.clock())


def address_of(request: HTTPConnection) -> str:
    return request.client.host if request.client else "unknown"


def _check_origin(request: Request) -> None:
    """A browser names the page that sends; another site's page is refused. Programs name none."""
    origin = request.headers.get("origin")
    if origin is None:
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            raise ForeignOrigin("")
        return
    if urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
        raise ForeignOrigin(origin[:200])


async def _check_csrf(request: Request, visitor: Visitor) -> None:
    token = request.headers.get(CSRF_HEADER)
    if token is None and request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        token = str((await request.form()).get(CSRF_FIELD, ""))
    if token is None or not hmac.compare_digest(token.encode(), visitor.csrf.encode()):
        raise NoCsrfToken()


def visitor_now(request: Request) -> Visitor:
    """The visitor the guard let in. Raises NotLoggedIn on a route that anybody may call."""
    visitor: Visitor | None = request.state.visitor
    if visitor is None:
        raise NotLoggedIn()
    return visitor


VisitorNow = Annotated[Visitor, Depends(visitor_now)]
