"""CSV: read back row by row, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given

from dashboard.exports import read_cell, write_csv
from dashboard.exports.csv import iter_csv
from tests.unit.test_exports_table import COLUMNS, DANGEROUS, DEMO, DRAWN, META, ROWS


def read_back(content: bytes, delimiter: str) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def number(text: str, mark: str) -> float | None:
    return float(text.replace(mark, ".")) if text else None


def test_a_rate_has_no_more_decimals_than_anyone_measures() -> None:
    rows = [{"name": "Muncar", "nik": "", "count": 1, "rate": 100 / 3}]
    _, line = read_back(write_csv(COLUMNS, rows, META), ";")
    assert line[3] == "33,333333"


@pytest.mark.parametrize(("language", "delimiter", "mark"), [("id", ";", ","), ("en", ",", ".")])
@given(rows=ROWS)
def test_every_row_comes_back(
    language: str, delimiter: str, mark: str, rows: list[dict[str, Any]]
) -> None:
    header, *lines = read_back(
        write_csv(COLUMNS, rows, replace(META, language=language)), delimiter
    )
    assert header == [
        *("Nama", "NIK", "Keluarga miskin (keluarga)", "Tingkat kemiskinan (%)"),
        *("Sumber", "Keadaan per"),
    ]
    back = [
        {
            "name": read_cell(line[0]),
            "nik": line[1],
            "count": number(line[2], mark),
            "rate": number(line[3], mark),
        }
        for line in lines
    ]
    assert back == [{**row, "rate": row["rate"] and round(row["rate"], 6)} for row in rows]
    assert all(line[4:] == ["Register", "2026-06-30"] for line in lines)


@given(rows=ROWS)
def test_no_text_starts_like_a_formula(rows: list[dict[str, Any]]) -> None:
    for line in read_back(write_csv(COLUMNS, rows, META), ";")[1:]:
        assert not line[0].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_a_negative_number_stays_a_number() -> None:
    content = write_csv(COLUMNS, [{"rate": -1.5, "count": -2}], META)
    assert read_back(content, ";")[1][2:4] == ["-2", "-1,5"]


@pytest.mark.parametrize("text", [*DANGEROUS, "", "Siti"])
def test_the_guard_can_be_undone(text: str) -> None:
    content = write_csv(COLUMNS[:1], [{"name": text}], META)
    assert read_cell(read_back(content, ";")[1][0]) == text


def test_pandas_reads_it_with_two_options() -> None:
    rows = [{"name": "Ñ", "nik": "3510015212800001", "count": 52687, "rate": 8.06}]
    frame = pd.read_csv(
        io.BytesIO(write_csv(COLUMNS, rows, META)), sep=";", decimal=",", dtype={"NIK": str}
    )
    assert frame.iloc[0].tolist()[:4] == ["Ñ", "3510015212800001", 52687, 8.06]


def test_it_starts_with_the_mark_excel_looks_for() -> None:
    assert write_csv(COLUMNS, [], META).startswith(b"\xef\xbb\xbfNama;")


def test_invented_figures_say_so_in_every_row() -> None:
    meta = replace(META, sources=(DEMO, DRAWN))
    header, line = read_back(write_csv(COLUMNS, [{"name": "A"}], meta), ";")
    assert header[-1] == "Catatan"
    assert line[-3:] == ["Demo; Batas", "2026-01-01; 2026-01-01", "Batas skematik, data sintetis"]


def test_pieces_make_up_the_whole() -> None:
    rows = [{"name": f"Ibu {n}", "count": n} for n in range(2_500)]
    pieces = list(iter_csv(COLUMNS, rows, META))
    assert len(pieces) == 3
    assert b"".join(pieces) == write_csv(COLUMNS, rows, META)
