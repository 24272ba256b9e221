"""Totals for roles without household rights."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[2] / "sql"
_BREAKS_KEY = ["layer", "level", "method", "class_count"]


def upgrade() -> None:
    """Apply the migration."""
    op.create_table(
        "publication",
        sa.Column("version", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("register_version", sa.BigInteger(), nullable=False),
        sa.Column("register_source", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["register_source"], ["source.code"], name="fk_publication_register_source"
        ),
        sa.PrimaryKeyConstraint("version", name="pk_publication"),
    )
    op.create_table(
        "public_count",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("cell", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version"],
            ["publication.version"],
            name="fk_public_count_version",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version", "area_code", "cell", name="pk_public_count"),
    )
    op.add_column(
        "class_breaks",
        sa.Column("audience", sa.Text(), server_default="register", nullable=False),
    )
    op.create_check_constraint(
        "ck_class_breaks_audience", "class_breaks", "audience IN ('register', 'public')"
    )
    _key_breaks_by(*_BREAKS_KEY, "audience")
    op.get_bind().exec_driver_sql((_SQL / "publication.sql").read_text())


def downgrade() -> None:
    """Take the migration back."""
    op.execute("DROP POLICY class_breaks_by_audience ON class_breaks")
    op.execute("ALTER TABLE class_breaks DISABLE ROW LEVEL SECURITY")
    op.execute("DELETE FROM class_breaks WHERE audience = 'public'")
    _key_breaks_by(*_BREAKS_KEY)
    op.drop_column("class_breaks", "audience")
    op.drop_table("public_count")
    op.drop_table("publication")


def _key_breaks_by(*columns: str) -> None:
    op.drop_constraint("pk_class_breaks", "class_breaks")
    op.create_primary_key("pk_class_breaks", "class_breaks", list(columns))
