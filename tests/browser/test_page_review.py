"""The review queue by keys, and the verification page, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from dashboard.settings import Settings
from tests.browser.conftest import OpenPage, Site, serve
from tests.browser.test_page_access import list_serious
from tests.conftest import owner_of
from tests.desk_samples import Desks

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


@pytest.fixture(scope="module")
def desk_site(
    desk_register: tuple[str, Desks], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A server with rows for the desks, and no worker."""
    settings = Settings(database_url=desk_register[0], home=tmp_path_factory.mktemp("home"))
    with serve(settings, local_viewer=None) as site:
        yield site


@pytest.fixture(autouse=True)
def _without_jobs(desk_site: Site) -> Iterator[None]:
    yield
    with owner_of(desk_site.engine).begin() as conn:
        conn.execute(text("DELETE FROM job WHERE args <> '{\"households\": [1]}'"))


def list_decisions(site: Site) -> list[tuple[int, str, int | None]]:
    with owner_of(site.engine).connect() as conn:
        rows = conn.execute(text("SELECT args FROM job WHERE kind = 'decide' ORDER BY id"))
        return [(args["row"], args["decision"], args.get("household")) for (args,) in rows]


def heading(page: Page) -> str:
    return page.locator("#case").text_content() or ""


def test_three_rows_are_decided_by_keys(desk_site: Site, open_page: OpenPage, desks: Desks) -> None:
    page = open_page(desk_site, role="village_operator")
    page.goto("/data/review")
    expect(page.locator("#case")).to_be_focused()
    expect(page.locator("#desk-count")).to_have_text("4 baris menunggu")
    first = page.url
    houses = [house.id for house in desks.houses[desks.desa]]
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"case={desks.regency_batch}-2"))
    expect(page.locator("#case")).to_be_focused()
    expect(page.locator("#desk-status")).to_have_text("Menyimpan: sama…")
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile(rf"case={desks.regency_batch}-3"))
    page.keyboard.press("b")
    expect(page).to_have_url(re.compile(rf"case={desks.own_batch}-1"))
    expect(page.locator("#desk-count")).to_have_text("1 baris menunggu")
    assert list_decisions(desk_site) == [
        (1, "joined", houses[0]), (2, "split", houses[1]), (3, "new", None),
    ]  # fmt: skip
    page.go_back()
    expect(page.locator(".case-decided")).to_contain_text("sedang disimpan")
    page.goto(first)
    expect(page.locator(".case-decided")).to_contain_text("sedang disimpan")
    assert len(list_decisions(desk_site)) == 3


def test_skipping_and_the_list_of_keys_decide_nothing(
    desk_site: Site, open_page: OpenPage, desks: Desks
) -> None:
    page = open_page(desk_site, role="village_operator")
    page.goto("/data/review")
    page.keyboard.press("l")
    expect(page).to_have_url(re.compile(rf"case={desks.regency_batch}-2"))
    page.keyboard.press("?")
    keys = page.locator("#desk-keys dl")
    expect(keys).to_be_visible()
    expect(page.locator("#case")).to_be_focused()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("?")
    expect(keys).to_be_visible()
    assert list_decisions(desk_site) == []
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"case={desks.regency_batch}-3"))
    assert [row for row, *_ in list_decisions(desk_site)] == [2]


def test_the_end_of_a_job_is_said_without_a_new_page(desk_site: Site, open_page: OpenPage) -> None:
    page = open_page(desk_site, role="village_operator")
    page.goto("/data/review")
    page.keyboard.press("b")
    status = page.locator("#desk-status")
    expect(status).to_have_text("Menyimpan: baru…")
    why = "Baris ini sudah diputuskan oleh bu-camat pada 20 Nov 2026."
    with owner_of(desk_site.engine).begin() as conn:
        conn.execute(
            text("""
                UPDATE job SET state = 'failed', message = :why, finished_at = now()
                WHERE kind = 'decide'
            """),
            {"why": why},
        )
    expect(status).to_contain_text(f"Keputusan tidak disimpan: {why}")
    expect(status).to_have_class(re.compile("alarm"))


