"""The job ``positions``: a search for faults of position, of the whole register."""

from __future__ import annotations

from sqlalchemy import Connection

from dashboard.jobs.work import Outcome, Progress, Work
from db.positions import refresh_position_faults


def run(conn: Connection, work: Work, progress: Progress) -> Outcome:
    """Look for faults anew; what somebody dismissed stays dismissed."""
    count = refresh_position_faults(conn)
    return Outcome({"count": count}, "change", {"what": "positions", "rows": count})
