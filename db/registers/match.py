"""Which household of the register each checked row of a file is.

By the key of its source, by the exact NIK of its head, then by score (``geo.matching``). What a
number alone must not decide waits for a person: a NIK that changed, another head, a family that
moved, a family card that two families claim.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, text

from db.registers.journal import Journal, Origin, Waiting
from db.registers.scoring import (
    CASES_OF_HOUSEHOLDS,
    FREE_HOUSEHOLDS,
    HOUSEHOLDS_OF_FILE,
    Suggestion,
    describe_cases,
    score_rows,
)
from geo.text import N_

NIK_TWICE = N_("NIK kepala keluarga ini tercatat pada lebih dari satu keluarga.")
SAME_HOUSEHOLD = N_("Baris lain dalam berkas ini adalah keluarga yang sama.")
NOT_HERE = N_("Keluarga seperti ini tidak ada di wilayah kerja Anda.")
"""To who is confined to an area the one sentence for what is unknown and what lies elsewhere: the
difference would tell whether a family stands in another desa's register."""
FOREIGN = N_("Keluarga ini tercatat di luar wilayah kerja Anda.")
REASONS = {
    "match": N_("Mirip dengan keluarga yang sudah tercatat; periksa apakah sama."),
    "same_name": N_("Nama dan alamatnya mirip, tetapi mungkin orang lain; periksa."),
    "nik_changed": N_("NIK kepala keluarga berbeda dari yang tercatat; periksa."),
    "new_head": N_("Kepala keluarganya lain dari yang tercatat; periksa."),
    "moved": N_("Keluarga ini tercatat di desa lain; periksa apakah pindah."),
    "merged_kk": N_("Nomor KK ini tercatat pada keluarga lain; periksa apakah KK digabung."),
    "dead": N_("Kepala keluarga ini tercatat meninggal; periksa siapa penggantinya."),
}
"""Why a row waits, by the kind of its case."""

# Looked up once, in a sub-select, for that takes four times as long as the join.
NEXT_ID = "nextval((SELECT CAST(pg_get_serial_sequence('household', 'id') AS regclass)))"

_MATCH = text("""
    CREATE TEMP TABLE incoming_match ON COMMIT DROP AS
    WITH keyed AS (
        SELECT i.row_number, coalesce(h.id, r.household_id) AS id
        FROM incoming_household i
        LEFT JOIN household h ON h.source = :source AND h.external_id = i.external_id
        LEFT JOIN LATERAL (
            SELECT r.household_id FROM household_record r
            WHERE h.id IS NULL AND r.source = :source AND r.external_id = i.external_id
            ORDER BY r.id DESC LIMIT 1
        ) AS r ON true
        WHERE i.external_id IS NOT NULL
    ), known AS (
        SELECT p.nik, min(p.household_id) FILTER (WHERE p.relationship = 'head') AS headed,
               count(DISTINCT p.household_id) FILTER (WHERE p.relationship = 'head') AS head_count,
               min(p.household_id) AS lived_in
        FROM person p JOIN incoming_household i ON i.nik = p.nik
        WHERE p.life_status <> 'moved' GROUP BY p.nik
    )
    SELECT i.row_number, coalesce(k.id, n.headed, n.lived_in) AS id,
           k.id IS NULL AND n.nik IS NULL AS is_new, k.id IS NOT NULL AS by_key,
           k.id IS NULL AND coalesce(n.head_count, 0) > 1 AS is_ambiguous,
           n.headed IS NULL AND n.lived_in IS NOT NULL AND k.id IS NULL AS is_member,
           CAST(NULL AS real) AS score
    FROM incoming_household i
    LEFT JOIN keyed k USING (row_number)
    LEFT JOIN known n ON n.nik = i.nik
""")

# What a key or a number joins, but says something that a person must look at.
_CASES = text("""
    WITH head AS (
        SELECT household_id, min(id) AS id FROM person
        WHERE relationship = 'head'
          AND household_id IN (SELECT id FROM incoming_match WHERE NOT is_new)
        GROUP BY household_id
    ), found AS (
        SELECT m.row_number, m.id, i.kk, CASE
            WHEN m.is_member THEN 'new_head'
            WHEN m.by_key AND p.nik IS NOT NULL AND i.nik <> p.nik THEN CASE
                WHEN (lower(i.head_name), i.birth_date) = (lower(p.name), p.birth_date)
                     OR similarity(i.head_name, p.name) >= 0.5 THEN 'nik_changed'
                ELSE 'new_head' END
            WHEN NOT m.by_key AND i.area_code <> h.area_code THEN 'moved'
            WHEN i.kk <> h.kk AND EXISTS (
                SELECT FROM household o WHERE o.kk = i.kk AND o.id <> h.id) THEN 'merged_kk'
        END AS kind
        FROM incoming_match m
        JOIN incoming_household i USING (row_number)
        JOIN household h ON h.id = m.id
        LEFT JOIN head ON head.household_id = m.id
        LEFT JOIN person p ON p.id = head.id
        WHERE NOT m.is_new AND NOT m.is_ambiguous
    )
    SELECT row_number, id, kind FROM found WHERE kind IS NOT NULL
    UNION ALL
    SELECT f.row_number, o.id, f.kind FROM found f JOIN household o ON o.kk = f.kk AND o.id <> f.id
    WHERE f.kind = 'merged_kk'
    ORDER BY 1, 2
""")

