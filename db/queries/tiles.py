"""Vector tiles of the households.

A tile carries ids and flags only, never a name or number. Up to zoom 14 households that share a
cell of the map grid are one point with their true count; from zoom 15 each position is a point.
No household is ever left out: the counts of a zoom add up to those with coordinates.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from db.queries.selection import (
    HOUSEHOLD_PREDICATE,
    SELECTED_CTE,
    predicate_parameters,
    selection_parameters,
)
from geo.tile import Tile
from geo.view import View

LAYER_NAME = "households"
FIRST_PIN_ZOOM = 15
"""From here on every position is a pin of its own."""

_FIRST_GRID_ZOOM = 6
_FIRST_FINE_ZOOM = 13

# Letters of the aid domains, as the map's glyphs know them: E H F B R C. R is rumah, housing.
_LETTERS = """
    (SELECT coalesce(string_agg(letter, '' ORDER BY position), '')
     FROM domain_letter WHERE mask & h.aid <> 0)"""

_DOMAIN_LETTER = """
    domain_letter AS MATERIALIZED (
        SELECT w.letter, w.position, coalesce(bit_or(1::bigint << p.bit), 0) AS mask
        FROM unnest(ARRAY['education', 'health', 'food', 'business', 'housing', 'cash'],
                    ARRAY['E', 'H', 'F', 'B', 'R', 'C'])
             WITH ORDINALITY AS w (domain, letter, position)
        LEFT JOIN programme AS p ON p.domain = w.domain
        GROUP BY w.letter, w.position
    )"""

_AS_MVT = f"""
    SELECT ST_AsMVT(f, '{LAYER_NAME}', 4096, 'geom', 'id') FROM (
        SELECT id, n, d, s, a, ST_AsMVTGeom(
            ST_SetSRID(ST_MakePoint(x, y), 3857),
            ST_MakeEnvelope(:west, :south, :east, :north, 3857), 4096, 0, false) AS geom
        FROM point
    ) AS f"""

_GRID = text(f"""
    WITH {SELECTED_CTE}, {_DOMAIN_LETTER},
    counted AS (
        SELECT c.*, bit_count(substring(s.bits FROM c.bit_from FOR c.household_count)) AS n
        FROM household_cell AS c JOIN selected AS s USING (area_code)
        WHERE c.level = :level AND c.cx BETWEEN :cx_first AND :cx_last
          AND c.cy BETWEEN :cy_first AND :cy_last
    ),
    cell AS MATERIALIZED (
        SELECT sum(n)::bigint AS n, sum(x_3857 * n) / sum(n) AS x, sum(y_3857 * n) / sum(n) AS y,
               CASE WHEN count(*) = 1 AND :with_pins THEN min(household_id) END AS id
        FROM counted WHERE n > 0 GROUP BY cx, cy
    ),
    point AS (
        SELECT cell.*, h.decile AS d, left(h.status, 1) AS s,
               CASE WHEN h.id IS NOT NULL THEN {_LETTERS} END AS a
        FROM cell LEFT JOIN household AS h ON h.id = cell.id
    )
    {_AS_MVT}
""")

_PINS = text(f"""
    WITH {_DOMAIN_LETTER},
    position AS (
        SELECT h.location_3857 AS place, min(h.id) AS id, count(*) AS n, min(h.decile) AS d,
               min(left(h.status, 1)) AS s, bit_or(h.aid) AS aid
        FROM household AS h
        WHERE h.location_3857 && ST_MakeEnvelope(:west, :south, :east, :north, 3857)
          AND {HOUSEHOLD_PREDICATE}
        GROUP BY h.location_3857
    ),
    point AS (
        SELECT h.id, h.n, ST_X(h.place) AS x, ST_Y(h.place) AS y,
               CASE WHEN h.n = 1 THEN h.d END AS d, CASE WHEN h.n = 1 THEN h.s END AS s,
               CASE WHEN h.n = 1 THEN {_LETTERS} END AS a
        FROM position AS h
        WHERE ST_X(h.place) >= :west AND ST_X(h.place) < :east
          AND ST_Y(h.place) > :south AND ST_Y(h.place) <= :north
    )
    {_AS_MVT}
""")


def get_household_tile(conn: Connection, view: View, tile: Tile) -> bytes:
    """Return one vector tile of the households of a view.

    Parameters
    ----------
    conn
        Connection in the viewer's name.
    view
        Its area and filters decide who is in the tile.
    tile
        Any tile of the pyramid.

    Returns
    -------
    bytes
        Mapbox Vector Tile, not compressed, one layer ``households``; empty when nobody is there.
        Properties: ``n`` households at the point; for a single one its id, ``d`` decile, ``s``
        first letter of the status, ``a`` letters of the domains that gave it aid. From zoom 15 a
        point of several has the smallest id: they share one position.
    """
    west, south, east, north = tile.bounds_3857
    sides = {"west": west, "south": south, "east": east, "north": north}
    if tile.z >= FIRST_PIN_ZOOM:
        return bytes(conn.scalar(_PINS, sides | predicate_parameters(view)) or b"")
    parameters = sides | selection_parameters(view) | _grid_parameters(tile)
    return bytes(conn.scalar(_GRID, parameters) or b"")


def _grid_parameters(tile: Tile) -> dict[str, Any]:
    fine = tile.z >= _FIRST_FINE_ZOOM
    level = max(tile.z, _FIRST_GRID_ZOOM) + (5 if fine else 4)
    cx_first, cx_last, cy_first, cy_last = tile.cell_range(level)
    return {
        "level": level,
        "with_pins": fine,
        "cx_first": cx_first,
        "cx_last": cx_last,
        "cy_first": cy_first,
        "cy_last": cy_last,
    }
