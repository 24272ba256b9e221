"""Rows that neither key nor number joins, scored against the register (``geo.matching``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Connection, text

from db.registers.golden import HEAD_OF
from geo.matching import Candidates, People, decide, explain_all, find_candidates, list_reasons

_REGISTER_ADDRESS = "concat_ws(' ', h.address, 'RT ' || h.rt, 'RW ' || h.rw)"

# Each statement gives: row numbers or an id, then the columns of People.
HOUSEHOLDS_OF_FILE = """
    SELECT ARRAY[i.row_number], i.nik, i.kk, i.head_name, i.birth_date, i.sex,
           concat_ws(' ', i.address, 'RT ' || i.rt, 'RW ' || i.rw), i.area_code
    FROM incoming_match m JOIN incoming_household i USING (row_number)
    WHERE m.is_new ORDER BY i.row_number
"""
FREE_HOUSEHOLDS = f"""
    SELECT h.id, p.nik, h.kk, h.head_name, p.birth_date, p.sex, {_REGISTER_ADDRESS}, h.area_code
    FROM household h {HEAD_OF}
    WHERE NOT EXISTS (SELECT FROM incoming_match m WHERE m.id = h.id) ORDER BY h.id
"""
RECIPIENTS_OF_FILE = """
    SELECT array_agg(i.row_number ORDER BY i.row_number), coalesce(i.nik, i.person_nik), i.kk,
           i.head_name, i.birth_date, CAST(NULL AS text), i.address, i.area_code
    FROM incoming_aid i
    WHERE i.head_name IS NOT NULL
      AND NOT EXISTS (SELECT FROM incoming_aid_key k WHERE k.row_number = i.row_number)
    GROUP BY 2, 3, 4, 5, 7, 8 ORDER BY min(i.row_number)
"""
ALL_PERSONS = f"""
    SELECT h.id, p.nik, h.kk, p.name, p.birth_date, p.sex, {_REGISTER_ADDRESS}, h.area_code
    FROM person p JOIN household h ON h.id = p.household_id ORDER BY p.id
"""

CASES_OF_HOUSEHOLDS = f"""
    SELECT i.row_number, h.id, i.nik, i.kk, i.head_name, i.birth_date, i.sex,
           concat_ws(' ', i.address, 'RT ' || i.rt, 'RW ' || i.rw), i.area_code,
           p.nik, h.kk, h.head_name, p.birth_date, p.sex, {_REGISTER_ADDRESS}, h.area_code
    FROM unnest(CAST(:rows AS int[]), CAST(:households AS bigint[])) AS c (row_number, id)
    JOIN incoming_household i USING (row_number) JOIN household h USING (id) {HEAD_OF}
"""
CASES_OF_PERSONS = f"""
    SELECT i.row_number, h.id, i.nik, i.kk, i.name, i.birth_date, i.sex, i.address, i.area_code,
           p.nik, h.kk, p.name, p.birth_date, p.sex, {_REGISTER_ADDRESS}, h.area_code
    FROM unnest(CAST(:rows AS int[]), CAST(:households AS bigint[])) AS c (row_number, id)
    JOIN incoming_person i USING (row_number) JOIN household h USING (id)
    LEFT JOIN LATERAL (
        SELECT * FROM person WHERE household_id = h.id
        ORDER BY nik = i.nik DESC NULLS LAST, similarity(name, i.name) DESC, id LIMIT 1
    ) AS p ON true
"""
"""Rows beside the households that a key or a number names; of persons the likeliest member."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A household that a row may be: of which kind the case is, and how each field agrees."""

    row: int
    household: int
    kind: str
    score: float
    reasons: dict[str, str]


@dataclass(frozen=True, slots=True)
class Scored:
    """What scoring found.

    Attributes
    ----------
    joins
        Row number, household and score of the rows that are surely known.
    suggestions
        Of the rows in between.
    """

    joins: list[tuple[int, int, float]]
    suggestions: list[Suggestion]


def score_rows(conn: Connection, of_file: str, of_register: str, *, heads: bool) -> Scored:
    """Score the rows of one query against those of another.

    Parameters
    ----------
    conn
        In the transaction of the import.
    of_file, of_register
        Queries of this module.
    heads
        Whether both sides are heads of families.
    """
    rows, incoming = _read_people(conn, of_file)
    if not rows:
        return Scored([], [])
    ids, register = _read_people(conn, of_register)
    decision = decide(find_candidates(incoming, register, heads=heads))
    joins = [
        (row, ids[theirs], score)
        for mine, theirs, score in _list_pairs(decision.joins)
        for row in rows[mine]
    ]
    suggestions = []
    told_of = explain_all(decision.reviews)
    for (mine, theirs, score), told in zip(_list_pairs(decision.reviews), told_of, strict=True):
        reasons = {reason.field: reason.agreement for reason in told.reasons}
        suggestions += [
            Suggestion(row, ids[theirs], told.kind, score, reasons) for row in rows[mine]
        ]
    return Scored(joins, suggestions)


def describe_cases(
    conn: Connection, cases: Sequence[tuple[int, int, str]], query: str
) -> list[Suggestion]:
    """Say how the fields agree of rows that a key or a number joins, but a person must look at.

    Parameters
    ----------
    conn
        In the transaction of the import.
    cases
        Row number, household and kind of each.
    query
        ``CASES_OF_HOUSEHOLDS`` or ``CASES_OF_PERSONS``.
    """
    kinds = {(row, household): kind for row, household, kind in cases}
    if not kinds:
        return []
    rows, households = zip(*kinds, strict=True)
    found = conn.execute(text(query), {"rows": list(rows), "households": list(households)}).all()
    columns = list(zip(*found, strict=True))
    width = len(fields(People))
    told = list_reasons(People(*columns[2 : 2 + width]), People(*columns[2 + width :]))
    return [
        Suggestion(
            one[0], one[1], kinds[one[0], one[1]], _SURE, {r.field: r.agreement for r in reasons}
        )
        for one, reasons in zip(found, told, strict=True)
    ]


_SURE = 1.0
"""Score of a candidate that a key or a number found."""


def _list_pairs(found: Candidates) -> Iterator[tuple[int, int, float]]:
    return zip(found.incoming.tolist(), found.register.tolist(), found.score.tolist(), strict=True)


def _read_people(conn: Connection, query: str) -> tuple[list, People]:
    rows = conn.execute(text(query)).all()
    columns = list(zip(*rows, strict=True)) or [()] * 8
    return list(columns[0]), People(*columns[1:])
