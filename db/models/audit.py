"""Who saw or changed what (``db/sql/audit.sql``). Written by ``record_audit`` alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models._base import Base, among

ACTIONS = (
    "list",
    "card",
    "reveal",
    "search",
    "tiles",
    "export",
    "import",
    "change",
    "login",
    "login_failed",
    "logout",
    "purge",
    "backup",
    "restore",
    "publish",
)


class AuditEvent(Base):
    """One thing that somebody saw or did. Numbered without gaps, each sealed with the one before.

    Neither names nor identity numbers stand in it: search terms and numbers of 16 digits are keyed
    hashes.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        among("action", ACTIONS),
        Index("ix_audit_event_household_seen", "household_id", text("at DESC")),
        Index("ix_audit_event_user_name", "user_name", "id"),
        Index("ix_audit_event_at", "at"),
        # Without a list of pending entries, which one of the writers would have to work off while
        # all others wait for the head of the chain.
        Index(
            "ix_audit_event_detail",
            "detail",
            postgresql_using="gin",
            postgresql_ops={"detail": "jsonb_path_ops"},
            postgresql_with={"fastupdate": "off"},
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    user_name: Mapped[str]
    role: Mapped[str]
    address: Mapped[str | None]
    action: Mapped[str]
    household_id: Mapped[int | None] = mapped_column(BigInteger)
    """No foreign key: the log outlives the household."""
    area_code: Mapped[str | None]
    detail: Mapped[dict[str, Any] | None]
    purpose: Mapped[str | None]
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditHead(Base):
    """The end of the chain: how many events there have been, and the hash of the last."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="id"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    event_count: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    """Key of the hashes of what was searched for, and of the seals of purges."""
