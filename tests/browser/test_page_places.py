"""Where the map stands: at a family's pin, beside a drawer, and at a desa that does not open."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy import text

from tests.browser.conftest import OpenPage, Site
from tests.browser.screen import expect_reading, find_open_point, repainted, settle, view_of, visit

RINGED = """() => kentonganMap.queryRenderedFeatures({ layers: ["selected-household"] }).length"""
WHOLE = """(code) => {
  const points = kentonganMap
    .querySourceFeatures("area-kecamatan")
    .flatMap((one) => one.geometry.coordinates.flat(2));
  const width = kentonganMap.getCanvas().clientWidth;
  const flat = points.flat();
  const east = Math.max(...flat.filter((_, at) => at % 2 === 0));
  const { lat } = kentonganMap.getCenter();
  return kentonganMap.project([east, lat]).x <= width;
}"""


def test_a_family_that_was_searched_for_stands_at_its_pin(page: Page, site: Site) -> None:
    with site.reading() as conn:
        nik, area = conn.execute(
            text("""
                SELECT p.nik, h.area_code FROM person AS p JOIN household AS h
                ON h.id = p.household_id WHERE p.nik IS NOT NULL AND h.location IS NOT NULL
                ORDER BY p.id LIMIT 1
            """)
        ).one()
    visit(page)
    page.keyboard.press("/")
    expect(page.locator("#search-text")).to_be_focused()
    page.keyboard.type(nik)
    expect(page.locator("#search-hits [data-href]")).to_have_count(1)
    with repainted(page):
        page.keyboard.press("Enter")
    expect(page.locator("#card h1")).to_be_visible()
    assert (view_of(page).level, view_of(page).area) == ("household", area)
    settle(page)
    assert page.evaluate(RINGED) == 1
    with repainted(page):
        page.go_back()
    expect(page.locator("#card h1")).to_have_count(0)
    assert view_of(page).area is None


def test_a_desa_does_not_open_for_a_guest(guarded_site: Site, open_page: OpenPage) -> None:
    page = open_page(guarded_site, role="guest")
    visit(page, "/?area=35.10.05")
    settle(page)
    address = page.url
    at = page.evaluate(
        """() => kentonganMap.queryRenderedFeatures({ layers: ["fill"] })
          .filter((one) => one.properties.code.startsWith("35.10.05."))
          .map((one) => one.properties.code)"""
    )
    assert at
    with guarded_site.reading() as conn:
        points = conn.execute(
            text("""
                SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) AS p
                FROM admin_area WHERE parent_code = '35.10.05' ORDER BY code) AS points
            """)
        ).all()
    where = next(filter(None, (find_open_point(page, (x, y)) for x, y in points)))
    page.mouse.move(*where)
    expect(page.locator(".map-tip strong")).to_be_visible()
    assert page.evaluate("kentonganMap.getCanvas().style.cursor") == ""
    page.mouse.click(*where)
    with repainted(page):  # the server's answer to a click, if any, would come first
        page.get_by_role("link", name="Kecamatan", exact=True).or_(
            page.locator(".crumbs a").first
        ).first.click()
    assert "35.10.05." not in page.url and page.url != address
    expect(page.locator("html")).not_to_have_attribute("data-fault", "said")


def test_the_filter_drawer_takes_its_room_beside_the_area(page: Page) -> None:
    visit(page)
    settle(page)
    assert page.evaluate(WHOLE)
    page.keyboard.press("f")
    expect(page.locator("#filter-panel")).to_be_visible()
    expect_reading(page, lambda: page.evaluate(WHOLE), expected=True)


def test_esc_goes_up_one_level(page: Page) -> None:
    visit(page, "/?area=35.10.05.2003")
    with repainted(page):
        page.keyboard.press("Escape")
    assert view_of(page).area == "35.10.05"
