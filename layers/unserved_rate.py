"""Share of poor families that have received nothing."""

from __future__ import annotations

from sqlalchemy import Connection

from geo.text import N_
from geo.view import View
from layers._areas import (
    COUNT_COLUMNS,
    PLACE_COLUMNS,
    count_areas,
    list_counted_rows,
    percent,
)
from layers._base import Column, Layer, Rows


def list_rows(conn: Connection, view: View) -> Rows:
    """Return the share of poor families without any aid, per area; the circle counts them."""
    return list_counted_rows(
        conn,
        view,
        count_areas(conn, view, ("aid:none",)),
        value=lambda counted, _families: percent(counted["aid:none"], counted["all"]),
        circle=lambda counted: counted["aid:none"],
        no_data_reason=N_("Tidak ada keluarga miskin yang cocok dengan saringan."),
    )


LAYER = Layer(
    key="unserved_rate",
    order=20,
    title=N_("Belum tersentuh bantuan"),
    unit=N_("% dari keluarga miskin"),
    description=N_("Keluarga miskin yang belum pernah menerima bantuan apa pun."),
    levels=("kecamatan", "desa"),
    columns=(
        *PLACE_COLUMNS,
        Column("value", N_("Belum tersentuh bantuan"), "percent", N_("% dari keluarga miskin"), 1),
        Column("count", N_("Tanpa bantuan"), "integer", N_("keluarga")),
        *COUNT_COLUMNS,
    ),
    list_rows=list_rows,
    list_all_rows=list_rows,
    count_title=N_("Keluarga tanpa bantuan"),
    direction="high_is_bad",
)
