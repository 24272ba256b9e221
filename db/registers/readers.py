"""What the cells of registers mean. None of the readers raises: what can't be read is None."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

Reader = Callable[[str], Any]
"""Turns one text, without spaces around it, into a value."""
ColumnReader = Callable[[Sequence[str]], list[Any] | None]
"""Turns all texts of a column into values, or none when one of them isn't sound as it stands."""

MAX_TEXT = 500
_DECIMAL = re.compile(r"[+-]?\d{1,15}([.,]\d+)?", re.ASCII)
_DECIMALS = re.compile(rf"(?:{_DECIMAL.pattern})?(?:\|(?:{_DECIMAL.pattern})?)*", re.ASCII)
_AMOUNT = re.compile(
    r"(?:Rp\.?\s*)?(\d{1,15}|\d{1,3}(?:\.\d{3}){1,4}|\d{1,3}(?:,\d{3}){1,4})(?:[.,]0{1,2})?",
    re.I | re.ASCII,
)
_INDICATOR = re.compile(r"[a-z][a-z0-9_]{0,59}")
_PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2]|[SQ][1-4]))?", re.ASCII)
_AREA_DIGITS = {4: (2,), 6: (2, 4), 10: (2, 4, 6)}


def read_text(text: str) -> str | None:
    """Read a text of at most 500 characters; line breaks and runs of spaces become one space."""
    return (" ".join(text.split()) or None) if len(text) <= MAX_TEXT else None


def read_sound_texts(texts: Sequence[str]) -> list[str | None] | None:
    """Read texts as :func:`read_text` does, when none of them needs tidying; None otherwise."""
    whole = "|".join(texts)
    # Of all spaces only the common one is printable.
    if not whole.isprintable() or any(marks in f"|{whole}|" for marks in ("  ", "| ", " |")):
        return None
    if max(map(len, texts)) > MAX_TEXT:
        return None
    return [text or None for text in texts]


def read_degrees(text: str) -> str | None:
    """Read a number as :func:`read_decimal` does, but leave it a text, with a decimal point."""
    return text.replace(",", ".") if _DECIMAL.fullmatch(text) else None


def read_sound_degrees(texts: Sequence[str]) -> list[str | None] | None:
    """Read texts as :func:`read_degrees` does, when each is a number or empty; None otherwise."""
    whole = "|".join(texts)
    if not _DECIMALS.fullmatch(whole):
        return None
    cells = whole.replace(",", ".").split("|")
    # A cell may hold the mark that was put between the cells.
    return [text or None for text in cells] if len(cells) == len(texts) else None


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
