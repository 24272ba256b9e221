"""Statistics of areas: denominators and the indicators a regency brings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select, text

from db.models import AreaStat, Indicator
from db.queries import published

FAMILY_COUNT = "family_count"
"""The indicator that counts all families of an area, the denominator of the poverty rate."""

# A rate divides only by figures of its own source: the register must come from one source, and
# the count of families from the same.
_FAMILIES = text("""
    WITH newest AS (
        SELECT DISTINCT ON (area_code) area_code, value
        FROM area_stat WHERE indicator = :indicator AND source = :source
        ORDER BY area_code, period DESC
    )
    SELECT area_code, value FROM newest WHERE value > 0
""")


_SOURCES = text(
    "SELECT DISTINCT substr(flag, 8) AS source FROM household_bitmap WHERE flag LIKE 'source:%'"
)


@dataclass(frozen=True, slots=True)
class StatValue:
    """An indicator's value in an area, with the period and date it is of."""

    value: float | None
    period: str
    source: str
    as_of: date


def list_family_counts(conn: Connection) -> dict[str, int]:
    """Return the number of all families per area of any level, newest period.

    Returns
    -------
    dict
        Area code to families. Empty when the households come from several sources, or from
        another than the counts: figures of different sources are never divided.
    """
    source = get_register_source(conn)
    rows = conn.execute(_FAMILIES, {"indicator": FAMILY_COUNT, "source": source})
    return {row.area_code: round(row.value) for row in rows}


def get_register_source(conn: Connection) -> str | None:
    """Return the one source of the households; None when there are several, or no household."""
    if published.is_published_only(conn):
        return published.get_register_source(conn)
    sources = list(conn.scalars(_SOURCES))
    return sources[0] if len(sources) == 1 else None


def get_family_count(conn: Connection, area: str | None) -> int | None:
    """Return the number of all families of an area, None when unknown.

    Parameters
    ----------
    conn
        Connection in the viewer's name.
    area
        Kemendagri code; None adds up the kabupaten.
    """
    counts = list_family_counts(conn)
    if area is not None:
        return counts.get(area)
    kabupaten = [families for code, families in counts.items() if code.count(".") == 1]
    return sum(kabupaten) if kabupaten else None


@dataclass(frozen=True, slots=True)
class IndicatorItem:
    """An indicator that may be painted."""

    code: str
    name: str
    name_en: str
    unit: str
    decimals: int
    direction: str


def list_indicators(conn: Connection) -> list[IndicatorItem]:
    """Return the indicators that may be painted as a layer, in code order."""
    columns = (
        Indicator.code,
        Indicator.name,
        Indicator.name_en,
        Indicator.unit,
        Indicator.decimals,
        Indicator.direction,
    )
    statement = select(*columns).where(Indicator.is_layer).order_by(Indicator.code)
    return [IndicatorItem(*row) for row in conn.execute(statement)]


def list_periods(conn: Connection, indicator: str) -> list[str]:
    """Return the periods an indicator has values for, newest first."""
    statement = select(AreaStat.period).where(AreaStat.indicator == indicator).distinct()
    return list(conn.scalars(statement.order_by(AreaStat.period.desc())))


def list_stat_values(conn: Connection, indicator: str, period: str) -> dict[str, StatValue]:
    """Return the values of an indicator in a period, per area of any level."""
    columns = (
        AreaStat.area_code,
        AreaStat.value,
        AreaStat.period,
        AreaStat.source,
        AreaStat.as_of,
    )
    rows = conn.execute(
        select(*columns).where(AreaStat.indicator == indicator, AreaStat.period == period)
    )
    return {row.area_code: StatValue(*row[1:]) for row in rows}
