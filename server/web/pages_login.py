"""Coming in, going out, one's own password, one's language."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import Field
from sqlalchemy import select

from server import audit, auth, tables
from server.sessions import close_session, hash_token, open_session
from server.web import limits, passwords
from server.web.guard import VisitorNow, address_of
from server.web.language import LanguageOf
from server.web.models import Given
from server.web.passwords import LONGEST, PasswordError, password_fits
from server.web.refusals import (
    PasswordsDiffer,
    SamePassword,
    TooBusy,
    TooManyLogins,
    WebRefusal,
    WrongOldPassword,
    WrongPassword,
)
from server.web.render import render
from server.web.site import LANGUAGE_COOKIE, Site, SiteOf
from shell.words import LANGUAGES, catalogue, explain

router = APIRouter(include_in_schema=False)
SEE_OTHER = 303
YEAR_S = 365 * 24 * 3600
Text = Annotated[str, Field(max_length=LONGEST)]


class LoginForm(Given):
    name: Text
    password: Text
    next: Annotated[str, Field(max_length=500)] = "/"


class PasswordForm(Given):
    old: Text
    new: Text
    again: Text
    csrf: Text


@router.get("/login")
def login_page(request: Request, site: SiteOf, next: str = "/") -> HTMLResponse:
    return render(request, site, "login.html", {"next": local_path(next), "error": None, "name": ""})


@router.post("/login")
def login(request: Request, site: SiteOf, language: LanguageOf, form: Annotated[LoginForm, Form()]) -> Response:
    try:
        with passwords.turn():
            old, address = request.cookies.get(site.cookie), address_of(request)
            token = check_login(site, form.name, form.password, address=address, old=old)
    except (WrongPassword, TooManyLogins, TooBusy) as refusal:
        values = {"next": local_path(form.next), "error": explain(refusal, language), "name": form.name}
        answer = render(request, site, "login.html", values, status=refusal.status)
        answer.headers.update(refusal.headers())
        return answer
    return _with_session(RedirectResponse(local_path(form.next), SEE_OTHER), site, token)


def check_login(site: Site, name: str, password: str, *, address: str, old: str | None) -> str:
    """A new session's token; the session there was before ends. Raises WrongPassword, TooManyLogins."""
    now = site.clock()
    with site.engine.begin() as connection:
        tried = limits.begin_try(connection, name=name, address=address, now_utc_ns=now)
        u = tables.user.c
        query = select(u.id, u.name, u.password_hash).where(u.name == name, u.disabled_utc_ns.is_(None))
        account = connection.execute(query).one_or_none()
    right = password_fits(account.password_hash if account is not None else None, password)
    with site.engine.begin() as connection:
        what = "login" if right else "login_failed"
        audit.note(connection, time_utc_ns=now, who=name, address=address, what=what)
        if right and account is not None:
            limits.forgive_try(connection, tried)
            if old is not None:
                close_session(connection, hash_token(old))
            return open_session(connection, account.id, address=address, now_utc_ns=now)
    raise WrongPassword()


@router.post("/logout")
def logout(site: SiteOf, visitor: VisitorNow) -> Response:
    with site.engine.begin() as connection:
        close_session(connection, visitor.token_sha256)
        audit.note(connection, time_utc_ns=site.clock(), who=visitor.name, address=visitor.address, what="logout")
    answer = RedirectResponse("/login", SEE_OTHER)
    answer.delete_cookie(site.cookie)
    return answer


@router.get("/password")
def password_page(request: Request, site: SiteOf, visitor: VisitorNow) -> HTMLResponse:
    return render(request, site, "password.html", {"error": None})


@router.post("/password")
def change_password(
    request: Request,
    site: SiteOf,
    visitor: VisitorNow,
    language: LanguageOf,
    form: Annotated[PasswordForm, Form()],
) -> Response:
    try:
        with passwords.turn():
            token = set_password(site, visitor.account_id, visitor.name, form, address=visitor.address)
    except (WebRefusal, PasswordError) as refusal:
        return render(request, site, "password.html", {"error": explain(refusal, language)}, status=422)
    return _with_session(RedirectResponse("/", SEE_OTHER), site, token)


def set_password(site: Site, account_id: int, name: str, form: PasswordForm, *, address: str) -> str:
    """A new session's token; all others of the account end. Raises a WebRefusal or PasswordError."""
    now = site.clock()
    with site.engine.begin() as connection:
        tried = limits.begin_try(connection, name=name, address=address, now_utc_ns=now)
        query = select(tables.user.c.password_hash).where(tables.user.c.id == account_id)
        password_hash = connection.execute(query).scalar_one()
    if not password_fits(password_hash, form.old):
        raise WrongOldPassword()
    if form.new != form.again:
        raise PasswordsDiffer()
    if form.new == form.old:
        raise SamePassword()
    auth.set_own_password(site.engine, account_id, form.new, by=auth.Actor(name, address))
    with site.engine.begin() as connection:
        limits.forgive_try(connection, tried)
        return open_session(connection, account_id, address=address, now_utc_ns=now)


@router.get("/language/{code}")
def choose_language(site: SiteOf, code: Annotated[str, Path(pattern="^(zh|en)$")], next: str = "/") -> Response:
    answer = RedirectResponse(local_path(next), SEE_OTHER)
    answer.set_cookie(
        LANGUAGE_COOKIE, code, max_age=YEAR_S, httponly=True, samesite="lax", secure=site.settings.web.secure_cookies
    )
    return answer


@router.get("/words/{code}.json")
def words(code: Annotated[str, Path(pattern="^(zh|en)$")]) -> JSONResponse:
    """What the pages' scripts say."""
    assert code in LANGUAGES
    told = {key: texts[code] for key, texts in catalogue().items() if key.startswith(("web.js.", "level."))}
    return JSONResponse(told, headers={"Cache-Control": "no-cache"})


def local_path(path: str) -> str:
    """The path when it is one of this site; else the first page. `//host` and `/\\host` would lead elsewhere."""
    odd = not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable() or "\\" in path
    return "/" if odd else path


def _with_session(answer: Response, site: Site, token: str) -> Response:
    answer.set_cookie(
        site.cookie, token, httponly=True, samesite="lax", secure=site.settings.web.secure_cookies, path="/"
    )
    return answer
