"""Batches, their rows, and the state of sources, as far as the viewer may see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from geo.errors import MapError
from geo.text import N_

PAGE_SIZE = 50
LEDGER = ("matched", "new", "unchanged", "review", "rejected")
"""What can become of a row that was read; the counts add up to ``read``."""
_OLD_NAMES = {"new": "created", "matched": "updated"}
"""What ledgers of earlier versions say instead."""

_COLUMNS = (
    "b.id, b.kind, b.format, b.file_name, b.source, s.name AS source_name, b.as_of, b.imported_at,"
    " b.user_name, b.area_code, b.state, b.undone_at, b.undone_by, b.ledger"
)
_FROM = "FROM import_batch AS b LEFT JOIN source AS s ON s.code = b.source"
_GET = text(f"SELECT {_COLUMNS} {_FROM} WHERE b.id = :id")
_LIST = text(f"SELECT {_COLUMNS} {_FROM} ORDER BY b.id DESC LIMIT :limit OFFSET :offset")
_WAITING = text("""
    SELECT batch_id, count(*) FROM import_row
    WHERE outcome = 'review' AND decision IS NULL GROUP BY batch_id
""")
_SOURCES = text("""
    SELECT code, name, kind, as_of, is_synthetic, amber_days, red_days FROM source
    ORDER BY kind, code
""")
_REASONS = text("""
    SELECT outcome, reason, count(*) AS count,
           count(*) FILTER (WHERE corrected_in IS NOT NULL) AS corrected
    FROM import_row WHERE batch_id = :batch AND outcome <> 'review'
    GROUP BY outcome, reason ORDER BY outcome DESC, count DESC, reason
""")
_ROWS = text("""
    SELECT row_number, outcome, reason, content, corrected_in FROM import_row
    WHERE batch_id = :batch AND outcome = :outcome
      AND (CAST(:reason AS text) IS NULL OR reason = :reason)
    ORDER BY row_number LIMIT :limit OFFSET :offset
""")
_PRECEDENCE = text("""
    SELECT p.field, p.source, s.name, p.rank FROM field_precedence AS p
    JOIN source AS s ON s.code = p.source ORDER BY p.field, p.rank, p.source
""")


class BatchNotFound(MapError):
    """A batch that does not exist, or is another person's; both answer alike."""

    status = 404

    def __init__(self, batch_id: int) -> None:
        super().__init__(N_("Kiriman nomor {id} tidak ditemukan."), id=batch_id)


@dataclass(frozen=True, slots=True)
class Batch:
    """One file that came in, or one act at a desk."""

    id: int
    kind: str
    format: str | None
    file_name: str
    source: str | None
    source_name: str | None
    as_of: date | None
    imported_at: datetime
    user: str
    area: str | None
    state: str
    undone_at: datetime | None
    undone_by: str | None
    ledger: Mapping[str, Any]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows came to each outcome, in the order of :data:`LEDGER`."""
        return count_outcomes(self.ledger)

    @property
    def read(self) -> int:
        """How many rows were read."""
        return int(self.ledger.get("read", 0))


@dataclass(frozen=True, slots=True)
class BatchPage:
    """Some batches, the newest first."""

    batches: tuple[Batch, ...]
    page: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source, and the limits of its age that were set for it."""

    code: str
    name: str
    kind: str
    as_of: date
    is_synthetic: bool
    amber_days: int | None
    red_days: int | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why rows were not taken as they stood, and how many; ``corrected`` came again since."""

    outcome: str
    reason: str
    count: int
    corrected: int


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A row that was not taken as it stood; ``content`` is None for who did not bring it."""

    number: int
    outcome: str
    reason: str
    content: Mapping[str, str] | None
    corrected_in: int | None


@dataclass(frozen=True, slots=True)
class Precedence:
    """The rank of a source for a field."""

    field: str
    source: str
    source_name: str
    rank: int


def count_outcomes(ledger: Mapping[str, Any]) -> dict[str, int]:
    """Return how many rows of a ledger came to each outcome."""
    return {
        name: int(ledger.get(name, ledger.get(_OLD_NAMES.get(name, name), 0))) for name in LEDGER
    }


def get_batch(conn: Connection, batch_id: int) -> Batch:
    """Return a batch that the viewer may see.

    Raises
    ------
    BatchNotFound
        When there is none.
    """
    row = conn.execute(_GET, {"id": batch_id}).one_or_none() if batch_id < 2**63 else None
    if row is None:
        raise BatchNotFound(batch_id)
    return Batch(*row)


def list_batches(conn: Connection, page: int = 1, page_size: int = PAGE_SIZE) -> BatchPage:
    """Return one page of the batches that the viewer may see, the newest first."""
    paging = {"limit": page_size + 1, "offset": (page - 1) * page_size}
    rows = conn.execute(_LIST, paging).all()
    return BatchPage(tuple(Batch(*row) for row in rows[:page_size]), page, len(rows) > page_size)


def count_waiting(conn: Connection) -> dict[int, int]:
    """Return how many rows wait for review, by batch."""
    return {int(batch): int(count) for batch, count in conn.execute(_WAITING)}


def list_source_states(conn: Connection) -> tuple[SourceState, ...]:
    """Return all sources by kind and code."""
    return tuple(SourceState(*row) for row in conn.execute(_SOURCES))


def list_reasons(conn: Connection, batch_id: int) -> tuple[Reason, ...]:
    """Return why rows of a batch were rejected or noted, the rejected first."""
    return tuple(Reason(*row) for row in conn.execute(_REASONS, {"batch": batch_id}))


def list_rows(
    conn: Connection,
    batch_id: int,
    *,
    outcome: str = "rejected",
    reason: str | None = None,
    page: int = 1,
    page_size: int = PAGE_SIZE,
) -> tuple[tuple[BatchRow, ...], bool]:
    """Return one page of rows by their number, and whether there are more."""
    asked = {"batch": batch_id, "outcome": outcome, "reason": reason}
    paging = {"limit": page_size + 1, "offset": (page - 1) * page_size}
    rows = conn.execute(_ROWS, asked | paging).all()
    return tuple(BatchRow(*row) for row in rows[:page_size]), len(rows) > page_size


def iterate_rejected(conn: Connection, batch_id: int) -> Iterator[BatchRow]:
    """Yield every rejected row of a batch, for a file."""
    asked = {"batch": batch_id, "outcome": "rejected", "reason": None, "limit": None, "offset": 0}
    with conn.execute(_ROWS.execution_options(yield_per=2_000), asked) as rows:
        for row in rows:
            yield BatchRow(*row)


def list_precedence(conn: Connection) -> tuple[Precedence, ...]:
    """Return the ranks that are set, by field and rank."""
    return tuple(Precedence(*row) for row in conn.execute(_PRECEDENCE))
