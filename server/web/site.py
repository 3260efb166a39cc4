"""What every page and answer needs: the database, the settings, the news, the clock. One per app, nothing global."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine

from fusion.values import Rules
from server.news import News
from server.settings import ServerSettings
from server.web.answers import Answers
from server.web.explaining import Explained

COOKIE = "wavewarden_session"
LANGUAGE_COOKIE = "wavewarden_language"
StatusOf = Callable[[], Mapping[str, int | float | str | None]]


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    engine: Engine
    settings: ServerSettings
    news: News
    clock: Callable[[], int]  # ns UTC
    status: StatusOf | None
    answers: Answers
    rules: Rules
    explained: dict[str, Explained] = field(default_factory=dict)  # by emitter, of its latest fix

    @property
    def cookie(self) -> str:
        """A browser takes a __Host- cookie only from https and for this host alone."""
        return f"__Host-{COOKIE}" if self.settings.web.secure_cookies else COOKIE


def site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


SiteOf = Annotated[Site, Depends(site_of)]
