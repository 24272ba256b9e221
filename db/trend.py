"""Counts of the register as they were, period by period, and what changed between two periods.

A figure is only ever compared with one of its own source. Where the source changed there is no
change to tell, and a series has a break.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, text

from db.models import AreaStat, RegisterSnapshot
from db.queries.catalogue import list_programmes
from db.queries.published import is_published_only
from db.queries.selection import CODE_LENGTHS
from db.queries.statistics import list_family_counts
from db.queries.totals import count_by_area
from geo.view import View

POVERTY_RATE, UNSERVED_RATE, COVERAGE = "poverty_rate", "unserved_rate", "coverage"
REGISTER_MEASURES = (POVERTY_RATE, UNSERVED_RATE, COVERAGE)
PROGRAMME, INDICATOR = "programme:", "indicator:"
"""Before the code of a programme (the share of the poor that received it) or of a statistic."""

LEVELS = ("kabupaten", "kecamatan", "desa")
SOURCE_BETWEEN = "+"
"""Between the codes of the sources of one figure."""

_ALL, _NO_AID = "all", "aid:none"
_DAY = text("SELECT max(as_of) FROM household")
_SOURCE_FLAGS = text("SELECT DISTINCT flag FROM household_bitmap WHERE flag LIKE 'source:%'")
_FORGET = text("DELETE FROM register_snapshot WHERE period >= :period")
_HAS_TWO_PERIODS = text("SELECT min(period) < max(period) FROM register_snapshot")
_COMPARABLE = text("""
    SELECT indicator FROM area_stat WHERE value IS NOT NULL
    GROUP BY indicator HAVING min(period) < max(period)
""")

_COUNTS = text("""
    SELECT area_code, period, flag, households, families, source, as_of
    FROM register_snapshot
    WHERE flag = ANY (:flags) AND (area_code = :area OR area_code LIKE :inside)
      AND length(area_code) = :code_length
      AND (CAST(:periods AS text[]) IS NULL OR period = ANY (:periods))
""")
_STATS = text("""
    SELECT area_code, period, value, source, as_of
    FROM area_stat
    WHERE indicator = :indicator AND (area_code = :area OR area_code LIKE :inside)
      AND length(area_code) = :code_length
      AND (CAST(:periods AS text[]) IS NULL OR period = ANY (:periods))
""")


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure in an area and a period.

    Attributes
    ----------
    period
        Such as ``2026-06``.
    value
        Percent points of a share, else in the indicator's unit; None where it is not known.
    source
        Codes of the sources it comes from, with ``+`` between them.
    as_of
        Day of the data.
    """

    period: str
    value: float | None
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Change:
    """A measure of one area in two periods; ``then`` and ``now`` are None where nothing is kept."""

    then: Measured | None
    now: Measured | None

    @property
    def has_new_source(self) -> bool:
        """Whether the two figures come from different sources, and so are not compared."""
        return self.then is not None and self.now is not None and has_break(self.then, self.now)

    @property
    def value(self) -> float | None:
        """How much it rose, negative when it fell; None when that can't be said."""
        if self.then is None or self.now is None or self.has_new_source:
            return None
        if self.then.value is None or self.now.value is None:
            return None
        return self.now.value - self.then.value


# Taking ------------------------------------------------------------------------------------------


def take_snapshot(conn: Connection) -> str | None:
    """Keep the counts of the register as it stands, for the month of its newest household.

    A snapshot of the same month is replaced. One of a later month is dropped: the file that it came
    of was taken back.

    Parameters
    ----------
    conn
        As the owner, after the derived rows were brought up to date.

    Returns
    -------
    str or None
        The period, ``2026-06``; None when there is no household, and so nothing kept.
    """
    day: date | None = conn.scalar(_DAY)
    period = f"{day:%Y-%m}" if day else ""
    conn.execute(_FORGET, {"period": period})
    if day is None:
        return None
    rows = [{"period": period, "as_of": day, **row} for row in count_register(conn)]
    conn.execute(insert(RegisterSnapshot), rows)
    return period


def count_register(conn: Connection) -> list[dict[str, Any]]:
    """Count what a snapshot keeps: per area of every level and property, the poor that have it.

    Returns
    -------
    list of dict
        ``area_code``, ``flag``, ``households``, ``families`` and ``source``. An area without a poor
        family has zeros, and the sources of the whole register.
    """
    source_flags = sorted(conn.scalars(_SOURCE_FLAGS))
    everywhere = _join_sources(source_flags)
    flags = (_ALL, _NO_AID, *(PROGRAMME + item.code for item in list_programmes(conn)))
    families = list_family_counts(conn)
    of_level: dict[int, Mapping[str, Mapping[str, int]]] = {
        CODE_LENGTHS[level]: count_by_area(conn, View(), level, (*flags, *source_flags))
        for level in LEVELS
    }
    rows = []
    for code in conn.scalars(text("SELECT code FROM admin_area ORDER BY code")):
        counted = of_level[len(code)].get(code, {})
        found = _join_sources(flag for flag in source_flags if counted.get(flag))
        rows += [
            {
                "area_code": code,
                "flag": flag,
                "households": counted.get(flag, 0),
                "families": families.get(code),
                "source": found or everywhere,
            }
            for flag in flags
        ]
    return rows


