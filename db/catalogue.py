"""The programmes and needs a new database starts with.

The place of a row in its list is its bit in ``household.aid`` and ``household.needs``: append new
ones at the end, never reorder, never delete. Texts are Indonesian, as officials read them.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert

from db.catalogue_programmes import PROGRAMMES
from db.models import Need, Programme

__all__ = ["NEEDS", "NEED_BITS", "PROGRAMMES", "PROGRAMME_BITS", "NeedRow", "load_catalogue"]


class NeedRow(NamedTuple):
    """One kind of need; ``domain`` is the domain of aid that answers it."""

    code: str
    name: str
    domain: str
    description: str


NEEDS: tuple[NeedRow, ...] = (
    NeedRow(
        "uninhabitable_house",
        "Rumah tidak layak huni",
        "housing",
        "Sedikitnya dua dari tiga: lantai tanah atau bambu, dinding bambu, atap bambu atau rumbia.",
    ),
    NeedRow(
        "latrine",
        "Belum punya jamban",
        "housing",
        "Buang air besar di jamban umum atau tidak punya tempat sama sekali.",
    ),
    NeedRow(
        "clean_water",
        "Belum ada air bersih",
        "housing",
        "Minum dari sumur atau mata air tak terlindung, sungai, atau air hujan.",
    ),
    NeedRow("electricity", "Belum ada listrik PLN", "housing", "Penerangan bukan dari PLN."),
    NeedRow("food", "Kurang pangan", "food", "Sering tidak cukup makan menurut hasil pendataan."),
    NeedRow(
        "health_insurance",
        "Belum punya jaminan kesehatan",
        "health",
        "Ada anggota keluarga tanpa jaminan kesehatan.",
    ),
    NeedRow("chronic_care", "Sakit menahun", "health", "Ada anggota dengan penyakit menahun."),
    NeedRow(
        "back_to_school", "Anak putus sekolah", "education", "Ada anak 7-18 tahun putus sekolah."
    ),
    NeedRow(
        "school_costs",
        "Biaya sekolah",
        "education",
        "Desil 1-2 dan ada anak 7-18 tahun yang masih sekolah.",
    ),
    NeedRow("elderly_alone", "Lansia sendirian", "food", "Hidup sendiri pada usia 60 tahun lebih."),
    NeedRow(
        "disability_care", "Penyandang disabilitas", "health", "Ada anggota penyandang disabilitas."
    ),
    NeedRow(
        "business_capital",
        "Modal usaha",
        "business",
        "Ada anggota usia kerja yang berusaha kecil sendiri.",
    ),
    NeedRow(
        "stunting_risk",
        "Berisiko stunting",
        "health",
        "Ada anak di bawah lima tahun di rumah tanpa jamban sendiri atau air bersih.",
    ),
)

PROGRAMME_BITS: dict[str, int] = {row.code: bit for bit, row in enumerate(PROGRAMMES)}
NEED_BITS: dict[str, int] = {row.code: bit for bit, row in enumerate(NEEDS)}


_KEEP_FIRST_VERSIONS = text("""
    INSERT INTO programme_rule (programme_code, version, rule, served_years, excludes, saved_by)
    SELECT code, rule_version, eligibility, served_years, excludes, 'local'
    FROM programme WHERE eligibility IS NOT NULL
    ON CONFLICT DO NOTHING
""")


def load_catalogue(conn: Connection) -> None:
    """Put the programmes and needs into the database where they are missing.

    Rows that are there already stay as they are: a regency may have edited them.

    Parameters
    ----------
    conn
        Connection inside the caller's transaction.
    """
    programmes = [{"bit": bit, **row._asdict()} for bit, row in enumerate(PROGRAMMES)]
    conn.execute(insert(Programme).on_conflict_do_nothing(), programmes)
    conn.execute(_KEEP_FIRST_VERSIONS)
    needs = [{"bit": bit, **row._asdict()} for bit, row in enumerate(NEEDS)]
    conn.execute(insert(Need).on_conflict_do_nothing(), needs)
