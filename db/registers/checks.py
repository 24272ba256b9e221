"""Checks of register rows, a column at a time. None of them raises: a row that fails is told why.

:class:`Column` remembers what the texts of a column mean, which for most columns of a register are
few.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress, repeat
from typing import Any

import numpy as np

from db.registers.copying import Block
from db.registers.files import Chunk
from db.registers.identity import MASKED, read_identity_number
from db.registers.readers import ColumnReader, Reader
from geo.nik import are_sound, check_kk, check_nik
from geo.text import N_

Where = Iterable[int] | np.ndarray[Any, np.dtype[np.bool_]]
"""Positions in a chunk, or a mask over it."""

RAGGED = N_("Jumlah sel tidak sama dengan jumlah judul kolom.")
_SAYS_NOTHING = re.compile(r"[-–—. ]+|null|none|nan|na|n/a|#n/a|kosong|tidak tahu", re.I)
"""What people and programs write into cells that are empty; no fault where it can't be read."""

_NIK_DISAGREES = N_("tanggal lahir atau jenis kelamin tidak cocok dengan NIK.")


@dataclass(slots=True)
class Verdict:
    """What was found wrong, or worth a word, in each row of a chunk.

    Attributes
    ----------
    size
        Number of rows.
    rejected, noted
        The sentences per position in the chunk, the weightiest first.
    """

    size: int
    rejected: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    noted: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    def reject(self, where: Where, reason: str) -> None:
        """Reject the rows at these positions."""
        for position in _positions(where):
            self.rejected[position].append(reason)

    def note(self, where: Where, remark: str) -> None:
        """Remark on rows that are taken all the same."""
        for position in _positions(where):
            self.noted[position].append(remark)

    def accept(self, rows: Block) -> Block:
        """Let the rows through that have no fault."""
        if not self.rejected:
            return rows
        sound = [position not in self.rejected for position in range(self.size)]
        return {name: list(compress(values, sound)) for name, values in rows.items()}


def _positions(where: Where) -> list[int]:
    if isinstance(where, np.ndarray) and where.dtype == bool:
        where = np.flatnonzero(where)
    return [int(position) for position in where]


def list_empty(values: Sequence[Any]) -> list[int]:
    """Return the positions of None in a column."""
    if None not in values:
        return []
    return [position for position, value in enumerate(values) if value is None]


class _Known(dict[str, Any]):
    """What the texts of a column mean, each read when it is first asked for."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader

    def __missing__(self, text: str) -> Any:
        value = self[text] = self._reader(text)
        return value


class Column:
    """A column of one file under its reader.

    Parameters
    ----------
    key
        Field.
    reader
        Of one text.
    reason
        The Indonesian sentence that a row with an unreadable cell gets.
    is_mild
        Whether such a row is taken all the same, with a remark and without the cell.
    read_sound
        For a column in which nearly every cell differs, so that it is no use to remember them:
        reads all cells at once, and gives None unless each of them is sound as it stands.
    """

    def __init__(
        self,
        key: str,
        reader: Reader,
        reason: str,
        *,
        is_mild: bool = False,
        read_sound: ColumnReader | None = None,
    ) -> None:
        self.key = key
        self.reason = reason
        self._is_mild = is_mild
        self._reader = reader
        self._read_sound = read_sound
        self._known = _Known(self._read_one)

    def read(self, chunk: Chunk, verdict: Verdict) -> list[Any]:
        """Read the column of a chunk; rows whose cell can't be read are rejected or remarked on.

        Returns
        -------
        list
            None for an empty cell, and everywhere when the file lacks the column.
        """
        texts = chunk.cells.get(self.key)
        if texts is None:
            return [None] * verdict.size
        values = self._read_all(texts)
        if None in values:
            bad = [n for n in list_empty(values) if _says_something(texts[n])]
            (verdict.note if self._is_mild else verdict.reject)(bad, self.reason)
        if "" in values:
            return [None if value == "" else value for value in values]
        return values

    def _read_all(self, texts: Sequence[str]) -> list[Any]:
        if self._read_sound is not None:
            sound = self._read_sound(texts)
            return list(map(self._read_one, texts)) if sound is None else sound
        return list(map(self._known.__getitem__, texts))

    def _read_one(self, text: str) -> Any:
        stripped = text.strip()
        return self._reader(stripped) if stripped else None


def check_niks(
    chunk: Chunk,
    key: str,
    verdict: Verdict,
    *,
    birth_dates: Iterable[date | None] = repeat(None),
    sexes: Iterable[str | None] = repeat(None),
) -> list[str | None]:
    """Check the NIKs of a column and return them, None where empty.

    A number of faulty structure is rejected. One that is sound but disagrees with birth date or
    sex is taken with a note: in real registers either of the two may be the wrong one.

    Parameters
    ----------
    chunk
        The rows.
    key
        Field.
    verdict
        Takes rejections and notes.
    birth_dates, sexes
        Of the same persons.
    """
    numbers = _check_numbers(chunk, key, verdict, "NIK", check_nik, of_persons=True)
    told = zip(numbers, birth_dates, sexes, strict=False)
    for position, (number, birth_date, sex) in enumerate(told):
        if (
            number
            and (birth_date or sex)
            and position not in verdict.rejected
            and check_nik(number, birth_date=birth_date, sex=sex)
        ):
            verdict.note([position], _NIK_DISAGREES)
    return numbers


def check_kks(chunk: Chunk, key: str, verdict: Verdict) -> list[str | None]:
    """Check the family card numbers of a column and return them, None where empty."""
    return _check_numbers(chunk, key, verdict, "KK", check_kk, of_persons=False)


def _check_numbers(
    chunk: Chunk,
    key: str,
    verdict: Verdict,
    title: str,
    find_fault: Callable[[str], str | None],
    *,
    of_persons: bool,
) -> list[str | None]:
    if key not in chunk.cells:
        return [None] * verdict.size
    numbers: list[str | None] = [text.strip() or None for text in chunk.cells[key]]
    sound = are_sound([number or "" for number in numbers], of_persons=of_persons)
    for position in np.flatnonzero(~sound).tolist():
        if numbers[position] is None:
            continue
        reading = read_identity_number(str(numbers[position]))
        numbers[position] = reading.number
        if reading.is_masked:
            verdict.note([position], f"{title}: {MASKED}")
        elif reading.fault:
            verdict.reject([position], reading.fault)
        elif reading.number and (fault := find_fault(reading.number)):
            verdict.reject([position], f"{title}: {fault}")
    return numbers


def _says_something(text: str) -> bool:
    stripped = text.strip()
    return bool(stripped) and not _SAYS_NOTHING.fullmatch(stripped)


def reject_repeated(keys: Iterable[Any], seen: set[Any], verdict: Verdict, reason: str) -> None:
    """Reject rows whose key a sound row before them in the file has; None is no key.

    Parameters
    ----------
    keys
        Of the rows of the chunk.
    seen
        Keys of the chunks before; the new ones are added.
    verdict
        Takes the rejections.
    reason
        The Indonesian sentence they get.
    """
    keys = list(keys)
    distinct = set(keys) - {None}
    is_clean = not verdict.rejected and len(distinct) == len(keys) - keys.count(None)
    if is_clean and seen.isdisjoint(distinct):
        seen |= distinct
        return
    for position, key in enumerate(keys):
        if key is None or position in verdict.rejected:
            continue
        if key in seen:
            verdict.reject([position], reason)
        seen.add(key)
