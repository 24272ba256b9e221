"""A village operator and a planner at the desk of positions, on a phone and at a desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from dashboard.settings import Settings
from db.engine import make_engine, writing
from db.positions import refresh_position_faults
from db.viewer import LOCAL_VIEWER
from tests.browser.conftest import OpenPage, Site, serve
from tests.browser.screen import view_of
from tests.browser.test_page_access import PHONE, list_serious
from tests.conftest import MakeDatabase, make_demo

DESK = "/data/positions"


@pytest.fixture(scope="module")
def desk_site(
    make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A server on a demo of its own, in which some positions are exchanged."""
    url = make_demo(make_database("desk"))
    engine = make_engine(url)
    with writing(engine, LOCAL_VIEWER) as conn:
        flip = "UPDATE household SET location = ST_FlipCoordinates(location) WHERE id % 7 = 0"
        conn.execute(text(f"{flip} AND location IS NOT NULL"))
        refresh_position_faults(conn)
    engine.dispose()
    settings = Settings(database_url=url, home=tmp_path_factory.mktemp("home"))
    with serve(settings, local_viewer=None) as site:
        yield site


@pytest.mark.parametrize("role", ["planner", "village_operator"])
def test_a_phone_shows_the_desk_without_scrolling_sideways(
    desk_site: Site, open_page: OpenPage, role: str
) -> None:
    page = open_page(desk_site, role=role, bypass_csp=True, **PHONE)
    page.goto(DESK)
    expect(page.locator("h1")).to_have_text("Mutu posisi")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert list_serious(page) == []
    buttons = page.locator(".desk-list button, .desk-kinds a").all()
    assert min(one.bounding_box()["height"] for one in buttons[:20]) >= 44  # type: ignore[index]


def test_a_finding_is_put_aside_and_back(desk_site: Site, open_page: OpenPage) -> None:
    page = open_page(desk_site, role="village_operator")
    page.goto(f"{DESK}?kind=swapped")
    button = page.locator(".desk-list button").first
    fault = button.get_attribute("value")
    button.click()
    expect(page.get_by_role("status")).to_have_text("Temuan ditandai bukan kesalahan.")
    expect(page.locator(f'button[value="{fault}"]')).to_have_count(0)
    page.get_by_role("link", name="Bukan kesalahan").click()
    page.locator(f'button[value="{fault}"]').click()
    expect(page.get_by_role("status")).to_have_text("Temuan kembali ke daftar.")
    page.goto(f"{DESK}?kind=swapped")
    expect(page.locator(f'button[value="{fault}"]')).to_have_count(1)


def test_from_an_area_to_its_map_and_its_list(desk_site: Site, open_page: OpenPage) -> None:
    page = open_page(desk_site)
    page.goto(DESK)
    row = page.locator(".desk-areas tbody tr").first
    count = row.locator(".number").first.inner_text()
    row.get_by_role("link").first.click()
    expect(page.locator(".desk-kinds b").first).to_have_text(count)
    page.get_by_role("link", name="Lihat di peta").click()
    page.locator("#map").wait_for(state="attached")
    assert (view_of(page).layer, view_of(page).level) == ("position_faults", "desa")


def test_the_certain_repairs_are_asked_for(desk_site: Site, open_page: OpenPage) -> None:
    page = open_page(desk_site)
    page.goto(DESK)
    page.get_by_role("button", name="Perbaiki yang pasti").click()
    expect(page.get_by_role("status")).to_contain_text("Perbaikan dijadwalkan")
