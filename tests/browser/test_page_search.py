"""The search box by keyboard, the switch of the language, the panel of a phone."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy import text

from db.queries.households import get_card
from db.queries.search import search
from geo.view import View
from tests.browser.conftest import OpenPage, Site
from tests.browser.screen import expect_card, expect_reading, repainted, view_of, visit

HITS = "#search-hits [role=option]"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def ask(page: Page, words: str) -> None:
    page.keyboard.press("/")
    expect(page.locator("#search-text")).to_be_focused()
    page.keyboard.type(words)


def test_an_area_is_found_by_its_name(page: Page, site: Site) -> None:
    with site.reading() as conn:
        hits = search(conn, "genteng")
    assert len(hits) > 1
    assert hits[0].kind == "area"
    visit(page)
    ask(page, "genteng")
    expect(page.locator(f"{HITS} .row-title")).to_have_text([hit.title for hit in hits])
    box = page.locator("#search-text")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "search-hits-1")
    page.keyboard.press("ArrowUp")
    expect(page.locator(f"{HITS}[aria-selected=true]")).to_have_attribute("id", "search-hits-0")
    page.keyboard.press("Escape")
    expect(page.locator("#search-hits")).to_be_hidden()
    assert view_of(page) == View()

    page.keyboard.press("/")
    expect(page.locator("#search-hits")).to_be_visible()
    page.keyboard.press("ArrowDown")
    with repainted(page):
        page.keyboard.press("Enter")
    assert view_of(page) == View().descend(hits[0].key)
    expect(page.locator("#panel-head h1")).to_have_text(hits[0].title)


def test_a_household_is_found_by_a_name(page: Page, site: Site) -> None:
    with site.reading() as conn:
        household = conn.scalar(text("SELECT id FROM household ORDER BY head_name DESC LIMIT 1"))
        name = get_card(conn, household).head_name
        keys = [hit.key for hit in search(conn, name)]
    visit(page)
    ask(page, name)
    expect(page.locator(HITS)).to_have_count(len(keys))
    for _ in range(keys.index(str(household)) + 1):
        page.keyboard.press("ArrowDown")
    with repainted(page):
        page.keyboard.press("Enter")
    with site.reading() as conn:
        expect_card(page, conn, household)


def test_what_nobody_is_called_finds_nothing(page: Page) -> None:
    visit(page)
    ask(page, "zzzzzz%")
    expect(page.locator(HITS)).to_contain_text(["Tidak ditemukan"])
    page.keyboard.press("Enter")
    assert view_of(page) == View()


def test_the_switch_of_the_language_keeps_the_view(page: Page) -> None:
    visit(page, "/?area=35.10.01&deciles=1,2")
    figures = page.locator("#panel-head .figure-number")
    rate = figures.nth(1).inner_text()
    there = View(area="35.10.01", level="desa", deciles=(1, 2))
    page.locator("#toolbar a.language").click()
    expect(figures.nth(1)).to_have_text(rate.replace("\N{NO-BREAK SPACE}", "").replace(",", "."))
    assert view_of(page) == View(**{**as_fields(there), "language": "en"})
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="Filters").first).to_be_visible()
    page.locator("#toolbar a.language").click()
    expect(figures.nth(1)).to_have_text(rate)
    expect(page.locator("html")).to_have_attribute("lang", "id")
    assert view_of(page) == there


def as_fields(view: View) -> dict[str, object]:
    return {name: getattr(view, name) for name in View.__slots__}


def test_nothing_of_a_family_stays_in_the_browser(page: Page, site: Site) -> None:
    with site.reading() as conn:
        household = conn.scalar(
            text("SELECT household_id FROM person WHERE nik IS NOT NULL LIMIT 1")
        )
        card = get_card(conn, household)
    visit(page, f"/?household={household}")
    expect(page.locator("#card h1")).to_have_text(card.head_name)
    page.keyboard.press("d")
    stored = page.evaluate(
        "() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])"
    )
    kept = stored + str(page.context.cookies()) + page.url
    secrets = [person.name for person in card.persons] + [person.nik for person in card.persons]
    assert "kentongan-theme" in kept
    assert [secret for secret in (*secrets, card.kk) if secret and secret in kept] == []


def test_the_sheet_of_a_phone_opens(site: Site, open_page: OpenPage) -> None:
    page = open_page(site, **PHONE)
    visit(page)
    panel = page.locator("#panel")

    def height() -> float:
        box = panel.bounding_box()
        return box["height"] if box else 0

    # The lowest stop ends with the headline, wherever that ends.
    lowest = round(height() / 740, 2)
    assert 0.15 < lowest < 0.4
    for share in (0.52, 0.9, lowest):
        page.locator("#panel .handle").tap()
        expect_reading(page, lambda: round(height() / 740, 2), share)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
