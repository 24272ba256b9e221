"""The job ``precedence``: which source is believed first, and how old a source may get."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from dashboard.jobs.work import Outcome, Progress, Work
from dashboard.source_limits import check_limits
from db.models import Source
from db.registers.golden import set_precedence


def run(conn: Connection, work: Work, progress: Progress) -> Outcome:
    """Set the rank of a source for a field, or the limits of its age; None forgets them.

    Raises
    ------
    InvalidLimits
        When data would be old before they are ageing.
    """
    told = {key: value for key, value in work.args.items() if key != "is_rerun"}
    if "field" in told:
        set_precedence(conn, told["field"], told["source"], told["rank"])
    else:
        kind = conn.scalars(select(Source.kind).where(Source.code == told["source"])).one()
        check_limits(kind, told["amber_days"], told["red_days"])
        limits = update(Source).where(Source.code == told["source"])
        conn.execute(limits.values(amber_days=told["amber_days"], red_days=told["red_days"]))
    return Outcome(told, "change", {"what": "source", **told})
