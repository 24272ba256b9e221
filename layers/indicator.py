"""Every statistic that a regency brings is a layer of its own."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Connection

from db.queries.areas import list_areas
from db.queries.sources import get_sources
from db.queries.statistics import IndicatorItem, list_indicators, list_periods, list_stat_values
from geo.errors import InvalidView
from geo.text import N_
from geo.view import View
from layers._areas import PLACE_COLUMNS, area_level, sort_rows
from layers._base import Column, Layer, Rows


def list_rows(conn: Connection, view: View, *, indicator: str) -> Rows:
    """Return an indicator's values per area, in the view's period or the newest.

    Raises
    ------
    InvalidView
        When the indicator has no values for the period.
    """
    periods = list_periods(conn, indicator)
    if view.period is not None and view.period not in periods:
        raise InvalidView(N_("Tidak ada data untuk periode {period}."), period=view.period)
    period = view.period or next(iter(periods), "")
    values = list_stat_values(conn, indicator, period)
    rows: list[dict[str, Any]] = []
    for area in list_areas(conn, view.area, area_level(view)):
        found = values.get(area.code)
        rows.append(
            {
                "code": area.code,
                "name": area.name,
                "kind": area.kind,
                "value": found.value if found else None,
                "count": None,
                "period": found.period if found else None,
            }
        )
    used = {stat.source for stat in values.values()}
    reason = N_("Wilayah ini belum melaporkan angkanya.")
    return Rows(sort_rows(rows, view, "-value"), len(rows), get_sources(conn, used), reason)


def list_data_layers(conn: Connection) -> list[Layer]:
    """Return one layer for each indicator in the database that may be painted."""
    return [_make_layer(item) for item in list_indicators(conn)]


def _make_layer(item: IndicatorItem) -> Layer:
    fetch = partial(list_rows, indicator=item.code)
    return Layer(
        key=f"indicator:{item.code}",
        order=100,
        title=item.name,
        title_en=item.name_en,
        unit=item.unit,
        description=item.name,
        levels=("kecamatan", "desa"),
        columns=(
            *PLACE_COLUMNS,
            Column(
                "value",
                item.name,
                "percent" if item.unit.startswith("%") else "decimal",
                item.unit,
                item.decimals,
            ),
            Column("period", N_("Periode"), "text"),
        ),
        list_rows=fetch,
        list_all_rows=fetch,
        direction=item.direction,
        decimals=item.decimals,
        uses_filters=False,
    )
