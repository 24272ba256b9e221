"""Source records: what each batch said of a household, a person, an aid or an area.

The tables of the register hold the golden record: of each field, the value of the strongest source
record (``db/registers/golden.py``). A golden row without source records is its own: its batch_id
says whose. Records are written when a second batch speaks of the same row.

Batches and sources are never deleted, so that the records of a file do without references to them,
which would be checked row by row: two thirds of the time that storing a record takes.
"""

from __future__ import annotations

from datetime import date

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    SmallInteger,
)
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION, REAL
from sqlalchemy.orm import Mapped, mapped_column

from db.models._base import Base


class HouseholdRecord(Base):
    """What one batch said of a household; NULL where it said nothing."""

    __tablename__ = "household_record"
    __table_args__ = (Index("ix_household_record_source_external_id", "source", "external_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    household_id: Mapped[int] = mapped_column(
        ForeignKey("household.id", ondelete="CASCADE"), index=True
    )
    batch_id: Mapped[int | None] = mapped_column(BigInteger)
    """NULL for what stood in the register before batches were kept."""
    row_number: Mapped[int | None] = mapped_column(Integer)
    score: Mapped[float | None] = mapped_column(REAL)
    """Of the match that joined the row, 0 to 1; NULL when it was joined by key or NIK."""
    source: Mapped[str]
    as_of: Mapped[date]
    external_id: Mapped[str | None]
    kk: Mapped[str | None]
    head_name: Mapped[str | None]
    nik: Mapped[str | None]
    birth_date: Mapped[date | None]
    sex: Mapped[str | None]
    """These three and the name are the head's: a file of households needs no record of persons."""
    address: Mapped[str | None]
    rt: Mapped[str | None]
    rw: Mapped[str | None]
    area_code: Mapped[str | None]
    location: Mapped[WKBElement | None] = mapped_column(
        Geometry("POINT", 4326, spatial_index=False)
    )
    accuracy_m: Mapped[float | None] = mapped_column(REAL)
    location_source: Mapped[str | None]
    decile: Mapped[int | None] = mapped_column(SmallInteger)
    member_count: Mapped[int | None] = mapped_column(SmallInteger)
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
    needs: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[str | None]


class PersonRecord(Base):
    """What one batch said of a person; NULL where it said nothing."""

    __tablename__ = "person_record"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    batch_id: Mapped[int | None] = mapped_column(BigInteger)
    row_number: Mapped[int | None] = mapped_column(Integer)
    source: Mapped[str]
    as_of: Mapped[date]
    external_id: Mapped[str | None]
    nik: Mapped[str | None]
    name: Mapped[str | None]
    birth_date: Mapped[date | None]
    sex: Mapped[str | None]
    relationship: Mapped[str | None]
    marital_status: Mapped[str | None]
    schooling: Mapped[str | None]
    education: Mapped[str | None]
    work: Mapped[str | None]
    disability: Mapped[str | None]
    chronic_illness: Mapped[str | None]
    life_status: Mapped[str | None]


class AidRecord(Base):
    """What one batch said of an aid."""

    __tablename__ = "aid_record"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    aid_id: Mapped[int] = mapped_column(ForeignKey("aid.id", ondelete="CASCADE"), index=True)
    batch_id: Mapped[int | None] = mapped_column(BigInteger)
    row_number: Mapped[int | None] = mapped_column(Integer)
    source: Mapped[str]
    as_of: Mapped[date]
    amount_idr: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[str | None]


class AreaStatRecord(Base):
    """What one batch said of an indicator of an area; here NULL is a value, "no data"."""

    __tablename__ = "area_stat_record"
    __table_args__ = (
        ForeignKeyConstraint(
            ["area_code", "indicator", "period"],
            ["area_stat.area_code", "area_stat.indicator", "area_stat.period"],
            ondelete="CASCADE",
            name="fk_area_stat_record_area_stat",
        ),
        Index("ix_area_stat_record_area_stat", "area_code", "indicator", "period"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    area_code: Mapped[str]
    indicator: Mapped[str]
    period: Mapped[str]
    batch_id: Mapped[int | None] = mapped_column(BigInteger)
    source: Mapped[str]
    as_of: Mapped[date]
    value: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)


class FieldPrecedence(Base):
    """Which source is believed first about a field; a source that is not named stands at 100."""

    __tablename__ = "field_precedence"

    field: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(
        ForeignKey("source.code", ondelete="CASCADE"), primary_key=True
    )
    rank: Mapped[int] = mapped_column(SmallInteger)
    """1 is believed first. Sources of one rank: the newest as-of date."""
