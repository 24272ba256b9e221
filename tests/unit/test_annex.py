"""The annex of a decree: what it says, its bytes, and what it refuses to be set with."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from dashboard.reports import Annex, AnnexRow, draw_annex
from dashboard.reports.annex import describe_annex
from dashboard.reports.typeset import TypesetFault, typeset

ANNEX = Annex(
    regency="Kabupaten Contoh",
    programme="Kanggo Riko",
    agency="Dinas Usaha",
    plan_name="Gelombang kedua",
    period="2026",
    decree_number=None,
    decree_date=None,
    list_hash="0123456789abcdef" * 4,
    approved_by="Bupati",
    approved_at=date(2026, 11, 20),
    made_at=datetime(2026, 11, 20, 8, tzinfo=UTC),
    notices=("Memuat data pribadi.",),
    mark="Data sintetis",
)


def make_row(number: int, *, kecamatan: str = "Hulu", name: str = "Siti Aminah") -> AnnexRow:
    nik = f"351001230456{number:04d}"
    return AnnexRow(number, nik, name, "Jalan Mawar 1", "01", "02", "Desa A", kecamatan, 2_500_000)


def read_text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_annex_says_who_gets_how_much() -> None:
    rows = [make_row(1), make_row(2, kecamatan="Hilir"), make_row(3)]
    said = read_text(draw_annex(ANNEX, rows))
    for row in rows:
        assert row.nik in said
    assert "Kecamatan Hilir" in said and "Rekapitulasi" in said
    assert "5.000.000" in said and "7.500.000" in said
    assert "0123456789abcdef" in said


def test_the_same_list_gives_the_same_bytes_in_any_order() -> None:
    rows = [make_row(number, kecamatan="HA"[number % 2]) for number in range(1, 90)]
    made = draw_annex(ANNEX, rows)
    assert draw_annex(ANNEX, rows[::-1]) == made
    assert draw_annex(replace(ANNEX, period="2027"), rows) != made


def test_it_can_be_read_aloud() -> None:
    made = draw_annex(ANNEX, [make_row(1)])
    assert b"pdfuaid" in made
    reader = PdfReader(io.BytesIO(made))
    assert reader.metadata is not None
    assert reader.metadata.title == "Lampiran keputusan: penerima Kanggo Riko, Gelombang kedua"
    assert "/StructTreeRoot" in reader.root_object
    assert reader.root_object["/Lang"] == "id"


@pytest.mark.parametrize("name", ['#panic("x")', "*tebal* _miring_", "$x$ <a> @b", "= judul", "\\"])
def test_nothing_in_a_name_is_markup(name: str) -> None:
    said = read_text(draw_annex(ANNEX, [make_row(1, name=name)]))
    assert name.replace(" ", "") in said.replace(" ", "")


def test_a_missing_font_is_a_fault_and_not_another_font(tmp_path: Path) -> None:
    with pytest.raises(TypesetFault, match="font"):
        typeset(
            "annex.typ", describe_annex(ANNEX, [make_row(1)]), made_at=ANNEX.made_at, fonts=tmp_path
        )


def test_a_decree_that_is_known_stands_in_it() -> None:
    known = replace(ANNEX, decree_number="188/45/KEP/2026", decree_date=date(2026, 11, 21))
    said = read_text(draw_annex(known, [make_row(1)]))
    assert "188/45/KEP/2026" in said and "21 November 2026" in said
