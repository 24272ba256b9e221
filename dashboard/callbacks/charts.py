"""The charts follow the address, once the map stands and the chart library is there."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, no_update
from sqlalchemy import Engine

from dashboard import ids
from dashboard.auth.bounds import read_own_view
from dashboard.auth.viewer import current_viewer
from dashboard.components.charts import draw_charts
from dashboard.components.trend_chart import draw_trend
from db.engine import reading
from db.queries.totals import get_summary
from layers import list_series


def register(app: Dash, engine: Engine) -> None:
    """Register the callbacks of the charts."""
    app.clientside_callback(
        ClientsideFunction("kentongan", "loadCharts"),
        Output(ids.CHARTS_READY, "data"),
        Input(ids.MAP_STATUS, "data"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output(ids.PANEL_CHARTS, "children"),
        Input(ids.URL, "search"),
        Input(ids.CHARTS_READY, "data"),
        Input(ids.RETRY, "data"),
        prevent_initial_call=True,
    )
    def show_charts(search: str | None, is_ready: bool | None, _retry: int | None) -> Any:
        if not is_ready:
            return no_update
        view = read_own_view(search)
        with reading(engine, current_viewer()) as conn:
            return [
                *draw_trend(view, list_series(conn, view)),
                *draw_charts(view, get_summary(conn, view)),
            ]
