"""Shapes of areas: brought to longitude and latitude, repaired, measured."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import CRSError

from geo.errors import InvalidFile
from geo.text import N_

INDONESIA = (94.0, -12.0, 142.0, 7.0)
"""West, south, east, north in degrees: BIG's extent of the country, rounded outwards."""

NO_SHAPE = N_("Bentuknya kosong atau tidak dapat dibaca.")
NOT_A_POLYGON = N_("Bentuknya bukan poligon (titik atau garis).")
NOT_FINITE = N_("Bentuknya memuat koordinat yang bukan angka.")
COLLAPSED = N_("Bentuknya tidak memiliki luas.")
REPAIRED = N_("Garis batas yang saling menyilang diperbaiki.")
REPAIRED_MUCH = N_("Garis batas yang saling menyilang diperbaiki; luasnya berubah lebih dari 1 %.")

Shapes = NDArray[np.object_]
_GEOD = Geod(ellps="WGS84")
_POLYGON = 3
_MANY_PARTS = (4, 5, 6, 7)
_NOTABLE_CHANGE = 0.01


@dataclass(frozen=True, slots=True)
class CheckedShapes:
    """Shapes after repair, with what was said of each.

    Attributes
    ----------
    shapes
        MultiPolygon, valid, two-dimensional; None where rejected.
    rejections, repairs
        An Indonesian sentence or None for each shape.
    """

    shapes: Shapes
    rejections: list[str | None]
    repairs: list[str | None]


def to_lonlat(shapes: Shapes, crs: str | None) -> Shapes:
    """Project shapes to longitude and latitude (EPSG:4326).

    Parameters
    ----------
    shapes
        In the coordinate system of their file; None stands for a missing one.
    crs
        That system, as an authority code or WKT; None when the file does not say. Then the
        coordinates are taken as they stand, which :func:`check_extent` must confirm.

    Returns
    -------
    numpy.ndarray of shapely geometries
        Two-dimensional.

    Raises
    ------
    InvalidFile
        When the coordinate system is unknown.
    """
    shapes = shapely.force_2d(shapes)
    if crs is None:
        return shapes
    try:
        source = CRS.from_user_input(crs)
        if source.equals(CRS.from_epsg(4326), ignore_axis_order=True):
            return shapes
        transformer = Transformer.from_crs(source, 4326, always_xy=True)
    except CRSError as error:
        raise InvalidFile(N_("Sistem koordinat berkas ini tidak dikenal.")) from error
    return shapely.transform(shapes, partial(_project, transformer))


def _project(transformer: Transformer, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))


def check_extent(shapes: Shapes, crs: str | None) -> None:
    """Refuse shapes that do not lie in Indonesia: their coordinate system must be wrong.

    Parameters
    ----------
    shapes
        In longitude and latitude (EPSG:4326).
    crs
        The coordinate system that the file states, None when it states none.

    Raises
    ------
    InvalidFile
    """
    west, south, east, north = INDONESIA
    bounds = shapely.bounds(shapes)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    x, y = bounds[:, [0, 2]], bounds[:, [1, 3]]
    if _within(x, west, east) and _within(y, south, north):
        return
    if _within(y, west, east) and _within(x, south, north):
        raise InvalidFile(N_("Koordinat berkas ini tertukar: lintang mendahului bujur."))
    if crs is None:
        raise InvalidFile(
            N_("Berkas ini tidak menyebut sistem koordinatnya (.prj) dan bukan bujur-lintang.")
        )
    raise InvalidFile(
        N_("Koordinat berkas ini berada di luar Indonesia; sistem koordinatnya mungkin salah.")
    )


def _within(values: NDArray[np.float64], low: float, high: float) -> bool:
    return bool(((values >= low) & (values <= high)).all())


def check_shapes(shapes: Shapes) -> CheckedShapes:
    """Repair what can be repaired, reject the rest.

    Parameters
    ----------
    shapes
        Any geometries; None stands for a missing one.

    Returns
    -------
    CheckedShapes
        Rings that cross themselves are rebuilt, keeping polygons only.
    """
    rejections = [_reason_against(shape) for shape in shapes]
    taken = np.array([reason is None for reason in rejections], dtype=bool)
    crossing = taken & ~shapely.is_valid(shapes)
    checked = np.full(len(shapes), None, dtype=object)
    checked[taken] = shapes[taken]
    checked[crossing] = shapely.make_valid(
        shapes[crossing], method="structure", keep_collapsed=False
    )
    repairs: list[str | None] = [None] * len(shapes)
    for index in np.flatnonzero(taken):
        checked[index] = _as_multipolygon(checked[index])
        if checked[index].area == 0:
            checked[index], rejections[index] = None, COLLAPSED
        elif crossing[index]:
            repairs[index] = _describe_repair(shapes[index], checked[index])
    return CheckedShapes(shapely.orient_polygons(checked), rejections, repairs)


def _reason_against(shape: shapely.Geometry | None) -> str | None:
    if shape is None or shape.is_empty:
        return NO_SHAPE
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return NOT_FINITE
    return None if len(_polygons_of(shape)) else NOT_A_POLYGON


def _polygons_of(shape: shapely.Geometry) -> Shapes:
    parts = shapely.get_parts(shape)
    while np.isin(shapely.get_type_id(parts), _MANY_PARTS).any():
        parts = shapely.get_parts(parts)
    polygons: Shapes = parts[shapely.get_type_id(parts) == _POLYGON]
    return polygons


def _as_multipolygon(shape: shapely.Geometry) -> shapely.MultiPolygon:
    polygons = _polygons_of(shape)
    made = shapely.MultiPolygon(list(polygons[shapely.area(polygons) > 0]))
    if made.is_valid:
        return made
    # Polygons of a collection may overlap, and repaired ones lie edge to edge.
    return shapely.MultiPolygon(list(_polygons_of(shapely.union_all(polygons))))


def _describe_repair(before: shapely.Geometry, after: shapely.Geometry) -> str:
    changed = abs(before.area - after.area) > _NOTABLE_CHANGE * after.area
    return REPAIRED_MUCH if changed else REPAIRED


def get_area_km2(shape: shapely.Geometry) -> float:
    """Measure the geodesic area of a shape.

    A projected area would run high: UTM 50S gives Indonesian regencies about 0.15 % too much.

    Parameters
    ----------
    shape
        Polygon or MultiPolygon in longitude and latitude (EPSG:4326).

    Returns
    -------
    float
        Square kilometres on the WGS 84 ellipsoid (Karney 2013, as in pyproj's ``Geod``).
    """
    area_m2, _ = _GEOD.geometry_area_perimeter(shapely.orient_polygons(shape))
    return abs(area_m2) / 1e6


def get_label_points(shapes: Shapes) -> Shapes:
    """Return a point inside each shape, for its label and its circle."""
    return shapely.point_on_surface(shapes)
