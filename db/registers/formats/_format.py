"""What a format is: names of columns, what each means, and how its codes are to be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from geo.errors import InvalidFile
from geo.text import N_

Codes = Mapping[str, str]
"""What each text of a column means; an empty meaning is a known "nothing"."""

FLAG = "flag_"
"""A field whose key begins so says that a programme is received; its codes give the programme."""
DIFFICULTY = "difficulty_"
"""A field whose key begins so says how well a person does something; its codes the disability."""


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
        The header names that mean it, in lower case with underscores, the best one first.
    codes
        For a column of codes, what they mean; without any the column is read as its kind is.
    other
        What a text means that the codes don't list; without it such a cell is left empty.
    is_free
        Whether a text that the codes don't list is kept as it stands.
    """

    key: str
    title: str
    names: tuple[str, ...]
    codes: Codes = field(default_factory=dict)
    other: str | None = None
    is_free: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """What the columns of one kind of file are called.

    Attributes
    ----------
    key
        Name of the format.
    title
        What people call it.
    kind
        ``households``, ``persons``, ``aid``, ``points``, ``population`` or ``stats``.
    fields
        The fields it may have. Two of them may be read from the same column.
    required
        Groups of field keys; the file needs at least one of each group.
    ignored
        Names of columns that belong to the format and aren't taken.
    numbering
        Whose village codes it has: ``kemendagri`` or ``bps``.
    is_numbering_sure
        False where codes of either sort are met, so that the codes themselves have to tell.
    only
        A field and the texts of it that a row must have to be read at all.
    key_from
        The field that serves as key of the household where the format has none of its own.
    is_grouped
        Whether titles may carry the names of groups before a slash or a hyphen, as survey tools
        write them.
    allows_twins
        Whether two columns may mean the same: the one whose name stands first is taken.
    """

    key: str
    title: str
    kind: str
    fields: tuple[Field, ...]
    required: tuple[tuple[str, ...], ...]
    ignored: frozenset[str] = frozenset()
    numbering: str = "kemendagri"
    is_numbering_sure: bool = False
    only: tuple[str, frozenset[str]] | None = None
    key_from: str | None = None
    is_grouped: bool = False
    allows_twins: bool = False
    _by_name: dict[str, list[tuple[Field, int]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Put the names into a table."""
        table: dict[str, list[tuple[Field, int]]] = {}
        for one in self.fields:
            for rank, name in enumerate(one.names):
                table.setdefault(name, []).append((one, rank))
                if (near := squash(name)) not in one.names:
                    table.setdefault(near, []).append((one, rank + _NEARLY))
        object.__setattr__(self, "_by_name", table)

    def find_columns(self, header: Sequence[str], *, is_strict: bool = True) -> dict[str, int]:
        """Return the position of every field that the header names.

        Raises
        ------
        InvalidFile
            When two columns mean the same field, unless the format allows it or ``is_strict`` is
            false.
        """
        found: dict[str, tuple[int, int]] = {}
        for position, title in enumerate(header):
            for one, rank in self._list_meanings(title):
                if one.key in found and is_strict and not self.allows_twins:
                    raise InvalidFile(
                        N_("Kolom “{first}” dan “{second}” berarti sama; sisakan satu saja."),
                        first=header[found[one.key][1]][:40],
                        second=title[:40],
                    )
                found[one.key] = min(found.get(one.key, (rank, position)), (rank, position))
        return {key: position for key, (_, position) in found.items()}

    def count_known(self, header: Sequence[str]) -> int:
        """Count the columns that belong to the format, taken or not."""
        return sum(map(self.knows, header))

    def knows(self, title: str) -> bool:
        """Say whether a column belongs to the format, be it taken or not."""
        spellings = self._spell(title)
        return any(
            name in self._by_name or name in self.ignored or name in _ADDED for name in spellings
        )

    def check_required(self, columns: Mapping[str, int]) -> None:
        """Refuse a header that lacks a column this format can't do without.

        Raises
        ------
        InvalidFile
            Naming the missing columns.
        """
        missing = self.list_missing(columns)
        if missing:
            titles = {one.key: one.title for one in self.fields}
            raise InvalidFile(
                N_("Kolom ini tidak ada dalam berkas: {columns}. Periksa judul di baris pertama."),
                columns=", ".join("/".join(titles[key] for key in group) for group in missing),
            )

    def list_missing(self, columns: Mapping[str, int]) -> list[tuple[str, ...]]:
        """Return the groups of which a header has no column."""
        return [group for group in self.required if not columns.keys() & set(group)]

    def get_field(self, key: str) -> Field | None:
        """Return a field by its key."""
        return next((one for one in self.fields if one.key == key), None)

    def _list_meanings(self, title: str) -> list[tuple[Field, int]]:
        for spelling in self._spell(title):
            if found := self._by_name.get(spelling):
                return found
        return []

    def _spell(self, title: str) -> list[str]:
        name = normalise_name(title)
        spellings = [name, squash(name)]
        if self.is_grouped:
            tail = normalise_name(re.split(r"[/\-:]", title)[-1])
            spellings += [tail, squash(tail)]
        return spellings


_NEARLY = 100
"""Added to the rank of a name that is met without its underscores."""
_ADDED = frozenset(("alasan", "sumber", "keadaan_per", "nomor", "no", "no_urut", "nomor_urut"))
"""Columns that people or this program add to a table, in whatever format it is."""


def normalise_name(title: str) -> str:
    """Return a header title in lower case, with underscores for everything else.

    A number in brackets at its end, which counts the columns of a questionnaire, is dropped.
    """
    title = re.sub(r"\s*\(\d+\)\s*$", "", title.lower().lstrip("\ufeff"))
    return re.sub(r"[^a-z0-9]+", "_", title).strip("_")


def squash(name: str) -> str:
    """Return a name without its underscores: ``Luas_lantai`` and ``LuasLantai`` are the same."""
    return name.replace("_", "")
