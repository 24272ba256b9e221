"""The version of the data, carried by everything that is cached."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.models import DataVersion


@dataclass(frozen=True, slots=True)
class Version:
    """Counts of the changes committed so far.

    Attributes
    ----------
    data
        Changes of anything that a page shows.
    boundaries
        Changes of the boundaries alone.
    """

    data: int
    boundaries: int


def get_version(conn: Connection) -> Version:
    """Return the version of the data as this transaction sees them."""
    rows = conn.execute(select(DataVersion.topic, DataVersion.version))
    found = {row.topic: row.version for row in rows}
    return Version(data=found["register"], boundaries=found["boundaries"])
