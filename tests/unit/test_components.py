"""The parts of the page, made of figures alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components import card, charts, filters, legend, listing, panel, search, toolbar
from dashboard.words import words_of
from db.queries.areas import Place
from db.queries.catalogue import NeedItem, ProgrammeItem
from db.queries.households import AidLine, HouseholdCard, PersonLine, ProgrammeLine
from db.queries.search import Hit
from db.queries.sources import SourceNote
from db.queries.totals import Facets, Share, Summary
from geo.ramp import DOMAIN_COLOURS
from geo.view import DOMAINS, NO_AID, STATUSES, View
from layers import Painting, Rows, poverty_rate
from layers.households import LAYER as PINS

ASSETS = Path(__file__).parents[2] / "assets"
DAY = date(2026, 6, 30)
SOURCE = SourceNote("r", "Register", DAY, "register")
PROGRAMMES = (
    ProgrammeItem("pkh", "PKH", "cash", "Dinas Sosial", 0),
    ProgrammeItem("rtlh", "Bedah Rumah", "housing", "Dinas Perumahan", 1),
)
NEEDS = (NeedItem("latrine", "Belum punya jamban", "housing", 0),)
WORDS = words_of("id")


def walk(part: Any) -> Iterator[Component]:
    if isinstance(part, Component):
        yield part
        part = getattr(part, "children", None)
    if isinstance(part, list | tuple):
        for child in part:
            yield from walk(child)
    elif isinstance(part, Component):
        yield from walk(part)


def read_text(part: Any) -> str:
    if isinstance(part, list | tuple):
        return " ".join(filter(None, map(read_text, part)))
    if isinstance(part, Component):
        return read_text(getattr(part, "children", None))
    return "" if part is None else str(part)


def props(part: Component, name: str) -> Any:
    return part.to_plotly_json()["props"].get(name)


def make_summary(**changes: Any) -> Summary:
    return replace(
        Summary(
            total=95,
            located=91,
            unlocated=4,
            person_count=301,
            family_count=2114,
            rate_pct=4.4938,
            by_decile={n: n if n < 5 else 0 for n in range(1, 11)},
            by_status=dict.fromkeys(STATUSES, 1),
            by_need=(Share("latrine", "Belum punya jamban", "housing", 13),),
            by_programme=(Share("pkh", "PKH", "cash", 40), Share("rtlh", "Bedah", "housing", 0)),
            by_domain=dict.fromkeys(DOMAINS, 1),
            without_aid=10,
        ),
        **changes,
    )


def make_painting(**changes: Any) -> Painting:
    row = {"code": "35.10.01", "name": "A", "kind": "kecamatan", "value": 8.06, "count": 1430}
    empty = row | {"code": "35.10.02", "value": None, "count": None}
    return replace(
        Painting(
            rows=Rows([row, empty], 2, (SOURCE,), "Belum ada."),
            breaks=(5.0, 8.0),
            class_of={"35.10.01": 2, "35.10.02": None},
            class_counts=(0, 0, 1),
            no_data_count=1,
            low=8.06,
            high=8.06,
        ),
        **changes,
    )


def make_card(**changes: Any) -> HouseholdCard:
    nothing = dict.fromkeys(HouseholdCard.__dataclass_fields__)
    aid = AidLine("2026-03", 300_000, "received", "Register", DAY, "Siti")
    person = PersonLine(
        1, "Siti", "3510015203900001", None, 36, "female", "head", "widowed", "finished",
        "primary", "farmer", None, "asthma",
    )  # fmt: skip
    fields = nothing | {
        "id": 7,
        "head_name": "Siti",
        "kk": "3510011204190001",
        "rt": "01",
        "rw": "02",
        "area_code": "35.10.01.2001",
        "desa": "Sobo",
        "kecamatan": "Muncar",
        "decile": 1,
        "member_count": 1,
        "status": "unverified",
        "as_of": DAY,
        "source": SOURCE,
        "persons": (person,),
        "programmes": (
            ProgrammeLine("pkh", "PKH", "cash", True, (aid,)),
            ProgrammeLine("rtlh", "Bedah Rumah", "housing", False, ()),
        ),
        "needs": (("latrine", "Belum punya jamban"),),
        "neighbours_at_point": 0,
    }
    return HouseholdCard(**(fields | changes))


def test_charts_carry_no_button_and_no_upload() -> None:
    drawn = charts.draw_charts(View(), make_summary())
    graphs = [part for part in walk(drawn) if isinstance(part, dcc.Graph)]
    assert len(graphs) == 3
    for graph in graphs:
        config = props(graph, "config")
        assert config["displayModeBar"] is False
        assert config["staticPlot"] is True
        assert config["modeBarButtonsToRemove"] == ["sendChartToCloud"]
        json.dumps(props(graph, "figure"), allow_nan=False)


def test_charts_say_their_figures_in_words_and_leave_out_zeros() -> None:
    drawn = charts.draw_charts(View(), make_summary())
    spoken = [props(part, "aria-label") for part in walk(drawn) if props(part, "role") == "img"]
    assert "Belum punya jamban: 13" in spoken[1]
    assert "Bedah" not in spoken[2]


def test_no_household_no_chart() -> None:
    assert charts.draw_charts(View(), make_summary(total=0)) == []


def test_glyphs_are_the_same_on_the_map_and_beside_it() -> None:
    drawn = (ASSETS / "glyphs.mjs").read_text()
    style = (ASSETS / "style.css").read_text()
    for domain, hue in DOMAIN_COLOURS.items():
        entry = re.search(rf'"--domain-{domain}",\s*hue: "(#\w+)",\s*path: "([^"]+)"', drawn)
        assert entry, domain
        assert entry[1] == hue
        assert f"--domain-{domain}: {hue};" in style
        rule = re.search(rf"\.glyph-{domain} {{.*}}", style)
        assert rule and entry[2] in rule[0], domain


def test_the_legend_counts_every_area_once_and_shows_no_data() -> None:
    drawn = legend.draw_fill_legend(View(), poverty_rate.LAYER, make_painting(), 1430)
    rows = [part for part in walk(drawn) if isinstance(part, html.Li)]
    texts = [read_text(row) for row in rows]
    assert any("5,00\N{NO-BREAK SPACE}% – 8,00\N{NO-BREAK SPACE}%" in text for text in texts)
    no_data = next(row for row in rows if "Tidak ada data" in read_text(row))
    assert "no-data" in read_classes(no_data)
    assert props(no_data, "title") == "Belum ada."
    assert "Register, per 30 Jun 2026" in read_text(drawn)


def read_classes(part: Component) -> str:
    return " ".join(str(props(inner, "className") or "") for inner in walk(part))


@pytest.mark.parametrize(
    ("breaks", "low", "ranges"),
    [
        ((), None, ["belum ada nilai"]),
        ((), 3.0, ["3,00\N{NO-BREAK SPACE}% – 8,06\N{NO-BREAK SPACE}%"]),
        ((5.0,), 3.0, ["≤ 5,00\N{NO-BREAK SPACE}%", "> 5,00\N{NO-BREAK SPACE}%"]),
    ],
)
def test_ranges_of_few_values(breaks: tuple[float, ...], low: float, ranges: list[str]) -> None:
    painting = make_painting(breaks=breaks, low=low)
    assert legend.write_ranges(poverty_rate.LAYER, painting, WORDS) == ranges


@pytest.mark.parametrize(
    ("count_max", "steps"), [(2300, [2000, 800, 200]), (7, [7, 3, 1]), (1, [1]), (0, [])]
)
def test_circle_steps_are_round_and_fall(count_max: int, steps: list[int]) -> None:
    assert legend.list_circle_steps(count_max) == steps


def test_the_pin_legend_names_every_domain() -> None:
    text = read_text(legend.draw_pin_legend(View(), (SOURCE,)))
    for name in ("Pendidikan", "Kesehatan", "Pangan", "Usaha", "Perumahan", "Tunai"):
        assert name in text


def test_every_choice_of_the_filter_shows_its_count() -> None:
    facets = Facets(
        deciles={n: 10 + n for n in range(1, 11)},
        statuses=dict.fromkeys(STATUSES, 21),
        needs={"latrine": 22},
        domains=dict.fromkeys((*DOMAINS, NO_AID), 23),
        received={"pkh": 24, "rtlh": 25},
        not_received={"pkh": 26, "rtlh": 27},
    )
    view = View.from_query("deciles=1&received=pkh&needs=latrine")
    drawn = filters.draw_filters(view, facets, PROGRAMMES, NEEDS)
    buttons = [part for part in walk(drawn) if isinstance(part, html.Button)]
    checked = {
        (props(part, "data-toggle") or props(part, "data-aid"), read_text(part))
        for part in buttons
        if props(part, "aria-checked") == "true"
    }
    assert ("needs", "Belum punya jamban 22") in {(name, text.strip()) for name, text in checked}
    assert ("pkh", "Diterima 24") in checked
    assert ("rtlh", "Semua") in checked
    assert len(buttons) == 10 + 7 + 2 * 3 + 1 + 4


def test_chips_name_the_active_filters() -> None:
    view = View.from_query("deciles=1&not_received=pkh&statuses=verified")
    text = read_text(filters.draw_chips(view, PROGRAMMES, NEEDS))
    for part in ("Desil 1", "Belum: PKH", "Terverifikasi", "Hapus semua saringan"):
        assert part in text
    assert filters.draw_chips(View(), PROGRAMMES, NEEDS) == []


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
    assert "jumlah seluruh keluarga belum ada" in text
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
    hits = (Hit("area", "35.10.01", "Muncar", "kecamatan, Kab"), Hit("household", "7", "Siti", ""))
    drawn = search.draw_hits(View.from_query("deciles=1"), hits)
    targets = [props(part, "data-href") for part in drawn]
    assert targets == ["?area=35.10.01&deciles=1", "?deciles=1&household=7"]
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
