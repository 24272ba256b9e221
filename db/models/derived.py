"""What triggers derive from the households (``db/sql/derived.sql``)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY, BIT, DOUBLE_PRECISION
from sqlalchemy.orm import Mapped, mapped_column

from db.models._base import Base, among


class HouseholdBitmap(Base):
    """One bit per household of a desa, in Morton order, for one property. Derived."""

    __tablename__ = "household_bitmap"

    flag: Mapped[str] = mapped_column(primary_key=True)
    """all, located, decile:1, status:verified, need:latrine, programme:pkh, aid:none, eligible:pkh,
    question:0f3c…, plan:7…"""
    area_code: Mapped[str] = mapped_column(primary_key=True, index=True)
    bits: Mapped[str] = mapped_column(BIT(varying=True))


class HouseholdCell(Base):
    """How many households of a desa lie in one cell of the map grid. Derived."""

    __tablename__ = "household_cell"
    __table_args__ = (
        # Which desa a tile touches is asked of the coarse levels only, which have few cells.
        Index(
            "ix_household_cell_touched",
            *("level", "cx", "cy", "area_code"),
            postgresql_where=text("level <= 15"),
        ),
    )

    area_code: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    """The world is 2^level cells wide and high, as in the tile pyramid."""
    cx: Mapped[int] = mapped_column(Integer, primary_key=True)
    cy: Mapped[int] = mapped_column(Integer, primary_key=True)
    bit_from: Mapped[int] = mapped_column(Integer)
    """First bit of the cell in the desa's bit strings, counted from 1; the rest follow it."""
    household_count: Mapped[int] = mapped_column(Integer)
    x_3857: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    """Mean position of its households, metres in EPSG:3857."""
    y_3857: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    household_id: Mapped[int | None] = mapped_column(BigInteger)
    """Set when the cell holds one household only."""


class HouseholdOrder(Base):
    """The households of a desa in the order of its bit strings. Derived.

    Neighbours in it are neighbours in the village, so no viewer reads it.
    """

    __tablename__ = "household_order"

    area_code: Mapped[str] = mapped_column(primary_key=True)
    ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))


class HouseholdStale(Base):
    """Desa whose derived rows must be made anew before the transaction ends."""

    __tablename__ = "household_stale"

    area_code: Mapped[str] = mapped_column(primary_key=True)


class DataVersion(Base):
    """Counts the committed changes of a topic; what is cached carries the number."""

    __tablename__ = "data_version"
    __table_args__ = (among("topic", ("register", "boundaries")),)

    topic: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    txid: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """The transaction that counted last, so that one transaction counts once."""
