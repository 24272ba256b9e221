"""Rules and questions in the browser: by keyboard, on a phone, without scripts, by two at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.settings import Settings
from tests.browser.conftest import OpenPage, Site, Watch, serve
from tests.browser.screen import visit
from tests.browser.test_page_access import PHONE, list_serious
from tests.conftest import MakeDatabase, make_demo

PAGES = ("/programmes", "/programmes/pkh", "/questions", "/questions?example=mothers")


@pytest.fixture(scope="module")
def rule_site(
    make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Serve a register of the test's own, whose rules it may change."""
    url = make_demo(make_database("browser_rules"))
    settings = Settings(database_url=url, home=tmp_path_factory.mktemp("home"))
    with serve(settings, local_viewer=None) as site:
        yield site


def figure(page: Page) -> Locator:
    return page.locator(".rule-figure")


def group(page: Page, title: str) -> Locator:
    return page.get_by_role("group", name=title, exact=True)


def add(page: Page, title: str, condition: str) -> None:
    group(page, title).get_by_label("Syarat baru").first.select_option(label=condition)
    group(page, title).get_by_role("button", name="Tambah").click()


def test_the_count_follows_what_is_edited(rule_site: Site, open_page: OpenPage) -> None:
    page = open_page(rule_site)
    page.goto("/programmes/asn_peduli")
    expect(page.get_by_role("button", name="Hitung", exact=True)).to_be_hidden()
    before = figure(page).inner_text()
    decile = page.get_by_role("group", name="Desil", exact=True)
    decile.get_by_label("Nilai").fill("1")
    expect(figure(page)).not_to_have_text(before)
    expect(page.locator("#rule-words")).to_contain_text("Desil paling tinggi 1")
    decile.get_by_label("Nilai").fill("11")
    expect(decile.locator(".rule-fault")).to_contain_text("11")
    expect(decile.get_by_label("Nilai")).to_have_attribute("aria-invalid", "true")
    expect(figure(page)).to_have_count(0)
    decile.get_by_label("Nilai").fill("2")
    expect(figure(page)).to_have_text(before)
    expect(decile.locator(".rule-fault")).to_be_empty()


def test_conditions_come_and_go_and_what_was_typed_stays(
    rule_site: Site, open_page: OpenPage
) -> None:
    page = open_page(rule_site)
    page.goto("/questions?example=elderly")
    before = figure(page).inner_text()
    add(page, "Semua harus benar", "Jamban")
    toilet = page.get_by_role("group", name="Jamban", exact=True)
    expect(toilet.get_by_label("Perbandingan")).to_be_focused()
    expect(toilet.locator(".rule-fault")).to_have_text("Pilih atau isi nilainya.")
    toilet.get_by_label("Jamban sendiri").check()
    expect(figure(page)).not_to_have_text(before)
    add(page, "Tidak boleh", "Ada anggota keluarga")
    member = page.get_by_role("group", name="Ada anggota keluarga")
    member.get_by_text("Syarat lain tentang orang ini").click()
    member.get_by_label("Sakit menahun").check()
    expect(page.locator("#rule-words")).to_contain_text("Tidak satu pun dari ini berlaku")
    expect(toilet.get_by_label("Jamban sendiri")).to_be_checked()
    page.get_by_role("button", name="Hapus syarat: Ada anggota keluarga").click()
    page.get_by_role("button", name="Hapus syarat: Jamban").click()
    expect(figure(page)).to_have_text(before)


def test_several_numbers_have_a_field_of_their_own(rule_site: Site, open_page: OpenPage) -> None:
    page = open_page(rule_site)
    page.goto("/questions?example=poorest")
    decile = page.get_by_role("group", name="Desil", exact=True)
    decile.get_by_label("Perbandingan").select_option("in")
    field = decile.locator('input[type="text"]')
    expect(decile.get_by_label("Perbandingan")).to_be_focused()
    field.fill("1, 2 3")
    expect(page.locator("#rule-words")).to_contain_text("Desil salah satu dari 1, 2, 3")


