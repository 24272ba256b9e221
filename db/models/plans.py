"""Intervention plans: settings, the frozen list, whom it was handed to, what was delivered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    SmallInteger,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION
from sqlalchemy.orm import Mapped, mapped_column

from db.models._base import Base, among

PLAN_STATES = ("draft", "proposed", "approved", "running", "closed")
OUTCOMES = ("delivered", "refused", "moved", "not_found")


class Plan(Base):
    """A programme, an area, a quota or budget, and how the households are chosen."""

    __tablename__ = "plan"
    __table_args__ = (
        among("state", PLAN_STATES),
        CheckConstraint("length(name) BETWEEN 1 AND 120", name="name"),
        # Nobody approves what they proposed.
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_persons"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str]
    programme_code: Mapped[str] = mapped_column(ForeignKey("programme.code"), index=True)
    area_code: Mapped[str | None] = mapped_column(ForeignKey("admin_area.code"))
    """None is all that is loaded."""
    state: Mapped[str] = mapped_column(server_default="draft")
    settings: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    """Counts the changes, so that of two who edit the second is told."""
    rule: Mapped[dict[str, Any] | None]
    """The programme's rule that the list was made with."""
    rule_version: Mapped[int | None] = mapped_column(SmallInteger)
    day: Mapped[date | None]
    """For which ages and years were counted."""
    data_version: Mapped[int | None] = mapped_column(BigInteger)
    computed_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]
    """Counts, cost, what was left over and why, coverage before and after."""
    list_hash: Mapped[str | None]
    """SHA-256 of the list, from when it is proposed."""
    due_on: Mapped[date | None]
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    edited_by: Mapped[str]
    edited_at: Mapped[datetime] = mapped_column(server_default=func.now())
    proposed_by: Mapped[str | None]
    proposed_at: Mapped[datetime | None]
    approved_by: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    decree_number: Mapped[str | None]
    decree_date: Mapped[date | None]
    closed_at: Mapped[datetime | None]


class PlanTarget(Base):
    """A household of a plan's list, as it was when the list was made."""

    __tablename__ = "plan_target"
    __table_args__ = (
        among("outcome", OUTCOMES),
        Index("ix_plan_target_rank", "plan_id", "rank", unique=True),
    )

    plan_id: Mapped[int] = mapped_column(
        ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True
    )
    household_id: Mapped[int] = mapped_column(
        ForeignKey("household.id"), primary_key=True, index=True
    )
    """No batch that it came with can be taken back while it stands here."""
    rank: Mapped[int] = mapped_column(Integer)
    area_code: Mapped[str]
    """The desa of that day."""
    score: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    reasons: Mapped[dict[str, Any]]
    amount_idr: Mapped[int | None] = mapped_column(BigInteger)
    head_name: Mapped[str]
    nik: Mapped[str | None]
    kk: Mapped[str | None]
    address: Mapped[str | None]
    rt: Mapped[str | None]
    rw: Mapped[str | None]
    decile: Mapped[int | None] = mapped_column(SmallInteger)
    member_count: Mapped[int] = mapped_column(SmallInteger)
    outcome: Mapped[str | None]
    """Of the last delivery recorded; None while it is open."""
    outcome_on: Mapped[date | None]
    outcome_by: Mapped[str | None]
    outcome_note: Mapped[str | None]


class PlanChange(Base):
    """What was done with a plan, by whom."""

    __tablename__ = "plan_change"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    act: Mapped[str]
    """create, save, compute, propose, return, approve, start, hand_over, revoke, close…"""
    user_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    detail: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))


class PlanHandover(Base):
    """A plan's list handed to an agency, for a purpose, until a day."""

    __tablename__ = "plan_handover"
    __table_args__ = (CheckConstraint("length(purpose) BETWEEN 10 AND 300", name="purpose"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    agency: Mapped[str]
    purpose: Mapped[str]
    expires_at: Mapped[datetime]
    granted_by: Mapped[str]
    granted_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revoked_by: Mapped[str | None]
    revoked_at: Mapped[datetime | None]


class PlanOpening(Base):
    """Somebody of the agency opened a list that was handed over."""

    __tablename__ = "plan_opening"
    __table_args__ = (among("form", ("page", "xlsx", "pdf")),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    handover_id: Mapped[int] = mapped_column(
        ForeignKey("plan_handover.id", ondelete="CASCADE"), index=True
    )
    user_name: Mapped[str]
    form: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Delivery(Base):
    """What became of a target; the last one holds, the ones before are kept."""

    __tablename__ = "delivery"
    __table_args__ = (
        # "open" takes an earlier outcome back.
        among("outcome", (*OUTCOMES, "open")),
        ForeignKeyConstraint(
            ["plan_id", "household_id"],
            ["plan_target.plan_id", "plan_target.household_id"],
            ondelete="CASCADE",
            name="fk_delivery_plan_target",
        ),
        Index("ix_delivery_plan_target", "plan_id", "household_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    plan_id: Mapped[int] = mapped_column(BigInteger)
    household_id: Mapped[int] = mapped_column(BigInteger)
    outcome: Mapped[str]
    on_day: Mapped[date]
    note: Mapped[str | None]
    file_name: Mapped[str | None]
    """The file it came with; None from a page."""
    user_name: Mapped[str]
    role: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
