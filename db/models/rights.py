"""Purposes for which identities are shown (``db/sql/rights.sql``)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, func
from sqlalchemy.orm import Mapped, mapped_column

from db.models._base import Base


class Reveal(Base):
    """A purpose for which one account sees identities, of a household or an area, for a while."""

    __tablename__ = "reveal"
    __table_args__ = (
        CheckConstraint("(household_id IS NULL) <> (area_code IS NULL)", name="scope"),
        CheckConstraint("expires_at > at", name="expires_at"),
        CheckConstraint("length(purpose) BETWEEN 10 AND 500", name="purpose"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_name: Mapped[str] = mapped_column(index=True)
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id", ondelete="CASCADE"))
    area_code: Mapped[str | None] = mapped_column(ForeignKey("admin_area.code"))
    purpose: Mapped[str]
    granted_by: Mapped[str]
    """The account itself for one household; for an area, who allowed it."""
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
