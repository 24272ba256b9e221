"""A planner opens the identities of one family, and whoever works there sees that."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from sqlalchemy import text

from tests.browser.conftest import OpenPage, Site
from tests.browser.screen import view_of, visit
from tests.conftest import owner_of

PURPOSE = "memeriksa keluarga yang tercatat dua kali"


def test_identities_open_for_a_purpose_and_the_area_sees_who_did(
    guarded_site: Site, open_page: OpenPage
) -> None:
    with owner_of(guarded_site.engine).connect() as conn:
        household, area, kk, nik = conn.execute(
            text("""
                SELECT h.id, left(h.area_code, 8), h.kk, p.nik
                FROM household AS h JOIN person AS p ON p.household_id = h.id
                WHERE h.kk IS NOT NULL AND p.nik IS NOT NULL AND p.relationship = 'head'
                ORDER BY h.id LIMIT 1
            """)
        ).one()
    page = open_page(guarded_site, role="planner")
    visit(page, f"/?household={household}")
    assert view_of(page).level == "household" and view_of(page).area
    card = page.locator("#card")
    expect(card).to_contain_text(f"{kk[:4]}********{kk[-4:]}")
    card.get_by_text("Tampilkan identitas…").click()
    card.get_by_label("Untuk apa?").fill("singkat")
    card.get_by_role("button", name="Tampilkan identitas").click()
    expect(card).not_to_contain_text(kk)  # the browser itself wants a longer one
    card.get_by_label("Untuk apa?").fill(PURPOSE)
    card.get_by_role("button", name="Tampilkan identitas").click()
    expect(card).to_contain_text(kk)
    expect(card).to_contain_text(nik)
    expect(card.locator(".card-head")).to_contain_text("Identitas terbuka untuk Anda")
    expect(page).to_have_url(re.compile(rf"household={household}$"))

    unit = open_page(guarded_site, role="task_unit", area=area)
    visit(unit, f"/?household={household}")
    unit.get_by_role("link", name="Siapa melihat keluarga ini").click()
    expect(unit.get_by_role("cell", name=PURPOSE)).to_be_visible()
    expect(unit.get_by_role("cell", name="Membuka identitas")).to_be_visible()
    unit.get_by_role("link", name="Kembali ke kartu").click()
    expect(unit.locator("#card h1")).to_be_visible()
