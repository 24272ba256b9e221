"""What stands in an uploaded file, as it is understood: columns, first rows, what is missing."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from db.registers import aid, files, households, stats
from db.registers.files import Table, open_table
from db.registers.formats import Format, normalise_name
from geo.errors import InvalidFile

PREVIEW_ROWS = 50
_FORMATS: Mapping[str, Sequence[Format]] = {
    "households": households.FORMATS,
    "aid": aid.FORMATS,
    "stats": stats.FORMATS,
}


@dataclass(frozen=True, slots=True)
class FilePreview:
    """A file as it is understood.

    Attributes
    ----------
    format
        Its key; None when no format fits.
    formats
        Keys of the formats that it may have.
    header
        Titles of its columns.
    columns
        Position of each field that is understood.
    fields
        Key and title of every field there may be.
    suggested
        Field to the title of the column that may mean it.
    rows
        Number and cells of the first rows.
    fault
        Why it can't be loaded as it is understood; None when it can.
    """

    format: str | None
    formats: tuple[str, ...]
    header: tuple[str, ...]
    columns: Mapping[str, int]
    fields: tuple[tuple[str, str], ...]
    suggested: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[tuple[int, Mapping[str, str]], ...] = ()
    fault: InvalidFile | None = None

    @property
    def unknown(self) -> list[str]:
        """Titles of the columns that are not taken."""
        known = set(self.columns.values())
        return [t for at, t in enumerate(self.header) if at not in known and t.strip()]


def read_preview(
    path: Path,
    kind: str,
    *,
    format_key: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> FilePreview:
    """Read a file's header and first rows.

    Parameters
    ----------
    path
        The file.
    kind
        ``households``, ``aid`` and so on.
    format_key, mapping
        As its owner chose them; see :func:`db.registers.files.open_table`.

    Raises
    ------
    InvalidFile
        When it is no table at all. A table that isn't understood is returned with its ``fault``.
    """
    formats = _FORMATS.get(kind, ())
    header = _read_header(path)
    keys = tuple(one.key for one in formats)
    if not formats:
        return FilePreview(None, keys, header, {}, ())
    chosen = next((one for one in formats if one.key == format_key), formats[0])
    fields = tuple((one.key, one.title) for one in chosen.fields)
    suggested = dict(mapping or _suggest(header, chosen))
    try:
        table = _open(path, formats, format_key, mapping)
        chunk = next(table.iter_chunks(PREVIEW_ROWS))
    except InvalidFile as error:
        return FilePreview(None, keys, header, {}, fields, suggested, fault=error)
    cells = [
        dict(zip(chunk.cells, row, strict=True)) for row in zip(*chunk.cells.values(), strict=True)
    ]
    rows = tuple(islice(zip(chunk.numbers, cells, strict=False), PREVIEW_ROWS))
    return FilePreview(chosen.key, keys, header, table.columns, fields, suggested, rows)


def _open(
    path: Path,
    formats: Sequence[Format],
    format_key: str | None,
    mapping: Mapping[str, str] | None,
) -> Table:
    asked: dict[str, Any] = {"format_key": format_key, "mapping": mapping}
    known = inspect.signature(open_table).parameters  # TEMP until branch formats
    return open_table(path, formats, **{k: v for k, v in asked.items() if k in known})


def _read_header(path: Path) -> tuple[str, ...]:
    _, _, header = files._read_header(path)  # TEMP until branch formats
    return tuple(header)


def _suggest(header: Sequence[str], form: Format) -> dict[str, str]:
    """Return for each field the column that is called so, or nearly."""
    names = {normalise_name(title): title for title in header}
    found = {}
    for one in form.fields:
        title = next((names[name] for name in one.names if name in names), None)
        if title is not None:
            found[one.key] = title
    return found
