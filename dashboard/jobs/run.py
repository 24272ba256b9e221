"""Running jobs: claimed one by one, each in a transaction of its own, its end in the same one."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from dashboard.jobs import (
    approve,
    decide,
    deliver,
    import_file,
    plan,
    precedence,
    repair,
    undo,
    verify,
)
from dashboard.jobs.work import Cancelled, Outcome, Progress, Runner, Work
from dashboard.uploads import Uploads
from db.audit import record
from db.engine import writing
from db.jobs import KINDS, Job, claim_job, finish_job, release_job, retry_job
from db.plans.delivery_file import FaultyRows
from db.registers.undo import UndoRefused
from db.viewer import LOCAL_VIEWER, Viewer, bind_viewer
from geo.errors import MapError
from geo.text import N_

RUNNERS: Mapping[str, Runner] = {
    "import": import_file.run,
    "undo": undo.run,
    "decide": decide.run,
    "verify": verify.run,
    "repair": repair.run,
    "precedence": precedence.run,
    "plan": plan.run,
    "approve": approve.run,
    "deliver": deliver.run,
}
"""What does each kind of job."""

_LOG = logging.getLogger(__name__)
_FAULT = N_("Ada kesalahan program, jadi tidak ada yang dimuat atau diubah. Hubungi pengelola.")
_NOT_YET = N_("Pekerjaan ini belum dapat dijalankan.")


def run_waiting_jobs(
    engine: Engine, uploads: Uploads | None = None, kinds: Sequence[str] = KINDS
) -> int:
    """Work off what waits, the oldest first, and return how many jobs there were.

    Parameters
    ----------
    engine
        Of the database's owner.
    uploads
        Where files of imports lie; None for those who import nothing.
    kinds
        Which jobs to look for.
    """
    count = 0
    with engine.connect() as control:
        control.execution_options(isolation_level="AUTOCOMMIT")
        while (job := claim_job(control, kinds)) is not None:
            count += 1
            try:
                _run(engine, control, job, uploads)
            finally:
                release_job(control, job.id)
    return count


def _run(engine: Engine, control: Connection, job: Job, uploads: Uploads | None) -> None:
    try:
        _work(engine, control, job, uploads)
    except Cancelled:
        _LOG.info("job %s was cancelled", job.id)
    except MapError as error:
        if _is_worth_another_try(error) and retry_job(control, job.id):
            return
        found = error.rows if isinstance(error, UndoRefused | FaultyRows) else ()
        result = {"rows": [asdict(row) for row in found]} if found else None
        finish_job(control, job.id, "failed", message=_clean(str(error)), result=result)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of a library written in Rust is no Exception
        if _is_worth_another_try(error) and retry_job(control, job.id):
            return
        _LOG.error("job %s (%s) failed: %s", job.id, job.kind, describe_fault(error))
        finish_job(control, job.id, "failed", message=_FAULT)


def _clean(message: str) -> str:
    """Return a sentence that the database can keep, whatever of a file it quotes."""
    return message.encode("utf-8", "replace").decode().replace("\0", "?")


def _work(engine: Engine, control: Connection, job: Job, uploads: Uploads | None) -> None:
    runner = RUNNERS.get(job.kind)
    if runner is None:
        raise MapError(_NOT_YET)
    upload_id = job.args.get("upload")
    upload = uploads.get(str(upload_id), job.user) if uploads and upload_id else None
    work = Work(job, upload.path if upload and upload.is_whole else None)
    with writing(engine, LOCAL_VIEWER) as conn:
        outcome = runner(conn, work, Progress(control, job.id))
        _close(conn, job, outcome)
    if uploads and upload and not job.args.get("dry_run"):
        uploads.remove(upload)


def _close(conn: Connection, job: Job, outcome: Outcome) -> None:
    """Say in the work's own transaction that it is done, and record it in its person's name."""
    if not finish_job(conn, job.id, "done", result=outcome.result):
        raise Cancelled
    if outcome.action is None:
        return
    # What is derived is made before the log is held, which everybody else waits for.
    conn.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    bind_viewer(conn, Viewer(user=job.user, role=job.role, area=job.area))
    detail = {k: v for k, v in (outcome.detail or {}).items() if v is not None}
    record(
        conn,
        outcome.action,
        household=outcome.household,
        area=outcome.area,
        detail={**detail, "job": job.id},
    )


def _is_worth_another_try(error: BaseException) -> bool:
    """Whether the job met another one: a second later it finds what that one has written."""
    fault = error if isinstance(error, DBAPIError) else error.__cause__
    met = (
        psycopg.errors.DeadlockDetected,
        psycopg.errors.SerializationFailure,
        psycopg.errors.UniqueViolation,
    )
    return isinstance(fault, DBAPIError) and isinstance(fault.orig, met)


def describe_fault(error: BaseException) -> str:
    """Return where a fault happened, without its words: those may quote a row of the register."""
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__name__}{f' ({state})' if state else ''}\n{frames}"
