"""Households as the village task force decides on them, and what it decided by which decree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from db.audit import note_shown

VERIFIERS = ("village_operator", "task_unit")
PAGE_SIZE = 50
MOST_AT_ONCE = 500
"""Households of one decision; the numbers of more would not fit a job's arguments well."""


@dataclass(frozen=True, slots=True)
class StandingFilters:
    """Which households are listed; None is all of them.

    Attributes
    ----------
    status
        With this standing.
    search
        Part of the head's name, or a whole NIK or KK of sixteen digits.
    area
        Kemendagri code of a desa.
    """

    status: str | None = None
    search: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A household in the list, with its last decree."""

    id: int
    head_name: str
    kk: str | None
    address: str | None
    rt: str | None
    rw: str | None
    area_code: str
    desa: str
    decile: int | None
    member_count: int
    status: str
    source: str
    as_of: date
    decree_number: str | None
    decree_date: date | None


@dataclass(frozen=True, slots=True)
class StandingPage:
    """A page of the list: its households, and how many there are in all."""

    lines: tuple[StandingLine, ...]
    page: int
    total: int

    @property
    def has_more(self) -> bool:
        """Whether there is a page after this one."""
        return self.page * PAGE_SIZE < self.total


@dataclass(frozen=True, slots=True)
class Decree:
    """One decision on a household."""

    status: str
    decree_number: str
    decree_date: date
    note: str | None
    user: str
    at: datetime
    batch: int


_WHERE = """
    FROM household AS h
    JOIN admin_area AS d ON d.code = h.area_code
    JOIN source AS s ON s.code = h.source
    WHERE (CAST(:status AS text) IS NULL OR h.status = :status)
      AND (CAST(:area AS text) IS NULL OR h.area_code = :area)
      AND (CAST(:name AS text) IS NULL OR h.head_name ILIKE :name)
      AND (CAST(:number AS text) IS NULL OR h.kk = :number
           OR h.id IN (SELECT household_id FROM person WHERE nik = :number))
"""
_LIST = text(f"""
    SELECT h.id, h.head_name, h.kk, h.address, h.rt, h.rw, h.area_code, d.name AS desa, h.decile,
           h.member_count, h.status, s.name AS source, h.as_of, v.decree_number, v.decree_date
    FROM (SELECT h.id AS listed {_WHERE}
          ORDER BY h.area_code, h.rw, h.rt, h.head_name, h.id LIMIT :limit OFFSET :offset) AS q
    JOIN household AS h ON h.id = q.listed
    JOIN admin_area AS d ON d.code = h.area_code
    JOIN source AS s ON s.code = h.source
    LEFT JOIN LATERAL (
        SELECT decree_number, decree_date FROM verification
        WHERE household_id = h.id ORDER BY id DESC LIMIT 1
    ) AS v ON true
    ORDER BY h.area_code, h.rw, h.rt, h.head_name, h.id
""")
_COUNT = text(f"SELECT h.status, count(*) {_WHERE} GROUP BY h.status")
_STANDINGS = text("SELECT id, head_name, status FROM household WHERE id = ANY(:ids) ORDER BY 2, 1")
_DESAS = text("""
    SELECT h.area_code, d.name FROM (SELECT DISTINCT area_code FROM household) AS h
    JOIN admin_area AS d ON d.code = h.area_code ORDER BY d.name, d.code
""")
_HISTORY = text("""
    SELECT status, decree_number, decree_date, note, user_name, at, batch_id
    FROM verification WHERE household_id = :household ORDER BY id DESC
""")


def list_standings(conn: Connection, filters: StandingFilters, page: int = 1) -> StandingPage:
    """Return one page of the households of the viewer's area, by desa, RW, RT and name."""
    parameters = _parameters(filters)
    paging = {"limit": PAGE_SIZE, "offset": (page - 1) * PAGE_SIZE}
    lines = tuple(StandingLine(*row) for row in conn.execute(_LIST, parameters | paging))
    counts = {status: int(count) for status, count in conn.execute(_COUNT, parameters)}
    note_shown(conn, (line.id for line in lines))
    return StandingPage(lines, page, sum(counts.values()))


def count_standings(conn: Connection, filters: StandingFilters) -> dict[str, int]:
    """Return how many households there are of each standing; the filter's own is left out."""
    rows = conn.execute(_COUNT, _parameters(filters) | {"status": None})
    return {status: int(count) for status, count in rows}


def list_desas(conn: Connection) -> list[tuple[str, str]]:
    """Return code and name of the desa that the viewer sees households of."""
    return [(code, name) for code, name in conn.execute(_DESAS)]


def find_standings(conn: Connection, households: Iterable[int]) -> list[tuple[int, str, str]]:
    """Return id, head's name and standing of those households that the viewer may see."""
    rows = conn.execute(_STANDINGS, {"ids": list(households)}).all()
    note_shown(conn, (row.id for row in rows))
    return [(row.id, row.head_name, row.status) for row in rows]


def list_decrees(conn: Connection, household: int) -> tuple[Decree, ...]:
    """Return the decisions on a household, the newest first."""
    return tuple(Decree(*row) for row in conn.execute(_HISTORY, {"household": household}))


def _parameters(filters: StandingFilters) -> dict[str, Any]:
    asked = asdict(filters)
    search = " ".join((asked.pop("search") or "").split())
    digits = re.sub(r"[ .-]", "", search)
    is_number = re.fullmatch(r"\d{16}", digits) is not None
    escaped = re.sub(r"([\\%_])", r"\\\1", search)
    return {
        **asked,
        "number": digits if is_number else None,
        "name": f"%{escaped}%" if search and not is_number else None,
    }
