"""GeoJSON as RFC 7946 has it: WGS 84, longitude first, exterior rings counter-clockwise, no crs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from dashboard.exports._table import ExportMeta, cell_value
from layers import Column

DECIMALS = 6
"""Of a degree: 11 cm, as the RFC advises (section 11.2)."""


def write_geojson(
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    meta: ExportMeta,
    *,
    geometry_key: str = "geometry",
) -> bytes:
    """Write rows as a FeatureCollection.

    Parameters
    ----------
    columns
        They become the properties, under their keys; their headings and units stand once, in the
        foreign member ``columns``.
    rows
        Mappings keyed by the columns, with a geometry in EPSG:4326.
    meta
        Becomes foreign members (RFC 7946, section 6.1).
    geometry_key
        Key of the geometry: of shapely, a GeoJSON mapping or its text, or None for a household
        without a position.

    Returns
    -------
    bytes
        UTF-8. A number that is no data is null.
    """
    features = [
        {
            "type": "Feature",
            "geometry": _to_geojson(row.get(geometry_key)),
            "properties": {c.key: cell_value(c, row.get(c.key), meta.translate) for c in columns},
        }
        for row in rows
    ]
    collection = {"type": "FeatureCollection", **_describe(columns, meta), "features": features}
    text = json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8")


def _describe(columns: Sequence[Column], meta: ExportMeta) -> dict[str, Any]:
    about: dict[str, Any] = {
        "title": meta.title,
        "filters": list(meta.filters),
        **({"classes": meta.classes} if meta.classes else {}),
        "sources": [
            {"name": meta.translate(source.name), "as_of": source.as_of.isoformat()}
            for source in meta.sources
        ],
        "made_at": meta.made_at.isoformat(),
        "columns": [
            {
                "key": column.key,
                "title": meta.translate(column.title),
                "unit": meta.translate(column.unit) if column.unit else "",
            }
            for column in columns
        ],
    }
    return {**about, "notice": meta.notice} if meta.notice else about


def _to_geojson(geometry: BaseGeometry | Mapping[str, Any] | str | None) -> dict[str, Any] | None:
    if geometry is None:
        return None
    if isinstance(geometry, str):
        geometry = json.loads(geometry)
    form = geometry if isinstance(geometry, BaseGeometry) else shape(geometry)
    if form.is_empty:
        return None
    rounded = shapely.transform(form, lambda degrees: np.round(degrees, DECIMALS))
    turned = shapely.orient_polygons(rounded, exterior_cw=False)
    return dict(mapping(turned))
