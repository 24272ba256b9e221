"""What the desks find out about households: verification, and the quality of positions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, ForeignKey, Identity, func
from sqlalchemy.orm import Mapped, mapped_column

from db.models._base import Base, among

POSITION_FAULTS = (
    "missing",
    "swapped",
    "outside_regency",
    "outside_desa",
    "piled",
    "copied",
    "inaccurate",
)


class Verification(Base):
    """A decision of a village task force on a household, by its decree."""

    __tablename__ = "verification"
    __table_args__ = (among("status", ("verified", "rejected", "graduated", "unverified")),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    household_id: Mapped[int] = mapped_column(
        ForeignKey("household.id", ondelete="CASCADE"), index=True
    )
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)
    status: Mapped[str]
    decree_number: Mapped[str]
    decree_date: Mapped[date]
    note: Mapped[str | None]
    user_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class PositionFault(Base):
    """Something wrong with the position of a household; derived, but for the dismissal."""

    __tablename__ = "position_fault"
    __table_args__ = (among("kind", POSITION_FAULTS),)

    household_id: Mapped[int] = mapped_column(
        ForeignKey("household.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    detail: Mapped[dict[str, Any]]
    """Numbers: distance_m, count, accuracy_m."""
    proposed: Mapped[WKBElement | None] = mapped_column(
        Geometry("POINT", 4326, spatial_index=False)
    )
    """Where the repair is certain."""
    found_at: Mapped[datetime] = mapped_column(server_default=func.now())
    dismissed_by: Mapped[str | None]
    dismissed_at: Mapped[datetime | None]
