"""Laws of areas that lie side by side."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.boundary_coverage import (
    clean_coverage,
    dissolve,
    find_gaps,
    find_overlaps,
    simplify_coverage,
)
from geo.boundary_shapes import Shapes, get_area_km2

seeds = st.lists(
    st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=3, max_size=25, unique=True
)


def cells(points: list[tuple[int, int]]) -> Shapes:
    """Draw areas that fill one tenth of a degree round the points, with corners every 200 m."""
    places = shapely.MultiPoint([(113 + x / 1e4, -8 + y / 1e4) for x, y in points])
    whole = shapely.box(113, -8, 113.1, -7.9)
    drawn = shapely.get_parts(shapely.voronoi_polygons(places, extend_to=whole))
    parts = shapely.get_parts(shapely.coverage_clean(shapely.intersection(drawn, whole)))
    return shapely.segmentize(parts[shapely.area(parts) > 1e-12], 0.002)


def areas_km2(shapes: Shapes) -> float:
    return sum(map(get_area_km2, shapes))


@settings(max_examples=40)
@given(seeds)
def test_simplified_areas_neither_vanish_nor_overlap_nor_part(
    points: list[tuple[int, int]],
) -> None:
    shapes = clean_coverage(cells(points))
    simplified = simplify_coverage(shapes)
    assert len(simplified) == len(shapes)
    assert not shapely.is_empty(simplified).any()
    assert shapely.coverage_is_valid(simplified)
    assert (
        shapely.get_num_coordinates(simplified).sum() <= shapely.get_num_coordinates(shapes).sum()
    )
    assert areas_km2(simplified) == pytest.approx(areas_km2(shapes), rel=0.01)


@settings(max_examples=40)
@given(seeds, st.integers(1, 4))
def test_dissolving_keeps_every_square_metre(
    points: list[tuple[int, int]], group_count: int
) -> None:
    shapes = clean_coverage(cells(points))
    members = [list(range(start, len(shapes), group_count)) for start in range(group_count)]
    dissolved = dissolve(shapes, [indexes for indexes in members if indexes])
    assert shapely.coverage_is_valid(dissolved)
    assert areas_km2(dissolved) == pytest.approx(areas_km2(shapes), rel=1e-9)


def squares(*corners: tuple[float, float, float, float]) -> Shapes:
    return np.array([shapely.box(*corner) for corner in corners], dtype=object)


def test_overlaps_are_found_with_their_size() -> None:
    shapes = squares((113, -8, 113.1, -7.9), (113.09, -8, 113.2, -7.9), (113.2, -8, 113.3, -7.9))
    [overlap] = find_overlaps(shapes)
    assert (overlap.first, overlap.second) == (0, 1)
    shared = shapely.box(113.09, -8, 113.1, -7.9)
    assert overlap.area_km2 == pytest.approx(get_area_km2(shared))


def test_an_area_inside_another_is_an_overlap_and_survives_the_cleaning() -> None:
    shapes = squares((113, -8, 113.1, -7.9), (113.04, -7.96, 113.06, -7.94))
    assert len(find_overlaps(shapes)) == 1
    cleaned = clean_coverage(shapes)
    assert shapely.coverage_is_valid(cleaned)
    assert get_area_km2(cleaned[1]) == pytest.approx(get_area_km2(shapes[1]), rel=1e-6)


def test_the_same_area_twice_leaves_neither_empty() -> None:
    shapes = squares((113, -8, 113.1, -7.9), (113, -8, 113.1, -7.9))
    assert not shapely.is_empty(simplify_coverage(clean_coverage(shapes))).any()


def test_a_clean_coverage_stays_itself() -> None:
    shapes = squares((113, -8, 113.1, -7.9), (113.1, -8, 113.2, -7.9))
    assert clean_coverage(shapes) is shapes
    assert find_overlaps(shapes) == []


def test_gaps_are_found_but_not_those_too_small_to_matter() -> None:
    lake, crack = shapely.box(113.02, -7.98, 113.04, -7.96), shapely.Point(113.08, -7.92)
    holed = shapely.box(113, -8, 113.1, -7.9) - lake - crack.buffer(0.00001)
    assert find_gaps(holed) == [pytest.approx(get_area_km2(lake))]


def test_an_islet_too_small_to_see_goes_unless_it_is_all_there_is() -> None:
    islet = shapely.box(113.5, -8, 113.5001, -7.9999)
    shapes = np.array(
        [shapely.MultiPolygon([shapely.box(113, -8, 113.1, -7.9), islet]), islet.buffer(0.00005)],
        dtype=object,
    )
    kept = simplify_coverage(shapes)
    assert shapely.get_num_geometries(kept).tolist() == [1, 1]
