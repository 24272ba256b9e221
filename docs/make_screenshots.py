"""Makes the pictures of the documentation from a running demo.

    ./kentongan demo
    PYTHONPATH=. .venv/bin/python docs/make_screenshots.py http://127.0.0.1:8050

needs the test tools (``./kentongan test``) and Chromium. A card shows a name and a NIK, so a server
that does not call its data synthetic is refused.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS
from tests.browser.screen import settle, visit

FOLDER = Path(__file__).resolve().parent / "screenshots"
DESKTOP = {"viewport": {"width": 1366, "height": 768}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
MAX_KB = 300
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

Walk = Callable[[Page], None]


def show_start(page: Page) -> None:
    """Open what everybody sees first."""
    visit(page)


def show_kecamatan(page: Page) -> None:
    """Open the households of the kecamatan that the list names first."""
    visit(page)
    code = page.locator("#panel-list tbody tr").first.get_attribute("data-code")
    visit(page, f"/?area={code}&level=household")


def show_card(page: Page) -> None:
    """Open the card of the household with most aid among those with a position."""
    show_kecamatan(page)
    query = page.url.partition("?")[2]
    exported = page.request.get(f"/export/households.geojson?{query}").json()
    located = [one["properties"] for one in exported["features"] if one["geometry"]]
    chosen = max(located, key=lambda row: (len(str(row["aid"]).split("; ")), -row["id"]))
    visit(page, f"/?{query}&household={chosen['id']}")
    page.locator("#card h1").wait_for()


PICTURES: tuple[tuple[str, dict[str, Any], Walk], ...] = (
    ("start", DESKTOP, show_start),
    ("kecamatan", DESKTOP, show_kecamatan),
    ("household", DESKTOP, show_card),
    ("phone", PHONE, show_start),
)


def take(browser: Browser, address: str, options: dict[str, Any], walk: Walk) -> bytes:
    """Walk to a view and return its picture as PNG.

    Raises
    ------
    SystemExit
        When the server's data are not called synthetic, or the picture is too large.
    """
    context = browser.new_context(base_url=address, reduced_motion="reduce", **options)
    page = context.new_page()
    page.goto("/login")
    page.locator("button.role[value=planner]").click()
    walk(page)
    if "sintetis" not in page.locator("#notice").inner_text():
        sys.exit("This server does not call its data synthetic; take pictures of the demo only.")
    page.locator("#panel-charts .main-svg").first.wait_for(state="attached")
    settle(page)
    picture = page.screenshot()
    context.close()
    if len(picture) > MAX_KB * 1000:
        sys.exit(f"A picture has {len(picture) // 1000} kB; {MAX_KB} are allowed.")
    return picture


def main() -> None:
    """Make every picture."""
    parser = argparse.ArgumentParser(description="Make the pictures of the documentation.")
    parser.add_argument("address", help="of a running demo, such as http://127.0.0.1:8050")
    parser.add_argument("--to", type=Path, default=FOLDER, help="folder of the pictures")
    arguments = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    arguments.to.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS])
        for name, options, walk in PICTURES:
            picture = take(browser, arguments.address, options, walk)
            (arguments.to / f"{name}.png").write_bytes(picture)
            print(f"{name}.png {len(picture) // 1000} kB")


if __name__ == "__main__":
    main()
