"""Areas that lie side by side: overlaps, gaps, dissolving, and simplifying with shared borders.

A coverage is a set of polygons that neither overlap nor miss each other's corners along a shared
border (OGC 06-103r4 speaks of a polygon mosaic). Only a coverage can be simplified so that
neighbours still fit, which is why what is not one is cleaned first, for drawing and dissolving
only: the shapes that were handed in are kept as they came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.boundary_shapes import Shapes, get_area_km2

MAP_TOLERANCE_DEG = 0.0003
"""About 33 m. Corners are dropped whose triangle is smaller than this squared."""
SLIVER_WIDTH_DEG = 0.0001
"""About 11 m. Narrower gaps between two areas are taken for drawing faults and closed."""
SNAP_DEG = 0.00002
"""About 2 m. Corners of neighbours that lie closer are taken for the same corner."""
NOTABLE_KM2 = 0.0001
"""100 m2: overlaps and gaps below it are not worth a person's time."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two areas, by their index, that claim the same ground, in square kilometres (geodesic)."""

    first: int
    second: int
    area_km2: float


def find_overlaps(shapes: Shapes) -> list[Overlap]:
    """List the pairs of areas that overlap notably, the largest overlap first.

    Parameters
    ----------
    shapes
        Valid polygons in longitude and latitude (EPSG:4326).

    Returns
    -------
    list of Overlap
    """
    # Far fewer areas break the coverage than have neighbours; only their neighbours are cut.
    suspects = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(shapes)))
    of_suspects, others = shapely.STRtree(shapes).query(shapes[suspects], predicate="intersects")
    pairs = np.column_stack([suspects[of_suspects], others])
    pairs = np.unique(np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1), axis=0)
    shared = shapely.intersection(shapes[pairs[:, 0]], shapes[pairs[:, 1]])
    found = [
        Overlap(int(first), int(second), _polygonal_area_km2(ground))
        for (first, second), ground in zip(pairs, shared, strict=True)
        if ground.area > 0
    ]
    notable = [overlap for overlap in found if overlap.area_km2 >= NOTABLE_KM2]
    return sorted(notable, key=lambda overlap: -overlap.area_km2)


def _polygonal_area_km2(shape: shapely.Geometry) -> float:
    parts = shapely.get_parts(shape)
    return sum(get_area_km2(part) for part in parts[shapely.area(parts) > 0])


def find_gaps(whole: shapely.Geometry) -> list[float]:
    """Measure the holes in a dissolved area, largest first.

    Parameters
    ----------
    whole
        The union of neighbouring areas, in longitude and latitude (EPSG:4326).

    Returns
    -------
    list of float
        Square kilometres (geodesic). A hole may be a lake; only a person can tell.
    """
    rings = [ring for part in shapely.get_parts(whole) for ring in part.interiors]
    areas = [get_area_km2(shapely.Polygon(ring)) for ring in rings]
    return sorted((area for area in areas if area >= NOTABLE_KM2), reverse=True)


def clean_coverage(shapes: Shapes) -> Shapes:
    """Make areas fit each other: common corners, no overlap, no gap of a few metres.

    Parameters
    ----------
    shapes
        Valid polygons in longitude and latitude (EPSG:4326).

    Returns
    -------
    numpy.ndarray of shapely geometries
        A valid coverage, unless an area lies wholly under others; such a one stays as it was.
        `shapes` itself when it is one already.
    """
    if shapely.coverage_is_valid(shapes, gap_width=SLIVER_WIDTH_DEG):
        return shapes
    # Contested ground goes to the smaller area: the larger one would otherwise swallow it whole.
    with np.errstate(invalid="ignore"):
        cleaned = shapely.coverage_clean(
            shapes,
            gap_width=SLIVER_WIDTH_DEG,
            snapping_distance=SNAP_DEG,
            merge_strategy="min_area",
        )
    lost = shapely.is_empty(cleaned)
    cleaned[lost] = shapes[lost]
    return cleaned


def dissolve(shapes: Shapes, members: Sequence[Sequence[int]]) -> Shapes:
    """Merge areas into larger ones.

    Parameters
    ----------
    shapes
        A coverage, as :func:`clean_coverage` makes it.
    members
        The indexes of the areas that make up each larger one.

    Returns
    -------
    numpy.ndarray of shapely geometries
        One MultiPolygon for each entry of `members`, without inner borders.
    """
    return as_multipolygons([_merge(shapes[list(indexes)]) for indexes in members])


def dissolve_as_given(shapes: Shapes, cleaned: Shapes, members: Sequence[Sequence[int]]) -> Shapes:
    """Merge areas as they came in where they fit each other, cleaned where they do not.

    Cleaning moves corners by up to two metres; a kecamatan must not count as changed
    because two desa overlap in another one.

    Parameters
    ----------
    shapes
        As they came in.
    cleaned
        The same, from :func:`clean_coverage`.
    members
        As in :func:`dissolve`.

    Returns
    -------
    numpy.ndarray of shapely geometries
    """
    if cleaned is shapes:
        return dissolve(shapes, members)
    chosen = []
    for indexes in members:
        given = shapes[list(indexes)]
        fits = shapely.coverage_is_valid(given, gap_width=SLIVER_WIDTH_DEG)
        chosen.append(_merge(given if fits else cleaned[list(indexes)]))
    return as_multipolygons(chosen)


def _merge(shapes: Shapes) -> shapely.Geometry:
    merged = shapely.coverage_union_all(shapes)
    if merged.is_valid:
        return merged
    return shapely.union_all(shapes)


def simplify_coverage(shapes: Shapes, tolerance_deg: float = MAP_TOLERANCE_DEG) -> Shapes:
    """Simplify areas for the map so that neighbours keep the very same border.

    Parameters
    ----------
    shapes
        A coverage in longitude and latitude (EPSG:4326).
    tolerance_deg
        Corners are dropped whose triangle is smaller than this squared (Visvalingam-Whyatt).

    Returns
    -------
    numpy.ndarray of shapely geometries
        MultiPolygons, none empty. Islets too small to see are left out, unless they are all
        that an area has.
    """
    simplified = shapely.coverage_simplify(shapes, tolerance_deg)
    parts, owners = shapely.get_parts(simplified, return_index=True)
    areas = shapely.area(parts)
    largest = np.zeros(len(shapes))
    np.maximum.at(largest, owners, areas)
    kept = (areas >= tolerance_deg**2) | (areas == largest[owners])
    starts = np.flatnonzero(np.diff(owners[kept], prepend=-1))
    return as_multipolygons(
        [shapely.MultiPolygon(list(group)) for group in np.split(parts[kept], starts[1:])]
    )


def as_multipolygons(shapes: Sequence[object]) -> Shapes:
    """Return shapes as MultiPolygons with outer rings anticlockwise, as the tables hold them."""
    made = np.empty(len(shapes), dtype=object)
    for index, shape in enumerate(shapes):
        made[index] = shapely.MultiPolygon(
            [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
        )
    return shapely.orient_polygons(made)
