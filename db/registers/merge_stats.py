"""Checked statistics into the table: compared with what their source said, and written."""

from __future__ import annotations

from sqlalchemy import Connection, text

from db.ledger import Outcome
from db.registers.golden import ORDER
from db.registers.journal import Origin

_KEY = "area_code, indicator, period"
_CREATE = (
    "DROP TABLE IF EXISTS pg_temp.incoming_stat, pg_temp.changed_stat",
    "CREATE TEMP TABLE incoming_stat (area_code text, indicator text, period text,"
    " value double precision) ON COMMIT DROP",
)
# A value that is already there and says the same is nothing new; a missing one is, for "no data" is
# a statement.
_COMPARE = text("""
    CREATE TEMP TABLE changed_stat ON COMMIT DROP AS
    SELECT i.*, a.area_code IS NULL AS is_new
    FROM incoming_stat i
    LEFT JOIN area_stat a USING (area_code, indicator, period)
    LEFT JOIN LATERAL (
        SELECT r.value, r.as_of FROM area_stat_record r
        WHERE (r.area_code, r.indicator, r.period) = (i.area_code, i.indicator, i.period)
          AND r.source = :source AND r.as_of <= :as_of
        ORDER BY r.as_of DESC, r.batch_id DESC NULLS LAST, r.id DESC LIMIT 1
    ) AS said ON true
    WHERE a.area_code IS NULL OR CASE
        WHEN said.as_of IS NOT NULL
        THEN (said.value, said.as_of) IS DISTINCT FROM (i.value, CAST(:as_of AS date))
        ELSE (a.value, a.source, a.as_of)
            IS DISTINCT FROM (i.value, CAST(:source AS text), CAST(:as_of AS date))
        END
""")
_WRITE = (
    f"""
    INSERT INTO area_stat_record ({_KEY}, batch_id, source, as_of, value)
    SELECT {_KEY}, a.batch_id, a.source, a.as_of, a.value
    FROM area_stat a JOIN changed_stat c USING ({_KEY})
    WHERE NOT EXISTS (SELECT FROM area_stat_record r
                      WHERE (r.area_code, r.indicator, r.period)
                          = (a.area_code, a.indicator, a.period))
    """,
    f"""
    INSERT INTO area_stat ({_KEY}, value, source, as_of, batch_id)
    SELECT {_KEY}, value, :source, :as_of, :batch FROM changed_stat WHERE is_new
    """,
    f"""
    INSERT INTO area_stat_record ({_KEY}, batch_id, source, as_of, value)
    SELECT {_KEY}, :batch, :source, :as_of, value FROM changed_stat WHERE NOT is_new
    """,
)


def create_incoming_stats(conn: Connection) -> None:
    """Make the empty temporary table that checked rows are copied into."""
    for statement in _CREATE:
        conn.execute(text(statement))


def merge_stats(conn: Connection, origin: Origin, batch_id: int) -> dict[Outcome, int]:
    """Write the rows of ``incoming_stat``, and say how many were new, matched and unchanged."""
    values = {"source": origin.code, "as_of": origin.as_of, "batch": batch_id}
    conn.execute(_COMPARE, values)
    for statement in _WRITE:
        conn.execute(text(statement), values)
    refresh_stats(conn, f"SELECT {_KEY} FROM changed_stat WHERE NOT is_new")
    counts = conn.execute(
        text("""
        SELECT count(*) FILTER (WHERE c.is_new) AS new,
               count(*) FILTER (WHERE NOT c.is_new) AS matched,
               (SELECT count(*) FROM incoming_stat) - count(*) AS unchanged
        FROM changed_stat c
        """)
    ).one()
    return {"new": counts.new, "matched": counts.matched, "unchanged": counts.unchanged}


def refresh_stats(conn: Connection, keys: str) -> None:
    """Set values to their newest record.

    Parameters
    ----------
    conn
        In a transaction.
    keys
        Query of the keys of those that have records.
    """
    conn.execute(
        text(f"""
        UPDATE area_stat a SET value = r.value, source = r.source, as_of = r.as_of,
                               batch_id = r.batch_id
        FROM (
            SELECT DISTINCT ON ({_KEY}) {_KEY}, value, source, as_of, batch_id
            FROM area_stat_record WHERE ({_KEY}) IN ({keys}) ORDER BY {_KEY}, {ORDER}
        ) AS r
        WHERE (a.area_code, a.indicator, a.period) = (r.area_code, r.indicator, r.period)
          AND (a.value, a.source, a.as_of, a.batch_id)
              IS DISTINCT FROM (r.value, r.source, r.as_of, r.batch_id)
        """)
    )
