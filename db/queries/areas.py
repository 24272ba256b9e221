"""Admin areas: places, their parts, their boundaries for the map."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

from db.models import AdminArea
from geo.errors import AreaNotFound
from geo.view import LEVELS, Level, level_of


@dataclass(frozen=True, slots=True)
class Place:
    """An admin area as a place to look at.

    Attributes
    ----------
    code, name, kind, level
        As in ``admin_area``; ``kind`` tells desa from kelurahan.
    area_km2
        Geodesic area.
    bounds
        West, south, east and north in degrees (EPSG:4326).
    parents
        ``(code, name, kind)`` from the kabupaten down to the area itself.
    """

    code: str
    name: str
    kind: str
    level: Level
    area_km2: float
    bounds: tuple[float, float, float, float]
    parents: tuple[tuple[str, str, str], ...]


def list_root_codes(conn: Connection) -> list[str]:
    """Return the codes of the kabupaten that are loaded, in code order."""
    statement = select(AdminArea.code).where(AdminArea.level == "kabupaten")
    return list(conn.scalars(statement.order_by(AdminArea.code)))


def get_place(conn: Connection, code: str) -> Place:
    """Return one area as a place.

    Raises
    ------
    AreaNotFound
        When no such area is loaded.
    """
    box = func.ST_Envelope(AdminArea.geom_map)
    row = conn.execute(
        select(
            AdminArea.code,
            AdminArea.name,
            AdminArea.kind,
            AdminArea.level,
            AdminArea.area_km2,
            *(f(box) for f in (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax)),
        ).where(AdminArea.code == code)
    ).one_or_none()
    if row is None:
        raise AreaNotFound(code)
    west, south, east, north = row[5:]
    return Place(
        code=row.code,
        name=row.name,
        kind=row.kind,
        level=level_of(row.code),
        area_km2=row.area_km2,
        bounds=(west, south, east, north),
        parents=_list_parents(conn, code),
    )


_DENSEST = text("""
    WITH counted AS (
        SELECT a.code, a.parent_code, a.area_km2, count(h.id) AS households
        FROM admin_area a LEFT JOIN household h ON h.area_code = a.code
        WHERE a.level = 'desa' GROUP BY a.code
    ), densest AS (
        SELECT parent_code AS code FROM counted
        GROUP BY parent_code ORDER BY sum(households) / sum(area_km2) DESC, parent_code LIMIT 1
    )
    SELECT d.code, c.code FROM densest d JOIN counted c ON c.parent_code = d.code
    ORDER BY c.households / c.area_km2 DESC, c.code LIMIT 1
""")


def find_densest(conn: Connection) -> tuple[str, str]:
    """Return the kecamatan with most households per km², and the densest desa in it."""
    kecamatan, desa = conn.execute(_DENSEST).one()
    return kecamatan, desa


def get_total_bounds(conn: Connection) -> tuple[float, float, float, float] | None:
    """Return the box round everything that is loaded (degrees), None when nothing is."""
    box = func.ST_Extent(AdminArea.geom_map)
    sides = (f(box) for f in (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax))
    row = conn.execute(select(*sides).where(AdminArea.level == "kabupaten")).one()
    return None if row[0] is None else tuple(row)


def _list_parents(conn: Connection, code: str) -> tuple[tuple[str, str, str], ...]:
    parts = code.split(".")
    codes = [".".join(parts[: n + 2]) for n in range(len(parts) - 1)]
    found = conn.execute(
        select(AdminArea.code, AdminArea.name, AdminArea.kind)
        .where(AdminArea.code.in_(codes))
        .order_by(func.length(AdminArea.code))
    )
    return tuple((row.code, row.name, row.kind) for row in found)


_BOUNDARIES = text("""
    SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(
        json_build_object(
            'type', 'Feature',
            'properties', json_build_object(
                'code', code, 'name', name, 'kind', kind, 'parent', parent_code,
                'lon', ST_X(ST_SnapToGrid(label_point, 0.00001)),
                'lat', ST_Y(ST_SnapToGrid(label_point, 0.00001))),
            'geometry', ST_AsGeoJSON(geom_map, :decimals)::json)
        ORDER BY code), '[]'::json))::text
    FROM admin_area WHERE level = :level
""")


def get_boundaries_geojson(conn: Connection, level: str, *, decimals: int = 4) -> str:
    """Return the map boundaries of one level as GeoJSON text (EPSG:4326).

    Each feature's properties hold ``code``, ``name``, ``kind``, ``parent`` and the label point
    (``lon``, ``lat``). Four decimals are 11 m, less than the simplification moved the lines.

    Raises
    ------
    AreaNotFound
        When the level does not exist.
    """
    if level not in LEVELS[:3]:
        raise AreaNotFound(level)
    return str(conn.scalar(_BOUNDARIES, {"level": level, "decimals": decimals}))


@dataclass(frozen=True, slots=True)
class AreaItem:
    """An area as a row of a list."""

    code: str
    name: str
    kind: str


def list_areas(conn: Connection, inside: str | None, level: str) -> list[AreaItem]:
    """Return the areas of a level inside an area, in code order.

    Parameters
    ----------
    conn
        Connection in the viewer's name.
    inside
        Kemendagri code; None is everything. An area of the asked level holds itself.
    level
        ``kabupaten``, ``kecamatan`` or ``desa``.

    Raises
    ------
    AreaNotFound
        When the area is not loaded.
    """
    statement = select(AdminArea.code, AdminArea.name, AdminArea.kind).where(
        AdminArea.level == level
    )
    if inside is not None:
        within = AdminArea.code.startswith(f"{inside}.", autoescape=True)
        statement = statement.where(within | (AdminArea.code == inside))
    areas = [AreaItem(*row) for row in conn.execute(statement.order_by(AdminArea.code))]
    if not areas and inside is not None:
        get_place(conn, inside)
    return areas
