"""Where things are and where figures come from: sources, areas, statistics, class breaks."""

from __future__ import annotations

from datetime import date, datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, ForeignKey, SmallInteger, func, text
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION
from sqlalchemy.orm import Mapped, mapped_column

from db.models._base import Base, among

SOURCE_KINDS = (
    "boundary",
    "register",
    "aid",
    "statistic",
    "population",
    "survey",
    "verification",
)


class Source(Base):
    """Where a figure, a boundary or a household comes from, and as of when."""

    __tablename__ = "source"
    __table_args__ = (among("kind", SOURCE_KINDS),)

    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    as_of: Mapped[date]
    note: Mapped[str | None]
    is_synthetic: Mapped[bool] = mapped_column(server_default=text("false"))
    """Invented figures; every screen, export and sheet that shows them says so."""
    is_schematic: Mapped[bool] = mapped_column(server_default=text("false"))
    """Drawn boundaries that are not the official ones."""
    amber_days: Mapped[int | None] = mapped_column(SmallInteger)
    red_days: Mapped[int | None] = mapped_column(SmallInteger)
    """Older than this, its data are shown as ageing, or old; NULL is the rule of its kind."""


class AdminArea(Base):
    """A kabupaten, kecamatan or desa/kelurahan."""

    __tablename__ = "admin_area"
    __table_args__ = (
        among("level", ("kabupaten", "kecamatan", "desa")),
        among("kind", ("kabupaten", "kota", "kecamatan", "desa", "kelurahan")),
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


class Indicator(Base):
    """A statistic that a regency has per area, and wants on the map."""

    __tablename__ = "indicator"
    __table_args__ = (among("direction", ("high_is_bad", "high_is_good", "neutral")),)

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
    batch_id: Mapped[int | None] = mapped_column(BigInteger)


class ClassBreaks(Base):
    """The breaks of a choropleth, frozen at import so that filters and years compare."""

    __tablename__ = "class_breaks"
    __table_args__ = (among("audience", ("register", "public")),)

    layer: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(primary_key=True)
    method: Mapped[str] = mapped_column(primary_key=True)
    class_count: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True, server_default="register")
    """``register``, made of exact values, or ``public``, made of published ones."""
    breaks: Mapped[list[float]] = mapped_column(ARRAY(DOUBLE_PRECISION))
    """The upper edge of every class but the last."""
    frozen_at: Mapped[datetime] = mapped_column(server_default=func.now())
