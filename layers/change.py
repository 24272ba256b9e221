"""What changed between two periods: a layer of each measure that has at least two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection

from db.queries.areas import list_areas
from db.queries.sources import get_sources
from db.queries.statistics import list_indicators
from db.trend import (
    COVERAGE,
    INDICATOR,
    PROGRAMME,
    SOURCE_BETWEEN,
    Change,
    list_change,
    list_comparable,
    list_periods,
)
from geo.errors import InvalidView
from geo.text import N_
from geo.view import View
from layers._areas import PLACE_COLUMNS, area_level, sort_rows
from layers._base import Column, Comparison, Layer, Rows
from layers._measures import OF_REGISTER, Measure, of_indicator

_SOURCE_CHANGED = N_("Sumber datanya berubah di antara kedua periode, jadi tidak dibandingkan.")
_MISSING = N_("Salah satu periode tidak punya angka.")
_BOTH = N_(
    "Sumber datanya berubah di antara kedua periode, atau salah satu periode tidak punya angka;"
    " jadi tidak dibandingkan."
)
_FILTERED = N_("Angka periode lalu tidak bisa disaring. Hapus saringan untuk melihat perubahan.")


def list_rows(conn: Connection, view: View, *, measure: str) -> Rows:
    """Return then, now and the change of a measure per area.

    The view's ``since`` and ``period`` are compared, by default the newest with the one before.
    One programme of the filter turns the coverage into that programme's; what was counted in the
    past can't be filtered otherwise, and then there is no data.

    Raises
    ------
    InvalidView
        When a period is not there, or the earlier is not before the later.
    """
    comparison = choose_periods(list_periods(conn, measure), view.since, view.period)
    changes: Mapping[str, Change] = {}
    told = _narrow(measure, view)
    if told is not None:
        periods = comparison.since, comparison.until
        changes = list_change(conn, told, area_level(view), view.area, periods)
    nothing = Change(None, None)
    rows = [
        {
            "code": area.code,
            "name": area.name,
            "kind": area.kind,
            **_write(changes.get(area.code, nothing)),
            "since": comparison.since,
            "period": comparison.until,
            "count": None,
        }
        for area in list_areas(conn, view.area, area_level(view))
    ]
    codes = {
        code
        for change in changes.values()
        for one in (change.then, change.now)
        if one is not None
        for code in one.source.split(SOURCE_BETWEEN)
    }
    return Rows(
        sort_rows(rows, view, "-value"),
        len(rows),
        get_sources(conn, codes),
        _FILTERED if told is None else _explain(list(changes.values())),
        comparison=comparison,
    )


def choose_periods(newest_first: Sequence[str], since: str | None, until: str | None) -> Comparison:
    """Return the two periods that are compared: those asked for, else the last two.

    Raises
    ------
    InvalidView
        When one of them is not there, or the earlier is not before the later.
    """
    for period in (since, until):
        if period is not None and period not in newest_first:
            raise InvalidView(N_("Tidak ada data untuk periode {period}."), period=period)
    later = newest_first.index(until) if until else 0
    earlier = newest_first.index(since) if since else later + 1
    if not later < earlier < len(newest_first):
        raise InvalidView(N_("Periode awal harus lebih dulu daripada periode akhir."))
    return Comparison(newest_first[earlier], newest_first[later], tuple(newest_first))


def _narrow(measure: str, view: View) -> str | None:
    """Return the measure that the filters leave of a layer's; None when they leave none."""
    if measure.startswith(INDICATOR) or not view.is_filtered:
        return measure
    one_programme = view.without_filters().with_filters(received=view.received[:1])
    if measure == COVERAGE and view.with_filters() == one_programme:
        return PROGRAMME + view.received[0]
    return None


def _write(change: Change) -> dict[str, Any]:
    return {
        "then": change.then.value if change.then else None,
        "now": change.now.value if change.now else None,
        "value": change.value,
        "source_then": change.then.source if change.then else None,
        "source_now": change.now.source if change.now else None,
    }


def _explain(changes: Sequence[Change]) -> str:
    changed = any(change.has_new_source for change in changes)
    missing = any(change.value is None and not change.has_new_source for change in changes)
    return _BOTH if changed and missing else _SOURCE_CHANGED if changed else _MISSING


# Layers ------------------------------------------------------------------------------------------


def list_data_layers(conn: Connection) -> list[Layer]:
    """Return one layer for each measure that the viewer has in two periods."""
    measures = {**OF_REGISTER}
    measures |= {one.key: one for one in map(of_indicator, list_indicators(conn))}
    return [_make_layer(measures[key]) for key in list_comparable(conn) if key in measures]


def _make_layer(measure: Measure) -> Layer:
    fetch = partial(list_rows, measure=measure.key)
    is_indicator = measure.key.startswith(INDICATOR)
    code = measure.key.removeprefix(INDICATOR)
    figure = (measure.kind, measure.unit, measure.decimals)
    return Layer(
        key=f"indicator_change:{code}" if is_indicator else f"change:{code}",
        order=110 if is_indicator else 60,
        title=measure.change_title,
        title_en=measure.change_title_en,
        unit=measure.change_unit,
        description=N_("Angka sebuah periode dikurangi angka periode sebelumnya, satu sumber."),
        levels=("kecamatan", "desa"),
        columns=(
            *PLACE_COLUMNS,
            Column("since", N_("Periode awal"), "text"),
            Column("then", N_("Dulu"), *figure),
            Column("source_then", N_("Sumber awal"), "text"),
            Column("period", N_("Periode akhir"), "text"),
            Column("now", N_("Kini"), *figure),
            Column("source_now", N_("Sumber akhir"), "text"),
            Column(
                "value",
                N_("Perubahan"),
                "decimal",
                measure.change_unit,
                measure.decimals,
                is_signed=True,
            ),
        ),
        list_rows=fetch,
        list_all_rows=fetch,
        direction=measure.direction,
        decimals=measure.decimals,
        uses_filters=False,
        is_change=True,
        listed=("then", "now", "value"),
    )
