"""Need beside aid: each cell of the gap matrix is a layer, of the programme that the view names."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import Connection

from db.queries.areas import list_areas
from db.queries.gaps import RuledProgramme, count_gaps, list_ruled_programmes
from geo.classify import list_share_breaks
from geo.errors import InvalidView
from geo.gaps import DIRECTIONS, SENTENCES, TITLES, UNITS, get_share_pct, make_cells, split_gap
from geo.text import N_
from geo.view import GAP_CELLS, View
from layers._areas import (
    COUNT_COLUMNS,
    PLACE_COLUMNS,
    Counts,
    area_level,
    count_areas,
    list_counted_rows,
)
from layers._base import Column, Layer, Rows

_NO_RULE = N_("Program ini belum punya aturan; tulis aturannya dahulu.")
_NOBODY = N_("Tidak ada keluarga yang menjadi pembaginya di wilayah ini.")


def list_rows(conn: Connection, view: View, *, cell: str) -> Rows:
    """Return the share and the households of a cell per area, of the view's programme.

    The view's own ``gap`` says which programme; it doesn't narrow the households that are divided
    by, since then everyone would be in the cell. The other filters do.
    """
    programme = find_programme(conn, view)
    everyone = replace(view, gap=None)
    rows = list_counted_rows(
        conn,
        everyone,
        _count(conn, everyone, programme),
        value=lambda counted, _families: _share(counted, cell),
        circle=lambda counted: counted[cell],
        no_data_reason=_NOBODY if programme and programme.has_rule else _NO_RULE,
        also=GAP_CELLS,
    )
    return replace(rows, subject=programme.name if programme else "")


def find_programme(conn: Connection, view: View) -> RuledProgramme | None:
    """Return the programme that a view names, or the first that has a rule.

    Raises
    ------
    InvalidView
        When it names one that does not exist.
    """
    programmes = list_ruled_programmes(conn)
    if view.gap is None:
        return next((one for one in programmes if one.has_rule), None)
    code = split_gap(view.gap)[0]
    for one in programmes:
        if one.code == code:
            return one
    raise InvalidView(N_("Program “{code}” tidak dikenal."), code=code)


def _count(conn: Connection, view: View, programme: RuledProgramme | None) -> dict[str, Counts]:
    counts = count_areas(conn, view)
    if programme is None:
        return counts
    level = area_level(view)
    gaps = count_gaps(conn, view, level, (programme.code,))
    # Also where nobody is selected: without a rule there is no data, not zero.
    nobody = make_cells(0 if programme.has_rule else None, 0, 0, 0)
    found: dict[str, Counts] = {}
    for area in list_areas(conn, view.area, level):
        cells: dict[str, Any] = gaps.get(area.code, {}).get(programme.code, nobody)
        found[area.code] = {**counts.get(area.code, {}), **cells}
    return found


def _share(counted: Counts, cell: str) -> float | None:
    return get_share_pct(counted, counted["all"], cell)


def list_data_layers(_conn: Connection) -> list[Layer]:
    """Return one layer for each cell."""
    return [_make_layer(place, cell) for place, cell in enumerate(GAP_CELLS)]


def _make_layer(place: int, cell: str) -> Layer:
    fetch = partial(list_rows, cell=cell)
    return Layer(
        key=f"gap:{cell}",
        order=50 + place,
        title=TITLES[cell],
        unit=UNITS[cell],
        description=SENTENCES[cell],
        levels=("kecamatan", "desa"),
        columns=(
            *PLACE_COLUMNS,
            Column("value", TITLES[cell], "percent", UNITS[cell], 1),
            Column("count", TITLES[cell], "integer", N_("keluarga")),
            *(
                Column(one, TITLES[one], "integer", N_("keluarga"))
                for one in GAP_CELLS
                if one != cell
            ),
            *COUNT_COLUMNS,
        ),
        list_rows=fetch,
        list_all_rows=fetch,
        count_title=TITLES[cell],
        direction=DIRECTIONS[cell],
        fixed_breaks=list_share_breaks,
        subject=("gap",),
        is_published=False,
    )
