"""Clusters for those who may not know the house: nothing in them is made of a true place.

Cells of the true places would cut the ring that a displaced pin stands for, so the derived cells
are closed to these viewers. Up to zoom 12 a cluster is a desa, at its label point; from there on it
is a cell of displaced places.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from db.queries.selection import (
    HOUSEHOLD_PREDICATE,
    predicate_parameters,
    selected_cte,
    selection_parameters,
)
from db.queries.tile_parts import AS_MVT, IN_TILE, LETTERS
from geo.tile import WORLD_M, Tile
from geo.view import View

_LAST_DESA_ZOOM = 12
_CELLS_A_SIDE = 32

_DESA = text(f"""
    WITH {selected_cte()},
    point AS (
        SELECT NULL::bigint AS id, bit_count(s.bits & b.bits) AS n, l.x, l.y,
               NULL::smallint AS d, NULL::text AS s, NULL::text AS a
        FROM selected AS s
        JOIN household_bitmap AS b ON b.area_code = s.area_code AND b.flag = 'located'
        JOIN admin_area AS a ON a.code = s.area_code
        CROSS JOIN LATERAL ST_Transform(a.label_point, 3857) AS p
        CROSS JOIN LATERAL (SELECT ST_X(p) AS x, ST_Y(p) AS y) AS l
        WHERE bit_count(s.bits & b.bits) > 0 AND {IN_TILE.format(x="l.x", y="l.y")}
    )
    {AS_MVT}
""")

_CELLS = text(f"""
    WITH place AS (
        SELECT h.id, h.decile, h.status, h.aid, ST_X(h.location_3857) AS x,
               ST_Y(h.location_3857) AS y
        FROM household AS h
        WHERE h.location_3857 && ST_MakeEnvelope(:west, :south, :east, :north, 3857)
          AND {HOUSEHOLD_PREDICATE}
    ),
    cell AS (
        SELECT count(*) AS n, avg(x) AS x, avg(y) AS y, min(id) AS id, min(decile) AS d,
               min(left(status, 1)) AS s, bit_or(aid) AS aid
        FROM place WHERE {IN_TILE.format(x="x", y="y")}
        GROUP BY floor((x - :west) / :size), floor((:north - y) / :size)
    ),
    point AS (
        SELECT CASE WHEN h.n = 1 THEN h.id END AS id, h.n, h.x, h.y,
               CASE WHEN h.n = 1 THEN h.d END AS d, CASE WHEN h.n = 1 THEN h.s END AS s,
               CASE WHEN h.n = 1 THEN {LETTERS} END AS a
        FROM cell AS h
    )
    {AS_MVT}
""")


def get_displaced_tile(conn: Connection, view: View, tile: Tile) -> bytes:
    """Return one vector tile below the zooms of single pins; see ``tiles.get_household_tile``."""
    west, south, east, north = tile.bounds_3857
    sides = {"west": west, "south": south, "east": east, "north": north}
    if tile.z <= _LAST_DESA_ZOOM:
        return bytes(conn.scalar(_DESA, sides | selection_parameters(view)) or b"")
    size = {"size": WORLD_M / (1 << tile.z) / _CELLS_A_SIDE}
    return bytes(conn.scalar(_CELLS, sides | size | predicate_parameters(view)) or b"")
