"""The settings of a plan: a new one, or a draft that is changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from dashboard.pages.document import Sheet
from dashboard.pages.plan_fields import Choices, Fault
from dashboard.pages.plan_form import PlanForm, draw_plan_form, read_stored
from dashboard.pages.plan_values import (
    LONGEST_NAME,
    find_field,
    flatten_settings,
    nest_values,
    read_values,
)
from dashboard.pages.plan_words import PATH
from dashboard.routes._desk import Desk, allow, lead_to
from dashboard.routes._documents import answer_page
from dashboard.routes._plan_desk import find_job, list_choices, read_revision
from db.engine import reading, writing
from db.jobs import Job, submit_job
from db.plans.queries import Plan, get_plan, list_plan_changes
from db.plans.store import PlanRefused
from geo.errors import MapError
from geo.plan_settings import InvalidSettings, parse_settings
from geo.text import N_

PLANNERS = ("planner",)
_NO_DRAFT = N_("Pengaturan hanya dapat diubah selama rencana masih draf.")


class InvalidPlan(MapError):
    """A plan without a name, or for no programme or area that there is."""

    status = 400


def add(blueprint: Blueprint, desk: Desk) -> None:
    """Add ``/plans/new`` and ``/plans/<id>/settings``."""
    _add_new(blueprint, desk)
    _add_settings(blueprint, desk)


def _add_new(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get(f"{PATH}/new")
    def show_new() -> Response:
        viewer = allow(PLANNERS)
        sheet = desk.sheet("programme", "area", "job")
        with reading(desk.engine, viewer) as conn:
            choices = list_choices(conn)
            job = find_job(conn, sheet)
        if job is not None and job.state == "done" and job.result:
            return lead_to(sheet, f"{PATH}/{job.result['plan']}", job=job.id)
        if job is not None:
            return answer_page(draw_plan_form(sheet, _of_job(job, choices)))
        values = _begin(sheet, choices, str(desk.today().year))
        return answer_page(draw_plan_form(sheet, PlanForm(values, choices)))

    @blueprint.post(f"{PATH}/new")
    def create() -> Response:
        viewer = allow(PLANNERS)
        sheet = desk.sheet()
        values = read_values(request.form)
        with reading(desk.engine, viewer) as conn:
            choices = list_choices(conn)
        args, fault = _read_args(desk, values, choices)
        if fault is not None:
            form = PlanForm(values, choices, fault=fault)
            return answer_page(draw_plan_form(sheet, form), fault.error.status)
        asked = {**args, "act": "create", "programme": values["programme"]}
        with writing(desk.engine, viewer) as conn:
            job = submit_job(conn, "plan", asked)
        return lead_to(sheet, f"{PATH}/new", job=job)


def _add_settings(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get(f"{PATH}/<int:number>/settings")
    def show_settings(number: int) -> Response:
        viewer = allow(PLANNERS)
        sheet = desk.sheet("job")
        with reading(desk.engine, viewer) as conn:
            plan = _get_draft(conn, number)
            choices = list_choices(conn)
            job = find_job(conn, sheet)
            last = list_plan_changes(conn, number)[0]
        if job is not None and job.args.get("plan") == number and job.args.get("act") == "save":
            form = _of_job(job, choices, plan)
            if job.state == "failed" and job.args.get("revision") != plan.revision:
                form = replace(form, meanwhile=last)
            return answer_page(draw_plan_form(sheet, form))
        return answer_page(draw_plan_form(sheet, PlanForm(read_stored(plan), choices, plan)))

    @blueprint.post(f"{PATH}/<int:number>/settings")
    def save(number: int) -> Response:
        viewer = allow(PLANNERS)
        sheet = desk.sheet()
        revision = read_revision()
        with reading(desk.engine, viewer) as conn:
            plan = _get_draft(conn, number)
            choices = list_choices(conn)
            last = list_plan_changes(conn, number)[0]
        values = {**read_values(request.form), "programme": plan.programme}
        args, fault = _read_args(desk, values, choices)
        if plan.revision != revision:
            form = PlanForm(values, choices, plan, fault, meanwhile=last)
            return answer_page(draw_plan_form(sheet, form), 409)
        if fault is not None:
            form = PlanForm(values, choices, plan, fault)
            return answer_page(draw_plan_form(sheet, form), fault.error.status)
        asked = {**args, "act": "save", "plan": number, "revision": revision}
        with writing(desk.engine, viewer) as conn:
            job = submit_job(conn, "plan", asked)
        return lead_to(sheet, f"{PATH}/{number}", job=job)


def _begin(sheet: Sheet, choices: Choices, year: str) -> dict[str, str]:
    """Return the form that a new plan begins with: what the address says, and what follows."""
    values = {**flatten_settings({}), "period": year, "villages": "all", "split": "none"}
    code = sheet.asked.get("programme", "")
    for programme, name, cost in choices.programmes:
        if programme == code:
            values |= flatten_settings({"unit_cost_idr": int(cost)} if cost else {})
            values |= {"programme": code, "name": f"{name} {year}", "period": year}
    return values | {"area": sheet.asked.get("area", "")}


def _of_job(job: Job, choices: Choices, plan: Plan | None = None) -> PlanForm:
    """Return the form as it was sent with a job, so that nothing typed is lost."""
    args = job.args
    values = {
        **flatten_settings(args.get("settings") or {}),
        "name": args.get("name") or "",
        "programme": plan.programme if plan else args.get("programme") or "",
        "area": args.get("area") or "",
    }
    return PlanForm(values, choices, plan, job=job)


def _get_draft(conn: Connection, number: int) -> Plan:
    plan = get_plan(conn, number)
    if plan.state != "draft":
        raise PlanRefused(_NO_DRAFT)
    return plan


def _read_args(
    desk: Desk, values: dict[str, str], choices: Choices
) -> tuple[dict[str, Any], Fault | None]:
    """Return what the job is asked to do, or what is wrong with the form."""
    try:
        _check_place(values, choices)
        settings = parse_settings(nest_values(values), today=desk.today())
    except InvalidSettings as error:
        return {}, Fault(error, find_field(error.field_name))
    except InvalidPlan as error:
        return {}, Fault(error, str(error.fields.get("field", "")))
    return {
        "name": values["name"],
        "area": values["area"] or None,
        "settings": settings.to_json(),
        "compute": True,
    }, None


def _check_place(values: dict[str, str], choices: Choices) -> None:
    if not 1 <= len(values["name"]) <= LONGEST_NAME or not values["name"].isprintable():
        raise InvalidPlan(N_("Beri nama rencana, 1 sampai 120 huruf."), field="name")
    if values["programme"] not in {code for code, _, _ in choices.programmes}:
        raise InvalidPlan(N_("Pilih programnya dahulu."), field="programme")
    areas = {"", *(code for code, _, _ in choices.kecamatan)}
    areas |= {code for _, _, desas in choices.kecamatan for code, _ in desas}
    if values["area"] not in areas:
        code = values["area"][:40]
        raise InvalidPlan(N_("Wilayah “{code}” tidak dikenal."), code=code, field="area")
