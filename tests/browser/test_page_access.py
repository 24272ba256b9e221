"""axe-core finds nothing serious on any face of the page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.settings import ToolSettings
from tests.browser.conftest import OpenPage, Site
from tests.browser.screen import repainted, visit

HOUSEHOLDS = "/?area=35.10.05&level=household"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


def list_serious(page: Page) -> list[str]:
    """Return what axe-core calls serious or critical, with the elements it means."""
    axe = ToolSettings().axe
    assert axe is not None
    page.add_script_tag(path=axe)
    found: dict[str, Any] = page.evaluate("axe.run()")
    return [
        f"{one['id']}: {[node['target'] for node in one['nodes']]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(
    ("address", "options"),
    [
        ("/", {}),
        ("/?language=en&level=desa", {}),
        ("/?deciles=1&received=pkh", {"color_scheme": "dark"}),
        (HOUSEHOLDS, {}),
        (f"{HOUSEHOLDS}&household=1", {}),
        ("/", PHONE),
    ],
    ids=["start", "english", "dark", "households", "card", "phone"],
)
def test_nothing_serious_is_found(
    site: Site, open_page: OpenPage, address: str, options: dict[str, Any]
) -> None:
    page = open_page(site, bypass_csp=True, **options)
    visit(page, address)
    assert list_serious(page) == []


def test_nothing_serious_is_found_in_the_filters(site: Site, open_page: OpenPage) -> None:
    page = open_page(site, bypass_csp=True)
    visit(page)
    page.keyboard.press("f")
    expect(page.locator("#filter-panel")).to_be_visible()
    assert list_serious(page) == []


# Parts of the bar along the top that are cut, or lie beyond the page's edge.
LIST_CUT = """() => [...document.querySelectorAll(".topbar *")]
  .filter((part) => part.offsetParent && !part.closest(".unseen, .menu, #search-hits"))
  .filter((part) => {
    const isCut = part.matches(".menu-value, .button, .segments > *")
      && part.scrollWidth > part.clientWidth + 1;
    return isCut || part.getBoundingClientRect().right > innerWidth + 0.5;
  })
  .map((part) => part.outerHTML)"""


@pytest.mark.parametrize("width", [1024, 1280, 1366, 1920])
@pytest.mark.parametrize("language", ["id", "en"])
def test_nothing_along_the_top_is_cut(
    site: Site, open_page: OpenPage, width: int, language: str
) -> None:
    page = open_page(site, viewport={"width": width, "height": 768})
    visit(page, f"/?language={language}&deciles=1,2")
    names = page.locator(".menu-layers .menu-title").all_text_contents()
    longest = max(names, key=len)
    page.locator(".layer-chooser").click()
    with repainted(page):
        page.locator(".menu-layers a", has_text=longest).click()
    expect(page.locator(".layer-chooser .menu-value")).to_have_text(longest)
    assert page.evaluate(LIST_CUT) == []


def test_a_phone_shows_the_map_and_its_choices_above_the_sheet(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site, **PHONE)
    visit(page)
    top = page.locator("#panel").bounding_box()["y"]  # type: ignore[index]
    for part in (".toolbar > .segments", ".legend summary"):
        box = page.locator(part).first.bounding_box()
        assert box is not None
        assert top - 80 < box["y"] and box["y"] + box["height"] < top
        assert box["height"] >= 44
    figures = [box.bounding_box() for box in page.locator(".figure").all()]
    cut = [box for box in figures if box and box["y"] < 740 < box["y"] + box["height"]]
    assert cut == []


def test_a_phones_bar_is_one_row_beside_a_card(guarded_site: Site, open_page: OpenPage) -> None:
    page = open_page(guarded_site, **PHONE)
    visit(page, "/?household=1")
    expect(page.locator("#card h1")).to_be_visible()
    box = page.locator(".topbar").bounding_box()
    assert box is not None and box["height"] < 2 * 44


def test_a_phone_never_scrolls_sideways(site: Site, open_page: OpenPage) -> None:
    page = open_page(site, **PHONE)
    visit(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
