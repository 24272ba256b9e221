"""The first sheet of an OpenDocument spreadsheet (.ods) as rows of text.

Read as a stream: a library that lays the sheet out in memory can be made to lay out a billion
cells by a file that says "the same again" often enough.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, iterparse

from geo.errors import InvalidFile
from geo.text import N_

MAX_ROWS = 1_048_576
MAX_TWINS = 1_000
"""Rows that are the same cell for cell; a few bytes can ask for a million of them."""
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


def read_opendocument(path: Path, max_columns: int) -> Iterator[list[Any]]:
    """Read the first sheet.

    Parameters
    ----------
    path
        An .ods file that is known not to be a zip bomb.
    max_columns
        More cells than this in a row are refused.

    Yields
    ------
    list
        A row: numbers as float, all else as text; dates are ISO text.

    Raises
    ------
    InvalidFile
        When it holds formulas, or repeats rows or cells beyond measure.
    """
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
        count = 0
        depth = 0
        for event, element in iterparse(content, ("start", "end")):
            if element.tag == f"{_TABLE}table":
                depth += 1 if event == "start" else -1
                if event == "end" and depth == 0:
                    return
            if event == "start" or depth != 1 or element.tag != f"{_TABLE}table-row":
                continue
            cells = list(_read_row(element, count + 1, max_columns))
            times = _read_times(element, "rows")
            element.clear()
            # A sheet ends in one row that stands for all the empty ones below.
            times = times if any(cells) else min(times, MAX_ROWS - count)
            if any(cells) and times > MAX_TWINS:
                raise InvalidFile(
                    N_("Baris {row} diulang {count} kali. Simpan sebagai CSV."),
                    row=count + 1,
                    count=times,
                )
            count += times
            if count > MAX_ROWS:
                raise InvalidFile(
                    N_("Lembar ini memiliki lebih dari {limit} baris. Simpan sebagai CSV."),
                    limit=MAX_ROWS,
                )
            yield from repeat(cells, times)


def _read_row(row: Element, row_number: int, max_columns: int) -> Iterator[Any]:
    pending = count = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        times = _read_times(cell, "columns")
        value = _read_cell(cell, row_number)
        if value == "":
            # Empty cells up to the edge of the sheet aren't cells to the person who typed it.
            pending += times
            continue
        count += pending + times
        if count > max_columns:
            raise InvalidFile(
                N_("Berkas memiliki {count} kolom; paling banyak {limit}."),
                count=count,
                limit=max_columns,
            )
        yield from repeat("", pending)
        yield from repeat(value, times)
        pending = 0


def _read_cell(cell: Element, row_number: int) -> Any:
    if cell.get(f"{_TABLE}formula"):
        raise InvalidFile(
            N_("Baris {row} berisi rumus. Salin lembar ini sebagai nilai saja, lalu simpan lagi."),
            row=row_number,
        )
    kind = cell.get(f"{_OFFICE}value-type")
    if kind in ("float", "percentage", "currency"):
        return float(cell.get(f"{_OFFICE}value", ""))
    if kind == "date":
        return cell.get(f"{_OFFICE}date-value", "")[:10]
    if kind == "boolean":
        return "1" if cell.get(f"{_OFFICE}boolean-value") == "true" else "0"
    return "\n".join("".join(_read_texts(part)) for part in cell if part.tag == f"{_TEXT}p")


def _read_texts(part: Element) -> Iterator[str]:
    """Read a paragraph, in which ``text:s`` stands for spaces."""
    yield part.text or ""
    for inner in part.iter():
        if inner is part:
            continue
        if inner.tag == f"{_TEXT}s":
            yield " " * min(int(inner.get(f"{_TEXT}c", "1")), 1_000)
        yield inner.text or ""
        yield inner.tail or ""


def _read_times(element: Element, of: str) -> int:
    return max(1, int(element.get(f"{_TABLE}number-{of}-repeated", "1")))
