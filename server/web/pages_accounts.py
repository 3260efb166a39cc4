"""For administrators: who may log in, and who did what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field

from server import audit, auth
from server.roles import Role
from server.web.guard import VisitorNow
from server.web.language import LanguageOf
from server.web.models import Given
from server.web.render import render
from server.web.rows import RowNumber
from server.web.site import SiteOf
from shell.words import explain

router = APIRouter(include_in_schema=False)
RoleName = Annotated[str, Field(pattern="^(viewer|monitor|enforcement|administrator)$")]
Token = Annotated[str, Field(max_length=200)]


class TokenForm(Given):
    csrf: Token


class AccountForm(TokenForm):
    name: Annotated[str, Field(max_length=200)]
    role: RoleName


class RoleForm(TokenForm):
    role: RoleName


@dataclass(frozen=True, slots=True)
class Desk:
    """The page of accounts, and the administrator before it."""

    request: Request
    site: SiteOf
    visitor: VisitorNow
    language: LanguageOf

    @property
    def actor(self) -> auth.Actor:
        return auth.Actor(self.visitor.name, self.visitor.address)

    def page(
        self, *, error: str | None = None, given: tuple[str, str] | None = None, status: int = 200
    ) -> HTMLResponse:
        """given: name and one-time password just made, shown this once."""
        with self.site.engine.connect() as connection:
            accounts = auth.accounts(connection)
        values = {"accounts": accounts, "roles": [role.text for role in Role], "error": error, "given": given}
        return render(self.request, self.site, "accounts.html", values, status=status)

    def change(self, do: Callable[[], tuple[str, str] | None]) -> Response:
        """`do` makes the change, and returns name and password when it made one."""
        try:
            given = do()
        except auth.AccountError as refusal:
            return self.page(error=explain(refusal, self.language), status=422)
        return self.page(given=given) if given else RedirectResponse("/accounts", 303)


DeskOf = Annotated[Desk, Depends()]


@router.get("/accounts")
def accounts_page(desk: DeskOf) -> HTMLResponse:
    return desk.page()


@router.post("/accounts")
def add(desk: DeskOf, form: Annotated[AccountForm, Form()]) -> Response:
    def do() -> tuple[str, str]:
        password = auth.add_account(desk.site.engine, form.name, Role.named(form.role), by=desk.actor)
        return auth.clean_name(form.name), password

    return desk.change(do)


@router.post("/accounts/{id}/role")
def change_role(desk: DeskOf, id: RowNumber, form: Annotated[RoleForm, Form()]) -> Response:
    return desk.change(lambda: auth.change_role(desk.site.engine, id, Role.named(form.role), by=desk.actor))


@router.post("/accounts/{id}/disable")
def disable(desk: DeskOf, id: RowNumber, form: Annotated[TokenForm, Form()]) -> Response:
    return desk.change(lambda: auth.disable(desk.site.engine, id, by=desk.actor))


@router.post("/accounts/{id}/enable")
def enable(desk: DeskOf, id: RowNumber, form: Annotated[TokenForm, Form()]) -> Response:
    return desk.change(lambda: auth.enable(desk.site.engine, id, by=desk.actor))


@router.post("/accounts/{id}/reset")
def reset(desk: DeskOf, id: RowNumber, form: Annotated[TokenForm, Form()]) -> Response:
    def do() -> tuple[str, str]:
        with desk.site.engine.connect() as connection:
            name = auth.find_account(connection, id).name
        return name, auth.reset_password(desk.site.engine, id, by=desk.actor)

    return desk.change(do)


@router.get("/audit")
def audit_page(request: Request, site: SiteOf, before: RowNumber | None = None) -> HTMLResponse:
    with site.engine.connect() as connection:
        entries = audit.entries(connection, before=before)
    return render(request, site, "audit.html", {"entries": entries})
