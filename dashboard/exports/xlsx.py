"""An Excel workbook: the rows on the first sheet, what they are on the last.

Numbers are numbers in the reader's own form (Excel writes ``52.687,5`` where it speaks Indonesian);
a NIK or KK is a text, of which no digit is lost. Nothing from the register becomes a formula or a
link.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from itertools import chain, islice
from types import MappingProxyType
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from dashboard.exports._table import ExportMeta, cell_value
from geo.text import N_
from layers import Column

MAX_ROWS = 1_048_575
"""A sheet holds this many beside its heading; more go on the next sheet."""
MAX_CHARACTERS = 32_767
_WIDTHS = {"text": 24, "identity": 20, "integer": 14, "decimal": 14, "percent": 14}
_DATA = N_("Data")
_ABOUT = N_("Keterangan")

# XML 1.0 has no way to write these, escaped or not.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_xlsx(
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    meta: ExportMeta,
    choices: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> bytes:
    """Write rows as a workbook.

    Parameters
    ----------
    columns
        In the order of the sheet; the unit stands in the heading.
    rows
        Mappings keyed by the columns; a missing key is an empty cell.
    meta
        For the sheet that explains them.
    choices
        By key of a column what its cells may be filled with, for a list that comes back.

    Returns
    -------
    bytes
        The same for the same input.
    """
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    # Excel has no time zones; the sheet of explanations says which one is meant.
    book.set_properties(
        {"title": meta.title[:255], "created": meta.made_at.astimezone(UTC).replace(tzinfo=None)}
    )
    _write_rows(book, columns, iter(rows), meta, choices)
    _write_about(book, meta)
    book.close()
    return file.getvalue()


def _write_rows(
    book: Workbook,
    columns: Sequence[Column],
    rows: Iterator[Mapping[str, Any]],
    meta: ExportMeta,
    choices: Mapping[str, Sequence[str]],
) -> None:
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = [book.add_format({"num_format": _number_format(column)}) for column in columns]
    name = meta.translate(_DATA)
    for number, part in enumerate(_in_parts(rows), start=1):
        sheet = book.add_worksheet(name if number == 1 else f"{name} {number}")
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, _WIDTHS[column.kind], formats[at])
            sheet.write_string(0, at, _clean(meta.title_of(column)), heading)
            if column.key in choices:
                known = {"validate": "list", "source": list(choices[column.key])}
                sheet.data_validation(1, at, MAX_ROWS, at, known)
        for line, row in enumerate(part, start=1):
            for at, column in enumerate(columns):
                value = cell_value(column, row.get(column.key), meta.translate)
                _write_cell(sheet, line, at, value, formats[at])


def _in_parts(rows: Iterator[Mapping[str, Any]]) -> Iterator[Iterable[Mapping[str, Any]]]:
    yield islice(rows, MAX_ROWS)
    for first in rows:
        yield chain([first], islice(rows, MAX_ROWS - 1))


def _write_cell(
    sheet: Worksheet, line: int, at: int, value: str | int | float | None, form: Format
) -> None:
    if isinstance(value, str):
        sheet.write_string(line, at, _clean(value), form)
    elif value is not None:
        sheet.write_number(line, at, value, form)


def _number_format(column: Column) -> str:
    if column.kind in ("text", "identity"):
        return "@"
    return "#,##0" + ("." + "0" * column.decimals if column.decimals else "")


def _write_about(book: Workbook, meta: ExportMeta) -> None:
    sheet = book.add_worksheet(meta.translate(_ABOUT))
    bold = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    for line, (title, text) in enumerate(_describe(meta)):
        sheet.write_string(line, 0, _clean(title), bold)
        sheet.write_string(line, 1, _clean(text), wrapped)


def _describe(meta: ExportMeta) -> list[tuple[str, str]]:
    _ = meta.translate
    lines = [(_(N_("Judul")), meta.title)]
    lines += [(_(N_("Saringan")), words) for words in meta.filters]
    if meta.classes:
        lines.append((_(N_("Kelas peta")), meta.classes))
    lines += [
        (_(N_("Sumber")), f"{_(source.name)} ({_(N_('keadaan per'))} {source.as_of.isoformat()})")
        for source in meta.sources
    ]
    lines.append((_(N_("Dibuat")), meta.made_at.isoformat(timespec="minutes")))
    if meta.notice:
        lines.append((_(N_("Catatan")), meta.notice))
    return lines


def _clean(text: str) -> str:
    text = _UNWRITABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - 1] + "…"