def test_it_works_without_a_script(desk_site: Site, open_page: OpenPage, desks: Desks) -> None:
    page = open_page(desk_site, role="village_operator", java_script_enabled=False)
    page.goto("/data/review")
    page.get_by_role("button", name="Sama").click()
    expect(page.locator("#case")).to_be_visible()
    assert [row for row, *_ in list_decisions(desk_site)] == [1]


@pytest.mark.parametrize(
    "options", [{}, PHONE, {"color_scheme": "dark"}], ids=["wide", "phone", "dark"]
)
@pytest.mark.parametrize("address", ["/data/review", "/data/verification"])
def test_nothing_serious_and_nothing_sideways(
    desk_site: Site, open_page: OpenPage, address: str, options: dict[str, object]
) -> None:
    page = open_page(desk_site, role="village_operator", bypass_csp=True, **options)
    page.goto(address)
    expect(page.locator("main")).to_be_visible()
    assert list_serious(page) == []
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]


def test_many_are_picked_and_the_effect_is_told(desk_site: Site, open_page: OpenPage) -> None:
    page = open_page(desk_site, role="task_unit")
    page.goto("/data/verification?status=unverified")
    effect = page.locator("#effect")
    expect(effect).to_have_text("Belum ada keluarga yang dipilih.")
    picks = page.locator("input[name=household]")
    picks.nth(0).click()
    picks.nth(4).click(modifiers=["Shift"])
    page.get_by_label("Nomor SK").fill("188/45/2026")
    page.get_by_label("Tanggal SK").fill("2026-11-20")
    sentence = "5 keluarga menjadi terverifikasi menurut 188/45/2026, 20 Nov 2026."
    expect(effect).to_have_text(sentence)
    page.get_by_label("Menjadi").select_option("graduated")
    expect(effect).to_have_text(
        "5 keluarga berstatus “Belum diverifikasi” tidak dapat menjadi “Lulus”."
        " Lepaskan pilihannya, atau pilih keputusan lain."
    )
    page.get_by_label("Menjadi").select_option("verified")
    page.get_by_role("button", name="Periksa dahulu").click()
    expect(page.get_by_text(sentence)).to_be_visible()
    expect(page.locator("main li")).to_have_count(5)
    page.get_by_role("button", name="Ya, simpan").click()
    expect(page.locator("#desk-status")).to_have_text("Menyimpan untuk 5 keluarga…")
    page.get_by_label("Semua di halaman ini").check()
    total = page.locator("input[name=household]").count()
    expect(effect).to_contain_text(f"{total} keluarga menjadi")
    with owner_of(desk_site.engine).connect() as conn:
        args = conn.scalar(text("SELECT args FROM job WHERE kind = 'verify' ORDER BY id DESC"))
    assert len(args["households"]) == 5


def test_the_card_tells_its_sources(desk_site: Site, open_page: OpenPage, desks: Desks) -> None:
    house = desks.houses[desks.desa][0].id
    page = open_page(desk_site, role="village_operator")
    page.goto(f"/?household={house}")
    card = page.locator("#card")
    expect(card).to_contain_text("dari: Survei desa (15 Sep 2026)")
    card.locator(".card-head .conflicts summary").click()
    decile = card.locator(".conflicts div", has_text="Desil")
    expect(decile).to_contain_text("dipakai: yang terbaru")
    expect(decile).to_contain_text("DTSEN (30 Jun 2026)")
    expect(card).to_contain_text("Terverifikasi menurut 188/45/2026, 20 Nov 2026")
    card.get_by_role("link", name="Riwayat verifikasi").click()
    expect(page.get_by_role("cell", name="pak-lurah")).to_be_visible()
