"""Numbers as they are typed in two countries: ``8,06`` and ``52.687``, ``8.06`` and ``52,687``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

from db.registers.workbook import Number

_NO_DATA = frozenset(("", "-", "na", "n/a"))
_UNREADABLE = math.inf
_STYLES = tuple(
    (
        re.compile(rf"-?(\d+|[1-9]\d{{0,2}}(\{thousands}\d{{3}})+)(\{decimal}\d+)?", re.ASCII),
        thousands,
        decimal,
    )
    for thousands, decimal in ((".", ","), (",", "."))
)


def is_number(text: str) -> bool:
    """Say whether a cell is a number in either style, or stands for no data."""
    return any(_read_number(text, *style) is not _UNREADABLE for style in _STYLES)


def parse_numbers(texts: Iterable[str], *, prefers_comma: bool = False) -> list[Any] | None:
    """Read a column of numbers in the one style that all of it is written in.

    ``8,06`` and ``52.687`` are Indonesian, ``8.06`` and ``52,687`` English. Alone, ``52.687``
    could be either; then another number of the column has to tell.

    Parameters
    ----------
    texts
        Cells; an empty one, ``-`` or ``NA`` is no data.
    prefers_comma
        Whether the file itself says that its decimals have a comma, as one does whose columns are
        parted by semicolons. It decides where the numbers alone don't.

    Returns
    -------
    list of float or None, or None
        None in place of the list when no style fits all numbers, or both do and disagree.
    """
    cells = list(texts)
    readings = [[_read_number(cell, *style) for cell in cells] for style in _STYLES]
    sound = [reading for reading in readings if _UNREADABLE not in reading]
    if len(sound) == 2 and sound[0] != sound[1] and not prefers_comma:
        return None
    return sound[0] if sound else None


def _read_number(text: str, pattern: re.Pattern[str], thousands: str, decimal: str) -> float | None:
    if text.lower() in _NO_DATA:
        return None
    if isinstance(text, Number):
        return float(text)
    if not pattern.fullmatch(text) or len(text) > 40:
        return _UNREADABLE
    return float(text.replace(thousands, "").replace(decimal, "."))
