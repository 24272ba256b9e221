"""Workbooks: read back cell by cell, with nothing from the register as a formula."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings

from dashboard.exports import write_xlsx
from dashboard.exports import xlsx as xlsx_module
from tests.unit.test_exports_table import COLUMNS, DANGEROUS, DEMO, DRAWN, META, ROWS


def open_book(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def in_cell(text: str) -> str:
    """Write a text as a cell holds it: a line break is a line feed there."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@settings(max_examples=30, deadline=None)
@given(rows=ROWS)
def test_every_row_comes_back(rows: list[dict[str, Any]]) -> None:
    sheet = open_book(write_xlsx(COLUMNS, rows, META)).worksheets[0]
    header, *lines = list(sheet.iter_rows(values_only=True))
    assert header == ("Nama", "NIK", "Keluarga miskin (keluarga)", "Tingkat kemiskinan (%)")
    for line, row in zip(lines, rows, strict=False):
        assert (line[0] or "") == in_cell(row["name"])
        assert line[1] == row["nik"]
        assert line[2] == row["count"]
        assert line[3] == (row["rate"] if row["rate"] is None else pytest.approx(row["rate"]))
    assert len(lines) == len(rows)


@pytest.mark.parametrize("text", [*DANGEROUS, "{=1}", "http://x.id", "mailto:a@b.id", "007"])
def test_nothing_becomes_a_formula_a_link_or_a_number(text: str) -> None:
    cell = open_book(write_xlsx(COLUMNS, [{"name": text}], META)).worksheets[0]["A2"]
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert cell.value == in_cell(text)


def test_numbers_are_numbers_and_a_nik_keeps_its_digits() -> None:
    row = {"nik": "3510015212800001", "count": 52687, "rate": 8.06}
    sheet = open_book(write_xlsx(COLUMNS, [row], META)).worksheets[0]
    kinds = [(cell.data_type, cell.value, cell.number_format) for cell in sheet[2][1:]]
    assert kinds == [
        ("s", "3510015212800001", "@"),
        ("n", 52687, "#,##0"),
        ("n", 8.06, "#,##0.00"),
    ]
    assert sheet.freeze_panes == "A2"


def test_the_last_sheet_says_what_it_is() -> None:
    meta = replace(META, sources=(DEMO, DRAWN))
    book = open_book(write_xlsx(COLUMNS, [], meta))
    assert book.sheetnames == ["Data", "Keterangan"]
    assert [tuple(row) for row in book["Keterangan"].iter_rows(values_only=True)] == [
        ("Judul", META.title),
        ("Saringan", "Desil 1"),
        ("Saringan", "Status: terverifikasi"),
        ("Kelas peta", "Kuantil, 2 kelas · kelas tetap: ≤ 5; > 5"),
        ("Sumber", "Demo (keadaan per 2026-01-01)"),
        ("Sumber", "Batas (keadaan per 2026-01-01)"),
        ("Dibuat", "2026-11-23T08:30+00:00"),
        ("Catatan", "Batas skematik, data sintetis"),
    ]


def test_same_input_same_bytes() -> None:
    rows = [{"name": "Siti", "count": n} for n in range(50)]
    assert write_xlsx(COLUMNS, rows, META) == write_xlsx(COLUMNS, rows, META)


def test_more_rows_than_a_sheet_holds_go_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_module, "MAX_ROWS", 3)
    book = open_book(write_xlsx(COLUMNS, [{"count": n} for n in range(7)], META))
    assert book.sheetnames == ["Data", "Data 2", "Data 3", "Keterangan"]
    numbers = [
        row[2] for name in book.sheetnames[:3] for row in book[name].iter_rows(2, values_only=True)
    ]
    assert numbers == list(range(7))


def test_what_a_sheet_cannot_hold_is_marked_not_lost() -> None:
    sheet = open_book(
        write_xlsx(COLUMNS, [{"name": "x" * 40_000}, {"name": "a\x00b\x1fc"}], META)
    ).worksheets[0]
    assert len(sheet["A2"].value) == 32_767
    assert sheet["A2"].value.endswith("…")
    assert sheet["A3"].value == "a\ufffdb\ufffdc"
