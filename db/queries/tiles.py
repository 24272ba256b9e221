"""Vector tiles of the households.

A tile carries ids and flags only, never a name or number. Up to zoom 15 households that share a
cell of the map grid are one point with their true count; from zoom 16 each position is a point.
No household is ever left out: the counts of a zoom add up to those with coordinates.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from db.queries.published import refuse_households
from db.queries.selection import (
    HOUSEHOLD_PREDICATE,
    predicate_parameters,
    selected_cte,
    selection_parameters,
)
from db.queries.tile_parts import AS_MVT, IN_TILE, LETTERS
from db.queries.tiles_displaced import get_displaced_tile
from db.viewer import get_viewer
from geo.tile import Tile
from geo.view import View

FIRST_PIN_ZOOM = 16
"""From here on every position is a pin of its own."""

_FIRST_GRID_ZOOM = 6
_FIRST_FINE_ZOOM = 13
_COARSEST_LEVEL = 10

_PIN_OF_CELL = f"""
    SELECT cell.*, h.d, h.s, h.a
    FROM cell LEFT JOIN LATERAL (
        SELECT h.decile AS d, left(h.status, 1) AS s, {LETTERS} AS a
        FROM household_mark AS h WHERE h.id = cell.id
        OFFSET 0
    ) AS h ON true"""
# Planning the join above takes longer than all the rest of a tile that has no pins.
_NO_PIN = "SELECT cell.*, NULL::smallint AS d, NULL::text AS s, NULL::text AS a FROM cell"


# From the desa to their cells by index, since the planner can't guess how many cells a tile holds
# and would compare each with each desa. The level of those stands in a sub-select, or the smaller
# index of the coarse levels would be taken, which knows no desa.
def _write_grid(point: str) -> str:
    return f"""
    WITH touched AS MATERIALIZED (
        SELECT DISTINCT area_code FROM household_cell
        WHERE level = :touch_level AND level <= 15 AND cx BETWEEN :tx_first AND :tx_last
          AND cy BETWEEN :ty_first AND :ty_last
    ),
    {selected_cte("AND b.area_code IN (SELECT area_code FROM touched)")},
    counted AS MATERIALIZED (
        SELECT c.cx, c.cy, c.x_3857, c.y_3857, c.household_id,
               bit_count(substring(s.bits FROM c.bit_from FOR c.household_count)) AS n
        FROM selected AS s CROSS JOIN LATERAL (
            SELECT * FROM household_cell AS c
            WHERE c.area_code = s.area_code AND c.level = (SELECT CAST(:level AS smallint))
              AND c.cx BETWEEN :cx_first AND :cx_last AND c.cy BETWEEN :cy_first AND :cy_last
            OFFSET 0
        ) AS c
    ),
    cell AS MATERIALIZED (
        SELECT sum(n)::bigint AS n, sum(x_3857 * n) / sum(n) AS x, sum(y_3857 * n) / sum(n) AS y,
               CASE WHEN count(*) = 1 AND :with_pins THEN min(household_id) END AS id
        FROM counted WHERE n > 0 GROUP BY cx, cy
    ),
    point AS ({point})
    {AS_MVT}
"""


_COARSE_GRID, _FINE_GRID = text(_write_grid(_NO_PIN)), text(_write_grid(_PIN_OF_CELL))

_PINS = text(f"""
    WITH position AS (
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
               CASE WHEN h.n = 1 THEN {LETTERS} END AS a
        FROM position AS h
        WHERE {IN_TILE.format(x="ST_X(h.place)", y="ST_Y(h.place)")}
    )
    {AS_MVT}
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
        first letter of the status, ``a`` letters of the domains that gave it aid. From zoom 16 a
        point of several has the smallest id: they share one position.
    """
    refuse_households(conn)
    west, south, east, north = tile.bounds_3857
    sides = {"west": west, "south": south, "east": east, "north": north}
    if tile.z >= FIRST_PIN_ZOOM:
        return bytes(conn.scalar(_PINS, sides | predicate_parameters(view)) or b"")
    precision = get_viewer(conn).precision
    if precision != "exact":
        return get_displaced_tile(conn, view, tile) if precision == "displaced" else b""
    parameters = sides | selection_parameters(view) | _grid_parameters(tile)
    statement = _FINE_GRID if parameters["with_pins"] else _COARSE_GRID
    return bytes(conn.scalar(statement, parameters) or b"")


def _grid_parameters(tile: Tile) -> dict[str, Any]:
    fine = tile.z >= _FIRST_FINE_ZOOM
    level = max(tile.z, _FIRST_GRID_ZOOM) + (5 if fine else 4)
    # The coarsest kept grid that is no coarser than the tile tells which desa it touches.
    touch_level = max(tile.z, _COARSEST_LEVEL)
    cx_first, cx_last, cy_first, cy_last = tile.cell_range(level)
    tx_first, tx_last, ty_first, ty_last = tile.cell_range(touch_level)
    return {
        "level": level,
        "with_pins": fine,
        "cx_first": cx_first,
        "cx_last": cx_last,
        "cy_first": cy_first,
        "cy_last": cy_last,
        "touch_level": touch_level,
        "tx_first": tx_first,
        "tx_last": tx_last,
        "ty_first": ty_first,
        "ty_last": ty_last,
    }
