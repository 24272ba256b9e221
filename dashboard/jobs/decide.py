"""The job ``decide``: what a person decided of a row that waits for review."""

from __future__ import annotations

from sqlalchemy import Connection

from dashboard.jobs.work import Outcome, Progress, Work
from db.registers.review import decide, undo_decision


def run(conn: Connection, work: Work, progress: Progress) -> Outcome:
    """Join the row to a household, make it a new one, split it off; or take a decision back.

    Raises
    ------
    DecisionRefused
        When the row doesn't wait any more, or lies outside the area of who decides.
    """
    args, job = work.args, work.job
    batch, row, decision = int(args["batch"]), int(args["row"]), args["decision"]
    household = None
    if decision == "undo":
        undo_decision(conn, batch, row, user=job.user, area=job.area)
    else:
        household = decide(
            conn, batch, row, decision, args.get("household"), user=job.user, area=job.area
        )
    detail = {"what": "decide", "batch": batch, "row": row, "decision": decision}
    return Outcome({"household": household}, "change", detail, household=household)
