"""Which language a visitor reads: the one chosen on this browser, else the server's."""

from typing import Annotated

from fastapi import Depends, Request

from server.web.site import LANGUAGE_COOKIE, SiteOf
from shell.words import LANGUAGES


def language_of(request: Request, site: SiteOf) -> str:
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else site.settings.language


LanguageOf = Annotated[str, Depends(language_of)]
