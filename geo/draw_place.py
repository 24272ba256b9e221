"""Placing on the page: from degrees to page units, and names that don't cover each other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from geo.draw_svg import text_width

LINE_HEIGHT = 1.15


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Width in page units."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in page units."""
        return self.bottom - self.top

    def overlaps(self, other: Box) -> bool:
        """Whether the two share any area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: Box) -> bool:
        """Whether the other lies inside."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


@dataclass(frozen=True, slots=True)
class Page:
    """The way from degrees to the page.

    Attributes
    ----------
    transformer
        From degrees (EPSG:4326, longitude first) to metres.
    scale
        Page units per metre.
    left, top
        Metres at the page's origin: easting, and northing (which falls as y rises).
    """

    transformer: Transformer
    scale: float
    left: float
    top: float

    @classmethod
    def fit(cls, shapes: Sequence[BaseGeometry], transformer: Transformer, frame: Box) -> Page:
        """Fit shapes (degrees) into a frame, in its middle, north upwards.

        Parameters
        ----------
        shapes
            At least one that isn't empty, or the page stays at scale 1.
        transformer
            From degrees to metres.
        frame
            Where on the page.
        """
        metres = [
            shapely.transform(shape, transformer.transform, interleaved=False) for shape in shapes
        ]
        west, south, east, north = shapely.total_bounds(metres)
        if not all(map(math.isfinite, (west, south, east, north))):
            return cls(transformer, 1.0, 0.0, 0.0)
        scale = min(frame.width / max(east - west, 1.0), frame.height / max(north - south, 1.0))
        left = (west + east) / 2 - (frame.left + frame.right) / 2 / scale
        top = (south + north) / 2 + (frame.top + frame.bottom) / 2 / scale
        return cls(transformer, scale, left, top)

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Return a point (degrees) as page units."""
        x, y = self.transformer.transform(lon, lat)
        return (x - self.left) * self.scale, (self.top - y) * self.scale

    def draw(self, shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
        """Return shapes (degrees) in page units, without detail finer than the page shows.

        Borders that two shapes share stay shared.
        """
        placed = [shapely.transform(shape, self._place_all, interleaved=False) for shape in shapes]
        return list(shapely.coverage_simplify(placed, tolerance=0.5))

    def _place_all(self, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        x, y = self.transformer.transform(lon, lat)
        return (x - self.left) * self.scale, (self.top - y) * self.scale


@dataclass(frozen=True, slots=True)
class Name:
    """A name that has found its place; ``x``, ``y`` are the middle of its first line's foot."""

    lines: tuple[str, ...]
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Wish:
    """A name that wants a place beside a point.

    Attributes
    ----------
    text
        The name.
    x, y
        Page units.
    gap
        Distance kept from the point, such as the radius of its circle.
    """

    text: str
    x: float
    y: float
    gap: float


def place_names(
    wishes: Iterable[Wish], taken: Iterable[Box], frame: Box, size: float
) -> list[Name]:
    """Place names one after the other, each where it covers nothing; those without room fall away.

    Parameters
    ----------
    wishes
        The most important first.
    taken
        Boxes that no name may cover, such as circles.
    frame
        Names stay inside.
    size
        Type size in page units.
    """
    occupied = list(taken)
    names = []
    for wish in wishes:
        lines = _break_lines(wish.text)
        for name, box in _candidates(wish, lines, size):
            if frame.holds(box) and not any(box.overlaps(other) for other in occupied):
                occupied.append(box)
                names.append(name)
                break
    return names


def _break_lines(text: str) -> tuple[str, ...]:
    words = text.split()
    if len(text) <= 12 or len(words) < 2:
        return (" ".join(words),)
    cut = min(
        range(1, len(words)),
        key=lambda at: abs(len(" ".join(words[:at])) - len(" ".join(words[at:]))),
    )
    return " ".join(words[:cut]), " ".join(words[cut:])


def _candidates(wish: Wish, lines: tuple[str, ...], size: float) -> Iterable[tuple[Name, Box]]:
    width = max(text_width(line, size) for line in lines)
    height = len(lines) * size * LINE_HEIGHT
    aside = wish.gap + 3 + width / 2
    middle = wish.y - height / 2
    spots = [
        (wish.x, wish.y + wish.gap + 2),
        (wish.x, wish.y - wish.gap - 2 - height),
        (wish.x + aside, middle),
        (wish.x - aside, middle),
    ]
    if wish.gap == 0:
        spots.insert(0, (wish.x, middle))
    for x, top in spots:
        box = Box(x - width / 2, top, x + width / 2, top + height)
        yield Name(lines, x, top + size * 0.92, size), box
