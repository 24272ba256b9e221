"""Who may log in, and who is logged in. Read and written only through ``db/sql/accounts.sql``."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.models._base import Base, among

ROLES = (
    "guest",
    "regent",
    "planner",
    "agency",
    "task_unit",
    "village_operator",
    "auditor",
    "administrator",
)
"""Roles that an account can have; ``local``, the command line, has no account."""

_AREA_FITS_ROLE = r"""CASE role
    WHEN 'task_unit' THEN coalesce(area_code, '') ~ '^\d{2}\.\d{2}\.\d{2}$'
    WHEN 'village_operator' THEN coalesce(area_code, '') ~ '^\d{2}\.\d{2}\.\d{2}\.\d{4}$'
    ELSE coalesce(area_code, '00.00') ~ '^\d{2}\.\d{2}$'
END"""


class AppUser(Base):
    """A person who may log in."""

    __tablename__ = "app_user"
    __table_args__ = (
        among("role", ROLES),
        CheckConstraint(r"name ~ '^[a-z0-9][a-z0-9._-]{1,39}$'", name="name"),
        CheckConstraint(_AREA_FITS_ROLE, name="area_code"),
        CheckConstraint("failed_count >= 0", name="failed_count"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    """What is typed at the login; lower case."""
    display_name: Mapped[str]
    role: Mapped[str]
    area_code: Mapped[str | None] = mapped_column(ForeignKey("admin_area.code"))
    """A kecamatan for a task unit, a desa for a village operator, else none or the regency."""
    agency: Mapped[str | None]
    password_hash: Mapped[str]
    """Argon2id; ``!`` fits no password."""
    totp_secret: Mapped[str | None]
    """Encrypted with the program's key."""
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    """The last time step whose code was used: no code is taken twice."""
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    must_change_password: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    password_changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    failed_count: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    """Wrong logins since the last right one."""
    locked_until: Mapped[datetime | None]


class LoginSession(Base):
    """A browser in which a person is logged in."""

    __tablename__ = "login_session"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    """SHA-256 of the token in the cookie: who reads this table can't log in with it."""
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """Exact to the minute."""
    expires_at: Mapped[datetime]
    address: Mapped[str | None]
    user_agent: Mapped[str | None]
    revoked_at: Mapped[datetime | None]
