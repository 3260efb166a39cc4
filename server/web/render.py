"""Pages from templates. Everything filled in is escaped; a word that is not in the catalogue is an error, not a gap."""

from collections.abc import Callable, Mapping
from functools import cache, partial

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from server.roles import Role
from server.sessions import Visitor
from server.web.language import language_of
from server.web.phrases import field_texts, iso, or_name
from server.web.site import Site
from shell.words import LANGUAGES, clean, say


@cache
def templates() -> Environment:
    loader = PackageLoader("server")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def render(
    request: Request, site: Site, template: str, values: Mapping[str, object] | None = None, *, status: int = 200
) -> HTMLResponse:
    language = language_of(request, site)
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    page = templates().get_template(template)
    text = page.render(
        site_name=site.settings.name,
        now=iso(site.clock()),
        language=language,
        other_language=next(other for other in LANGUAGES if other != language),
        visitor=visitor,
        may=partial(_has_role, visitor),
        path=request.url.path,
        say=_say(language),
        name_of=lambda key, name: or_name(key, name, language),
        clean=clean,
        iso=iso,
        fields=field_texts,
        **(values or {}),
    )
    return HTMLResponse(text, status_code=status)


def _say(language: str) -> Callable[..., str]:
    return lambda key, **values: say(key, language, **values)


def _has_role(visitor: Visitor | None, role: str) -> bool:
    return visitor is not None and not visitor.must_change and visitor.role >= Role.named(role)
