"""Shapes are repaired, rejected and measured one by one."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.boundary_shapes import (
    COLLAPSED,
    NO_SHAPE,
    NOT_A_POLYGON,
    NOT_FINITE,
    REPAIRED,
    REPAIRED_MUCH,
    check_extent,
    check_shapes,
    get_area_km2,
    to_lonlat,
)
from geo.errors import InvalidFile


def as_array(*shapes: object) -> np.ndarray:
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return array


SQUARE = shapely.box(113, -8, 113.1, -7.9)
BOW = shapely.Polygon([(113, -8), (113.1, -7.9), (113.1, -8), (113, -7.9)])
SPIKE = shapely.Polygon(
    [(113, -8), (113.1, -8), (113.1, -7.9), (113.1, -7.89), (113.1, -7.9), (113, -7.9)]
)


def test_one_degree_at_the_equator_measures_what_the_ellipsoid_says() -> None:
    # Karney's planimeter gives 12308.778 km2 for this square with geodesic sides.
    assert get_area_km2(shapely.box(0, 0, 1, 1)) == pytest.approx(12308.778, abs=0.001)
    assert get_area_km2(shapely.box(0, 0, 1, 1).reverse()) == pytest.approx(12308.778, abs=0.001)


def test_a_hole_is_taken_off() -> None:
    hole = shapely.box(113.02, -7.98, 113.04, -7.96)
    holed = SQUARE.difference(hole)
    assert get_area_km2(holed) == pytest.approx(get_area_km2(SQUARE) - get_area_km2(hole))


def test_each_shape_is_taken_repaired_or_rejected() -> None:
    line = shapely.LineString([(113, -8), (114, -8)])
    mixed = shapely.GeometryCollection([line, shapely.GeometryCollection([SQUARE])])
    shapes = as_array(
        SQUARE,
        BOW,
        SPIKE,
        mixed,
        None,
        shapely.Polygon(),
        line,
        shapely.Point(113, -8),
        shapely.Polygon([(113, -8), (113.1, -8), (np.inf, -7)]),
        shapely.Polygon([(113, -8), (113.1, -8), (113.2, -8)]),
        shapely.GeometryCollection([line]),
    )
    checked = check_shapes(shapes)
    assert checked.rejections == [
        *[None] * 4,
        NO_SHAPE,
        NO_SHAPE,
        NOT_A_POLYGON,
        NOT_A_POLYGON,
        NOT_FINITE,
        COLLAPSED,
        NOT_A_POLYGON,
    ]
    assert checked.repairs == [None, REPAIRED_MUCH, REPAIRED, *[None] * 8]
    taken = checked.shapes[:4]
    assert {shape.geom_type for shape in taken} == {"MultiPolygon"}
    assert shapely.is_valid(taken).all()
    assert taken[3].equals(SQUARE)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.floats(110, 115), st.floats(-9, -7)), min_size=3, max_size=12))
def test_any_ring_becomes_a_valid_area_or_a_reason(ring: list[tuple[float, float]]) -> None:
    checked = check_shapes(as_array(shapely.Polygon(ring)))
    [shape], [reason] = checked.shapes, checked.rejections
    assert (shape is None) != (reason is None)
    if shape is not None:
        assert shape.is_valid
        assert shape.area > 0


def test_projected_shapes_come_back_and_lose_their_height() -> None:
    flat = shapely.force_3d(SQUARE, 12.5)
    metres = to_lonlat(as_array(flat, None), "EPSG:4326")
    assert not shapely.has_z(metres).any()
    assert metres[1] is None
    utm = shapely.box(300_000, 9_100_000, 310_000, 9_110_000)
    [lonlat] = to_lonlat(as_array(utm), "EPSG:32750")
    assert 114 < lonlat.centroid.x < 116
    assert get_area_km2(lonlat) == pytest.approx(100, rel=0.002)


@pytest.mark.parametrize(
    ("shape", "crs", "sentence"),
    [
        (shapely.box(300_000, 9_100_000, 310_000, 9_110_000), "EPSG:4326", "di luar Indonesia"),
        (shapely.box(300_000, 9_100_000, 310_000, 9_110_000), None, "tidak menyebut"),
        (shapely.box(-8, 113, -7.9, 113.1), "EPSG:4326", "tertukar"),
    ],
)
def test_what_lies_elsewhere_is_refused(shape: object, crs: str | None, sentence: str) -> None:
    with pytest.raises(InvalidFile, match=sentence):
        check_extent(as_array(shape, None), crs)


def test_missing_shapes_lie_nowhere() -> None:
    check_extent(as_array(SQUARE, None, shapely.Polygon()), None)


def test_an_unknown_coordinate_system_is_refused() -> None:
    with pytest.raises(InvalidFile, match="tidak dikenal"):
        to_lonlat(as_array(SQUARE), "EPSG:999999")
