"""How far a plan is: its targets with their outcomes, and coverage against the frozen list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from db.audit import note_shown
from db.queries.selection import CODE_LENGTHS, area_pattern

PAGE_SIZE = 50

# A village is late when the plan's day has gone by and some of its targets are open.
_IS_PAST = "p.due_on < CAST(now() AT TIME ZONE 'Asia/Jakarta' AS date)"
_LIST = """
    SELECT t.rank, t.household_id, t.head_name, t.nik, t.address, t.rt, t.rw, t.area_code,
           d.name AS desa, k.name AS kecamatan, t.amount_idr, t.outcome, t.outcome_on, t.outcome_by,
           t.outcome_note
    FROM plan_target AS t
    JOIN admin_area AS d ON d.code = t.area_code
    LEFT JOIN admin_area AS k ON k.code = d.parent_code
"""
_WHERE = """
    WHERE t.plan_id = :plan AND t.area_code LIKE :pattern
          AND (NOT :only_open OR t.outcome IS NULL)
"""
_PAGE = text(f"{_LIST} {_WHERE} ORDER BY t.rank LIMIT :limit OFFSET :offset")
_ALL = text(f"{_LIST} {_WHERE} ORDER BY t.rank")
_COUNT = text(f"SELECT count(*) FROM plan_target AS t {_WHERE}")
_PROGRESS = text(f"""
    SELECT a.code, a.name, a.kind, k.name AS kecamatan, g.*
    FROM (
        SELECT left(t.area_code, :digits) AS code, count(*) AS targets,
               count(*) FILTER (WHERE t.outcome = 'delivered') AS delivered,
               count(*) FILTER (WHERE t.outcome = 'refused') AS refused,
               count(*) FILTER (WHERE t.outcome = 'moved') AS moved,
               count(*) FILTER (WHERE t.outcome = 'not_found') AS not_found,
               count(*) FILTER (WHERE t.outcome IS NULL) AS left_open,
               coalesce(bool_or(t.outcome IS NULL AND {_IS_PAST}), false) AS is_late
        FROM plan_target AS t JOIN plan AS p ON p.id = t.plan_id
        {_WHERE} GROUP BY 1
    ) AS g
    JOIN admin_area AS a ON a.code = g.code
    LEFT JOIN admin_area AS k ON k.code = a.parent_code AND a.level = 'desa'
    ORDER BY g.is_late DESC, g.left_open::float / g.targets DESC, g.left_open DESC, a.code
""")
_HISTORY = text("""
    SELECT outcome, on_day, note, file_name, user_name, role, recorded_at
    FROM delivery WHERE plan_id = :plan AND household_id = :household ORDER BY id DESC
""")
_OF_HOUSEHOLD = text("""
    SELECT p.id, p.name, r.name, p.state, t.rank, t.outcome, t.outcome_on
    FROM plan_target AS t
    JOIN plan AS p ON p.id = t.plan_id
    JOIN programme AS r ON r.code = p.programme_code
    WHERE t.household_id = :household ORDER BY p.id DESC
""")


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """A target of a plan as far as the viewer may know it, with what became of it.

    ``number`` is its rank; ``outcome`` is None while it is open.
    """

    number: int
    household: int
    name: str
    nik: str | None
    address: str | None
    rt: str | None
    rw: str | None
    area_code: str
    desa: str
    kecamatan: str | None
    amount_idr: int | None
    outcome: str | None
    outcome_on: date | None
    outcome_by: str | None
    outcome_note: str | None


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """A page of targets by number, and how many there are in all."""

    lines: tuple[DeliveryLine, ...]
    page: int
    total: int

    @property
    def has_more(self) -> bool:
        """Whether there is a page after this one."""
        return self.page * PAGE_SIZE < self.total


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """How far a plan is in an area: ``targets = delivered + refused + moved + not_found + open``.

    Attributes
    ----------
    kecamatan
        Of a desa.
    is_late
        Whether the plan's day has gone by and targets are open.
    """

    area: str
    name: str
    kind: str
    kecamatan: str | None
    targets: int
    delivered: int
    refused: int
    moved: int
    not_found: int
    left_open: int
    is_late: bool

    @property
    def delivered_pct(self) -> float:
        """Share of the frozen list that was delivered."""
        return 100 * self.delivered / self.targets


@dataclass(frozen=True, slots=True)
class Recorded:
    """One outcome as it was recorded; ``open`` took an earlier one back."""

    outcome: str
    on: date
    note: str | None
    file_name: str | None
    user: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PlanOfHousehold:
    """A plan that a household is a target of."""

    id: int
    name: str
    programme: str
    state: str
    rank: int
    outcome: str | None
    outcome_on: date | None


def list_deliveries(
    conn: Connection,
    plan_id: int,
    *,
    area: str | None = None,
    only_open: bool = False,
    page: int = 1,
) -> DeliveryPage:
    """Return a page of a plan's targets by number, within the viewer's rights.

    Parameters
    ----------
    conn
        In the viewer's name.
    plan_id
        The plan.
    area
        Only what lies inside it.
    only_open
        Only those without an outcome.
    page
        Counted from 1.
    """
    wanted = _describe(plan_id, area, only_open=only_open)
    paging = {"limit": PAGE_SIZE, "offset": (page - 1) * PAGE_SIZE}
    lines = tuple(DeliveryLine(*row) for row in conn.execute(_PAGE, wanted | paging))
    note_shown(conn, (line.household for line in lines))
    return DeliveryPage(lines, page, int(conn.execute(_COUNT, wanted).scalar_one()))


def iterate_deliveries(conn: Connection, plan_id: int) -> Iterator[DeliveryLine]:
    """Yield every target of a plan that the viewer may see, by number."""
    for row in conn.execute(_ALL, _describe(plan_id, None)):
        yield DeliveryLine(*row)


def list_progress(
    conn: Connection, plan_id: int, level: str, *, area: str | None = None
) -> tuple[ProgressLine, ...]:
    """Return how far a plan is per area, late ones first, then those with most left.

    Parameters
    ----------
    conn
        In the viewer's name.
    plan_id
        The plan.
    level
        ``kabupaten``, ``kecamatan`` or ``desa``. Areas without targets are left out.
    area
        Only what lies inside it.
    """
    wanted = _describe(plan_id, area) | {"digits": CODE_LENGTHS[level]}
    rows = conn.execute(_PROGRESS, wanted)
    return tuple(
        ProgressLine(row[0], row[1], row[2], row[3], *row[5:])  # the fifth is the code once more
        for row in rows
    )


def list_history(conn: Connection, plan_id: int, household: int) -> tuple[Recorded, ...]:
    """Return what was recorded of a target, the last first."""
    wanted = {"plan": plan_id, "household": household}
    return tuple(Recorded(*row) for row in conn.execute(_HISTORY, wanted))


def list_plans_of_household(conn: Connection, household: int) -> tuple[PlanOfHousehold, ...]:
    """Return the plans of a household that the viewer may see, the newest first."""
    return tuple(
        PlanOfHousehold(*row) for row in conn.execute(_OF_HOUSEHOLD, {"household": household})
    )


def _describe(plan_id: int, area: str | None, *, only_open: bool = False) -> dict[str, Any]:
    return {"plan": plan_id, "pattern": area_pattern(area), "only_open": only_open}
