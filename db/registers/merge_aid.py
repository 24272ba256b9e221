"""Checked aid into the register: its household found, compared with what is known, written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from db.ledger import Ledger
from db.registers.golden import ORDER
from db.registers.incoming import note_corrections
from db.registers.journal import Journal, Origin
from db.registers.match import FOREIGN, Review, explain_fault
from db.registers.scoring import ALL_PERSONS, RECIPIENTS_OF_FILE, score_rows
from geo.text import N_

_TYPES = {
    "row_number": "integer", "external_id": "text", "household_source": "text", "nik": "text",
    "kk": "text", "person_nik": "text", "programme_code": "text", "period": "text",
    "amount_idr": "bigint", "status": "text", "head_name": "text", "address": "text",
    "area_code": "text", "birth_date": "date", "origin_row": "text",
}  # fmt: skip
COLUMNS = tuple(_TYPES)
"""Columns of the temporary table ``incoming_aid``."""

_FAULTS = {
    "unknown": N_("Keluarga tidak ditemukan dalam register."),
    "ambiguous": N_("Kunci ini cocok dengan lebih dari satu keluarga."),
    "stranger": N_("NIK penerima bukan anggota keluarga ini."),
    "repeated": N_("Baris lain dalam berkas ini mencatat bantuan yang sama."),
    "foreign": FOREIGN,
}

_CREATE = (
    "DROP TABLE IF EXISTS pg_temp.incoming_aid, pg_temp.incoming_aid_key,"
    " pg_temp.incoming_aid_match",
    f"CREATE TEMP TABLE incoming_aid ({', '.join(f'{n} {t}' for n, t in _TYPES.items())},"
    " household_id bigint) ON COMMIT DROP",
)

# A row names its household by the first key it has. Each kind of key is joined apart, so that each
# join has its index. A NIK is first looked for among heads.
_RESOLVE = text("""
    CREATE TEMP TABLE incoming_aid_key ON COMMIT DROP AS
    SELECT row_number, min(id) AS household_id, count(DISTINCT id) AS household_count
    FROM (
        SELECT i.row_number, i.household_id AS id FROM incoming_aid i
        WHERE i.household_id IS NOT NULL
        UNION ALL
        SELECT i.row_number, h.id FROM incoming_aid i JOIN household h
            ON h.external_id = i.external_id
           AND h.source = coalesce(i.household_source, h.source)
        UNION ALL
        SELECT i.row_number, r.household_id FROM incoming_aid i JOIN household_record r
            ON r.external_id = i.external_id
           AND r.source = coalesce(i.household_source, r.source)
        UNION ALL
        SELECT row_number, household_id FROM (
            SELECT i.row_number, p.household_id, rank() OVER (
                PARTITION BY i.row_number ORDER BY p.relationship <> 'head') AS place
            FROM incoming_aid i JOIN person p ON p.nik = i.nik WHERE i.external_id IS NULL
        ) AS by_nik WHERE place = 1
        UNION ALL
        SELECT i.row_number, h.id FROM incoming_aid i JOIN household h ON h.kk = i.kk
        WHERE i.external_id IS NULL AND i.nik IS NULL
        UNION ALL
        SELECT i.row_number, p.household_id FROM incoming_aid i JOIN person p
            ON p.nik = i.person_nik
        WHERE i.external_id IS NULL AND i.nik IS NULL AND i.kk IS NULL
    ) AS found
    GROUP BY row_number
""")
_DECIDED = text("""
    CREATE TEMP TABLE incoming_aid_key ON COMMIT DROP AS
    SELECT row_number, CAST(:household AS bigint) AS household_id, 1 AS household_count
    FROM incoming_aid
""")
_JOIN = text("""
    INSERT INTO incoming_aid_key (row_number, household_id, household_count)
    VALUES (:row, :household, 1)
