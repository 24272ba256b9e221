"""Headline figures and the counts of the filter's choices, made of published totals."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from db.queries.catalogue import list_needs, list_programmes
from db.queries.published import (
    EVERYONE,
    NO_AID_CELL,
    WITHOUT,
    cell_of,
    check_published_view,
    pick,
    read_area,
)
from db.queries.statistics import get_family_count
from db.queries.summary import Facets, Share, Summary
from geo.view import NO_AID, STATUSES, View


def read_summary(conn: Connection, view: View) -> Summary:
    """Return the published figures of a view's area; under a filter only the number of families.

    Raises
    ------
    MapError
        When the view shows households or combines filters.
    """
    check_published_view(conn, view)
    cells, cell = read_area(conn, view.area), cell_of(view)
    families = get_family_count(conn, view.area)
    total = pick(cells, cell) or 0
    whole = cells if cell == EVERYONE else {}
    return Summary(
        total=total,
        located=None,
        unlocated=None,
        person_count=whole.get("members"),
        family_count=families,
        rate_pct=100 * total / families if families else None,
        by_decile=_list_of("decile", whole, range(1, 11)),
        by_status=_list_of("status", whole, STATUSES[:2]),
        by_need=tuple(
            Share(item.code, item.name, item.domain, whole[f"need:{item.code}"])
            for item in list_needs(conn)
            if f"need:{item.code}" in whole
        ),
        by_programme=tuple(
            Share(item.code, item.name, item.domain, whole[f"programme:{item.code}"])
            for item in list_programmes(conn)
            if f"programme:{item.code}" in whole
        ),
        by_domain={},
        without_aid=whole.get(NO_AID_CELL),
    )


def read_facets(conn: Connection, view: View) -> Facets:
    """Return the published count of each choice, whatever is chosen now.

    Raises
    ------
    MapError
        When the view shows households or combines filters.
    """
    check_published_view(conn, view)
    cells = read_area(conn, view.area)
    programmes = [item.code for item in list_programmes(conn)]
    return Facets(
        deciles=_list_of("decile", cells, range(1, 11)),
        statuses=_list_of("status", cells, STATUSES),
        needs=_list_of("need", cells, [item.code for item in list_needs(conn)]),
        domains={NO_AID: cells[NO_AID_CELL]} if NO_AID_CELL in cells else {},
        received=_list_of("programme", cells, programmes),
        not_received=_list_of(f"{WITHOUT}programme", cells, programmes),
        is_single=True,
    )


def _list_of(kind: str, cells: dict[str, Any], choices: Any) -> dict[Any, Any]:
    found = {choice: pick(cells, f"{kind}:{choice}") for choice in choices}
    return {choice: count for choice, count in found.items() if count is not None}
