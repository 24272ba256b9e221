"""CSV that a spreadsheet opens rightly and a program reads back without loss.

UTF-8 with a byte order mark, quoted as in RFC 4180. In Indonesian the separator is a semicolon and
the decimal mark a comma, as Excel expects there; in English they are comma and point. The last
columns carry source and as-of date, and the notice on invented figures when there is one, because
a CSV has no other place for them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dashboard.exports._table import ExportMeta, cell_value
from geo.text import N_
from layers import Column

_BOM = "\ufeff"
_ROWS_AT_ONCE = 1_000
_MOST_DECIMALS = 6
"""As many as an indicator may have, and 10 cm of a position; further ones are of no use."""
_SOURCE = N_("Sumber")
_AS_OF = N_("Keadaan per")
_NOTICE = N_("Catatan")

# What a spreadsheet would run instead of show (OWASP, "CSV Injection"). Apostrophes before it
# count too, so that guarding can be undone without knowing what was guarded.
_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def write_csv(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], meta: ExportMeta
) -> bytes:
    """Write rows as CSV.

    Parameters
    ----------
    columns
        In the order of the file; the unit stands in the heading.
    rows
        Mappings keyed by the columns; a missing key is an empty cell.
    meta
        Sources and language.

    Returns
    -------
    bytes
        UTF-8 with byte order mark.
    """
    return b"".join(iter_csv(columns, rows, meta))


def iter_csv(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], meta: ExportMeta
) -> Iterator[bytes]:
    """Write rows as CSV piece by piece, for a file longer than memory should hold."""
    buffer = io.StringIO(newline="")
    delimiter = ";" if meta.language == "id" else ","
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    tail_titles, tail = _tail(meta)
    buffer.write(_BOM)
    writer.writerow([_guard(meta.title_of(column)) for column in columns] + tail_titles)
    for count, row in enumerate(rows, start=1):
        writer.writerow([_to_cell(column, row.get(column.key), meta) for column in columns] + tail)
        if count % _ROWS_AT_ONCE == 0:
            yield _drain(buffer)
    yield _drain(buffer)


def read_cell(text: str) -> str:
    """Return the text that a guarded cell stands for."""
    return text[1:] if text.startswith("'") and _DANGEROUS.match(text) else text


def _tail(meta: ExportMeta) -> tuple[list[str], list[str]]:
    titles = [meta.translate(_SOURCE), meta.translate(_AS_OF)]
    cells = [
        _guard("; ".join(meta.translate(source.name) for source in meta.sources)),
        "; ".join(source.as_of.isoformat() for source in meta.sources),
    ]
    if meta.notice:
        return [*titles, meta.translate(_NOTICE)], [*cells, _guard(meta.notice)]
    return titles, cells


def _to_cell(column: Column, value: object, meta: ExportMeta) -> str:
    cell = cell_value(column, value, meta.translate)
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _guard(cell)
    text = repr(round(cell, _MOST_DECIMALS))
    return text.replace(".", ",") if meta.language == "id" else text


def _guard(text: str) -> str:
    return f"'{text}" if _DANGEROUS.match(text) else text


def _drain(buffer: io.StringIO) -> bytes:
    piece = buffer.getvalue().encode("utf-8")
    buffer.seek(0)
    buffer.truncate()
    return piece
