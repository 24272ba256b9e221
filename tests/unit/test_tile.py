"""Tiles of the pyramid."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InvalidTile
from geo.tile import WORLD_M, Tile


@st.composite
def tiles(draw: st.DrawFn) -> Tile:
    z = draw(st.integers(0, 22))
    last = (1 << z) - 1
    return Tile(z, draw(st.integers(0, last)), draw(st.integers(0, last)))


@given(tiles())
def test_a_tile_is_read_back_from_its_address(tile: Tile) -> None:
    assert Tile.parse(str(tile.z), str(tile.x), str(tile.y)) == tile


@given(tiles())
def test_four_children_cover_their_tile(tile: Tile) -> None:
    west, south, east, north = tile.bounds_3857
    children = [Tile(tile.z + 1, 2 * tile.x + i, 2 * tile.y + j) for i in (0, 1) for j in (0, 1)]
    sides = [child.bounds_3857 for child in children]
    assert math.isclose(min(side[0] for side in sides), west, abs_tol=1e-6)
    assert math.isclose(min(side[1] for side in sides), south, abs_tol=1e-6)
    assert math.isclose(max(side[2] for side in sides), east, abs_tol=1e-6)
    assert math.isclose(max(side[3] for side in sides), north, abs_tol=1e-6)


def test_the_whole_world_is_tile_zero() -> None:
    half = WORLD_M / 2
    assert Tile(0, 0, 0).bounds_3857 == (-half, -half, half, half)
    assert Tile(9, 418, 267).cell_range(9) == (418, 418, 267, 267)
    assert Tile(9, 418, 267).cell_range(11) == (1672, 1675, 1068, 1071)


@pytest.mark.parametrize(
    "parts",
    [
        ("0", "1", "0"),
        ("23", "0", "0"),
        ("9", "512", "0"),
        ("9", "-1", "0"),
        ("a", "0", "0"),
        ("9.0", "0", "0"),
        ("", "0", "0"),
        ("9", "0", "1e3"),
        ("٩", "0", "0"),
        ("9", "9" * 40, "0"),
    ],
)
def test_what_is_no_tile_is_refused(parts: tuple[str, str, str]) -> None:
    with pytest.raises(InvalidTile) as caught:
        Tile.parse(*parts)
    assert caught.value.status == 400
