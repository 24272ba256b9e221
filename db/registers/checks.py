"""Checks of register rows, a column at a time. None of them raises: a row that fails is told why.

Readers turn one text into a value, None when it can't be read. :class:`Column` remembers what
the texts of a column mean, which for most columns of a register are few.
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

from db.registers.files import Chunk
from geo.nik import check_kk, check_nik
from geo.text import N_

Reader = Callable[[str], Any]
Where = Iterable[int] | np.ndarray[Any, np.dtype[np.bool_]]
"""Positions in a chunk, or a mask over it."""

MAX_TEXT = 500
_DECIMAL = re.compile(r"[+-]?\d{1,15}([.,]\d+)?", re.ASCII)
_AMOUNT = re.compile(
    r"(?:Rp\.?\s*)?(\d{1,15}|\d{1,3}(?:\.\d{3}){1,4}|\d{1,3}(?:,\d{3}){1,4})(?:[.,]0{1,2})?",
    re.I | re.ASCII,
)
_INDICATOR = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_LOCAL_DATE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2]|[SQ][1-4]))?", re.ASCII)
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+?\d+", re.I | re.ASCII)
_AREA_DIGITS = {4: (2,), 6: (2, 4), 10: (2, 4, 6)}
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

    def accept(self, rows: Iterable[tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
        """Let the rows through that have no fault."""
        if not self.rejected:
            return rows
        return compress(rows, (position not in self.rejected for position in range(self.size)))


def _positions(where: Where) -> list[int]:
    if isinstance(where, np.ndarray) and where.dtype == bool:
        where = np.flatnonzero(where)
    return [int(position) for position in where]


def list_empty(values: Iterable[Any]) -> list[int]:
    """Return the positions of None in a column."""
    return [position for position, value in enumerate(values) if value is None]


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
    is_distinct
        Whether nearly every cell differs; what was read is then not remembered.
    """

    def __init__(self, key: str, reader: Reader, reason: str, *, is_distinct: bool = False) -> None:
        self.key = key
        self.reason = reason
        self._reader = reader
        self._known: dict[str, Any] | None = None if is_distinct else {}

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
        if self._known is None:
            return list(map(self._read_one, texts))
        for text in set(texts).difference(self._known):
            self._known[text] = self._read_one(text)
        return list(map(self._known.__getitem__, texts))

    def _read_one(self, text: str) -> Any:
        stripped = text.strip()
        return self._reader(stripped) if stripped else None


def read_text(text: str) -> str | None:
    """Read a text of at most 500 characters; line breaks and runs of spaces become one space."""
    return (" ".join(text.split()) or None) if len(text) <= MAX_TEXT else None


def read_decimal(text: str) -> float | None:
    """Read a number without thousands separators, with decimal comma or point."""
    return float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None


def read_amount(text: str) -> int | None:
    """Read whole rupiah: ``600000``, ``600.000``, ``Rp 600.000,00``."""
    found = _AMOUNT.fullmatch(text)
    return int(re.sub(r"[.,]", "", found[1])) if found else None


def read_integer(low: int, high: int) -> Reader:
    """Make a reader of whole numbers between two bounds."""

    def read(text: str) -> int | None:
        is_number = text.isascii() and text.isdigit() and len(text) < 10
        return int(text) if is_number and low <= int(text) <= high else None

    return read


def read_choice(choices: dict[str, str]) -> Reader:
    """Make a reader of words, in any case, through a table of words."""
    return lambda text: choices.get(" ".join(text.lower().replace("_", " ").split()))


def read_date(text: str) -> date | None:
    """Read ``1980-12-31`` or, day first, ``31/12/1980``."""
    if found := _ISO_DATE.fullmatch(text):
        parts = [int(part) for part in found.groups()]
    elif found := _LOCAL_DATE.fullmatch(text):
        parts = [int(part) for part in reversed(found.groups())]
    else:
        return None
    try:
        return date(*parts)
    except ValueError:
        return None


def read_period(text: str) -> str | None:
    """Read ``2026``, ``2026-07``, ``2026-S1`` or ``2026-Q3``."""
    return str(text).upper() if _PERIOD.fullmatch(text.upper()) else None


def read_area_code(text: str) -> str | None:
    """Read a Kemendagri code, with or without its dots, into the form with dots."""
    digits = text.replace(".", "")
    cuts = _AREA_DIGITS.get(len(digits))
    if cuts is None or not (digits.isascii() and digits.isdigit()):
        return None
    dotted = ".".join(digits[a:b] for a, b in zip((0, *cuts), (*cuts, None), strict=True))
    return dotted if text in (digits, dotted) else None


def read_indicator(text: str) -> str | None:
    """Read the code of an indicator; it stands in addresses."""
    return str(text) if _INDICATOR.fullmatch(text) else None


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
    numbers = _list_numbers(chunk, key, verdict.size)
    told = zip(numbers, birth_dates, sexes, strict=False)
    for position, (number, birth_date, sex) in enumerate(told):
        if number and check_nik(number, birth_date=birth_date, sex=sex):
            fault = check_nik(number)
            if fault:
                verdict.reject([position], _describe_fault("NIK", number, fault))
            else:
                verdict.note([position], _NIK_DISAGREES)
    return numbers


def check_kks(chunk: Chunk, key: str, verdict: Verdict) -> list[str | None]:
    """Check the family card numbers of a column and return them, None where empty."""
    numbers = _list_numbers(chunk, key, verdict.size)
    for position, number in enumerate(numbers):
        if number and (fault := check_kk(number)):
            verdict.reject([position], _describe_fault("KK", number, fault))
    return numbers


def _list_numbers(chunk: Chunk, key: str, size: int) -> list[str | None]:
    return [text.strip() or None for text in chunk.cells.get(key, ("",) * size)]


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
    for position, key in enumerate(keys):
        if key is None or position in verdict.rejected:
            continue
        if key in seen:
            verdict.reject([position], reason)
        seen.add(key)
