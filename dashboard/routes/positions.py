"""The desk of positions: the page, its file, and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from dash import Dash
from flask import Blueprint, Response, request
from sqlalchemy import Connection, Engine

from dashboard.auth.bounds import bind_view
from dashboard.exports import ExportMeta, write_csv
from dashboard.pages.data_parts import POSITION_ROLES
from dashboard.pages.document import Sheet
from dashboard.pages.positions import PATH, Desk, draw_positions, list_rows
from dashboard.routes._desk import lead_on
from dashboard.routes._documents import add_faults, answer_page, read_sheet
from dashboard.routes._files import answer_file
from dashboard.routes.audit import NotForThisRole
from db.audit import auditing, record
from db.engine import writing
from db.positions import (
    PAGE_SIZE,
    FaultFilter,
    count_faulty_households,
    count_position_faults,
    iterate_position_faults,
    list_position_faults,
    set_fault_dismissed,
    submit_repair,
)
from db.queries.areas import get_place, list_areas
from db.queries.sources import list_sources
from db.queries.totals import count_by_area
from db.viewer import Viewer
from geo.errors import InvalidView
from geo.text import N_
from geo.view import View, level_below
from layers import Column

if TYPE_CHECKING:
    from dashboard.settings import Settings

_FIELDS = ("area", "kind", "dismissed", "done")
_MOST_PAGES = 100_000
_COLUMNS = (
    Column("id", N_("Nomor keluarga"), "identity"),
    Column("name", N_("Nama kepala keluarga")),
    Column("address", N_("Alamat")),
    Column("rt", "RT", "identity"),
    Column("rw", "RW", "identity"),
    Column("desa", N_("Desa")),
    Column("kecamatan", N_("Kecamatan")),
    Column("area_code", N_("Kode wilayah"), "identity"),
    Column("kinds", N_("Jenis temuan")),
    Column("faults", N_("Temuan")),
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a request asks for, as far as its viewer may."""

    viewer: Viewer
    sheet: Sheet
    view: View
    chosen: FaultFilter
    page: int

    def what(self, **more: object) -> dict[str, object]:
        """Return what the audit log keeps of it."""
        detail = {"what": "positions", "kind": self.chosen.kind, **more}
        if self.chosen.dismissed:
            detail["dismissed"] = True
        return {"area": self.view.area, "detail": detail}


def add(app: Dash, engine: Engine, settings: Settings, viewer: Callable[[], Viewer]) -> None:
    """Add ``/data/positions``, its CSV, and the forms for repairs and dismissals.

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
    blueprint = Blueprint("positions", __name__)
    zone = ZoneInfo(settings.time_zone)

    def read() -> _Asked:
        return _read_request(viewer(), zone)

    _add_page(blueprint, engine, read)
    _add_file(blueprint, engine, read)
    _add_forms(blueprint, engine, read)

    add_faults(blueprint)
    app.server.register_blueprint(blueprint)


def _add_page(blueprint: Blueprint, engine: Engine, read: Callable[[], _Asked]) -> None:
    @blueprint.get(PATH)
    def show_desk() -> Response:
        asked = read()
        with auditing(engine, asked.viewer, "list", **asked.what(page=asked.page)) as conn:
            desk = _lay_out(conn, asked)
        return answer_page(draw_positions(asked.sheet, desk))


def _add_file(blueprint: Blueprint, engine: Engine, read: Callable[[], _Asked]) -> None:
    @blueprint.get(f"{PATH}.csv")
    def get_file() -> Response:
        asked = read()
        words, what = asked.sheet.words, asked.what(file="csv")
        with auditing(engine, asked.viewer, "export", **what) as conn:
            title = words.say(N_("Mutu posisi"))
            if asked.view.area:
                title += f", {get_place(conn, asked.view.area).name}"
            meta = ExportMeta(
                title=title,
                sources=tuple(list_sources(conn, ("register", "boundary"))),
                made_at=datetime.now(asked.sheet.zone),
                language=words.language,
                translate=words.say,
            )
            found = iterate_position_faults(conn, asked.view, asked.chosen)
            body = write_csv(_COLUMNS, list_rows(found, words), meta)
        return answer_file(body, meta.title, meta.made_at, "csv")


def _add_forms(blueprint: Blueprint, engine: Engine, read: Callable[[], _Asked]) -> None:
    @blueprint.post(f"{PATH}/repair")
    def repair() -> Response:
        asked = read()
        with writing(engine, asked.viewer) as conn:
            job = submit_repair(conn, asked.view.area)
            record(conn, "change", **asked.what(job=job, act="repair"))  # type: ignore[arg-type]
        return _lead_back("repair")

    @blueprint.post(f"{PATH}/dismiss")
    def dismiss() -> Response:
        asked = read()
        household, kind = _read_fault(request.form.get("fault", ""))
        is_dismissed = not asked.chosen.dismissed
        with writing(engine, asked.viewer) as conn:
            set_fault_dismissed(conn, household, kind, is_dismissed=is_dismissed)
            detail = {"what": "positions", "kind": kind, "dismissed": is_dismissed}
            record(conn, "change", household=household, detail=detail)
        return _lead_back("dismissed" if is_dismissed else "restored")


def _lay_out(conn: Connection, asked: _Asked) -> Desk:
    view, chosen = asked.view, asked.chosen
    level = level_below(view.area) if view.area is None or view.area.count(".") < 3 else "desa"
    return Desk(
        view=view,
        chosen=chosen,
        place=None if view.area is None else get_place(conn, view.area).name,
        areas=tuple(list_areas(conn, view.area, level)),
        counts=count_position_faults(conn, view, level),
        households=count_by_area(conn, view, level),
        certain_count=count_faulty_households(
            conn, replace(view, statuses=()), FaultFilter(certain=True)
        ),
        dismissed_count=count_faulty_households(conn, view, FaultFilter(dismissed=True)),
        listed=tuple(list_position_faults(conn, view, chosen, offset=(asked.page - 1) * PAGE_SIZE)),
        total=count_faulty_households(conn, view, chosen),
        page=asked.page,
        own_area=asked.viewer.area,
    )


def _read_request(viewer: Viewer, zone: ZoneInfo) -> _Asked:
    if viewer.role not in POSITION_ROLES:
        raise NotForThisRole
    sheet = read_sheet(zone, _FIELDS)
    asked = sheet.asked
    query = {"area": asked["area"]} if "area" in asked else {}
    if sheet.words.language != "id":
        query["language"] = sheet.words.language
    view = bind_view(View.from_query(urlencode(query)), viewer)
    chosen = FaultFilter(asked.get("kind"), dismissed=asked.get("dismissed") == "1")
    return _Asked(viewer, sheet, view, chosen, _read_number(asked.get("page", "1"), _MOST_PAGES))


def _read_fault(text: str) -> tuple[int, str]:
    household, _, kind = text.partition(":")
    FaultFilter(kind or "?")
    return _read_number(household, 1 << 62), kind


def _read_number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:20]) <= most):
        raise InvalidView(N_("“{text}” bukan nomor."), text=text[:20])
    return int(text)


def _lead_back(done: str) -> Response:
    kept = {
        name: value
        for name, value in request.args.items()
        if name in ("area", "kind", "dismissed", "language", "page") and "\0" not in value
    }
    return lead_on(f"{PATH}?{urlencode({**kept, 'done': done})}")
