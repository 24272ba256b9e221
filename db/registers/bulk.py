"""Writing many rows into tables that hold few: indexes and references are made once, afterwards.

Keeping six indexes and six references up to date row by row is most of the cost of a first import.
The same rows sorted into new indexes, and checked as a set, take a fifth of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, text

MIN_ROWS = 5_000
"""Fewer rows than this aren't worth it."""

_IS_OWNER = text("""
    SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class
    WHERE oid = ANY (CAST(CAST(:tables AS text[]) AS regclass[]))
""")

# Primary keys stay, for other tables refer to them. References are made last, for they need those
# keys, and are dropped first.
_PARTS = text("""
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', CAST(conrelid AS regclass), conname)
               AS drop_sql,
           format('ALTER TABLE %s ADD CONSTRAINT %I %s', CAST(conrelid AS regclass), conname,
                  pg_get_constraintdef(oid)) AS create_sql,
           contype = 'f' AS is_reference
    FROM pg_constraint
    WHERE contype IN ('f', 'u') AND conrelid = ANY (CAST(CAST(:tables AS text[]) AS regclass[]))
    UNION ALL
    SELECT format('DROP INDEX %s', CAST(indexrelid AS regclass)), pg_get_indexdef(indexrelid), false
    FROM pg_index i
    WHERE indrelid = ANY (CAST(CAST(:tables AS text[]) AS regclass[])) AND NOT indisprimary
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
    ORDER BY is_reference DESC, create_sql
""")


@contextmanager
def rebuilding_indexes(conn: Connection, tables: Sequence[str], new_count: int) -> Iterator[None]:
    """Write with indexes and references set aside, when the new rows outnumber the old.

    Everything happens in the transaction of the connection: an error brings all of it back, and
    a row that breaks a reference fails the whole. Readers of the tables wait until the commit,
    which is why a register already in use is never treated so.

    Parameters
    ----------
    conn
        In a transaction.
    tables
        The tables written to, the one that gets ``new_count`` rows first.
    new_count
        Number of rows to come.
    """
    if not _is_worth_it(conn, tables, new_count):
        yield
        return
    parts = conn.execute(_PARTS, {"tables": list(tables)}).all()
    conn.exec_driver_sql("; ".join(part.drop_sql for part in parts))
    yield
    for part in reversed(parts):
        conn.exec_driver_sql(part.create_sql)


def _is_worth_it(conn: Connection, tables: Sequence[str], new_count: int) -> bool:
    if new_count < MIN_ROWS:
        return False
    is_owner = bool(conn.scalar(_IS_OWNER, {"tables": list(tables)}))
    return is_owner and int(conn.scalar(text(f"SELECT count(*) FROM {tables[0]}"))) < new_count
