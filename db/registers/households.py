"""Households from a register file: read, checked, placed in their desa, matched, stored."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from db.ledger import Ledger
from db.models import Need, Programme
from db.registers.check_households import HouseholdChecker, list_columns
from db.registers.copying import copy_blocks
from db.registers.files import open_table
from db.registers.fill import fill_register, is_register_empty
from db.registers.formats import FORMATS
from db.registers.incoming import COLUMNS, create_incoming
from db.registers.journal import Journal, Origin, Progress, ensure_source
from db.registers.match import match_households
from db.registers.merge import merge_households
from db.registers.places import Places


def import_households(
    conn: Connection,
    file: Path,
    *,
    source_code: str,
    source_name: str,
    as_of: date,
    user: str = "local",
    area: str | None = None,
    progress: Progress | None = None,
    **reading: Any,
) -> Ledger:
    """Load a file of households (docs/data.md), whole or not at all.

    A household is known again by source and key, by the exact NIK of its head, or by its score;
    what is likely but not sure waits for review. An empty cell says nothing.

    Parameters
    ----------
    conn
        In a transaction of the caller's.
    file
        A table of one of the household formats; positions in degrees, WGS 84 (EPSG:4326).
    source_code, source_name
        The register it comes from.
    as_of
        Date the register was drawn up.
    user, area
        Who brings it, and the area they may write in; None is the whole regency.
    progress
        Called with the number of rows checked so far.
    reading
        How the file is read: ``format_key``, ``mapping`` (:func:`db.registers.files.open_table`).

    Returns
    -------
    Ledger

    Raises
    ------
    InvalidFile
        When the file is refused; nothing of it is loaded.
    """
    table = open_table(file, FORMATS["households"], **reading)
    journal = Journal(table, "external_id")
    origin = Origin(source_code, source_name, as_of, user, area)
    with conn.begin_nested():
        ensure_source(conn, "register", origin)
        journal.open_batch(conn, "households", origin)
        checker = HouseholdChecker(
            Places.load(conn),
            _need_bits(conn),
            table.format,
            programme_bits=_programme_bits(conn),
            as_of=as_of,
        )
        given = list_columns(table.format, table.columns)
        columns = [name for name in COLUMNS if name in given]
        blocks = journal.sift(checker.check, progress, origin=origin)
        if is_register_empty(conn):
            fill_register(conn, blocks, columns, journal, origin)
            journal.ledger.notes += checker.remarks
            return journal.save(conn)
        create_incoming(conn)
        # One COPY for the whole file: the database takes rows in while the next are checked.
        copy_blocks(conn, "incoming_household", columns, blocks)
        journal.ledger.notes += checker.remarks
        review = match_households(conn, journal, origin)
        has = {"has_needs": "needs" in columns, "has_aid": "aid_flags" in columns}
        merge_households(conn, journal.ledger, origin, **has)
        ledger = journal.save(conn)
        review.store(conn, journal.batch_id)
        return ledger


def _programme_bits(conn: Connection) -> dict[str, int]:
    return {code: 1 << bit for code, bit in conn.execute(select(Programme.code, Programme.bit))}


def _need_bits(conn: Connection) -> dict[str, int]:
    rows = conn.execute(select(Need.code, Need.name, Need.bit))
    return {word.lower(): 1 << bit for code, name, bit in rows for word in (code, name)}
