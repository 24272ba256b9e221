"""What the two layers of a plan share: who is served before it, and who with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection

from db.plans.queries import CoverageLine, get_plan, list_coverage
from db.queries.areas import list_areas
from db.queries.sources import list_sources
from geo.classify import list_share_breaks
from geo.text import N_
from geo.view import View
from layers._areas import PLACE_COLUMNS, area_level, sort_rows
from layers._base import Column, Layer, Rows

_UNIT = N_("% dari yang berhak atau dilayani")
_NO_PLAN = N_("Pilih dahulu sebuah rencana.")
_NOBODY = N_("Tidak ada keluarga yang berhak atau dilayani di sini menurut rencana.")

Share = Callable[[CoverageLine], float | None]
Count = Callable[[CoverageLine], int]


def make_plan_layer(
    *, key: str, order: int, title: str, description: str, count_title: str,
    share: Share, count: Count,
) -> Layer:  # fmt: skip
    """Return a layer of the plan that the view names; its figures are as the list was made."""
    fetch = partial(_list_rows, share=share, count=count)
    return Layer(
        key=key,
        order=order,
        title=title,
        unit=_UNIT,
        description=description,
        levels=("kecamatan", "desa"),
        columns=(
            *PLACE_COLUMNS,
            Column("value", title, "percent", _UNIT, 1),
            Column("count", count_title, "integer", N_("keluarga")),
            Column("served", N_("Dilayani"), "integer", N_("keluarga")),
            Column("targets", N_("Sasaran"), "integer", N_("keluarga")),
            Column("base", N_("Berhak atau dilayani"), "integer", N_("keluarga")),
        ),
        list_rows=fetch,
        list_all_rows=fetch,
        count_title=count_title,
        direction="high_is_good",
        uses_filters=False,
        fixed_breaks=list_share_breaks,
        subject=("plan",),
        is_published=False,
        offered_with="plan",
    )


def _list_rows(conn: Connection, view: View, *, share: Share, count: Count) -> Rows:
    level = area_level(view)
    lines: dict[str, CoverageLine] = {}
    name = ""
    number = view.plan_number
    if number is not None:
        name = get_plan(conn, number).name
        lines = {line.area: line for line in list_coverage(conn, number, level)}
    rows = []
    for area in list_areas(conn, view.area, level):
        line = lines.get(area.code)
        rows.append(
            {
                "code": area.code,
                "name": area.name,
                "kind": area.kind,
                "value": None if line is None else share(line),
                "count": None if line is None else count(line),
                "served": None if line is None else line.served,
                "targets": None if line is None else line.targets,
                "base": None if line is None else line.base,
            }
        )
    reason = _NO_PLAN if view.plan is None else _NOBODY
    sources = list_sources(conn, ("register", "aid"))
    return Rows(sort_rows(rows, view, "-value"), len(rows), sources, reason, subject=name)
