"""The rows of the panel's list, and its page checked."""

from __future__ import annotations

from sqlalchemy import Connection

from dashboard.state import PIN_LAYER
from db.queries.households import PAGE_SIZE
from geo.errors import InvalidView
from geo.text import N_
from geo.view import View
from layers import Layer, Rows, get_layer


def list_page(conn: Connection, view: View, layer: Layer) -> Rows:
    """Return the rows that the panel lists for a view: areas, or a page of households.

    Raises
    ------
    InvalidView
        When the list has no such page, or can't be sorted so.
    """
    listed = get_layer(conn, PIN_LAYER) if view.level == "household" else layer
    rows = listed.list_rows(conn, view)
    last = max(1, -(-rows.total // PAGE_SIZE))
    if view.page > last:
        raise InvalidView(
            N_("Halaman {page} tidak ada; daftar ini sampai halaman {last}."),
            page=view.page,
            last=last,
        )
    return rows
