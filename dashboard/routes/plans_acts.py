"""What is done with a plan: the buttons of its page, approving it, sending it back."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from dashboard.pages.document import Sheet
from dashboard.pages.plan_acts import (
    ACTS_OF_STATE,
    APPROVERS,
    LONGEST_NOTE,
    Approval,
    draw_approval,
    may_approve,
)
from dashboard.pages.plan_frame import draw_stale
from dashboard.pages.plan_values import LONGEST_NAME
from dashboard.pages.plan_words import PATH
from dashboard.routes._decree import InvalidDecree, read_decree_day, read_decree_number
from dashboard.routes._desk import Desk, allow, lead_to
from dashboard.routes._documents import answer_page
from dashboard.routes._plan_desk import read_revision
from dashboard.routes.plans_form import PLANNERS, InvalidPlan
from db.engine import reading, writing
from db.jobs import submit_job
from db.plans.queries import Plan, get_plan, list_plan_changes
from db.plans.store import PlanRefused
from geo.errors import MapError
from geo.text import N_

_BY_BUTTON = sorted({act for acts in ACTS_OF_STATE.values() for act in acts})


def add(blueprint: Blueprint, desk: Desk) -> None:
    """Add ``/plans/<id>/<act>`` and ``/plans/<id>/approve``."""
    _add_buttons(blueprint, desk)
    _add_approval(blueprint, desk)


def _add_buttons(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.post(f"{PATH}/<int:number>/<any({', '.join(_BY_BUTTON)}):act>")
    def do_act(number: int, act: str) -> Response:
        viewer = allow(PLANNERS)
        sheet, revision = desk.sheet(), read_revision()
        with reading(desk.engine, viewer) as conn:
            plan = get_plan(conn, number)
            last = list_plan_changes(conn, number)[0]
        if act != "copy" and plan.revision != revision:
            return answer_page(draw_stale(sheet, number, last), 409)
        if act not in ACTS_OF_STATE[plan.state]:
            raise PlanRefused(N_("Hal itu tidak dapat dilakukan pada tahap rencana ini."))
        args: dict[str, Any] = {"act": act, "plan": number, "revision": revision}
        if act == "copy":
            copied = sheet.words.say(N_("Salinan {name}"), name=plan.name)
            args["name"] = copied[:LONGEST_NAME]
        with writing(desk.engine, viewer) as conn:
            job = submit_job(conn, "plan", args)
        return lead_to(sheet, PATH if act == "delete" else f"{PATH}/{number}", job=job)


def _add_approval(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get(f"{PATH}/<int:number>/approve")
    def show_approval(number: int) -> Response:
        viewer = allow(APPROVERS)
        sheet = desk.sheet()
        with reading(desk.engine, viewer) as conn:
            plan = _get_proposed(conn, number, viewer.user)
        return answer_page(draw_approval(sheet, Approval(plan, {}, desk.today())))

    @blueprint.post(f"{PATH}/<int:number>/approve")
    def approve(number: int) -> Response:
        viewer = allow(APPROVERS)
        sheet, revision = desk.sheet(), read_revision()
        with reading(desk.engine, viewer) as conn:
            plan = get_plan(conn, number)
            last = list_plan_changes(conn, number)[0]
            if plan.revision != revision:
                return answer_page(draw_stale(sheet, number, last), 409)
            _get_proposed(conn, number, viewer.user)
        try:
            args = _read_decision(desk.today())
        except (InvalidPlan, InvalidDecree) as error:
            return _show_again(sheet, desk, plan, error)
        with writing(desk.engine, viewer) as conn:
            job = submit_job(conn, "approve", {**args, "plan": number, "revision": revision})
        return lead_to(sheet, f"{PATH}/{number}", job=job)


def _show_again(sheet: Sheet, desk: Desk, plan: Plan, error: MapError) -> Response:
    values = {name: request.form.get(name, "") for name in ("decree_number", "decree_date", "note")}
    approval = Approval(plan, values, desk.today(), error)
    return answer_page(draw_approval(sheet, approval), error.status)


def _get_proposed(conn: Connection, number: int, user: str) -> Plan:
    plan = get_plan(conn, number)
    if plan.state != "proposed":
        raise PlanRefused(N_("Rencana ini tidak sedang menunggu persetujuan."))
    if not may_approve(plan, user):
        raise PlanRefused(
            N_("Anda mengusulkan atau terakhir mengubah rencana ini; orang lain yang memutuskan.")
        )
    return plan


def _read_decision(today: date) -> dict[str, Any]:
    act = request.form.get("act", "")
    if act == "return":
        note = " ".join(request.form.get("note", "").split())
        if not note or len(note) > LONGEST_NOTE or "\0" in note:
            raise InvalidPlan(N_("Tulis apa yang harus diperbaiki, paling panjang 300 huruf."))
        return {"act": act, "note": note}
    if act != "approve":
        raise InvalidPlan(N_("Keputusan “{text}” tidak dikenal."), text=act[:20])
    number, day = read_decree_number(), read_decree_day(today)
    return {"act": act, "decree_number": number, "decree_date": day.isoformat()}
