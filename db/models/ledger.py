"""What came in by files: batches, and the rows that were not taken as they stood."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, REAL
from sqlalchemy.dialects.postgresql import TEXT as PG_TEXT
from sqlalchemy.orm import Mapped, mapped_column

from db.models._base import Base, among

OUTCOMES = ("rejected", "noted", "repaired", "review")
DECISIONS = ("joined", "new", "split", "dismissed")


class ImportBatch(Base):
    """One file that came in, or one act at a desk, with its ledger."""

    __tablename__ = "import_batch"
    __table_args__ = (among("state", ("applied", "undone")),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    """households, persons, aid, stats, points, population, boundaries; verification, repair."""
    format: Mapped[str | None]
    file_name: Mapped[str]
    sha256: Mapped[str]
    source: Mapped[str | None] = mapped_column(ForeignKey("source.code"))
    as_of: Mapped[date | None]
    imported_at: Mapped[datetime] = mapped_column(server_default=func.now())
    user_name: Mapped[str] = mapped_column(server_default="local")
    area_code: Mapped[str | None]
    """The area that whoever brought it was confined to."""
    state: Mapped[str] = mapped_column(server_default="applied")
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
    ledger: Mapped[dict[str, Any]]


class ImportRow(Base):
    """A row of a file that was not taken as it stood, kept with the reason."""

    __tablename__ = "import_row"
    __table_args__ = (
        among("outcome", OUTCOMES),
        among("decision", DECISIONS),
        Index(
            "ix_import_row_waiting",
            "batch_id",
            "row_number",
            postgresql_where=text("outcome = 'review' AND decision IS NULL"),
        ),
    )

    batch_id: Mapped[int] = mapped_column(
        ForeignKey("import_batch.id", ondelete="CASCADE"), primary_key=True
    )
    row_number: Mapped[int] = mapped_column(Integer, primary_key=True)
    outcome: Mapped[str]
    reason: Mapped[str]
    content: Mapped[dict[str, Any]]
    """As it stood in the file."""
    checked: Mapped[dict[str, Any] | None]
    """As it was understood, for a row that waits for a decision."""
    area_code: Mapped[str | None]
    """The desa it speaks of, where that is known."""
    decision: Mapped[str | None]
    """joined, new, split; dismissed when its batch was undone or its candidates are gone."""
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    household_id: Mapped[int | None] = mapped_column(
        ForeignKey("household.id", ondelete="SET NULL"), index=True
    )
    """Where a decided row went."""
    corrected_in: Mapped[int | None] = mapped_column(
        ForeignKey("import_batch.id", ondelete="SET NULL")
    )
    """The later batch that brought this rejected row again, corrected."""


class MatchCandidate(Base):
    """A household of the register that a waiting row may be."""

    __tablename__ = "match_candidate"
    __table_args__ = (
        ForeignKeyConstraint(
            ["batch_id", "row_number"],
            ["import_row.batch_id", "import_row.row_number"],
            ondelete="CASCADE",
            name="fk_match_candidate_import_row",
        ),
    )

    batch_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    row_number: Mapped[int] = mapped_column(Integer, primary_key=True)
    household_id: Mapped[int] = mapped_column(
        ForeignKey("household.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    kind: Mapped[str]
    """match, nik_changed, moved, new_head, merged_kk, same_name, dead."""
    score: Mapped[float] = mapped_column(REAL)
    reasons: Mapped[dict[str, Any]]
    """Field to ``same``, ``similar``, ``different`` or ``missing``."""


class ColumnMapping(Base):
    """How the columns of an unknown file were mapped, kept for the next file like it."""

    __tablename__ = "column_mapping"

    kind: Mapped[str] = mapped_column(primary_key=True)
    header: Mapped[list[str]] = mapped_column(ARRAY(PG_TEXT), primary_key=True)
    fields: Mapped[dict[str, Any]]
    """Field to the title of its column."""
    user_name: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())


JOB_KINDS = (
    "import",
    "undo",
    "decide",
    "verify",
    "repair",
    "precedence",
    "plan",
    "approve",
    "deliver",
)


class Job(Base):
    """Work that a page asks for and the worker does."""

    __tablename__ = "job"
    __table_args__ = (
        among("kind", JOB_KINDS),
        among("state", ("waiting", "running", "done", "failed", "cancelled")),
        Index("ix_job_waiting", "id", postgresql_where=text("state IN ('waiting', 'running')")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="waiting")
    user_name: Mapped[str]
    role: Mapped[str]
    area_code: Mapped[str | None]
    args: Mapped[dict[str, Any]]
    rows_done: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    rows_total: Mapped[int | None] = mapped_column(Integer)
    message: Mapped[str | None]
    """What went wrong, in Indonesian."""
    result: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
