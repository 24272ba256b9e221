"""Tiles of the EPSG:3857 pyramid."""

from __future__ import annotations

from dataclasses import dataclass

from geo.errors import InvalidTile
from geo.text import N_

WORLD_M = 40_075_016.685_578_488
"""Side of the EPSG:3857 square in its own metres, 2 pi 6378137."""

MAX_ZOOM = 22


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: zoom, column from the west, row from the north."""

    z: int
    x: int
    y: int

    @classmethod
    def parse(cls, z: str, x: str, y: str) -> Tile:
        """Read a tile from the parts of an address.

        Raises
        ------
        InvalidTile
            When a part is no plain number, or the tile lies outside the pyramid.
        """
        parts = (z, x, y)
        if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
            raise InvalidTile(N_("Nomor petak peta tidak dapat dibaca."))
        tile = cls(*map(int, parts))
        if tile.z > MAX_ZOOM or max(tile.x, tile.y) >= 1 << tile.z:
            raise InvalidTile(N_("Petak peta ini tidak ada."))
        return tile

    @property
    def bounds_3857(self) -> tuple[float, float, float, float]:
        """West, south, east and north in metres of EPSG:3857."""
        side = WORLD_M / (1 << self.z)
        west, north = self.x * side - WORLD_M / 2, WORLD_M / 2 - self.y * side
        return west, north - side, west + side, north

    def cell_range(self, level: int) -> tuple[int, int, int, int]:
        """First and last column and row of a finer grid's cells inside the tile.

        Parameters
        ----------
        level
            The grid is 2^level cells wide; not coarser than the tile.

        Returns
        -------
        tuple of int
            First column, last column, first row, last row.
        """
        shift = level - self.z
        last = (1 << shift) - 1
        x, y = self.x << shift, self.y << shift
        return x, x + last, y, y + last
