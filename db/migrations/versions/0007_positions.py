"""Positions that can't be true may wait for their repair; findings about them are dismissed."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[2] / "sql"
# Mercator knows no more; an exchanged position has a latitude of 95 to 141 degrees.
_ON_THE_MAP = "CASE WHEN abs(ST_Y(location)) < 85 THEN ST_Transform(location, 3857) END"


def upgrade() -> None:
    """Apply the migration."""
    _project_anew(_ON_THE_MAP)
    for file in ("displacement.sql", "positions.sql"):
        op.get_bind().exec_driver_sql((_SQL / file).read_text())


def downgrade() -> None:
    """Take the migration back; positions off the map are lost."""
    op.execute("DROP FUNCTION set_fault_dismissed")
    op.execute("UPDATE household SET location = NULL WHERE abs(ST_Y(location)) >= 85")
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _project_anew("ST_Transform(location, 3857)")


def _project_anew(expression: str) -> None:
    # The views and their rights come back at the end of every upgrade: db/rights.py.
    op.execute("DROP SCHEMA IF EXISTS masked CASCADE")
    op.drop_column("household", "location_3857")
    op.add_column(
        "household",
        sa.Column(
            "location_3857",
            Geometry("POINT", 3857, spatial_index=False),
            sa.Computed(expression, persisted=True),
            nullable=True,
        ),
    )
    op.create_index(
        "idx_household_location_3857", "household", ["location_3857"], postgresql_using="gist"
    )
