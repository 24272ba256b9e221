"""What stands in an uploaded file, as it is understood: columns, first rows, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from db.registers.checking import FORMATS_OF_KIND, make_check
from db.registers.files import open_table, read_head
from db.registers.formats import Format
from db.registers.suggesting import PreviewRow, read_preview, suggest_mapping
from geo.errors import InvalidFile

PREVIEW_ROWS = 50


@dataclass(frozen=True, slots=True)
class FilePreview:
    """A file as it is understood.

    Attributes
    ----------
    formats
        That it may have.
    form
        The format it has, or the one that columns are mapped to by hand.
    header
        Titles of its columns.
    columns
        Position of each field that is understood; empty when the file isn't.
    unknown
        Titles of the columns that are not taken.
    suggested
        Field to the title of the column that may mean it.
    rows
        The first rows, with what would be wrong with each.
    fault
        Why it can't be loaded as it is understood; None when it can.
    """

    formats: Sequence[Format]
    form: Format
    header: tuple[str, ...]
    columns: Mapping[str, int] = field(default_factory=dict)
    unknown: Sequence[str] = ()
    suggested: Mapping[str, str] = field(default_factory=dict)
    rows: Sequence[PreviewRow] = ()
    fault: InvalidFile | None = None


def preview_file(
    conn: Connection,
    path: Path,
    kind: str,
    as_of: date,
    *,
    format_key: str | None = None,
    mapping: Mapping[str, str] | None = None,
    programme_code: str | None = None,
    period: str | None = None,
) -> FilePreview:
    """Read a file's header and first rows, as an import would.

    Parameters
    ----------
    conn
        Of whoever looks at it; nothing is written.
    path
        The file.
    kind
        ``households``, ``aid`` and so on.
    as_of
        Date of the file.
    format_key, mapping
        As its owner chose them; see :func:`db.registers.files.open_table`.
    programme_code, period
        Of a list of aid that doesn't name them in its rows.

    Raises
    ------
    InvalidFile
        When it is no table at all. A table that isn't understood is returned with its ``fault``.
    """
    formats = FORMATS_OF_KIND[kind]
    check = make_check(conn, kind, as_of, programme_code=programme_code, period=period)
    try:
        found = read_preview(
            path, formats, check, format_key=format_key, mapping=mapping, rows=PREVIEW_ROWS
        )
    except InvalidFile as error:
        form = next((one for one in formats if one.key == format_key), formats[0])
        header = find_titles(path)
        suggested = dict(mapping or _suggest(header, kind, form))
        return FilePreview(formats, form, header, suggested=suggested, fault=error)
    return FilePreview(
        formats,
        found.format,
        found.header,
        found.columns,
        found.unknown_columns,
        dict(mapping or {}),
        found.rows,
    )


def find_titles(path: Path) -> tuple[str, ...]:
    """Return what are most likely the titles of an unknown file: the fullest of its first rows.

    Raises
    ------
    InvalidFile
        When it is no table at all.
    """
    head = [tuple(map(str, row)) for row in read_head(path)]
    return max(head, key=lambda row: sum(bool(title.strip()) for title in row), default=())


def is_known_format(path: Path, kind: str) -> bool:
    """Whether the header of a file tells its format by itself."""
    try:
        open_table(path, FORMATS_OF_KIND[kind])
    except InvalidFile:
        return False
    return True


def choose_format(kind: str, mapping: Mapping[str, str]) -> str | None:
    """Return the first format that has every field of a mapping."""
    for form in FORMATS_OF_KIND[kind]:
        if all(form.get_field(key) for key in mapping):
            return form.key
    return None


def _suggest(header: Sequence[str], kind: str, form: Format) -> dict[str, str]:
    if kind == "stats":
        columns = form.find_columns(header, is_strict=False)
        return {key: header[at] for key, at in columns.items()}
    return suggest_mapping(header, kind)