""")

_MATCH = text(f"""
    CREATE TEMP TABLE incoming_aid_match ON COMMIT DROP AS
    WITH member AS (
        SELECT i.row_number, min(p.id) AS id
        FROM incoming_aid i
        JOIN incoming_aid_key k USING (row_number)
        JOIN person p ON p.household_id = k.household_id AND p.nik = i.person_nik
        GROUP BY i.row_number
    ), resolved AS (
        SELECT i.row_number, i.person_nik, i.programme_code, i.period, i.amount_idr, i.status,
               k.household_id, m.id AS person_id, CASE
            WHEN k.household_id IS NULL THEN 'unknown'
            WHEN k.household_count > 1 THEN 'ambiguous'
            WHEN CAST(:area AS text) IS NOT NULL
                 AND NOT starts_with(h.area_code || '.', :area || '.') THEN 'foreign'
            WHEN i.person_nik IS NOT NULL AND m.id IS NULL THEN 'stranger' END AS fault
        FROM incoming_aid i
        LEFT JOIN incoming_aid_key k USING (row_number)
        LEFT JOIN household h ON h.id = k.household_id
        LEFT JOIN member m USING (row_number)
    )
    SELECT r.row_number, r.household_id, r.person_id, r.programme_code, r.period, r.amount_idr,
           r.status, a.id AS aid_id, coalesce(r.fault, CASE WHEN row_number() OVER (
               PARTITION BY r.fault, r.household_id, r.programme_code, r.period, r.person_id
               ORDER BY r.row_number) > 1 THEN 'repeated' END) AS fault,
           coalesce(coalesce(said.as_of, CASE WHEN a.source = :source AND a.as_of <= :as_of
                                     THEN a.as_of END) IS DISTINCT FROM CAST(:as_of AS date)
               OR r.amount_idr <> coalesce(said.amount_idr, a.amount_idr)
               OR r.amount_idr IS NOT NULL AND coalesce(said.amount_idr, a.amount_idr) IS NULL
               OR r.status <> coalesce(said.status, a.status), false) AS differs
    FROM resolved r
    LEFT JOIN aid a ON a.household_id = r.household_id AND a.programme_code = r.programme_code
        AND a.period = r.period AND a.person_id IS NOT DISTINCT FROM r.person_id
    LEFT JOIN LATERAL (
        SELECT * FROM aid_record WHERE aid_id = a.id AND source = :source AND as_of <= :as_of
        ORDER BY {ORDER} LIMIT 1
    ) AS said ON true
""")

_COUNT = text("""
    SELECT count(*) FILTER (WHERE aid_id IS NULL) AS new,
           count(*) FILTER (WHERE aid_id IS NOT NULL AND differs) AS matched,
           count(*) FILTER (WHERE aid_id IS NOT NULL AND NOT differs) AS unchanged
    FROM incoming_aid_match WHERE fault IS NULL
""")

_CHANGED = (
    "SELECT aid_id FROM incoming_aid_match WHERE aid_id IS NOT NULL AND fault IS NULL AND differs"
)
_KEEP_BASE = text(f"""
    INSERT INTO aid_record (aid_id, batch_id, source, as_of, amount_idr, status)
    SELECT id, batch_id, source, as_of, amount_idr, status FROM aid
    WHERE id IN ({_CHANGED}) AND NOT EXISTS (SELECT FROM aid_record r WHERE r.aid_id = aid.id)
""")
_RECORD = text("""
    INSERT INTO aid_record (aid_id, batch_id, row_number, source, as_of, amount_idr, status)
    SELECT aid_id, :batch, row_number, :source, :as_of, amount_idr, status
    FROM incoming_aid_match WHERE aid_id IS NOT NULL AND fault IS NULL AND differs
""")
_INSERT = text("""
    INSERT INTO aid (household_id, person_id, programme_code, period, amount_idr, status, source,
                     as_of, batch_id)
    SELECT household_id, person_id, programme_code, period, amount_idr,
           coalesce(status, 'received'), CAST(:source AS text), CAST(:as_of AS date), :batch
    FROM incoming_aid_match WHERE fault IS NULL AND aid_id IS NULL
    ORDER BY household_id, row_number
