"""For administrators: who may log in, and who did what."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field

from server import audit, auth
from server.roles import Role
from server.sessions import Visitor
from server.web.guard import VisitorNow
from server.web.language import LanguageOf
from server.web.models import Given
from server.web.render import render
from server.web.site import Site, SiteOf
from shell.words import explain

router = APIRouter(include_in_schema=False)
AccountId = Annotated[int, Path(ge=1)]
RoleName = Annotated[str, Field(pattern="^(viewer|monitor|enforcement|administrator)$")]
Token = Annotated[str, Field(max_length=200)]


class TokenForm(Given):
    csrf: Token


class AccountForm(TokenForm):
    name: Annotated[str, Field(max_length=200)]
    role: RoleName


class RoleForm(TokenForm):
    role: RoleName


def actor(visitor: Visitor) -> auth.Actor:
    return auth.Actor(visitor.name, visitor.address)


def _page(
    request: Request, site: Site, *, error: str | None = None, given: tuple[str, str] | None = None, status: int = 200
) -> HTMLResponse:
    """given: name and one-time password just made, shown this once."""
    with site.engine.connect() as connection:
        accounts = auth.accounts(connection)
    values = {"accounts": accounts, "roles": [role.text for role in Role], "error": error, "given": given}
    return render(request, site, "accounts.html", values, status=status)


@router.get("/accounts")
def accounts_page(request: Request, site: SiteOf) -> HTMLResponse:
    return _page(request, site)


@router.post("/accounts")
def add(
    request: Request, site: SiteOf, visitor: VisitorNow, language: LanguageOf, form: Annotated[AccountForm, Form()]
) -> HTMLResponse:
    try:
        password = auth.add_account(site.engine, form.name, Role.named(form.role), by=actor(visitor))
    except auth.AccountError as refusal:
        return _page(request, site, error=explain(refusal, language), status=422)
    return _page(request, site, given=(auth.clean_name(form.name), password))


@router.post("/accounts/{id}/role")
def change_role(
    request: Request,
    site: SiteOf,
    visitor: VisitorNow,
    language: LanguageOf,
    id: AccountId,
    form: Annotated[RoleForm, Form()],
) -> Response:
    try:
        auth.change_role(site.engine, id, Role.named(form.role), by=actor(visitor))
    except auth.AccountError as refusal:
        return _page(request, site, error=explain(refusal, language), status=422)
    return RedirectResponse("/accounts", 303)


@router.post("/accounts/{id}/disable")
def disable(
    request: Request,
    site: SiteOf,
    visitor: VisitorNow,
    language: LanguageOf,
    id: AccountId,
    form: Annotated[TokenForm, Form()],
) -> Response:
    try:
        auth.disable(site.engine, id, by=actor(visitor))
    except auth.AccountError as refusal:
        return _page(request, site, error=explain(refusal, language), status=422)
    return RedirectResponse("/accounts", 303)


@router.post("/accounts/{id}/enable")
def enable(
    request: Request,
    site: SiteOf,
    visitor: VisitorNow,
    language: LanguageOf,
    id: AccountId,
    form: Annotated[TokenForm, Form()],
) -> Response:
    try:
        auth.enable(site.engine, id, by=actor(visitor))
    except auth.AccountError as refusal:
        return _page(request, site, error=explain(refusal, language), status=422)
    return RedirectResponse("/accounts", 303)


@router.post("/accounts/{id}/reset")
def reset(
    request: Request,
    site: SiteOf,
    visitor: VisitorNow,
    language: LanguageOf,
    id: AccountId,
    form: Annotated[TokenForm, Form()],
) -> HTMLResponse:
    try:
        password = auth.reset_password(site.engine, id, by=actor(visitor))
        with site.engine.connect() as connection:
            name = auth.find_account(connection, id).name
    except auth.AccountError as refusal:
        return _page(request, site, error=explain(refusal, language), status=422)
    return _page(request, site, given=(name, password))


@router.get("/audit")
def audit_page(request: Request, site: SiteOf, before: Annotated[int | None, Query(ge=1)] = None) -> HTMLResponse:
    with site.engine.connect() as connection:
        entries = audit.entries(connection, before=before)
    return render(request, site, "audit.html", {"entries": entries})
