"""The legend of a change, its mark in a drawn map, and the line of a series, made of figures."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date

import pytest
import shapely
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components.change_legend import (
    draw_period_choice,
    name_comparison,
    write_change_ranges,
)
from dashboard.components.legend import draw_fill_legend
from dashboard.components.trend_chart import draw_trend, place_of
from dashboard.state import read_view
from dashboard.words import words_of
from db.trend import Change, Measured
from geo.classify import list_change_breaks
from geo.draw_legend import LegendClass
from geo.draw_map import draw_map
from geo.draw_picture import AreaPicture, MapPicture
from geo.hidden import HIDDEN
from geo.view import View
from layers import Comparison, Layer, Painting, Rows, Series
from layers._base import Column
from layers._measures import OF_REGISTER
from tests.unit.component_samples import DAY, SOURCE, WORDS, props, read_text, walk

PERIODS = ("2026-06", "2025-12", "2025-06", "2024-06")
COMPARED = Comparison("2025-12", "2026-06", PERIODS)
POVERTY = OF_REGISTER["poverty_rate"]


def make_layer() -> Layer:
    def fetch(*_: object) -> Rows:
        return Rows([], 0, ())

    return Layer(
        key="change:poverty_rate", order=60, title=POVERTY.change_title, unit=POVERTY.change_unit,
        description="-", levels=("desa",), list_rows=fetch, list_all_rows=fetch, is_change=True,
        columns=(Column("value", "Perubahan", "decimal", "poin persen", 2, is_signed=True),),
        decimals=2, listed=("then", "now", "value"),
    )  # fmt: skip


def make_change_painting(reason: str = "Sumber berubah.") -> Painting:
    breaks = list_change_breaks([-2.0, -1.0, 0.0, 0.5, 3.0], "equal", 5, 0.005)
    return Painting(
        rows=Rows([], 0, (SOURCE,), reason, COMPARED),
        breaks=breaks,
        class_of={},
        class_counts=(1, 2, 1, 4, 0),
        no_data_count=2,
        low=-2.0,
        high=3.0,
    )


# Words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.421, "+0,42"), (-0.426, "−0,43"), (0.0, "0,00"), (-0.004, "0,00"), (0.004, "0,00"),
     (1234.5, "+1.234,50"), (None, "–"), (HIDDEN, "disembunyikan")],
)  # fmt: skip
def test_a_change_is_written_with_its_sign(value: float | None, written: str) -> None:
    assert WORDS.change(value, 2) == written


def test_the_ranges_say_fell_unchanged_rose() -> None:
    breaks = list_change_breaks([-4.0, -2.0, 1.0, 6.0], "equal", 7, 0.05)
    assert write_change_ranges(breaks, 1, WORDS) == [
        "turun > 4,3", "turun 2,7–4,3", "turun ≤ 2,7", "tidak berubah",
        "naik ≤ 2,7", "naik 2,7–4,3", "naik > 4,3",
    ]  # fmt: skip
    assert write_change_ranges((-1.0, 1.0), 1, WORDS) == ["turun", "tidak berubah", "naik"]
    assert write_change_ranges((-1.0, 1.0), 1, words_of("en")) == ["fell", "unchanged", "rose"]


@given(
    st.lists(st.floats(-50, 50, allow_nan=False), max_size=40),
    st.integers(3, 7),
    st.integers(0, 2),
)
def test_there_is_a_range_for_every_class(values: list[float], classes: int, decimals: int) -> None:
    breaks = list_change_breaks(values, "quantile", classes, 0.5 * 10**-decimals)
    assert len(write_change_ranges(breaks, decimals, WORDS)) == len(breaks) + 1


def test_both_periods_are_named() -> None:
    assert name_comparison(COMPARED, WORDS) == "Perubahan dari Des 2025 ke Jun 2026"
    assert name_comparison(COMPARED, words_of("en")) == "Change from Dec 2025 to Jun 2026"


# Legend ------------------------------------------------------------------------------------------


def test_the_legend_marks_what_rose_and_says_which_side_is_better() -> None:
    drawn = draw_fill_legend(View(), make_layer(), make_change_painting(), 0)
    named = [str(props(part, "className")).split() for part in walk(drawn)]
    marked = ["rose" in names for names in named if names[0] == "swatch"]
    assert marked == [False, False, False, True, True, False]
    text = read_text(drawn)
    assert "Biru: membaik" in text
    assert "Sumber berubah." in text


def test_every_offered_pair_of_periods_is_in_order() -> None:
    comparisons = [
        Comparison(since, until, PERIODS)
        for place, until in enumerate(PERIODS)
        for since in PERIODS[place + 1 :]
    ]
    assert len(comparisons) == 6
    for one in comparisons:
        view = View(layer="change:poverty_rate", since=one.since, period=one.until, page=3)
        links = [part for part in walk(draw_period_choice(view, one)) if isinstance(part, html.A)]
        assert sum(props(part, "aria-current") == "true" for part in links) == 2
        for part in links:
            target = read_view(str(props(part, "href")))
            assert target.since and target.period
            assert PERIODS.index(target.since) > PERIODS.index(target.period)
            assert target.page == 1
            assert (
                (target.since == one.since)
                or (target.period == one.until)
                or (PERIODS.index(one.since) <= PERIODS.index(target.period))
            )


def test_without_a_comparison_there_is_no_choice() -> None:
    assert draw_period_choice(View(), None) == []


# Drawn map ---------------------------------------------------------------------------------------


def test_a_drawn_change_marks_what_rose_on_map_and_legend() -> None:
    ramp = make_layer().list_colours(5)
    areas = [
        AreaPicture(str(n), str(n), shapely.box(114 + n / 10, -8, 114.1 + n / 10, -7.9),
                    (114.05 + n / 10, -7.95), number=n)
        for n in range(5)
    ]  # fmt: skip
    rows = [LegendClass(str(n)) for n in range(5)]
    picture = MapPicture(areas, ramp, "Perubahan", rose_from=3, classes=rows)
    drawn = draw_map(picture)
    ET.fromstring(drawn)
    for place in (3, 4):
        assert drawn.count(f'fill="url(#rose-{place})"') == 2
        assert drawn.count(f'id="rose-{place}"') == 1
    assert 'id="rose-2"' not in drawn
    plain = draw_map(replace(picture, rose_from=None))
    assert "rose" not in plain
    assert all(colour in plain for colour in ramp)


# Series ------------------------------------------------------------------------------------------


def make_series(*points: tuple[str, float | None, str]) -> Series:
    measured = tuple(Measured(period, value, source, DAY) for period, value, source in points)
    return Series(POVERTY, measured, (SOURCE,))


BROKEN = make_series(("2024-06", 10.4, "old"), ("2025-06", 9.62, "new"), ("2026-06", 8.96, "new"))


def test_the_line_is_broken_where_the_source_changed() -> None:
    (drawn,) = draw_trend(View(), BROKEN)
    graph = next(part for part in walk(drawn) if isinstance(part, dcc.Graph))
    figure = props(graph, "figure")
    assert [trace["y"] for trace in figure["data"]] == [[10.4], [9.62, 8.96]]
    (mark,) = figure["layout"]["shapes"]
    assert place_of("2024-06") < mark["x0"] < place_of("2025-06")
    text = read_text(drawn)
    assert "−0,66 poin persen sejak Jun 2025." in text
    assert "Sumber berubah mulai Jun 2025" in text
    spoken = next(props(part, "aria-label") for part in walk(drawn) if props(part, "role") == "img")
    assert "Jun 2024: 10,40" in spoken
    json.dumps(figure, allow_nan=False)


def test_the_last_change_is_not_told_across_a_break() -> None:
    (drawn,) = draw_trend(View(), make_series(("2025", 9.0, "old"), ("2026", 8.0, "new")))
    assert not re.search(r"sejak", read_text(drawn))


def test_a_chart_without_button_or_upload() -> None:
    (drawn,) = draw_trend(View(), BROKEN)
    graph = next(part for part in walk(drawn) if isinstance(part, dcc.Graph))
    assert props(graph, "config")["displayModeBar"] is False
    assert props(graph, "config")["staticPlot"] is True
    assert props(graph, "config")["modeBarButtonsToRemove"] == ["sendChartToCloud"]
    assert draw_trend(View(), None) == []


def test_a_period_without_a_figure_is_left_out() -> None:
    series = make_series(("2024", 9.0, "a"), ("2025", None, "a"), ("2026", 8.0, "a"))
    (drawn,) = draw_trend(View(), series)
    graph = next(part for part in walk(drawn) if isinstance(part, dcc.Graph))
    (trace,) = props(graph, "figure")["data"]
    assert trace["x"] == [2024.0, 2026.0]


def test_filters_are_said_not_to_count() -> None:
    (plain,), (filtered,) = draw_trend(View(), BROKEN), draw_trend(View(deciles=(1,)), BROKEN)
    assert "tanpa saringan" not in read_text(plain)
    assert "tanpa saringan" in read_text(filtered)


@pytest.mark.parametrize("count", [2, 9, 60])
def test_many_periods_stay_readable(count: int) -> None:
    months = [f"{2020 + n // 12}-{n % 12 + 1:02}" for n in range(count)]
    (drawn,) = draw_trend(
        View(), make_series(*((month, 9 - n / 10, "a") for n, month in enumerate(months)))
    )
    graph = next(part for part in walk(drawn) if isinstance(part, dcc.Graph))
    figure = props(graph, "figure")
    assert 2 <= len(figure["layout"]["xaxis"]["tickvals"]) <= 6
    told = [text for text in figure["data"][0]["text"] if text]
    assert len(told) <= 8
    assert figure["data"][0]["text"][-1]


def test_periods_lie_where_they_begin() -> None:
    told = {
        "2026": 2026.0,
        "2026-01": 2026.0,
        "2026-07": 2026.5,
        "2026-S2": 2026.5,
        "2026-Q2": 2026.25,
    }
    assert {period: place_of(period) for period in told} == told


# Changes -----------------------------------------------------------------------------------------


@given(st.floats(0, 100), st.floats(0, 100), st.booleans())
def test_a_change_is_told_of_one_source_only(then: float, now: float, same: bool) -> None:
    day = date(2026, 6, 30)
    change = Change(
        Measured("2025", then, "a", day), Measured("2026", now, "a" if same else "b", day)
    )
    assert change.has_new_source is not same
    assert change.value == (now - then if same else None)
    assert Change(None, change.now).value is None
    assert Change(change.then, None).value is None
