"""Share of poor families: the first screen."""

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
    """Return the share of families that the register holds as poor, per area."""
    return list_counted_rows(
        conn,
        view,
        count_areas(conn, view),
        value=lambda counted, families: percent(counted["all"], families),
        circle=lambda counted: counted["all"],
        no_data_reason=N_("Jumlah seluruh keluarga dari sumber yang sama belum ada."),
    )


LAYER = Layer(
    key="poverty_rate",
    order=10,
    title=N_("Tingkat kemiskinan"),
    unit=N_("% dari seluruh keluarga"),
    description=N_(
        "Keluarga miskin menurut register, dibagi seluruh keluarga dari sumber yang sama."
    ),
    levels=("kecamatan", "desa"),
    columns=(
        *PLACE_COLUMNS,
        Column("value", N_("Tingkat kemiskinan"), "percent", N_("% dari seluruh keluarga"), 2),
        *COUNT_COLUMNS,
    ),
    list_rows=list_rows,
    list_all_rows=list_rows,
    count_title=N_("Keluarga miskin"),
    direction="high_is_bad",
    decimals=2,
)
