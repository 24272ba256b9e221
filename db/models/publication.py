"""Totals that roles without household rights see, small ones hidden (``docs/security.md``)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models._base import Base


class Publication(Base):
    """One set of totals, made at the end of an import or by ``db publish``."""

    __tablename__ = "publication"

    version: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    published_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    register_version: Mapped[int] = mapped_column(BigInteger)
    """Of ``data_version``, when it was made."""
    register_source: Mapped[str | None] = mapped_column(ForeignKey("source.code"))
    """The one source of all households; NULL when they come from several."""


class PublicCount(Base):
    """One count of an area in a publication."""

    __tablename__ = "public_count"

    version: Mapped[int] = mapped_column(
        ForeignKey("publication.version", ondelete="CASCADE"), primary_key=True
    )
    area_code: Mapped[str] = mapped_column(primary_key=True)
    """Empty for everything that is loaded."""
    cell: Mapped[str] = mapped_column(primary_key=True)
    """all, members, decile:1, status:verified, need:latrine, programme:pkh, aid:none…"""
    value: Mapped[int | None] = mapped_column(Integer)
    """NULL is hidden."""
