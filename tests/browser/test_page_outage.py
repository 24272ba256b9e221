"""The database goes away: the page says so, keeps what stands on it, and comes back by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL

from dashboard.settings import Settings
from geo.view import View
from tests.browser.conftest import OpenPage, Site, Watch, serve
from tests.browser.screen import view_of, visit
from tests.conftest import MakeDatabase, make_demo

BACK_MS = 40_000
"""The page asks at growing distances whether the database is back."""


@pytest.fixture
def lonely_url(make_database: MakeDatabase) -> URL:
    """A database that no other test reads."""
    url = make_database("outage")
    make_demo(url)
    return url


@pytest.fixture
def lonely_site(lonely_url: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    address = lonely_url.render_as_string(hide_password=False)
    with serve(Settings(database_url=address, home=tmp_path_factory.mktemp("home"))) as site:
        yield site


@pytest.fixture
def admin(server_url: URL) -> Iterator[Engine]:
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


def allow_connections(admin: Engine, database: str | None, is_allowed: bool) -> None:
    with admin.connect() as conn:
        conn.execute(text(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS {is_allowed}'))
        if not is_allowed:
            conn.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
                ),
                {"name": database},
            )


def test_the_page_comes_back_by_itself(
    lonely_site: Site, lonely_url: URL, admin: Engine, open_page: OpenPage, watch: Watch
) -> None:
    watch.forgiven += ["/health", "status of 503"]
    page = open_page(lonely_site)
    visit(page)
    figures = page.locator("#panel-head .figure-number").all_inner_texts()
    banner = page.locator(".banner")
    expect(banner).to_be_hidden()

    allow_connections(admin, lonely_url.database, False)
    page.locator("#panel-list tr[data-code] a").first.click()
    expect(banner).to_be_visible()
    expect(banner).to_contain_text("Basis data")
    assert page.locator("#panel-head .figure-number").all_inner_texts() == figures
    expect(page.get_by_text("Traceback")).to_have_count(0)

    allow_connections(admin, lonely_url.database, True)
    expect(banner).to_be_hidden(timeout=BACK_MS)
    expect(page.locator("#panel-head .figure-number").first).not_to_have_text(figures[0])
    assert view_of(page) == View().descend(str(view_of(page).area))


def test_a_page_opened_meanwhile_comes_up_too(
    lonely_site: Site, lonely_url: URL, admin: Engine, open_page: OpenPage, watch: Watch
) -> None:
    watch.forgiven += ["/health", "status of 503"]
    allow_connections(admin, lonely_url.database, False)
    page = open_page(lonely_site)
    page.goto("/?deciles=1")
    expect(page.locator(".banner")).to_be_visible()
    allow_connections(admin, lonely_url.database, True)
    expect(page.locator(".banner")).to_be_hidden(timeout=BACK_MS)
    expect(page.locator("#panel-head .figure-number")).to_have_count(4)
    expect(page.locator("#map")).to_have_attribute("data-painted", "1")
