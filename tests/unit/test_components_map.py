"""Charts, legend and filters, made of figures alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from dash import dcc, html

from dashboard.components import charts, filters, legend
from db.queries.totals import Facets
from geo.ramp import DOMAIN_COLOURS
from geo.view import DOMAINS, NO_AID, STATUSES, View
from layers import poverty_rate
from tests.unit.component_samples import (
    NEEDS,
    PROGRAMMES,
    SOURCE,
    WORDS,
    make_painting,
    make_summary,
    props,
    read_classes,
    read_text,
    walk,
)

ASSETS = Path(__file__).parents[2] / "assets"


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


@pytest.mark.parametrize(
    ("is_frozen", "said", "first"),
    [(True, "kelas tetap", "≤ 5,00"), (False, "kelas menurut yang tampil", "8,06")],
)
def test_the_legend_says_whether_its_classes_stay(is_frozen: bool, said: str, first: str) -> None:
    painting = make_painting(is_frozen=is_frozen)
    drawn = legend.draw_fill_legend(View(deciles=(1,)), poverty_rate.LAYER, painting, 1430)
    assert f"Kuantil, 3 kelas · {said}" in read_text(drawn)
    assert legend.write_ranges(poverty_rate.LAYER, painting, WORDS)[0].startswith(first)
    links = [str(props(part, "href")) for part in walk(drawn) if isinstance(part, html.A)]
    assert "?deciles=1&breaks=shown" in links


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


def test_the_pin_legend_says_how_exact_the_pins_are() -> None:
    displaced = read_text(legend.draw_pin_legend(View(), (SOURCE,), "displaced"))
    assert "digeser 150–400 m" in displaced
    without = read_text(legend.draw_pin_legend(View(), (SOURCE,), "none"))
    assert "Posisi tidak ditampilkan" in without
    assert "Pendidikan" not in without


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
