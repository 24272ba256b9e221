"""Programmes and their rules: the list, the page of one, its editor, and the count beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dash import Dash
from flask import Blueprint, Response, request
from sqlalchemy import Connection, Engine

from dashboard.pages.programme_list import PATH, ProgrammeLine, draw_programmes
from dashboard.pages.programme_rule import COUNTED, Edit, Programme, draw_programme
from dashboard.pages.rule_answer import write_answer
from dashboard.pages.rule_builder import without_own
from dashboard.pages.rule_form import Draft, draft_rule
from dashboard.routes._desk import Desk, allow, lead_to
from dashboard.routes._documents import add_faults, answer_page
from dashboard.routes._rule_terms import read_terms
from dashboard.routes._rules import (
    answer_draft,
    answer_json,
    changes_rows,
    read_filled_draft,
)
from dashboard.rule_names import read_names
from dashboard.ways import DECIDERS
from db.audit import record
from db.engine import reading, writing
from db.queries.programme_facts import (
    count_eligible,
    get_programme_facts,
    list_programme_facts,
)
from db.rules import (
    ProgrammeRule,
    get_programme_rule,
    list_programme_rules,
    list_rule_versions,
    save_programme_rule,
)
from db.viewer import Viewer
from geo.errors import StaleEdit
from geo.rules import LISTS, Names, Rule
from geo.text import N_

if TYPE_CHECKING:
    from dashboard.settings import Settings

_SAVED = N_("Versi {version} disimpan dan mulai berlaku.")
EDITORS = ("planner",)


def add(app: Dash, engine: Engine, settings: Settings) -> None:
    """Add ``/programmes``, ``/programmes/<code>`` and the count of its editor.

    Parameters
    ----------
    app
        The Dash app.
    engine
        Handed down by the app factory.
    settings
        Says in which zone times are shown.
    """
    blueprint = Blueprint("programmes", __name__)
    desk = Desk(engine, ZoneInfo(settings.time_zone))
    _add_readers(blueprint, desk)
    _add_editor(blueprint, desk)
    add_faults(blueprint)
    app.server.register_blueprint(blueprint)


def _add_readers(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get(PATH)
    def get_programmes() -> Response:
        viewer = allow(DECIDERS)
        sheet = desk.sheet()
        with reading(desk.engine, viewer) as conn:
            names = read_names(conn, sheet.words)
            eligible, rules = count_eligible(conn), list_programme_rules(conn)
            lines = [
                ProgrammeLine(facts, rules[facts.code], eligible.get(facts.code))
                for facts in list_programme_facts(conn)
            ]
        return answer_page(draw_programmes(sheet, lines, names, viewer.area))

    @blueprint.get(f"{PATH}/<code>")
    def get_programme(code: str) -> Response:
        viewer = allow(DECIDERS)
        sheet = desk.sheet("saved")
        with reading(desk.engine, viewer) as conn:
            names = read_names(conn, sheet.words)
            programme = read_programme(conn, code, viewer)
            edit = None
            if viewer.role in EDITORS:
                edit = begin_edit(conn, programme, names)
        version = programme.current.version
        told = ""
        if sheet.asked.get("saved") == str(version):
            told = sheet.words.say(_SAVED, version=version)
        return answer_page(draw_programme(sheet, programme, names, edit, told))


def _add_editor(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post(f"{PATH}/<code>")
    def edit_programme(code: str) -> Response:
        viewer = allow(EDITORS)
        sheet = desk.sheet()
        with reading(desk.engine, viewer) as conn:
            names = read_names(conn, sheet.words)
            programme = read_programme(conn, code, viewer)
            edit = read_edit(conn, programme, names)
        rule = edit.answer.reading.rule
        if request.form.get("act") != "save":
            page = draw_programme(sheet, programme, names, replace(edit, faults={}))
            return answer_page(page)
        if rule is None or edit.faults:
            return answer_page(draw_programme(sheet, programme, names, edit), 400)
        try:
            version = _save(desk, viewer, code, edit, keep_basis(rule, programme.current))
        except StaleEdit as error:
            with reading(desk.engine, viewer) as conn:
                programme = read_programme(conn, code, viewer)
            edit = replace(edit, conflict=programme.current)
            return answer_page(draw_programme(sheet, programme, names, edit), error.status)
        return lead_to(sheet, f"{PATH}/{code}", saved=version)

    @blueprint.post(f"{PATH}/<code>/count")
    def count_eligible_now(code: str) -> Response:
        def write() -> Mapping[str, Any]:
            viewer = allow(EDITORS)
            sheet = desk.sheet()
            draft = read_filled_draft()
            with reading(desk.engine, viewer) as conn:
                names = read_names(conn, sheet.words)
                get_programme_facts(conn, code)  # refuses one that is not there
                answer = answer_draft(conn, draft, names, viewer.area, COUNTED, own=code)
            return write_answer(
                sheet, answer, without_own(names, code), groups=LISTS if changes_rows() else None
            )

        return answer_json(write)


def read_programme(conn: Connection, code: str, viewer: Viewer) -> Programme:
    """Read what the page of a programme shows.

    Raises
    ------
    ProgrammeNotFound
        When there is none of this code.
    """
    facts = get_programme_facts(conn, code)
    current = get_programme_rule(conn, code)
    versions = list_rule_versions(conn, code)
    eligible = count_eligible(conn).get(code) if current.rule else None
    return Programme(facts, current, versions, eligible, viewer.area)


def begin_edit(conn: Connection, programme: Programme, names: Names) -> Edit:
    """Fill the form in with the rule as it holds."""
    current = programme.current
    draft = draft_rule(current.rule.to_json()) if current.rule else Draft({})
    answer = answer_draft(conn, draft, names, None, COUNTED, own=programme.facts.code)
    years = "" if current.served_years is None else str(current.served_years)
    return Edit(answer, years, tuple(current.excludes), "", current.version)


def read_edit(conn: Connection, programme: Programme, names: Names) -> Edit:
    """Read the form as it was filled in."""
    code = programme.facts.code
    answer = answer_draft(conn, read_filled_draft(), names, None, COUNTED, own=code)
    return read_terms(answer, [other for other in names.programmes if other != code])


def keep_basis(rule: Rule, current: ProgrammeRule) -> Rule:
    """Return a rule that is the regency's own, unless its conditions are those that were there."""
    if current.rule and rule.key == current.rule.key and rule.first == current.rule.first:
        return current.rule
    return rule


def _save(desk: Desk, viewer: Viewer, code: str, edit: Edit, rule: Rule) -> int:
    with writing(desk.engine, viewer) as conn:
        version = save_programme_rule(
            conn,
            code,
            edit.base_version,
            rule,
            served_years=int(edit.served_years) if edit.served_years else None,
            excludes=edit.excludes,
            note=edit.note,
        )
        detail = {"what": "rule", "programme": code, "version": version, "note": edit.note}
        record(conn, "change", detail=detail)
    return version
