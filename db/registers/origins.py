"""What each source says of each field of one household, and which of them is believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from db.registers.golden import DEFAULT_RANK, HOUSEHOLD_FIELDS, ORDER, read_ranks


@dataclass(frozen=True, slots=True)
class FieldOrigin:
    """What one source says of one field of a household.

    ``is_winner`` tells whether it is the value shown; ``is_ranked`` whether precedence decided.
    """

    field: str
    value: Any
    source: str
    batch_id: int | None
    as_of: date
    is_winner: bool
    is_ranked: bool


def list_field_origins(conn: Connection, household_id: int) -> list[FieldOrigin]:
    """List what each source says of each field of one household, field by field, winners first.

    Returns
    -------
    list of FieldOrigin
        Of each source the latest word. Empty for a household without records: all of its fields
        are its own source's.
    """
    ranks = read_ranks(conn)
    rows = conn.execute(
        text(f"SELECT * FROM household_record WHERE household_id = :id ORDER BY {ORDER}"),
        {"id": household_id},
    ).mappings()
    records = list(rows)
    found = []
    for field in (*HOUSEHOLD_FIELDS, "location"):
        said = _list_latest(records, field)
        order = ranks.get(field, {})
        said.sort(key=lambda row: order.get(row["source"], DEFAULT_RANK))  # stable: newest first
        found += [
            FieldOrigin(
                field, row[field], row["source"], row["batch_id"], row["as_of"],
                is_winner=place == 0, is_ranked=row["source"] in order,
            )
            for place, row in enumerate(said)
        ]  # fmt: skip
    return found


def _list_latest(records: list[Any], field: str) -> list[Any]:
    latest: dict[str, Any] = {}
    for row in records:
        if row[field] is not None:
            latest.setdefault(row["source"], row)
    return list(latest.values())
