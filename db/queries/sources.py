"""Where the figures come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, exists, select

from db.models import AdminArea, Source


@dataclass(frozen=True, slots=True)
class SourceNote:
    """Where a figure comes from, and as of when."""

    code: str
    name: str
    as_of: date
    kind: str
    is_synthetic: bool = False
    is_schematic: bool = False


_COLUMNS = (
    Source.code,
    Source.name,
    Source.as_of,
    Source.kind,
    Source.is_synthetic,
    Source.is_schematic,
)


def list_sources(conn: Connection, kinds: Iterable[str] | None = None) -> tuple[SourceNote, ...]:
    """Return the sources in use, of all kinds or of some, by kind and code."""
    statement = select(*_COLUMNS).order_by(Source.kind, Source.code)
    if kinds is not None:
        statement = statement.where(Source.kind.in_(list(kinds)))
    return tuple(SourceNote(*row) for row in conn.execute(statement))


def get_sources(conn: Connection, codes: Iterable[str]) -> tuple[SourceNote, ...]:
    """Return the sources of some codes, in code order."""
    statement = select(*_COLUMNS).where(Source.code.in_(list(codes))).order_by(Source.code)
    return tuple(SourceNote(*row) for row in conn.execute(statement))


def is_schematic(conn: Connection) -> bool:
    """Whether boundaries on the map are drawn rather than official."""
    drawn = select(AdminArea.code).join(Source, Source.code == AdminArea.source)
    return bool(conn.scalar(select(exists(drawn.where(Source.is_schematic)))))


def is_synthetic(conn: Connection) -> bool:
    """Whether households or statistics in the database are invented."""
    return bool(conn.scalar(select(exists().where(Source.is_synthetic, Source.kind != "boundary"))))


def is_all_synthetic(conn: Connection) -> bool:
    """Whether nothing but invented households and statistics is in the database."""
    real = select(Source.code).where(~Source.is_synthetic, Source.kind != "boundary")
    return not conn.scalar(select(exists(real)))
