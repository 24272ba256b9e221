"""A plan's list on its way: handed over, printed, followed, and what became of each target."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dash import Dash
from flask import Blueprint, Response, request
from sqlalchemy import Engine

from dashboard.pages.delivery import JOBS, draw_followup, write_job
from dashboard.pages.document import draw_button
from dashboard.pages.handed import AGENCIES, draw_followup_page
from dashboard.pages.plan_words import PATH, READERS
from dashboard.routes._delivery import (
    find_sources,
    read_followup,
    send_annex,
    send_list,
    submit_file,
    submit_outcomes,
    take_file,
)
from dashboard.routes._desk import Desk, allow, lead_to
from dashboard.routes._documents import add_faults, answer_page
from dashboard.uploads import Uploads
from db.audit import auditing
from db.engine import reading, writing
from db.jobs import get_job, submit_job
from db.plans.delivery import PLANS_TO_FOLLOW
from db.plans.handed import get_paper
from db.plans.handover import InvalidHandover
from db.plans.progress import iterate_deliveries
from db.plans.queries import get_plan
from geo.text import N_

if TYPE_CHECKING:
    from dashboard.settings import Settings

RECORDERS = ("planner", "task_unit", "village_operator")
"""Roles that record outcomes, those of an area for their own; agencies do so on their own pages."""
PLANNERS = ("planner",)
_MASKED = "Nomor identitas disamarkan seperti di layar; yang utuh ada pada pelaksana."


def add(app: Dash, engine: Engine, settings: Settings) -> None:
    """Add ``/plans/<id>/deliveries``, ``annex.pdf``, ``hand_over`` and what goes with them.

    Parameters
    ----------
    app
        The Dash app.
    engine
        Handed down by the app factory.
    settings
        Says where uploads lie, and in which zone it is what day.
    """
    blueprint = Blueprint("deliveries", __name__)
    desk = Desk(engine, ZoneInfo(settings.time_zone))
    _add_page(blueprint, desk)
    _add_files(blueprint, desk)
    _add_forms(blueprint, desk, Uploads(settings.home))
    _add_handover(blueprint, desk)
    add_faults(blueprint)
    app.server.register_blueprint(blueprint)


def _add_page(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get(f"{PATH}/<int:number>/deliveries")
    def show_deliveries(number: int) -> Response:
        viewer = allow(READERS)
        sheet = desk.sheet("area", "left", "job")
        what = _describe(number, page=sheet.asked.get("page"))
        what["area"] = sheet.asked.get("area") or viewer.area
        with auditing(desk.engine, viewer, "list", **what) as conn:
            plan = get_plan(conn, number)
            page = read_followup(
                conn,
                sheet,
                number,
                may_record=viewer.role in RECORDERS and plan.state in PLANS_TO_FOLLOW,
                approved_at=plan.approved_at,
                due_on=plan.settings.due_on,
                path=f"{PATH}/{number}/deliveries",
                files=("xlsx",),
                links_to_card=True,
                today=desk.today(),
            )
        title = sheet.words.say(N_("Penyaluran {name}"), name=plan.name)
        back = draw_button(sheet.link(f"{PATH}/{number}"), sheet.say(N_("Kembali ke rencana")))
        return answer_page(draw_followup_page(sheet, title, draw_followup(sheet, page) + back))

    @blueprint.get(f"{JOBS}/<int:number>")
    def get_job_state(number: int) -> Any:
        viewer = allow((*RECORDERS, *AGENCIES))
        with reading(desk.engine, viewer) as conn:
            job = get_job(conn, number)
        return {"state": job.state, "isOver": job.is_over, "html": write_job(desk.sheet(), job)}


def _add_files(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get(f"{PATH}/<int:number>/deliveries.xlsx")
    def get_workbook(number: int) -> Response:
        viewer = allow(READERS)
        what = _describe(number, file="xlsx")
        with auditing(desk.engine, viewer, "export", area=viewer.area, **what) as conn:
            plan = get_plan(conn, number)
            lines = list(iterate_deliveries(conn, number))
            sources = find_sources(conn)
            what["detail"]["rows"] = len(lines)
        return send_list(f"{plan.name}, penyaluran", lines, sources, (plan.programme_name,))

    @blueprint.get(f"{PATH}/<int:number>/annex.pdf")
    def get_annex(number: int) -> Response:
        what = _describe(number, file="pdf")
        with auditing(desk.engine, allow(PLANNERS), "export", **what) as conn:
            get_plan(conn, number)
            lines = list(iterate_deliveries(conn, number))
            what["detail"]["rows"] = len(lines)
            is_masked = any(line.nik and "*" in line.nik for line in lines)
            notices = (_MASKED,) if is_masked else ()
            return send_annex(conn, get_paper(conn, number), lines, notices, desk.zone)


def _add_forms(blueprint: Blueprint, desk: Desk, uploads: Uploads) -> None:
    @blueprint.post(f"{PATH}/<int:number>/deliveries")
    def record(number: int) -> Response:
        viewer = allow(RECORDERS)
        sheet = desk.sheet("area", "left")
        with writing(desk.engine, viewer) as conn:
            job = submit_outcomes(conn, get_plan(conn, number).id)
        return lead_to(sheet, f"{PATH}/{number}/deliveries", **sheet.asked, job=job)

    @blueprint.post(f"{PATH}/<int:number>/deliveries/file")
    def record_file(number: int) -> Response:
        viewer = allow(RECORDERS)
        with reading(desk.engine, viewer) as conn:
            get_plan(conn, number)
        upload = take_file(uploads, viewer.user)
        with writing(desk.engine, viewer) as conn:
            job = submit_file(conn, number, upload)
        return lead_to(desk.sheet(), f"{PATH}/{number}/deliveries", job=job)


def _add_handover(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post(f"{PATH}/<int:number>/hand_over")
    def hand_over(number: int) -> Response:
        viewer = allow(PLANNERS)
        args = {
            "act": "hand_over",
            "plan": number,
            "agency": _read_text("agency"),
            "purpose": _read_text("purpose"),
            "until": _read_until(desk.zone).isoformat(),
        }
        with writing(desk.engine, viewer) as conn:
            get_plan(conn, number)
            job = submit_job(conn, "plan", args)
        return lead_to(desk.sheet(), f"{PATH}/{number}", job=job)

    @blueprint.post(f"{PATH}/<int:number>/handovers/<int:handover>/revoke")
    def revoke(number: int, handover: int) -> Response:
        viewer = allow(PLANNERS)
        with writing(desk.engine, viewer) as conn:
            get_plan(conn, number)
            args = {"act": "revoke", "plan": number, "handover": handover}
            job = submit_job(conn, "plan", args)
        return lead_to(desk.sheet(), f"{PATH}/{number}", job=job)


def _read_text(name: str) -> str:
    return " ".join(request.form.get(name, "").replace("\0", "").split())[:400]


def _read_until(zone: ZoneInfo) -> datetime:
    """Read until which day a list stays open: to the end of it, in the regency."""
    try:
        day = datetime.fromisoformat(request.form.get("until", "")).date()
    except ValueError as error:
        raise InvalidHandover(N_("Isi sampai tanggal berapa daftar ini terbuka.")) from error
    return datetime.combine(day, time(23, 59, 59), zone)


def _describe(number: int, **more: Any) -> dict[str, Any]:
    told = {name: value for name, value in more.items() if value is not None}
    return {"detail": {"what": "deliveries", "plan": number, **told}}
