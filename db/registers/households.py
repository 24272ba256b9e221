"""Households from a register file: read, checked, placed in their desa, matched, stored."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import Connection, select

from db.ledger import Ledger
from db.models import Need, Programme
from db.registers.check_households import HouseholdChecker, list_columns
from db.registers.copying import copy_blocks
from db.registers.files import open_table
from db.registers.fill import fill_register, is_register_empty
from db.registers.formats import FORMATS
from db.registers.incoming import COLUMNS, create_incoming
from db.registers.journal import Journal, Progress, ensure_source
from db.registers.merge import merge_households
from db.registers.places import Places


def import_households(
    conn: Connection,
    file: Path,
    *,
    source_code: str,
    source_name: str,
    as_of: date,
    progress: Progress | None = None,
) -> Ledger:
    """Load a file of households (docs/data.md), whole or not at all.

    A household is known again by source and key, otherwise by the exact NIK of its head. An empty
    cell erases nothing; the needs of this source become those of the file.

    Parameters
    ----------
    conn
        In a transaction of the caller's.
    file
        CSV or .xlsx; positions in degrees, WGS 84 (EPSG:4326).
    source_code, source_name
        The register it comes from.
    as_of
        Date the register was drawn up.
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
    table = open_table(file, FORMATS["households"])
    journal = Journal(table, "external_id")
    with conn.begin_nested():
        ensure_source(conn, source_code, "register", source_name, as_of)
        checker = HouseholdChecker(
            Places.load(conn),
            _need_bits(conn),
            table.format,
            programme_bits=_programme_bits(conn),
            as_of=as_of,
        )
        given = list_columns(table.format, table.columns)
        columns = [name for name in COLUMNS if name in given]
        blocks = journal.sift(checker.check, progress)
        if is_register_empty(conn):
            fill_register(conn, blocks, columns, journal, source_code, as_of)
        else:
            create_incoming(conn)
            # One COPY for the whole file: the database takes rows in while the next are checked.
            copy_blocks(conn, "incoming_household", columns, blocks)
            merge_households(conn, journal, source_code, as_of, has_needs="needs" in columns)
        journal.ledger.notes += checker.remarks
        return journal.save(conn, "households", source_code)


def _programme_bits(conn: Connection) -> dict[str, int]:
    return {code: 1 << bit for code, bit in conn.execute(select(Programme.code, Programme.bit))}


def _need_bits(conn: Connection) -> dict[str, int]:
    rows = conn.execute(select(Need.code, Need.name, Need.bit))
    return {word.lower(): 1 << bit for code, name, bit in rows for word in (code, name)}
