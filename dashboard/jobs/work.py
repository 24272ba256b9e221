"""What a kind of job is given, and what it gives back."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from db.jobs import Job, write_progress
from geo.errors import InvalidFile

PROGRESS_EVERY_S = 0.2


class Cancelled(Exception):
    """Somebody stopped the job; its transaction is taken back."""


@dataclass(slots=True)
class Progress:
    """Tells how far a job is, on a connection beside that of the work.

    Parameters
    ----------
    conn
        In autocommit.
    job_id
        Whose progress it is.
    """

    conn: Connection
    job_id: int
    _written_at: float = field(default=0.0, init=False)

    def __call__(self, done: int, total: int | None = None) -> None:
        """Write the number of rows done, five times a second at most.

        Raises
        ------
        Cancelled
            When the job was stopped meanwhile.
        """
        now = time.monotonic()
        if total is None and now - self._written_at < PROGRESS_EVERY_S:
            return
        self._written_at = now
        if not write_progress(self.conn, self.job_id, done, total):
            raise Cancelled


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job.

    Attributes
    ----------
    result
        Kept with the job, for the page that asked.
    action
        ``import`` or ``change``, for the audit log; None records nothing.
    detail
        Of the audit event: ids, codes and counts.
    area, household
        Whom the event is about, where it is about one.
    """

    result: Mapping[str, Any]
    action: str | None = "change"
    detail: Mapping[str, Any] | None = None
    area: str | None = None
    household: int | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """A job as it is handed to the code that does it.

    Attributes
    ----------
    job
        What is asked for, and by whom.
    file
        The upload that it names, of the same person; None without one.
    """

    job: Job
    file: Path | None = None

    @property
    def args(self) -> Mapping[str, Any]:
        """What to do."""
        return self.job.args


Runner = Callable[[Connection, Work, Progress], Outcome]


def name_as_owner_does(error: InvalidFile, work: Work) -> InvalidFile:
    """Say the name that the file has at its owner's, not the one it is kept under."""
    assert work.file is not None
    names = {work.file.name: work.args["file_name"]}
    fields = {k: names.get(v, v) if isinstance(v, str) else v for k, v in error.fields.items()}
    return InvalidFile(error.user_msg, **fields)
