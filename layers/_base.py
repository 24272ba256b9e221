"""What a layer is.

One file in ``layers/`` that ends in ``LAYER = Layer(...)`` is one layer. It names what it paints
and fetches its rows through ``db.queries``; it knows neither Dash nor SQL text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection

from db.queries.sources import SourceNote
from geo.ramp import list_change_colours, list_ramp_colours
from geo.tile import Tile
from geo.view import Level, View

ColumnKind = Literal["text", "identity", "integer", "decimal", "percent"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a layer's rows, on screen and in exports.

    Attributes
    ----------
    key
        Key of the value in a row.
    title
        Indonesian title, marked for translation.
    kind
        ``identity`` is a number that must stay text (NIK, KK); ``percent`` is in percent points.
    unit
        Unit in words, empty where there is none.
    decimals
        Digits after the comma, for ``decimal`` and ``percent``.
    is_signed
        Whether a value above zero is written with a plus: it is a change.
    """

    key: str
    title: str
    kind: ColumnKind = "text"
    unit: str = ""
    decimals: int = 0
    is_signed: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """The two periods that a change lies between, and those that could be chosen.

    Attributes
    ----------
    since, until
        The earlier and the later period.
    periods
        All that there are, the newest first.
    """

    since: str
    until: str
    periods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """What a layer lists for a view.

    Attributes
    ----------
    rows
        One mapping per area or household, keyed by ``Layer.columns``. Area rows hold at least
        ``code``, ``name``, ``value`` (None is no data, never zero) and ``count`` (None when the
        layer draws no circles). Either may be ``HIDDEN`` (``geo/hidden.py``).
    total
        Rows in all, of which ``rows`` may be one page.
    sources
        Where the figures come from, each as of its date.
    no_data_reason
        Why areas have no value, when some have none.
    subject
        What in particular the figures are about, such as a programme's name; empty where the
        layer's title says it all.
    comparison
        The periods of a change; None where nothing is compared.
    """

    rows: Sequence[Mapping[str, Any]]
    total: int
    sources: tuple[SourceNote, ...]
    no_data_reason: str | None = None
    subject: str = ""
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the map.

    Attributes
    ----------
    key
        Stands in the address; unique.
    order
        Place in the list of layers, the smallest first.
    title, unit, description
        Indonesian, marked for translation; the unit includes the denominator.
    title_en
        English title where the data bring it; None leaves it to the catalogue.
    levels
        What it can be painted at: ``kecamatan`` and ``desa`` as fill, ``household`` as pins.
    columns
        Of its rows, in the order of the table and of exports.
    list_rows
        ``(conn, view) -> Rows``; for pins a page of households, for fill all areas of the view.
    list_all_rows
        ``(conn, view) -> Rows`` with every row of the view, for exports.
    count_title
        What the proportional circles count; None draws none.
    direction
        Whether a high value is ``high_is_bad``, ``high_is_good`` or ``neutral``.
    decimals
        Digits after the comma of the painted value.
    uses_filters
        Whether the household filters change its values.
    is_change
        Whether its values are changes: painted in two hues on both sides of zero.
    listed
        Columns of the panel's list, beside the name and before the circles' count.
    get_tile
        ``(conn, view, tile) -> bytes``, one vector tile, for pins.
    get_detail
        ``(conn, id) -> card`` of one feature, for pins.
    sort
        The column the list starts sorted by, ``-`` before it for descending.
    fixed_breaks
        Makes the breaks of a number of classes, where they don't depend on the data; None leaves
        them to the data, frozen at an import.
    subject
        Fields of the view that say what is painted rather than which households are counted.
    is_published
        Whether who sees published totals only may paint it.
    offered_with
        A field of the view without which it says nothing, so that it isn't offered.
    """

    key: str
    order: int
    title: str
    unit: str
    description: str
    levels: tuple[Level, ...]
    columns: tuple[Column, ...]
    list_rows: Callable[[Connection, View], Rows]
    list_all_rows: Callable[[Connection, View], Rows]
    title_en: str | None = None
    count_title: str | None = None
    direction: str = "high_is_bad"
    decimals: int = 1
    uses_filters: bool = True
    is_change: bool = False
    listed: tuple[str, ...] = ("value",)
    get_tile: Callable[[Connection, View, Tile], bytes] | None = None
    get_detail: Callable[[Connection, int], Any] | None = None
    sort: str = "-value"
    fixed_breaks: Callable[[int], tuple[float, ...]] | None = None
    subject: tuple[str, ...] = ("period",)
    is_published: bool = True
    offered_with: str | None = None

    def list_colours(self, class_count: int, *, dark: bool = False) -> tuple[str, ...]:
        """Return the fill colours of its classes, the lowest first, as ``#rrggbb``."""
        list_them = list_change_colours if self.is_change else list_ramp_colours
        return list_them(self.direction, class_count, dark=dark)
