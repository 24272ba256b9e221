"""The job ``verify``: a village decided by decree which households are poor."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from dashboard.jobs.work import Outcome, Progress, Work
from db.registers.acts import verify_households


def run(conn: Connection, work: Work, progress: Progress) -> Outcome:
    """Give households the status of a decree; all of them, or none."""
    args, job = work.args, work.job
    ids = [int(one) for one in args["households"]]
    batch = verify_households(
        conn,
        ids,
        args["status"],
        args["decree_number"],
        date.fromisoformat(args["decree_date"]),
        user=job.user,
        area=job.area,
        note=args.get("note"),
    )
    detail = {"what": "verify", "status": args["status"], "batch": batch, "households": ids}
    return Outcome({"batch": batch, "count": len(ids)}, "change", detail, area=job.area)
