"""Verification: lists of households, decisions by decree, and the decisions on one household."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dash import Dash
from flask import Blueprint, Response, request
from sqlalchemy import Engine

from dashboard.labels import STATUS
from dashboard.pages.document import Sheet
from dashboard.pages.verification import PATH, STUCK, StandingDesk, draw_verification, write_job
from dashboard.pages.verification_decision import Decision, draw_check, draw_history
from dashboard.routes._decree import read_decree_day, read_decree_number
from dashboard.routes._desk import allow, lead_to, read_page
from dashboard.routes._documents import add_faults, answer_page, read_sheet
from db.audit import auditing
from db.engine import reading, writing
from db.jobs import get_job, list_jobs, submit_job
from db.queries.households import get_card
from db.queries.provenance import READERS
from db.queries.verification import (
    MOST_AT_ONCE,
    VERIFIERS,
    StandingFilters,
    count_standings,
    find_standings,
    list_decrees,
    list_desas,
    list_standings,
)
from db.registers.acts import TRANSITIONS
from geo.errors import InvalidView, MapError
from geo.text import N_
from geo.view import STATUSES

if TYPE_CHECKING:
    from dashboard.settings import Settings

_FIELDS = ("status", "search", "area", "job")
_DESA = re.compile(r"\d{2}\.\d{2}\.\d{2}\.\d{4}")
_LONGEST_NOTE = 300


class InvalidDecision(MapError):
    """A decision that can't be made as it was filled in; nothing is changed."""

    status = 400


def add(app: Dash, engine: Engine, settings: Settings) -> None:
    """Add ``/data/verification`` and ``/households/<id>/verifications``.

    Parameters
    ----------
    app
        The Dash app.
    engine
        Handed down by the app factory.
    settings
        Says in which zone it is what day.
    """
    blueprint = Blueprint("verification", __name__)
    zone = ZoneInfo(settings.time_zone)
    _add_list(blueprint, engine, zone)
    _add_form(blueprint, engine, zone)
    _add_history(blueprint, engine, zone)
    add_faults(blueprint)
    app.server.register_blueprint(blueprint)


def _add_list(blueprint: Blueprint, engine: Engine, zone: ZoneInfo) -> None:
    @blueprint.get(PATH)
    def get_list() -> Response:
        viewer = allow(VERIFIERS)
        sheet = read_sheet(zone, _FIELDS)
        filters, page = read_filters(sheet), read_page(sheet)
        searched = {"term": filters.search} if filters.search else {}
        detail = {"what": "verification", "status": filters.status, "page": page, **searched}
        area = filters.area or viewer.area
        with auditing(engine, viewer, "list", area=area, detail=detail) as conn:
            found = list_standings(conn, filters, page)
            job = sheet.asked.get("job", "")
            jobs = list_jobs(conn, kind="verify") if job else ()
            desk = StandingDesk(
                found,
                count_standings(conn, filters),
                tuple(list_desas(conn)),
                datetime.now(zone).date(),
                next((one for one in jobs if str(one.id) == job), None),
            )
        return answer_page(draw_verification(sheet, desk))

    @blueprint.get(f"{PATH}/jobs/<int:number>")
    def get_job_state(number: int) -> Any:
        viewer = allow(VERIFIERS)
        sheet = read_sheet(zone)
        with reading(engine, viewer) as conn:
            job = get_job(conn, number)
        return {"state": job.state, "isOver": job.is_over, "html": write_job(sheet, job)}


def _add_form(blueprint: Blueprint, engine: Engine, zone: ZoneInfo) -> None:
    @blueprint.post(PATH)
    def decide() -> Response:
        viewer = allow(VERIFIERS)
        sheet = read_sheet(zone, _FIELDS)
        decision = read_decision(datetime.now(zone).date())
        if request.form.get("is_sure") != "yes":
            detail = {"what": "verification"}
            with auditing(engine, viewer, "list", area=viewer.area, detail=detail) as conn:
                found = find_standings(conn, decision.households)
            _check_standings(decision, found)
            return answer_page(draw_check(sheet, decision, found))
        with writing(engine, viewer) as conn:
            _check_standings(decision, find_standings(conn, decision.households))
            args: dict[str, Any] = {
                "households": list(decision.households),
                "status": decision.status,
                "decree_number": decision.decree_number,
                "decree_date": decision.decree_date.isoformat(),
            }
            args |= {"note": decision.note} if decision.note else {}
            job = submit_job(conn, "verify", args)
        kept: dict[str, object] = {
            name: value for name, value in sheet.asked.items() if name != "job"
        }
        return lead_to(sheet, PATH, **kept, job=job)


def _add_history(blueprint: Blueprint, engine: Engine, zone: ZoneInfo) -> None:
    @blueprint.get("/households/<int:household>/verifications")
    def get_history(household: int) -> Response:
        viewer = allow(READERS)
        sheet = read_sheet(zone)
        detail = {"what": "verification"}
        with auditing(engine, viewer, "card", household=household, detail=detail) as conn:
            get_card(conn, household)  # refuses one that is not there for this viewer
            decrees = list_decrees(conn, household)
        return answer_page(draw_history(sheet, household, decrees))


def read_filters(sheet: Sheet) -> StandingFilters:
    """Read which households are listed.

    Raises
    ------
    InvalidView
        When a filter can't be read.
    """
    status, area = sheet.asked.get("status"), sheet.asked.get("area")
    if status is not None and status not in STATUSES:
        raise InvalidView(N_("Status “{text}” tidak dikenal."), text=status[:20])
    if area is not None and not _DESA.fullmatch(area):
        raise InvalidView(N_("“{text}” bukan kode wilayah."), text=area[:20])
    return StandingFilters(status, sheet.asked.get("search", "")[:80] or None, area)


def read_decision(today: date) -> Decision:
    """Read the form of a decision.

    Parameters
    ----------
    today
        In the regency; no decree is of a later day.

    Raises
    ------
    InvalidDecision, InvalidDecree
        With what to fill in otherwise.
    """
    chosen = list(dict.fromkeys(request.form.getlist("household")))
    if not chosen:
        raise InvalidDecision(N_("Belum ada keluarga yang dipilih."))
    if len(chosen) > MOST_AT_ONCE or not all(re.fullmatch(r"\d{1,18}", one) for one in chosen):
        raise InvalidDecision(
            N_("Pilih paling banyak {limit} keluarga sekaligus."), limit=MOST_AT_ONCE
        )
    status = request.form.get("status", "")
    if status not in STATUSES:
        raise InvalidDecision(N_("Status “{text}” tidak dikenal."), text=status[:20])
    number = read_decree_number()
    note = " ".join(request.form.get("note", "").split())
    if len(note) > _LONGEST_NOTE or "\0" in note:
        raise InvalidDecision(N_("Catatan paling panjang {limit} huruf."), limit=_LONGEST_NOTE)
    day = read_decree_day(today)
    return Decision(tuple(map(int, chosen)), status, number, day, note)


def _check_standings(decision: Decision, found: Iterable[tuple[int, str, str]]) -> None:
    """Refuse a decision of which one household is foreign, or can't become what is asked."""
    standing = {household: status for household, _, status in found}
    if len(standing) < len(decision.households):
        raise InvalidDecision(N_("Sebagian keluarga yang dipilih di luar wilayah kerja Anda."))
    for status in STATUSES:
        stuck = sum(one == status for one in standing.values())
        if stuck and decision.status not in TRANSITIONS[status]:
            raise InvalidDecision(
                STUCK,
                count=stuck,
                old=STATUS[status],
                new=STATUS[decision.status],
            )
