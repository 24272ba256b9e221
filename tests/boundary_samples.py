"""An invented regency of two kecamatan and four desa, two by two, each a tenth of a degree wide."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import shapely

WEST, SOUTH, WIDTH = 113.0, -8.0, 0.1

DESA = {
    "98.01.01.2001": ("Sumber Rejo", "Lor", 0, 1),
    "98.01.01.1002": ("Kota Lama", "Lor", 1, 1),
    "98.01.02.2001": ("Sumber Rejo", "Kidul", 0, 0),
    "98.01.02.2002": ("Karang Anyar", "Kidul", 1, 0),
}
"""Name, kecamatan, column and row by code."""

BPS_CODES = {
    "98.01.01.2001": "9801020003",
    "98.01.01.1002": "9801020001",
    "98.01.02.2001": "9801010001",
    "98.01.02.2002": "9801010002",
}
"""BPS numbers the two kecamatan the other way round, as it does in real regencies."""


def square(column: float, row: float, size: float = 1.0) -> shapely.Polygon:
    """Draw a desa; its wavy sides are shared with the next one to the last digit."""
    corners = [(0.0, 0.0), (size, 0.0), (size, size), (0.0, size), (0.0, 0.0)]
    ring: list[tuple[float, float]] = []
    for (x0, y0), (x1, y1) in itertools.pairwise(corners):
        for step in range(40):
            x, y = x0 + (x1 - x0) * step / 40, y0 + (y1 - y0) * step / 40
            ring.append(_place(column + x, row + y))
    return shapely.Polygon(ring)


def _place(x: float, y: float) -> tuple[float, float]:
    x, y = round(x, 9), round(y, 9)
    wave_x, wave_y = 0.02 * math.sin(9 * y), 0.02 * math.sin(9 * x)
    return round(WEST + WIDTH * (x + wave_x), 9), round(SOUTH + WIDTH * (y + wave_y), 9)


def feature(shape: object, **properties: object) -> dict[str, Any]:
    """Make one GeoJSON feature; the shape is shapely's, or a bare GeoJSON geometry."""
    if isinstance(shape, shapely.Geometry):
        shape = json.loads(shapely.to_geojson(shape))
    return {"type": "Feature", "properties": properties, "geometry": shape}


def desa_features() -> list[dict[str, Any]]:
    """List the four desa, with the names of what they lie in."""
    return [
        feature(
            square(column, row), kode=code, nama=name, kecamatan=kecamatan, kabupaten="Kab. Contoh"
        )
        for code, (name, kecamatan, column, row) in DESA.items()
    ]


def write_geojson(path: Path, features: list[dict[str, Any]], **members: object) -> Path:
    """Write a FeatureCollection."""
    content = {"type": "FeatureCollection", "features": features, **members}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
