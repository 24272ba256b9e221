"""What the routes of plans have in common: who may come, and what they read of an address."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Response, redirect, request
from sqlalchemy import Connection, Engine

from dashboard.auth.viewer import current_viewer
from dashboard.pages.document import Sheet
from dashboard.pages.plan_fields import Choices
from dashboard.routes._answers import PRIVATE
from dashboard.routes._documents import read_sheet
from dashboard.routes.review import NOT_FOR_ROLE
from db.jobs import Job, JobNotFound, get_job
from db.plans.choices import list_plannable
from db.queries.areas import list_areas
from db.viewer import Viewer
from geo.errors import AccessDenied, InvalidView
from geo.text import N_
from geo.view import MAX_PAGE


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes work with.

    Attributes
    ----------
    engine
        Of the web login.
    zone
        In which times are shown, and days begin.
    """

    engine: Engine
    zone: ZoneInfo

    def sheet(self, *fields: str) -> Sheet:
        """Read what a page is drawn with."""
        return read_sheet(self.zone, fields)

    def today(self) -> date:
        """Return the day it is in the regency."""
        return datetime.now(self.zone).date()


def allow(roles: Collection[str]) -> Viewer:
    """Return who asks.

    Raises
    ------
    AccessDenied
        When their role is none of these.
    """
    viewer = current_viewer()
    if viewer.role not in roles:
        raise AccessDenied(NOT_FOR_ROLE, status=403)
    return viewer


def find_job(conn: Connection, sheet: Sheet) -> Job | None:
    """Return the act that the address speaks of, None where it is nobody's or another's."""
    number = sheet.asked.get("job", "")
    if not _is_number(number):
        return None
    try:
        job = get_job(conn, int(number))
    except JobNotFound:
        return None
    return job if job.kind in ("plan", "approve", "deliver") else None


def read_number(text: str) -> int:
    """Read a number of an address or a form.

    Raises
    ------
    InvalidView
        When it is none.
    """
    if not _is_number(text):
        raise InvalidView(N_("“{text}” bukan nomor."), text=text[:20])
    return int(text)


def read_page(sheet: Sheet) -> int:
    """Read which page of a list is asked for."""
    page = read_number(sheet.asked.get("page", "1"))
    if not 0 < page <= MAX_PAGE:
        raise InvalidView(N_("“{text}” bukan nomor."), text=str(page)[:20])
    return page


def read_revision() -> int:
    """Read which revision of the plan a form was made of."""
    return read_number(request.form.get("revision", ""))


def lead_to(sheet: Sheet, path: str, **query: object) -> Response:
    """Answer a form that was taken with the way to where it shows."""
    response = redirect(sheet.link(path, query).unescape(), code=303)
    response.headers["Cache-Control"] = PRIVATE
    assert isinstance(response, Response)
    return response


def list_choices(conn: Connection) -> Choices:
    """Return what a plan can be made for."""
    programmes = tuple(
        (one.code, one.name, str(one.unit_cost_idr or "")) for one in list_plannable(conn)
    )
    desas = list_areas(conn, None, "desa")
    kecamatan = tuple(
        (
            one.code,
            one.name,
            tuple((desa.code, desa.name) for desa in desas if desa.code.startswith(f"{one.code}.")),
        )
        for one in list_areas(conn, None, "kecamatan")
    )
    return Choices(programmes, kecamatan)


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"\d{1,18}", text, re.ASCII))
