"""Aid from a file of recipients: each row one programme for one household in one period."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, text

from db.ledger import Ledger
from db.models import Programme
from db.registers.check_aid import AidChecker
from db.registers.copying import copy_blocks
from db.registers.files import open_table
from db.registers.formats import FORMATS
from db.registers.journal import Journal, Progress, ensure_source
from geo.text import N_

_TYPES = {
    "row_number": "integer", "external_id": "text", "household_source": "text", "nik": "text",
    "kk": "text", "person_nik": "text", "programme_code": "text", "period": "text",
    "amount_idr": "bigint", "status": "text",
}  # fmt: skip
_COLUMNS = tuple(_TYPES)

_FROM_DATABASE = {
    "unknown": N_("Keluarga tidak ditemukan dalam register."),
    "ambiguous": N_("Kunci ini cocok dengan lebih dari satu keluarga."),
    "stranger": N_("NIK penerima bukan anggota keluarga ini."),
    "repeated": N_("Baris lain dalam berkas ini mencatat bantuan yang sama."),
}

_CREATE = (
    "DROP TABLE IF EXISTS pg_temp.incoming_aid, pg_temp.incoming_aid_key,"
    " pg_temp.incoming_aid_match",
    f"CREATE TEMP TABLE incoming_aid ({', '.join(f'{n} {t}' for n, t in _TYPES.items())})"
    " ON COMMIT DROP",
)

# A row names its household by the first key it has. Each kind of key is joined apart, so that each
# join has its index.
_RESOLVE = text("""
    CREATE TEMP TABLE incoming_aid_key ON COMMIT DROP AS
    SELECT row_number, min(id) AS household_id, count(DISTINCT id) AS household_count
    FROM (
        SELECT i.row_number, h.id FROM incoming_aid i JOIN household h
            ON h.external_id = i.external_id
           AND h.source = coalesce(i.household_source, h.source)
        UNION ALL
        SELECT i.row_number, p.household_id FROM incoming_aid i JOIN person p
            ON p.nik = i.nik AND p.relationship = 'head'
        WHERE i.external_id IS NULL
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

_MATCH = text("""
    CREATE TEMP TABLE incoming_aid_match ON COMMIT DROP AS
    WITH member AS (
        SELECT i.row_number, min(p.id) AS id
        FROM incoming_aid i
        JOIN incoming_aid_key k USING (row_number)
        JOIN person p ON p.household_id = k.household_id AND p.nik = i.person_nik
        GROUP BY i.row_number
    ), resolved AS (
        SELECT i.*, k.household_id, m.id AS person_id, CASE
            WHEN k.household_id IS NULL THEN 'unknown'
            WHEN k.household_count > 1 THEN 'ambiguous'
            WHEN i.person_nik IS NOT NULL AND m.id IS NULL THEN 'stranger' END AS fault
        FROM incoming_aid i
        LEFT JOIN incoming_aid_key k USING (row_number)
        LEFT JOIN member m USING (row_number)
    )
    SELECT r.row_number, r.household_id, r.person_id, r.programme_code, r.period, r.amount_idr,
           r.status, a.id AS aid_id, coalesce(r.fault, CASE WHEN row_number() OVER (
               PARTITION BY r.fault, r.household_id, r.programme_code, r.period, r.person_id
               ORDER BY r.row_number) > 1 THEN 'repeated' END) AS fault,
           (coalesce(r.amount_idr, a.amount_idr), coalesce(r.status, a.status), :source,
            CAST(:as_of AS date))
               IS DISTINCT FROM (a.amount_idr, a.status, a.source, a.as_of) AS differs
    FROM resolved r
    LEFT JOIN aid a ON a.household_id = r.household_id AND a.programme_code = r.programme_code
        AND a.period = r.period AND a.person_id IS NOT DISTINCT FROM r.person_id
""")

_COUNT = text("""
    SELECT count(*) FILTER (WHERE aid_id IS NULL) AS created,
           count(*) FILTER (WHERE aid_id IS NOT NULL AND differs) AS updated,
           count(*) FILTER (WHERE aid_id IS NOT NULL AND NOT differs) AS unchanged
    FROM incoming_aid_match WHERE fault IS NULL
""")

_UPDATE = text("""
    UPDATE aid a SET amount_idr = coalesce(m.amount_idr, a.amount_idr),
                     status = coalesce(m.status, a.status), source = :source, as_of = :as_of
    FROM incoming_aid_match m WHERE m.aid_id = a.id AND m.fault IS NULL AND m.differs
""")

_INSERT = text("""
    INSERT INTO aid
        (household_id, person_id, programme_code, period, amount_idr, status, source, as_of)
    SELECT household_id, person_id, programme_code, period, amount_idr,
           coalesce(status, 'received'), CAST(:source AS text), CAST(:as_of AS date)
    FROM incoming_aid_match WHERE fault IS NULL AND aid_id IS NULL
    ORDER BY household_id, row_number
""")


def import_aid(
    conn: Connection,
    file: Path,
    *,
    source_code: str,
    source_name: str,
    as_of: date,
    progress: Progress | None = None,
) -> Ledger:
    """Load a file of aid (docs/data.md), whole or not at all.

    A row finds its household by key, otherwise by the NIK of the head, the family card, or the
    NIK of the recipient. The same programme, period and recipient is the same aid.

    Parameters
    ----------
    conn
        In a transaction of the caller's.
    file
        CSV or .xlsx; amounts in whole rupiah.
    source_code, source_name
        The list it comes from.
    as_of
        Date the list was drawn up.
    progress
        Called with the number of rows checked so far.

    Returns
    -------
    Ledger

    Raises
    ------
    InvalidFile
        When the file is refused; nothing of it is loaded.
    """
    table = open_table(file, FORMATS["aid"][:1])
    key = next(k for k in ("external_id", "nik", "kk", "person_nik") if k in table.columns)
    journal = Journal(table, key)
    with conn.begin_nested():
        ensure_source(conn, source_code, "aid", source_name, as_of)
        checker = AidChecker(_programme_codes(conn), table.format, as_of=as_of)
        for statement in _CREATE:
            conn.execute(text(statement))
        copy_blocks(conn, "incoming_aid", _COLUMNS, journal.sift(checker.check, progress))
        _merge(conn, journal, {"source": source_code, "as_of": as_of})
        return journal.save(conn, "aid", source_code)


def _programme_codes(conn: Connection) -> dict[str, str]:
    codes = conn.scalars(select(Programme.code))
    return {" ".join(code.lower().replace("_", " ").split()): code for code in codes}


def _merge(conn: Connection, journal: Journal, values: dict[str, Any]) -> None:
    conn.execute(text("ANALYZE incoming_aid"))
    conn.execute(_RESOLVE)
    conn.execute(text("ANALYZE incoming_aid_key"))
    conn.execute(_MATCH, values)
    faulty = conn.execute(
        text("SELECT row_number, fault FROM incoming_aid_match WHERE fault IS NOT NULL")
    )
    journal.reject_later({number: _FROM_DATABASE[fault] for number, fault in faulty})
    counts = conn.execute(_COUNT).one()
    for outcome in ("created", "updated", "unchanged"):
        journal.ledger.count(outcome, getattr(counts, outcome))
    if counts.updated:
        conn.execute(_UPDATE, values)
    if counts.created:
        conn.execute(_INSERT, values)
