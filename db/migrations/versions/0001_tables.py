"""The tables, and what is derived from them."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[2] / "sql"


def upgrade() -> None:
    """Apply the migration."""
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    _create_tables()
    # Straight to the driver: a colon in a quoted word is no parameter.
    op.get_bind().exec_driver_sql((_SQL / "derived.sql").read_text())


def _create_tables() -> None:
    op.create_table(
        "class_breaks",
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("class_count", sa.SmallInteger(), nullable=False),
        sa.Column("breaks", postgresql.ARRAY(sa.DOUBLE_PRECISION()), nullable=False),
        sa.Column(
            "frozen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("layer", "level", "method", "class_count", name="pk_class_breaks"),
    )
    op.create_table(
        "data_version",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("txid", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("topic IN ('register', 'boundaries')", name="ck_data_version_topic"),
        sa.PrimaryKeyConstraint("topic", name="pk_data_version"),
    )
    op.create_table(
        "household_stale",
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("area_code", name="pk_household_stale"),
    )
    op.create_table(
        "indicator",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("decimals", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("direction", sa.Text(), server_default="neutral", nullable=False),
        sa.Column("is_layer", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(
            "direction IN ('high_is_bad', 'high_is_good', 'neutral')", name="ck_indicator_direction"
        ),
        sa.PrimaryKeyConstraint("code", name="pk_indicator"),
    )
    op.create_table(
        "need",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("bit", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.CheckConstraint("bit BETWEEN 0 AND 61", name="ck_need_bit"),
        sa.PrimaryKeyConstraint("code", name="pk_need"),
        sa.UniqueConstraint("bit", name="uq_need_bit"),
    )
    op.create_table(
        "programme",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("bit", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("given_to", sa.Text(), nullable=False),
        sa.Column("unit_cost_idr", sa.BigInteger(), nullable=True),
        sa.Column("unit_cost_note", sa.Text(), nullable=True),
        sa.Column("is_public_money", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("eligibility", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "domain IN ('education', 'health', 'food', 'business', 'housing', 'cash')",
            name="ck_programme_domain",
        ),
        sa.CheckConstraint("given_to IN ('household', 'person')", name="ck_programme_given_to"),
        sa.CheckConstraint("bit BETWEEN 0 AND 61", name="ck_programme_bit"),
        sa.PrimaryKeyConstraint("code", name="pk_programme"),
        sa.UniqueConstraint("bit", name="uq_programme_bit"),
    )
    op.create_table(
        "source",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_schematic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('boundary', 'register', 'aid', 'statistic')", name="ck_source_kind"
        ),
        sa.PrimaryKeyConstraint("code", name="pk_source"),
    )
    op.create_table(
        "admin_area",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("bps_code", sa.Text(), nullable=True),
        sa.Column(
            "geom",
            Geometry(geometry_type="MULTIPOLYGON", srid=4326, spatial_index=False),
            nullable=False,
        ),
        sa.Column(
            "geom_map",
            Geometry(geometry_type="MULTIPOLYGON", srid=4326, spatial_index=False),
            nullable=False,
        ),
        sa.Column(
            "label_point",
            Geometry(geometry_type="POINT", srid=4326, spatial_index=False),
            nullable=False,
        ),
        sa.Column("area_km2", sa.DOUBLE_PRECISION(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('kabupaten', 'kota', 'kecamatan', 'desa', 'kelurahan')",
            name="ck_admin_area_kind",
        ),
        sa.CheckConstraint(
            "level IN ('kabupaten', 'kecamatan', 'desa')", name="ck_admin_area_level"
        ),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["admin_area.code"], name="fk_admin_area_parent_code"
        ),
        sa.ForeignKeyConstraint(["source"], ["source.code"], name="fk_admin_area_source"),
        sa.PrimaryKeyConstraint("code", name="pk_admin_area"),
    )
    op.create_index(
        "idx_admin_area_geom", "admin_area", ["geom"], unique=False, postgresql_using="gist"
    )
    op.create_index("ix_admin_area_parent_code", "admin_area", ["parent_code"], unique=False)
    op.create_table(
        "import_batch",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column(
            "imported_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("ledger", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["source.code"], name="fk_import_batch_source"),
        sa.PrimaryKeyConstraint("id", name="pk_import_batch"),
    )
    op.create_table(
        "area_stat",
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("value", sa.DOUBLE_PRECISION(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["admin_area.code"], name="fk_area_stat_area_code"),
        sa.ForeignKeyConstraint(["indicator"], ["indicator.code"], name="fk_area_stat_indicator"),
        sa.ForeignKeyConstraint(["source"], ["source.code"], name="fk_area_stat_source"),
        sa.PrimaryKeyConstraint("area_code", "indicator", "period", name="pk_area_stat"),
    )
    op.create_table(
        "household",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("kk", sa.Text(), nullable=True),
        sa.Column("head_name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("rt", sa.Text(), nullable=True),
        sa.Column("rw", sa.Text(), nullable=True),
        sa.Column(
            "location",
            Geometry(geometry_type="POINT", srid=4326, spatial_index=False),
            nullable=True,
        ),
        sa.Column(
            "location_3857",
            Geometry(geometry_type="POINT", srid=3857, spatial_index=False),
            sa.Computed("ST_Transform(location, 3857)", persisted=True),
            nullable=True,
        ),
        sa.Column("accuracy_m", sa.REAL(), nullable=True),
        sa.Column("location_source", sa.Text(), nullable=True),
        sa.Column("decile", sa.SmallInteger(), nullable=True),
        sa.Column("member_count", sa.SmallInteger(), nullable=False),
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
        sa.Column("needs", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("aid", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("status", sa.Text(), server_default="unverified", nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "length(kk) = 16 AND ltrim(kk, '0123456789') = ''", name="ck_household_kk"
        ),
        sa.CheckConstraint(
            "status IN ('unverified', 'verified', 'rejected', 'graduated')",
            name="ck_household_status",
        ),
        sa.CheckConstraint("decile BETWEEN 1 AND 10", name="ck_household_decile"),
        sa.CheckConstraint("member_count BETWEEN 0 AND 63", name="ck_household_member_count"),
        sa.ForeignKeyConstraint(["area_code"], ["admin_area.code"], name="fk_household_area_code"),
        sa.ForeignKeyConstraint(["source"], ["source.code"], name="fk_household_source"),
        sa.PrimaryKeyConstraint("id", name="pk_household"),
        sa.UniqueConstraint("source", "external_id", name="uq_household_source_external_id"),
    )
    op.create_index(
        "idx_household_location_3857",
        "household",
        ["location_3857"],
        unique=False,
        postgresql_using="gist",
    )
    op.create_index(
        "ix_household_area_code_decile", "household", ["area_code", "decile", "id"], unique=False
    )
    op.create_index("ix_household_decile", "household", ["decile", "id"], unique=False)
    op.create_index(
        "ix_household_head_name_trgm",
        "household",
        ["head_name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"head_name": "gin_trgm_ops"},
    )
    op.create_index("ix_household_kk", "household", ["kk"], unique=False)
    op.create_table(
        "household_bitmap",
        sa.Column("flag", sa.Text(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("bits", postgresql.BIT(varying=True), nullable=False),
        sa.PrimaryKeyConstraint("flag", "area_code", name="pk_household_bitmap"),
    )
    op.create_index(
        "ix_household_bitmap_area_code", "household_bitmap", ["area_code"], unique=False
    )
    op.create_table(
        "household_cell",
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("cx", sa.Integer(), nullable=False),
        sa.Column("cy", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("bit_from", sa.Integer(), nullable=False),
        sa.Column("household_count", sa.Integer(), nullable=False),
        sa.Column("x_3857", sa.DOUBLE_PRECISION(), nullable=False),
        sa.Column("y_3857", sa.DOUBLE_PRECISION(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("area_code", "level", "cx", "cy", name="pk_household_cell"),
    )
    op.create_index(
        "ix_household_cell_touched",
        "household_cell",
        ["level", "cx", "cy", "area_code"],
        unique=False,
        postgresql_where=sa.text("level <= 15"),
    )
    op.create_table(
        "import_row",
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name="fk_import_row_batch_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("batch_id", "row_number", name="pk_import_row"),
    )
    op.create_table(
        "household_need",
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("need_code", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name="fk_household_need_household_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["need_code"], ["need.code"], name="fk_household_need_need_code"),
        sa.ForeignKeyConstraint(["source"], ["source.code"], name="fk_household_need_source"),
        sa.PrimaryKeyConstraint("household_id", "need_code", name="pk_household_need"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("nik", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("relationship", sa.Text(), nullable=False),
        sa.Column("marital_status", sa.Text(), nullable=True),
        sa.Column("schooling", sa.Text(), nullable=True),
        sa.Column("education", sa.Text(), nullable=True),
        sa.Column("work", sa.Text(), nullable=True),
        sa.Column("disability", sa.Text(), nullable=True),
        sa.Column("chronic_illness", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "length(nik) = 16 AND ltrim(nik, '0123456789') = ''", name="ck_person_nik"
        ),
        sa.CheckConstraint("sex IN ('female', 'male')", name="ck_person_sex"),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name="fk_person_household_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_index("ix_person_household_id", "person", ["household_id"], unique=False)
    op.create_index("ix_person_nik", "person", ["nik"], unique=False)
    op.create_table(
        "aid",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("amount_idr", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), server_default="received", nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.CheckConstraint("status IN ('received', 'planned', 'stopped')", name="ck_aid_status"),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name="fk_aid_household_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_aid_person_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["programme_code"], ["programme.code"], name="fk_aid_programme_code"
        ),
        sa.ForeignKeyConstraint(["source"], ["source.code"], name="fk_aid_source"),
        sa.PrimaryKeyConstraint("id", name="pk_aid"),
        sa.UniqueConstraint(
            "household_id",
            "programme_code",
            "period",
            "person_id",
            name="uq_aid_household_id_programme_code_period_person_id",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_aid_person_id", "aid", ["person_id"], unique=False)
    op.create_index("ix_aid_programme_code", "aid", ["programme_code"], unique=False)


def downgrade() -> None:
    """Take the migration back."""
    op.execute("DROP VIEW household_flag")
    op.drop_table("aid")
    op.drop_table("person")
    op.drop_table("household_need")
    op.drop_table("import_row")
    op.drop_table("household_cell")
    op.drop_table("household_bitmap")
    op.drop_table("household")
    op.drop_table("area_stat")
    op.drop_table("import_batch")
    op.drop_table("admin_area")
    op.drop_table("source")
    op.drop_table("programme")
    op.drop_table("need")
    op.drop_table("indicator")
    op.drop_table("household_stale")
    op.drop_table("data_version")
    op.drop_table("class_breaks")
    for function in _FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    # What a later revision leaves behind for the triggers.
    op.execute("DROP FUNCTION IF EXISTS keep_household_order, refresh_rule_flags")


_FUNCTIONS = (
    "bump_data_version",
    "spread_bits",
    "spread_five_bits",
    "refresh_area_derived",
    "add_coarser_cells",
    "note_stale_inserted",
    "note_stale_updated",
    "note_stale_deleted",
    "note_stale_households",
    "person_inserted",
    "person_updated",
    "person_deleted",
    "note_all_stale",
    "refresh_stale",
    "set_aid_masks",
    "set_need_masks",
    "aid_inserted",
    "aid_updated",
    "aid_deleted",
    "need_inserted",
    "need_deleted",
    "count_register_change",
    "count_boundary_change",
)
