"""The pages that the server draws beside the map, on a desk and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from db.audit import record
from db.engine import writing
from db.viewer import Viewer
from tests.browser.conftest import OpenPage, Site, Watch
from tests.browser.test_page_access import PHONE
from tests.conftest import owner_of

# Cells with text of which a part lies beyond the page's edge.
LIST_CUT = """() => [...document.querySelectorAll("td")]
  .filter((cell) => cell.textContent && cell.getBoundingClientRect().right > innerWidth)
  .map((cell) => cell.textContent)"""


def test_a_phone_shows_every_column_of_the_audit_log(
    guarded_site: Site, open_page: OpenPage
) -> None:
    somebody = Viewer("siti", "planner", address="10.0.0.1")
    with writing(owner_of(guarded_site.engine), somebody) as conn:
        record(conn, "reveal", household=7, purpose="memeriksa keluarga yang tercatat dua kali")
    page = open_page(guarded_site, role="auditor", **PHONE)
    page.goto("/audit")
    expect(page.locator("tbody tr").first).to_be_visible()
    assert page.evaluate(LIST_CUT) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    box = page.locator(".document-header").bounding_box()
    assert box is not None and box["height"] <= 2 * 44 + 10


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_one_leaves_from_an_audit_page(
    guarded_site: Site, open_page: OpenPage, options: dict[str, object]
) -> None:
    page = open_page(guarded_site, role="auditor", **options)
    page.goto("/audit")
    page.get_by_role("button", name="Keluar").click()
    expect(page).to_have_url(re.compile("/login"))


def test_a_fault_asks_for_no_icon_that_is_not_there(
    guarded_site: Site, open_page: OpenPage, watch: Watch
) -> None:
    page = open_page(guarded_site, role="planner")
    watch.forgiven.append("/nothing-here")
    page.goto("/nothing-here", wait_until="networkidle")
    expect(page.locator("link[rel=icon]")).to_have_count(1)
