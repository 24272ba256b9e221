"""How the columns of unknown files were mapped: kept for the next file with the same header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from db.models import ColumnMapping
from db.viewer import get_viewer


def keep_mapping(
    conn: Connection, kind: str, header: Sequence[str], fields: Mapping[str, str], user: str = ""
) -> None:
    """Keep a mapping in the place of an older one.

    Parameters
    ----------
    conn
        As the owner.
    kind
        Of the file: households, persons and so on.
    header
        Titles of its columns.
    fields
        Field to the title of its column.
    user
        Who made it; the viewer of the transaction where it is left out.
    """
    values = {
        "kind": kind,
        "header": list(header),
        "fields": dict(fields),
        "user_name": user or get_viewer(conn).user,
    }
    statement = insert(ColumnMapping).values(values)
    conn.execute(
        statement.on_conflict_do_update(
            index_elements=[ColumnMapping.kind, ColumnMapping.header],
            set_={
                "fields": statement.excluded.fields,
                "user_name": statement.excluded.user_name,
                "changed_at": func.now(),
            },
        )
    )


def find_mapping(conn: Connection, kind: str, header: Sequence[str]) -> dict[str, str] | None:
    """Return the mapping kept for a header, None where there is none."""
    found = conn.scalar(
        select(ColumnMapping.fields).where(
            ColumnMapping.kind == kind, ColumnMapping.header == list(header)
        )
    )
    return None if found is None else {str(k): str(v) for k, v in found.items()}
