"""Publishing: the totals for roles without household rights, small ones hidden.

Counted once, at the end of an import, not at every look: whoever watches live totals sees them
differ by one family when one family comes in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text

from db.models import AdminArea, DataVersion, Publication, PublicCount
from db.queries.breaks import refresh_derived
from db.queries.catalogue import list_needs, list_programmes
from db.queries.published import NO_AID_CELL, is_published_only
from db.queries.statistics import get_register_source, list_family_counts
from db.queries.totals import count_by_area
from geo.suppression import ALONE, EVERYONE, MEMBERS, Published, suppress
from geo.view import POOR_STATUSES, View

_DIGITS = tuple(1 << n for n in range(6))
_BUMP = text("SELECT bump_data_version('register')")


@dataclass(frozen=True, slots=True)
class PublicationSummary:
    """What was published."""

    version: int
    areas: int
    cells: int
    hidden: int


def publish(conn: Connection) -> PublicationSummary:
    """Count, hide what is small, and put the totals in the place of the last ones.

    Call it at the end of an import, in its transaction, before the breaks are frozen.

    Parameters
    ----------
    conn
        Connection that may write, of a viewer who sees every household.

    Returns
    -------
    PublicationSummary
    """
    assert not is_published_only(conn), "published totals are made of exact ones"
    refresh_derived(conn)
    parents = dict(conn.execute(select(AdminArea.code, AdminArea.parent_code)).all())
    published = suppress(parents, count_exactly(conn), list_family_counts(conn))
    conn.execute(_BUMP)
    version = _write(conn, published)
    cells = sum(len(of_area) for of_area in published.counts.values())
    return PublicationSummary(version, len(published.counts), cells, len(published.hidden))


def count_exactly(conn: Connection) -> dict[str, dict[str, int]]:
    """Return every cell's counts per desa."""
    inside = [EVERYONE, NO_AID_CELL, *(f"decile:{n}" for n in range(1, 11))]
    inside += [f"status:{status}" for status in POOR_STATUSES]
    inside += [f"need:{item.code}" for item in list_needs(conn)]
    inside += [f"programme:{item.code}" for item in list_programmes(conn)]
    digits = [f"members:{digit}" for digit in _DIGITS]
    found = count_by_area(conn, View(), "desa", (*inside, *digits))
    counts: dict[str, dict[str, int]] = {
        cell: {code: of_area.get(cell, 0) for code, of_area in found.items()} for cell in inside
    }
    counts[MEMBERS] = {
        code: sum(n * of_area.get(f"members:{n}", 0) for n in _DIGITS)
        for code, of_area in found.items()
    }
    for cell in ALONE:
        view = View(statuses=(cell.partition(":")[2],))
        alone = count_by_area(conn, view, "desa", (EVERYONE,))
        counts[cell] = {code: of_area[EVERYONE] for code, of_area in alone.items()}
    return counts


def _write(conn: Connection, published: Published) -> int:
    register = select(DataVersion.version).where(DataVersion.topic == "register")
    version = conn.scalar(
        insert(Publication).returning(Publication.version),
        {
            "register_version": conn.scalar(register),
            "register_source": get_register_source(conn),
        },
    )
    assert version is not None
    # The counts before are not kept: side by side they would tell who came and went.
    conn.execute(delete(PublicCount))
    conn.execute(insert(PublicCount), list(_list_rows(version, published)))
    return version


def _list_rows(version: int, published: Published) -> list[dict[str, Any]]:
    return [
        {
            "version": version,
            "area_code": code,
            "cell": cell,
            "value": None if (code, cell) in published.hidden else count,
        }
        for code, of_area in published.counts.items()
        for cell, count in of_area.items()
    ]
