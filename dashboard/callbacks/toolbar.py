"""The choosers along the top follow the address."""

from __future__ import annotations

from dash import Dash, Input, Output
from sqlalchemy import Engine

from dashboard import ids
from dashboard.auth.viewer import current_viewer
from dashboard.components.toolbar import draw_toolbar
from dashboard.markup import write_html
from dashboard.state import read_view
from db.engine import reading
from layers import list_layers


def register(app: Dash, engine: Engine) -> None:
    """Register the callback of the toolbar."""

    @app.callback(
        Output(ids.markup_of(ids.TOOLBAR), "data"),
        Input(ids.URL, "search"),
        Input(ids.RETRY, "data"),
    )
    def show_toolbar(search: str | None, _retry: int | None) -> str:
        view = read_view(search)
        with reading(engine, current_viewer()) as conn:
            return write_html(draw_toolbar(view, list_layers(conn)))
