"""A real Chromium against a real server on made rows. Whatever it asks of another host fails the test."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import Engine

from server.app import create_app
from server.news import News
from server.roles import Role
from server.settings import ServerSettings
from tests.server import made, web

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE, PHONE = {"width": 1400, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Not for the whole session: while Playwright runs, its thread has an event loop, and nobody else may start one."""
    found = shutil.which("chromium")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("a browser is required in CI, and there is no chromium")
        pytest.skip("there is no chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class Site:
    url: str
    engine: Engine
    news: News


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The made city, served. Its clock goes on from the made moment."""
    news, started = News(), time.time_ns()
    with web.database(tmp_path) as engine:
        made.fill(engine)
        for role in Role:
            web.put_account(engine, role)
        app = create_app(engine, ServerSettings(), news, clock=lambda: made.NOW + time.time_ns() - started)
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Site(f"http://127.0.0.1:{port}", engine, news)
        news.close()
        server.should_exit = True
        thread.join(10)


@dataclass
class Watched:
    """What a page did that it must not do."""

    url: str
    complaints: list[str] = field(default_factory=list)
    allowed: str | None = None  # part of a console line that the test means to cause

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: self._request(request.url))

    def _console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not (self.allowed and self.allowed in text):
            self.complaints.append(f"console: {text}")

    def _request(self, url: str) -> None:
        if urlsplit(url).scheme != "data" and not url.startswith(self.url):
            self.complaints.append(f"outside: {url}")


VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""

Visit = Callable[..., Page]


@pytest.fixture
def watched(site: Site) -> Watched:
    return Watched(site.url)


@pytest.fixture
def visit(chromium: Browser, site: Site, watched: Watched) -> Iterator[Visit]:
    """visit(role, language, size, scheme) → the live map, logged in. Afterwards nothing forbidden may have happened."""
    contexts: list[BrowserContext] = []

    def open_map(
        role: Role = Role.ADMINISTRATOR, language: str = "zh", *, size: dict[str, int] = WIDE, scheme: str = "light"
    ) -> Page:
        context = chromium.new_context(viewport=size, color_scheme=scheme, timezone_id="Asia/Shanghai")
        contexts.append(context)
        context.add_init_script(VIOLATIONS)
        page = context.new_page()
        watched.watch(page)
        page.goto(f"{site.url}/language/{language}?next=/login")
        page.fill("input[name=name]", role.text)
        page.fill("input[name=password]", web.PASSWORD)
        page.click("button.main")
        page.wait_for_selector("#connection.good")
        return page

    yield open_map
    for context in contexts:
        for page in context.pages:
            watched.complaints += page.evaluate("window.violations")
        context.close()
    assert watched.complaints == []


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Saves a picture where WAVEWARDEN_SCREENSHOTS says; does nothing without it."""
    folder = os.environ.get("WAVEWARDEN_SCREENSHOTS")

    def take(page: Page, name: str, *, whole: bool = False) -> None:
        if folder:
            page.wait_for_timeout(400)
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=whole)

    return take