""")


def create_incoming_aid(conn: Connection) -> None:
    """Make the empty temporary table that checked rows are copied into."""
    for statement in _CREATE:
        conn.execute(text(statement))


def store_decided_aid(
    conn: Connection,
    ledger: Ledger,
    origin: Origin,
    checked: Mapping[str, Any],
    household_id: int | None,
) -> None:
    """Write one row whose household a person has decided; see :func:`merge_aid`."""
    create_incoming_aid(conn)
    conn.execute(
        text(f"""
        INSERT INTO incoming_aid ({", ".join(COLUMNS)}, household_id)
        SELECT {", ".join(COLUMNS)}, CAST(:household AS bigint)
        FROM jsonb_populate_record(CAST(NULL AS incoming_aid), CAST(:checked AS jsonb))
        """),
        {"checked": json.dumps(checked), "household": household_id},
    )
    conn.execute(_DECIDED, {"household": household_id})
    _store(conn, ledger, origin)


def merge_aid(conn: Connection, journal: Journal, origin: Origin) -> Review:
    """Find the households of ``incoming_aid``, compare, and write.

    Parameters
    ----------
    conn
        In the transaction of the import.
    journal
        Its batch is open; takes the outcome of every row.
    origin
        Of the file.

    Returns
    -------
    Review
        To be stored once the journal is saved: recipients that only a name tells, not surely.
    """
    conn.execute(text("ANALYZE incoming_aid"))
    conn.execute(_RESOLVE)
    review = _score(conn, journal)
    conn.execute(text("ANALYZE incoming_aid_key"))
    faulty = _store(conn, journal.ledger, origin)
    journal.reject_later(
        {number: explain_fault(fault, _FAULTS, origin) for number, fault in faulty}
    )
    note_corrections(conn, "incoming_aid", journal.batch_id)
    return review


def _store(conn: Connection, ledger: Ledger, origin: Origin) -> list[tuple[int, str]]:
    """Write what has a household, and return the rows that can't be with their faults."""
    values = {
        "source": origin.code,
        "as_of": origin.as_of,
        "area": origin.area,
        "batch": ledger.batch_id,
    }
    conn.execute(_MATCH, values)
    counts = conn.execute(_COUNT).one()
    for outcome in ("new", "matched", "unchanged"):
        ledger.count(outcome, getattr(counts, outcome))
    if counts.matched:
        conn.execute(_KEEP_BASE)
        conn.execute(_RECORD, values)
        refresh_aid(conn, _CHANGED)
    if counts.new:
        conn.execute(_INSERT, values)
    return [
        (row.row_number, row.fault)
        for row in conn.execute(
            text("SELECT row_number, fault FROM incoming_aid_match WHERE fault IS NOT NULL")
        )
    ]


def refresh_aid(conn: Connection, ids: str) -> None:
    """Set aids to the strongest of their records.

    Parameters
    ----------
    conn
        In a transaction.
    ids
        Query of the ids of those that have records.
    """
    conn.execute(
        text(f"""
        UPDATE aid a SET amount_idr = g.amount_idr, status = coalesce(g.status, 'received'),
                         source = g.source, as_of = g.as_of, batch_id = g.batch_id
        FROM (
            SELECT aid_id, (array_agg(amount_idr) FILTER (WHERE amount_idr IS NOT NULL))[1]
                       AS amount_idr,
                   (array_agg(status) FILTER (WHERE status IS NOT NULL))[1] AS status,
                   (array_agg(source))[1] AS source, (array_agg(as_of))[1] AS as_of,
                   (array_agg(batch_id))[1] AS batch_id
            FROM (SELECT * FROM aid_record WHERE aid_id IN ({ids}) ORDER BY aid_id, {ORDER}) AS r
            GROUP BY aid_id
        ) AS g
        WHERE a.id = g.aid_id
        """)
    )


def _score(conn: Connection, journal: Journal) -> Review:
    review = Review()
    scored = score_rows(conn, RECIPIENTS_OF_FILE, ALL_PERSONS, heads=False)
    if scored.joins:
        conn.execute(_JOIN, [{"row": row, "household": id_} for row, id_, _ in scored.joins])
    review.suggest(scored.suggestions)
    review.enter(conn, journal, "incoming_aid", "incoming_aid")
    return review
