"""Text files of cells between separators: their encoding, their separator, their rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice, takewhile
from pathlib import Path

from geo.errors import InvalidFile
from geo.text import N_

SEPARATORS = (",", ";", "\t", "|")
HEAD_ROWS = 10
"""The header is looked for among the first rows of a file."""
_BLOCK_BYTES = 1 << 20
_MAX_HEADER_CHARACTERS = 64_000
_NEVER_IN_TEXT = bytes([*range(9), *range(14, 32)])
_NEVER_IN_DECODED = re.compile(r"[\x00-\x08\x0e-\x1f]")
_SAMPLE_BYTES = 4096
_NOT_TEXT = N_("Isi berkas bukan teks. Simpan sebagai CSV UTF-8 atau Excel (.xlsx).")
_UNREADABLE = N_("Huruf dalam berkas tidak dapat dibaca. Simpan sebagai CSV UTF-8.")


def tell_encoding(path: Path) -> str:
    """Tell the encoding of a text file, which is read through to be sure of it.

    Returns
    -------
    str
        ``utf-8-sig``, ``utf-16`` (with a mark), ``utf-16-le``, ``utf-16-be``, or ``cp1252`` when
        the bytes are none of these.

    Raises
    ------
    InvalidFile
        When it isn't text.
    """
    wide = _tell_wide_encoding(path)
    if wide:
        _check_decoded(path, wide)
        return wide
    with path.open("rb") as file:
        for block in iter(lambda: file.read(_BLOCK_BYTES), b""):
            if len(block.translate(None, _NEVER_IN_TEXT)) < len(block):
                raise InvalidFile(_NOT_TEXT)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            with path.open(encoding=encoding) as text:
                while text.read(_BLOCK_BYTES):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise InvalidFile(_UNREADABLE)


def _tell_wide_encoding(path: Path) -> str | None:
    """Tell UTF-16 by its mark, or by the zero bytes that every second place then has."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if half >= 2 and odd > 0.8 * half and even == 0:
        return "utf-16-le"
    if half >= 2 and even > 0.8 * half and odd == 0:
        return "utf-16-be"
    return None


def _check_decoded(path: Path, encoding: str) -> None:
    try:
        with path.open(encoding=encoding) as text:
            while block := text.read(_BLOCK_BYTES):
                if _NEVER_IN_DECODED.search(block):
                    raise InvalidFile(_NOT_TEXT)
    except UnicodeError as error:
        raise InvalidFile(_UNREADABLE) from error


def tell_separator(path: Path, encoding: str) -> str:
    """Return the separator that cuts one of the first rows into most cells.

    Raises
    ------
    InvalidFile
        When the first row is too long to be that of a table.
    """
    with path.open(encoding=encoding, newline="") as file:
        lines = [file.readline(_MAX_HEADER_CHARACTERS) for _ in range(HEAD_ROWS)]
    if len(lines[0]) == _MAX_HEADER_CHARACTERS:
        raise InvalidFile(N_("Baris judul terlalu panjang; ini bukan tabel yang dapat dibaca."))
    # A longer line than that is no header either; what is wrong with it, its reading will say.
    start = "".join(takewhile(lambda line: len(line) < _MAX_HEADER_CHARACTERS, lines))
    return max(SEPARATORS, key=lambda mark: _count_cells(start, mark))


def _count_cells(start: str, separator: str) -> int:
    with refusing_broken_tables():
        rows = csv.reader(io.StringIO(start, newline=""), delimiter=separator)
        return max(map(len, islice(rows, HEAD_ROWS)), default=0)


def read_delimited(path: Path, encoding: str, separator: str) -> Iterator[list[str]]:
    """Read the rows of a text file."""
    with path.open(encoding=encoding, newline="") as file:
        yield from csv.reader(file, delimiter=separator, strict=True)


@contextmanager
def refusing_broken_tables() -> Iterator[None]:
    """Say of a table that breaks off what is wrong with it."""
    try:
        yield
    except csv.Error as error:
        raise InvalidFile(
            N_("Tabel dalam berkas rusak: tanda kutip tidak ditutup atau sel terlalu panjang.")
        ) from error
