"""The job ``import``: an uploaded file into the database, or, as a trial, not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Connection, exists, update

from dashboard.jobs.work import Outcome, Progress, Work, name_as_owner_does
from dashboard.loading import load_file, wait_for_turn
from dashboard.upload_faults import UploadNotFound
from db.column_mapping import keep_mapping
from db.ledger import Ledger
from db.models import ImportBatch, Source
from db.registers import IMPORTERS
from geo.errors import InvalidFile
from geo.text import N_

_UNKNOWN_KIND = N_("Jenis berkas ini belum dapat dimuat.")
_LINES_AT_ONCE = 1 << 20
_READING = {
    "format": "format_key",
    "mapping": "mapping",
    "programme": "programme_code",
    "period": "period",
}
"""Argument of the job to that of the importer; the last two go with lists of aid."""
_TEXT_ENDINGS = (".csv", ".txt", ".tsv")


def run(conn: Connection, work: Work, progress: Progress) -> Outcome:
    """Load the file; a trial is taken back and leaves its ledger only.

    Raises
    ------
    InvalidFile, MapError
        When the file is refused or gone; nothing of it is loaded.
    """
    if work.file is None:
        raise UploadNotFound()
    args = work.args
    progress(0, _count_rows(work))
    is_trial = bool(args.get("dry_run"))
    if is_trial:
        wait_for_turn(conn)
        trial = conn.begin_nested()
        ledger = _load(conn, work, progress)
        trial.rollback()
    else:
        ledger = load_file(conn, lambda conn: _load(conn, work, progress))
        _finish(conn, work, ledger)
    detail = {
        "files": [args["file_name"]],
        "kind": args["kind"],
        "rows": ledger.read,
        "batch": None if is_trial else ledger.batch_id,
        "trial": is_trial or None,
    }
    return Outcome(_describe(ledger, is_trial=is_trial), "import", detail, area=work.job.area)


def _load(conn: Connection, work: Work, progress: Progress) -> Ledger:
    args, job = work.args, work.job
    door: Callable[..., Ledger] | None = IMPORTERS.get(args["kind"])
    if door is None:
        raise InvalidFile(_UNKNOWN_KIND)
    reading = {name: args[key] for key, name in _READING.items() if args.get(key)}
    try:
        assert work.file is not None
        return door(
            conn,
            work.file,
            source_code=args["source"],
            source_name=args["source_name"],
            as_of=date.fromisoformat(args["as_of"]),
            user=job.user,
            area=job.area,
            progress=progress,
            **reading,
        )
    except InvalidFile as error:
        raise name_as_owner_does(error, work) from error


def _finish(conn: Connection, work: Work, ledger: Ledger) -> None:
    args = work.args
    named = update(ImportBatch).where(ImportBatch.id == ledger.batch_id)
    conn.execute(named.values(file_name=args["file_name"]))
    if args.get("invented"):
        # Of a source that this file made: nobody calls what is known as real invented.
        others = exists().where(
            ImportBatch.source == args["source"], ImportBatch.id != ledger.batch_id
        )
        made = update(Source).where(Source.code == args["source"], ~others)
        conn.execute(made.values(is_synthetic=True))
    # Nobody in a desa sets how the regency's files are read, nor does a file of which nothing came.
    is_of_use = work.job.area is None and ledger.read > ledger.rejected
    if is_of_use and args.get("mapping") and args.get("header"):
        keep_mapping(conn, args["kind"], args["header"], args["mapping"], work.job.user)


def _describe(ledger: Ledger, *, is_trial: bool) -> dict[str, Any]:
    """Return what the page of the job shows; the rows of a batch stand in the batch."""
    told = ledger.as_dict()
    rows = told.pop("rows", [])
    told["trial"] = is_trial
    told["batch"] = None if is_trial else ledger.batch_id
    if is_trial:
        told["rows"] = [{k: row[k] for k in ("row", "outcome", "reason")} for row in rows]
    return told


def _count_rows(work: Work) -> int | None:
    """Return about how many rows a text file has; None of another."""
    assert work.file is not None
    if work.file.suffix not in _TEXT_ENDINGS:
        return None
    lines = 0
    with work.file.open("rb") as file:
        while block := file.read(_LINES_AT_ONCE):
            lines += block.count(b"\n")
    return max(1, lines - 1)
