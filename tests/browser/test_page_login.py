"""Login and account in a browser: usable without a mouse, on a phone, and without a session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from dashboard.auth.passwords import hash_password
from dashboard.cli.user import ensure_demo_users
from dashboard.settings import Settings
from db.accounts import NewUser, add_user, list_users
from db.engine import writing
from db.viewer import LOCAL_VIEWER
from tests.browser.conftest import OpenPage, Site, Watch, serve
from tests.browser.screen import visit
from tests.browser.test_page_access import PHONE, list_serious
from tests.conftest import owner_of

PASSWORD = "kelapa jauh lampu biru"


@pytest.fixture(scope="module")
def demo_site(demo_settings: Settings) -> Iterator[Site]:
    """A server as ``demo`` starts it."""
    ensure_demo_users(demo_settings)
    with serve(demo_settings, local_viewer=None, has_demo_buttons=True) as site:
        yield site


@pytest.fixture
def known(guarded_site: Site) -> str:
    """Name of an account with the password above."""
    with writing(owner_of(guarded_site.engine), LOCAL_VIEWER) as conn:
        if "made" not in {user.name for user in list_users(conn)}:
            user = NewUser("made", "planner", "Made Wirawan")
            add_user(conn, user, hash_password(PASSWORD), must_change_password=False)
    return "made"


def fill_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("Nama pengguna").fill(name)
    page.get_by_label("Kata sandi").fill(password)
    page.keyboard.press("Enter")


def test_one_logs_in_by_keyboard_and_comes_back_to_the_page_asked_for(
    guarded_site: Site, open_page: OpenPage, known: str
) -> None:
    page = open_page(guarded_site, role=None)
    page.goto("/?area=35.10.05")
    expect(page.get_by_label("Nama pengguna")).to_be_focused()
    page.keyboard.type(known)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/?area=35.10.05")
    expect(page.locator("#panel-head h1")).to_be_visible()


def test_a_wrong_password_is_said_and_the_name_stays(
    guarded_site: Site, open_page: OpenPage, known: str, watch: Watch
) -> None:
    watch.forgiven += ["401"]
    page = open_page(guarded_site, role=None)
    page.goto("/login")
    fill_in(page, known, "something else here")
    expect(page.get_by_role("alert")).to_contain_text("keliru")
    expect(page.get_by_label("Nama pengguna")).to_have_value(known)
    expect(page.get_by_label("Kata sandi")).to_be_focused()


def test_the_menu_names_the_account_and_logs_out(guarded_site: Site, open_page: OpenPage) -> None:
    page = open_page(guarded_site, role="task_unit")
    visit(page)
    page.locator(".account-menu summary").click()
    expect(page.locator(".menu-person")).to_contain_text("Satgas kecamatan, Kecamatan ")
    page.locator(".account-menu").get_by_role("button", name="Keluar").click()
    page.wait_for_url("**/login")
    page.goto("/")
    page.wait_for_url("**/login")


def test_a_page_whose_session_ends_leads_to_the_login_and_back(
    guarded_site: Site, open_page: OpenPage, watch: Watch
) -> None:
    watch.forgiven += ["401", "ERR_ABORTED"]
    page = open_page(guarded_site, role="regent")
    visit(page, "/?deciles=1")
    expect(page.locator(".js-plotly-plot").first).to_be_visible()  # the last question of the page
    with owner_of(guarded_site.engine).begin() as conn:
        conn.execute(text("UPDATE login_session SET revoked_at = now()"))
    page.locator("#panel-list tr[data-code] a").first.click()
    page.wait_for_url("**/login?next=*deciles*")
    expect(page.get_by_role("alert")).to_contain_text("sudah berakhir")


@pytest.mark.parametrize(
    "options", [{}, PHONE, {"color_scheme": "dark"}], ids=["wide", "phone", "dark"]
)
@pytest.mark.parametrize("path", ["/login", "/login?language=en", "/account", "/account/code"])
def test_nothing_serious_is_found(
    guarded_site: Site, open_page: OpenPage, path: str, options: dict[str, object]
) -> None:
    role = None if "login" in path else "planner"
    page = open_page(guarded_site, role=role, bypass_csp=True, **options)
    page.goto(path)
    assert list_serious(page) == []
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("options", [{}, PHONE], ids=["wide", "phone"])
def test_the_demos_buttons_are_usable(
    demo_site: Site, open_page: OpenPage, options: dict[str, object]
) -> None:
    page = open_page(demo_site, role=None, bypass_csp=True, **options)
    page.goto("/login")
    assert list_serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    for button in page.locator("button.role").all():
        box = button.bounding_box()
        assert box and box["height"] >= 44
    page.get_by_role("button", name="Bappeda").click()
    page.wait_for_url(demo_site.address + "/")
    expect(page.locator(".account-menu")).to_have_count(1)


def test_the_policy_lets_the_pages_work(
    guarded_site: Site, open_page: OpenPage, tmp_path: Path
) -> None:
    """With the policy in force nothing is complained about: `watch` hears the console."""
    page = open_page(guarded_site, role="planner", **PHONE)
    for path in ("/account", "/account/code"):
        page.goto(path)
        assert page.locator("main").screenshot(path=tmp_path / "page.png")
