"""Row-level security, masked views, displaced positions, and reveals for a purpose."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[2] / "sql"


def upgrade() -> None:
    """Apply the migration."""
    _add_displaced_positions()
    _create_reveal()
    # Roles, policies and views follow at the end of every upgrade: db/rights.py.


def _add_displaced_positions() -> None:
    op.add_column(
        "household",
        sa.Column("shown_location", Geometry("POINT", 4326, spatial_index=False), nullable=True),
    )
    op.add_column(
        "household",
        sa.Column(
            "shown_3857",
            Geometry("POINT", 3857, spatial_index=False),
            sa.Computed("ST_Transform(shown_location, 3857)", persisted=True),
            nullable=True,
        ),
    )
    op.create_index(
        "idx_household_shown_3857", "household", ["shown_3857"], postgresql_using="gist"
    )
    op.get_bind().exec_driver_sql((_SQL / "displacement.sql").read_text())
    op.execute(
        "UPDATE household SET shown_location = draw_displaced(location, area_code)"
        " WHERE location IS NOT NULL"
    )


def _create_reveal() -> None:
    op.create_table(
        "reveal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(household_id IS NULL) <> (area_code IS NULL)", name="ck_reveal_scope"),
        sa.CheckConstraint("expires_at > at", name="ck_reveal_expires_at"),
        sa.CheckConstraint("length(purpose) BETWEEN 10 AND 500", name="ck_reveal_purpose"),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name="fk_reveal_household_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["area_code"], ["admin_area.code"], name="fk_reveal_area_code"),
        sa.PrimaryKeyConstraint("id", name="pk_reveal"),
    )
    op.create_index("ix_reveal_user_name", "reveal", ["user_name"])


def downgrade() -> None:
    """Take the migration back. The roles stay: other databases of the server may use them."""
    op.execute("DROP SCHEMA IF EXISTS masked CASCADE")
    op.execute("DROP VIEW IF EXISTS household_mark")
    op.drop_table("reveal")
    for table in _UNDER_POLICIES:
        for policy in ("owner", "viewer"):
            op.execute(f"DROP POLICY IF EXISTS {policy} ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute("DROP TRIGGER household_displaced_new ON household")
    op.execute("DROP TRIGGER household_displaced_moved ON household")
    op.drop_index("idx_household_shown_3857", "household")
    op.drop_column("household", "shown_3857")
    op.drop_column("household", "shown_location")
    for function in ("keep_displaced", "draw_displaced", "mask_number", "open_reveal"):
        op.execute(f"DROP FUNCTION IF EXISTS {function}")


_UNDER_POLICIES = (
    "household",
    "household_bitmap",
    "household_cell",
    "person",
    "aid",
    "household_need",
    "household_stale",
    "import_row",
    "import_batch",
    "app_user",
    "login_session",
    "audit_event",
    "audit_head",
)
