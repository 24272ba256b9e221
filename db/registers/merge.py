"""Checked households into the register: matched, compared, written, a set at a time."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, text

from db.registers.bulk import rebuilding_indexes
from db.registers.incoming import (
    AS_OF,
    KEPT,
    POINT,
    SOURCE,
    TABLES,
    UNCOUNTED,
    insert_heads,
    insert_households,
    insert_needs,
)
from db.registers.journal import Journal
from geo.text import N_

_NIK_TWICE = N_("NIK kepala keluarga ini tercatat pada lebih dari satu keluarga.")
_SAME_HOUSEHOLD = N_("Baris lain dalam berkas ini adalah keluarga yang sama.")

# A position brings its own accuracy and origin; those of an older position don't fit it.
_NEW = {
    **{name: f"coalesce(i.{name}, h.{name})" for name in KEPT},
    "location": f"coalesce({POINT}, h.location)",
    "accuracy_m": "CASE WHEN i.lon IS NULL THEN h.accuracy_m ELSE i.accuracy_m END",
    "location_source": "CASE WHEN i.lon IS NULL THEN h.location_source ELSE i.location_source END",
    "external_id": "CASE WHEN h.source = :source THEN coalesce(i.external_id, h.external_id)"
    " ELSE i.external_id END",
    "source": SOURCE,
    "as_of": AS_OF,
}
_NEW_HEAD = {
    "name": "i.head_name",
    "nik": "coalesce(i.nik, p.nik)",
    "birth_date": "coalesce(i.birth_date, p.birth_date)",
    "sex": "coalesce(i.sex, p.sex)",
}


def _differs(table: str, new: dict[str, str]) -> str:
    return " OR ".join(f"{table}.{name} IS DISTINCT FROM {value}" for name, value in new.items())


def _set(new: dict[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in new.items())


# The id of a new household is drawn here, so that its head and needs find it without a key. The
# sequence is looked up once, in a sub-select, for that takes four times as long as the join.
_MATCH = text("""
    CREATE TEMP TABLE incoming_match ON COMMIT DROP AS
    WITH head AS (
        SELECT p.nik, min(p.household_id) AS household_id,
               count(DISTINCT p.household_id) AS household_count
        FROM person p JOIN incoming_household i ON i.nik = p.nik
        WHERE p.relationship = 'head' GROUP BY p.nik
    )
    SELECT i.row_number,
           coalesce(h.id, head.household_id,
                    nextval((SELECT CAST(pg_get_serial_sequence('household', 'id') AS regclass)))
           ) AS id,
           h.id IS NULL AND head.nik IS NULL AS is_new,
           h.id IS NOT NULL AS by_key,
           h.id IS NULL AND coalesce(head.household_count, 0) > 1 AS is_ambiguous
    FROM incoming_household i
    LEFT JOIN household h ON h.source = :source AND h.external_id = i.external_id
    LEFT JOIN head ON head.nik = i.nik
""")

_REJECT = text("""
    WITH ranked AS (
        SELECT row_number, is_ambiguous,
               rank() OVER (PARTITION BY id, is_ambiguous ORDER BY by_key DESC, row_number) AS place
        FROM incoming_match
    )
    DELETE FROM incoming_match m USING ranked r
    WHERE m.row_number = r.row_number AND (r.is_ambiguous OR r.place > 1)
    RETURNING m.row_number, r.is_ambiguous
