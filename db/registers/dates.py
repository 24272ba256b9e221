"""Dates as registers write them, the day always before the month."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Literal

_NO_DATE = re.compile(r"[0\s/.:-]+", re.ASCII)
"""``00/00/0000`` and the like stand for a date that is not known."""

_TIME = r"(?:[t ]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}", re.ASCII)
_DAY_FIRST = re.compile(rf"(\d{{1,2}})[-/. ](\d{{1,2}})[-/. ](\d{{4}}|\d{{2}}){_TIME}", re.ASCII)
_IN_WORDS = re.compile(r"(\d{1,2})[-/. ]*([a-z]+)[-/. ]*(\d{4}|\d{2})", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:[.,]0+)?", re.ASCII)
_FIRST_SERIAL = date(1899, 12, 30)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan", "februari february pebruari feb peb", "maret march mar mrt",
            "april apr", "mei may", "juni june jun", "juli july jul",
            "agustus august agu ags agt aug", "september sep sept", "oktober october okt oct",
            "november nopember nov nop", "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip


def read_date(text: str, latest: date | None = None) -> date | None:
    """Read one date.

    Met are ``1980-12-31`` (with a time of day or without), ``31/12/1980``, ``31-12-80``,
    ``31 Desember 1980``, ``31-Dec-80``, ``19801231``, ``31121980``, and the 5-digit serial number
    of a spreadsheet. Of the years that two digits may mean, the last one that isn't after
    ``latest`` is taken.

    Parameters
    ----------
    text
        Without spaces around it.
    latest
        No two-digit year lies after this date; today when left out.

    Returns
    -------
    date or None
        None when it is no date.
    """
    text = text.lower()
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, found.groups())
        return _to_date(year, month, day)
    if found := _DAY_FIRST.fullmatch(text):
        return _read_parts(found[1], int(found[2]), found[3], latest)
    if (found := _IN_WORDS.fullmatch(text)) and found[2] in _MONTHS:
        return _read_parts(found[1], _MONTHS[found[2]], found[3], latest)
    if found := _SERIAL.fullmatch(text):
        return _FIRST_SERIAL + timedelta(int(found[1]))
    if len(text) == 8 and text.isascii() and text.isdigit():
        # No text of eight digits is a date of these centuries in both orders.
        return _to_recent(text[:4], text[4:6], text[6:]) or _to_recent(
            text[4:], text[2:4], text[:2]
        )
    return None


def read_date_until(latest: date) -> Callable[[str], date | Literal[""] | None]:
    """Make a reader of dates whose two-digit years don't lie after a day; zeros are no date."""
    return lambda text: "" if _NO_DATE.fullmatch(text) else read_date(text, latest)


def read_moment(text: str) -> datetime | None:
    """Read when something was done: an ISO date with a time of day, or a date alone."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        day = read_date(text)
    return datetime(day.year, day.month, day.day) if day else None


def _read_parts(day: str, month: int, year: str, latest: date | None) -> date | None:
    if len(year) == 4:
        return _to_date(int(year), month, int(day))
    limit = latest or date.today()
    for century in (2000, 1900):
        found = _to_date(century + int(year), month, int(day))
        if found and found <= limit:
            return found
    return None


def _to_recent(year: str, month: str, day: str) -> date | None:
    return _to_date(int(year), int(month), int(day)) if year[:2] in ("18", "19", "20") else None


def _to_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
