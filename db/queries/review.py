"""Rows of files that wait for a person: whether they are a household of the register or a new one.

All of it reads through the masked views: a row, a candidate or a number that its viewer may not see
is not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from db.audit import note_shown
from geo.errors import MapError
from geo.text import N_

REVIEWERS = ("planner", "task_unit", "village_operator")
"""Roles that decide; whether the row lies in their area, the worker looks again."""
KINDS = ("match", "nik_changed", "moved", "merged_kk", "head_changed", "dead", "same_name")
MOST_CANDIDATES = 3


class CaseKey(NamedTuple):
    """A waiting row: its batch and its number in the file."""

    batch: int
    row: int


BEFORE_ALL = CaseKey(0, 0)


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """Which rows are looked at; None is all of them.

    Attributes
    ----------
    batch
        Of this batch.
    kind
        With a candidate of this kind (:data:`KINDS`).
    area
        Kemendagri code; rows that speak of it or of a part of it.
    """

    batch: int | None = None
    kind: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter, and how many rows wait there, where that was counted."""

    key: str
    name: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a household as the viewer may see it; ``age`` in full years."""

    name: str
    relationship: str
    age: int | None
    nik: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A household that the row may be.

    Attributes
    ----------
    household, kind, score
        As in ``match_candidate``; the score is 0 to 1.
    reasons
        Field to ``same``, ``similar``, ``different`` or ``missing``, as the true values agree.
    fields
        What the register says, under the names of the row's fields; None where it says nothing
        or the viewer may not know.
    age
        Of the head, in full years.
    distance_m
        Between the row's position and the one the viewer may know; None without either.
    members
        Of the household.
    """

    household: int
    kind: str
    score: float
    reasons: Mapping[str, str]
    fields: Mapping[str, Any]
    age: int | None
    distance_m: float | None
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A row beside the households it may be.

    Attributes
    ----------
    key
        Which it is.
    reason
        Why it waits, in Indonesian.
    area_code, desa, kecamatan
        Where the row says it lies.
    fields
        The row as it was understood, as far as the viewer may see it.
    content
        The row as it stood in the file, for who may see that.
    file_name, source, as_of
        Of its batch; None for who may not look into that.
    decision, decided_by, decided_at, household
        What was decided, by whom, when, and where the row went; None while it waits.
    candidates
        The likeliest first, three at most.
    """

    key: CaseKey
    reason: str
    area_code: str | None
    desa: str | None
    kecamatan: str | None
    fields: Mapping[str, Any]
    content: Mapping[str, Any] | None
    file_name: str | None
    source: str | None
    as_of: date | None
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None
    household: int | None
    candidates: tuple[Candidate, ...]

    def get_candidate(self, household: int | None) -> Candidate | None:
        """Return a candidate by its household."""
        return next((one for one in self.candidates if one.household == household), None)


class CaseNotFound(MapError):
    """A row that does not wait, or that the viewer may not see; both answer alike."""

    status = 404

    def __init__(self) -> None:
        super().__init__(N_("Baris ini tidak ada di meja tinjau Anda."))


# Rows that the viewer has just decided are left out while the worker is busy with them.
_WAITING = """
    FROM import_row AS r
    WHERE r.outcome = 'review' AND r.decision IS NULL
      AND (CAST(:batch AS bigint) IS NULL OR r.batch_id = :batch)
      AND (CAST(:area AS text) IS NULL OR starts_with(r.area_code || '.', :area || '.'))
      AND EXISTS (
          SELECT FROM match_candidate AS c
          WHERE (c.batch_id, c.row_number) = (r.batch_id, r.row_number)
            AND (CAST(:kind AS text) IS NULL OR c.kind = :kind))
      AND NOT EXISTS (
          SELECT FROM job AS j
          WHERE j.kind = 'decide' AND j.finished_at IS NULL AND j.args ->> 'decision' <> 'undo'
            AND (CAST(j.args ->> 'batch' AS bigint), CAST(j.args ->> 'row' AS integer))
                = (r.batch_id, r.row_number))
"""
_COUNT = text(f"SELECT count(*) {_WAITING}")
_NEXT = text(f"""
    SELECT r.batch_id, r.row_number {_WAITING}
      AND (r.batch_id, r.row_number) > (:after_batch, :after_row)
    ORDER BY r.batch_id, r.row_number LIMIT 1
""")
_CHOICES = {
    "batch": text(f"""
        SELECT CAST(q.batch_id AS text),
               coalesce((SELECT b.file_name FROM import_batch AS b WHERE b.id = q.batch_id), ''),
               q.count
        FROM (SELECT r.batch_id, count(*) AS count {_WAITING} GROUP BY 1) AS q ORDER BY q.batch_id
    """),
    "area": text(f"""
        SELECT q.area_code, coalesce(d.name, q.area_code), q.count
        FROM (SELECT r.area_code, count(*) AS count {_WAITING} GROUP BY 1) AS q
        LEFT JOIN admin_area AS d ON d.code = q.area_code
        WHERE q.area_code IS NOT NULL ORDER BY 2, 1
    """),
}
_ROW = text("""
    SELECT r.reason, r.area_code, d.name AS desa, k.name AS kecamatan, r.checked AS fields,
           r.content, b.file_name, s.name AS source, b.as_of, r.decision, r.decided_by,
           r.decided_at, r.household_id AS household
    FROM import_row AS r
    LEFT JOIN admin_area AS d ON d.code = r.area_code
    LEFT JOIN admin_area AS k ON k.code = d.parent_code
    LEFT JOIN import_batch AS b ON b.id = r.batch_id
    LEFT JOIN source AS s ON s.code = b.source
    WHERE (r.batch_id, r.row_number) = (:batch, :row) AND r.outcome = 'review'
