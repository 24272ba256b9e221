"""Aid from a file of recipients: each row one programme for one household in one period."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from db.ledger import Ledger
from db.models import Programme
from db.registers.check_aid import AidChecker
from db.registers.copying import copy_blocks
from db.registers.files import open_table
from db.registers.formats import FORMATS
from db.registers.journal import Journal, Origin, Progress, ensure_source
from db.registers.merge_aid import COLUMNS, create_incoming_aid, merge_aid
from db.registers.places import Places

_KEYS = ("external_id", "nik", "kk", "person_nik", "head_name")


def import_aid(
    conn: Connection,
    file: Path,
    *,
    source_code: str,
    source_name: str,
    as_of: date,
    user: str = "local",
    area: str | None = None,
    programme_code: str | None = None,
    period: str | None = None,
    progress: Progress | None = None,
    **reading: Any,
) -> Ledger:
    """Load a file of aid (docs/data.md), whole or not at all.

    A row finds its household by key, otherwise by the NIK of the head, the family card, the NIK of
    the recipient, or the recipient's name by score; what is likely but not sure waits for review.
    The same programme, period and recipient is the same aid.

    Parameters
    ----------
    conn
        In a transaction of the caller's.
    file
        A table of aid or of recipients; amounts in whole rupiah.
    source_code, source_name
        The list it comes from.
    as_of
        Date the list was drawn up.
    user, area
        Who brings it, and the area they may write in; None is the whole regency.
    programme_code, period
        Of every row of a list that has no such columns.
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
    table = open_table(file, FORMATS["aid"], **reading)
    journal = Journal(table, next(key for key in _KEYS if key in table.columns))
    origin = Origin(source_code, source_name, as_of, user, area)
    with conn.begin_nested():
        ensure_source(conn, "aid", origin)
        journal.open_batch(conn, "aid", origin)
        checker = AidChecker(
            _programme_codes(conn),
            table.format,
            places=Places.load(conn) if table.format.get_field("area_code") else None,
            programme_code=programme_code,
            period=period,
            as_of=as_of,
        )
        create_incoming_aid(conn)
        blocks = journal.sift(checker.check, progress, origin=origin)
        copy_blocks(conn, "incoming_aid", COLUMNS, blocks)
        journal.ledger.notes += checker.remarks
        review = merge_aid(conn, journal, origin)
        ledger = journal.save(conn)
        review.store(conn, journal.batch_id)
        return ledger


def _programme_codes(conn: Connection) -> dict[str, str]:
    rows = conn.execute(select(Programme.code, Programme.name))
    words = {word: code for code, name in rows for word in (code, name)}
    return {" ".join(word.lower().replace("_", " ").split()): code for word, code in words.items()}