_TWICE = text("""
    WITH ranked AS (
        SELECT row_number, is_ambiguous,
               rank() OVER (PARTITION BY id, is_ambiguous
                            ORDER BY by_key DESC, score DESC NULLS FIRST, row_number) AS place
        FROM incoming_match WHERE id IS NOT NULL
    )
    DELETE FROM incoming_match m USING ranked r
    WHERE m.row_number = r.row_number AND (r.is_ambiguous OR r.place > 1)
    RETURNING m.row_number, r.is_ambiguous
""")

_OUTSIDE = text("""
    DELETE FROM incoming_match m USING household h
    WHERE h.id = m.id AND NOT starts_with(h.area_code || '.', :area || '.')
    RETURNING m.row_number
""")

_WAIT = """
    DELETE FROM {matched} m USING {incoming} i
    WHERE i.row_number = m.row_number AND m.row_number = ANY (:rows)
    RETURNING i.row_number, i.area_code, CAST(jsonb_strip_nulls(to_jsonb(i)) AS text)
"""

_CANDIDATE = text("""
    INSERT INTO match_candidate (batch_id, row_number, household_id, kind, score, reasons)
    VALUES (:batch, :row, :household, :kind, :score, CAST(:reasons AS jsonb))
    ON CONFLICT DO NOTHING
""")

_JOIN = text("""
    UPDATE incoming_match m SET id = j.id, score = j.score, is_new = false
    FROM unnest(CAST(:rows AS integer[]), CAST(:ids AS bigint[]), CAST(:scores AS real[]))
         AS j (row_number, id, score)
    WHERE m.row_number = j.row_number
""")


class Review:
    """The rows of one file that will wait for a person, with their candidates.

    Rows in ``import_row`` are written when the journal is saved; the candidates refer to them, so
    :meth:`store` comes after that.
    """

    def __init__(self) -> None:
        self._candidates: dict[int, list[dict[str, Any]]] = defaultdict(list)

    def suggest(self, suggestions: Iterable[Suggestion]) -> None:
        """Add candidates of rows."""
        for one in suggestions:
            self._candidates[one.row].append(
                {
                    "household": one.household,
                    "kind": one.kind,
                    "score": one.score,
                    "reasons": json.dumps(one.reasons),
                }
            )

    def drop(self, rows: Iterable[int]) -> None:
        """Take rows out that have been rejected."""
        for row in rows:
            self._candidates.pop(row, None)

    def enter(
        self,
        conn: Connection,
        journal: Journal,
        incoming: str = "incoming_household",
        matched: str = "incoming_match",
    ) -> None:
        """Take the rows that wait out of a table of matched rows, and let the journal keep them."""
        statement = text(_WAIT.format(incoming=incoming, matched=matched))
        rows = conn.execute(statement, {"rows": sorted(self._candidates)})
        journal.ask_for_review(
            {
                number: Waiting(REASONS[self._candidates[number][0]["kind"]], checked, area)
                for number, area, checked in rows
            }
        )

    def store(self, conn: Connection, batch_id: int) -> None:
        """Write the candidates of the rows that wait."""
        rows = [
            {"batch": batch_id, "row": row, **candidate}
            for row, candidates in sorted(self._candidates.items())
            for candidate in candidates
        ]
        if rows:
            conn.execute(_CANDIDATE, rows)


def explain_fault(fault: str, faults: Mapping[str, str], origin: Origin) -> str:
    """Return the sentence for a fault, as far as whoever brought the file may know it."""
    tells = fault in ("unknown", "foreign", "ambiguous") and origin.area is not None
    return NOT_HERE if tells else faults[fault]


def join_by_score(conn: Connection, review: Review) -> None:
    """Join the new rows of ``incoming_match`` that are surely known; suggest the likely ones."""
    scored = score_rows(conn, HOUSEHOLDS_OF_FILE, FREE_HOUSEHOLDS, heads=True)
    review.suggest(scored.suggestions)
    if scored.joins:
        columns = zip(("rows", "ids", "scores"), zip(*scored.joins, strict=True), strict=True)
        conn.execute(_JOIN, {name: list(values) for name, values in columns})


def match_households(conn: Connection, journal: Journal, origin: Origin) -> Review:
    """Make ``incoming_match``: for each row that is taken its household, with the id of a new one.

    Parameters
    ----------
    conn
        In the transaction of the import, ``incoming_household`` filled.
    journal
        Takes the rows that are rejected or wait.
    origin
        Of the file.

    Returns
    -------
    Review
        To be stored once the journal is saved.
    """
    conn.execute(text("ANALYZE incoming_household (row_number, external_id, nik)"))
    conn.execute(_MATCH, {"source": origin.code})
    conn.execute(text("ANALYZE incoming_match"))
    review = Review()
    cases = [(row[0], row[1], row[2]) for row in conn.execute(_CASES)]
    review.suggest(describe_cases(conn, cases, CASES_OF_HOUSEHOLDS))
    join_by_score(conn, review)
    if origin.area:
        foreign = conn.scalars(_OUTSIDE, {"area": origin.area}).all()
        journal.reject_later(dict.fromkeys(foreign, FOREIGN))
        review.drop(foreign)
    review.enter(conn, journal)
    twice = conn.execute(_TWICE).all()
    journal.reject_later({row[0]: NIK_TWICE if row[1] else SAME_HOUSEHOLD for row in twice})
    conn.execute(text(f"UPDATE incoming_match SET id = {NEXT_ID} WHERE id IS NULL"))
    conn.execute(text("ANALYZE incoming_match (row_number, id, is_new)"))
    return review
