"""Source records, review, jobs and the desks: registers that come in again and again."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[2] / "sql"
# The naming convention was put before names that bore it already.
_KIND_CHECK = "ck_source_ck_source_kind"
_SOURCE_KINDS = "'boundary', 'register', 'aid', 'statistic'"
_MORE_KINDS = "'population', 'survey', 'verification'"


def upgrade() -> None:
    """Apply the migration."""
    _add_columns()
    _add_checks()
    _create_records()
    _create_desks()
    op.get_bind().exec_driver_sql((_SQL / "jobs.sql").read_text())


def _add_checks() -> None:
    op.drop_constraint(op.f(_KIND_CHECK), "source")
    op.create_check_constraint(
        "ck_source_kind", "source", f"kind IN ({_SOURCE_KINDS}, {_MORE_KINDS})"
    )
    op.create_check_constraint("state", "import_batch", "state IN ('applied', 'undone')")
    op.create_check_constraint(
        "outcome", "import_row", "outcome IN ('rejected', 'noted', 'repaired', 'review')"
    )
    op.create_check_constraint(
        "decision",
        "import_row",
        "decision IN ('joined', 'new', 'split', 'dismissed')",
    )
    op.create_check_constraint("life_status", "person", "life_status IN ('alive', 'dead', 'moved')")


def _create_desks() -> None:
    op.create_table(
        "field_precedence",
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source"], ["source.code"], name="fk_field_precedence_source", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("field", "source", name="pk_field_precedence"),
    )
    op.create_table(
        "column_mapping",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("header", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("kind", "header", name="pk_column_mapping"),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("args", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rows_done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('import', 'undo', 'decide', 'verify', 'repair', 'precedence')",
            name="kind",
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="state"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
    )
    op.create_index(
        "ix_job_waiting",
        "job",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting', 'running')"),
    )
    op.create_table(
        "match_candidate",
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("score", sa.REAL(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id", "row_number"],
            ["import_row.batch_id", "import_row.row_number"],
            name="fk_match_candidate_import_row",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name="fk_match_candidate_household_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "batch_id", "row_number", "household_id", name="pk_match_candidate"
        ),
    )
    op.create_index(
        "ix_match_candidate_household_id", "match_candidate", ["household_id"], unique=False
    )
    op.create_table(
        "verification",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decree_number", sa.Text(), nullable=False),
        sa.Column("decree_date", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "status IN ('verified', 'rejected', 'graduated', 'unverified')",
            name="status",
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name="fk_verification_batch_id"),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name="fk_verification_household_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_verification"),
    )
    op.create_index("ix_verification_batch_id", "verification", ["batch_id"], unique=False)
    op.create_index("ix_verification_household_id", "verification", ["household_id"], unique=False)
    op.create_table(
        "position_fault",
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "proposed",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column(
            "found_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("dismissed_by", sa.Text(), nullable=True),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('missing', 'swapped', 'outside_regency', 'outside_desa', 'piled', 'copied',"
            " 'inaccurate')",
            name="kind",
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name="fk_position_fault_household_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("household_id", "kind", name="pk_position_fault"),
    )


def _create_records() -> None:
    op.create_table(
        "area_stat_record",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("value", sa.DOUBLE_PRECISION(), nullable=True),
        sa.ForeignKeyConstraint(
            ["area_code", "indicator", "period"],
            ["area_stat.area_code", "area_stat.indicator", "area_stat.period"],
            name="fk_area_stat_record_area_stat",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_area_stat_record"),
    )
    op.create_index(
        "ix_area_stat_record_area_stat",
        "area_stat_record",
        ["area_code", "indicator", "period"],
        unique=False,
    )
    op.create_table(
        "household_record",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=True),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("score", sa.REAL(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("kk", sa.Text(), nullable=True),
        sa.Column("head_name", sa.Text(), nullable=True),
        sa.Column("nik", sa.Text(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("rt", sa.Text(), nullable=True),
        sa.Column("rw", sa.Text(), nullable=True),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column(
            "location",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("accuracy_m", sa.REAL(), nullable=True),
        sa.Column("location_source", sa.Text(), nullable=True),
        sa.Column("decile", sa.SmallInteger(), nullable=True),
        sa.Column("member_count", sa.SmallInteger(), nullable=True),
        sa.Column("house_ownership", sa.Text(), nullable=True),
        sa.Column("floor_material", sa.Text(), nullable=True),
        sa.Column("wall_material", sa.Text(), nullable=True),
        sa.Column("roof_material", sa.Text(), nullable=True),
        sa.Column("floor_area_m2", sa.REAL(), nullable=True),
        sa.Column("drinking_water", sa.Text(), nullable=True),
        sa.Column("lighting", sa.Text(), nullable=True),
        sa.Column("electricity_va", sa.Integer(), nullable=True),
        sa.Column("cooking_fuel", sa.Text(), nullable=True),
        sa.Column("toilet", sa.Text(), nullable=True),
        sa.Column("needs", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name="fk_household_record_household_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_household_record"),
    )
    op.create_index(
        "ix_household_record_household_id", "household_record", ["household_id"], unique=False
    )
    op.create_index(
        "ix_household_record_source_external_id",
        "household_record",
        ["source", "external_id"],
        unique=False,
    )
    op.create_table(
        "person_record",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=True),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("nik", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("relationship", sa.Text(), nullable=True),
        sa.Column("marital_status", sa.Text(), nullable=True),
        sa.Column("schooling", sa.Text(), nullable=True),
        sa.Column("education", sa.Text(), nullable=True),
        sa.Column("work", sa.Text(), nullable=True),
        sa.Column("disability", sa.Text(), nullable=True),
        sa.Column("chronic_illness", sa.Text(), nullable=True),
        sa.Column("life_status", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_person_record_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_person_record"),
    )
    op.create_index("ix_person_record_person_id", "person_record", ["person_id"], unique=False)
    op.create_table(
        "aid_record",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("aid_id", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=True),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("amount_idr", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["aid_id"], ["aid.id"], name="fk_aid_record_aid_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_aid_record"),
    )
    op.create_index("ix_aid_record_aid_id", "aid_record", ["aid_id"], unique=False)


def _add_columns() -> None:
    op.add_column("aid", sa.Column("batch_id", sa.BigInteger(), nullable=True))
    op.add_column("area_stat", sa.Column("batch_id", sa.BigInteger(), nullable=True))
    op.add_column("household", sa.Column("batch_id", sa.BigInteger(), nullable=True))
    op.add_column("import_batch", sa.Column("format", sa.Text(), nullable=True))
    op.add_column("import_batch", sa.Column("as_of", sa.Date(), nullable=True))
    op.add_column(
        "import_batch", sa.Column("user_name", sa.Text(), server_default="local", nullable=False)
    )
    op.add_column("import_batch", sa.Column("area_code", sa.Text(), nullable=True))
    op.add_column(
        "import_batch", sa.Column("state", sa.Text(), server_default="applied", nullable=False)
    )
    op.add_column("import_batch", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("import_batch", sa.Column("undone_by", sa.Text(), nullable=True))
    op.add_column(
        "import_row", sa.Column("checked", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
    )
    op.add_column("import_row", sa.Column("area_code", sa.Text(), nullable=True))
    op.add_column("import_row", sa.Column("decision", sa.Text(), nullable=True))
    op.add_column("import_row", sa.Column("decided_by", sa.Text(), nullable=True))
    op.add_column("import_row", sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("import_row", sa.Column("household_id", sa.BigInteger(), nullable=True))
    op.add_column("import_row", sa.Column("corrected_in", sa.BigInteger(), nullable=True))
    op.create_index("ix_import_row_household_id", "import_row", ["household_id"], unique=False)
    op.create_index(
        "ix_import_row_waiting",
        "import_row",
        ["batch_id", "row_number"],
        unique=False,
        postgresql_where=sa.text("outcome = 'review' AND decision IS NULL"),
    )
    op.create_foreign_key(
        "fk_import_row_household_id",
        "import_row",
        "household",
        ["household_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_foreign_key(
        "fk_import_row_corrected_in",
        "import_row",
        "import_batch",
        ["corrected_in"],
        ["id"],
        ondelete="SET NULL",
    )
    op.add_column(
        "person", sa.Column("life_status", sa.Text(), server_default="alive", nullable=False)
    )
    op.add_column("person", sa.Column("external_id", sa.Text(), nullable=True))
    op.add_column("person", sa.Column("batch_id", sa.BigInteger(), nullable=True))
    op.add_column("source", sa.Column("amber_days", sa.SmallInteger(), nullable=True))
    op.add_column("source", sa.Column("red_days", sa.SmallInteger(), nullable=True))


def downgrade() -> None:
    """Take the migration back; the policies and views went before."""
    op.execute("DROP SCHEMA IF EXISTS masked CASCADE")
    for table in ("import_row", "import_batch"):  # the policies of 0005 ask for columns of today
        op.execute(f"DROP POLICY IF EXISTS viewer ON {table}")
    for function in ("submit_job", "cancel_job"):
        op.execute(f"DROP FUNCTION IF EXISTS {function}")
    for table in _TABLES:
        op.drop_table(table)
    op.drop_column("source", "red_days")
    op.drop_column("source", "amber_days")
    op.drop_column("person", "batch_id")
    op.drop_column("person", "external_id")
    op.drop_column("person", "life_status")
    op.drop_constraint("fk_import_row_corrected_in", "import_row", type_="foreignkey")
    op.drop_constraint("fk_import_row_household_id", "import_row", type_="foreignkey")
    op.drop_index(
        "ix_import_row_waiting",
        table_name="import_row",
        postgresql_where=sa.text("outcome = 'review' AND decision IS NULL"),
    )
    op.drop_index("ix_import_row_household_id", table_name="import_row")
    op.drop_column("import_row", "corrected_in")
    op.drop_column("import_row", "household_id")
    op.drop_column("import_row", "decided_at")
    op.drop_column("import_row", "decided_by")
    op.drop_column("import_row", "decision")
    op.drop_column("import_row", "area_code")
    op.drop_column("import_row", "checked")
    op.drop_column("import_batch", "undone_by")
    op.drop_column("import_batch", "undone_at")
    op.drop_column("import_batch", "state")
    op.drop_column("import_batch", "area_code")
    op.drop_column("import_batch", "user_name")
    op.drop_column("import_batch", "as_of")
    op.drop_column("import_batch", "format")
    op.drop_column("household", "batch_id")
    op.drop_column("area_stat", "batch_id")
    op.drop_column("aid", "batch_id")
    op.drop_constraint(op.f(_KIND_CHECK), "source")
    op.execute(f"DELETE FROM source WHERE kind IN ({_MORE_KINDS})")
    op.create_check_constraint("ck_source_kind", "source", f"kind IN ({_SOURCE_KINDS})")
    op.drop_constraint(op.f("ck_import_row_outcome"), "import_row")


_TABLES = (
    "match_candidate",
    "verification",
    "position_fault",
    "job",
    "column_mapping",
    "field_precedence",
    "household_record",
    "person_record",
    "aid_record",
    "area_stat_record",
)
