"""The audit log."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[2] / "sql"
_ACTIONS = (
    "'list', 'card', 'reveal', 'search', 'tiles', 'export', 'import', 'change', 'login',"
    " 'login_failed', 'logout', 'purge', 'backup', 'restore', 'publish'"
)
_USING_THE_TABLES = (
    "audit_viewers",
    "audit_events",
    "purge_audit",
    "record_audit",
    "audit_hash",
    "audit_is_reader",
)
_OTHERS = ("guard_audit", "audit_field", "audit_detail", "audit_text", "audit_digest")


def upgrade() -> None:
    """Apply the migration."""
    _create_tables()
    op.get_bind().exec_driver_sql((_SQL / "audit.sql").read_text())


def _create_tables() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("address", sa.Text()),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("household_id", sa.BigInteger()),
        sa.Column("area_code", sa.Text()),
        sa.Column("detail", postgresql.JSONB()),
        sa.Column("purpose", sa.Text()),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(f"action IN ({_ACTIONS})", name="ck_audit_event_action"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
    )
    op.create_index(
        "ix_audit_event_household_seen", "audit_event", ["household_id", sa.text("at DESC")]
    )
    op.create_index("ix_audit_event_user_name", "audit_event", ["user_name", "id"])
    op.create_index("ix_audit_event_at", "audit_event", ["at"])
    op.create_index(
        "ix_audit_event_detail",
        "audit_event",
        ["detail"],
        postgresql_using="gin",
        postgresql_ops={"detail": "jsonb_path_ops"},
        postgresql_with={"fastupdate": "off"},
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("event_count", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_audit_head_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )


def downgrade() -> None:
    """Take the migration back."""
    for function in _USING_THE_TABLES:
        op.execute(f"DROP FUNCTION {function}")
    op.drop_table("audit_event")
    op.drop_table("audit_head")
    for function in _OTHERS:
        op.execute(f"DROP FUNCTION {function}")
