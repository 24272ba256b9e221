"""What row-level security and the masks cost: the same answers with and without them."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, text

from dashboard.bench.figures import time_ms
from dashboard.bench.queries import ZOOMS, densest_tile
from db.engine import make_engine, reading
from db.queries.households import list_household_page
from db.queries.search import search
from db.queries.tiles import get_household_tile
from db.queries.totals import count_by_area, get_summary
from db.rights import web_address
from db.viewer import LOCAL_VIEWER, Viewer
from geo.view import View

_TIMES = 25
_DENSEST_KECAMATAN = text("""
    SELECT left(area_code, 8) FROM household GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1
""")
Call = Callable[[Connection], Any]


def measure_rights(engine: Engine, owner_address: str) -> dict[str, Any]:
    """Time the answers of a task unit in its kecamatan beside the owner's for the same View.

    Parameters
    ----------
    engine
        As the owner, whom no policy stops.
    owner_address
        Of the same database.

    Returns
    -------
    dict
        Answer to the medians in milliseconds of both, and their ratio (limit 1.5 for tiles).
    """
    web = make_engine(web_address(owner_address).render_as_string(hide_password=False))
    with reading(engine, LOCAL_VIEWER) as conn:
        area = str(conn.scalar(_DENSEST_KECAMATAN))
    unit = Viewer("bench", "task_unit", area)
    calls = _list_calls(engine, View(area=area, level="household"))
    figures = {}
    with reading(engine, LOCAL_VIEWER) as owner, reading(web, unit) as masked:
        for name, call in calls.items():
            figures[name] = _compare(call, owner, masked)
    web.dispose()
    return figures


def _list_calls(engine: Engine, view: View) -> dict[str, Call]:
    calls: dict[str, Call] = {}
    with reading(engine, LOCAL_VIEWER) as conn:
        for zoom in ZOOMS:
            tile = densest_tile(conn, zoom, str(view.area))
            calls[f"tile {zoom}"] = lambda c, t=tile: get_household_tile(c, view, t)  # type: ignore[misc]
        name = str(conn.scalar(text("SELECT head_name FROM household ORDER BY id LIMIT 1")))
    return calls | {
        "totals": lambda c: count_by_area(c, view, "desa"),
        "panel": lambda c: get_summary(c, view),
        "list": lambda c: list_household_page(c, view),
        "search": lambda c: search(c, name),
    }


def _compare(call: Call, owner: Connection, masked: Connection) -> dict[str, float]:
    # By turns, so that what else the machine does falls on both.
    free, bound = [], []
    for _ in range(_TIMES):
        free += time_ms(lambda: call(owner), times=1)
        bound += time_ms(lambda: call(masked), times=1)
    without, with_rights = statistics.median(free), statistics.median(bound)
    return {
        "without_ms": round(without, 2),
        "with_ms": round(with_rights, 2),
        "ratio": round(with_rights / without, 2),
    }
