"""The second walk: a filter, and everything on the page that follows it."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy import text

from dashboard.labels import DOMAIN
from dashboard.words import words_of
from db.queries.catalogue import list_programmes
from db.queries.statistics import list_family_counts
from db.queries.totals import count_by_area, get_facets, get_summary
from geo.view import View
from tests.browser.conftest import OpenPage, Site
from tests.browser.screen import (
    expect_reading,
    figures,
    find_open_point,
    read_table,
    repainted,
    view_of,
    visit,
    write_figures,
)
from tests.browser.test_walk_drill import list_label_points

WORDS = words_of("id")
PROGRAMME = "pkh"
FILTERED = View(deciles=(1,), not_received=(PROGRAMME,))

# What the counter says, asked of the plain rows.
COUNTED = text("""
    SELECT count(*) FILTER (WHERE h.location IS NOT NULL), count(*),
           count(*) FILTER (WHERE h.location IS NULL)
    FROM household AS h
    WHERE h.decile = 1 AND h.status IN ('unverified', 'verified') AND NOT EXISTS (
        SELECT FROM aid AS a
        WHERE a.household_id = h.id AND a.programme_code = :programme AND a.status = 'received')
""")


def read_choices(page: Page) -> dict[tuple[str, str], str]:
    """Read the count beside every choice of the filter panel."""
    found = page.locator("#filter-body button[data-toggle]").evaluate_all(
        """all => all.map((one) => [one.dataset.toggle, one.dataset.value,
             one.querySelector(".choice-count, .unseen").textContent])"""
    )
    found += page.locator("#filter-body button[data-aid]:has(.choice-count)").evaluate_all(
        """all => all.map((one) => [one.dataset.choice, one.dataset.aid,
             one.querySelector(".choice-count").textContent])"""
    )
    return {(group, value): count for group, value, count in found}


def list_expected_choices(site: Site, view: View) -> dict[tuple[str, str], str]:
    groups = ("deciles", "statuses", "needs", "domains", "received", "not_received")
    with site.reading() as conn:
        facets = get_facets(conn, view)
    return {
        (group, str(value)): WORDS.number(count)
        for group in groups
        for value, count in getattr(facets, group).items()
    }


def list_expected_rows(site: Site, view: View) -> dict[str, list[str]]:
    """Rate and count of every kecamatan as the page writes them, from the counts by area."""
    with site.reading() as conn:
        counts = count_by_area(conn, view, "kecamatan")
        families = list_family_counts(conn)
    codes = list_label_points(site, "kecamatan")
    found = {code: counts.get(code, {}).get("all", 0) for code in codes}
    return {
        code: [WORDS.percent(100 * count / families[code]), WORDS.number(count)]
        for code, count in found.items()
    }


def expect_everything_to_follow(page: Page, site: Site, view: View) -> None:
    expect_reading(page, lambda: view_of(page), view)
    expect_reading(page, lambda: read_choices(page), list_expected_choices(site, view))
    expected = list_expected_rows(site, view)
    expect_reading(
        page, lambda: {code: cells[1:] for code, cells in read_table(page).items()}, expected
    )
    with site.reading() as conn:
        expect(figures(page)).to_have_text(write_figures(get_summary(conn, view), WORDS))
    expect_tooltips(page, site, expected)


def expect_tooltips(page: Page, site: Site, expected: dict[str, list[str]], most: int = 5) -> None:
    """Expect the map's own words on the areas that lie open to be those of the list."""
    seen = 0
    for code, at in list_label_points(site, "kecamatan").items():
        where = find_open_point(page, at)
        if where is None or seen == most:
            continue
        seen += 1
        page.mouse.move(*where)
        for value in expected[code]:
            expect(page.locator("#map .map-tip")).to_contain_text(value)
    assert seen
    page.mouse.move(0, 0)


def test_a_filter(each_site: Site, open_page: OpenPage) -> None:
    page = open_page(each_site)
    visit(page)
    page.locator("[data-open=filter-panel]").click()
    panel = page.locator("#filter-panel")
    expect(panel).to_be_visible()
    expect_everything_to_follow(page, each_site, View())

    with repainted(page):
        panel.locator("[data-toggle=deciles][data-value='1']").click()
    expect_everything_to_follow(page, each_site, View(deciles=(1,)))
    with repainted(page):
        panel.locator(f"[data-aid={PROGRAMME}][data-choice=not_received]").click()
    expect_everything_to_follow(page, each_site, FILTERED)

    with each_site.reading() as conn:
        name = {item.code: item.name for item in list_programmes(conn)}[PROGRAMME]
        counted = conn.execute(COUNTED, {"programme": PROGRAMME}).one()
    expect(page.locator("#chips .chip")).to_have_text(
        [f"Hapus saringan: {chip}" for chip in ("Desil 1", f"Belum: {name}")]
    )
    expect(page.locator("#filter-badge")).to_have_text("2")

    with repainted(page):
        page.locator("#toolbar .segments").get_by_text("Keluarga").click()
    located, total, unlocated = map(WORDS.number, counted)
    sentence = f"ditampilkan {located} dari {total}, {unlocated} tanpa koordinat"
    expect(page.locator("#counter")).to_have_text(sentence)
    assert counted[0] + counted[2] == counted[1] > 0 < counted[2]

    with repainted(page):
        page.locator(".chip-clear").click()
    expect(page.locator("#chips .chip")).to_have_count(0)
    with repainted(page):
        page.locator("#toolbar .segments").get_by_text("Kecamatan").click()
    expect_everything_to_follow(page, each_site, View())


def test_quick_choices_are_all_taken(each_site: Site, open_page: OpenPage) -> None:
    page = open_page(each_site)
    visit(page)
    page.keyboard.press("f")
    for domain in list(DOMAIN)[:3]:
        page.locator(f"[data-toggle=domains][data-value={domain}]").click()
    view = View(domains=tuple(sorted(list(DOMAIN)[:3])))
    with each_site.reading() as conn:
        expected = write_figures(get_summary(conn, view), WORDS)
    expect(figures(page)).to_have_text(expected)
    expect_reading(page, lambda: view_of(page), view)
