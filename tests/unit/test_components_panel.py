"""Card, lists, headline figures and menus, made of figures alone."""

from __future__ import annotations

import pytest
from dash import html

from dashboard.components import card, listing, panel, search, toolbar
from db.queries.areas import Place
from db.queries.search import Hit
from geo.view import View
from layers import Rows, poverty_rate
from layers.households import LAYER as PINS
from tests.unit.component_samples import (
    SOURCE,
    WORDS,
    make_card,
    make_painting,
    make_summary,
    props,
    read_text,
    walk,
)


def test_the_card_keeps_received_and_missing_apart() -> None:
    drawn = card.draw_card(View(household=7), make_card())
    had, missing = (
        part
        for part in walk(drawn)
        if str(props(part, "className")).startswith("aid-group")
    )  # fmt: skip
    assert "PKH" in read_text(had) and "Mar 2026 · Rp300.000 · Siti" in read_text(had)
    assert "Bedah Rumah" in read_text(missing) and "PKH" not in read_text(missing)
    assert "Belum ada koordinat" in read_text(drawn)
    assert "3510015203900001" in read_text(drawn)


def test_the_card_of_a_crowded_point_leads_to_its_list() -> None:
    crowded = make_card(lon=114.36, lat=-8.21, accuracy_m=5.0, neighbours_at_point=2)
    drawn = card.draw_card(View(household=7), crowded)
    links = [props(part, "href") for part in walk(drawn) if isinstance(part, html.A)]
    assert any("at=7" in str(address) for address in links)
    assert "± 5 m" in read_text(drawn)


def test_an_unknown_code_on_the_card_stays_readable() -> None:
    facts = card.list_housing_facts(make_card(floor_material="river_stone"), WORDS)
    assert ("Lantai", "river stone") in facts


def test_headers_tell_their_order() -> None:
    rows = make_painting().rows
    drawn = listing.draw_area_list(View(sort="-count"), poverty_rate.LAYER, rows)
    orders = {
        read_text(part).strip(): props(part, "aria-sort")
        for part in walk(drawn)
        if isinstance(part, html.Th) and props(part, "scope") == "col"
    }
    assert orders == {"Wilayah": None, "Tingkat kemiskinan": None, "Keluarga miskin": "descending"}


def test_no_match_says_what_to_do() -> None:
    none = Rows([], 0, (SOURCE,))
    filtered = View.from_query("level=household&deciles=9")
    assert "Longgarkan saringan" in read_text(listing.draw_household_list(filtered, none, ()))
    plain = View(level="household")
    assert "import households" in read_text(listing.draw_household_list(plain, none, ()))


def test_the_pager_names_the_rows() -> None:
    text = read_text(listing.draw_pager(View(page=2), 60, WORDS))
    assert "26–50 dari 60" in text
    assert listing.draw_pager(View(), 25, WORDS) is None


def test_headline_figures_without_a_denominator_show_none() -> None:
    text = read_text(panel.draw_figures(View(), make_summary(family_count=None, rate_pct=None)))
    assert "jumlah seluruh keluarga dari sumber yang sama belum ada" in text
    assert "0,00" not in text


def test_the_counter_drops_nothing_silently() -> None:
    said = panel.draw_counter(View(), make_summary())
    assert said == "ditampilkan 91 dari 95, 4 tanpa koordinat"


def test_the_breadcrumb_links_every_step_above() -> None:
    place = Place(
        "35.10.01.2001", "Sobo", "desa", "desa", 7.7, (0, 0, 1, 1),
        (("35.10", "Kab", "kabupaten"), ("35.10.01", "Kec", "kecamatan"),
         ("35.10.01.2001", "Sobo", "desa")),
    )  # fmt: skip
    view = View.from_query("area=35.10.01.2001&deciles=1")
    links = [part for part in walk(panel.draw_breadcrumb(view, place)) if isinstance(part, html.A)]
    assert [props(part, "href") for part in links] == [
        "?deciles=1",
        "?area=35.10&deciles=1",
        "?area=35.10.01&deciles=1",
        "?area=35.10.01&deciles=1",  # followed by the Esc key
    ]


def test_downloads_are_of_the_rows_on_screen() -> None:
    drawn = toolbar.draw_toolbar(
        View.from_query("area=35.10.01.2001&deciles=1"), [poverty_rate.LAYER, PINS]
    )
    links = [props(part, "href") for part in walk(drawn) if isinstance(part, html.A)]
    assert "/export/households.csv?area=35.10.01.2001&deciles=1" in links
    assert "?area=35.10.01.2001&deciles=1&language=en" in links


def test_hits_lead_into_the_area_or_to_the_card() -> None:
    hits = (
        Hit("area", "35.10.01", "Muncar", "kecamatan, Kab"),
        Hit("household", "7", "Siti", "", "35.10.01.2001"),
    )
    drawn = search.draw_hits(View.from_query("deciles=1"), hits)
    targets = [props(part, "data-href") for part in drawn]
    assert targets == [
        "?area=35.10.01&deciles=1",
        "?area=35.10.01.2001&deciles=1&household=7",
    ]
    assert "Kecamatan, Kab" in read_text(drawn[0])
    assert "Tidak ditemukan" in read_text(search.draw_hits(View(), ()))


@pytest.mark.parametrize(
    ("schematic", "synthetic", "said"),
    [
        (True, True, "Batas skematik, data sintetis"),
        (True, False, "Batas skematik"),
        (False, True, "Data sintetis"),
        (False, False, ""),
    ],
)
def test_the_notice_says_what_is_not_real(schematic: bool, synthetic: bool, said: str) -> None:
    drawn = panel.draw_notice(WORDS, is_schematic=schematic, is_synthetic=synthetic)
    assert drawn == said
