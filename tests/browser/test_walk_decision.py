"""From the gap on the map to a plan, its approval, the agency that gets it, and the delivery."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from dashboard.settings import Settings
from tests.browser.conftest import OpenPage, Site, serve_with_worker
from tests.conftest import MakeDatabase, make_demo, owner_of

DONE_MS = 60_000
"""Milliseconds that a job may take on a busy machine."""
QUOTA = 40


@pytest.fixture(scope="module")
def plan_site(
    make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Serve a demo register with a worker beside, for whoever logs in."""
    url = make_demo(make_database("browser_plans"))
    settings = Settings(database_url=url, home=tmp_path_factory.mktemp("plans"))
    with serve_with_worker(settings) as site:
        yield site


def count(site: Site, condition: str) -> int:
    with owner_of(site.engine).connect() as conn:
        return int(conn.scalar(text(f"SELECT count(*) FROM plan_target WHERE {condition}")) or 0)


def expect_state(page: Page, state: str) -> None:
    step = page.locator(".plan-steps [aria-current='step']")
    expect(step).to_contain_text(state, timeout=DONE_MS)


def test_from_the_gap_to_recorded_delivery(open_page: OpenPage, plan_site: Site) -> None:
    planner = open_page(plan_site, role="planner")
    planner.goto("/gaps?programme=bpnt")
    left_out = planner.locator("a[href*='gap=bpnt:excluded'][href*='level=household']").first
    figure = left_out.inner_text().strip()
    left_out.click()
    shown = planner.get_by_text(figure, exact=True).locator("visible=true").first
    expect(shown).to_be_attached(timeout=DONE_MS)
    expect(planner.get_by_text("belum dilayani").locator("visible=true").first).to_be_attached()

    planner.goto("/plans/new?programme=bpnt")
    planner.locator("[name='name']").fill("Sembako 2026")
    planner.locator("[name='quota']").fill(str(QUOTA))
    planner.get_by_role("button", name="Simpan dan hitung").click()
    expect_state(planner, "Draf")
    expect(planner.get_by_text("Usulkan").first).to_be_visible(timeout=DONE_MS)
    assert count(plan_site, "true") == QUOTA
    address = planner.url.partition("?")[0]
    planner.goto(address)
    planner.get_by_text("Usulkan", exact=True).first.click()
    planner.get_by_role("button", name="Ya, lanjutkan").locator("visible=true").click()
    expect_state(planner, "Diusulkan")

    regent = open_page(plan_site, role="regent")
    regent.goto(address)
    regent.get_by_role("link", name="Setujui atau kembalikan").click()
    regent.get_by_label("Nomor SK").fill("188/123/2026")
    regent.get_by_label("Tanggal SK").fill("2026-11-20")
    regent.get_by_role("button", name="Ya, setujui").click()
    expect_state(regent, "Disetujui")

    planner.goto(address)
    agency = planner.locator("[name='agency']").input_value()
    planner.get_by_label("Untuk keperluan apa").fill("Menyalurkan tahap pertama")
    planner.locator("[name='until']").fill("2027-03-31")
    planner.get_by_role("button", name="Serahkan daftar").click()
    expect(planner.get_by_role("cell", name=agency).first).to_be_visible(timeout=DONE_MS)

    office = open_page(plan_site, role="agency", agency=agency)
    office.goto("/handed")
    office.locator("main table a").first.click()
    targets = office.locator("[name='target']")
    expect(targets.first).to_be_visible()
    targets.nth(0).check()
    targets.nth(1).check()
    office.get_by_role("button", name="Catat yang dicentang").click()
    expect(office.get_by_text("Tercatat untuk 2 sasaran.")).to_be_visible(timeout=DONE_MS)
    assert count(plan_site, "outcome = 'delivered'") == 2

    planner.goto(address)
    expect(planner.get_by_text(re.compile(r"^\d+ kali$")).first).to_be_visible()