""")
_CANDIDATES = text("""
    SELECT household_id, kind, score, reasons FROM match_candidate
    WHERE (batch_id, row_number) = (:batch, :row)
    ORDER BY score DESC, household_id LIMIT :most
""")
# Asked by number: joined to the candidates, the masked view would be read from end to end.
_HOUSEHOLDS = text("""
    SELECT h.id, p.age, h.head_name, p.nik, h.kk, p.birth_date, p.sex, h.address, h.rt, h.rw,
           h.area_code, d.name AS desa, k.name AS kecamatan, h.decile, h.member_count, h.status,
           s.name AS source, h.as_of,
           ST_DistanceSphere(h.location, ST_SetSRID(ST_MakePoint(
               CAST(:lon AS double precision), CAST(:lat AS double precision)), 4326)) AS distance_m
    FROM household AS h
    JOIN source AS s ON s.code = h.source
    LEFT JOIN admin_area AS d ON d.code = h.area_code
    LEFT JOIN admin_area AS k ON k.code = d.parent_code
    LEFT JOIN LATERAL (
        SELECT nik, birth_date, sex, date_part('year', age(birth_date))::int AS age
        FROM person WHERE household_id = h.id AND relationship = 'head' ORDER BY id LIMIT 1
    ) AS p ON true
    WHERE h.id = ANY(:households)
""")
_MEMBERS = text("""
    SELECT household_id, name, relationship, date_part('year', age(birth_date))::int AS age, nik
    FROM person WHERE household_id = ANY(:households)
    ORDER BY CASE relationship WHEN 'head' THEN 0 WHEN 'spouse' THEN 1 ELSE 2 END, birth_date, id
""")


def count_waiting(conn: Connection, filters: QueueFilters = QueueFilters()) -> int:
    """Return how many rows wait that the viewer may decide."""
    return int(conn.execute(_COUNT, asdict(filters)).scalar_one())


def list_choices(conn: Connection) -> dict[str, tuple[Choice, ...]]:
    """Return what the queue can be narrowed to besides the kinds: ``batch`` and ``area``."""
    everything = asdict(QueueFilters())
    return {
        name: tuple(Choice(*row) for row in conn.execute(statement, everything))
        for name, statement in _CHOICES.items()
    }


def find_next(
    conn: Connection, filters: QueueFilters = QueueFilters(), after: CaseKey = BEFORE_ALL
) -> CaseKey | None:
    """Return the oldest waiting row after another, None when there is none.

    Parameters
    ----------
    conn
        Connection in the viewer's name.
    filters
        Which rows.
    after
        Rows stand in the order of their batches, and of the file.
    """
    place = {"after_batch": after.batch, "after_row": after.row}
    row = conn.execute(_NEXT, asdict(filters) | place).one_or_none()
    return None if row is None else CaseKey(*row)


def get_case(conn: Connection, key: CaseKey) -> Case:
    """Return a row that waits or was decided, with its candidates.

    Raises
    ------
    CaseNotFound
        When there is none that the viewer may see.
    """
    row = conn.execute(_ROW, key._asdict()).mappings().one_or_none()
    if row is None:
        raise CaseNotFound
    fields = {"desa": row["desa"], "kecamatan": row["kecamatan"], **(row["fields"] or {})}
    candidates = _list_candidates(conn, key, fields)
    note_shown(conn, (one.household for one in candidates))
    return Case(key=key, candidates=candidates, **{**row, "fields": fields})


def _list_candidates(
    conn: Connection, key: CaseKey, fields: Mapping[str, Any]
) -> tuple[Candidate, ...]:
    found = conn.execute(_CANDIDATES, key._asdict() | {"most": MOST_CANDIDATES}).all()
    households = [one.household_id for one in found]
    place = {"lon": fields.get("lon"), "lat": fields.get("lat")}
    known = conn.execute(_HOUSEHOLDS, {"households": households, **place}).mappings()
    said = {row["id"]: dict(row) for row in known}
    members = _list_members(conn, households)
    return tuple(
        Candidate(
            household=one.household_id,
            kind=one.kind,
            score=one.score,
            reasons=one.reasons,
            fields=said[one.household_id],
            age=said[one.household_id]["age"],
            distance_m=said[one.household_id]["distance_m"],
            members=tuple(members[one.household_id]),
        )
        for one in found
    )


def _list_members(conn: Connection, households: Iterable[int]) -> Mapping[int, list[Member]]:
    members: dict[int, list[Member]] = defaultdict(list)
    for household, *member in conn.execute(_MEMBERS, {"households": list(households)}):
        members[household].append(Member(*member))
    return members
