"""The agency's pages: the lists that were handed to it, to read, take along and fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dash import Dash
from flask import Blueprint, Response
from sqlalchemy import Engine

from dashboard.pages.handed import AGENCIES, PATH, draw_handed, draw_handed_list
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
from db.plans.delivery import PLANS_TO_FOLLOW
from db.plans.handed import HandedList, get_handed, get_paper, list_handed, note_opening
from db.plans.progress import iterate_deliveries
from db.viewer import Viewer

if TYPE_CHECKING:
    from dashboard.settings import Settings


def add(app: Dash, engine: Engine, settings: Settings) -> None:
    """Add ``/handed``, ``/handed/<id>``, its files and its forms.

    Parameters
    ----------
    app
        The Dash app.
    engine
        Handed down by the app factory.
    settings
        Says where uploads lie, and in which zone it is what day.
    """
    blueprint = Blueprint("handed", __name__)
    desk = Desk(engine, ZoneInfo(settings.time_zone))
    _add_pages(blueprint, desk)
    _add_files(blueprint, desk)
    _add_forms(blueprint, desk, Uploads(settings.home))
    add_faults(blueprint)
    app.server.register_blueprint(blueprint)


def _add_pages(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get(PATH)
    def show_lists() -> Response:
        viewer = allow(AGENCIES)
        with reading(desk.engine, viewer) as conn:
            lists = list_handed(conn)
        return answer_page(draw_handed_list(desk.sheet(), viewer.agency, lists))

    @blueprint.get(f"{PATH}/<int:number>")
    def show_list(number: int) -> Response:
        viewer = allow(AGENCIES)
        sheet = desk.sheet("area", "left", "job")
        _open(desk, viewer, number, "page")
        what = _describe(number, page=sheet.asked.get("page"))
        with auditing(desk.engine, viewer, "list", **what) as conn:
            handed = get_handed(conn, number)
            page = read_followup(
                conn,
                sheet,
                handed.plan_id,
                may_record=handed.state in PLANS_TO_FOLLOW,
                approved_at=get_paper(conn, handed.plan_id).approved_at,
                due_on=handed.due_on,
                path=f"{PATH}/{number}",
                files=("xlsx", "pdf"),
                links_to_card=False,
                today=desk.today(),
            )
        return answer_page(draw_handed(sheet, handed, page))


def _add_files(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get(f"{PATH}/<int:number>.xlsx")
    def get_workbook(number: int) -> Response:
        viewer = allow(AGENCIES)
        _open(desk, viewer, number, "xlsx")
        what = _describe(number, file="xlsx")
        with auditing(desk.engine, viewer, "export", **what) as conn:
            handed = get_handed(conn, number)
            lines = list(iterate_deliveries(conn, handed.plan_id))
            sources = find_sources(conn)
            what["detail"]["rows"] = len(lines)
        title = f"{handed.plan_name}, {handed.agency}"
        return send_list(title, lines, sources, list_conditions(handed, desk.zone))

    @blueprint.get(f"{PATH}/<int:number>.pdf")
    def get_annex(number: int) -> Response:
        viewer = allow(AGENCIES)
        _open(desk, viewer, number, "pdf")
        what = _describe(number, file="pdf")
        with auditing(desk.engine, viewer, "export", **what) as conn:
            handed = get_handed(conn, number)
            lines = list(iterate_deliveries(conn, handed.plan_id))
            what["detail"]["rows"] = len(lines)
            paper = get_paper(conn, handed.plan_id)
            conditions = list_conditions(handed, desk.zone)
            return send_annex(conn, paper, lines, conditions, desk.zone)


def _add_forms(blueprint: Blueprint, desk: Desk, uploads: Uploads) -> None:
    @blueprint.post(f"{PATH}/<int:number>")
    def record(number: int) -> Response:
        viewer = allow(AGENCIES)
        sheet = desk.sheet("area", "left")
        with writing(desk.engine, viewer) as conn:
            job = submit_outcomes(conn, get_handed(conn, number).plan_id)
        return lead_to(sheet, f"{PATH}/{number}", **sheet.asked, job=job)

    @blueprint.post(f"{PATH}/<int:number>/file")
    def record_file(number: int) -> Response:
        viewer = allow(AGENCIES)
        with reading(desk.engine, viewer) as conn:
            plan = get_handed(conn, number).plan_id
        upload = take_file(uploads, viewer.user)
        with writing(desk.engine, viewer) as conn:
            job = submit_file(conn, plan, upload)
        return lead_to(desk.sheet(), f"{PATH}/{number}", job=job)


def list_conditions(handed: HandedList, zone: ZoneInfo) -> tuple[str, ...]:
    """Say what a list may be used for and until when, in Indonesian as its papers are."""
    until = handed.expires_at.astimezone(zone)
    return (
        f"Memuat data pribadi. Diserahkan kepada {handed.agency} untuk keperluan:"
        f" {handed.purpose}.",
        f"Terbuka sampai {until:%d-%m-%Y}; sesudah itu berkas ini harus dihapus.",
    )


def _open(desk: Desk, viewer: Viewer, number: int, form: str) -> None:
    """Count the opening before anything is shown; refused, nothing is counted or shown."""
    with writing(desk.engine, viewer) as conn:
        note_opening(conn, number, form)


def _describe(number: int, **more: Any) -> dict[str, Any]:
    told = {name: value for name, value in more.items() if value is not None}
    return {"detail": {"what": "handed", "handover": number, **told}}
