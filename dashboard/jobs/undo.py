"""The job ``undo``: a batch taken back whole."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection

from dashboard.jobs.work import Outcome, Progress, Work
from dashboard.loading import wait_for_turn
from db.registers.undo import undo_batch
from layers import freeze_breaks


def run(conn: Connection, work: Work, progress: Progress) -> Outcome:
    """Take a batch back, and publish totals without it.

    Raises
    ------
    UndoRefused
        When something of another batch hangs on its rows.
    """
    wait_for_turn(conn)
    batch = int(work.args["batch"])
    report = undo_batch(conn, batch, user=work.job.user, area=work.job.area)
    freeze_breaks(conn)
    return Outcome(
        {"batch": batch, **asdict(report)}, "change", {"what": "undo", "batch": batch},
        area=work.job.area,
    )  # fmt: skip
