"""What changed, on the page: the map in two hues, its legend, the list, the line of the panel."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, Site
from tests.browser.screen import repainted, view_of, visit

CHANGE = "/?layer=change:poverty_rate"
_CLASSES = """() => kentonganMap.queryRenderedFeatures({ layers: ["fill"] })
  .map((one) => [one.id, one.state.class])"""
_RISEN = """() => kentonganMap.getLayer("rose")
  ? kentonganMap.queryRenderedFeatures({ layers: ["rose"] }).map((one) => one.id) : null"""


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_change_has_its_own_legend_and_list(page: Page, language: str) -> None:
    visit(page, f"{CHANGE}&language={language}")
    legend = page.locator("#legend")
    rows = [
        row.strip() for row in legend.locator(".classes li > span:nth-child(2)").all_inner_texts()
    ]
    fell, same, rose = {
        "id": ("turun", "tidak berubah", "naik"),
        "en": ("fell", "unchanged", "rose"),
    }[language]
    assert [row.split(" ")[0] if row != same else row for row in rows[:5]] == [
        fell, fell, same, rose, rose,
    ]  # fmt: skip
    expect(legend.locator(".change-key")).to_be_visible()
    figures = page.locator("#panel-list tbody tr").first.locator("td")
    expect(figures).to_have_count(3)
    expect(figures.last).to_have_text(re.compile(r"^[+−]?\d+[.,]\d\d$"))


def test_what_rose_bears_a_mark_and_another_layer_none(page: Page) -> None:
    visit(page, f"{CHANGE}&level=desa")
    classes = dict(map(tuple, page.evaluate(_CLASSES)))
    risen = set(page.evaluate(_RISEN))
    assert risen
    assert risen == {code for code, number in classes.items() if number > 2}
    visit(page, "/?layer=poverty_rate&level=desa")
    assert page.evaluate(_RISEN) is None


def test_the_periods_are_chosen_in_the_legend_and_a_new_source_is_said(page: Page) -> None:
    visit(page, CHANGE)
    with repainted(page):
        page.locator(".period-choice a", has_text="2024").click()
    assert view_of(page).since == "2024-06"
    expect(page.locator("#legend .change-reason")).to_contain_text("Sumber datanya berubah")
    expect(page.locator("#panel-list tbody td").last).to_have_text("–")


def test_the_panel_tells_the_line_and_its_break(page: Page) -> None:
    visit(page)
    chart = page.locator(".chart.trend")
    expect(chart.locator(".js-plotly-plot")).to_be_visible()
    expect(chart.locator(".scatterlayer .trace")).to_have_count(2)
    expect(chart).to_contain_text("sumber berubah")
    expect(chart).to_contain_text("Sumber berubah mulai Jun 2025")
    expect(page.locator(".modebar-btn")).to_have_count(0)
    visit(page, "/?layer=indicator:school_dropout_pct&area=35.10.01")
    expect(page.locator(".chart.trend .scatterlayer .trace")).to_have_count(1)


def test_a_guest_sees_no_change_of_the_register(guarded_site: Site, open_page: OpenPage) -> None:
    page = open_page(guarded_site, role="guest")
    visit(page)
    names = page.locator(".menu-layers li").all_text_contents()
    assert any("anak 7-18" in name for name in names)
    assert not any("Perubahan tingkat kemiskinan" in name for name in names)
    expect(page.locator(".chart").first).to_be_attached()
    expect(page.locator(".chart.trend")).to_have_count(0)


def test_a_task_unit_sees_the_line_of_its_own_area(guarded_site: Site, open_page: OpenPage) -> None:
    page = open_page(guarded_site, role="task_unit")
    visit(page)
    expect(page.locator("#panel-head .kind")).to_contain_text("Kecamatan")
    expect(page.locator(".chart.trend .js-plotly-plot")).to_be_visible()
