"""How long the gap matrix takes, and the list and the map behind one of its figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine

from dashboard.bench.figures import median_and_p95, time_ms
from db.engine import make_engine, reading
from db.queries.gaps import count_gaps, list_ruled_programmes
from db.queries.households import list_household_page
from db.rights import web_address
from db.viewer import Viewer
from geo.view import View
from layers import get_layer

_TIMES = 15
_GAP = "pkh:excluded"


def measure_gaps(owner_address: str) -> dict[str, Any]:
    """Time the matrix of the regency and what its figures lead to, through the web login.

    Parameters
    ----------
    owner_address
        Of the database, as its owner.

    Returns
    -------
    dict
        Median and 95th percentile in milliseconds (limit for the matrix 150 ms at 60,000
        households, 800 ms at 500,000), and how many programmes it has.
    """
    engine = make_engine(web_address(owner_address).render_as_string(hide_password=False))
    figures = _measure(engine)
    engine.dispose()
    return figures


def _measure(engine: Engine) -> dict[str, Any]:
    filtered = View(deciles=(1, 2), needs=("latrine",))
    painted = View(layer="gap:excluded", level="desa", gap=_GAP)
    listed = View(level="household", gap=_GAP)
    with reading(engine, Viewer("bench", "planner")) as conn:
        layer = get_layer(conn, painted.layer)
        return {
            "programmes": len(list_ruled_programmes(conn)),
            "matrix by kecamatan": _time(lambda: count_gaps(conn, View(), "kecamatan")),
            "matrix by desa": _time(lambda: count_gaps(conn, View(), "desa")),
            "matrix, filtered": _time(lambda: count_gaps(conn, filtered, "kecamatan")),
            "map of one cell": _time(lambda: layer.list_all_rows(conn, painted)),
            "list of one cell": _time(lambda: list_household_page(conn, listed)),
        }


def _time(call: Callable[[], Any]) -> dict[str, float]:
    return median_and_p95(time_ms(call, times=_TIMES))
