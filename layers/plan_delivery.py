"""How far a plan's frozen list is delivered, of the plan that the view names."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from db.plans.progress import ProgressLine, list_progress
from db.plans.queries import get_plan
from db.queries.areas import AreaItem, list_areas
from db.queries.sources import list_sources
from geo.classify import list_share_breaks
from geo.text import N_
from geo.view import View
from layers._areas import PLACE_COLUMNS, area_level, sort_rows
from layers._base import Column, Layer, Rows

_UNIT = N_("% dari sasaran rencana")
_NO_TARGETS = N_("Tidak ada sasaran rencana di wilayah ini.")
_NO_PLAN = N_("Belum ada rencana yang dipilih.")
_LATE = N_("terlambat")


def list_rows(conn: Connection, view: View) -> Rows:
    """Return the share of the frozen list that was delivered per area, late ones first.

    The circle counts the targets without an outcome: once the plan's day has gone by, each circle
    is an area that is late.
    """
    sources = list_sources(conn, ("register",))
    level = area_level(view)
    areas = list_areas(conn, view.area, level) if sources else []
    if view.plan_number is None:
        rows = [_make_row(area, None) for area in areas]
        return Rows(sort_rows(rows, view, "-count"), len(rows), sources, _NO_PLAN)
    plan = get_plan(conn, view.plan_number)
    progress = {line.area: line for line in list_progress(conn, plan.id, level, area=view.area)}
    rows = [_make_row(area, progress.get(area.code)) for area in areas]
    found = Rows(sort_rows(rows, view, "-count"), len(rows), sources, _NO_TARGETS)
    return replace(found, subject=plan.name)


def _make_row(area: AreaItem, line: ProgressLine | None) -> dict[str, object]:
    return {
        "code": area.code,
        "name": area.name,
        "kind": area.kind,
        "value": line and line.delivered_pct,
        "count": line and line.left_open,
        "targets": line and line.targets,
        "delivered": line and line.delivered,
        "refused": line and line.refused,
        "moved": line and line.moved,
        "not_found": line and line.not_found,
        "late": _LATE if line and line.is_late else None,
    }


LAYER = Layer(
    key="plan_delivery",
    order=72,
    title=N_("Penyaluran rencana"),
    unit=_UNIT,
    description=N_(
        "Sasaran rencana yang sudah menerima. Lingkaran menghitung yang belum dicatat; sesudah"
        " tenggat, itulah wilayah yang terlambat."
    ),
    levels=("kecamatan", "desa"),
    columns=(
        *PLACE_COLUMNS,
        Column("value", N_("Diterima"), "percent", _UNIT, 1),
        Column("count", N_("Belum dicatat"), "integer", N_("keluarga")),
        Column("late", N_("Keadaan"), "text"),
        Column("targets", N_("Sasaran"), "integer", N_("keluarga")),
        Column("delivered", N_("Sudah menerima"), "integer", N_("keluarga")),
        Column("refused", N_("Menolak"), "integer", N_("keluarga")),
        Column("moved", N_("Pindah"), "integer", N_("keluarga")),
        Column("not_found", N_("Tidak ditemukan"), "integer", N_("keluarga")),
    ),
    list_rows=list_rows,
    list_all_rows=list_rows,
    count_title=N_("Sasaran belum dicatat"),
    sort="-count",
    direction="high_is_good",
    uses_filters=False,
    fixed_breaks=list_share_breaks,
    subject=("plan",),
    is_published=False,
    offered_with="plan",
)
