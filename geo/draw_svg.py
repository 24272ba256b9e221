"""Words of SVG: numbers, escaped text, elements. The same input gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

# What XML 1.0 can't hold at all, not even escaped.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_WIDTH_PER_EM = 0.58  # mean advance of the semibold sheet typeface


def number(value: float) -> str:
    """Write a coordinate with one decimal, ``-0.0`` and trailing zeros left out."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def escape(text: str) -> str:
    """Make any text safe as content and as an attribute."""
    text = _UNPRINTABLE.sub("", text).replace("&", "&amp;").replace("<", "&lt;")
    return text.replace(">", "&gt;").replace('"', "&quot;").replace("'", "&#39;")


def element(name: str, content: str = "", **attributes: Any) -> str:
    """Return one element; ``content`` must be escaped already.

    Parameters
    ----------
    name
        Name of the element.
    content
        Its inside.
    **attributes
        Underscores become dashes, a trailing one falls away (``class_``); None leaves one out;
        numbers are written as coordinates, all else is escaped.
    """
    written = "".join(
        f' {key.removesuffix("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def _attribute(value: Any) -> str:
    return number(value) if isinstance(value, int | float) else escape(str(value))


def text_width(text: str, size: float) -> float:
    """Estimate the width of a text in the units of its size."""
    return len(text) * size * _WIDTH_PER_EM


def path(shape: BaseGeometry) -> str:
    """Return the path of a polygon in page coordinates, one decimal, steps instead of places."""
    rings = [
        ring
        for polygon in shapely.get_parts(shape)
        if polygon.geom_type == "Polygon"
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    return "".join(_ring_path(shapely.get_coordinates(ring)) for ring in rings)


def _ring_path(coordinates: Any) -> str:
    tenths = np.rint(np.asarray(coordinates) * 10).astype(np.int64)[:-1]
    moved = np.any(np.diff(tenths, axis=0, prepend=tenths[-1:]) != 0, axis=1)
    tenths = tenths[moved]
    if len(tenths) < 3:
        return ""
    start = " ".join(_tenth(part) for part in tenths[0])
    steps = "".join(_joined([_tenth(x), _tenth(y)]) for x, y in np.diff(tenths, axis=0).tolist())
    return f"M{start}l{steps.lstrip()}z"


def _joined(parts: Sequence[str]) -> str:
    return "".join(part if part.startswith("-") else f" {part}" for part in parts)


def _tenth(value: int) -> str:
    return number(int(value) / 10)
