"""Jobs: work that a page asks for and the worker does, since the web server may not write.

Pages submit, look at and cancel jobs in their viewer's name; the worker, which owns the database,
claims them, tells how far it is, and says how they ended. A worker holds an advisory lock for the
job it runs: a running job whose lock is free has lost its worker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from geo.errors import AccessDenied, MapError
from geo.text import N_

KINDS = (
    *("import", "undo", "decide", "verify", "repair", "precedence"),
    *("plan", "approve", "deliver"),
)
ENDED = ("done", "failed", "cancelled")
CHANNEL = "kentongan_job"
"""Notified whenever a job is submitted."""

_NOT_YOURS = N_("Peran Anda tidak boleh meminta pekerjaan ini.")
_LOST = N_(
    "Pekerjaan ini terputus dua kali sebelum selesai. Tidak ada yang dimuat atau diubah; ulangi,"
    " dan bila terputus lagi hubungi pengelola."
)
_LOCKS = 7_305
"""First number of the advisory locks of running jobs; the second is made of the job's id."""

_COLUMNS = (
    "id, kind, state, user_name, area_code, args, rows_done, rows_total, message, result,"
    " created_at, started_at, finished_at"
)
_SUBMIT = text("SELECT submit_job(:kind, :args)").bindparams(bindparam("args", type_=JSONB))
_GET = text(f"SELECT {_COLUMNS} FROM job WHERE id = :id")
_LIST = text(f"""
    SELECT {_COLUMNS} FROM job
    WHERE (CAST(:kind AS text) IS NULL OR kind = :kind) AND (NOT :unfinished OR finished_at IS NULL)
    ORDER BY id DESC LIMIT :most
""")
# One statement, so that no other worker sees the job running without its lock.
_CLAIM = text(f"""
    UPDATE public.job SET state = 'running', started_at = clock_timestamp(), rows_done = 0
    WHERE id = (SELECT id FROM public.job WHERE state = 'waiting' AND kind = ANY(:kinds)
                ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING {_COLUMNS}, role,
              pg_try_advisory_lock({_LOCKS}, (id % 2147483647)::int) AS is_locked
""")
_UNLOCK = text(f"SELECT pg_advisory_unlock({_LOCKS}, (:id % 2147483647)::int)")
_PROGRESS = text("""
    UPDATE public.job SET rows_done = :done, rows_total = coalesce(:total, rows_total)
    WHERE id = :id AND state = 'running'
""")
_FINISH = text("""
    UPDATE public.job SET state = :state, message = :message, result = :result,
                          finished_at = clock_timestamp()
    WHERE id = :id AND state = 'running'
""").bindparams(bindparam("result", type_=JSONB(none_as_null=True)))
_RETRY = text("""
    UPDATE public.job SET state = 'waiting', started_at = NULL, rows_done = 0,
                          args = args || '{"is_rerun": true}'
    WHERE id = :id AND state = 'running' AND NOT args ? 'is_rerun'
""")
_LIST_RUNNING = text("SELECT id FROM public.job WHERE state = 'running' ORDER BY id")
_IS_LOST = text(f"SELECT pg_try_advisory_lock({_LOCKS}, (:id % 2147483647)::int)")


