"""For the upload page: what a file of unknown columns may be, and how its rows are understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from db.registers.checks import RAGGED, Verdict
from db.registers.copying import Block
from db.registers.files import Chunk, Table, open_table
from db.registers.formats import FORMATS, Format, normalise_name

Check = Callable[[Chunk, Verdict], Block]

MIN_SCORE = 84
"""Out of 100; below it, names that have nothing to do with each other begin to be proposed."""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as it would be taken.

    Attributes
    ----------
    row_number
        Its number in the file.
    content
        Its cells by title.
    values
        What it is understood as, by canonical column.
    reasons
        Why it would be rejected, if it would.
    remarks
        What would be remarked on.
    """

    row_number: int
    content: dict[str, str]
    values: dict[str, Any]
    reasons: list[str]
    remarks: list[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """The beginning of a file."""

    header: tuple[str, ...]
    format: Format
    columns: dict[str, int]
    unknown_columns: list[str]
    rows: list[PreviewRow]


def suggest_mapping(header: Sequence[str], kind: str) -> dict[str, str]:
    """Propose which column of a file holds which field.

    Parameters
    ----------
    header
        Titles of the columns.
    kind
        Of the formats whose names are looked for: a key of ``FORMATS``.

    Returns
    -------
    dict
        The title for each field of the first format of the kind that a column may be; no column
        stands for two fields.
    """
    form = FORMATS[kind][0]
    titles = {normalise_name(title): title for title in header if normalise_name(title)}
    proposals = sorted(_list_proposals(form, _gather_names(kind), list(titles)), reverse=True)
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, key, name in proposals:
        if key not in found and name not in taken:
            found[key] = titles[name]
            taken.add(name)
    return {field.key: found[field.key] for field in form.fields if field.key in found}


def _gather_names(kind: str) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for form in FORMATS[kind]:
        for field in form.fields:
            names.setdefault(field.key, set()).update(field.names)
    return names


def _list_proposals(
    form: Format, names: Mapping[str, set[str]], titles: list[str]
) -> list[tuple[float, str, str]]:
    return [
        (score, field.key, title)
        for field in form.fields
        for name in names[field.key]
        for title, score, _ in process.extract(
            name, titles, scorer=fuzz.ratio, score_cutoff=MIN_SCORE, limit=None
        )
    ]


def read_preview(
    path: Path,
    formats: Sequence[Format],
    make_check: Callable[[Table], Check],
    *,
    format_key: str | None = None,
    mapping: Mapping[str, str] | None = None,
    rows: int = 50,
) -> Preview:
    """Read the first rows of a file as an import would, without storing any.

    Parameters
    ----------
    path, formats, format_key, mapping
        As in :func:`db.registers.files.open_table`.
    make_check
        Makes the check of the rows for the table: ``HouseholdChecker(…, table.format).check``.
    rows
        How many.

    Raises
    ------
    InvalidFile
        When the file would be refused.
    """
    table = open_table(path, formats, format_key=format_key, mapping=mapping)
    check = make_check(table)
    chunk = next(islice(table.iter_chunks(rows), 1))
    verdict = Verdict(len(chunk.raw))
    verdict.reject(chunk.ragged, RAGGED)
    block = check(chunk, verdict)
    shown = [
        PreviewRow(
            number,
            table.describe(chunk.raw[at]),
            {name: values[at] for name, values in block.items() if values[at] is not None},
            list(verdict.rejected.get(at, ())),
            list(verdict.noted.get(at, ())),
        )
        for at, number in enumerate(chunk.numbers)
    ]
    return Preview(table.header, table.format, table.columns, table.unknown_columns, shown)
