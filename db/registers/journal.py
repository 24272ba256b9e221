"""The journal of one import: its ledger, and every row that was not taken as it stood."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, insert, select, update

from db.ledger import Ledger
from db.models import ImportBatch, Source
from db.registers.checks import RAGGED, Verdict
from db.registers.copying import Block, copy_rows
from db.registers.files import CHUNK_ROWS, Chunk, Table
from geo.errors import InvalidFile
from geo.text import N_

Check = Callable[[Chunk, Verdict], Block]
Progress = Callable[[int], None]

_UNKNOWN_COLUMN = N_("Kolom “{title}” tidak dikenal dan tidak dimuat.")
_REMARK = N_("{count} baris dimuat dengan catatan: {remark}")


@dataclass(slots=True)
class Journal:
    """What became of the rows of one file.

    Attributes
    ----------
    table
        The file.
    key
        Field that a person finds a row by.
    ledger
        The account so far.
    """

    table: Table
    key: str
    ledger: Ledger = field(default_factory=Ledger)
    _kept: list[tuple[int, str, str, str]] = field(default_factory=list)
    _remarks: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Note the columns that will not be loaded."""
        for title in self.table.unknown_columns:
            self.ledger.notes.append(_UNKNOWN_COLUMN.format(title=title[:60]))

    def sift(
        self, check: Check, progress: Progress | None = None, chunk_rows: int = CHUNK_ROWS
    ) -> Iterator[Block]:
        """Read the file and pass the rows on that a check accepts; enter the others.

        Parameters
        ----------
        check
            Called with each chunk and its open verdict; returns the columns of all its rows.
        progress
            Called with the number of rows checked so far.
        chunk_rows
            Rows of a chunk.
        """
        done = 0
        for chunk in self.table.iter_chunks(chunk_rows):
            verdict = Verdict(len(chunk.raw))
            # Rows with missing or surplus cells fail before their cells are looked at.
            verdict.reject(chunk.ragged, RAGGED)
            yield verdict.accept(check(chunk, verdict))
            self._close(chunk, verdict)
            done += len(chunk.raw)
            if progress:
                progress(done)

    def _close(self, chunk: Chunk, verdict: Verdict) -> None:
        for position, reasons in sorted(verdict.rejected.items()):
            self._reject(chunk.numbers[position], reasons, chunk.raw[position])
        for position, remarks in sorted(verdict.noted.items()):
            if position not in verdict.rejected:
                self._keep(chunk.numbers[position], "noted", remarks, chunk.raw[position])
                self._remarks.update(remarks)

    def reject_later(self, reasons: Mapping[int, str]) -> None:
        """Reject rows that only the database could judge, by row number."""
        self._kept = [kept for kept in self._kept if kept[0] not in reasons]
        for number, row in self.table.pick_rows(set(reasons)).items():
            self._reject(number, [reasons[number]], row)

    def save(self, conn: Connection, kind: str, source_code: str) -> Ledger:
        """Write the batch and its rows, and return the balanced ledger."""
        self.ledger.notes += self.table.remarks
        for remark, count in self._remarks.most_common():
            self.ledger.notes.append(_REMARK.format(count=count, remark=remark))
        self.ledger.check()
        with self.table.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        batch_id = conn.scalar(
            insert(ImportBatch).returning(ImportBatch.id),
            {
                "kind": kind,
                "file_name": self.table.path.name,
                "sha256": digest,
                "source": source_code,
                "ledger": self.ledger.as_dict(),
            },
        )
        columns = ("batch_id", "row_number", "outcome", "reason", "content")
        copy_rows(conn, "import_row", columns, ((batch_id, *kept) for kept in self._kept))
        return self.ledger

    def _reject(self, number: int, reasons: list[str], row: list[str]) -> None:
        at = self.table.columns.get(self.key)
        key = row[at].strip() if at is not None and at < len(row) else None
        # Counted under its first reason, so that the reasons add up to the rejected rows.
        self.ledger.reject(number, reasons[0], key or None)
        self._keep(number, "rejected", reasons, row)

    def _keep(self, number: int, outcome: str, reasons: list[str], row: list[str]) -> None:
        content = json.dumps(self.table.describe(row), ensure_ascii=False)
        self._kept.append((number, outcome, " ".join(reasons), content))


def ensure_source(conn: Connection, code: str, kind: str, name: str, as_of: date) -> None:
    """Enter the source of a file, or bring its name and as-of date up to date.

    Raises
    ------
    InvalidFile
        When the code already names a source of another kind. Statistics may come under the
        source of a register, whose name and date then stay.
    """
    known = conn.execute(
        select(Source.kind, Source.name, Source.as_of).where(Source.code == code)
    ).one_or_none()
    if known is None:
        conn.execute(insert(Source), {"code": code, "kind": kind, "name": name, "as_of": as_of})
    elif (known.kind, kind) == ("register", "statistic"):
        # A register brings its own denominators; they must stand under its source to be used.
        return
    elif known.kind != kind:
        raise InvalidFile(
            N_("Kode sumber “{code}” sudah dipakai untuk “{name}”, data jenis lain."),
            code=code,
            name=known.name,
        )
    elif known.name != name or known.as_of < as_of:
        # Only when something changes: every write to a source makes kept pages stale.
        newest = max(known.as_of, as_of)
        conn.execute(update(Source).where(Source.code == code), {"name": name, "as_of": newest})
