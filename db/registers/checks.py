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
from db.registers.readers import ColumnReader, Reader
from geo.nik import are_sound, check_kk, check_nik
from geo.text import N_

Where = Iterable[int] | np.ndarray[Any, np.dtype[np.bool_]]
"""Positions in a chunk, or a mask over it."""

_SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+?\d+", re.I | re.ASCII)
_LOST_DIGITS = N_(
    "Nomor 16 angka tersimpan sebagai angka sehingga digit terakhirnya hilang; jadikan teks."
)

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
    read_sound
        For a column in which nearly every cell differs, so that it is no use to remember them:
        reads all cells at once, and gives None unless each of them is sound as it stands.
    """

    def __init__(
        self, key: str, reader: Reader, reason: str, *, read_sound: ColumnReader | None = None
    ) -> None:
        self.key = key
        self.reason = reason
        self._reader = reader
        self._read_sound = read_sound
        self._known = _Known(self._read_one)

    def read(self, chunk: Chunk, verdict: Verdict) -> list[Any]:
        """Read the column of a chunk; rows whose cell can't be read are rejected.

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
            bad = [n for n in list_empty(values) if texts[n].strip()]
            verdict.reject(bad, self.reason)
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
    numbers = list(map(str.strip, chunk.cells[key]))
    for position in np.flatnonzero(~are_sound(numbers, of_persons=of_persons)).tolist():
        number = numbers[position]
        if number and (fault := find_fault(number)):
            verdict.reject([position], _describe_fault(title, number, fault))
    return [number or None for number in numbers]


def _describe_fault(title: str, number: str, fault: str) -> str:
    return _LOST_DIGITS if _SCIENTIFIC.fullmatch(number) else f"{title}: {fault}"


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