@dataclass(frozen=True, slots=True)
class Job:
    """Work that was asked for.

    Attributes
    ----------
    id, kind, state
        As in the table ``job``.
    user, role, area
        Who asked, and the area their rights reach over. The role is known to the worker only.
    args
        What to do; never a name or an identity number.
    rows_done, rows_total
        How far it is. The total is None while it isn't known.
    message
        What went wrong, in Indonesian.
    result
        What came of it.
    """

    id: int
    kind: str
    state: str
    user: str
    area: str | None
    args: Mapping[str, Any]
    rows_done: int
    rows_total: int | None
    message: str | None
    result: Mapping[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    role: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ENDED


class JobNotFound(MapError):
    """A job that does not exist, or is another person's; both answer alike."""

    status = 404

    def __init__(self, job_id: int) -> None:
        super().__init__(N_("Pekerjaan nomor {id} tidak ditemukan."), id=job_id)


def submit_job(conn: Connection, kind: str, args: Mapping[str, Any]) -> int:
    """Ask for work in the name of the transaction's viewer.

    Parameters
    ----------
    conn
        In a read-write transaction of a viewer; the worker hears of the job when it commits.
    kind
        One of :data:`KINDS`.
    args
        What to do. They are kept: ids and codes only, no names, no identity numbers.

    Returns
    -------
    int
        The job's number.

    Raises
    ------
    AccessDenied
        When the role may not ask for this.
    """
    job_id = conn.scalar(_SUBMIT, {"kind": kind, "args": dict(args)})
    if job_id is None:
        raise AccessDenied(_NOT_YOURS, status=403)
    return int(job_id)


def get_job(conn: Connection, job_id: int) -> Job:
    """Return a job of the viewer.

    Raises
    ------
    JobNotFound
        When there is none of that number, or it is somebody else's.
    """
    row = conn.execute(_GET, {"id": job_id}).one_or_none() if job_id < 2**63 else None
    if row is None:
        raise JobNotFound(job_id)
    return Job(*row)


def list_jobs(
    conn: Connection, *, kind: str | None = None, unfinished: bool = False, most: int = 20
) -> tuple[Job, ...]:
    """Return the viewer's jobs, the newest first."""
    asked = {"kind": kind, "unfinished": unfinished, "most": most}
    return tuple(Job(*row) for row in conn.execute(_LIST, asked))


def cancel_job(conn: Connection, job_id: int) -> bool:
    """Stop a job of the viewer; False when it is over already, or not theirs.

    A running import notices at its next rows, and leaves nothing behind.
    """
    return bool(conn.scalar(text("SELECT cancel_job(:id)"), {"id": job_id}))


def claim_job(conn: Connection, kinds: Sequence[str] = KINDS) -> Job | None:
    """Take the oldest waiting job of some kinds, and hold its lock on this connection.

    Parameters
    ----------
    conn
        The worker's, in autocommit; the lock lasts until :func:`release_job` or its end.
    kinds
        Which to look for.
    """
    row = conn.execute(_CLAIM, {"kinds": list(kinds)}).one_or_none()
    return None if row is None else Job(*row[:-1])


def release_job(conn: Connection, job_id: int) -> None:
    """Give the lock of a claimed job back."""
    conn.execute(_UNLOCK, {"id": job_id})


def write_progress(conn: Connection, job_id: int, done: int, total: int | None = None) -> bool:
    """Say how many rows are done; False when the job was cancelled meanwhile.

    ``conn`` must not be that of the work itself, whose transaction nobody sees yet.
    """
    wanted = {"id": job_id, "done": done, "total": total}
    return conn.execute(_PROGRESS, wanted).rowcount == 1


def finish_job(
    conn: Connection,
    job_id: int,
    state: str,
    *,
    message: str | None = None,
    result: Mapping[str, Any] | None = None,
) -> bool:
    """Say how a running job ended; False when it was cancelled meanwhile.

    A job that is done says so in the transaction of its work: one is there when the other is.
    """
    kept = None if result is None else dict(result)
    wanted = {"id": job_id, "state": state, "message": message, "result": kept}
    return conn.execute(_FINISH, wanted).rowcount == 1


def retry_job(conn: Connection, job_id: int) -> bool:
    """Let a running job wait again; False when it has been tried twice."""
    return conn.execute(_RETRY, {"id": job_id}).rowcount == 1


def recover_jobs(conn: Connection) -> int:
    """Take up the jobs whose worker is gone: each is tried once more, and then given up.

    Parameters
    ----------
    conn
        The worker's, in autocommit.

    Returns
    -------
    int
        How many had lost their worker. Nothing of them was loaded.
    """
    lost = 0
    for job_id in conn.scalars(_LIST_RUNNING).all():
        if not conn.scalar(_IS_LOST, {"id": job_id}):
            continue
        lost += 1
        if not retry_job(conn, job_id):
            finish_job(conn, job_id, "failed", message=_LOST)
        release_job(conn, job_id)
    return lost
