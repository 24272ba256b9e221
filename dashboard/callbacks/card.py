"""The card of the household that the address names."""

from __future__ import annotations

from dash import Dash, Input, Output
from sqlalchemy import Engine

from dashboard import ids
from dashboard.auth.bounds import read_own_view
from dashboard.auth.viewer import current_viewer
from dashboard.components.card import draw_card
from dashboard.markup import write_html
from db.audit import auditing, of_view
from db.queries.households import get_card


def register(app: Dash, engine: Engine) -> None:
    """Register the callback of the card."""

    @app.callback(
        Output(ids.markup_of(ids.CARD), "data"),
        Input(ids.URL, "search"),
        Input(ids.RETRY, "data"),
    )
    def show_card(search: str | None, _retry: int | None) -> str:
        view = read_own_view(search)
        if view.household is None:
            return ""
        what = {**of_view(view), "area": None}  # the area is the household's own
        with auditing(engine, current_viewer(), "card", household=view.household, **what) as conn:
            return write_html(draw_card(view, get_card(conn, view.household)))
