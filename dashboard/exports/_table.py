"""What the writers have in common: what the file says of itself, and what a cell holds."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dashboard.words import HIDDEN_WORD
from db.queries.sources import SourceNote
from geo.hidden import HIDDEN
from geo.text import N_
from layers import Column

SCHEMATIC_SYNTHETIC = N_("Batas skematik, data sintetis")
SCHEMATIC = N_("Batas skematik")
SYNTHETIC = N_("Data sintetis")

_NUMBER_KINDS = ("integer", "decimal", "percent")


@dataclass(frozen=True, slots=True)
class ExportMeta:
    """What a file says of itself.

    Attributes
    ----------
    title
        Of the layer and area, in the reader's language.
    sources
        Where the figures come from, each as of its date.
    made_at
        When it was made, with its time zone. It is the only time in the file: the same rows made
        at the same moment give the same bytes.
    filters
        The filters in words.
    classes
        How the map puts the rows into classes, and where they part; empty where it has none.
    language
        ``id`` or ``en``; decides the separators of a CSV.
    translate
        Looks a marked sentence up in the reader's language.
    """

    title: str
    sources: tuple[SourceNote, ...]
    made_at: datetime
    filters: tuple[str, ...] = ()
    classes: str = ""
    language: str = "id"
    translate: Callable[[str], str] = str

    @property
    def notice(self) -> str | None:
        """The warning that goes with invented figures or drawn boundaries, translated."""
        is_schematic = any(source.is_schematic for source in self.sources)
        is_synthetic = any(source.is_synthetic for source in self.sources)
        if is_schematic and is_synthetic:
            return self.translate(SCHEMATIC_SYNTHETIC)
        if is_schematic:
            return self.translate(SCHEMATIC)
        return self.translate(SYNTHETIC) if is_synthetic else None

    def title_of(self, column: Column) -> str:
        """Return the heading of a column with its unit: ``Tingkat kemiskinan (%)``."""
        title = self.translate(column.title)
        unit = self.translate(column.unit) if column.unit else ""
        return f"{title} ({unit})" if unit else title


def cell_value(
    column: Column, value: object, translate: Callable[[str], str] = str
) -> str | int | float | None:
    """Return what a cell holds: a number, a text, or nothing.

    Parameters
    ----------
    column
        Only a column of a number kind gives numbers; a text in one of those, such as a word for a
        hidden figure, stays a text.
    value
        From the row. What is not a number (NaN, infinity) is no data.
    translate
        Of the reader's language, for the word that stands for a hidden figure.
    """
    if value is HIDDEN:
        return translate(HIDDEN_WORD)
    if value is None:
        return None
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        if not math.isfinite(value):
            return None
        if column.kind in _NUMBER_KINDS:
            return _to_number(value)
    return _to_text(value)


def _to_number(value: int | float | Decimal) -> int | float:
    return float(value) if isinstance(value, (float, Decimal)) else int(value)


def _to_text(value: Any) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        parts = sorted(value) if isinstance(value, (set, frozenset)) else value
        return "; ".join(str(part) for part in parts)
    return str(value)
