"""Rules: whom a programme is for, what somebody asked, and views that were given a name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import TEXT as PG_TEXT
from sqlalchemy.orm import Mapped, mapped_column

from db.models._base import Base


class ProgrammeRule(Base):
    """A version of the rule of a programme. The newest stands on the programme as well."""

    __tablename__ = "programme_rule"

    programme_code: Mapped[str] = mapped_column(ForeignKey("programme.code"), primary_key=True)
    version: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    rule: Mapped[dict[str, Any]]
    served_years: Mapped[int | None] = mapped_column(SmallInteger)
    excludes: Mapped[list[str]] = mapped_column(ARRAY(PG_TEXT), server_default=text("'{}'"))
    note: Mapped[str | None]
    """Why it was changed."""
    saved_by: Mapped[str]
    saved_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RuleState(Base):
    """The day for which the rules were last evaluated: ages and years are counted from it."""

    __tablename__ = "rule_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, server_default=text("1"))
    day: Mapped[date]


class Question(Base):
    """A rule that somebody asked of the register. It holds no name and no number."""

    __tablename__ = "question"
    __table_args__ = (CheckConstraint("key ~ '^[0-9a-f]{12}$'", name="key"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    """The beginning of the SHA-256 of its canonical form."""
    rule: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """When somebody looked last; those that nobody keeps go after a while."""


class SavedView(Base):
    """An address of the map under a name."""

    __tablename__ = "saved_view"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 80", name="name"),
        CheckConstraint("length(query) <= 2000", name="query"),
        Index("ix_saved_view_user_name", "user_name", "name", unique=True),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_name: Mapped[str]
    role: Mapped[str]
    area_code: Mapped[str | None]
    name: Mapped[str]
    query: Mapped[str]
    is_shared: Mapped[bool] = mapped_column(server_default=text("false"))
    """With whoever has the same role in the same area."""
    question_key: Mapped[str | None] = mapped_column(ForeignKey("question.key"))
    """The question that its address asks, which stays as long as the view does."""
    saved_at: Mapped[datetime] = mapped_column(server_default=func.now())
