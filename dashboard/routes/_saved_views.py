"""The routes of views under a name: keeping the address of the map, and letting go of it."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from dashboard.auth.bounds import bind_view
from dashboard.labels import KIND
from dashboard.pages.document import Sheet
from dashboard.pages.saved_views import SAVE_PATH, SavedLine, draw_saving
from dashboard.routes._desk import Desk, allow, lead_on
from dashboard.routes._documents import answer_page
from dashboard.state import read_view
from dashboard.ways import ASKERS
from db.engine import reading, writing
from db.queries.areas import get_place
from db.queries.catalogue import check_filters
from db.rules import drop_saved_view, list_saved_views, save_view
from db.viewer import Viewer
from geo.errors import InvalidView, MapError
from geo.text import N_
from geo.view import View

_LIST = "/questions"


def add_saved_views(blueprint: Blueprint, desk: Desk) -> None:
    """Add the form that keeps a view, and the buttons that drop one."""

    @blueprint.get(SAVE_PATH)
    def get_saving() -> Response:
        viewer = allow(ASKERS)
        sheet = desk.sheet("query")
        view = read_kept_view(sheet.asked.get("query", ""), viewer)
        with reading(desk.engine, viewer) as conn:
            check_filters(conn, view)
            place = say_place(conn, sheet, view)
        return answer_page(draw_saving(sheet, view.to_query(), place))

    @blueprint.post(SAVE_PATH)
    def keep_view() -> Response:
        viewer = allow(ASKERS)
        sheet = desk.sheet()
        view = read_kept_view(request.form.get("query", ""), viewer)
        is_shared = request.form.get("is_shared") == "yes"
        name = request.form.get("name", "").replace("\0", "")[:200]
        with reading(desk.engine, viewer) as conn:
            check_filters(conn, view)
            place = say_place(conn, sheet, view)
        try:
            with writing(desk.engine, viewer) as conn:
                save_view(conn, name, view, is_shared=is_shared)
        except InvalidView as error:
            fault = sheet.words.say_fault(error)
            page = draw_saving(
                sheet, view.to_query(), place, name=name, is_shared=is_shared, fault=fault
            )
            return answer_page(page, error.status)
        return lead_on(sheet.link(_LIST).unescape() + "#views")

    @blueprint.post(f"{SAVE_PATH}/<int:number>/drop")
    def drop_view(number: int) -> Response:
        viewer = allow(ASKERS)
        sheet = desk.sheet()
        with writing(desk.engine, viewer) as conn:
            drop_saved_view(conn, number)
        return lead_on(sheet.link(_LIST).unescape() + "#views")


def read_kept_view(query: str, viewer: Viewer) -> View:
    """Read the address of the map as it is kept: without an open card, page or language.

    Raises
    ------
    InvalidView
        When it can't be read.
    AccessDenied
        When it looks where the viewer may not.
    """
    view = bind_view(read_view(query), viewer)
    return replace(view, household=None, at=None, page=1, language="id")


def list_lines(conn: Connection, sheet: Sheet, viewer: Viewer) -> list[SavedLine]:
    """Return the views that a viewer kept or was given."""
    lines = []
    for kept in list_saved_views(conn):
        try:
            place = say_place(conn, sheet, View.from_query(kept.query))
        except MapError as error:  # kept when other addresses or areas were known
            place = sheet.words.say_fault(error)
        lines.append(
            SavedLine(
                kept.id,
                kept.name,
                kept.query,
                place,
                kept.is_shared,
                kept.user_name == viewer.user,
                kept.user_name,
                kept.saved_at,
            )
        )
    return lines


def say_place(conn: Connection, sheet: Sheet, view: View) -> str:
    """Say where a view looks."""
    if view.area is None:
        return sheet.words.say(N_("Seluruh wilayah"))
    place = get_place(conn, view.area)
    return f"{sheet.words.say(KIND[place.kind])} {place.name}"
