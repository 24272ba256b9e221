"""GeoJSON: as RFC 7946 has it, and read back feature by feature."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import geopandas
import pytest
import shapely
from hypothesis import given

from dashboard.exports import write_geojson
from tests.unit.test_exports_table import COLUMNS, DEMO, DRAWN, META, ROWS

CLOCKWISE = shapely.Polygon(
    [(114, -8), (114.1, -8), (114.1, -8.1), (114, -8.1)],
    [[(114.02, -8.02), (114.02, -8.04), (114.04, -8.04), (114.04, -8.02)]],
)


def read_back(rows: list[dict[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(write_geojson(COLUMNS, rows, META))
    return content


@given(rows=ROWS)
def test_every_row_comes_back(rows: list[dict[str, Any]]) -> None:
    features = read_back(rows)["features"]
    assert [feature["properties"] for feature in features] == rows
    assert all(feature["geometry"] is None for feature in features)


def test_rings_follow_the_right_hand_rule() -> None:
    (feature,) = read_back([{"geometry": CLOCKWISE}])["features"]
    outer, inner = feature["geometry"]["coordinates"]
    assert shapely.LinearRing(outer).is_ccw
    assert not shapely.LinearRing(inner).is_ccw
    assert outer[0] == outer[-1]


@pytest.mark.parametrize(
    "geometry",
    [
        shapely.Point(114.123456789, -8.987654321),
        {"type": "Point", "coordinates": [114.123456789, -8.987654321]},
        '{"type": "Point", "coordinates": [114.123456789, -8.987654321]}',
    ],
)
def test_positions_have_six_decimals(geometry: object) -> None:
    (feature,) = read_back([{"geometry": geometry}])["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [114.123457, -8.987654]}


def test_an_empty_geometry_is_null() -> None:
    assert read_back([{"geometry": shapely.Point()}])["features"][0]["geometry"] is None


def test_the_collection_says_what_it_is() -> None:
    meta = replace(META, sources=(DEMO, DRAWN))
    content = json.loads(write_geojson(COLUMNS, [], meta))
    assert content["type"] == "FeatureCollection"
    assert "crs" not in content
    assert content["notice"] == "Batas skematik, data sintetis"
    assert content["filters"] == list(META.filters)
    assert content["classes"] == META.classes
    assert content["sources"][0] == {"name": "Demo", "as_of": "2026-01-01"}
    assert content["columns"][3] == {"key": "rate", "title": "Tingkat kemiskinan", "unit": "%"}


def test_geopandas_reads_it() -> None:
    rows = [
        {"name": "Barat", "count": 3, "geometry": CLOCKWISE},
        {"name": "Timur", "count": None, "geometry": shapely.MultiPolygon([CLOCKWISE])},
    ]
    frame = geopandas.read_file(io.BytesIO(write_geojson(COLUMNS, rows, META)))
    assert frame.crs.to_epsg() == 4326
    assert frame["name"].tolist() == ["Barat", "Timur"]
    assert frame.geometry.iloc[0].equals(CLOCKWISE)


def test_same_input_same_bytes() -> None:
    rows = [{"name": "Barat", "geometry": CLOCKWISE}]
    assert write_geojson(COLUMNS, rows, META) == write_geojson(COLUMNS, rows, META)
