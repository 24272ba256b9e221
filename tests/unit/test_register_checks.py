"""Reading the cells of registers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.registers.checks import Column, Verdict, check_niks, reject_repeated
from db.registers.dates import read_date
from db.registers.files import Chunk
from db.registers.formats import normalise_name
from db.registers.numbers import is_number, parse_numbers
from db.registers.readers import (
    ColumnReader,
    Reader,
    read_amount,
    read_area_code,
    read_decimal,
    read_degrees,
    read_integer,
    read_period,
    read_sound_degrees,
    read_sound_texts,
    read_text,
)
from db.registers.workbook import Number


def chunk_of(**columns: list[str]) -> Chunk:
    size = len(next(iter(columns.values())))
    return Chunk(dict(columns), list(range(1, size + 1)), [[] for _ in range(size)], [])


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["8,06", "52.687", ""], [8.06, 52687.0, None]),
        (["8.06", "52,687"], [8.06, 52687.0]),
        (["8.06", "12.5"], [8.06, 12.5]),
        (["1.234.567", "12"], [1234567.0, 12.0]),
        (["0.125"], [0.125]),
        (["-3,5", "-", "NA"], [-3.5, None, None]),
        (["7", "8"], [7.0, 8.0]),
        ([Number("52.687"), "8,06"], [52.687, 8.06]),
    ],
)
def test_numbers_in_one_style(texts: list[str], values: list[float | None]) -> None:
    assert parse_numbers(texts) == values


@pytest.mark.parametrize("texts", [["52.687"], ["52,687", "1,000"], ["8,06", "8.06"]])
def test_numbers_that_could_be_two_things_are_refused(texts: list[str]) -> None:
    assert parse_numbers(texts) is None


def test_a_file_with_semicolons_settles_what_its_points_mean() -> None:
    assert parse_numbers(["52.687"], prefers_comma=True) == [52687.0]


@given(st.lists(st.floats(-1e9, 1e9).map(lambda v: round(v, 2)), min_size=1))
def test_indonesian_writing_is_read_back(values: list[float]) -> None:
    written = [f"{v:,.2f}".translate(str.maketrans(",.", ".,")) for v in values]
    assert parse_numbers(written) == pytest.approx(values)


@pytest.mark.parametrize("text", ["abc", "1.2.3", "8,0,6", "1e5", "inf", "nan", "1_000", "٣"])
def test_what_is_no_number(text: str) -> None:
    assert not is_number(text)
    assert read_decimal(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("600000", 600_000),
        ("600.000", 600_000),
        ("Rp 2.500.000,00", 2_500_000),
        ("Rp600,000", 600_000),
        ("600.5", None),
        ("-5", None),
        ("", None),
        ("1.2", None),
    ],
)
def test_amounts_are_whole_rupiah(text: str, value: int | None) -> None:
    assert read_amount(text) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("3510012001", "35.10.01.2001"),
        ("35.10.01.2001", "35.10.01.2001"),
        ("351001", "35.10.01"),
        ("3510", "35.10"),
        ("35.1001.2001", None),
        ("35100120011", None),
        ("35100120X1", None),
        ("", None),
    ],
)
def test_area_codes_with_and_without_dots(text: str, code: str | None) -> None:
    assert read_area_code(text) == code


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1980-12-31", date(1980, 12, 31)),
        ("31/12/1980", date(1980, 12, 31)),
        ("1-2-1980", date(1980, 2, 1)),
        ("31/02/1980", None),
        ("12/31/1980", None),
        ("1980", None),
    ],
)
def test_dates_have_their_day_first(text: str, day: date | None) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize(
    ("text", "period"),
    [("2026", "2026"), ("2026-s1", "2026-S1"), ("2026-13", None), ("2026-Q5", None)],
)
def test_periods(text: str, period: str | None) -> None:
    assert read_period(text) == period


@given(st.text())
def test_no_reader_raises(text: str) -> None:
    for reader in (read_amount, read_area_code, read_date, read_decimal, read_period, is_number):
        reader(text)
    read_integer(1, 10)(text)
    normalise_name(text)


def test_a_column_rejects_what_it_cannot_read_and_leaves_the_empty_alone() -> None:
    verdict = Verdict(4)
    values = Column("decile", read_integer(1, 10), "desil").read(
        chunk_of(decile=["1", "", "11", "satu"]), verdict
    )
    assert values == [1, None, None, None]
    assert dict(verdict.rejected) == {2: ["desil"], 3: ["desil"]}
    assert verdict.accept({"key": "abcd"}) == {"key": ["a", "b"]}


def test_a_column_asks_its_reader_about_each_text_once() -> None:
    asked: list[str] = []

    def read(text: str) -> str:
        asked.append(text)
        return text.upper()

    column = Column("rt", read, "rt")
    chunk = chunk_of(rt=["a", "b", "a", " a "])
    assert column.read(chunk, Verdict(4)) == ["A", "B", "A", "A"]
    assert column.read(chunk, Verdict(4)) == ["A", "B", "A", "A"]
    assert asked == ["a", "b", "a"]


CELLS = st.one_of(
    st.text(),
    st.text(" \u00a0\n|,.a1", max_size=6),
    st.sampled_from(["", "114,01", "-8.0212", "+5", "1e5", "nan", "Siti Aminah", "x" * 501]),
)


@pytest.mark.parametrize(
    ("reader", "read_sound"),
    [(read_text, read_sound_texts), (read_degrees, read_sound_degrees)],
)
@given(cells=st.lists(CELLS, min_size=1))
def test_a_column_read_at_once_reads_as_cell_by_cell(
    reader: Reader, read_sound: ColumnReader, cells: list[str]
) -> None:
    at_once, one_by_one = Verdict(len(cells)), Verdict(len(cells))
    chunk = chunk_of(key=cells)
    values = Column("key", reader, "x", read_sound=read_sound).read(chunk, at_once)
    assert values == Column("key", reader, "x").read(chunk, one_by_one)
    assert at_once == one_by_one


def test_sound_cells_are_read_at_once() -> None:
    assert read_sound_texts(["Siti Aminah", "", "Jl. 1|a, José"]) == [
        *("Siti Aminah", None, "Jl. 1|a, José"),
    ]
    assert read_sound_degrees(["114,01", "", "-8.5"]) == ["114.01", None, "-8.5"]
    assert read_sound_degrees(["114,01", "1e5"]) is None


def test_a_missing_column_reads_as_empty() -> None:
    verdict = Verdict(2)
    values = Column("rt", str, "rt").read(chunk_of(rw=["1", "2"]), verdict)
    assert values == [None, None]
    assert not verdict.rejected


def test_a_nik_that_a_spreadsheet_rounded_is_told_from_a_wrong_one() -> None:
    verdict = Verdict(3)
    check_niks(chunk_of(nik=["3510013112800001", "3.51001E+15", "123"]), "nik", verdict)
    assert sorted(verdict.rejected) == [1, 2]
    assert "digit terakhirnya hilang" in verdict.rejected[1][0]
    assert "16 angka" in verdict.rejected[2][0]


def test_a_repeated_key_is_rejected_unless_its_first_row_failed() -> None:
    verdict = Verdict(4)
    verdict.reject([0], "lain")
    seen = {"C"}
    reject_repeated(["A", "A", None, "C"], seen, verdict, "kembar")
    assert dict(verdict.rejected) == {0: ["lain"], 3: ["kembar"]}
    assert seen == {"A", "C"}
