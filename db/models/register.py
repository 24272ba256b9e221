"""The register: households, persons, needs, programmes and the aid they gave."""

from __future__ import annotations

from datetime import date
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, REAL
from sqlalchemy.dialects.postgresql import TEXT as PG_TEXT
from sqlalchemy.orm import Mapped, mapped_column

from db.models._base import Base, among


def _sixteen_digits(column: str) -> CheckConstraint:
    # A regular expression takes twice as long, of every row written.
    rule = f"length({column}) = 16 AND ltrim({column}, '0123456789') = ''"
    return CheckConstraint(rule, name=column)


class Household(Base):
    """A poor family (keluarga) of the register."""

    __tablename__ = "household"
    __table_args__ = (
        CheckConstraint("decile BETWEEN 1 AND 10", name="decile"),
        CheckConstraint("member_count BETWEEN 0 AND 63", name="member_count"),
        _sixteen_digits("kk"),
        among("status", ("unverified", "verified", "rejected", "graduated")),
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
    """The desa, assigned at import: asking the boundaries each time is 20 times slower."""
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
        Geometry("POINT", 3857),
        Computed(
            "CASE WHEN abs(ST_Y(location)) < 85 THEN ST_Transform(location, 3857) END",
            persisted=True,
        ),
    )
    """Stored projected: tiles from it cost a quarter of tiles projected on the fly. NULL where the
    position is off the map, as one with longitude and latitude exchanged is."""
    shown_location: Mapped[WKBElement | None] = mapped_column(
        Geometry("POINT", 4326, spatial_index=False)
    )
    """Displaced by 150 to 400 m inside the desa, for those who may not know the house."""
    shown_3857: Mapped[WKBElement | None] = mapped_column(
        Geometry("POINT", 3857), Computed("ST_Transform(shown_location, 3857)", persisted=True)
    )
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
    batch_id: Mapped[int | None] = mapped_column(BigInteger)
    """The batch it came with, or that of its strongest source record."""


class Person(Base):
    """A member of a household."""

    __tablename__ = "person"
    __table_args__ = (
        _sixteen_digits("nik"),
        among("sex", ("female", "male")),
        among("life_status", ("alive", "dead", "moved")),
        # Rules ask for the head more often than for any other member.
        Index(
            "ix_person_head",
            "household_id",
            postgresql_include=["sex", "marital_status", "birth_date"],
            postgresql_where=text("relationship = 'head' AND life_status = 'alive'"),
        ),
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
    life_status: Mapped[str] = mapped_column(server_default="alive")
    """alive, dead, or moved away."""
    external_id: Mapped[str | None]
    batch_id: Mapped[int | None] = mapped_column(BigInteger)
    """The batch it came with, or that of its strongest source record."""


class Programme(Base):
    """A programme that gives aid."""

    __tablename__ = "programme"
    __table_args__ = (
        CheckConstraint("bit BETWEEN 0 AND 61", name="bit"),
        among("domain", ("education", "health", "food", "business", "housing", "cash")),
        among("given_to", ("household", "person")),
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
    """The eligibility rule as data (``geo/rules``), the newest version of it."""
    rule_version: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    served_years: Mapped[int | None] = mapped_column(SmallInteger)
    """For how many years a household counts as served; None is for good."""
    excludes: Mapped[list[str]] = mapped_column(ARRAY(PG_TEXT), server_default=text("'{}'"))
    """Programmes that a household shouldn't get beside this one; either of the two may say so."""
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
        among("status", ("received", "planned", "stopped")),
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
    batch_id: Mapped[int | None] = mapped_column(BigInteger)
    """The batch it came with, or that of its strongest source record."""
