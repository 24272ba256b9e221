"""The first register: nothing to match, so rows are stored while those behind them are checked.

Checking is the work of one processor and storing of another. Rows of one file can't be the same
household, for keys and NIKs that come twice have been rejected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice

from sqlalchemy import Connection, text

from db.registers.bulk import rebuilding_indexes
from db.registers.copying import Block, collector_paused, copy_texts, write_block
from db.registers.incoming import (
    TABLES,
    UNCOUNTED,
    create_incoming,
    insert_aid,
    insert_heads,
    insert_households,
    insert_needs,
    note_corrections,
)
from db.registers.journal import Journal, Origin

PART_BLOCKS = 5
"""Blocks stored at a time."""

_IS_EMPTY = text("SELECT NOT EXISTS (SELECT FROM household)")
# Until the transaction ends nobody else writes a household; all may read.
_LOCK = text("LOCK TABLE household IN SHARE ROW EXCLUSIVE MODE")
_SEQUENCE = text("SELECT quote_literal(pg_get_serial_sequence('household', 'id'))")
_ROWS = "incoming_household i"
_AID = text(insert_aid("i.id", _ROWS))
_STORE = (insert_households("i.id", _ROWS), insert_heads("i.id", _ROWS))


def is_register_empty(conn: Connection) -> bool:
    """Say whether there are no households, nor will be any of another transaction."""
    if not conn.scalar(_IS_EMPTY):
        return False
    conn.execute(_LOCK)
    return bool(conn.scalar(_IS_EMPTY))


def fill_register(
    conn: Connection,
    blocks: Iterator[Block],
    columns: Sequence[str],
    journal: Journal,
    origin: Origin,
) -> None:
    """Store checked rows as new households in a register that is empty.

    Parameters
    ----------
    conn
        In the transaction of the import.
    blocks
        The rows; asked for in a thread of their own.
    columns
        Those of ``incoming_household`` that the blocks have.
    journal
        Takes the outcome of every row.
    origin
        Of the file.
    """
    create_incoming(conn)
    # Each row is given the id of its household by COPY, so that its head and needs find it.
    sequence = conn.scalar(_SEQUENCE)
    conn.exec_driver_sql(
        f"ALTER TABLE incoming_household ADD COLUMN id bigint DEFAULT nextval({sequence})"
    )
    statements = list(_STORE)
    if "needs" in columns:
        statements.append(insert_needs("i.id", _ROWS))
    values = {"source": origin.code, "as_of": origin.as_of, "batch": journal.batch_id}
    created = uncounted = aided = 0
    with collector_paused():
        parts = _make_ahead(_make_parts(blocks, columns))
        first = next(parts)
        with rebuilding_indexes(conn, TABLES, first.row_count):
            for part in chain([first], parts):
                copy_texts(conn, "incoming_household", columns, part.texts)
                for statement in statements:
                    conn.execute(text(statement), values)
                if "aid_flags" in columns:
                    aided += conn.execute(_AID, values).rowcount
                if "origin_row" in columns:
                    note_corrections(conn, "incoming_household", journal.batch_id)
                conn.execute(text("TRUNCATE incoming_household"))
                created += part.row_count
                uncounted += part.uncounted_count
    journal.ledger.count("new", created)
    if aided:
        journal.ledger.derived["aid"] = aided
    if uncounted:
        journal.ledger.notes.append(UNCOUNTED.format(count=uncounted))


@dataclass(frozen=True, slots=True)
class _Part:
    """Some rows in the words of COPY."""

    texts: list[str]
    row_count: int
    uncounted_count: int


def _make_parts(blocks: Iterator[Block], columns: Sequence[str]) -> Iterator[_Part]:
    while some := list(islice(blocks, PART_BLOCKS)):
        rows = sum(len(block["row_number"]) for block in some)
        counted = sum(len(_list_counted(block)) for block in some)
        yield _Part([write_block(block, columns) for block in some], rows, rows - counted)


def _list_counted(block: Block) -> list[int]:
    return [count for count in block.get("member_count", ()) if count is not None]


def _make_ahead(parts: Iterator[_Part]) -> Iterator[_Part]:
    """Make the next part in a thread while the last one is stored."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, parts, None)
        while (part := coming.result()) is not None:
            coming = pool.submit(next, parts, None)
            yield part