""")

_COMPARE = text(f"""
    CREATE TEMP TABLE incoming_change ON COMMIT DROP AS
    WITH head AS (
        SELECT household_id, min(id) AS id FROM person
        WHERE relationship = 'head'
          AND household_id IN (SELECT id FROM incoming_match WHERE NOT is_new)
        GROUP BY household_id
    ), recorded AS (
        SELECT r.household_id, bit_or(CAST(1 AS bigint) << n.bit) AS mask,
               bit_or(CAST(1 AS bigint) << n.bit) FILTER (WHERE r.source = :source) AS own_mask
        FROM household_need r JOIN need n ON n.code = r.need_code
        WHERE r.household_id IN (SELECT id FROM incoming_match WHERE NOT is_new)
        GROUP BY r.household_id
    )
    SELECT m.row_number, m.id, false AS is_new, p.id AS head_id, false AS is_uncounted,
           {_differs("h", _NEW)} AS household_differs,
           {_differs("p", _NEW_HEAD)} AS head_differs,
           :has_needs AND (coalesce(i.needs, 0) & ~coalesce(recorded.mask, 0) <> 0
                           OR coalesce(recorded.own_mask, 0) & ~coalesce(i.needs, 0) <> 0)
               AS needs_differ
    FROM incoming_match m
    JOIN incoming_household i USING (row_number)
    JOIN household h ON h.id = m.id
    LEFT JOIN head ON head.household_id = m.id
    LEFT JOIN person p ON p.id = head.id
    LEFT JOIN recorded ON recorded.household_id = m.id
    WHERE NOT m.is_new
    UNION ALL
    SELECT m.row_number, m.id, true, NULL, i.member_count IS NULL, false, false,
           :has_needs AND coalesce(i.needs, 0) <> 0
    FROM incoming_match m JOIN incoming_household i USING (row_number)
    WHERE m.is_new
""")

_COUNT = text("""
    SELECT count(*) FILTER (WHERE is_new) AS created,
           count(*) FILTER (WHERE NOT is_new
               AND (household_differs OR head_differs OR needs_differ)) AS updated,
           count(*) FILTER (WHERE NOT is_new
               AND NOT (household_differs OR head_differs OR needs_differ)) AS unchanged,
           count(*) FILTER (WHERE is_uncounted) AS uncounted
    FROM incoming_change
""")

_CHANGED = "incoming_change c JOIN incoming_household i USING (row_number)"

_WRITE = (
    insert_households("c.id", f"{_CHANGED} WHERE c.is_new"),
    f"""
    UPDATE household h SET {_set(_NEW)}
    FROM {_CHANGED}
    WHERE h.id = c.id AND c.household_differs
    """,
    insert_heads("c.id", f"{_CHANGED} WHERE c.head_id IS NULL"),
    f"""
    UPDATE person p SET {_set(_NEW_HEAD)}
    FROM {_CHANGED}
    WHERE p.id = c.head_id AND c.head_differs
    """,
)

_WRITE_NEEDS = (
    """
    DELETE FROM household_need r
    USING incoming_change c, incoming_household i, need n
    WHERE i.row_number = c.row_number AND c.needs_differ AND r.household_id = c.id
      AND r.source = :source AND n.code = r.need_code
      AND coalesce(i.needs, 0) & (CAST(1 AS bigint) << n.bit) = 0
    """,
    insert_needs("c.id", _CHANGED, "c.needs_differ"),
)


def merge_households(
    conn: Connection, journal: Journal, source_code: str, as_of: date, *, has_needs: bool
) -> None:
    """Match, compare and write what stands in ``incoming_household``.

    Parameters
    ----------
    conn
        In the transaction of the import.
    journal
        Takes the outcome of every row.
    source_code, as_of
        Of the file.
    has_needs
        Whether the file has a column of needs; without one they stay as they are.
    """
    values = {"source": source_code, "as_of": as_of, "has_needs": has_needs}
    conn.execute(text("ANALYZE incoming_household (row_number, external_id, nik)"))
    conn.execute(_MATCH, values)
    rejected = conn.execute(_REJECT).all()
    journal.reject_later({row[0]: _NIK_TWICE if row[1] else _SAME_HOUSEHOLD for row in rejected})
    conn.execute(text("ANALYZE incoming_match (row_number, id, is_new)"))
    conn.execute(_COMPARE, values)
    conn.execute(text("ANALYZE incoming_change (row_number, id)"))
    counts = conn.execute(_COUNT).one()
    for outcome in ("created", "updated", "unchanged"):
        journal.ledger.count(outcome, getattr(counts, outcome))
    if counts.uncounted:
        journal.ledger.notes.append(UNCOUNTED.format(count=counts.uncounted))
    if counts.created or counts.updated:
        with rebuilding_indexes(conn, TABLES, counts.created):
            for statement in _WRITE + (_WRITE_NEEDS if has_needs else ()):
                conn.execute(text(statement), values)
