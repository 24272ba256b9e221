"""What is followed from period to period: shares of the register, and the indicators."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from db.queries.catalogue import list_programmes
from db.queries.sources import SourceNote, get_sources
from db.queries.statistics import IndicatorItem, list_indicators
from db.trend import (
    COVERAGE,
    INDICATOR,
    POVERTY_RATE,
    PROGRAMME,
    SOURCE_BETWEEN,
    UNSERVED_RATE,
    Measured,
    list_trend,
)
from geo.text import N_
from geo.view import View
from layers._base import ColumnKind

POINTS = N_("poin persen")
_COVERED = ("programme_coverage", "change:coverage")


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure that is followed.

    Attributes
    ----------
    key
        As ``db.trend`` names it.
    title, change_title
        Of the figure, and of its change; Indonesian, marked for translation.
    unit, change_unit
        Of the figure, with its denominator, and of its change.
    kind, decimals, direction
        As of a column and a layer.
    title_en, change_title_en
        English titles where the data bring them.
    subject
        What in particular it is of, such as a programme's name.
    """

    key: str
    title: str
    change_title: str
    unit: str
    change_unit: str
    kind: ColumnKind
    decimals: int
    direction: str
    title_en: str | None = None
    change_title_en: str | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A measure of one area, the oldest period first.

    Attributes
    ----------
    measure
        What is followed.
    points
        One for each period.
    sources
        Where they come from.
    """

    measure: Measure
    points: tuple[Measured, ...]
    sources: tuple[SourceNote, ...]


OF_REGISTER = {
    POVERTY_RATE: Measure(
        POVERTY_RATE,
        N_("Tingkat kemiskinan"),
        N_("Perubahan tingkat kemiskinan"),
        N_("% dari seluruh keluarga"),
        POINTS,
        "percent",
        2,
        "high_is_bad",
    ),
    UNSERVED_RATE: Measure(
        UNSERVED_RATE,
        N_("Belum tersentuh bantuan"),
        N_("Perubahan yang belum tersentuh bantuan"),
        N_("% dari keluarga miskin"),
        POINTS,
        "percent",
        1,
        "high_is_bad",
    ),
    COVERAGE: Measure(
        COVERAGE,
        N_("Cakupan program"),
        N_("Perubahan cakupan program"),
        N_("% dari keluarga miskin"),
        POINTS,
        "percent",
        1,
        "high_is_good",
    ),
}


def of_indicator(item: IndicatorItem) -> Measure:
    """Return the measure that a statistic of the regency is."""
    is_percent = item.unit.startswith("%")
    return Measure(
        INDICATOR + item.code,
        item.name,
        f"Perubahan {item.name[:1].lower()}{item.name[1:]}",
        item.unit,
        POINTS if is_percent else item.unit,
        "percent" if is_percent else "decimal",
        item.decimals,
        item.direction,
        title_en=item.name_en,
        change_title_en=f"Change in {item.name_en[:1].lower()}{item.name_en[1:]}",
    )


def list_series(conn: Connection, view: View) -> Series | None:
    """Return how the painted figure went in a view's area; None where no two periods are known.

    Households' filters have no part in it: of the past there are counts only. A layer that is not
    followed shows the poverty rate.
    """
    measure = _find_measure(conn, view)
    points = tuple(list_trend(conn, view.area, measure.key))
    if sum(point.value is not None for point in points) < 2:
        return None
    codes = {code for point in points for code in point.source.split(SOURCE_BETWEEN)}
    return Series(measure, points, get_sources(conn, codes))


def _find_measure(conn: Connection, view: View) -> Measure:
    kind, _, code = view.layer.partition(":")
    if kind in ("indicator", "indicator_change"):
        for item in list_indicators(conn):
            if item.code == code:
                return of_indicator(item)
    if view.layer in _COVERED:
        return _find_coverage(conn, view)
    return OF_REGISTER.get(code if kind == "change" else kind, OF_REGISTER[POVERTY_RATE])


def _find_coverage(conn: Connection, view: View) -> Measure:
    """Return the coverage of the one programme of the filter, else that of any aid."""
    coverage = OF_REGISTER[COVERAGE]
    if len(view.received) != 1:
        return coverage
    code = view.received[0]
    name = next((item.name for item in list_programmes(conn) if item.code == code), code)
    return replace(coverage, key=PROGRAMME + code, subject=name)
