"""The job ``approve``: somebody else than its makers decides on a proposed plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from dashboard.jobs.work import Outcome, Progress, Work
from db.plans.approval import Decree, approve, return_plan
from db.plans.store import PlanRefused
from geo.text import N_


def run(conn: Connection, work: Work, progress: Progress) -> Outcome:
    """Approve the plan, with a decree where one is named, or return it with a ``note``.

    Raises
    ------
    PlanNotFound, StaleEdit, PlanRefused
        When it can't be done; then nothing is.
    """
    args, user = work.args, work.job.user
    act, plan_id, revision = args.get("act"), int(args["plan"]), int(args["revision"])
    if act == "approve":
        revised = approve(conn, plan_id, revision, user=user, decree=_read_decree(args))
    elif act == "return":
        revised = return_plan(conn, plan_id, revision, note=str(args.get("note") or ""), user=user)
    else:
        raise PlanRefused(N_("Hal itu tidak dapat dilakukan dengan sebuah rencana."))
    done = {"plan": plan_id, "revision": revised}
    return Outcome(done, "change", {"what": "plan", "act": act, **done})


def _read_decree(args: Mapping[str, Any]) -> Decree | None:
    number, day = args.get("decree_number"), args.get("decree_date")
    if not number and not day:
        return None
    try:
        return Decree(str(number or ""), date.fromisoformat(str(day)))
    except ValueError:
        raise PlanRefused(N_("Isi tanggal surat keputusan.")) from None
