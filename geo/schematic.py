"""Schematic boundaries: one cell round each village point, for a map without official borders."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

HULL_RATIO = 0.15
BUFFER_M = 3_500
INSET_M = 500
SNAP_M = 0.01
"""Cells are cut on a grid of this width, so that neighbours keep the same corner points."""


def draw_schematic_areas(
    points: Sequence[tuple[float, float]], metric_crs: str
) -> list[Polygon | MultiPolygon]:
    """Draw one area round each village point, clipped to a plausible outline.

    The outline is the concave hull of the points, buffered and drawn in a little, which rounds
    its corners; the areas are the Voronoi cells of the points within it. They are schematic: no
    border of theirs is a real one.

    Parameters
    ----------
    points
        Longitude and latitude of each village, degrees in EPSG:4326; no two alike, at least three.
    metric_crs
        Projected CRS in metres that the drawing is done in, such as ``EPSG:9490``.

    Returns
    -------
    list of Polygon or MultiPolygon
        One area in EPSG:4326 for each point, in the order of the points. Neighbours share their
        borders and together they fill the outline. A bay of the outline can cut an area in two.

    Raises
    ------
    ValueError
        When there are fewer than three points or two of them are alike.
    """
    if len(points) < 3 or len(set(points)) < len(points):
        raise ValueError("at least three points are needed, no two of them alike")
    to_metres = pyproj.Transformer.from_crs("EPSG:4326", metric_crs, always_xy=True)
    longitude, latitude = np.array(points).T
    villages = shapely.multipoints(np.column_stack(to_metres.transform(longitude, latitude)))
    cells = shapely.get_parts(
        shapely.voronoi_polygons(villages, extend_to=villages.buffer(2 * BUFFER_M), ordered=True)
    )
    return _to_degrees(shapely.intersection(cells, _outline(villages), grid_size=SNAP_M), to_metres)


def _outline(villages: shapely.MultiPoint) -> Polygon:
    hull = shapely.concave_hull(villages, ratio=HULL_RATIO)
    return hull.buffer(BUFFER_M).buffer(-INSET_M)


def _to_degrees(
    areas: NDArray[np.object_], to_metres: pyproj.Transformer
) -> list[Polygon | MultiPolygon]:
    def project(metres: NDArray[np.float64]) -> NDArray[np.float64]:
        degrees = to_metres.transform(metres[:, 0], metres[:, 1], direction="INVERSE")
        return np.column_stack(degrees)

    return list(shapely.transform(areas, project))
