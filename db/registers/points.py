"""Positions that a survey took at houses, given to the households they belong to."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from db.ledger import Ledger
from db.registers.check_points import COLUMNS, PointChecker
from db.registers.copying import copy_blocks
from db.registers.files import open_table
from db.registers.formats import FORMATS
from db.registers.incoming import create_incoming
from db.registers.journal import Journal, Origin, Progress, ensure_source
from db.registers.match import FOREIGN, Review, explain_fault, join_by_score
from db.registers.merge import merge_households
from db.registers.places import Places
from geo.text import N_

_TAKEN = tuple(name for name in COLUMNS if name != "surveyed_at")
_UNKNOWN = N_("Keluarga tidak ditemukan dalam register.")
_AMBIGUOUS = N_("Kunci ini cocok dengan lebih dari satu keluarga.")
_REPEATED = N_("Posisi keluarga ini sudah ada di baris sebelumnya.")

# A survey names a house by whatever number it was given: the key of any register, NIK or card.
_MATCH = text("""
    CREATE TEMP TABLE incoming_match ON COMMIT DROP AS
    SELECT i.row_number, min(found.id) AS id, count(DISTINCT found.id) AS household_count,
           count(found.id) = 0 AS is_new, CAST(NULL AS real) AS score
    FROM incoming_household i
    LEFT JOIN (
        SELECT i.row_number, h.id FROM incoming_household i
        JOIN household h ON h.external_id = i.external_id
        UNION SELECT i.row_number, r.household_id FROM incoming_household i
        JOIN household_record r ON r.external_id = i.external_id
        UNION SELECT i.row_number, p.household_id FROM incoming_household i
        JOIN person p ON p.nik = i.nik WHERE i.external_id IS NULL
        UNION SELECT i.row_number, h.id FROM incoming_household i
        JOIN household h ON h.kk = i.kk WHERE i.external_id IS NULL AND i.nik IS NULL
    ) AS found USING (row_number)
    GROUP BY i.row_number
""")
_TAKE_FAULTY = text("""
    WITH ranked AS (
        SELECT m.row_number, CASE
            WHEN m.id IS NULL THEN 'unknown'
            WHEN m.household_count > 1 THEN 'ambiguous'
            WHEN CAST(:area AS text) IS NOT NULL
                 AND NOT starts_with(h.area_code || '.', :area || '.') THEN 'foreign'
            WHEN rank() OVER (PARTITION BY m.id ORDER BY m.row_number) > 1 THEN 'repeated'
        END AS fault
        FROM incoming_match m LEFT JOIN household h ON h.id = m.id
    )
    DELETE FROM incoming_match m USING ranked r
    WHERE m.row_number = r.row_number AND r.fault IS NOT NULL
    RETURNING m.row_number, r.fault
""")
_FAULTS = {
    "unknown": _UNKNOWN, "ambiguous": _AMBIGUOUS, "foreign": FOREIGN, "repeated": _REPEATED,
}  # fmt: skip

FORGET_NAMES = text("""
    UPDATE incoming_household SET external_id = NULL, nik = NULL, kk = NULL, head_name = NULL,
                                  address = NULL, area_code = NULL
""")
"""A survey says where a house is; what it is called there only served to find it."""


def import_points(
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
    """Load positions that were taken at houses (docs/data.md), whole or not at all.

    Parameters
    ----------
    conn
        In a transaction of the caller's.
    file
        A table, GeoJSON points, or an export of KoboToolbox or ODK; degrees, WGS 84 (EPSG:4326).
    source_code, source_name
        The survey.
    as_of
        Date of the survey.
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
    table = open_table(file, FORMATS["points"], **reading)
    journal = Journal(table, "external_id")
    origin = Origin(source_code, source_name, as_of, user, area)
    with conn.begin_nested():
        ensure_source(conn, "survey", origin)
        journal.open_batch(conn, "points", origin)
        checker = PointChecker(Places.load(conn), table.format, as_of=as_of)
        create_incoming(conn)
        blocks = journal.sift(checker.check, progress, origin=origin)
        copy_blocks(conn, "incoming_household", _TAKEN, blocks)
        journal.ledger.notes += checker.remarks
        review = _match(conn, journal, origin)
        conn.execute(FORGET_NAMES)
        merge_households(conn, journal.ledger, origin, has_needs=False, has_aid=False)
        ledger = journal.save(conn)
        review.store(conn, journal.batch_id)
        return ledger


def _match(conn: Connection, journal: Journal, origin: Origin) -> Review:
    conn.execute(text("ANALYZE incoming_household"))
    conn.execute(_MATCH)
    review = Review()
    join_by_score(conn, review)
    review.enter(conn, journal)
    faulty = conn.execute(_TAKE_FAULTY, {"area": origin.area}).all()
    journal.reject_later(
        {number: explain_fault(fault, _FAULTS, origin) for number, fault in faulty}
    )
    conn.execute(text("UPDATE incoming_match SET is_new = false"))
    return review
