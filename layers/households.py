"""The households themselves, as pins."""

from __future__ import annotations

from sqlalchemy import Connection

from db.queries.catalogue import check_filters
from db.queries.households import (
    count_at_point,
    get_card,
    iterate_households,
    list_household_page,
)
from db.queries.sources import list_sources
from db.queries.tiles import get_household_tile
from db.queries.totals import get_summary
from geo.text import N_
from geo.view import View
from layers._base import Column, Layer, Rows


def list_rows(conn: Connection, view: View) -> Rows:
    """Return one page of the households of a view."""
    check_filters(conn, view)
    rows = list_household_page(conn, view)
    return Rows(rows, _count(conn, view), list_sources(conn, ("register",)))


def list_all_rows(conn: Connection, view: View) -> Rows:
    """Return every household of a view, for exports."""
    check_filters(conn, view)
    rows = list(iterate_households(conn, view))
    return Rows(rows, len(rows), list_sources(conn, ("register",)))


def _count(conn: Connection, view: View) -> int:
    return count_at_point(conn, view) if view.at else get_summary(conn, view).total


LAYER = Layer(
    key="households",
    order=40,
    title=N_("Keluarga miskin"),
    unit=N_("keluarga"),
    description=N_("Tiap titik satu keluarga, dengan tanda bantuan yang pernah diterimanya."),
    levels=("household",),
    columns=(
        Column("id", N_("Nomor"), "integer"),
        Column("head_name", N_("Kepala keluarga"), "text"),
        Column("nik", N_("NIK"), "identity"),
        Column("kk", N_("Nomor KK"), "identity"),
        Column("address", N_("Alamat"), "text"),
        Column("rt", N_("RT"), "identity"),
        Column("rw", N_("RW"), "identity"),
        Column("desa", N_("Desa/kelurahan"), "text"),
        Column("kecamatan", N_("Kecamatan"), "text"),
        Column("decile", N_("Desil"), "integer"),
        Column("member_count", N_("Anggota"), "integer", N_("jiwa")),
        Column("needs", N_("Kebutuhan"), "text"),
        Column("aid", N_("Bantuan diterima"), "text"),
        Column("status", N_("Status"), "text"),
        Column("lon", N_("Bujur"), "decimal", N_("derajat"), 6),
        Column("lat", N_("Lintang"), "decimal", N_("derajat"), 6),
    ),
    list_rows=list_rows,
    list_all_rows=list_all_rows,
    decimals=0,
    direction="neutral",
    get_tile=get_household_tile,
    get_detail=get_card,
    sort="decile",
)
