"""The real pages in a real browser: servers on demo registers, and pages that are watched."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, Request, Response, sync_playwright
from sqlalchemy import Connection, Engine
from werkzeug.serving import make_server

from dashboard.app import create_app
from dashboard.jobs.worker import work
from dashboard.settings import Settings, ToolSettings
from db.engine import reading
from db.viewer import LOCAL_VIEWER
from tests.conftest import REAL_DESA, REGENCIES, MakeDatabase, log_in_as, make_demo

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WITHOUT_WEBGL = ("--disable-gpu", "--disable-webgl", "--disable-webgl2", "--disable-3d-apis")
TIMEOUT_MS = 15_000
ABORTED = "net::ERR_ABORTED"
"""What a request is called that the page itself took back, such as a tile out of sight."""


@dataclass(frozen=True)
class Site:
    """A server with its register."""

    address: str
    engine: Engine
    cookie: str | None = None
    """Name of the session's cookie; None where everybody sees everything."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open the register as the page does."""
        with reading(self.engine, LOCAL_VIEWER) as conn:
            yield conn


@contextmanager
def serve(settings: Settings, **options: Any) -> Iterator[Site]:
    """Serve the application on a free port, with options of ``create_app``.

    Without any, everybody sees everything; ``local_viewer=None`` demands a session.
    """
    app = create_app(settings, **({"local_viewer": LOCAL_VIEWER} | options)).server
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    engine = app.extensions["engine"]
    sessions = app.extensions.get("sessions")
    cookie = sessions.cookie if sessions else None
    yield Site(f"http://127.0.0.1:{server.port}", engine, cookie)
    server.shutdown()
    thread.join()
    server.server_close()
    engine.dispose()


@contextmanager
def serve_with_worker(settings: Settings) -> Iterator[Site]:
    """Serve the application to whoever logs in, with a worker beside it."""
    stop = threading.Event()
    worker = threading.Thread(target=work, args=(settings, stop), daemon=True)
    worker.start()
    with serve(settings, local_viewer=None) as site:
        yield site
    stop.set()
    worker.join()


@pytest.fixture(scope="session")
def live_server(
    demo_url: str, make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Site]]:
    """Give the server of a regency; each starts when it is first asked for."""
    with ExitStack() as running:

        @cache
        def start(regency: str) -> Site:
            url = demo_url
            if regency == "real":
                url = make_demo(make_database("real"), boundaries=[REAL_DESA])
            settings = Settings(database_url=url, home=tmp_path_factory.mktemp("home"))
            return running.enter_context(serve(settings))

        yield start


@pytest.fixture
def site(live_server: Callable[[str], Site]) -> Site:
    """Give the server on schematic boundaries."""
    return live_server("schematic")


@pytest.fixture(scope="module")
def guarded_site(demo_settings: Settings) -> Iterator[Site]:
    """Give a server that demands a login, as ``serve`` does."""
    with serve(demo_settings, local_viewer=None) as site:
        yield site


@pytest.fixture(params=REGENCIES)
def each_site(request: pytest.FixtureRequest, live_server: Callable[[str], Site]) -> Site:
    """Give every server in turn."""
    return live_server(request.param)


def launch(playwright: Playwright, *more: str) -> Browser:
    """Start Debian's Chromium."""
    return playwright.chromium.launch(
        executable_path=ToolSettings().chromium, args=[*ARGUMENTS, *more]
    )


# One module at a time drives Playwright: its loop can't run twice in one thread, and the tests of
# the map's module bring their own.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Start Playwright."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Start the browser."""
    found = launch(playwright)
    yield found
    found.close()


@pytest.fixture(scope="module")
def plain_browser(playwright: Playwright) -> Iterator[Browser]:
    """Start a browser without WebGL."""
    found = launch(playwright, *WITHOUT_WEBGL)
    yield found
    found.close()


@dataclass
class Watch:
    """What went wrong on the pages of a test.

    Attributes
    ----------
    faults
        Errors of the console and of scripts, answers from 400 on, requests that failed, requests to
        anywhere but the server.
    forgiven
        Texts of faults that the test provokes.
    """

    hosts: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        """Note what goes wrong on a page."""
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", lambda said: self._hear(said.type, said.text, said.location["url"]))
        page.on("request", self._check_address)
        page.on("requestfailed", self._note_failure)
        page.on("response", self._check_answer)

    def list_faults(self) -> list[str]:
        """Return what went wrong and was not provoked."""
        return [one for one in self.faults if not any(text in one for text in self.forgiven)]

    def _hear(self, kind: str, said: str, address: str) -> None:
        if kind in ("error", "warning"):
            self.faults.append(f"console {kind}: {said} ({address})")

    def _check_address(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc not in self.hosts:
            self.faults.append(f"left the machine: {request.url}")

    def _note_failure(self, request: Request) -> None:
        if request.failure != ABORTED:
            self.faults.append(f"failed: {request.url} ({request.failure})")

    def _check_answer(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"answered {response.status}: {response.url}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Watch the pages of a test; in the end nothing went wrong that it did not provoke."""
    watching = Watch()
    yield watching
    assert watching.list_faults() == []


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(watch: Watch, browser: Browser) -> Iterator[OpenPage]:
    """Open pages, each with cookies and storage of its own; where a login is asked, as a role."""
    with ExitStack() as opened:

        def open_one(
            site: Site,
            *,
            within: Browser = browser,
            role: str | None = "planner",
            area: str | None = None,
            agency: str | None = None,
            **options: Any,
        ) -> Page:
            wanted = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
            context = within.new_context(base_url=site.address, **(wanted | options))
            opened.callback(context.close)
            context.set_default_timeout(TIMEOUT_MS)
            if site.cookie and role:
                token = log_in_as(site.engine, role, area, agency)
                cookie = {"name": site.cookie, "value": token, "url": site.address}
                context.add_cookies([cookie])  # type: ignore[list-item]
            watch.hosts.add(urlsplit(site.address).netloc)
            context.on("page", watch.follow)
            return context.new_page()

        yield open_one


@pytest.fixture
def page(open_page: OpenPage, site: Site) -> Page:
    """Open an empty page that knows the server's address."""
    return open_page(site)
