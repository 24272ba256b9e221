"""Accounts and sessions."""

from __future__ import annotations

import re
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[2] / "sql" / "accounts.sql"
_ROLES = (
    "'guest', 'regent', 'planner', 'agency', 'task_unit', 'village_operator', 'auditor',"
    " 'administrator'"
)
_AREA_FITS_ROLE = r"""CASE role
    WHEN 'task_unit' THEN coalesce(area_code, '') ~ '^\d{2}\.\d{2}\.\d{2}$'
    WHEN 'village_operator' THEN coalesce(area_code, '') ~ '^\d{2}\.\d{2}\.\d{2}\.\d{4}$'
    ELSE coalesce(area_code, '00.00') ~ '^\d{2}\.\d{2}$'
END"""


def upgrade() -> None:
    """Apply the migration."""
    _create_user()
    _create_session()
    op.get_bind().exec_driver_sql(_SQL.read_text().replace("%", "%%"))


def _create_user() -> None:
    op.create_table(
        "app_user",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("agency", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column(
            "must_change_password", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        _moment("created_at", server_default=sa.text("now()"), nullable=False),
        _moment("password_changed_at", server_default=sa.text("now()"), nullable=False),
        sa.Column("failed_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _moment("locked_until", nullable=True),
        sa.CheckConstraint(f"role IN ({_ROLES})", name=op.f("ck_app_user_role")),
        sa.CheckConstraint(r"name ~ '^[a-z0-9][a-z0-9._-]{1,39}$'", name=op.f("ck_app_user_name")),
        sa.CheckConstraint(_AREA_FITS_ROLE, name=op.f("ck_app_user_area_code")),
        sa.CheckConstraint("failed_count >= 0", name=op.f("ck_app_user_failed_count")),
        sa.ForeignKeyConstraint(["area_code"], ["admin_area.code"], name="fk_app_user_area_code"),
        sa.PrimaryKeyConstraint("id", name="pk_app_user"),
        sa.UniqueConstraint("name", name="uq_app_user_name"),
    )


def _create_session() -> None:
    op.create_table(
        "login_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        _moment("started_at", server_default=sa.text("now()"), nullable=False),
        _moment("last_seen_at", server_default=sa.text("now()"), nullable=False),
        _moment("expires_at", nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        _moment("revoked_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name="fk_login_session_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_login_session"),
    )
    op.create_index("ix_login_session_user_id", "login_session", ["user_id"], unique=False)


def _moment(name: str, **options: object) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), **options)  # type: ignore[arg-type]


def downgrade() -> None:
    """Take the migration back."""
    for name in re.findall(r"^CREATE FUNCTION (\w+)\(", _SQL.read_text(), re.MULTILINE):
        op.execute(f"DROP FUNCTION {name}")
    op.drop_table("login_session")
    op.drop_table("app_user")
