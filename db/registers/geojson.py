"""A GeoJSON file of points as rows: the properties of each, and where it lies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from db.registers.workbook import Number
from geo.errors import InvalidFile
from geo.text import N_

MAX_BYTES = 64 << 20
"""It is read whole, and takes several times its size in memory."""
LON, LAT = "longitude", "latitude"
_DEGREES = ("crs84", "epsg::4326", "epsg:4326")


def looks_like_json(path: Path) -> bool:
    """Tell by its first character whether a file is JSON."""
    with path.open("rb") as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))


def read_geojson(path: Path) -> Iterator[list[str]]:
    """Read a FeatureCollection; the first row names the properties, then the position.

    A feature that isn't a point has an empty position.

    Raises
    ------
    InvalidFile
        When it isn't such a collection, or not in degrees (WGS 84).
    """
    features = _load(path)
    titles: dict[str, None] = {}
    for feature in features:
        titles |= dict.fromkeys(map(str, feature["properties"]))
    # Properties may repeat what the geometry says; the geometry is right.
    names = [title for title in titles if title.lower() not in (LON, LAT, "lon", "lat")]
    yield [*names, LON, LAT]
    for feature in features:
        properties = feature["properties"]
        yield [*(_to_text(properties.get(name)) for name in names), *_find_position(feature)]


def _load(path: Path) -> list[dict[str, Any]]:
    if path.stat().st_size > MAX_BYTES:
        raise InvalidFile(N_("Berkas GeoJSON ini terlalu besar. Simpan sebagai CSV."))
    try:
        whole = json.loads(path.read_text(encoding="utf-8-sig"))
        written = json.dumps(whole, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:  # halves of surrogate pairs among them
        raise _broken() from error
    if b"\\u0000" in written:
        raise _broken()
    if not isinstance(whole, dict) or whole.get("type") != "FeatureCollection":
        raise _broken()
    crs = json.dumps(whole.get("crs") or "crs84").lower()
    if not any(name in crs for name in _DEGREES):
        raise InvalidFile(N_("Koordinat GeoJSON harus derajat WGS 84 (EPSG:4326)."))
    features = whole.get("features")
    if not isinstance(features, list) or not features:
        raise _broken()
    return [_check(feature) for feature in features]


def _check(feature: Any) -> dict[str, Any]:
    if not isinstance(feature, dict):
        raise _broken()
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise _broken()
    return {"properties": properties, "geometry": feature.get("geometry")}


def _find_position(feature: dict[str, Any]) -> tuple[str, str]:
    geometry = feature["geometry"]
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return "", ""
    position = geometry.get("coordinates")
    if not isinstance(position, list) or len(position) < 2:
        return "", ""
    return _to_text(position[0]), _to_text(position[1])


def _to_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | float):
        return Number(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _broken() -> InvalidFile:
    return InvalidFile(N_("Berkas ini bukan GeoJSON berisi titik (FeatureCollection)."))
