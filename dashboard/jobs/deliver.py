"""The job ``deliver``: what became of the targets of a plan, by a page or a file."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from sqlalchemy import Connection

from dashboard.jobs.work import Outcome, Progress, Work, name_as_owner_does
from dashboard.upload_faults import UploadNotFound
from db.plans.delivery import Recorder, Said, record_outcomes
from db.plans.delivery_file import record_file
from geo.errors import InvalidFile


def run(conn: Connection, work: Work, progress: Progress) -> Outcome:
    """Record outcomes, all of them or none.

    Raises
    ------
    MapError
        When one of them can't be recorded, or the list isn't theirs.
    """
    args, job = work.args, work.job
    plan, by = int(args["plan"]), Recorder(job.user, job.role, job.area)
    if "upload" in args:
        return _record_file(conn, work, plan, by)
    on, note = date.fromisoformat(args["on"]), args.get("note")
    households = sorted({int(one) for one in args["targets"]})
    said = [Said(one, args["outcome"], on, note) for one in households]
    changed = record_outcomes(conn, plan, said, by=by)
    detail = {
        "what": "deliver", "plan": plan, "outcome": args["outcome"], "households": households,
    }  # fmt: skip
    return Outcome({"count": len(said), "changed": changed}, "change", detail, area=job.area)


def _record_file(conn: Connection, work: Work, plan: int, by: Recorder) -> Outcome:
    if work.file is None:
        raise UploadNotFound()
    name = work.args["file_name"]
    try:
        report = record_file(conn, plan, work.file, by=by, file_name=name)
    except InvalidFile as error:
        raise name_as_owner_does(error, work) from error
    detail = {"what": "deliver", "plan": plan, "files": [name], "rows": report.read}
    return Outcome(asdict(report), "import", detail, area=by.area)
