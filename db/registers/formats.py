"""What the columns of a register file are called, in each of the formats that are understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geo.errors import InvalidFile
from geo.text import N_


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a format.

    Attributes
    ----------
    key
        Its name in the importer.
    title
        Its Indonesian name, for sentences.
    names
        The header names that mean it, in lower case with underscores.
    """

    key: str
    title: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Format:
    """What the columns of one kind of file are called.

    Attributes
    ----------
    key
        Name of the format.
    fields
        The fields it may have.
    required
        Groups of field keys; the file needs at least one of each group.
    """

    key: str
    fields: tuple[Field, ...]
    required: tuple[tuple[str, ...], ...]

    def find_columns(self, header: Sequence[str]) -> dict[str, int]:
        """Return the position of every field that the header names.

        Raises
        ------
        InvalidFile
            When two columns mean the same field.
        """
        by_name = {name: field for field in self.fields for name in field.names}
        found: dict[str, int] = {}
        for position, title in enumerate(header):
            field = by_name.get(normalise_name(title))
            if field is None:
                continue
            if field.key in found:
                raise InvalidFile(
                    N_("Kolom “{first}” dan “{second}” berarti sama; sisakan satu saja."),
                    first=header[found[field.key]][:40],
                    second=title[:40],
                )
            found[field.key] = position
        return found

    def check_required(self, columns: dict[str, int]) -> None:
        """Refuse a header that lacks a column this format can't do without.

        Raises
        ------
        InvalidFile
            Naming the missing columns.
        """
        missing = [group for group in self.required if not columns.keys() & set(group)]
        if missing:
            titles = {field.key: field.title for field in self.fields}
            raise InvalidFile(
                N_("Kolom ini tidak ada dalam berkas: {columns}. Periksa judul di baris pertama."),
                columns=", ".join("/".join(titles[key] for key in group) for group in missing),
            )


def normalise_name(title: str) -> str:
    """Return a header title in lower case, with underscores for everything else."""
    return re.sub(r"[^a-z0-9]+", "_", title.lower().lstrip("\ufeff")).strip("_")
