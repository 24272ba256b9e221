"""Rows of persons that somebody decided about: what becomes of the person and the household."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from db.ledger import Ledger, Outcome
from db.registers.check_persons import COLUMNS
from db.registers.golden import keep_base_person_records, name_ids, refresh_persons
from db.registers.journal import Origin
from db.registers.match_persons import create_incoming_persons
from db.registers.merge_persons import merge_persons

_FILL = text(f"""
    INSERT INTO incoming_person ({", ".join(COLUMNS)})
    SELECT {", ".join(COLUMNS)}
    FROM jsonb_populate_record(CAST(NULL AS incoming_person), CAST(:checked AS jsonb))
""")
# In that household: the person of this NIK, else the one whose name is most alike.
_MATCH = text("""
    CREATE TEMP TABLE incoming_person_match ON COMMIT DROP AS
    SELECT i.row_number, CAST(:household AS bigint) AS household_id, (
        SELECT p.id FROM person p
        WHERE p.household_id = :household AND (p.nik = i.nik OR similarity(p.name, i.name) >= 0.5
              AND coalesce(p.birth_date = i.birth_date, true))
        ORDER BY p.nik = i.nik DESC NULLS LAST, similarity(p.name, i.name) DESC, p.id LIMIT 1
    ) AS person_id
    FROM incoming_person i
""")
# Who lived elsewhere has moved from there; who was the head, and another one is now, no longer is.
_LEFT = """
    SELECT p.id FROM person p JOIN incoming_person i ON i.nik = p.nik
    WHERE p.household_id <> :household AND p.life_status = 'alive'
"""
_NO_LONGER_HEAD = """
    SELECT p.id FROM person p, incoming_person i, incoming_person_match m
    WHERE p.household_id = :household AND p.relationship = 'head' AND i.relationship = 'head'
      AND p.id IS DISTINCT FROM m.person_id
"""
_RECORD = """
    INSERT INTO person_record (person_id, batch_id, row_number, source, as_of, {field})
    SELECT g.id, :batch, :row, :source, :as_of, '{value}' FROM golden_person_id g
"""


def store_decided_person(
    conn: Connection,
    ledger: Ledger,
    origin: Origin,
    checked: Mapping[str, Any],
    household_id: int,
) -> None:
    """Write one row of persons into the household that somebody decided on.

    Parameters
    ----------
    conn
        As the owner, in a transaction.
    ledger
        Of the row alone; takes its outcome.
    origin
        Of the file.
    checked
        The row as it was understood.
    household_id
        Where the person belongs.
    """
    create_incoming_persons(conn)
    conn.execute(_FILL, {"checked": json.dumps(checked)})
    conn.execute(_MATCH, {"household": household_id})
    values = {
        "household": household_id, "batch": ledger.batch_id, "row": checked["row_number"],
        "source": origin.code, "as_of": origin.as_of,
    }  # fmt: skip
    _note(conn, _LEFT, ("life_status", "moved"), values)
    _note(conn, _NO_LONGER_HEAD, ("relationship", "other"), values)
    merge_persons(conn, ledger, origin)


def take_back_person_row(
    conn: Connection, batch_id: int, checked: Mapping[str, Any], household_id: int
) -> Outcome:
    """Take back what one decided row of persons wrote, and return the outcome that it had."""
    values = {
        "batch": batch_id, "row": checked["row_number"], "household": household_id,
        "nik": checked.get("nik"), "name": checked["name"],
    }  # fmt: skip
    of_row = "FROM person_record WHERE (batch_id, row_number) = (:batch, :row)"
    name_ids(conn, "golden_person_id", f"SELECT DISTINCT person_id {of_row}", values)
    restored = conn.execute(text(f"DELETE {of_row}"), values).rowcount
    refresh_persons(conn)
    removed = conn.execute(
        text("""
        DELETE FROM person p WHERE p.household_id = :household AND p.batch_id = :batch
          AND p.name = :name AND p.nik IS NOT DISTINCT FROM CAST(:nik AS text)
          AND NOT EXISTS (SELECT FROM person_record r WHERE r.person_id = p.id)
        """),
        values,
    ).rowcount
    return "new" if removed else "matched" if restored else "unchanged"


def _note(conn: Connection, ids: str, said: tuple[str, str], values: Mapping[str, Any]) -> None:
    """Record one field of some persons."""
    name_ids(conn, "golden_person_id", ids, values)
    keep_base_person_records(conn)
    conn.execute(text(_RECORD.format(field=said[0], value=said[1])), values)
    refresh_persons(conn)
