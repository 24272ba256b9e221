"""The first sheet of a workbook as rows of text, read without trusting the file.

.xlsx is read as a stream by openpyxl, .ods by :mod:`db.registers.opendocument`. Libraries that lay
a sheet out in memory (python-calamine, pandas) are let at the old .xls alone, whose sheets end at
65,536 rows and 256 columns: two cells in opposite corners of an .xlsx would take all memory there.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from python_calamine import CalamineError, CalamineWorkbook

from db.registers.opendocument import read_opendocument
from geo.errors import InvalidFile
from geo.text import N_

MAX_UNPACKED_BYTES = 768 << 20
MAX_OLD_BYTES = 128 << 20
"""Of an .xls: a full sheet of 65,536 rows with 50 columns of text has some 60 MB."""
MAX_PACKING = 100
"""Spreadsheets pack 10 to 40 times; a zip bomb a thousand times and more."""
_OLD = b"\xd0\xcf\x11\xe0"
_SAFELY_SMALL_BYTES = 4 << 20
_MOST_ROWS = 1_048_576
"""Of a sheet of Excel."""
_MOST_EMPTY_ROWS = 10_000
_MAX_COLUMNS = 1_000
_EXACT_NUMBER = 10**15
"""From here on a spreadsheet has lost digits: it keeps fifteen."""
# What openpyxl raises on a workbook that isn't one; it has no error of its own for that.
_UNREADABLE = (
    *(InvalidFileException, zipfile.BadZipFile, zlib.error, ParseError),
    *(KeyError, ValueError, TypeError, EOFError, OSError, NotImplementedError, CalamineError),
)


class Number(str):
    """The text of a cell that was a number, written with a decimal point and nothing else.

    Unlike typed text, ``52.687`` can't mean fifty-two thousand here.
    """

    __slots__ = ()


def tell_workbook(path: Path) -> str | None:
    """Tell by its content which workbook a file is: ``.xlsx``, ``.ods``, ``.xls`` or none."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(_OLD):
        return ".xls"
    if not start.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            return ".ods" if "content.xml" in archive.namelist() else ".xlsx"
    except (zipfile.BadZipFile, OSError, ValueError):
        return ".xlsx"


def read_workbook(path: Path) -> Iterator[list[str]]:
    """Read the first sheet of a workbook.

    Parameters
    ----------
    path
        An .xlsx, .xls or .ods file.

    Yields
    ------
    list of str
        A row, at least as wide as the first one. Dates are ISO text, numbers :class:`Number`. A
        whole number that is too long for a spreadsheet to hold
        exactly (a NIK typed as a number) comes in scientific notation, so that it is not taken
        for a sound one.

    Raises
    ------
    InvalidFile
        When it isn't a workbook, unpacks to too much, or holds formulas or errors. The results
        that an .xls keeps of its formulas can't be told from typed values, and are taken.
    """
    kind = tell_workbook(path)
    try:
        if kind == ".xls":
            yield from _read_old(path)
            return
        _refuse_bombs(path)
        if kind == ".ods":
            yield from _tidy(read_opendocument(path, _MAX_COLUMNS))
        else:
            yield from _read_new(path)
    except _UNREADABLE as error:
        raise _broken() from error


def _read_new(path: Path) -> Iterator[list[str]]:
    book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    try:
        yield from _iter_rows(book)
    finally:
        book.close()


def _read_old(path: Path) -> Iterator[list[str]]:
    if path.stat().st_size > MAX_OLD_BYTES:
        raise InvalidFile(N_("Berkas Excel ini terlalu besar. Simpan sebagai CSV."))
    try:
        book = CalamineWorkbook.from_path(str(path))
        try:
            if not book.sheet_names:
                raise _broken()
            # The sheet may begin below the first row, whose number must stay that of the file.
            rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
        finally:
            book.close()
    except Exception:
        raise
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as panic:  # what the library calls a crafted file
        raise _broken() from panic
    yield from _tidy(rows)


def _tidy(rows: Iterable[list[Any]]) -> Iterator[list[str]]:
    width = 0
    for row in rows:
        cells = [_value_to_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        width = width or len(cells)
        yield cells + [""] * (width - len(cells))


def _broken() -> InvalidFile:
    return InvalidFile(N_("Buku kerja ini rusak, terkunci sandi, atau bukan .xlsx, .xls, .ods."))


def _refuse_bombs(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _broken() from error
    # Reading a part stops at the size declared here, so a false declaration gains nothing.
    unpacked = sum(part.file_size for part in parts)
    # Of each part by itself: random bytes beside a bomb would make the whole look harmless.
    is_dense = any(
        part.file_size > _SAFELY_SMALL_BYTES
        and part.file_size / max(1, part.compress_size) > MAX_PACKING
        for part in parts
    )
    if unpacked > MAX_UNPACKED_BYTES or is_dense:
        raise InvalidFile(N_("Berkas Excel ini terlalu besar setelah dibuka. Simpan sebagai CSV."))


def _iter_rows(book: Any) -> Iterator[list[str]]:
    if not book.worksheets:
        raise _broken()
    sheet = book.worksheets[0]
    # The declared size may be wrong in either direction; read what is there.
    sheet.reset_dimensions()
    width = empty = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        # A row may claim any number; the library makes up those between.
        empty = 0 if any(cell.value is not None for cell in row) else empty + 1
        if empty > _MOST_EMPTY_ROWS or number > _MOST_ROWS:
            raise InvalidFile(
                N_("Lembar ini berisi terlalu banyak baris kosong. Salin isinya ke lembar baru.")
            )
        if len(row) > _MAX_COLUMNS:
            raise InvalidFile(
                N_("Berkas memiliki {count} kolom; paling banyak {limit}."),
                count=len(row),
                limit=_MAX_COLUMNS,
            )
        cells = [_to_text(cell, number) for cell in row]
        # Formatted but empty cells at the end of a row aren't cells to the person who typed it.
        while cells and not cells[-1]:
            cells.pop()
        width = width or len(cells)
        yield cells + [""] * (width - len(cells))


def _to_text(cell: Any, row_number: int) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e"):
        raise InvalidFile(
            N_(
                "Sel {cell} berisi rumus atau kesalahan rumus. Salin lembar ini sebagai nilai"
                " saja, lalu simpan lagi."
            ),
            cell=f"{cell.column_letter}{row_number}",
        )
    return _value_to_text(value)


def _value_to_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (int, float)):
        return _number_to_text(value)
    if isinstance(value, datetime):
        is_midnight = value.time() == time()
        return value.date().isoformat() if is_midnight else value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def _number_to_text(value: int | float) -> str:
    if abs(value) >= _EXACT_NUMBER:
        return f"{value:.14E}"
    is_whole = isinstance(value, int) or value.is_integer()
    return Number(int(value)) if is_whole else Number(f"{value:.15g}")
