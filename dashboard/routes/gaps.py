"""The page of gaps, and its files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from dash import Dash
from flask import Blueprint, Response
from sqlalchemy import Connection, Engine

from dashboard.auth.bounds import bind_view
from dashboard.exports import ExportMeta, write_csv, write_xlsx
from dashboard.labels import DOMAIN
from dashboard.pages.document import Sheet
from dashboard.pages.gaps import PATH, Matrix, draw_gaps, name_place
from dashboard.routes._documents import add_faults, answer_page, read_sheet
from dashboard.routes._files import answer_file
from dashboard.routes.audit import NotForThisRole
from dashboard.standing import say_standing
from dashboard.ways import DECIDERS
from db.audit import auditing, of_view
from db.engine import reading
from db.queries.areas import get_place, list_areas
from db.queries.gaps import (
    RuledProgramme,
    count_gaps,
    get_rule_day,
    list_ruled_programmes,
)
from db.queries.sources import list_sources
from db.queries.totals import count_by_area
from db.viewer import Viewer
from geo.errors import InvalidView
from geo.gaps import TITLES, UNITS, get_share_pct
from geo.text import N_
from geo.view import GAP_CELLS, View, level_below
from layers import Column

if TYPE_CHECKING:
    from dashboard.settings import Settings

_FIELDS = ("area", "programme")
_COLUMNS = (
    Column("code", N_("Kode wilayah"), "identity"),
    Column("name", N_("Wilayah")),
    Column("programme", N_("Program")),
    Column("domain", N_("Bidang")),
    Column("rule_version", N_("Versi aturan"), "integer"),
    Column("everyone", N_("Keluarga miskin"), "integer", N_("keluarga")),
    *(Column(cell, TITLES[cell], "integer", N_("keluarga")) for cell in GAP_CELLS),
    *(Column(f"{cell}_pct", TITLES[cell], "percent", UNITS[cell], 1) for cell in GAP_CELLS),
)


def add(app: Dash, engine: Engine, settings: Settings, viewer: Callable[[], Viewer]) -> None:
    """Add ``/gaps`` and its CSV and workbook.

    Parameters
    ----------
    app
        The Dash app.
    engine
        Handed down by the app factory.
    settings
        Says in which zone times are shown.
    viewer
        Tells who asks. The database asks again.
    """
    blueprint = Blueprint("gaps", __name__)
    zone = ZoneInfo(settings.time_zone)

    @blueprint.get(PATH)
    def show_page() -> Response:
        who = viewer()
        sheet, view = _read_request(who, zone)
        with reading(engine, who) as conn:
            matrix = lay_out(conn, view, sheet.asked.get("programme"), who.area)
        return answer_page(draw_gaps(sheet, matrix))

    @blueprint.get(f"{PATH}.<any(csv, xlsx):ending>")
    def get_file(ending: str) -> Response:
        who = viewer()
        sheet, view = _read_request(who, zone)
        with auditing(engine, who, "export", **of_view(view, what="gaps", file=ending)) as conn:
            matrix = lay_out(conn, view, None, who.area)
            boundaries = list_sources(conn, ("boundary",))
        meta = _describe(sheet, matrix, boundaries)
        write = write_csv if ending == "csv" else write_xlsx
        body = write(_COLUMNS, list_file_rows(sheet, matrix), meta)
        return answer_file(body, meta.title, meta.made_at, ending)

    add_faults(blueprint)
    app.server.register_blueprint(blueprint)


def lay_out(conn: Connection, view: View, programme: str | None, own_area: str | None) -> Matrix:
    """Count what stands on the page.

    Raises
    ------
    AreaNotFound
        When there is no such area.
    InvalidView
        When there is no such programme.
    """
    place = get_place(conn, view.area) if view.area else None
    is_desa = place is not None and place.level == "desa"
    level = "desa" if is_desa else level_below(view.area)
    # Beside a desa its neighbours can be chosen, where the viewer may look at them.
    beside = view.area.rpartition(".")[0] if is_desa and own_area != view.area else view.area  # type: ignore[union-attr]
    programmes = list_ruled_programmes(conn)
    counted = count_by_area(conn, view, level)
    matrix = Matrix(
        view=view,
        place=place,
        own_area=own_area,
        programmes=programmes,
        chosen=_choose(programmes, programme),
        areas=tuple(list_areas(conn, beside, level)),
        gaps=count_gaps(conn, view, level),
        everyone={code: counts["all"] for code, counts in counted.items()},
        rule_day=get_rule_day(conn),
        sources=list_sources(conn, ("register",)),
    )
    if matrix.chosen is None and matrix.gaps:
        return replace(matrix, chosen=_find_widest(matrix))
    return matrix


def _choose(programmes: tuple[RuledProgramme, ...], code: str | None) -> RuledProgramme | None:
    if code is None:
        return None
    for one in programmes:
        if one.code == code:
            return one
    raise InvalidView(N_("Program “{code}” tidak dikenal."), code=code[:40])


def _find_widest(matrix: Matrix) -> RuledProgramme | None:
    """Return the programme that leaves out most; of equal ones the first."""
    return max(
        matrix.programmes,
        key=lambda one: matrix.sum_cells(one.code)["excluded"] or 0,
        default=None,
    )


def list_file_rows(sheet: Sheet, matrix: Matrix) -> Iterator[dict[str, Any]]:
    """Yield a row for each programme of the area, then of each of its parts."""
    whole = matrix.view.area or "", name_place(sheet, matrix)
    for one in matrix.programmes:
        yield _make_row(sheet, one, *whole, matrix.sum_cells(one.code), matrix.total)
    if matrix.is_desa:
        return
    for area in matrix.areas:
        for one in matrix.programmes:
            cells = matrix.gaps.get(area.code, {}).get(one.code)
            if cells is not None:
                everyone = matrix.everyone[area.code]
                yield _make_row(sheet, one, area.code, area.name, cells, everyone)


def _make_row(
    sheet: Sheet, one: RuledProgramme, code: str, name: str, cells: Any, everyone: int
) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "programme": one.name,
        "domain": sheet.words.say(DOMAIN[one.domain]),
        "rule_version": one.rule_version if one.has_rule else None,
        "everyone": everyone,
        **cells,
        **{f"{cell}_pct": get_share_pct(cells, everyone, cell) for cell in GAP_CELLS},
    }


def _describe(sheet: Sheet, matrix: Matrix, boundaries: Any) -> ExportMeta:
    words = sheet.words
    said = (
        say_standing(matrix.view, matrix.sources, words),
        words.say(N_("Aturan dihitung per {day}."), day=words.day(matrix.rule_day)),
    )
    return ExportMeta(
        title=words.say(N_("Kesenjangan bantuan, {place}"), place=name_place(sheet, matrix)),
        sources=(*matrix.sources, *boundaries),
        made_at=datetime.now(sheet.zone),
        filters=tuple(filter(None, said)),
        language=words.language,
        translate=words.say,
    )


def _read_request(viewer: Viewer, zone: ZoneInfo) -> tuple[Sheet, View]:
    if viewer.role not in DECIDERS:
        raise NotForThisRole
    sheet = read_sheet(zone, _FIELDS)
    query = {"area": sheet.asked["area"]} if "area" in sheet.asked else {}
    if sheet.words.language != "id":
        query["language"] = sheet.words.language
    return sheet, bind_view(View.from_query(urlencode(query)), viewer)
