"""Plans: the list, one of them, two side by side, and how an act fares."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dash import Dash
from flask import Blueprint, Response
from sqlalchemy import Connection, Engine

from dashboard.pages.document import Sheet
from dashboard.pages.handover import draw_handover
from dashboard.pages.plan_compare import draw_comparison
from dashboard.pages.plan_frame import write_job
from dashboard.pages.plan_list import PlanDesk, draw_plan_list
from dashboard.pages.plan_page import PlanSheet, draw_plan
from dashboard.pages.plan_words import FOLLOWERS, PATH, READERS, STATE
from dashboard.routes import plans_acts, plans_form
from dashboard.routes._desk import Desk, allow, lead_to, read_number, read_page
from dashboard.routes._documents import add_faults, answer_page
from dashboard.routes._plan_desk import find_job
from db.audit import auditing
from db.engine import reading
from db.jobs import Job, get_job
from db.plans.handover import list_handovers
from db.plans.queries import (
    Plan,
    compare_plans,
    get_plan,
    list_coverage,
    list_plan_changes,
    list_plans,
    list_targets,
)
from db.queries.areas import AreaItem, get_place, list_areas
from db.queries.catalogue import list_agencies
from db.viewer import Viewer
from geo.errors import InvalidView
from geo.text import N_
from geo.view import level_below

if TYPE_CHECKING:
    from dashboard.settings import Settings


def add(app: Dash, engine: Engine, settings: Settings) -> None:
    """Add ``/plans`` and all beneath it.

    Parameters
    ----------
    app
        The Dash app.
    engine
        Handed down by the app factory.
    settings
        Says in which zone it is what day.
    """
    blueprint = Blueprint("plans", __name__)
    desk = Desk(engine, ZoneInfo(settings.time_zone))
    _add_list(blueprint, desk)
    _add_plan(blueprint, desk)
    _add_comparison(blueprint, desk)
    _add_job(blueprint, desk)
    plans_form.add(blueprint, desk)
    plans_acts.add(blueprint, desk)
    add_faults(blueprint)
    app.server.register_blueprint(blueprint)


def _add_list(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get(PATH)
    def show_plans() -> Response:
        viewer = allow(READERS)
        sheet = desk.sheet("state", "programme", "job")
        state, programme = sheet.asked.get("state"), sheet.asked.get("programme")
        if state is not None and state not in STATE:
            raise InvalidView(N_("Tahap “{text}” tidak dikenal."), text=state[:20])
        with reading(desk.engine, viewer) as conn:
            everything = list_plans(conn)
            job = find_job(conn, sheet)
        lines = [
            line
            for line in everything
            if state in (None, line.state) and programme in (None, line.programme)
        ]
        programmes = {line.programme: line.programme_name for line in everything}
        return answer_page(draw_plan_list(sheet, PlanDesk(lines, len(everything), programmes, job)))


def _add_plan(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get(f"{PATH}/<int:number>")
    def show_plan(number: int) -> Response:
        viewer = allow(READERS)
        sheet = desk.sheet("area", "job")
        page = read_page(sheet)
        detail: dict[str, Any] = {"what": "plan", "plan": number, "page": page}
        area = sheet.asked.get("area") or viewer.area
        with auditing(desk.engine, viewer, "list", area=area, detail=detail) as conn:
            job = find_job(conn, sheet)
            made = _find_copy(job, number)
            if made is None:
                shown = _read_plan(conn, viewer, number, sheet, page, job)
                more = draw_handover(
                    sheet,
                    shown.plan,
                    list_handovers(conn, number),
                    list_agencies(conn),
                    desk.today(),
                )
        if made is not None:
            return lead_to(sheet, f"{PATH}/{made}")
        return answer_page(draw_plan(sheet, shown, [more]))


def _read_plan(
    conn: Connection, viewer: Viewer, number: int, sheet: Sheet, page: int, job: Job | None
) -> PlanSheet:
    plan = get_plan(conn, number)
    area = sheet.asked.get("area")
    if area is not None:
        get_place(conn, area)  # refuses one that isn't there
    follows = viewer.role in FOLLOWERS
    others = list_plans(conn) if follows else ()
    ordered = sorted(others, key=lambda line: line.programme != plan.programme)
    return PlanSheet(
        plan=plan,
        targets=list_targets(conn, number, area=area, page=page),
        areas=_list_parts(conn, viewer, plan),
        coverage=list_coverage(conn, number) if follows else (),
        changes=list_plan_changes(conn, number) if follows else (),
        others=[(line.id, line.name) for line in ordered if line.id != number],
        user=viewer.user,
        job=job,
    )


def _list_parts(conn: Connection, viewer: Viewer, plan: Plan) -> list[AreaItem]:
    """Return the parts of the plan's area that its reader can look into."""
    own = max(filter(None, (viewer.area, plan.area)), key=len, default=None)
    level = level_below(own)
    return [] if level == "household" else list_areas(conn, own, level)


def _find_copy(job: Job | None, number: int) -> int | None:
    """Return the number of the plan that a copy of this one became."""
    if job is None or job.state != "done" or job.args.get("act") != "copy" or not job.result:
        return None
    made = int(job.result["plan"])
    return made if made != number else None


def _add_comparison(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get(f"{PATH}/compare")
    def compare() -> Response:
        viewer = allow(FOLLOWERS)
        sheet = desk.sheet("a", "b")
        chosen = [sheet.asked.get(name) for name in ("a", "b")]
        with reading(desk.engine, viewer) as conn:
            lines = list_plans(conn)
            found = None
            if chosen[0] and chosen[1]:
                found = compare_plans(conn, read_number(chosen[0]), read_number(chosen[1]))
        names = _tell_apart([(line.id, line.name) for line in lines])
        return answer_page(draw_comparison(sheet, names, found))


def _tell_apart(plans: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Put the number behind names that stand twice."""
    often = Counter(name for _, name in plans)
    return [(number, f"{name} ({number})" if often[name] > 1 else name) for number, name in plans]


def _add_job(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get(f"{PATH}/jobs/<int:number>")
    def get_job_state(number: int) -> Any:
        viewer = allow(READERS)
        sheet = desk.sheet()
        with reading(desk.engine, viewer) as conn:
            job = get_job(conn, number)
        return {"state": job.state, "isOver": job.is_over, "html": write_job(sheet, job)}
