"""A register file as rows of text, whatever wrote it.

Told by content, never by name alone: CSV with comma, semicolon, tab or bar in UTF-8, UTF-16 or
Windows-1252, a workbook (.xlsx, .xls, .ods), or points in GeoJSON. A file that can't be trusted is
refused whole.

The header of the file decides which of the :mod:`formats` it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from db.registers.delimited import (
    HEAD_ROWS,
    read_delimited,
    refusing_broken_tables,
    tell_encoding,
    tell_separator,
)
from db.registers.formats import Format
from db.registers.geojson import looks_like_json, read_geojson
from db.registers.headers import MAX_COLUMNS, find_header
from db.registers.workbook import read_workbook, tell_workbook
from geo.errors import InvalidFile
from geo.text import N_

CHUNK_ROWS = 5_000
"""Larger chunks are slower: more objects live at once, which the garbage collector visits."""
_PASSED_OVER = N_("{count} baris anggota tidak dibaca; yang dibaca baris kepala keluarga saja.")
_HEADLESS = N_("{count} keluarga tidak memiliki baris kepala keluarga dan tidak dimuat.")

__all__ = ["CHUNK_ROWS", "MAX_COLUMNS", "Chunk", "Table", "open_table", "read_head"]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file.

    Attributes
    ----------
    cells
        One column of text per field, as it stands in the file.
    numbers
        The row numbers; a header in the first row has the number 0.
    raw
        The same rows as they stand in the file.
    ragged
        Positions of the rows that have other cells than the header announces.
    """

    cells: Mapping[str, Sequence[str]]
    numbers: list[int]
    raw: list[list[str]]
    ragged: list[int]


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose header is understood, its rows still unread.

    Attributes
    ----------
    path
        The file.
    format
        What its columns are called.
    header
        Titles of the columns.
    columns
        Position of each field.
    separator
        None for a workbook or GeoJSON.
    read_rows
        Reads every row, those above the header included.
    first_row
        Number of the first row of data.
    remarks
        Sentences on the file as a whole, complete once the rows have been read.
    """

    path: Path
    format: Format
    header: tuple[str, ...]
    columns: dict[str, int]
    separator: str | None
    read_rows: Callable[[], Iterator[list[str]]]
    first_row: int = 1
    remarks: list[str] = field(default_factory=list)

    @property
    def unknown_columns(self) -> list[str]:
        """Titles of the columns that the format doesn't know."""
        known = set(self.columns.values())
        return [
            title
            for position, title in enumerate(self.header)
            if position not in known and title.strip() and not self.format.knows(title)
        ]

    def iter_chunks(self, size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """Read the rows; rows without any content are passed over.

        Raises
        ------
        InvalidFile
            When the file breaks off or stops being a table half-way, or has no row at all.
        """
        with refusing_broken_tables():
            numbered = islice(enumerate(self.read_rows()), self.first_row, None)
            filled = (pair for pair in numbered if any(pair[1]))
            wanted = self._pass_over(filled) if self.format.only else filled
            is_empty = True
            while rows := list(islice(wanted, size)):
                is_empty = False
                yield self._to_chunk(rows)
        if is_empty:
            raise InvalidFile(N_("Berkas hanya berisi judul kolom; tidak ada baris data."))

    def pick_rows(self, numbers: set[int]) -> dict[int, list[str]]:
        """Read again the rows with these numbers, for the ledger."""
        if not numbers:
            return {}
        return {n: row for n, row in enumerate(self.read_rows()) if n in numbers}

    def describe(self, row: Sequence[str]) -> dict[str, str]:
        """Return a row as title and cell, cells beyond the header included."""
        titles = [*self.header, *(f"#{n + 1}" for n in range(len(self.header), len(row)))]
        return {title: str(cell) for title, cell in zip(titles, row, strict=False)}

    def _pass_over(self, rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
        """Pass over the rows that don't speak of the head of a household, and remark on them."""
        assert self.format.only is not None
        key, wanted = self.format.only
        at, name_at = self.columns[key], self.columns["external_id"]
        count = 0
        heads: set[str] = set()
        others: set[str] = set()
        for number, row in rows:
            text = row[at].strip().removesuffix(".0") if at < len(row) else None
            household = row[name_at].strip() if name_at < len(row) else ""
            # A row too short to tell is read, and rejected for being short.
            if text is None or text in wanted:
                heads.add(household)
                yield number, row
            else:
                count += 1
                others.add(household)
        if count:
            self.remarks.append(_PASSED_OVER.format(count=count))
        if headless := others - heads:
            self.remarks.append(_HEADLESS.format(count=len(headless)))

    def _to_chunk(self, rows: list[tuple[int, list[str]]]) -> Chunk:
        width = len(self.header)
        raw = [row for _, row in rows]
        ragged, fitted = [], raw
        if set(map(len, raw)) != {width}:
            # Spreadsheets like to write empty cells beyond the last column; those are no fault.
            ragged = [n for n, row in enumerate(raw) if len(row) < width or any(row[width:])]
            fitted = [(row + [""] * width)[:width] for row in raw]
        columns = list(zip(*fitted, strict=True))
        cells = {key: columns[at] for key, at in self.columns.items()}
        return Chunk(cells, [number for number, _ in rows], raw, ragged)


def open_table(
    path: Path,
    formats: Sequence[Format],
    *,
    format_key: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Table:
    """Open a file and understand its header.

    Parameters
    ----------
    path
        The file.
    formats
        The formats it may have; the one that knows most of the columns is taken.
    format_key
        Names the format by hand.
    mapping
        For a file of no known format: the title of the column for each field. Without a format
        named, the first of the formats says what the columns hold.

    Returns
    -------
    Table

    Raises
    ------
    InvalidFile
        When it is missing, empty, no table, or lacks a needed column.
    """
    separator, read_rows = _open_rows(path)
    with refusing_broken_tables():
        head = list(islice(read_rows(), HEAD_ROWS))
    found = find_header(head, formats, format_key=format_key, mapping=mapping)
    return Table(
        path,
        found.format,
        tuple(map(str, head[found.row])),
        found.columns,
        separator,
        read_rows,
        found.first_row,
    )


def _open_rows(path: Path) -> tuple[str | None, Callable[[], Iterator[list[str]]]]:
    if not path.is_file() or path.stat().st_size == 0:
        raise InvalidFile(N_("Berkas “{name}” tidak ada atau kosong."), name=path.name)
    if kind := tell_workbook(path):
        _refuse_wrong_ending(path, (kind,), f"buku kerja ({kind})")
        return None, partial(read_workbook, path)
    if path.suffix.lower() in (".geojson", ".json") and looks_like_json(path):
        return None, partial(read_geojson, path)
    encoding = tell_encoding(path)
    _refuse_wrong_ending(path, (".csv", ".txt", ".tsv"), "CSV")
    separator = tell_separator(path, encoding)
    return separator, partial(read_delimited, path, encoding, separator)


def _refuse_wrong_ending(path: Path, endings: tuple[str, ...], content: str) -> None:
    if path.suffix.lower() not in endings:
        raise InvalidFile(
            N_("Berkas “{name}” sebenarnya berisi {content}; ganti akhiran namanya dulu."),
            name=path.name,
            content=content,
        )


def read_head(path: Path) -> list[list[str]]:
    """Return the first rows of a file, for one whose header isn't understood.

    Raises
    ------
    InvalidFile
        When it is no table.
    """
    _, read_rows = _open_rows(path)
    with refusing_broken_tables():
        return list(islice(read_rows(), HEAD_ROWS))
