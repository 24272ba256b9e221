"""The choices of the filter, their counts, and the chips follow the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dash import Dash, Input, Output
from sqlalchemy import Connection, Engine

from dashboard import ids
from dashboard.auth.bounds import read_own_view
from dashboard.auth.viewer import current_viewer
from dashboard.components.filters import draw_chips, draw_filters
from dashboard.markup import write_html
from dashboard.rule_names import name_rule_filters
from dashboard.state import list_chips
from dashboard.words import words_of
from db.engine import reading
from db.queries.catalogue import list_needs, list_programmes
from db.queries.gaps import count_gaps
from db.queries.totals import get_facets
from geo.gaps import Cells, split_gap
from geo.view import View


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
            gaps = _count_chosen(conn, view)
            rules = name_rule_filters(conn, view, words_of(view.language))
        active = len(list_chips(view))
        badge = words_of(view.language).number(active) if active else ""
        body = draw_filters(view, facets, programmes, needs, gaps)
        chips = draw_chips(view, programmes, needs, rules)
        return write_html(body), write_html(chips), badge


def _count_chosen(conn: Connection, view: View) -> Mapping[str, Cells]:
    """Return the cells of the view's programme under its other filters."""
    if view.gap is None:
        return {}
    programme = split_gap(view.gap)[0]
    return count_gaps(conn, replace(view, gap=None), None, (programme,)).get("", {})
