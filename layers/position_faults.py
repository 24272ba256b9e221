"""Share of poor families whose position has to be looked at."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from db.positions import count_position_faults
from geo.positions import KINDS, TITLES
from geo.text import N_
from geo.view import View
from layers._areas import (
    COUNT_COLUMNS,
    PLACE_COLUMNS,
    Counts,
    area_level,
    count_areas,
    list_counted_rows,
    percent,
)
from layers._base import Column, Layer, Rows


def list_rows(conn: Connection, view: View) -> Rows:
    """Return the share of families with a faulty position per area; the circle counts them."""
    found = count_position_faults(conn, view, area_level(view))
    return list_counted_rows(
        conn,
        view,
        _join(count_areas(conn, view), found),
        value=lambda counted, _families: percent(counted["any"], counted["all"]),
        circle=lambda counted: counted["any"],
        no_data_reason=N_("Tidak ada keluarga miskin yang cocok dengan saringan."),
        also=KINDS,
    )


def _join(counts: Mapping[str, Counts], found: Mapping[str, Counts]) -> dict[str, Counts]:
    return {code: {**counted, **found.get(code, {})} for code, counted in counts.items()}


LAYER = Layer(
    key="position_faults",
    order=40,
    title=N_("Posisi bermasalah"),
    unit=N_("% dari keluarga miskin"),
    description=N_(
        "Keluarga miskin yang posisinya kosong, tertukar, di luar desanya, menumpuk, salinan, atau"
        " kurang teliti dari 50 m."
    ),
    levels=("kecamatan", "desa"),
    columns=(
        *PLACE_COLUMNS,
        Column("value", N_("Posisi bermasalah"), "percent", N_("% dari keluarga miskin"), 1),
        Column("count", N_("Perlu diperiksa"), "integer", N_("keluarga")),
        *(Column(kind, TITLES[kind], "integer", N_("keluarga")) for kind in KINDS),
        *COUNT_COLUMNS,
    ),
    list_rows=list_rows,
    list_all_rows=list_rows,
    count_title=N_("Keluarga dengan posisi bermasalah"),
    is_published=False,  # these counts are not among the published totals
)
