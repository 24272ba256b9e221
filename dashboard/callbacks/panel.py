"""The panel follows the address: place, headline figures, list; and what is said over the map."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, no_update
from sqlalchemy import Connection, Engine

from dashboard import ids
from dashboard.auth.bounds import read_own_view
from dashboard.auth.viewer import current_viewer
from dashboard.components.cells import draw_sources
from dashboard.components.listing import draw_area_list, draw_household_list
from dashboard.components.panel import (
    draw_breadcrumb,
    draw_counter,
    draw_empty_database,
    draw_figures,
    draw_notice,
    draw_place,
    name_edition,
)
from dashboard.components.standing import draw_standing_switch
from dashboard.lists import list_page
from dashboard.markup import write_html
from dashboard.state import check_layer
from dashboard.words import words_of
from db.audit import auditing, of_view
from db.queries.areas import get_place, list_root_codes
from db.queries.catalogue import list_programmes
from db.queries.published import find_edition, is_published_only
from db.queries.sources import SourceNote, is_schematic, is_synthetic, list_sources
from db.queries.totals import get_summary
from db.viewer import get_viewer
from geo.view import View
from layers import get_layer


def register(app: Dash, engine: Engine) -> None:
    """Register the callback of the panel."""

    @app.callback(
        Output(ids.markup_of(ids.PANEL_HEAD), "data"),
        Output(ids.markup_of(ids.PANEL_LIST), "data"),
        Output(ids.COUNTER, "children"),
        Output(ids.NOTICE, "children"),
        Input(ids.URL, "search"),
        Input(ids.RETRY, "data"),
    )
    def show_panel(search: str | None, _retry: int | None) -> tuple[str, Any, str, str]:
        view = read_own_view(search)
        action = "list" if view.level == "household" and view.household is None else None
        with auditing(engine, current_viewer(), action, **of_view(view)) as conn:
            head, rows, counter, notice = fill_panel(conn, view)
        return write_html(head), no_update if rows is None else write_html(rows), counter, notice


def fill_panel(conn: Connection, view: View) -> tuple[Any, Any, str, str]:
    """Return head, list, counter and notice of a view.

    The list is None under an open card: nobody sees it there, so it is neither read nor recorded.
    """
    # First of all: households under the level of areas would be read, and not be recorded.
    check_layer(view, get_layer(conn, view.layer))
    roots = list_root_codes(conn)
    if not roots:
        return draw_empty_database(view), [], "", ""
    place = get_place(conn, view.area) if view.area else None
    # One regency alone gives its name to the whole.
    shown = place or (get_place(conn, roots[0]) if len(roots) == 1 else None)
    summary = get_summary(conn, view)
    register = list_sources(conn, ("register",))
    words = words_of(view.language)
    notice = draw_notice(words, is_schematic=is_schematic(conn), is_synthetic=is_synthetic(conn))
    notice = ". ".join(filter(None, (name_edition(find_edition(conn), words), notice)))
    viewer = get_viewer(conn)
    counter = draw_counter(view, summary, viewer.precision) if view.level == "household" else ""
    head = [
        draw_breadcrumb(view, place, viewer.area),
        draw_place(view, shown, ""),
        draw_figures(view, summary),
        draw_standing_switch(view, is_single=is_published_only(conn)),
        draw_sources(register, view),
    ]
    rows = fill_list(conn, view, register) if view.household is None else None
    return head, rows, counter, notice


def fill_list(conn: Connection, view: View, said: tuple[SourceNote, ...] = ()) -> list[Any]:
    """Return the list of a view: its areas, or a page of its households.

    Parameters
    ----------
    conn
        Connection in the viewer's name.
    view
        What is looked at.
    said
        Sources that stand above it already; others are named beneath the list.
    """
    layer = get_layer(conn, view.layer)
    rows = list_page(conn, view, layer)
    if view.level == "household":
        return draw_household_list(view, rows, list_programmes(conn))
    sees_households = not is_published_only(conn)
    drawn = draw_area_list(view, layer, rows, sees_households=sees_households)
    if rows.sources == said:
        return drawn
    return [*drawn, draw_sources(rows.sources, view, "list-source")]
