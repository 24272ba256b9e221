"""The job ``repair``: positions whose repair is certain, as one batch that can be undone."""

from __future__ import annotations

from sqlalchemy import Connection

from dashboard.jobs.work import Outcome, Progress, Work
from db.positions import repair_positions
from db.viewer import Viewer


def run(conn: Connection, work: Work, progress: Progress) -> Outcome:
    """Repair those of an area, or those that are named; of the asker's area only."""
    args, job = work.args, work.job
    viewer = Viewer(user=job.user, role=job.role, area=job.area)
    done = repair_positions(conn, viewer, args.get("households"), area=args.get("area"))
    result = {"batch": done.batch_id, "count": done.count}
    detail = {"what": "repair", "batch": done.batch_id, "rows": done.count}
    return Outcome(result, "change", detail, area=args.get("area") or job.area)
