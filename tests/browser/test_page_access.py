"""axe-core finds nothing serious on any face of the page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.settings import ToolSettings
from tests.browser.conftest import OpenPage, Site
from tests.browser.screen import visit

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


def test_a_phone_never_scrolls_sideways(site: Site, open_page: OpenPage) -> None:
    page = open_page(site, **PHONE)
    visit(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
