"""Persons from a register, or from an extract of the population register (Dukcapil)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from db.ledger import Ledger
from db.registers.check_persons import COLUMNS, PersonChecker
from db.registers.copying import copy_blocks
from db.registers.files import open_table
from db.registers.formats import FORMATS
from db.registers.journal import Journal, Origin, Progress, ensure_source
from db.registers.match_persons import create_incoming_persons, match_persons
from db.registers.merge_persons import merge_persons
from db.registers.places import Places


def import_persons(
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
    """Load a file of the members of households (docs/data.md), whole or not at all.

    A person is known again by NIK, else in their household by key, or by name and birth date. A
    household is found by the key of its source, the family card, or the NIK of its head.

    Parameters
    ----------
    conn
        In a transaction of the caller's.
    file
        A table of one of the formats of persons.
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
    origin = Origin(source_code, source_name, as_of, user, area)
    return _import(conn, file, "persons", origin, progress, reading)


def import_population(
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
    """Bring the members of households up to date from an extract of the population register.

    As :func:`import_persons`, but who belongs to no household of the register is passed over and
    kept nowhere: the extract is of everybody. Deaths and moves of heads wait for review.

    Parameters
    ----------
    conn, file, source_code, source_name, as_of, user, area, progress, reading
        As for :func:`import_persons`.

    Returns
    -------
    Ledger

    Raises
    ------
    InvalidFile
        When the file is refused; nothing of it is loaded.
    """
    origin = Origin(source_code, source_name, as_of, user, area)
    return _import(conn, file, "population", origin, progress, reading)


def _import(
    conn: Connection,
    file: Path,
    kind: str,
    origin: Origin,
    progress: Progress | None,
    reading: dict[str, Any],
) -> Ledger:
    table = open_table(file, FORMATS[kind], **reading)
    journal = Journal(table, "nik")
    with conn.begin_nested():
        ensure_source(conn, "register" if kind == "persons" else kind, origin)
        journal.open_batch(conn, kind, origin)
        checker = PersonChecker(Places.load(conn), table.format, as_of=origin.as_of)
        create_incoming_persons(conn)
        blocks = journal.sift(checker.check, progress, origin=origin)
        copy_blocks(conn, "incoming_person", COLUMNS, blocks)
        journal.ledger.notes += checker.remarks
        review = match_persons(conn, journal, origin, is_of_everybody=kind == "population")
        merge_persons(conn, journal.ledger, origin)
        ledger = journal.save(conn)
        review.store(conn, journal.batch_id)
        return ledger
