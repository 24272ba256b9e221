"""Checked persons into the register: compared with what their source said, and written."""

from __future__ import annotations

from sqlalchemy import Connection, text

from db.ledger import Ledger
from db.registers.golden import (
    ORDER,
    PERSON_FIELDS,
    keep_base_person_records,
    keep_base_records,
    name_ids,
    refresh_households,
    refresh_persons,
)
from db.registers.incoming import AS_OF, BATCH, SOURCE, note_corrections
from db.registers.journal import Origin

# As of households: what the source said until the date of the file.
_COMPARE = text(f"""
    CREATE TEMP TABLE incoming_person_change ON COMMIT DROP AS
    SELECT m.row_number, m.household_id, m.person_id, m.person_id IS NULL AS is_new,
           m.person_id IS NOT NULL AND (
               coalesce(said.as_of, own.as_of) IS DISTINCT FROM CAST(:as_of AS date) OR
               {
    " OR ".join(
        f"i.{n} IS NOT NULL AND i.{n} IS DISTINCT FROM coalesce(said.{n}, p.{n})"
        for n in PERSON_FIELDS
    )
}) AS is_news
    FROM incoming_person_match m
    JOIN incoming_person i USING (row_number)
    LEFT JOIN person p ON p.id = m.person_id
    LEFT JOIN LATERAL (
        SELECT r.* FROM person_record r
        WHERE r.person_id = p.id AND r.source = :source AND r.as_of <= :as_of
        ORDER BY {ORDER} LIMIT 1
    ) AS said ON true
    LEFT JOIN LATERAL (
        SELECT coalesce(b.as_of, h.as_of) AS as_of
        FROM household h LEFT JOIN import_batch b ON b.id = p.batch_id
        WHERE h.id = p.household_id AND coalesce(b.source, h.source) = :source
          AND coalesce(b.as_of, h.as_of) <= :as_of
          AND NOT EXISTS (SELECT FROM person_record r WHERE r.person_id = p.id)
    ) AS own ON true
""")
_COUNT = text("""
    SELECT count(*) FILTER (WHERE is_new) AS new, count(*) FILTER (WHERE is_news) AS matched,
           count(*) FILTER (WHERE NOT (is_new OR is_news)) AS unchanged
    FROM incoming_person_change
""")
_CHANGED = "incoming_person_change c JOIN incoming_person i USING (row_number)"
_INSERTED = ("relationship", "life_status")
_INSERT = text(f"""
    INSERT INTO person (household_id, external_id, batch_id, relationship, life_status,
                        {", ".join(n for n in PERSON_FIELDS if n not in _INSERTED)})
    SELECT c.household_id, i.external_id, {BATCH}, coalesce(i.relationship, 'other'),
           coalesce(i.life_status, 'alive'),
           {", ".join(f"i.{n}" for n in PERSON_FIELDS if n not in _INSERTED)}
    FROM {_CHANGED} WHERE c.is_new ORDER BY c.household_id, c.row_number
""")
_RECORD = text(f"""
    INSERT INTO person_record (person_id, batch_id, row_number, source, as_of, external_id,
                               {", ".join(PERSON_FIELDS)})
    SELECT c.person_id, {BATCH}, c.row_number, {SOURCE}, {AS_OF}, i.external_id,
           {", ".join(f"i.{n}" for n in PERSON_FIELDS)}
    FROM {_CHANGED} WHERE c.is_news
""")

# A register of families that doesn't count its members has put down the head alone.
_UNCOUNTED = """
    SELECT h.id FROM household h
    JOIN (SELECT household_id, count(*) AS person_count FROM person
          WHERE life_status = 'alive'
            AND household_id IN (SELECT household_id FROM incoming_person_change WHERE is_new)
          GROUP BY household_id) AS c ON c.household_id = h.id
    WHERE h.member_count < c.person_count AND c.person_count <= 63
"""
_RECORD_COUNT = text(f"""
    INSERT INTO household_record (household_id, batch_id, source, as_of, member_count)
    SELECT g.id, {BATCH}, {SOURCE}, {AS_OF},
           (SELECT count(*) FROM person p
            WHERE p.household_id = g.id AND p.life_status = 'alive')
    FROM golden_id g
""")


def merge_persons(conn: Connection, ledger: Ledger, origin: Origin) -> None:
    """Compare and write the rows of ``incoming_person`` that stand in ``incoming_person_match``.

    Parameters
    ----------
    conn
        In the transaction of the import.
    ledger
        Of the open batch; takes the outcome of every row.
    origin
        Of the file.
    """
    values = {"source": origin.code, "as_of": origin.as_of, "batch": ledger.batch_id}
    conn.execute(_COMPARE, values)
    conn.execute(text("ANALYZE incoming_person_change"))
    counts = conn.execute(_COUNT).one()
    for outcome in ("new", "matched", "unchanged"):
        ledger.count(outcome, getattr(counts, outcome))
    if counts.new:
        conn.execute(_INSERT, values)
        name_ids(conn, "golden_id", _UNCOUNTED)
        keep_base_records(conn)
        conn.execute(_RECORD_COUNT, values)
        refresh_households(conn)
    if counts.matched:
        name_ids(
            conn, "golden_person_id", "SELECT person_id FROM incoming_person_change WHERE is_news"
        )
        keep_base_person_records(conn)
        conn.execute(_RECORD, values)
        refresh_persons(conn)
    note_corrections(conn, "incoming_person", ledger.batch_id)
