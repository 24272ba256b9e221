"""The first walk: from the regency down to one household, by mouse and by keyboard."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from dashboard.words import words_of
from db.queries.areas import get_boundaries_geojson, get_place
from db.queries.totals import get_summary
from geo.view import View
from layers import get_layer, paint
from tests.browser.conftest import OpenPage, Site
from tests.browser.screen import (
    Point,
    click_area,
    draw_near_pins,
    expect_card,
    expect_reading,
    figures,
    find_lonely,
    find_open_point,
    read_table,
    repainted,
    tab_to,
    view_of,
    visit,
    write_counter,
    write_figures,
)

WORDS = words_of("id")


def list_label_points(site: Site, level: str, inside: str = "") -> dict[str, Point]:
    with site.reading() as conn:
        features = json.loads(get_boundaries_geojson(conn, level))["features"]
    known = [feature["properties"] for feature in features]
    return {
        one["code"]: (one["lon"], one["lat"]) for one in known if one["code"].startswith(inside)
    }


def expect_place(page: Page, site: Site, view: View) -> None:
    assert view_of(page) == view
    with site.reading() as conn:
        summary = get_summary(conn, view)
        place = get_place(conn, str(view.area)) if view.area else None
    expect(figures(page)).to_have_text(write_figures(summary, WORDS))
    if place:
        expect(page.locator("#panel-head h1")).to_have_text(place.name)
        above = [name for _code, name, _kind in place.parents[:-1]]
        steps = page.locator("#panel-head .crumbs li:visible")
        expect(steps).to_have_text(["Semua wilayah", *above])
    if view.level == "household":
        expect(page.locator("#counter")).to_have_text(write_counter(summary))


def expect_start(page: Page, site: Site) -> None:
    with site.reading() as conn:
        painting = paint(conn, get_layer(conn, "poverty_rate"), View())
    assert sum(painting.class_counts) == painting.rows.total == 25
    counts = page.locator("#legend .classes .areas")
    expect(counts).to_have_text([f"{count} wilayah" for count in painting.class_counts])
    expect_reading(page, lambda: set(read_table(page)), set(painting.class_of))
    painted = page.evaluate(
        """codes => codes.map((id) => {
          const state = kentonganMap.getFeatureState({ source: "area-kecamatan", id });
          return [id, state.class ?? null];
        })""",
        list(painting.class_of),
    )
    assert dict(painted) == painting.class_of
    expect_place(page, site, View())


def test_click_down_to_a_household(each_site: Site, open_page: OpenPage) -> None:
    page = open_page(each_site)
    visit(page)
    expect_start(page, each_site)

    kecamatan = click_area(page, list_label_points(each_site, "kecamatan"))
    in_kecamatan = View().descend(kecamatan)
    expect_place(page, each_site, in_kecamatan)
    inside = set(list_label_points(each_site, "desa", kecamatan))
    expect_reading(page, lambda: set(read_table(page)), inside)

    desa = click_area(page, list_label_points(each_site, "desa", kecamatan))
    in_desa = View().descend(desa)
    expect_place(page, each_site, in_desa)

    pin = find_lonely(draw_near_pins(page))
    where = find_open_point(page, pin["at"])
    assert where
    with repainted(page):
        page.mouse.click(*where)
    assert view_of(page).household == pin["id"]
    with each_site.reading() as conn:
        expect_card(page, conn, pin["id"])

    again = open_page(each_site)
    visit(again, page.url)
    with each_site.reading() as conn:
        expect_card(again, conn, pin["id"])

    for view in (in_desa, in_kecamatan, View()):
        with repainted(page):
            page.go_back()
        expect(page.locator("#card > *")).to_have_count(0)
        expect_place(page, each_site, view)
    expect_start(page, each_site)


def test_the_same_way_by_keyboard(each_site: Site, open_page: OpenPage) -> None:
    page = open_page(each_site)
    visit(page)
    tab_to(page, ".skip")
    page.keyboard.press("Enter")
    for _ in range(2):
        tab_to(page, "#panel-list tr[data-code] a")
        code = page.evaluate("document.activeElement.closest('tr').dataset.code")
        with repainted(page):
            page.keyboard.press("Enter")
        expect_place(page, each_site, View().descend(code))
    tab_to(page, "#panel-list tr[data-household] a")
    household = int(page.evaluate("document.activeElement.closest('tr').dataset.household"))
    with repainted(page):
        page.keyboard.press("Enter")
    with each_site.reading() as conn:
        expect_card(page, conn, household)
    desa = str(view_of(page).area)
    for area in (desa, desa[:8], desa[:5], None):
        with repainted(page):
            page.keyboard.press("Escape")
        assert (view_of(page).area, view_of(page).household) == (area, None)
    expect_start(page, each_site)
