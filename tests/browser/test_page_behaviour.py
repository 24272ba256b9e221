"""What readers expect of any page: languages, search, wrong addresses, a browser without WebGL."""

from __future__ import annotations

import re
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from tests.browser.conftest import OpenPage, Site
from tests.browser.screen import repainted, view_of, visit


def test_languages_change_words_and_numbers_and_keep_the_view(page: Page) -> None:
    visit(page, "/?deciles=1")
    expect(page.locator("#panel-head")).to_contain_text(re.compile(r"\d,\d\d\s%"))
    visit(page, "/?deciles=1&language=en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#panel-head")).to_contain_text(re.compile(r"\d\.\d\d%"))
    assert view_of(page).deciles == (1,)


def test_a_nik_is_found_by_keyboard(page: Page, site: Site) -> None:
    with site.reading() as conn:
        nik, household = conn.execute(
            text("SELECT nik, household_id FROM person WHERE nik IS NOT NULL ORDER BY id LIMIT 1")
        ).one()
    visit(page)
    page.keyboard.press("/")
    page.keyboard.type(nik)
    expect(page.locator("#search-hits [data-href]")).to_have_count(1)
    with repainted(page):
        page.keyboard.press("Enter")
    assert view_of(page).household == household
    kept = page.evaluate("JSON.stringify({...localStorage}) + document.cookie")
    assert nik not in kept


@pytest.mark.parametrize(
    ("address", "status"),
    [("?layer=nope", 404), ("?area=99.99", 404), ("?deciles=x", 400), ("nope", 404)],
)
def test_a_wrong_address_gets_a_sentence(site: Site, address: str, status: int) -> None:
    with pytest.raises(HTTPError) as caught, urlopen(Request(f"{site.address}/{address}")):
        pass
    with caught.value as answer:
        written = answer.read().decode()
    assert answer.code == status
    assert "Traceback" not in written
    assert "<h1" in written


def test_two_readers_never_see_each_other(site: Site, open_page: OpenPage) -> None:
    first, second = open_page(site), open_page(site)
    visit(first, "/?deciles=1")
    visit(second, "/?deciles=2")
    with repainted(first):
        first.evaluate("dash_clientside.set_props('url', {search: '?deciles=1&needs=latrine'})")
    assert view_of(second).deciles == (2,)
    expect(second.locator("#chips")).not_to_contain_text("Desil 1")


def test_without_webgl_the_drawn_map_leads_on(
    site: Site, open_page: OpenPage, plain_browser: Browser
) -> None:
    page = open_page(site, within=plain_browser)
    page.goto("/")
    areas = page.locator("#map svg a")
    expect(areas.first).to_be_attached()
    assert areas.count() >= 25
    expect(page.locator("#panel-list tbody tr")).to_have_count(25)
