"""The tables. Field terms as in docs/data.md; units in the names; SRID 4326 unless said.

A household carries its needs and its aid twice: as rows (``household_need``, ``aid``), which say
where each came from, and as bit masks, which make filters fast. Triggers keep the masks, and the
bit strings and grid cells derived from them, equal to the rows (``db/sql/derived.sql``).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, BIT, DOUBLE_PRECISION, JSONB, REAL
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Names every constraint, so that a later migration can find it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: Text, datetime: DateTime(timezone=True), dict[str, Any]: JSONB}  # noqa: RUF012


def _among(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Source(Base):
    """Where a figure, a boundary or a household comes from, and as of when."""

    __tablename__ = "source"
    __table_args__ = (_among("kind", ("boundary", "register", "aid", "statistic")),)

    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    as_of: Mapped[date]
    note: Mapped[str | None]
    is_synthetic: Mapped[bool] = mapped_column(server_default=text("false"))
    """Invented figures; every screen, export and sheet that shows them says so."""
    is_schematic: Mapped[bool] = mapped_column(server_default=text("false"))
    """Drawn boundaries that are not the official ones."""


class AdminArea(Base):
    """A kabupaten, kecamatan or desa/kelurahan."""

    __tablename__ = "admin_area"
    __table_args__ = (
        _among("level", ("kabupaten", "kecamatan", "desa")),
        _among("kind", ("kabupaten", "kota", "kecamatan", "desa", "kelurahan")),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    """Kemendagri code with dots: 35.10, 35.10.01, 35.10.01.2001."""
    level: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("admin_area.code"), index=True)
    bps_code: Mapped[str | None]
    geom: Mapped[WKBElement] = mapped_column(Geometry("MULTIPOLYGON", 4326))
    geom_map: Mapped[WKBElement] = mapped_column(
        Geometry("MULTIPOLYGON", 4326, spatial_index=False)
    )
    """Simplified for the map, borders still shared."""
    label_point: Mapped[WKBElement] = mapped_column(Geometry("POINT", 4326, spatial_index=False))
    """A point inside, for the label and the circle."""
    area_km2: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    """Geodesic on the WGS 84 ellipsoid."""
    source: Mapped[str] = mapped_column(ForeignKey("source.code"))
    as_of: Mapped[date]


class Household(Base):
    """A poor family (keluarga) of the register."""

    __tablename__ = "household"
    __table_args__ = (
        CheckConstraint("decile BETWEEN 1 AND 10", name="decile"),
        CheckConstraint("member_count BETWEEN 0 AND 63", name="member_count"),
        CheckConstraint("kk ~ '^[0-9]{16}$'", name="kk"),
        _among("status", ("unverified", "verified", "rejected", "graduated")),
        UniqueConstraint("source", "external_id"),
        Index("ix_household_area_code_decile", "area_code", "decile", "id"),
        Index("ix_household_decile", "decile", "id"),
        Index(
            "ix_household_head_name_trgm",
            "head_name",
            postgresql_using="gin",
            postgresql_ops={"head_name": "gin_trgm_ops"},
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    area_code: Mapped[str] = mapped_column(ForeignKey("admin_area.code"))
    """The desa. Stored, and assigned at import: asking the boundaries each time is 20 times slower."""
    kk: Mapped[str | None] = mapped_column(index=True)
    """Number of the family card (kartu keluarga), 16 digits."""
    head_name: Mapped[str]
    address: Mapped[str | None]
    rt: Mapped[str | None]
    rw: Mapped[str | None]
    location: Mapped[WKBElement | None] = mapped_column(
        Geometry("POINT", 4326, spatial_index=False)
    )
    location_3857: Mapped[WKBElement | None] = mapped_column(
        Geometry("POINT", 3857), Computed("ST_Transform(location, 3857)", persisted=True)
    )
    """Stored projected: tiles from it cost a quarter of tiles projected on the fly."""
    accuracy_m: Mapped[float | None] = mapped_column(REAL)
    location_source: Mapped[str | None]
    """gps, survey, geocoded or village."""
    decile: Mapped[int | None] = mapped_column(SmallInteger)
    """Welfare decile (desil), 1 = poorest."""
    member_count: Mapped[int] = mapped_column(SmallInteger)
    house_ownership: Mapped[str | None]
    floor_material: Mapped[str | None]
    wall_material: Mapped[str | None]
    roof_material: Mapped[str | None]
    floor_area_m2: Mapped[float | None] = mapped_column(REAL)
    drinking_water: Mapped[str | None]
    lighting: Mapped[str | None]
    electricity_va: Mapped[int | None] = mapped_column(Integer)
    cooking_fuel: Mapped[str | None]
    toilet: Mapped[str | None]
    needs: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """Bit ``need.bit`` is set for each row of household_need."""
    aid: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """Bit ``programme.bit`` is set for each programme received, in any period."""
    status: Mapped[str] = mapped_column(server_default="unverified")
    external_id: Mapped[str | None]
    source: Mapped[str] = mapped_column(ForeignKey("source.code"))
    as_of: Mapped[date]


class Person(Base):
    """A member of a household."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("nik ~ '^[0-9]{16}$'", name="nik"),
        _among("sex", ("female", "male")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    household_id: Mapped[int] = mapped_column(
        ForeignKey("household.id", ondelete="CASCADE"), index=True
    )
    nik: Mapped[str | None] = mapped_column(index=True)
    name: Mapped[str]
    birth_date: Mapped[date | None]
    sex: Mapped[str | None]
    relationship: Mapped[str]
    """To the head: head, spouse, child, grandchild, parent, other."""
    marital_status: Mapped[str | None]
    """single, married, divorced or widowed."""
    schooling: Mapped[str | None]
    """not_yet, attending, dropped_out or finished."""
    education: Mapped[str | None]
    """Highest completed: none, primary, lower_secondary, upper_secondary or higher."""
    work: Mapped[str | None]
    disability: Mapped[str | None]
    chronic_illness: Mapped[str | None]


class Programme(Base):
    """A programme that gives aid."""

    __tablename__ = "programme"
    __table_args__ = (
        CheckConstraint("bit BETWEEN 0 AND 61", name="bit"),
        _among("domain", ("education", "health", "food", "business", "housing", "cash")),
        _among("given_to", ("household", "person")),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    bit: Mapped[int] = mapped_column(SmallInteger, unique=True)
    name: Mapped[str]
    description: Mapped[str | None]
    domain: Mapped[str]
    agency: Mapped[str]
    given_to: Mapped[str]
    unit_cost_idr: Mapped[int | None] = mapped_column(BigInteger)
    unit_cost_note: Mapped[str | None]
    is_public_money: Mapped[bool] = mapped_column(server_default=text("true"))
    eligibility: Mapped[dict[str, Any] | None]
    """The eligibility rule as data."""
    source: Mapped[str]


class Need(Base):
    """A kind of need (type of poverty) that a household can have."""

    __tablename__ = "need"
    __table_args__ = (CheckConstraint("bit BETWEEN 0 AND 61", name="bit"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    bit: Mapped[int] = mapped_column(SmallInteger, unique=True)
    name: Mapped[str]
    description: Mapped[str | None]
    domain: Mapped[str]
    """The domain of aid that answers it."""


class HouseholdNeed(Base):
    """One need of one household, with its source."""

    __tablename__ = "household_need"

    household_id: Mapped[int] = mapped_column(
        ForeignKey("household.id", ondelete="CASCADE"), primary_key=True
    )
    need_code: Mapped[str] = mapped_column(ForeignKey("need.code"), primary_key=True)
    source: Mapped[str] = mapped_column(ForeignKey("source.code"))


class Aid(Base):
    """One programme given to one household, or one person of it, in one period."""

    __tablename__ = "aid"
    __table_args__ = (
        _among("status", ("received", "planned", "stopped")),
        UniqueConstraint(
            "household_id",
            "programme_code",
            "period",
            "person_id",
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    programme_code: Mapped[str] = mapped_column(ForeignKey("programme.code"), index=True)
    period: Mapped[str]
    amount_idr: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(server_default="received")
    source: Mapped[str] = mapped_column(ForeignKey("source.code"))
    as_of: Mapped[date]


class Indicator(Base):
    """A statistic that a regency has per area, and wants on the map."""

    __tablename__ = "indicator"
    __table_args__ = (_among("direction", ("high_is_bad", "high_is_good", "neutral")),)

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str]
    unit: Mapped[str]
    decimals: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    direction: Mapped[str] = mapped_column(server_default="neutral")
    is_layer: Mapped[bool] = mapped_column(server_default=text("true"))
    """False for plain denominators, which as a choropleth would mislead."""


class AreaStat(Base):
    """The value of an indicator in an area and period; NULL is 'no data', never zero."""

    __tablename__ = "area_stat"

    area_code: Mapped[str] = mapped_column(ForeignKey("admin_area.code"), primary_key=True)
    indicator: Mapped[str] = mapped_column(ForeignKey("indicator.code"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)
    source: Mapped[str] = mapped_column(ForeignKey("source.code"))
    as_of: Mapped[date]


class ClassBreaks(Base):
    """The breaks of a choropleth, frozen at import so that filters and years compare."""

    __tablename__ = "class_breaks"

    layer: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(primary_key=True)
    method: Mapped[str] = mapped_column(primary_key=True)
    class_count: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    breaks: Mapped[list[float]] = mapped_column(ARRAY(DOUBLE_PRECISION))
    """The upper edge of every class but the last."""
    frozen_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ImportBatch(Base):
    """One file that came in, with its ledger."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[str]
    source: Mapped[str | None] = mapped_column(ForeignKey("source.code"))
    imported_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ledger: Mapped[dict[str, Any]]


class ImportRow(Base):
    """A row of a file that was not taken as it stood, kept with the reason."""

    __tablename__ = "import_row"

    batch_id: Mapped[int] = mapped_column(
        ForeignKey("import_batch.id", ondelete="CASCADE"), primary_key=True
    )
    row_number: Mapped[int] = mapped_column(Integer, primary_key=True)
    outcome: Mapped[str]
    reason: Mapped[str]
    content: Mapped[dict[str, Any]]


class HouseholdBitmap(Base):
    """One bit per household of a desa, in Morton order, for one property. Derived."""

    __tablename__ = "household_bitmap"

    flag: Mapped[str] = mapped_column(primary_key=True)
    """all, located, decile:1, status:verified, need:latrine, programme:pkh, domain:food, aid:none."""
    area_code: Mapped[str] = mapped_column(primary_key=True, index=True)
    bits: Mapped[str] = mapped_column(BIT(varying=True))


class HouseholdCell(Base):
    """How many households of a desa lie in one cell of the map grid. Derived."""

    __tablename__ = "household_cell"
    __table_args__ = (Index("ix_household_cell_area_code", "area_code", "level", "cx", "cy"),)

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    """The world is 2^level cells wide and high, as in the tile pyramid."""
    cx: Mapped[int] = mapped_column(Integer, primary_key=True)
    cy: Mapped[int] = mapped_column(Integer, primary_key=True)
    area_code: Mapped[str] = mapped_column(primary_key=True)
    bit_from: Mapped[int] = mapped_column(Integer)
    """First bit of the cell in the desa's bit strings, counted from 1; the rest follow it."""
    household_count: Mapped[int] = mapped_column(Integer)
    x_3857: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    """Mean position of its households, metres in EPSG:3857."""
    y_3857: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    household_id: Mapped[int | None] = mapped_column(BigInteger)
    """Set when the cell holds one household only."""


class HouseholdStale(Base):
    """Desa whose derived rows must be made anew before the transaction ends."""

    __tablename__ = "household_stale"

    area_code: Mapped[str] = mapped_column(primary_key=True)


class DataVersion(Base):
    """Counts the committed changes of a topic; what is cached carries the number."""

    __tablename__ = "data_version"
    __table_args__ = (_among("topic", ("register", "boundaries")),)

    topic: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    txid: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """The transaction that counted last, so that one transaction counts once."""
