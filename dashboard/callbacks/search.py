"""The answers to what is typed into the search box."""

from __future__ import annotations

from dash import Dash, Input, Output, State
from sqlalchemy import Engine

from dashboard import ids
from dashboard.auth.bounds import read_own_view
from dashboard.auth.viewer import current_viewer
from dashboard.components.search import draw_hits
from dashboard.markup import write_html
from db.audit import auditing
from db.queries.published import is_published_only
from db.queries.search import search as find


def register(app: Dash, engine: Engine) -> None:
    """Register the callback of the search."""

    @app.callback(
        Output(ids.markup_of(ids.SEARCH_HITS), "data"),
        Input(ids.SEARCH_TEXT, "value"),
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def show_hits(text: str | None, search: str | None) -> str:
        if not isinstance(text, str) or not text.strip() or "\x00" in text:
            return ""
        with auditing(engine, current_viewer(), "search", detail={"term": text}) as conn:
            sees_households = not is_published_only(conn)
            hits = find(conn, text)
            view = read_own_view(search)
            return write_html(draw_hits(view, hits, sees_households=sees_households))
