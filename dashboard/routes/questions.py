"""Questions of one's own, and views of the map under a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dash import Dash
from flask import Blueprint, Response, request
from sqlalchemy import Connection, Engine

from dashboard.auth.bounds import FOREIGN, is_inside
from dashboard.pages.document import Sheet
from dashboard.pages.rule_answer import write_answer
from dashboard.pages.rule_examples import list_examples
from dashboard.pages.rule_form import Draft, draft_rule
from dashboard.pages.rule_question import (
    COUNTED,
    PATH,
    QUESTION_GROUPS,
    AreaChoice,
    Question,
    draw_question,
)
from dashboard.routes._desk import Desk, allow, lead_on
from dashboard.routes._documents import add_faults, answer_page
from dashboard.routes._rules import (
    answer_draft,
    answer_json,
    changes_rows,
    read_filled_draft,
)
from dashboard.routes._saved_views import add_saved_views, list_lines
from dashboard.rule_names import read_names
from dashboard.ways import ASKERS
from db.engine import reading, writing
from db.queries.areas import list_areas
from db.rules import get_question, open_question, save_view
from db.viewer import Viewer
from geo.errors import AccessDenied, InvalidView
from geo.rules import Names, Rule
from geo.text import N_
from geo.view import POOR_STATUSES, STATUSES, View

if TYPE_CHECKING:
    from dashboard.settings import Settings


def add(app: Dash, engine: Engine, settings: Settings) -> None:
    """Add ``/questions``, its count, and the views under a name.

    Parameters
    ----------
    app
        The Dash app.
    engine
        Handed down by the app factory.
    settings
        Says in which zone times are shown.
    """
    blueprint = Blueprint("questions", __name__)
    desk = Desk(engine, ZoneInfo(settings.time_zone))
    _add_question(blueprint, desk)
    add_saved_views(blueprint, desk)
    add_faults(blueprint)
    app.server.register_blueprint(blueprint)


def _add_question(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get(PATH)
    def get_question_page() -> Response:
        viewer = allow(ASKERS)
        sheet = desk.sheet("example", "question", "area")
        area = read_area(sheet.asked.get("area"), viewer)
        with reading(desk.engine, viewer) as conn:
            names = read_names(conn, sheet.words)
            draft = _read_asked(conn, sheet, names)
            question = _read_question(conn, sheet, viewer, draft, area, names)
        return answer_page(draw_question(sheet, question, names))

    @blueprint.post(PATH)
    def ask_question() -> Response:
        viewer = allow(ASKERS)
        sheet = desk.sheet()
        area = read_area(request.form.get("area"), viewer)
        draft = read_filled_draft()
        with reading(desk.engine, viewer) as conn:
            names = read_names(conn, sheet.words)
            question = _read_question(conn, sheet, viewer, draft, area, names)
        act, rule = request.form.get("act"), question.answer.reading.rule
        if act not in ("open", "keep"):
            return answer_page(draw_question(sheet, question, names))
        if rule is None:
            return answer_page(draw_question(sheet, question, names), 400)
        if act == "open":
            with writing(desk.engine, viewer) as conn:
                view = write_view(open_question(conn, rule), rule, area)
            view = replace(view, language=sheet.words.language)
            return lead_on(f"/?{view.to_query()}")
        try:
            _keep(desk, viewer, rule, area)
        except InvalidView as error:
            question = replace(question, fault=sheet.words.say_fault(error))
            return answer_page(draw_question(sheet, question, names), error.status)
        return lead_on(sheet.link(PATH).unescape() + "#views")

    @blueprint.post(f"{PATH}/count")
    def count_households() -> Response:
        def write() -> Mapping[str, Any]:
            viewer = allow(ASKERS)
            sheet = desk.sheet()
            area = read_area(request.form.get("area"), viewer)
            draft = read_filled_draft()
            with reading(desk.engine, viewer) as conn:
                names = read_names(conn, sheet.words)
                answer = answer_draft(conn, draft, names, area, COUNTED)
            groups = QUESTION_GROUPS if changes_rows() else None
            return write_answer(sheet, answer, names, groups=groups)

        return answer_json(write)


def read_area(asked: str | None, viewer: Viewer) -> str | None:
    """Return where is asked: the area of the form, else the viewer's own.

    Raises
    ------
    InvalidView
        When it is no code of an area.
    AccessDenied
        When it lies outside the viewer's.
    """
    if not asked:
        return viewer.area
    area = View.from_query(f"area={asked}").area if "&" not in asked else None
    if area is None:
        raise InvalidView(N_("“{text}” bukan kode wilayah."), text=asked[:20])
    if not is_inside(area, viewer.area):
        raise AccessDenied(FOREIGN, status=403)
    return area


def write_view(key: str, rule: Rule, area: str | None) -> View:
    """Return the view that shows whom a question means: as many as were counted."""
    statuses = STATUSES if rule.names_status else POOR_STATUSES
    return View(question=key, area=area, level="household", statuses=statuses)


def list_area_choices(conn: Connection, viewer: Viewer) -> list[AreaChoice]:
    """Return where a viewer may ask: every area with its parts after it."""
    levels = ("kabupaten", "kecamatan", "desa")
    own = viewer.area
    first = own.count(".") - 1 if own else 0
    areas = [item for level in levels[first:] for item in list_areas(conn, own, level)]
    return [
        AreaChoice(item.code, item.name, item.kind)
        for item in sorted(areas, key=lambda item: item.code)
    ]


def _read_asked(conn: Connection, sheet: Sheet, names: Names) -> Draft:
    """Return what the page begins with: a ready question, one that was asked before, or nothing."""
    key = sheet.asked.get("question")
    if key is not None:
        return draft_rule(get_question(conn, key).to_json())
    wanted = sheet.asked.get("example")
    for example in list_examples(tuple(names.programmes)):
        if example.key == wanted:
            return draft_rule(example.rule)
    return Draft({})


def _read_question(
    conn: Connection,
    sheet: Sheet,
    viewer: Viewer,
    draft: Draft,
    area: str | None,
    names: Names,
) -> Question:
    return Question(
        answer=answer_draft(conn, draft, names, area, COUNTED),
        examples=list_examples(tuple(names.programmes)),
        areas=list_area_choices(conn, viewer),
        area=area,
        name=request.form.get("name", "").strip()[:200],
        saved=list_lines(conn, sheet, viewer),
    )


def _keep(desk: Desk, viewer: Viewer, rule: Rule, area: str | None) -> None:
    with writing(desk.engine, viewer) as conn:
        view = write_view(open_question(conn, rule), rule, area)
        name = request.form.get("name", "").replace("\0", "")
        save_view(conn, name, view, is_shared=request.form.get("is_shared") == "yes")
