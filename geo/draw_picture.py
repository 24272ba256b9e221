"""What a drawn map is made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from geo.draw_legend import LEGEND_WIDTH, LegendClass, is_narrow, legend_height
from geo.draw_place import Box

NO_DATA, HIDDEN = -1, -2
"""Classes that are none: hatched, and outlined grey."""

MAX_POINTS = 5_000
"""Households drawn one by one at most; above, the caller draws counts per area."""


@dataclass(frozen=True, slots=True)
class AreaPicture:
    """One area as it is drawn.

    Attributes
    ----------
    code, name
        Of the area.
    shape
        Polygon or MultiPolygon in degrees (EPSG:4326).
    label_point
        Longitude and latitude of a point inside.
    number
        Its class, 0 the lowest; ``NO_DATA``, ``HIDDEN``, or None for an area that is only land.
    count
        What its circle counts; None draws none.
    tooltip
        Lines under the name, formatted: value with unit, count.
    href
        Where a click leads.
    """

    code: str
    name: str
    shape: BaseGeometry
    label_point: tuple[float, float]
    number: int | None = None
    count: float | None = None
    count_text: str = ""
    tooltip: tuple[str, ...] = ()
    href: str | None = None


@dataclass(frozen=True, slots=True)
class MapPicture:
    """Everything that stands on a drawn map, texts already in the reader's language.

    Attributes
    ----------
    areas
        What is painted.
    around
        Land around it that is only outlined, such as the neighbours.
    parents
        Shapes whose borders are drawn thicker.
    ramp
        Colours of the classes, the lowest first.
    rose_from
        Class from which on a mark of rising lies over the colour; None for what is no change.
    classes
        Rows of the legend, one per class, then no data and hidden when they occur.
    class_note
        Stands beneath them: how they were made, and whether they stay under a filter.
    points
        Households one by one: longitude, latitude, whether they received any aid.
    count_max
        The count that the largest circle stands for, over all areas and without filters.
    title, subtitle, unit, count_title
        Head of the map and of the legend.
    circles
        Counts that the legend shows as circles, with how they are written, the largest first.
    notes
        Lines at the foot: source and as-of, "Batas skematik, data sintetis", how many are drawn.
    size
        Width and height of the page in its own units.
    """

    areas: Sequence[AreaPicture]
    ramp: Sequence[str]
    title: str
    rose_from: int | None = None
    around: Sequence[BaseGeometry] = ()
    parents: Sequence[BaseGeometry] = ()
    classes: Sequence[LegendClass] = ()
    class_note: str = ""
    points: Sequence[tuple[float, float, bool]] = ()
    count_max: float = 0
    subtitle: str = ""
    unit: str = ""
    count_title: str = ""
    circles: Sequence[tuple[float, str]] = ()
    notes: Sequence[str] = field(default=())
    size: tuple[int, int] = (1200, 800)


def frame_of(picture: MapPicture) -> Box:
    """Return where the land stands: above the notes, beside the legend or over it."""
    width, height = picture.size
    foot = height - 34 - 16 * len(picture.notes)
    if is_narrow(width):
        return Box(24, 84, width - 24, foot - legend_height(len(picture.classes)))
    return Box(24, 84, width - 24 - LEGEND_WIDTH, foot)


def is_counted(count: float | None) -> bool:
    """Whether a count draws a circle: known, finite, more than none."""
    return count is not None and math.isfinite(count) and count > 0


def circle_radius(count: float, picture: MapPicture) -> float:
    """Return the radius of a circle whose area is in proportion to its count."""
    counts = [area.count or 0 for area in picture.areas if is_counted(area.count)]
    largest = max(picture.count_max, *counts, 1)
    # The more areas, the smaller the largest circle: together they stay inside the map.
    frame = frame_of(picture)
    room = math.sqrt(frame.width * frame.height / max(1, len(picture.areas)))
    return max(9.0, min(36.0, 0.22 * room)) * math.sqrt(count / largest)
