"""The drawn map: true to scale, safe with any text, the same bytes each time."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo.draw_legend import LegendClass, round_length_m
from geo.draw_map import draw_map
from geo.draw_picture import HIDDEN, NO_DATA, AreaPicture, MapPicture, circle_radius
from geo.draw_place import Box, Wish, place_names
from geo.projection import make_transformer, pick_utm_epsg
from geo.ramp import list_ramp_colours

SVG = "{http://www.w3.org/2000/svg}"


def grid(count: int, **changes: Any) -> MapPicture:
    """Areas side by side from 114° E, 8° S, a tenth of a degree each."""
    areas = [
        AreaPicture(
            code=f"35.10.{place:02d}",
            name=f"Desa {place}",
            shape=shapely.box(114 + place / 10, -8.1, 114.1 + place / 10, -8),
            label_point=(114.05 + place / 10, -8.05),
            number=place % 5,
            count=10 * (place + 1),
            count_text=str(10 * (place + 1)),
            href=f"/?area=35.10.{place:02d}",
        )
        for place in range(count)
    ]
    picture = MapPicture(
        areas=areas, ramp=list_ramp_colours("high_is_bad", 5), title="Tingkat kemiskinan"
    )
    return replace(picture, **changes)


def elements(text: str, name: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(text).findall(f".//{SVG}{name}")


def test_every_area_is_drawn_and_leads_somewhere() -> None:
    links = elements(draw_map(grid(4)), "a")
    assert [link.get("href") for link in links] == [f"/?area=35.10.{n:02d}" for n in range(4)]
    assert [link[0][0].text for link in links] == [f"Desa {n}" for n in range(4)]


def test_no_data_hidden_and_zero_look_different() -> None:
    picture = grid(3)
    numbers = (0, NO_DATA, HIDDEN)
    areas = [replace(area, number=n) for area, n in zip(picture.areas, numbers, strict=True)]
    paths = [link[0] for link in elements(draw_map(replace(picture, areas=areas)), "a")]
    assert len({path.get("fill") for path in paths}) == 3
    assert paths[1].get("fill") == "url(#no-data)"
    assert paths[2].get("stroke-dasharray")


def test_the_legend_says_how_the_classes_were_made() -> None:
    rows = [LegendClass(f"kelas {number}") for number in range(5)]
    for size in ((1200, 800), (390, 760)):
        drawn = draw_map(grid(3, classes=rows, class_note="Kuantil, kelas tetap", size=size))
        assert "Kuantil, kelas tetap" in [text.text for text in elements(drawn, "text")]


def test_same_picture_gives_same_bytes() -> None:
    assert draw_map(grid(9)) == draw_map(grid(9))


@given(st.text(max_size=60))
def test_any_name_is_text_and_never_markup(name: str) -> None:
    picture = grid(2, title=name, subtitle=name, notes=[name], classes=[LegendClass(name, name)])
    areas = [
        replace(area, name=name, tooltip=(name,), href=f"/?q={name}") for area in picture.areas
    ]
    drawn = ElementTree.fromstring(draw_map(replace(picture, areas=areas)))
    tags = {element.tag.removeprefix(SVG) for element in drawn.iter()}
    assert tags <= {
        "svg", "title", "desc", "defs", "pattern", "rect", "path", "circle", "clipPath", "text",
        "tspan", "g", "a", "use",
    }  # fmt: skip


def test_hostile_name_is_shown_as_it_is_written() -> None:
    name = '<script>alert("1")</script>'
    picture = grid(1, title=name)
    drawn = draw_map(picture)
    assert "<script" not in drawn
    assert elements(drawn, "title")[0].text == name


@pytest.mark.parametrize("count", [None, math.nan, math.inf, -3, 0])
def test_a_count_that_is_none_draws_no_circle(count: float | None) -> None:
    picture = grid(2)
    areas = [replace(area, count=count) for area in picture.areas]
    circles = elements(draw_map(replace(picture, areas=areas)), "circle")
    assert [circle.get("id") for circle in circles] == ["aid", "no-aid"]


@pytest.mark.parametrize("point", [(math.nan, -8.0), (math.inf, math.inf)])
def test_places_that_are_nowhere_are_left_out(point: tuple[float, float]) -> None:
    picture = grid(2, points=[(*point, True), (114.05, -8.05, False)])
    areas = [replace(area, label_point=point) for area in picture.areas]
    drawn = draw_map(replace(picture, areas=areas))
    assert not re.search(r'[" ]-?(nan|inf)', drawn)
    assert len(elements(drawn, "use")) == 1


@pytest.mark.parametrize("count", [0, 1])
def test_draws_with_hardly_anything(count: int) -> None:
    drawn = draw_map(grid(count))
    assert len(elements(drawn, "a")) == count
    assert bool(re.search('id="scale-bar"', drawn)) == (count > 0)


@given(st.floats(1, 1e5), st.floats(1, 1e5))
def test_areas_of_circles_compare_as_counts(one: float, other: float) -> None:
    picture = grid(4, count_max=100_000)
    ratio = (circle_radius(one, picture) / circle_radius(other, picture)) ** 2
    assert ratio == pytest.approx(one / other)


def test_the_largest_count_of_the_layer_sets_the_size_of_filtered_circles() -> None:
    everything, filtered = grid(4, count_max=80), grid(2, count_max=80, size=(1200, 800))
    full = circle_radius(80, everything)
    assert circle_radius(20, everything) == pytest.approx(full / 2)
    assert circle_radius(20, filtered) == pytest.approx(circle_radius(80, filtered) / 2)


@pytest.mark.parametrize(("lon", "lat"), [(114.2, -8.3), (98.7, 3.6), (140.7, -2.5), (119.4, -5.1)])
def test_scale_bar_is_true_to_one_percent(lon: float, lat: float) -> None:
    shape = shapely.box(lon, lat, lon + 0.4, lat + 0.3)
    area = AreaPicture("35.10", "Kabupaten", shape, (lon + 0.2, lat + 0.15), number=0)
    drawn = draw_map(grid(0, areas=[area]))
    bar = next(g for g in elements(drawn, "g") if g.get("id") == "scale-bar")
    ends = [float(x) for x in re.findall(r"M([\d.]+) ", bar[0].get("d") or "")][:2]
    outline = next(path for path in elements(drawn, "path") if path.get("fill-rule"))
    width = _steps_width(outline.get("d") or "")
    true_m = Geod(ellps="WGS84").line_length([lon, lon + 0.4], [lat + 0.15, lat + 0.15])
    on_page_m = width / (ends[1] - ends[0]) * float(bar.get("data-metres") or 0)
    assert on_page_m == pytest.approx(true_m, rel=0.01)


def _steps_width(path: str) -> float:
    numbers = [float(part) for part in re.findall(r"-?[\d.]+", path)]
    x = [numbers[0]]
    for step in numbers[2::2]:
        x.append(x[-1] + step)
    return max(x) - min(x)


def test_shared_borders_stay_shared() -> None:
    dice = [(114.05 + 0.001 * math.sin(n), -8 - n / 500) for n in range(51)]
    left = shapely.Polygon([(114, -8), *dice, (114, -8.1)])
    right = shapely.Polygon([(114.2, -8), *dice, (114.2, -8.1)])
    areas = [
        AreaPicture(str(n), str(n), shape, (114.1, -8.05), number=n)
        for n, shape in enumerate((left, right))
    ]
    drawn = draw_map(grid(0, areas=areas))
    shapes = [
        _polygon(path.get("d") or "") for path in elements(drawn, "path") if path.get("fill-rule")
    ]
    assert shapes[0].intersection(shapes[1]).area < 1
    assert shapes[0].union(shapes[1]).geom_type == "Polygon"


def _polygon(path: str) -> shapely.Polygon:
    numbers = [float(part) for part in re.findall(r"-?[\d.]+", path)]
    places = [(numbers[0], numbers[1])]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        places.append((places[-1][0] + dx, places[-1][1] + dy))
    return shapely.Polygon(places)


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 300), st.floats(0, 20)), max_size=60))
def test_names_never_cover_each_other(points: list[tuple[float, float, float]]) -> None:
    frame = Box(0, 0, 400, 300)
    wishes = [Wish("Sumberagung", x, y, gap) for x, y, gap in points]
    names = place_names(wishes, [], frame, 12)
    boxes = [Box(name.x - 38, name.y - 11, name.x + 38, name.y) for name in names]
    assert not any(a.overlaps(b) for n, a in enumerate(boxes) for b in boxes[n + 1 :])


@given(st.floats(0.5, 1e6))
def test_scale_lengths_are_round_and_fit(most_m: float) -> None:
    length = round_length_m(most_m)
    assert most_m / 2.5 <= length * (1 + 1e-9) <= most_m * (1 + 1e-6) * (1 + 1e-9)
    assert f"{length:e}"[0] in "125"


def test_utm_zone_of_the_indonesian_datum() -> None:
    assert pick_utm_epsg(114.2, -8.3) == 9490
    assert pick_utm_epsg(98.7, 3.6) == 9477
    assert pick_utm_epsg(-71.0, 42.0) == 32619
    assert make_transformer(9490).target_crs is not None


@pytest.mark.parametrize("direction", ["high_is_bad", "high_is_good", "neutral"])
@pytest.mark.parametrize("count", range(1, 8))
def test_ramp_runs_evenly_from_light_to_dark(direction: str, count: int) -> None:
    grey = [_grey(colour) for colour in list_ramp_colours(direction, count)]
    assert grey == sorted(grey, reverse=True)
    steps = [one - other for one, other in pairwise(grey)]
    assert all(step > 100 / (2.5 * count) / 2 for step in steps)
    dark = [_grey(colour) for colour in list_ramp_colours(direction, count, dark=True)]
    assert dark == sorted(dark)


def _grey(colour: str) -> float:
    """CIE lightness, 0 to 100: what a greyscale print leaves of a colour."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    luminance = sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return float(116 * luminance ** (1 / 3) - 16)