def _join_sources(flags: Iterable[str]) -> str:
    return SOURCE_BETWEEN.join(flag.removeprefix("source:") for flag in flags)


# Reading -----------------------------------------------------------------------------------------


def list_comparable(conn: Connection) -> list[str]:
    """Return the measures that the viewer has in two periods or more.

    The register's own are exact counts, and only for those who may see its households.
    """
    has_two = _sees_snapshots(conn) and conn.scalar(_HAS_TWO_PERIODS)
    found = list(REGISTER_MEASURES) if has_two else []
    return found + [INDICATOR + code for code in sorted(conn.scalars(_COMPARABLE))]


def list_periods(conn: Connection, measure: str) -> list[str]:
    """Return the periods of a measure that the viewer may see, the newest first."""
    if measure.startswith(INDICATOR):
        statement = select(AreaStat.period).where(
            AreaStat.indicator == measure.removeprefix(INDICATOR), AreaStat.value.is_not(None)
        )
    elif _sees_snapshots(conn):
        statement = select(RegisterSnapshot.period)
    else:
        return []
    return sorted(set(conn.scalars(statement.distinct())), reverse=True)


def list_change(
    conn: Connection, measure: str, level: str, area: str | None, periods: tuple[str, str]
) -> dict[str, Change]:
    """Return what changed in each area of a level.

    Parameters
    ----------
    conn
        Connection in the viewer's name.
    measure
        One of :data:`REGISTER_MEASURES`, or a code after :data:`PROGRAMME` or :data:`INDICATOR`.
    level, area
        The areas of this level inside an area; None is everywhere.
    periods
        The earlier and the later.
    """
    since, until = periods
    measured = _measure(conn, measure, level, area, periods)
    return {
        code: Change(by_period.get(since), by_period.get(until))
        for code, by_period in measured.items()
    }


def list_trend(conn: Connection, area: str | None, measure: str) -> list[Measured]:
    """Return a measure of one area in every period, the oldest first.

    Parameters
    ----------
    conn
        Connection in the viewer's name.
    area
        Kemendagri code; None is the one kabupaten that is loaded. Several have no series together.
    measure
        As of :func:`list_change`.
    """
    level = LEVELS[area.count(".") - 1] if area else "kabupaten"
    measured = _measure(conn, measure, level, area, None)
    if area is None and len(measured) != 1:
        return []
    series = measured.get(area) if area else next(iter(measured.values()))
    return sorted((series or {}).values(), key=lambda one: one.period)


def has_break(before: Measured, after: Measured) -> bool:
    """Whether a series has a break between two neighbours: they come from different sources."""
    return before.source != after.source


_Series = dict[str, dict[str, Measured]]
"""By area code and period."""


def _sees_snapshots(conn: Connection) -> bool:
    # The owner of the database, while it looks as a guest does, is not held by the row policy.
    return not is_published_only(conn)


def _measure(
    conn: Connection, measure: str, level: str, area: str | None, periods: Sequence[str] | None
) -> _Series:
    where = {
        "area": area,
        "inside": "%" if area is None else f"{area}.%",
        "code_length": CODE_LENGTHS[level],
        "periods": None if periods is None else list(periods),
    }
    if measure.startswith(INDICATOR):
        return _measure_indicator(conn, measure.removeprefix(INDICATOR), where)
    return _measure_register(conn, measure, where) if _sees_snapshots(conn) else {}


def _measure_indicator(conn: Connection, indicator: str, where: Mapping[str, Any]) -> _Series:
    series: _Series = defaultdict(dict)
    for row in conn.execute(_STATS, {"indicator": indicator, **where}):
        series[row.area_code][row.period] = Measured(row.period, row.value, row.source, row.as_of)
    return dict(series)


def _measure_register(conn: Connection, measure: str, where: Mapping[str, Any]) -> _Series:
    part = measure if measure.startswith(PROGRAMME) else _NO_AID
    counts: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    of_row: dict[tuple[str, str], Any] = {}
    for row in conn.execute(_COUNTS, {"flags": [_ALL, part], **where}):
        counts[row.area_code, row.period][row.flag] = row.households
        of_row[row.area_code, row.period] = row
    series: _Series = defaultdict(dict)
    for (code, period), row in of_row.items():
        value = _share(measure, counts[code, period], part, row.families)
        series[code][period] = Measured(period, value, row.source, row.as_of)
    return dict(series)


def _share(
    measure: str, counted: Mapping[str, int], part: str, families: int | None
) -> float | None:
    poor, found = counted.get(_ALL), counted.get(part)
    if measure == POVERTY_RATE:
        return 100 * poor / families if families and poor is not None else None
    # A programme that was not there yet has no share: that nobody received it is another thing.
    if not poor or found is None:
        return None
    return 100 * (poor - found if measure == COVERAGE else found) / poor
