"""The map and its legend follow the address."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output
from sqlalchemy import Engine

from dashboard import ids
from dashboard.auth.bounds import read_own_view
from dashboard.auth.viewer import current_viewer
from dashboard.components.legend import draw_fill_legend, draw_pin_legend
from dashboard.map_state import build_map_state
from dashboard.markup import write_html
from dashboard.settings import Settings
from dashboard.state import check_layer
from db.engine import reading
from db.queries.sources import list_sources
from db.viewer import get_viewer
from layers import get_layer, paint


def register(app: Dash, engine: Engine, settings: Settings) -> None:
    """Register the callbacks of the map."""

    @app.callback(
        Output(ids.MAP_STATE, "data"),
        Output(ids.markup_of(ids.LEGEND), "data"),
        Input(ids.URL, "search"),
        Input(ids.RETRY, "data"),
    )
    def show_map(search: str | None, _retry: int | None) -> tuple[dict[str, Any], str]:
        view = read_own_view(search)
        with reading(engine, current_viewer()) as conn:
            layer = get_layer(conn, view.layer)
            check_layer(view, layer)
            if view.level == "household":
                state = build_map_state(conn, view, layer, None, settings)
                sources = list_sources(conn, ("register",))
                legend = draw_pin_legend(view, sources, get_viewer(conn).precision)
                return state, write_html(legend)
            painting = paint(conn, layer, view)
            state = build_map_state(conn, view, layer, painting, settings)
            legend = draw_fill_legend(view, layer, painting, state["count_max"])
            return state, write_html(legend)

    app.clientside_callback(
        ClientsideFunction("kentongan", "show"),
        Output(ids.MAP_SHOWN, "data"),
        Input(ids.MAP_STATE, "data"),
    )
