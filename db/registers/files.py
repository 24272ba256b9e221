"""A register file as rows of text, whatever wrote it.

Told by content, never by name alone: CSV with comma, semicolon or tab in UTF-8 or Windows-1252,
or an Excel workbook. A file that can't be trusted is refused whole.

A national format (DTSEN, P3KE, BDT) is one more :class:`formats.Format`; the header of the file
decides which of the formats it has.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from db.registers.formats import Format
from db.registers.workbook import looks_like_workbook, read_workbook
from geo.errors import InvalidFile
from geo.text import N_

CHUNK_ROWS = 5_000
"""Larger chunks are slower: more objects live at once, which the garbage collector visits."""
MAX_COLUMNS = 300
_BLOCK_BYTES = 1 << 20
_MAX_HEADER_CHARACTERS = 64_000
_SEPARATORS = (",", ";", "\t")
_NEVER_IN_TEXT = bytes([*range(9), *range(14, 32)])


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file.

    Attributes
    ----------
    cells
        One column of text per field, as it stands in the file.
    numbers
        The row numbers, counted from 1 with the header left out.
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
    """A file whose header is understood, its rows still unread."""

    path: Path
    header: tuple[str, ...]
    columns: dict[str, int]
    separator: str | None
    """None for a workbook."""
    encoding: str
    format_key: str = ""

    @property
    def unknown_columns(self) -> list[str]:
        """Titles of the columns that the format doesn't know."""
        known = set(self.columns.values())
        return [t for i, t in enumerate(self.header) if i not in known and t.strip()]

    def iter_chunks(self, size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """Read the rows; rows without any content are passed over.

        Raises
        ------
        InvalidFile
            When the file breaks off or stops being a table half-way, or has no row at all.
        """
        with _refusing_broken_tables():
            numbered = enumerate(self._iter_rows())
            next(numbered, None)
            filled = (pair for pair in numbered if any(pair[1]))
            is_empty = True
            while rows := list(islice(filled, size)):
                is_empty = False
                yield self._to_chunk(rows)
        if is_empty:
            raise InvalidFile(N_("Berkas hanya berisi judul kolom; tidak ada baris data."))

    def pick_rows(self, numbers: set[int]) -> dict[int, list[str]]:
        """Read again the rows with these numbers, for the ledger."""
        if not numbers:
            return {}
        return {n: row for n, row in enumerate(self._iter_rows()) if n in numbers}

    def describe(self, row: Sequence[str]) -> dict[str, str]:
        """Return a row as title and cell, cells beyond the header included."""
        titles = [*self.header, *(f"#{n + 1}" for n in range(len(self.header), len(row)))]
        return {title: str(cell) for title, cell in zip(titles, row, strict=False)}

    def _iter_rows(self) -> Iterator[list[str]]:
        if self.separator is None:
            yield from read_workbook(self.path)
            return
        with self.path.open(encoding=self.encoding, newline="") as file:
            yield from csv.reader(file, delimiter=self.separator, strict=True)

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


def open_table(path: Path, formats: Sequence[Format]) -> Table:
    """Open a file and understand its header.

    Parameters
    ----------
    path
        The file.
    formats
        The formats it may have; the one that knows most of the columns is taken.

    Returns
    -------
    Table

    Raises
    ------
    InvalidFile
        When it is missing, empty, neither CSV nor Excel, or lacks a needed column.
    """
    separator, encoding, header = _read_header(path)
    if len(header) > MAX_COLUMNS:
        raise InvalidFile(
            N_("Berkas memiliki {count} kolom; paling banyak {limit}."),
            count=len(header),
            limit=MAX_COLUMNS,
        )
    columns, chosen = max(
        ((form.find_columns(header), form) for form in formats), key=lambda pair: len(pair[0])
    )
    chosen.check_required(columns)
    return Table(path, tuple(header), columns, separator, encoding, chosen.key)


def _read_header(path: Path) -> tuple[str | None, str, list[str]]:
    if not path.is_file() or path.stat().st_size == 0:
        raise InvalidFile(N_("Berkas “{name}” tidak ada atau kosong."), name=path.name)
    if looks_like_workbook(path):
        _refuse_wrong_ending(path, (".xlsx",), "Excel (.xlsx)")
        return None, "", next(read_workbook(path), [])
    encoding = _tell_encoding(path)
    _refuse_wrong_ending(path, (".csv", ".txt", ".tsv"), "CSV")
    separator, header = _tell_separator(path, encoding)
    return separator, encoding, header


def _refuse_wrong_ending(path: Path, endings: tuple[str, ...], content: str) -> None:
    if path.suffix.lower() not in endings:
        raise InvalidFile(
            N_("Berkas “{name}” sebenarnya berisi {content}; ganti akhiran namanya dulu."),
            name=path.name,
            content=content,
        )


def _tell_encoding(path: Path) -> str:
    """Return utf-8-sig, or cp1252 when the bytes aren't UTF-8."""
    with path.open("rb") as file:
        for block in iter(lambda: file.read(_BLOCK_BYTES), b""):
            if len(block.translate(None, _NEVER_IN_TEXT)) < len(block):
                raise InvalidFile(
                    N_("Isi berkas bukan teks. Simpan sebagai CSV UTF-8 atau Excel (.xlsx).")
                )
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            with path.open(encoding=encoding) as text:
                while text.read(_BLOCK_BYTES):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise InvalidFile(N_("Huruf dalam berkas tidak dapat dibaca. Simpan sebagai CSV UTF-8."))


def _tell_separator(path: Path, encoding: str) -> tuple[str, list[str]]:
    """Return the separator that cuts the first line into most columns, and those columns."""
    with path.open(encoding=encoding, newline="") as file:
        line = file.readline(_MAX_HEADER_CHARACTERS)
    if len(line) == _MAX_HEADER_CHARACTERS:
        raise InvalidFile(N_("Baris judul terlalu panjang; ini bukan tabel yang dapat dibaca."))
    with _refusing_broken_tables():
        found = {mark: next(csv.reader([line], delimiter=mark), []) for mark in _SEPARATORS}
    separator = max(found, key=lambda mark: len(found[mark]))
    return separator, found[separator]


@contextmanager
def _refusing_broken_tables() -> Iterator[None]:
    try:
        yield
    except csv.Error as error:
        raise InvalidFile(
            N_("Tabel dalam berkas rusak: tanda kutip tidak ditutup atau sel terlalu panjang.")
        ) from error
