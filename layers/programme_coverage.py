"""Share of poor families that have received the programmes of the filter, or any aid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from geo.text import N_
from geo.view import View
from layers._areas import (
    COUNT_COLUMNS,
    PLACE_COLUMNS,
    Counts,
    count_areas,
    list_counted_rows,
    percent,
)
from layers._base import Column, Layer, Rows


def list_rows(conn: Connection, view: View) -> Rows:
    """Return the coverage per area; the circle counts those who received.

    The filter's ``received`` says which programmes. They don't narrow the families that are
    divided by, since then everyone would be covered; the other filters do.
    """
    everyone = count_areas(conn, replace(view, received=()), ("aid:none",))
    served = count_areas(conn, view) if view.received else None
    counts = {
        code: {**counted, "served": _count_served(code, counted, served)}
        for code, counted in everyone.items()
    }
    return list_counted_rows(
        conn,
        view,
        counts,
        value=lambda counted, _families: percent(counted["served"], counted["all"]),
        circle=lambda counted: counted["served"],
        no_data_reason=N_("Tidak ada keluarga miskin yang cocok dengan saringan."),
    )


def _count_served(code: str, counted: Counts, served: Mapping[str, Counts] | None) -> int:
    if served is None:
        return counted["all"] - counted.get("aid:none", 0)
    return served.get(code, {}).get("all", 0)


LAYER = Layer(
    key="programme_coverage",
    order=30,
    title=N_("Cakupan program"),
    unit=N_("% dari keluarga miskin"),
    description=N_(
        "Keluarga miskin yang sudah menerima program di saringan, atau bantuan apa pun."
    ),
    levels=("kecamatan", "desa"),
    columns=(
        *PLACE_COLUMNS,
        Column("value", N_("Cakupan program"), "percent", N_("% dari keluarga miskin"), 1),
        Column("count", N_("Penerima"), "integer", N_("keluarga")),
        *COUNT_COLUMNS,
    ),
    list_rows=list_rows,
    list_all_rows=list_rows,
    count_title=N_("Keluarga penerima"),
    direction="high_is_good",
)
