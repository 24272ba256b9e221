"""The third walk: the downloaded file holds exactly the rows on screen, all pages of them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from dashboard.labels import DOMAIN, STATUS
from dashboard.words import NO_FIGURE, words_of
from db.queries.catalogue import list_programmes
from geo.view import DOMAINS
from layers import Layer, get_layer
from tests.browser.conftest import OpenPage, Site
from tests.browser.screen import read_whole_table, visit

WORDS = words_of("id")
FORMATS = {"CSV": "csv", "Excel (XLSX)": "xlsx", "GeoJSON": "geojson"}


def download(page: Page, name: str) -> Path:
    page.locator("#toolbar .dropdown summary", has_text="Unduh").click()
    with page.expect_download() as coming:
        page.locator("#toolbar .menu a", has_text=name).click()
    assert coming.value.suggested_filename.endswith(f".{FORMATS[name]}")
    return Path(coming.value.path())


def read_rows(path: Path, name: str, layer: Layer) -> list[dict[str, Any]]:
    """Read a file's rows, keyed as the layer's columns are."""
    keys = [column.key for column in layer.columns]
    if name == "GeoJSON":
        return [one["properties"] for one in json.loads(path.read_text("utf-8"))["features"]]
    if name == "CSV":
        lines = list(csv.reader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))
        return [dict(zip(keys, map(_empty_to_none, line), strict=False)) for line in lines[1:]]
    sheet = load_workbook(io.BytesIO(path.read_bytes()), read_only=True).worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))
    first = next(at for at, line in enumerate(lines) if WORDS.say(layer.columns[0].title) in line)
    return [dict(zip(keys, line, strict=False)) for line in lines[first + 1 :]]


def _empty_to_none(text: str) -> str | None:
    return text or None


def to_number(value: Any) -> float | None:
    """Read a number from any of the files; a CSV in Indonesian has the comma."""
    return None if value is None else float(str(value).replace(",", "."))


def write_area(row: dict[str, Any]) -> tuple[str, list[str]]:
    """Write an area's row of a file as the screen does."""
    rate, count = to_number(row["value"]), to_number(row["households"])
    shown = WORDS.percent(rate), NO_FIGURE if count is None else WORDS.number(int(count))
    return str(row["code"]), [str(row["name"]), *shown]


def write_household(row: dict[str, Any]) -> tuple[str, list[str]]:
    """Write what both the file and the list say of a household."""
    return str(int(row["id"])), [str(row["head_name"]), WORDS.number(to_number(row["decile"]))]


@pytest.mark.parametrize("name", FORMATS)
def test_areas_under_a_filter(each_site: Site, open_page: OpenPage, name: str) -> None:
    page = open_page(each_site)
    visit(page, "/?level=desa&deciles=1,2&sort=-count")
    path = download(page, name)
    on_screen = read_whole_table(page)
    with each_site.reading() as conn:
        layer = get_layer(conn, "poverty_rate")
    in_file = [write_area(row) for row in read_rows(path, name, layer)]
    assert len(on_screen) == 217
    assert in_file == list(on_screen.items())


@pytest.mark.parametrize("name", FORMATS)
def test_households_under_a_filter(each_site: Site, open_page: OpenPage, name: str) -> None:
    page = open_page(each_site)
    visit(page, "/?area=35.10.01&level=household&deciles=1,2&sort=head_name")
    path = download(page, name)
    total = page.locator("#panel-head .figure-number").first.inner_text()
    on_screen = read_whole_table(page)
    aid = read_aid(page, next(reversed(on_screen)))
    with each_site.reading() as conn:
        layer = get_layer(conn, "households")
        domain_of = {item.code: item.domain for item in list_programmes(conn)}
    rows = read_rows(path, name, layer)
    assert len(rows) == len(on_screen) == int(total) > 25
    in_file = [write_household(row) for row in rows]
    assert in_file == [(key, cells[:2]) for key, cells in on_screen.items()]
    received = {domain_of[code] for code in (rows[-1]["aid"] or "").split("; ") if code}
    assert aid == [DOMAIN[domain] for domain in DOMAINS if domain in received]


def read_aid(page: Page, household: str) -> list[str]:
    glyphs = page.locator(f"tr[data-household='{household}'] .glyph")
    return [glyph.get_attribute("aria-label") or "" for glyph in glyphs.all()]


def test_households_without_coordinates_are_in_the_map_file(
    each_site: Site, open_page: OpenPage
) -> None:
    page = open_page(each_site)
    visit(page, "/?area=35.10.01&level=household")
    counter = page.locator("#counter")
    expect(counter).to_contain_text("tanpa koordinat")
    features = json.loads(download(page, "GeoJSON").read_text("utf-8"))["features"]
    located = [one for one in features if one["geometry"]]
    expect(counter).to_have_text(
        f"ditampilkan {WORDS.number(len(located))} dari {WORDS.number(len(features))}, "
        f"{WORDS.number(len(features) - len(located))} tanpa koordinat"
    )


def test_the_status_of_the_list_stands_in_the_file(each_site: Site, open_page: OpenPage) -> None:
    page = open_page(each_site)
    visit(page, "/?area=35.10.01&level=household&statuses=graduated")
    with each_site.reading() as conn:
        layer = get_layer(conn, "households")
    rows = read_rows(download(page, "CSV"), "CSV", layer)
    tags = page.locator("#panel-list tbody .tag")
    expect(tags).to_have_text([STATUS["graduated"]] * len(rows))
    assert {row["status"] for row in rows} == {"graduated"}
