"""Whether an address leads anywhere, asked before its page is sent."""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from dashboard.auth.bounds import read_own_view
from dashboard.auth.viewer import current_viewer
from dashboard.lists import list_page
from dashboard.state import check_layer, with_card
from db.engine import reading
from db.queries.areas import get_place
from db.queries.catalogue import check_filters
from db.queries.households import get_card
from geo.view import View
from layers import get_layer


def check_address(engine: Engine, query: str) -> View:
    """Refuse an address whose layer, area, filter, household, order or page does not exist.

    Returns
    -------
    View
        Where the address leads: as it says, but a card opens where its pin stands.

    Raises
    ------
    MapError
        With the sentence for its reader.
    """
    view = read_own_view(query)
    if view == View():
        return view
    with reading(engine, current_viewer()) as conn:
        check_view(conn, view)
        return _find_card(conn, view)


def check_view(conn: Connection, view: View) -> None:
    """Refuse a view that names what does not exist; see :func:`check_address`."""
    layer = get_layer(conn, view.layer)
    check_layer(view, layer)
    if view.area is not None:
        get_place(conn, view.area)
    check_filters(conn, view)
    for household in (view.household, view.at):
        if household is not None:
            get_card(conn, household)
    if view.sort or view.page > 1:
        list_page(conn, view, layer)


def _find_card(conn: Connection, view: View) -> View:
    if view.household is None or view.level == "household":
        return view
    return with_card(view, view.household, get_card(conn, view.household).area_code)
