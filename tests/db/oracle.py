"""The plain truth: filters and counts written a second time, row by row, in Python.

Nothing here uses masks, bit strings or cells: it reads the rows those are made from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, text

from geo.view import View


@dataclass(frozen=True)
class Fact:
    """One household with what its rows say."""

    id: int
    area_code: str
    decile: int | None
    status: str
    member_count: int
    x: float | None
    y: float | None
    received: frozenset[str]
    domains: frozenset[str]
    needs: frozenset[str]


def read_facts(conn: Connection) -> list[Fact]:
    """Read every household with the programmes it has received and its needs."""
    rows = conn.execute(
        text("""
        SELECT h.id, h.area_code, h.decile, h.status, h.member_count,
               ST_X(ST_Transform(p.mapped, 3857)) AS x, ST_Y(ST_Transform(p.mapped, 3857)) AS y,
               ARRAY(SELECT a.programme_code FROM aid AS a
                     WHERE a.household_id = h.id AND a.status = 'received') AS received,
               ARRAY(SELECT p.domain FROM aid AS a JOIN programme AS p ON p.code = a.programme_code
                     WHERE a.household_id = h.id AND a.status = 'received') AS domains,
               ARRAY(SELECT n.need_code FROM household_need AS n WHERE n.household_id = h.id)
                   AS needs
        FROM household AS h CROSS JOIN LATERAL (
            SELECT CASE WHEN ST_Y(h.location) BETWEEN -90 AND 90 THEN h.location END AS mapped
        ) AS p
        """)
    )
    return [Fact(*row[:7], *(frozenset(values) for values in row[7:])) for row in rows]


def matches(fact: Fact, view: View) -> bool:
    """Whether a household is among those a view selects."""
    inside = (
        view.area is None
        or fact.area_code == view.area
        or fact.area_code.startswith(f"{view.area}.")
    )
    return (
        inside
        and (not view.deciles or fact.decile in view.deciles)
        and (not view.statuses or fact.status in view.statuses)
        and (
            not view.domains
            or bool(fact.domains & set(view.domains))
            or ("none" in view.domains and not fact.received)
        )
        and (not view.needs or bool(fact.needs & set(view.needs)))
        and set(view.received) <= fact.received
        and not fact.received & set(view.not_received)
    )


def select(facts: Iterable[Fact], view: View) -> list[Fact]:
    """Return the households a view selects."""
    return [fact for fact in facts if matches(fact, view)]
