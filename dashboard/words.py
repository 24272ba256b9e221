"""Words and numbers in the reader's language: the catalogue and the CLDR's number forms."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from geo.errors import MapError
from geo.hidden import HIDDEN
from geo.text import N_, Phrase

LANGUAGES = ("id", "en")
NO_FIGURE = "–"
"""Stands where there is no figure; never a zero."""

HIDDEN_WORD = N_("disembunyikan")
"""Stands where a count is hidden because it is small, or would give a small one back."""

_CATALOGUES = Path(__file__).parent / "locale"
_MINUS = "\N{MINUS SIGN}"
_NARROW_SPACE = "\N{NO-BREAK SPACE}"


class Words:
    """One language.

    Parameters
    ----------
    language
        ``id``, in which the program is written, or ``en``.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale.parse(language)
        self._catalogue = read_catalogue(language)

    def say(self, message: str, **fields: object) -> str:
        """Translate a sentence, then fill its ``{name}`` fields."""
        sentence = self._catalogue.get(message, message)
        return sentence.format(**fields) if fields else sentence

    def say_fault(self, error: MapError) -> str:
        """Translate the sentence of an error, and the fields that are words themselves."""
        return self.say_phrase(Phrase(error.user_msg, error.fields))

    def say_phrase(self, phrase: Phrase) -> str:
        """Translate a sentence that is made of others."""
        return phrase.say(self.say)

    def number(self, value: float | None, decimals: int = 0) -> str:
        """Write a number with a fixed number of decimals: ``52.687`` or ``8,06``."""
        if value is HIDDEN:
            return self.say(HIDDEN_WORD)
        if value is None:
            return NO_FIGURE
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return format_decimal(value, format=pattern, locale=self._locale)

    def change(self, value: float | None, decimals: int = 0) -> str:
        """Write a change with its sign: ``+0,42`` or ``−0,42``; what rounds to zero has none."""
        if value is None or value is HIDDEN:
            return self.number(value)
        rounded = round(value, decimals)
        sign = "+" if rounded > 0 else _MINUS if rounded < 0 else ""
        return f"{sign}{self.number(abs(rounded), decimals)}"

    def percent(self, value_pct: float | None, decimals: int = 2) -> str:
        """Write percent points: ``8,06 %`` in Indonesian, ``8.06%`` in English."""
        if value_pct is None or value_pct is HIDDEN:
            return self.number(value_pct)
        space = _NARROW_SPACE if self.language == "id" else ""
        return f"{self.number(value_pct, decimals)}{space}%"

    def rupiah(self, amount_idr: int | None) -> str:
        """Write an amount of money: ``Rp2.500.000``."""
        return NO_FIGURE if amount_idr is None else f"Rp{self.number(amount_idr)}"

    def day(self, day: date | None) -> str:
        """Write a date: ``1 Jan 2026``."""
        return NO_FIGURE if day is None else str(format_date(day, "d MMM y", locale=self._locale))

    def period(self, period: str) -> str:
        """Write a period of aid or of a statistic: ``2026``, ``Jan 2026``, ``Semester 1 2026``."""
        year, _, part = period.partition("-")
        if part.isdigit():
            return str(format_date(date(int(year), int(part), 1), "MMM y", locale=self._locale))
        names = {"S": "Semester", "Q": "Triwulan" if self.language == "id" else "Quarter"}
        return f"{names[part[0]]} {part[1]} {year}" if part else year


@cache
def words_of(language: str) -> Words:
    """Return the words of a language; an unknown one gets Indonesian."""
    return Words(language if language in LANGUAGES else "id")


@cache
def read_catalogue(language: str) -> dict[str, str]:
    """Read a catalogue: Indonesian sentence to translation. Indonesian itself has none."""
    path = _CATALOGUES / f"{language}.po"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string}
