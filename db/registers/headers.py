"""Where the header of a file stands, which format it has, and where the data begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.registers.formats import FORMATS, Format, normalise_name
from geo.errors import InvalidFile
from geo.text import N_

MAX_COLUMNS = 300
_FEWEST_NUMBERS = 3


@dataclass(frozen=True, slots=True)
class Header:
    """A header that is understood.

    Attributes
    ----------
    format
        The format it has.
    columns
        Position of each field.
    row, first_row
        Number of its own row, and of the first row of data, counted from 0.
    """

    format: Format
    columns: dict[str, int]
    row: int
    first_row: int


def find_header(
    head: Sequence[list[str]],
    formats: Sequence[Format],
    *,
    format_key: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Header:
    """Find the header among the first rows: below titles, above rows that count the columns.

    Parameters
    ----------
    head
        The first rows of the file.
    formats, format_key, mapping
        As in :func:`db.registers.files.open_table`.

    Raises
    ------
    InvalidFile
        When none of the rows has the columns that one of the formats needs.
    """
    width = max(map(len, head), default=0)
    if width > MAX_COLUMNS:
        raise InvalidFile(
            N_("Berkas memiliki {count} kolom; paling banyak {limit}."),
            count=width,
            limit=MAX_COLUMNS,
        )
    if format_key is not None:
        formats = [one for one in formats if one.key == format_key]
        if not formats:
            raise InvalidFile(N_("Format “{key}” tidak dikenal."), key=format_key)
    rows = [row for row in head if any(row)] or [[]]
    if mapping:
        return _apply_mapping(head, rows, formats[0], mapping)
    row, chosen = max(
        ((row, one) for row in rows for one in formats), key=lambda pair: _rate(*pair)
    )
    if chosen.list_missing(chosen.find_columns(row, is_strict=False)):
        _refuse_other_kind(rows, chosen)
    columns = chosen.find_columns(row)
    chosen.check_required(columns)
    return _place(head, row, chosen, columns)


def _rate(row: list[str], one: Format) -> tuple[bool, int, int]:
    columns = one.find_columns(row, is_strict=False)
    return not one.list_missing(columns), one.count_known(row), len(columns)


def _refuse_other_kind(rows: list[list[str]], chosen: Format) -> None:
    others = [one for kind in FORMATS.values() for one in kind if one.kind != chosen.kind]
    for other in others:
        for row in rows:
            known = other.count_known(row)
            is_complete = not other.list_missing(other.find_columns(row, is_strict=False))
            if is_complete and known > chosen.count_known(row) and 2 * known > len(row):
                raise InvalidFile(
                    N_("Berkas ini tampaknya “{title}”; pilih jenis data yang sesuai."),
                    title=other.title,
                )


def _apply_mapping(
    head: Sequence[list[str]], rows: list[list[str]], form: Format, mapping: Mapping[str, str]
) -> Header:
    wanted = {normalise_name(title) for title in mapping.values()}
    row = max(rows, key=lambda row: len(wanted & set(map(normalise_name, row))))
    places = {normalise_name(title): position for position, title in reversed([*enumerate(row)])}
    columns = {}
    for key, title in mapping.items():
        if form.get_field(key) is None or normalise_name(title) not in places:
            raise InvalidFile(
                N_("Kolom “{title}” tidak dapat dipasangkan dengan “{key}”."),
                title=title[:40],
                key=key[:40],
            )
        columns[key] = places[normalise_name(title)]
    form.check_required(columns)
    return _place(head, row, form, columns)


def _place(
    head: Sequence[list[str]], row: list[str], form: Format, columns: dict[str, int]
) -> Header:
    at = next(number for number, one in enumerate(head) if one is row)
    first = at + 1
    while first < len(head) and (not any(head[first]) or _counts_columns(head[first])):
        first += 1
    return Header(form, columns, at, first)


def _counts_columns(row: list[str]) -> bool:
    """Say whether a row counts the columns: ``1, 2, 3``, ``(1), (2), (3)``, ``KOLOM, 2, 3``."""
    cells = [cell.strip().strip("()").removesuffix(".0") for cell in row if cell.strip()]
    numbers = cells if cells and cells[0].isdigit() else cells[1:]
    if len(numbers) < _FEWEST_NUMBERS:
        return False
    if not all(number.isascii() and number.isdigit() and len(number) < 4 for number in numbers):
        return False
    first = int(numbers[0])
    return first < 3 and [int(number) for number in numbers] == list(
        range(first, first + len(numbers))
    )
