"""The review queue: a row beside its candidates, and what is decided about it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dash import Dash
from flask import Blueprint, Response, request
from sqlalchemy import Connection, Engine

from dashboard.pages.document import Sheet
from dashboard.pages.review import PATH, ReviewDesk, draw_review, write_job, write_key
from dashboard.routes._desk import allow, lead_to
from dashboard.routes._documents import add_faults, answer_page, read_sheet
from db.audit import auditing
from db.engine import reading, writing
from db.jobs import Job, get_job, list_jobs, submit_job
from db.queries.last_decision import find_last_decision
from db.queries.review import (
    KINDS,
    REVIEWERS,
    CaseKey,
    CaseNotFound,
    QueueFilters,
    count_waiting,
    find_next,
    get_case,
    list_choices,
)
from db.viewer import Viewer
from geo.errors import InvalidView, MapError
from geo.text import N_

if TYPE_CHECKING:
    from dashboard.settings import Settings

_FIELDS = ("batch", "kind", "area", "case", "job")
_AREA = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?")
_CASE = re.compile(r"(\d{1,18})-(\d{1,9})")
_REFUSALS_STAY = timedelta(minutes=10)


class AlreadyDecided(MapError):
    """A row that somebody has decided since it was shown."""

    status = 409

    def __init__(self, user: str, at: str) -> None:
        super().__init__(
            N_("Baris ini sudah diputuskan oleh {user}, {at}. Keputusan Anda tidak disimpan."),
            user=user,
            at=at,
        )


def add(app: Dash, engine: Engine, settings: Settings) -> None:
    """Add ``/data/review`` with its forms, and how a decision fares.

    Parameters
    ----------
    app
        The Dash app.
    engine
        Handed down by the app factory.
    settings
        Says in which zone times are shown.
    """
    blueprint = Blueprint("review", __name__)
    zone = ZoneInfo(settings.time_zone)
    _add_page(blueprint, engine, zone)
    _add_forms(blueprint, engine, zone)
    add_faults(blueprint)
    app.server.register_blueprint(blueprint)


def _add_page(blueprint: Blueprint, engine: Engine, zone: ZoneInfo) -> None:
    @blueprint.get(PATH)
    def get_review() -> Response:
        viewer = allow(REVIEWERS)
        sheet = read_sheet(zone, _FIELDS)
        filters = read_filters(sheet)
        if "case" not in sheet.asked:
            with reading(engine, viewer) as conn:
                first = find_next(conn, filters)
            if first is not None:
                return _lead_to(sheet, first, job=sheet.asked.get("job"))
        detail: dict[str, Any] = {"what": "review", **sheet.asked}
        action = "list" if "case" in sheet.asked else None
        area = filters.area or viewer.area
        with auditing(engine, viewer, action, area=area, detail=detail) as conn:
            desk = _read_desk(conn, sheet, viewer, filters)
            detail["desa"] = desk.case.area_code if desk.case else None
        return answer_page(draw_review(sheet, desk))

    @blueprint.get(f"{PATH}/jobs/<int:number>")
    def get_job_state(number: int) -> Any:
        viewer = allow(REVIEWERS)
        sheet = read_sheet(zone)
        with reading(engine, viewer) as conn:
            job = get_job(conn, number)
            count = count_waiting(conn)
        text = sheet.words.say(N_("{count} baris menunggu"), count=sheet.words.number(count))
        return {
            "state": job.state,
            "isOver": job.is_over,
            "html": write_job(sheet, job),
            "count": text,
        }


def _add_forms(blueprint: Blueprint, engine: Engine, zone: ZoneInfo) -> None:
    @blueprint.post(f"{PATH}/decide")
    def decide() -> Response:
        viewer = allow(REVIEWERS)
        sheet = read_sheet(zone, _FIELDS)
        filters = read_filters(sheet)
        key = read_case(request.form.get("case", ""))
        decision = request.form.get("decision", "")
        if decision not in ("joined", "new", "split"):
            raise InvalidView(N_("Keputusan “{text}” tidak dikenal."), text=decision[:20])
        with writing(engine, viewer) as conn:
            args = _check_decision(conn, sheet, key, decision)
            job = submit_job(conn, "decide", args)
            following = find_next(conn, filters, key) or find_next(conn, filters)
        return _lead_to(sheet, following, job=str(job))

    @blueprint.post(f"{PATH}/undo")
    def undo() -> Response:
        viewer = allow(REVIEWERS)
        sheet = read_sheet(zone, _FIELDS)
        key = read_case(request.form.get("case", ""))
        with writing(engine, viewer) as conn:
            case = get_case(conn, key)
            last = find_last_decision(conn, viewer.user)
            if case.decided_by != viewer.user and (last is None or last.key != key):
                raise CaseNotFound
            job = submit_job(
                conn, "decide", {"batch": key.batch, "row": key.row, "decision": "undo"}
            )
        return _lead_to(sheet, key, job=str(job))


def read_filters(sheet: Sheet) -> QueueFilters:
    """Read which rows are looked at.

    Raises
    ------
    InvalidView
        When a filter can't be read.
    """
    batch, kind, area = (sheet.asked.get(name) for name in ("batch", "kind", "area"))
    if batch is not None and not re.fullmatch(r"\d{1,18}", batch):
        raise InvalidView(N_("“{text}” bukan nomor."), text=batch[:20])
    if kind is not None and kind not in KINDS:
        raise InvalidView(N_("Jenis “{text}” tidak dikenal."), text=kind[:20])
    if area is not None and not _AREA.fullmatch(area):
        raise InvalidView(N_("“{text}” bukan kode wilayah."), text=area[:20])
    return QueueFilters(int(batch) if batch else None, kind, area)


def read_case(text: str) -> CaseKey:
    """Read a row from an address, ``12-345``.

    Raises
    ------
    CaseNotFound
        When it is none.
    """
    found = _CASE.fullmatch(text)
    if found is None:
        raise CaseNotFound
    return CaseKey(int(found[1]), int(found[2]))


def _read_desk(conn: Connection, sheet: Sheet, viewer: Viewer, filters: QueueFilters) -> ReviewDesk:
    key = read_case(sheet.asked["case"]) if "case" in sheet.asked else None
    recent = list_jobs(conn, kind="decide", most=30)
    since = datetime.now(UTC) - _REFUSALS_STAY
    job = sheet.asked.get("job", "")
    return ReviewDesk(
        case=get_case(conn, key) if key else None,
        count=count_waiting(conn, filters),
        choices=list_choices(conn),
        following=find_next(conn, filters, key) if key else None,
        last=find_last_decision(conn, viewer.user),
        job=next((one for one in recent if str(one.id) == job), None),
        refused=tuple(
            one for one in recent
            if one.state == "failed" and one.finished_at and one.finished_at > since
        ),
        is_pending=any(not one.is_over and _is_about(one, key) for one in recent),
    )  # fmt: skip


def _is_about(job: Job, key: CaseKey | None) -> bool:
    return key is not None and (job.args.get("batch"), job.args.get("row")) == tuple(key)


def _check_decision(
    conn: Connection, sheet: Sheet, key: CaseKey, decision: str
) -> dict[str, int | str]:
    """Return the arguments of a decision; refuse it for a decided row or a foreign household."""
    case = get_case(conn, key)
    if case.decision is not None:
        at = sheet.time(case.decided_at) if case.decided_at else ""
        raise AlreadyDecided(case.decided_by or "", at)
    args: dict[str, int | str] = {"batch": key.batch, "row": key.row, "decision": decision}
    if decision == "new":
        return args
    household = request.form.get("household", "")
    chosen = case.get_candidate(int(household)) if re.fullmatch(r"\d{1,18}", household) else None
    if chosen is None:
        raise InvalidView(N_("Pilih dahulu salah satu calon."))
    return {**args, "household": chosen.household}


def _lead_to(sheet: Sheet, key: CaseKey | None, *, job: str | None = None) -> Response:
    query: dict[str, object] = {
        name: sheet.asked[name] for name in ("batch", "kind", "area") if name in sheet.asked
    }
    query |= {"case": write_key(key)} if key else {}
    query |= {"job": job} if job else {}
    return lead_to(sheet, PATH, **query)
