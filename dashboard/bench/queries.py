"""How fast the database answers: tiles by zoom, totals by filter."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, text

from dashboard.bench.figures import median_and_p95, time_ms
from db.engine import reading
from db.queries.catalogue import list_needs, list_programmes
from db.queries.households import get_card
from db.queries.search import search
from db.queries.tiles import get_household_tile
from db.queries.totals import count_by_area, get_facets, get_summary
from db.viewer import LOCAL_VIEWER
from geo.tile import WORLD_M, Tile
from geo.view import View

ZOOMS = range(8, 17)
_TIMES = 40

_DENSEST = text("""
    SELECT floor((ST_X(location_3857) + :half) / :side)::int AS x,
           floor((:half - ST_Y(location_3857)) / :side)::int AS y
    FROM household WHERE location_3857 IS NOT NULL AND starts_with(area_code, :area)
    GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1
""")

# What a tile server without knowledge of the data sends: each household, whatever the zoom.
_PLAIN_TILE = text("""
    SELECT ST_AsMVT(t, 'households', 4096, 'geom') FROM (
        SELECT ST_AsMVTGeom(ST_Transform(location, 3857), envelope, 4096, 64, true) AS geom,
               id, decile, status, aid, needs
        FROM household, ST_MakeEnvelope(:west, :south, :east, :north, 3857) AS envelope
        WHERE location && ST_Transform(envelope, 4326)
    ) AS t
""")
_PLAIN_INDEX = "CREATE INDEX bench_location ON household USING gist (location)"


def list_filters(conn: Connection) -> dict[str, View]:
    """Return five views from no filter to every kind of filter."""
    programmes = [item.code for item in list_programmes(conn)]
    needs = [item.code for item in list_needs(conn)]
    return {
        "start": View(),
        "decile": View(deciles=(1,)),
        "programme": View(received=(programmes[0],)),
        "need, nothing received": View(needs=(needs[0],), domains=("none",)),
        "everything": View(
            deciles=(1, 2),
            needs=tuple(sorted(needs[:3])),
            domains=("cash", "food"),
            received=(programmes[1],),
            not_received=(programmes[2],),
            statuses=("verified",),
        ),
    }


def measure_tiles(engine: Engine) -> dict[str, Any]:
    """Measure the densest tile of each zoom, without and with every filter.

    Returns
    -------
    dict
        Zoom to median, 95th percentile, bytes gzipped, households, the same with filters, and
        the time and size of a plain tile of all households (zooms 8 to 11).
    """
    figures: dict[str, Any] = {}
    with reading(engine, LOCAL_VIEWER) as conn:
        filters = list_filters(conn)
        for zoom in ZOOMS:
            tile = densest_tile(conn, zoom)
            content = get_household_tile(conn, View(), tile)
            figures[str(zoom)] = {
                **_time_tile(conn, View(), tile),
                "gzipped_bytes": len(gzip.compress(content, 6)),
                "filtered": _time_tile(conn, filters["everything"], tile),
            }
    return figures


def measure_plain_tiles(engine: Engine) -> dict[str, Any]:
    """Measure tiles made as generic tile servers make them, for the ratio.

    The statement is the one that servers such as pg_tileserv build: every row of the table in the
    envelope, projected on the fly, with a spatial index on the stored column. No HTTP is in it.
    """
    figures: dict[str, Any] = {}
    with engine.begin() as conn:
        conn.execute(text(_PLAIN_INDEX))
        conn.execute(text("ANALYZE household"))
        for zoom in range(8, 12):
            tile = densest_tile(conn, zoom)
            west, south, east, north = tile.bounds_3857
            sides = {"west": west, "south": south, "east": east, "north": north}
            content = bytes(conn.scalar(_PLAIN_TILE, sides) or b"")
            durations = time_ms(_executed(conn, _PLAIN_TILE, sides), times=7)
            figures[str(zoom)] = {
                "p50_ms": median_and_p95(durations)["p50_ms"],
                "gzipped_bytes": len(gzip.compress(content, 6)),
            }
        conn.execute(text("DROP INDEX bench_location"))
    return figures


def _executed(conn: Connection, statement: Any, parameters: dict[str, float]) -> Callable[[], Any]:
    return lambda: conn.scalar(statement, parameters)


def measure_totals(engine: Engine) -> dict[str, Any]:
    """Measure what a filter change asks for, with five combinations of filters."""
    figures: dict[str, Any] = {}
    with reading(engine, LOCAL_VIEWER) as conn:
        for name, view in list_filters(conn).items():
            figures[name] = {
                "kecamatan": _time(lambda v=view: count_by_area(conn, v, "kecamatan")),  # type: ignore[misc]
                "desa": _time(lambda v=view: count_by_area(conn, v, "desa")),  # type: ignore[misc]
                "summary": _time(lambda v=view: get_summary(conn, v)),  # type: ignore[misc]
                "choices": _time(lambda v=view: get_facets(conn, v)),  # type: ignore[misc]
            }
    return figures


def measure_lookups(engine: Engine) -> dict[str, Any]:
    """Measure a card, a search by name and one by NIK."""
    with reading(engine, LOCAL_VIEWER) as conn:
        household, name = conn.execute(
            text("SELECT id, head_name FROM household ORDER BY id OFFSET 100 LIMIT 1")
        ).one()
        nik = str(conn.scalar(text("SELECT nik FROM person ORDER BY id DESC LIMIT 1")))
        return {
            "card": _time(lambda: get_card(conn, household)),
            "search by name": _time(lambda: search(conn, name)),
            "search by NIK": _time(lambda: search(conn, nik)),
        }


def _time(call: Callable[[], Any]) -> dict[str, float]:
    return median_and_p95(time_ms(call, times=_TIMES))


def _time_tile(conn: Connection, view: View, tile: Tile) -> dict[str, float]:
    return _time(lambda: get_household_tile(conn, view, tile))


def densest_tile(conn: Connection, zoom: int, area: str = "") -> Tile:
    """Return the tile of a zoom with most households (of an area)."""
    side = WORLD_M / (1 << zoom)
    row = conn.execute(_DENSEST, {"half": WORLD_M / 2, "side": side, "area": area}).one()
    return Tile(zoom, row.x, row.y)
