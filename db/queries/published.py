"""Published totals, read in the place of live counts by roles without household rights.

What such a role may ask is one choice of a filter at a time; see "What totals hide" in
``docs/security.md``. Nothing here reads a household or what is derived from one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from geo.errors import AccessDenied, InvalidView, NothingPublished
from geo.hidden import HIDDEN
from geo.text import N_
from geo.view import NO_AID, POOR_STATUSES, View

PUBLISHED_ROLES = ("guest", "agency")
ONE_FILTER = N_("Layar tamu menampilkan satu saringan sekaligus.")
NO_HOUSEHOLD = N_("Peran ini tidak melihat keluarga satu per satu.")
NO_RULES = N_("Peran ini tidak menyaring menurut kesenjangan, pertanyaan, atau rencana.")
EVERYONE, NO_AID_CELL = "all", "aid:none"
WITHOUT = "without:"
"""Before a programme's cell: the families of the area that have not received it."""

_ROLE = text("SELECT current_setting('kentongan.role', true)")
_SET_ROLE = text("SELECT set_config('kentongan.role', :role, true)")
_NEWEST = text(
    "SELECT version, published_at, register_source FROM publication ORDER BY version DESC LIMIT 1"
)
_OF_LEVEL = text("""
    SELECT a.code, w.cell, p.value
    FROM admin_area AS a
    CROSS JOIN unnest(CAST(:cells AS text[])) AS w (cell)
    LEFT JOIN public_count AS p
      ON p.version = :version AND p.area_code = a.code AND p.cell = w.cell
    WHERE a.level = :level AND (a.code = :area OR a.code LIKE :inside)
""")
_OF_AREA = text(
    "SELECT cell, value FROM public_count WHERE version = :version AND area_code = :area"
)


@dataclass(frozen=True, slots=True)
class Edition:
    """Which publication figures are of, and when it was made."""

    version: int
    published_at: datetime


def is_published_only(conn: Connection) -> bool:
    """Whether the viewer of this transaction sees published totals only."""
    return conn.scalar(_ROLE) in PUBLISHED_ROLES


@contextmanager
def as_published(conn: Connection) -> Iterator[None]:
    """Look at published totals only, for the time of a block."""
    role = conn.scalar(_ROLE) or ""
    conn.execute(_SET_ROLE, {"role": PUBLISHED_ROLES[0]})
    yield
    # After an error the transaction is over, and the role with it.
    conn.execute(_SET_ROLE, {"role": role})


def refuse_households(conn: Connection) -> None:
    """Refuse single households to roles that see published totals only.

    Raises
    ------
    AccessDenied
        For such a role.
    """
    if is_published_only(conn):
        raise AccessDenied(NO_HOUSEHOLD, status=403)


def check_published_view(conn: Connection, view: View) -> None:
    """Refuse what such a role can't look at; other roles look at anything.

    Raises
    ------
    AccessDenied
        When the view shows single households, or those of a rule or plan.
    InvalidView
        When it combines filters.
    """
    if not is_published_only(conn):
        return
    if view.level == "household" or view.household is not None or view.at is not None:
        raise AccessDenied(NO_HOUSEHOLD, status=403)
    if any(one is not None for one in (view.gap, view.question, view.plan)):
        raise AccessDenied(NO_RULES, status=403)
    cell_of(view)


def cell_of(view: View) -> str:
    """Return the cell that counts the households of a view.

    Raises
    ------
    InvalidView
        When the view's filters are several, or one that is not published.
    """
    chosen = [f"decile:{decile}" for decile in view.deciles]
    chosen += [f"need:{need}" for need in view.needs]
    chosen += [f"programme:{code}" for code in view.received]
    chosen += [f"{WITHOUT}programme:{code}" for code in view.not_received]
    chosen += [NO_AID_CELL if one == NO_AID else "" for one in view.domains]
    if view.statuses != POOR_STATUSES:
        chosen += [f"status:{one}" for one in view.statuses] or [""]
    if len(chosen) > 1 or "" in chosen:
        raise InvalidView(ONE_FILTER)
    return chosen[0] if chosen else EVERYONE


def count_published_by_area(
    conn: Connection, view: View, level: str, flags: tuple[str, ...]
) -> dict[str, dict[str, Any]]:
    """Return what ``count_by_area`` does, of the published cells; hidden ones are ``HIDDEN``.

    ``located`` and other properties that are not published are left out.

    Raises
    ------
    InvalidView
        When the view and the flags together are more than one choice.
    """
    check_published_view(conn, view)
    cell = cell_of(view)
    if NO_AID_CELL in flags and cell not in (EVERYONE, NO_AID_CELL):
        raise InvalidView(ONE_FILTER)
    wanted = [EVERYONE, cell.removeprefix(WITHOUT), *({NO_AID_CELL} & set(flags))]
    rows = conn.execute(
        _OF_LEVEL,
        {
            "version": _get_newest(conn).version,
            "cells": sorted(set(wanted)),
            "level": level,
            "area": view.area,
            "inside": "%" if view.area is None else f"{view.area}.%",
        },
    )
    of_area: dict[str, dict[str, Any]] = {}
    for code, name, value in rows:
        of_area.setdefault(code, {})[name] = HIDDEN if value is None else value
    return {
        code: {flag: pick(cells, cell if flag == EVERYONE else flag) for flag in flags}
        for code, cells in of_area.items()
    }


def read_area(conn: Connection, area: str | None) -> dict[str, Any]:
    """Return the published cells of an area, None for the whole; hidden ones are ``HIDDEN``."""
    rows = conn.execute(_OF_AREA, {"version": _get_newest(conn).version, "area": area or ""})
    return {cell: HIDDEN if value is None else value for cell, value in rows}


def pick(cells: dict[str, Any], cell: str) -> Any:
    """Return a cell's count, made of two where it is a complement; None is not published."""
    if not cell.startswith(WITHOUT):
        return cells.get(cell)
    received = cells.get(cell.removeprefix(WITHOUT))
    return None if received is None else cells[EVERYONE] - received


def get_register_source(conn: Connection) -> str | None:
    """Return the one source that the published households come from, None when several."""
    return _get_newest(conn).register_source


def find_edition(conn: Connection) -> Edition | None:
    """Return the publication that the viewer's totals are of, None when they are live."""
    if not is_published_only(conn):
        return None
    newest = _get_newest(conn)
    return Edition(newest.version, newest.published_at)


def _get_newest(conn: Connection) -> Any:
    newest = conn.execute(_NEWEST).one_or_none()
    if newest is None:
        raise NothingPublished
    return newest
