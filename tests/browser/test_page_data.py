"""A planner brings a file by the page: its progress, its preview, its account; torn and resumed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from dashboard.settings import Settings
from tests.browser.conftest import OpenPage, Site, Watch, serve_with_worker
from tests.browser.test_page_access import PHONE, list_serious
from tests.conftest import MakeDatabase, make_demo
from tests.db.job_samples import HEADER, write_register

DESA = ("35.10.01.2001", "35.10.01.2002")


@pytest.fixture(scope="module")
def data_site(
    make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Serve a register of the test's own, with a worker beside it."""
    url = make_demo(make_database("browser_data"))
    settings = Settings(database_url=url, home=tmp_path_factory.mktemp("home"))
    with serve_with_worker(settings) as site:
        yield site


def choose(page: Page, content: str, name: str = "register.csv") -> None:
    file: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    page.get_by_label("Berkas: pilih, atau jatuhkan di sini").set_input_files(file)
    page.get_by_label("Nama sumber, misalnya DTSEN").fill("Register uji")


def test_a_file_comes_in_by_the_page(data_site: Site, open_page: OpenPage) -> None:
    page = open_page(data_site)
    page.goto("/data")
    choose(page, write_register(DESA, 20_000, faulty=30))
    page.get_by_role("button", name="Kirim", exact=True).click()
    page.wait_for_url("**/data/upload/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("register.csv")
    expect(page.locator("tbody tr")).to_have_count(50)
    page.get_by_role("button", name="Coba dulu").click()
    page.wait_for_url("**/data/job/*")
    told = page.get_by_text("Ini uji coba; tidak ada yang disimpan.")
    expect(told).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Muat").click()
    expect(page.locator(".job-state")).to_have_text("Selesai", timeout=60_000)
    expect(page.locator(".ledger .read dd")).to_have_text("20.000")
    expect(page.locator(".ledger .rejected dd")).to_have_text("30")
    page.get_by_role("link", name="Buka kiriman ini").click()
    page.get_by_role("link", name="Desil harus angka 1 sampai 10.").click()
    expect(page.get_by_text("Kepala 20000")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh yang ditolak (CSV)").click()
    assert len(download.value.path().read_text("utf-8-sig").splitlines()) == 31


def test_a_torn_connection_costs_a_piece_and_no_more(
    data_site: Site, open_page: OpenPage, watch: Watch
) -> None:
    watch.forgiven += ["failed:", "net::ERR_FAILED", "net::ERR_CONNECTION"]
    page = open_page(data_site)
    page.goto("/data")
    sent: list[int] = []

    def tear(route: Route) -> None:
        if not is_piece(route):
            route.continue_()
            return
        sent.append(int(route.request.headers["upload-offset"]))
        if len(sent) in (2, 3):
            route.abort()
        else:
            route.continue_()

    page.route(
        "**/data/uploads/*", lambda route: tear(route) if is_piece(route) else route.continue_()
    )
    choose(page, write_register(DESA, 50_000, first=100_000))
    page.get_by_role("button", name="Kirim", exact=True).click()
    page.wait_for_url("**/data/upload/*", timeout=60_000)
    assert sent[1] == sent[2] == sent[3]  # the same place, until it came through


def is_piece(route: Route) -> bool:
    return route.request.method == "PATCH"


def test_after_a_reload_the_same_file_goes_on(
    data_site: Site, open_page: OpenPage, watch: Watch
) -> None:
    watch.forgiven += ["failed:", "net::ERR_FAILED"]
    page = open_page(data_site)
    page.goto("/data")
    content = write_register(DESA, 50_000, first=200_000)
    sent: list[int] = []

    def note(route: Route) -> None:
        if is_piece(route):
            sent.append(int(route.request.headers["upload-offset"]))
            if len(sent) == 2:
                route.abort()
                return
        route.continue_()

    page.route("**/data/uploads/*", note)
    page.add_init_script(  # a file of a test has no date of its own that stays
        "Object.defineProperty(File.prototype, 'lastModified', { get: () => 1 })"
    )
    page.reload()
    choose(page, content)
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.get_by_text("Sambungan terputus. Mencoba lagi…")).to_be_visible()
    page.reload()
    expect(page.get_by_text("belum lengkap; pilih berkas yang sama")).to_be_visible()
    choose(page, content)
    page.get_by_role("button", name="Kirim", exact=True).click()
    page.wait_for_url("**/data/upload/*", timeout=60_000)
    assert sent.count(0) == 1


def test_what_is_refused_is_said(data_site: Site, open_page: OpenPage, watch: Watch) -> None:
    watch.forgiven += ["answered 400", "status of 400"]
    page = open_page(data_site)
    page.goto("/data")
    choose(page, "x", name="surat.docx")
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("akhiran yang diterima")
    choose(page, f"{HEADER}\n", name="kosong.csv")
    page.get_by_role("button", name="Kirim", exact=True).click()
    page.wait_for_url("**/data/upload/*")
    expect(page.get_by_role("alert")).to_contain_text("tidak ada baris data")
    expect(page.get_by_role("button", name="Muat")).to_have_count(0)


@pytest.mark.parametrize("options", [{}, PHONE, {"color_scheme": "dark"}], ids=str)
@pytest.mark.parametrize("address", ["/data", "/data/sources", "/data/batch/1"])
def test_the_pages_are_read_by_everybody(
    data_site: Site, open_page: OpenPage, address: str, options: dict[str, object]
) -> None:
    page = open_page(data_site, bypass_csp=True, **options)
    page.goto(address)
    assert list_serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_menu_of_the_account_leads_there(data_site: Site, open_page: OpenPage) -> None:
    page = open_page(data_site)
    page.goto("/")
    page.locator(".account-menu summary").click()
    page.get_by_role("link", name="Data", exact=True).click()
    expect(page).to_have_url(re.compile("/data$"))
