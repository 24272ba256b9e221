"""Tiles: nobody is lost, nobody is named, pins and clusters tell the truth."""

from __future__ import annotations

from collections import Counter
from typing import Any

import mapbox_vector_tile
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from db.engine import reading
from db.queries.catalogue import list_needs, list_programmes
from db.queries.tile_parts import LAYER_NAME
from db.queries.tiles import FIRST_PIN_ZOOM, get_household_tile
from db.viewer import LOCAL_VIEWER
from geo.tile import WORLD_M, Tile
from geo.view import View
from tests.db.oracle import Fact, read_facts, select
from tests.db.strategies import filtered_views

LETTERS = {
    "education": "E",
    "health": "H",
    "food": "F",
    "business": "B",
    "housing": "R",
    "cash": "C",
}


def tile_of(fact: Fact, zoom: int) -> Tile:
    side = WORLD_M / (1 << zoom)
    assert fact.x is not None and fact.y is not None
    return Tile(zoom, int((fact.x + WORLD_M / 2) // side), int((WORLD_M / 2 - fact.y) // side))


def read_tile(conn: Connection, view: View, tile: Tile) -> list[dict[str, Any]]:
    content = get_household_tile(conn, view, tile)
    if not content:
        return []
    decoded = mapbox_vector_tile.decode(content)
    assert set(decoded) == {LAYER_NAME}
    return list(decoded[LAYER_NAME]["features"])


@pytest.fixture(scope="module")
def facts(demo_engine: Engine) -> list[Fact]:
    with reading(demo_engine, LOCAL_VIEWER) as conn:
        return read_facts(conn)


@pytest.fixture(scope="module")
def views(demo_engine: Engine) -> st.SearchStrategy[View]:
    with reading(demo_engine, LOCAL_VIEWER) as conn:
        programmes = [item.code for item in list_programmes(conn)]
        needs = [item.code for item in list_needs(conn)]
    return filtered_views([None, "35.10.01", "35.10.05"], programmes, needs)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), zoom=st.integers(5, 16))
def test_counts_add_up_to_those_with_coordinates(
    demo_engine: Engine,
    facts: list[Fact],
    views: st.SearchStrategy[View],
    data: st.DataObject,
    zoom: int,
) -> None:
    view = data.draw(views)
    located = [fact for fact in select(facts, view) if fact.x is not None]
    expected = Counter(tile_of(fact, zoom) for fact in located)
    # At high zooms a sample of tiles; at low ones all there are.
    tiles = sorted(expected, key=lambda tile: (tile.x, tile.y))[:40]
    with reading(demo_engine, LOCAL_VIEWER) as conn:
        for tile in tiles:
            features = read_tile(conn, view, tile)
            assert sum(feature["properties"]["n"] for feature in features) == expected[tile]


def test_a_pin_carries_flags_and_no_identity(demo_conn: Connection, facts: list[Fact]) -> None:
    allowed = {"n", "d", "s", "a"}
    by_id = {fact.id: fact for fact in facts}
    seen = 0
    for fact in [fact for fact in facts if fact.x is not None][:60]:
        for zoom in (9, 13, 14, 15, FIRST_PIN_ZOOM, 18):
            for feature in read_tile(demo_conn, View(statuses=()), tile_of(fact, zoom)):
                properties = feature["properties"]
                assert set(properties) <= allowed
                # The decoder gives features without an id the number 0.
                if properties["n"] == 1 and feature["id"]:
                    household = by_id[feature["id"]]
                    letters = "".join(
                        letter for domain, letter in LETTERS.items() if domain in household.domains
                    )
                    assert properties["d"] == household.decile
                    assert properties["s"] == household.status[0]
                    assert properties["a"] == letters
                    seen += 1
    assert seen > 100


def test_a_pin_stands_where_the_household_does(demo_conn: Connection, facts: list[Fact]) -> None:
    by_id = {fact.id: fact for fact in facts}
    places = Counter((fact.x, fact.y) for fact in facts)
    fact = next(fact for fact in facts if fact.status == "verified" and places[fact.x, fact.y] == 1)
    tile = tile_of(fact, FIRST_PIN_ZOOM)
    west, south, east, _north = tile.bounds_3857
    features = [f for f in read_tile(demo_conn, View(), tile) if f["properties"]["n"] == 1]
    assert fact.id in {feature["id"] for feature in features}
    for feature in features:
        x, y = feature["geometry"]["coordinates"]
        household = by_id[feature["id"]]
        step = (east - west) / 4096
        assert west + x * step == pytest.approx(household.x, abs=step)
        assert south + y * step == pytest.approx(household.y, abs=step)


def test_families_at_one_point_share_a_pin(demo_conn: Connection, facts: list[Fact]) -> None:
    places = Counter((fact.x, fact.y) for fact in select(facts, View()) if fact.x is not None)
    place, count = places.most_common(1)[0]
    assert count > 1
    there = [fact for fact in select(facts, View()) if (fact.x, fact.y) == place]
    tile = tile_of(there[0], FIRST_PIN_ZOOM)
    found = {f.get("id"): f["properties"]["n"] for f in read_tile(demo_conn, View(), tile)}
    assert found[min(fact.id for fact in there)] == count


def test_an_empty_place_is_an_empty_tile(demo_conn: Connection) -> None:
    assert get_household_tile(demo_conn, View(), Tile(9, 0, 0)) == b""
    assert get_household_tile(demo_conn, View(), Tile(18, 0, 0)) == b""
