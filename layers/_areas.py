"""Rows of areas: what fill layers share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from db.queries.areas import list_areas
from db.queries.catalogue import check_filters
from db.queries.sources import list_sources
from db.queries.statistics import list_family_counts
from db.queries.totals import count_by_area
from geo.errors import InvalidView
from geo.hidden import HIDDEN, is_told
from geo.text import N_
from geo.view import View
from layers._base import Column, Rows

Counts = Mapping[str, int]
"""Households of one area by property, such as ``all``, ``located`` or ``aid:none``."""

PLACE_COLUMNS = (
    Column("code", N_("Kode"), "text"),
    Column("name", N_("Wilayah"), "text"),
)
COUNT_COLUMNS = (
    Column("households", N_("Keluarga miskin"), "integer", N_("keluarga")),
    Column("families", N_("Seluruh keluarga"), "integer", N_("keluarga")),
    Column("located", N_("Dengan koordinat"), "integer", N_("keluarga")),
    Column("unlocated", N_("Tanpa koordinat"), "integer", N_("keluarga")),
)


def count_areas(conn: Connection, view: View, flags: tuple[str, ...] = ()) -> dict[str, Counts]:
    """Count the households of a view per painted area, and those with further properties.

    Raises
    ------
    InvalidView
        When the view filters by a programme or need that does not exist.
    """
    check_filters(conn, view)
    return dict(count_by_area(conn, view, area_level(view), ("all", "located", *flags)))


def list_counted_rows(
    conn: Connection,
    view: View,
    counts: Mapping[str, Counts],
    *,
    value: Callable[[Counts, int | None], float | None],
    circle: Callable[[Counts], int | None],
    no_data_reason: str,
    also: tuple[str, ...] = (),
) -> Rows:
    """Return the areas of a view with a value and a circle made of their counts.

    Parameters
    ----------
    conn
        Connection in the viewer's name.
    view
        Its area, level and order.
    counts
        From :func:`count_areas`.
    value
        Makes an area's value of its counts and its number of families (None: unknown).
    circle
        Makes the number that its circle counts.
    no_data_reason
        Why an area may have no value.
    also
        Further counts, which stand in the rows under their own names.
    """
    families = list_family_counts(conn)
    sources = list_sources(conn, ("register",))
    rows = []
    for area in list_areas(conn, view.area, area_level(view)):
        # Without any register there is nothing to count: no data, not zero.
        counted: Counts | None = defaultdict(int, counts.get(area.code, {})) if sources else None
        all_families = families.get(area.code)
        rows.append(
            {
                "code": area.code,
                "name": area.name,
                "kind": area.kind,
                "value": None if counted is None else value(counted, all_families),
                "count": None if counted is None else circle(counted),
                "households": None if counted is None else counted["all"],
                "families": all_families,
                "located": None if counted is None else counted["located"],
                "unlocated": _count_unlocated(counted),
                **{name: None if counted is None else counted[name] for name in also},
            }
        )
    return Rows(sort_rows(rows, view, "-value"), len(rows), sources, no_data_reason)


def _count_unlocated(counted: Counts | None) -> int | None:
    if counted is None or counted["located"] is None:
        return None
    return counted["all"] - counted["located"]


def area_level(view: View) -> str:
    """Return the level a fill layer paints for a view; under the pins lie the desa."""
    return "desa" if view.level == "household" else view.level


def sort_rows(rows: list[dict[str, Any]], view: View, start: str) -> list[dict[str, Any]]:
    """Sort rows by a column of theirs, equal ones by code; then no data, then hidden ones.

    Raises
    ------
    InvalidView
        When the view sorts by a column that the rows don't have.
    """
    sort = view.sort or start
    key, descending = sort.removeprefix("-"), sort.startswith("-")
    if rows and key not in rows[0]:
        raise InvalidView(N_("Daftar wilayah tidak dapat diurutkan menurut “{key}”."), key=key)
    in_order = sorted(rows, key=lambda row: row["code"])
    known = [row for row in in_order if is_told(row[key])]
    known.sort(key=lambda row: row[key], reverse=descending)
    return (
        known
        + [row for row in in_order if row[key] is None]
        + [row for row in in_order if row[key] is HIDDEN]
    )


def percent(part: int, whole: int | None) -> float | None:
    """Return a share in percent points; None, not zero, where there is nothing to divide by."""
    return 100 * part / whole if whole else None
