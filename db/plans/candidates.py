"""Whom a plan can take: eligible, not served, wanted by no other plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from db.queries.selection import area_pattern
from geo.ranking import UNKNOWN_DECILE, Candidates
from geo.view import POOR_STATUSES

_PROGRAMME = text("""
    SELECT p.code, p.name, p.eligibility, p.rule_version,
           ARRAY(SELECT o.code FROM programme AS o
                 WHERE o.code = ANY (p.excludes) OR p.code = ANY (o.excludes)
                 ORDER BY 1) AS excluded,
           (SELECT day FROM rule_state) AS day
    FROM programme AS p WHERE p.code = :code
""")
_VILLAGES = text("""
    SELECT code FROM admin_area
    WHERE level = 'desa' AND code LIKE :pattern AND (:kind = 'all' OR kind = :kind) ORDER BY 1
""")
# Waiting begins when the register first knew the family, or when the last aid that it got ended;
# who is being helped has not begun to. One row of arrays, which is read much faster than the rows.
_CANDIDATES = text(f"""
    WITH taken AS MATERIALIZED (
        SELECT t.household_id FROM plan AS p JOIN plan_target AS t ON t.plan_id = p.id
        WHERE p.programme_code = :programme AND p.state IN ('approved', 'running')
              AND p.id <> :plan AND t.outcome IS NULL
    ),
    chosen AS MATERIALIZED (
        SELECT h.id, v.number AS village, h.decile, h.needs, h.member_count, h.as_of
        FROM flagged_households(CAST(:flags AS text[]), CAST(:numbers AS int[]), :pattern) AS e (id)
        JOIN household AS h ON h.id = e.id
        JOIN unnest(CAST(:villages AS text[])) WITH ORDINALITY AS v (code, number)
          ON v.code = h.area_code
        WHERE h.id NOT IN (SELECT household_id FROM taken)
    ),
    ends AS MATERIALIZED (
        SELECT period, period_end(period) AS day FROM (SELECT DISTINCT period FROM aid) AS p
    ),
    helped AS MATERIALIZED (
        SELECT a.household_id, max(e.day) AS until FROM aid AS a JOIN ends AS e USING (period)
        WHERE a.status = 'received' GROUP BY a.household_id
    ),
    known AS MATERIALIZED (
        SELECT household_id, min(as_of) AS since FROM household_record GROUP BY household_id
    )
    SELECT array_agg(c.id), array_agg(c.village), array_agg(f.id IS NOT NULL),
           array_agg(coalesce(c.decile, {UNKNOWN_DECILE})), array_agg(bit_count(c.needs::bit(64))),
           array_agg(least(greatest(least(c.as_of, k.since), u.until), CAST(:day AS date))
                     - DATE '1970-01-01'),
           array_agg(c.member_count)
    FROM chosen AS c
    LEFT JOIN flagged_households(ARRAY['first:' || :programme], ARRAY[1], :pattern) AS f (id)
      ON f.id = c.id
    LEFT JOIN helped AS u ON u.household_id = c.id
    LEFT JOIN known AS k ON k.household_id = c.id
""")


@dataclass(frozen=True, slots=True)
class PlannedProgramme:
    """A programme as a plan needs it.

    Attributes
    ----------
    rule, rule_version
        Whom it is for; None where nobody has said.
    excluded
        Programmes that whoever is served by may not get this one.
    day
        For which the rules were evaluated.
    """

    code: str
    name: str
    rule: dict[str, Any] | None
    rule_version: int
    excluded: tuple[str, ...]
    day: date


def find_programme(conn: Connection, code: str) -> PlannedProgramme | None:
    """Return a programme; None when there is none of that code."""
    row = conn.execute(_PROGRAMME, {"code": code}).one_or_none()
    if row is None:
        return None
    return PlannedProgramme(
        code=row.code,
        name=row.name,
        rule=row.eligibility,
        rule_version=row.rule_version,
        excluded=tuple(row.excluded),
        day=row.day,
    )


def list_villages(conn: Connection, area: str | None, kind: str) -> list[str]:
    """Return the codes of the desa of an area; ``kind`` is all, desa or kelurahan."""
    return list(conn.scalars(_VILLAGES, {"pattern": area_pattern(area), "kind": kind}))


def list_candidates(
    conn: Connection,
    programme: PlannedProgramme,
    villages: list[str],
    *,
    area: str | None,
    plan_id: int,
) -> Candidates:
    """Return whom a plan can take.

    Parameters
    ----------
    conn
        As the owner.
    programme
        Of the plan.
    villages
        Codes of its desa.
    area
        Kemendagri code that they lie in; None is everywhere.
    plan_id
        Of the plan; those on its own list may be taken again.

    Returns
    -------
    Candidates
        Eligible, unverified or verified, served neither by the programme nor by one that excludes
        it, and not waiting for delivery in another plan of the programme. In no fixed order.
    """
    served = (programme.code, *programme.excluded)
    groups = [(f"eligible:{programme.code}", 1)]
    groups += [(f"status:{status}", 2) for status in POOR_STATUSES]
    groups += [(f"served:{code}", -3) for code in served]
    asked = {
        "flags": [flag for flag, _ in groups],
        "numbers": [number for _, number in groups],
        "pattern": area_pattern(area),
        "villages": villages,
        "plan": plan_id,
        "programme": programme.code,
        "day": programme.day,
    }
    columns = conn.execute(_CANDIDATES, asked).one()
    ids, numbers, first, deciles, needs, waiting, members = (
        np.array(column or [], np.int64) for column in columns
    )
    return Candidates(
        ids=ids,
        villages=numbers - 1,
        is_first=first.astype(bool),
        deciles=deciles,
        needs=needs,
        waiting_since=waiting.astype("datetime64[D]"),
        members=members,
        codes=villages,
    )