def test_a_village_head_asks_by_keyboard_and_sees_map_and_list(
    rule_site: Site, open_page: OpenPage
) -> None:
    page = open_page(rule_site, role="village_operator")
    page.goto("/questions")
    page.get_by_role("link", name="Janda yang menjadi kepala keluarga").press("Enter")
    page.wait_for_url("**/questions?example=widows")
    count = int(figure(page).inner_text())
    assert count > 0
    page.get_by_role("button", name="Buka peta dan daftarnya").press("Enter")
    page.wait_for_url(re.compile(r"/\?.*question=[0-9a-f]{12}"))
    expect(page.locator(".list-head, #panel").first).to_contain_text(str(count))
    visit(page, page.url)
    page.locator(".account-menu summary").click()
    page.get_by_role("link", name="Simpan tampilan ini").click()
    page.get_by_label("Nama").fill("Janda di desa ini")
    page.get_by_role("button", name="Simpan").click()
    page.get_by_role("link", name="Janda di desa ini").click()
    page.wait_for_url(re.compile(r"/\?.*question=[0-9a-f]{12}"))
    page.goto("/questions")
    page.get_by_role("button", name="Hapus: Janda di desa ini").click()
    expect(page.get_by_text("Belum ada. Simpan pertanyaan di atas")).to_be_visible()


def test_two_edit_one_rule(rule_site: Site, open_page: OpenPage, watch: Watch) -> None:
    watch.forgiven += ["answered 409", "status of 409"]
    first, second = open_page(rule_site), open_page(rule_site)
    for page in (first, second):
        page.goto("/programmes/jamban_sehat")
    decile = first.get_by_role("group", name="Desil", exact=True)
    decile.get_by_label("Nilai").fill("3")
    first.get_by_label("Alasan perubahan").fill("Anggaran berkurang")
    first.get_by_role("button", name="Simpan sebagai versi baru").click()
    expect(first.locator(".desk-done")).to_contain_text("disimpan dan mulai berlaku")
    decile = second.get_by_role("group", name="Desil", exact=True)
    decile.get_by_label("Nilai").fill("6")
    second.get_by_label("Alasan perubahan").fill("Desa meminta")
    second.get_by_role("button", name="Simpan sebagai versi baru").click()
    expect(second.get_by_role("alert").first).to_contain_text("Anggaran berkurang")
    expect(decile.get_by_label("Nilai")).to_have_value("6")
    expect(second.get_by_label("Alasan perubahan")).to_have_value("Desa meminta")
    second.get_by_role("button", name="Simpan isian saya di atasnya").click()
    expect(second.locator(".desk-done")).to_contain_text("disimpan dan mulai berlaku")
    second.get_by_text("Beda dengan versi").first.click()
    expect(second.locator("ins").first).to_contain_text("Desil paling tinggi 6")
    expect(second.locator("del").first).to_contain_text("Desil paling tinggi 3")


def test_all_of_it_works_without_scripts(rule_site: Site, open_page: OpenPage) -> None:
    page = open_page(rule_site, java_script_enabled=False)
    page.goto("/programmes/bpnt")
    add(page, "Semua harus benar", "Jumlah anggota")
    row = page.get_by_role("group", name="Jumlah anggota")
    row.get_by_label("Nilai").fill("3")
    row.get_by_label("Nilai").press("Enter")  # counts, and removes nothing
    expect(page.locator("#rule-words")).to_contain_text("Jumlah anggota paling tinggi 3 orang")
    page.get_by_label("Alasan perubahan").fill("Keluarga kecil saja")
    page.get_by_role("button", name="Simpan sebagai versi baru").click()
    expect(page.locator(".desk-done")).to_contain_text("disimpan dan mulai berlaku")


def test_a_cut_connection_is_said(rule_site: Site, open_page: OpenPage, watch: Watch) -> None:
    watch.forgiven += ["failed:", "net::ERR_FAILED"]
    page = open_page(rule_site)
    page.goto("/questions?example=elderly")
    page.route("**/questions/count", lambda route: route.abort())
    page.get_by_role("group", name="Jumlah anggota").get_by_label("Nilai").fill("2")
    expect(page.locator("#rule-count")).to_contain_text("Sambungan terputus")


@pytest.mark.parametrize("options", [{}, PHONE, {"color_scheme": "dark"}], ids=str)
@pytest.mark.parametrize("address", PAGES)
def test_the_pages_are_read_by_everybody(
    rule_site: Site, open_page: OpenPage, address: str, options: dict[str, object]
) -> None:
    page = open_page(rule_site, bypass_csp=True, **options)
    page.goto(address)
    assert list_serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
