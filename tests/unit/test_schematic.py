"""Schematic boundaries."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from db.demo.outline import METRIC_CRS, list_village_points
from geo.schematic import draw_schematic_areas


@pytest.fixture(scope="module")
def points() -> list[tuple[float, float]]:
    return [(float(row["longitude"]), float(row["latitude"])) for row in list_village_points()]


@pytest.fixture(scope="module")
def areas(points: list[tuple[float, float]]) -> list[shapely.Geometry]:
    return draw_schematic_areas(points, METRIC_CRS)


def test_the_demo_has_217_villages_in_25_kecamatan(areas: list[shapely.Geometry]) -> None:
    assert len(areas) == 217
    assert len({row["kecamatan_code"] for row in list_village_points()}) == 25


def test_the_areas_together_measure_what_the_design_says(areas: list[shapely.Geometry]) -> None:
    geod = Geod(ellps="WGS84")
    area_km2 = sum(abs(geod.geometry_area_perimeter(area)[0]) for area in areas) / 1e6
    # 2,959 km² on the plane of EPSG:9490, which stretches; on the ellipsoid a little less.
    assert area_km2 == pytest.approx(2_955, abs=2)


def test_neighbours_share_their_borders(areas: list[shapely.Geometry]) -> None:
    assert shapely.coverage_is_valid(areas)
    assert shapely.union_all(areas).geom_type == "Polygon"


def test_the_same_points_give_the_same_bytes(
    points: list[tuple[float, float]], areas: list[shapely.Geometry]
) -> None:
    again = draw_schematic_areas(points, METRIC_CRS)
    assert [area.wkb for area in again] == [area.wkb for area in areas]


coordinates = st.tuples(st.integers(0, 200), st.integers(0, 200))


@settings(max_examples=25, deadline=None)
@given(st.lists(coordinates, min_size=3, max_size=30, unique=True))
def test_every_village_lies_in_its_own_area(grid: list[tuple[int, int]]) -> None:
    points = [(114 + east / 500, -8 - north / 500) for east, north in grid]
    areas = draw_schematic_areas(points, METRIC_CRS)
    assert all(area.contains(shapely.Point(p)) for p, area in zip(points, areas, strict=True))
    assert all(area.is_valid for area in areas)


@pytest.mark.parametrize("points", [[(114.0, -8.0), (114.1, -8.0)], [(114.0, -8.0)] * 3])
def test_too_few_points_are_refused(points: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match="three points"):
        draw_schematic_areas(points, METRIC_CRS)
