"""Refusals as answers: a page for people, JSON for programs. What should not happen says nothing of its inside."""

import logging
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from server.web.language import language_of
from server.web.refusals import MustChangePassword, NotLoggedIn, WebRefusal
from server.web.render import render
from server.web.site import Site
from shell.words import explain, say

log = logging.getLogger(__name__)


def install(app: FastAPI) -> None:
    app.add_exception_handler(WebRefusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _failed)


def for_a_person(request: Request) -> bool:
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, WebRefusal)
    if for_a_person(request):
        if isinstance(error, NotLoggedIn):
            return RedirectResponse(f"/login?next={quote(_here(request))}", 303)
        if isinstance(error, MustChangePassword):
            return RedirectResponse("/password", 303)
    message = explain(error, _language(request))
    return _answer(request, error.status, type(error).__name__, message, error.headers())


def _here(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + query if request.method == "GET" else "/"


def _invalid(request: Request, error: Exception) -> Response:
    """Names the fields, and never gives back what was in them."""
    assert isinstance(error, RequestValidationError)
    fields = ", ".join(
        sorted({".".join(map(str, one["loc"][1:]))[:100] + ": " + one["type"] for one in error.errors()})
    )
    message = say("error.InvalidRequest", _language(request), fields=fields)
    return _answer(request, 422, "InvalidRequest", message, {})


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    message = say("error.NoSuchPage" if error.status_code == 404 else "error.HttpError", _language(request))
    name = "NoSuchPage" if error.status_code == 404 else f"Http{error.status_code}"
    return _answer(request, error.status_code, name, message, dict(error.headers or {}))


def _failed(request: Request, error: Exception) -> Response:
    log.error("a request failed: %s %s", request.method, request.url.path[:200], exc_info=error)
    return _answer(request, 500, "Failed", say("error.Failed", _language(request)), {})


def _answer(request: Request, status: int, name: str, message: str, headers: dict[str, str]) -> Response:
    if for_a_person(request):
        answer: Response = render(
            request, _site(request), "problem.html", {"message": message, "status": status}, status=status
        )
    else:
        answer = JSONResponse({"error": name, "message": message}, status)
    answer.headers.update(headers)
    return answer


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


def _language(request: Request) -> str:
    return language_of(request, _site(request))
