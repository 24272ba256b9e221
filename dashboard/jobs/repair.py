"""The job ``repair``: positions whose longitude and latitude were exchanged, exchanged back."""

from __future__ import annotations

from sqlalchemy import Connection

from dashboard.jobs.work import Outcome, Progress, Work
from dashboard.loading import wait_for_turn
from db.positions import repair_positions
from db.viewer import Viewer


def run(conn: Connection, work: Work, progress: Progress) -> Outcome:
    """Repair what is certain inside the area that was looked at, as one batch."""
    wait_for_turn(conn)
    args, job = work.args, work.job
    viewer = Viewer(job.user, job.role, job.area)
    repair = repair_positions(conn, viewer, args.get("households"), area=args.get("area"))
    detail = {"what": "repair", "batch": repair.batch_id, "count": repair.count}
    return Outcome(
        {"batch": repair.batch_id, "count": repair.count}, "change", detail, area=job.area
    )
