"""The job ``plan``: what planners do with their own plans, from the draft to the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from dashboard.jobs.work import Outcome, Progress, Work
from db.plans.approval import close, propose, start, withdraw
from db.plans.compute import compute_plan
from db.plans.handover import hand_over, revoke
from db.plans.store import PlanRefused, copy_plan, create_plan, delete_plan, save_plan
from geo.plan_settings import PlanSettings, parse_settings
from geo.text import N_

Args = Mapping[str, Any]
Done = dict[str, Any]
"""What the page is told: the ``plan`` and, while there is one, its ``revision``."""


def run(conn: Connection, work: Work, progress: Progress) -> Outcome:
    """Do one ``act``; ``plan`` and ``revision`` say on what.

    ``create`` and ``save`` take ``name``, ``area`` and ``settings``, ``create`` a ``programme``;
    with ``compute`` true the list is made in the same job. ``copy`` takes a ``name``, ``hand_over``
    ``agency``, ``purpose`` and ``until``, ``revoke`` a ``handover``.

    Raises
    ------
    InvalidSettings, PlanNotFound, StaleEdit, PlanRefused
        When it can't be done; then nothing is.
    """
    act = str(work.args.get("act"))
    if act not in ACTS:
        raise PlanRefused(N_("Hal itu tidak dapat dilakukan dengan sebuah rencana."))
    done = ACTS[act](conn, work.args, work.job.user)
    return Outcome(done, "change", {"what": "plan", "act": act, **done})


def _create(conn: Connection, args: Args, user: str) -> Done:
    plan_id = create_plan(
        conn,
        name=str(args.get("name") or ""),
        programme=str(args.get("programme") or ""),
        area=args.get("area"),
        settings=_read_settings(conn, args),
        user=user,
    )
    return _finish(conn, args, plan_id, 1, user)


def _save(conn: Connection, args: Args, user: str) -> Done:
    plan_id = int(args["plan"])
    revision = save_plan(
        conn,
        plan_id,
        int(args["revision"]),
        name=str(args.get("name") or ""),
        area=args.get("area"),
        settings=_read_settings(conn, args),
        user=user,
    )
    return _finish(conn, args, plan_id, revision, user)


def _finish(conn: Connection, args: Args, plan_id: int, revision: int, user: str) -> Done:
    if args.get("compute"):
        revision = compute_plan(conn, plan_id, revision, user=user)
    return {"plan": plan_id, "revision": revision}


def _copy(conn: Connection, args: Args, user: str) -> Done:
    made = copy_plan(conn, int(args["plan"]), name=str(args.get("name") or ""), user=user)
    return {"plan": made, "revision": 1, "of": int(args["plan"])}


def _delete(conn: Connection, args: Args, user: str) -> Done:
    delete_plan(conn, int(args["plan"]), int(args["revision"]))
    return {"plan": int(args["plan"])}


def _hand_over(conn: Connection, args: Args, user: str) -> Done:
    plan_id = int(args["plan"])
    until = datetime.fromisoformat(str(args["until"]))
    made = hand_over(conn, plan_id, str(args["agency"]), str(args["purpose"]), until, user=user)
    return {"plan": plan_id, "handover": made}


def _revoke(conn: Connection, args: Args, user: str) -> Done:
    plan_id, number = int(args["plan"]), int(args["handover"])
    revoke(conn, plan_id, number, user=user)
    return {"plan": plan_id, "handover": number}


def _step(does: Callable[..., int]) -> Callable[[Connection, Args, str], Done]:
    def step(conn: Connection, args: Args, user: str) -> Done:
        plan_id = int(args["plan"])
        return {
            "plan": plan_id,
            "revision": does(conn, plan_id, int(args["revision"]), user=user),
        }

    return step


def _read_settings(conn: Connection, args: Args) -> PlanSettings:
    today: date = conn.execute(text("SELECT current_date")).scalar_one()
    return parse_settings(args.get("settings") or {}, today=today)


ACTS: Mapping[str, Callable[[Connection, Args, str], Done]] = {
    "create": _create,
    "save": _save,
    "copy": _copy,
    "delete": _delete,
    "compute": _step(compute_plan),
    "propose": _step(propose),
    "withdraw": _step(withdraw),
    "start": _step(start),
    "close": _step(close),
    "hand_over": _hand_over,
    "revoke": _revoke,
}
"""What can be asked for."""
