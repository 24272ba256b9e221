"""What the routes of plans have in common: what they read of an address, a form, the catalogue."""

from __future__ import annotations

from flask import request
from sqlalchemy import Connection

from dashboard.pages.document import Sheet
from dashboard.pages.plan_fields import Choices
from dashboard.routes._desk import is_number, read_number
from db.jobs import Job, JobNotFound, get_job
from db.plans.choices import list_plannable
from db.queries.areas import list_areas


def find_job(conn: Connection, sheet: Sheet) -> Job | None:
    """Return the act that the address speaks of, None where it is nobody's or another's."""
    number = sheet.asked.get("job", "")
    if not is_number(number):
        return None
    try:
        job = get_job(conn, int(number))
    except JobNotFound:
        return None
    return job if job.kind in ("plan", "approve", "deliver") else None


def read_revision() -> int:
    """Read which revision of the plan a form was made of."""
    return read_number(request.form.get("revision", ""))


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
