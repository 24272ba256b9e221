"""Counts of the register as they were, period by period."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

from db.models._base import Base


class RegisterSnapshot(Base):
    """How many households of an area had a property in a period, by the register of that time."""

    __tablename__ = "register_snapshot"

    period: Mapped[str] = mapped_column(primary_key=True)
    """A month, ``2026-11``."""
    area_code: Mapped[str] = mapped_column(primary_key=True)
    flag: Mapped[str] = mapped_column(primary_key=True)
    """As in ``household_bitmap``: all, aid:none, programme:pkh…"""
    households: Mapped[int] = mapped_column(Integer)
    families: Mapped[int | None] = mapped_column(Integer)
    """All families of the area, from the same source; None where that has none."""
    source: Mapped[str]
    """Of the register; ``+`` where it had several."""
    as_of: Mapped[date]
