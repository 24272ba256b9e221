"""The choices of the filter, their counts, and the chips follow the address."""

from __future__ import annotations

from dash import Dash, Input, Output
from sqlalchemy import Engine

from dashboard import ids
from dashboard.auth.bounds import read_own_view
from dashboard.auth.viewer import current_viewer
from dashboard.components.filters import draw_chips, draw_filters
from dashboard.markup import write_html
from dashboard.state import list_chips
from dashboard.words import words_of
from db.engine import reading
from db.queries.catalogue import list_needs, list_programmes
from db.queries.totals import get_facets


def register(app: Dash, engine: Engine) -> None:
    """Register the callback of the filters."""

    @app.callback(
        Output(ids.markup_of(ids.FILTER_BODY), "data"),
        Output(ids.markup_of(ids.CHIPS), "data"),
        Output(ids.FILTER_BADGE, "children"),
        Input(ids.URL, "search"),
        Input(ids.RETRY, "data"),
    )
    def show_filters(search: str | None, _retry: int | None) -> tuple[str, str, str]:
        view = read_own_view(search)
        with reading(engine, current_viewer()) as conn:
            programmes, needs = list_programmes(conn), list_needs(conn)
            facets = get_facets(conn, view)
        active = len(list_chips(view))
        badge = words_of(view.language).number(active) if active else ""
        body = draw_filters(view, facets, programmes, needs)
        chips = draw_chips(view, programmes, needs)
        return write_html(body), write_html(chips), badge
