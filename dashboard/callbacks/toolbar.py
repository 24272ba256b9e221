"""The choosers along the top follow the address."""

from __future__ import annotations

from dash import Dash, Input, Output
from sqlalchemy import Engine

from dashboard import ids
from dashboard.components.toolbar import draw_toolbar
from dashboard.markup import write_html
from dashboard.state import read_view
from db.engine import reading
from db.queries.published import is_published_only
from db.viewer import LOCAL_VIEWER
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
        with reading(engine, LOCAL_VIEWER) as conn:
            sees_households = not is_published_only(conn)
            layers = list_layers(conn)
            return write_html(draw_toolbar(view, layers, sees_households=sees_households))
