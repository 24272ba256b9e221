"""What came in by files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Integer, func
from sqlalchemy.orm import Mapped, mapped_column

from db.models._base import Base


class ImportBatch(Base):
    """One file that came in, with its ledger."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[str]
    source: Mapped[str | None] = mapped_column(ForeignKey("source.code"))
    imported_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ledger: Mapped[dict[str, Any]]


class ImportRow(Base):
    """A row of a file that was not taken as it stood, kept with the reason."""

    __tablename__ = "import_row"

    batch_id: Mapped[int] = mapped_column(
        ForeignKey("import_batch.id", ondelete="CASCADE"), primary_key=True
    )
    row_number: Mapped[int] = mapped_column(Integer, primary_key=True)
    outcome: Mapped[str]
    reason: Mapped[str]
    content: Mapped[dict[str, Any]]
