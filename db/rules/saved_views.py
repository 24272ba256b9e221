"""Addresses of the map under a name, for oneself or for whoever has the same desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, text

from db.models import SavedView as SavedViewRow
from geo.errors import AccessDenied, InvalidView
from geo.text import N_
from geo.view import View

LONGEST_NAME = 80
LONGEST_QUERY = 2000

_SAVE = text("SELECT save_view(:name, :query, :question, :is_shared)")
_DROP = text("SELECT drop_view(:id)")


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view under a name.

    ``query`` is the query part of its address (:meth:`geo.view.View.to_query`).
    """

    id: int
    user_name: str
    name: str
    query: str
    is_shared: bool
    question: str | None
    saved_at: datetime


def list_saved_views(conn: Connection) -> tuple[SavedView, ...]:
    """Return the viewer's own views, and those shared with their desk, by name."""
    columns = (
        SavedViewRow.id,
        SavedViewRow.user_name,
        SavedViewRow.name,
        SavedViewRow.query,
        SavedViewRow.is_shared,
        SavedViewRow.question_key,
        SavedViewRow.saved_at,
    )
    rows = conn.execute(select(*columns).order_by(SavedViewRow.name, SavedViewRow.id))
    return tuple(SavedView(*row) for row in rows)


def save_view(conn: Connection, name: str, view: View, *, is_shared: bool = False) -> int:
    """Keep a view under a name; one of the viewer's own with that name is replaced.

    Parameters
    ----------
    conn
        Connection that may write, in the viewer's name.
    name
        1 to 80 letters.
    view
        Its question stays as long as the view does.
    is_shared
        With whoever has the same role in the same area.

    Returns
    -------
    int
        Its id.

    Raises
    ------
    InvalidView
        When the name can't be, or the address is too long.
    AccessDenied
        403 when the role looks at no households.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise InvalidView(N_("Nama tampilan harus 1 sampai {most} huruf."), most=LONGEST_NAME)
    query = view.to_query()
    if len(query) > LONGEST_QUERY:
        raise InvalidView(N_("Saringan tampilan ini terlalu panjang untuk disimpan."))
    parameters = {"name": name, "query": query, "question": view.question, "is_shared": is_shared}
    number = conn.scalar(_SAVE, parameters)
    if number is None:
        raise AccessDenied(N_("Peran Anda tidak dapat menyimpan tampilan."), status=403)
    return int(number)


def drop_saved_view(conn: Connection, view_id: int) -> None:
    """Forget one of the viewer's own views.

    Raises
    ------
    InvalidView
        When there is none of theirs with this number.
    """
    if not conn.scalar(_DROP, {"id": view_id}):
        raise InvalidView(N_("Tampilan tersimpan ini tidak ditemukan."))
