"""The journal of one import: its ledger, and every row that was not taken as it stood."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
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
_OUTSIDE_RIGHTS = N_("Desa ini di luar wilayah kerja Anda.")
_REMARK = N_("{count} baris dimuat dengan catatan: {remark}")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file comes from, and who brings it.

    Attributes
    ----------
    code, name, as_of
        Of its source.
    user
        Account; ``local`` at the command line.
    area
        Kemendagri code of the area that the user may write in; None is the whole regency.
    """

    code: str
    name: str
    as_of: date
    user: str = "local"
    area: str | None = None

    def may_write(self, area_code: str | None) -> bool:
        """Say whether the user may write in a desa."""
        inside = self.area is None or f"{area_code}.".startswith(f"{self.area}.")
        return inside or area_code is None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that a person must decide about.

    Attributes
    ----------
    reason
        An Indonesian sentence.
    checked
        The row as it was understood, as JSON.
    area_code
        Its desa.
    """

    reason: str
    checked: str
    area_code: str | None


@dataclass(frozen=True, slots=True)
class _Kept:
    """A row that was not taken as it stood."""

    outcome: str
    reason: str
    content: str
    area_code: str | None
    checked: str | None = None


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
    batch_id
        Of the batch, once it is open.
    """

    table: Table
    key: str
    ledger: Ledger = field(default_factory=Ledger)
    batch_id: int = 0
    _kept: dict[int, _Kept] = field(default_factory=dict)
    _remarks: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Note the columns that will not be loaded."""
        for title in self.table.unknown_columns:
            self.ledger.notes.append(_UNKNOWN_COLUMN.format(title=title[:60]))

    def sift(
        self,
        check: Check,
        progress: Progress | None = None,
        chunk_rows: int = CHUNK_ROWS,
        *,
        origin: Origin | None = None,
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
        origin
            Rows of a desa that its user may not write in are rejected.
        """
        done = 0
        for chunk in self.table.iter_chunks(chunk_rows):
            verdict = Verdict(len(chunk.raw))
            # Rows with missing or surplus cells fail before their cells are looked at.
            verdict.reject(chunk.ragged, RAGGED)
            block = check(chunk, verdict)
            areas = block.get("area_code") or [None] * verdict.size
            if origin and origin.area:
                astray = [n for n, code in enumerate(areas) if not origin.may_write(code)]
                verdict.reject(astray, _OUTSIDE_RIGHTS)
            yield verdict.accept(block)
            self._close(chunk, verdict, areas)
            done += len(chunk.raw)
            if progress:
                progress(done)

    def _close(self, chunk: Chunk, verdict: Verdict, areas: Sequence[str | None]) -> None:
        for position, reasons in sorted(verdict.rejected.items()):
            number, area = chunk.numbers[position], areas[position]
            self._reject(number, reasons, chunk.raw[position], area)
        for position, remarks in sorted(verdict.noted.items()):
            if position not in verdict.rejected:
                number, area = chunk.numbers[position], areas[position]
                self._keep(number, "noted", remarks, chunk.raw[position], area)
                self._remarks.update(remarks)

    def reject_later(self, reasons: Mapping[int, str]) -> None:
        """Reject rows that only the database could judge, by row number."""
        for number, row in self.table.pick_rows(set(reasons)).items():
            before = self._kept.pop(number, None)
            self._reject(number, [reasons[number]], row, before.area_code if before else None)

    def ask_for_review(self, waiting: Mapping[int, Waiting]) -> None:
        """Let rows wait for a person to decide, by row number."""
        for number, row in self.table.pick_rows(set(waiting)).items():
            asked = waiting[number]
            remarks = [before.reason] if (before := self._kept.get(number)) else []
            self.ledger.count("review")
            reasons = [asked.reason, *remarks]
            self._keep(number, "review", reasons, row, asked.area_code, asked.checked)

    def open_batch(self, conn: Connection, kind: str, origin: Origin) -> int:
        """Enter the batch, so that what is written can name it; its ledger follows at the end."""
        with self.table.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        values = {
            "kind": kind,
            "format": self.table.format.key,
            "file_name": self.table.path.name,
            "sha256": digest,
            "source": origin.code,
            "as_of": origin.as_of,
            "user_name": origin.user,
            "area_code": origin.area,
            "ledger": {},
        }
        self.batch_id = conn.scalars(insert(ImportBatch).returning(ImportBatch.id), values).one()
        self.ledger.batch_id = self.batch_id
        return self.batch_id

    def save(self, conn: Connection) -> Ledger:
        """Write the rows and the ledger of the open batch, and return the balanced ledger."""
        self.ledger.notes += self.table.remarks
        for remark, count in self._remarks.most_common():
            self.ledger.notes.append(_REMARK.format(count=count, remark=remark))
        self.ledger.check()
        conn.execute(
            update(ImportBatch).where(ImportBatch.id == self.batch_id),
            # The titles in their order, which the rows' own JSON doesn't keep.
            {"ledger": self.ledger.as_dict() | {"header": list(self.table.header)}},
        )
        columns = ("batch_id", "row_number", "outcome", "reason", "content", "area_code", "checked")
        rows = (
            (self.batch_id, number, k.outcome, k.reason, k.content, k.area_code, k.checked)
            for number, k in self._kept.items()
        )
        copy_rows(conn, "import_row", columns, rows)
        return self.ledger

    def _reject(
        self, number: int, reasons: list[str], row: list[str], area: str | None = None
    ) -> None:
        at = self.table.columns.get(self.key)
        key = row[at].strip() if at is not None and at < len(row) else None
        # Counted under its first reason, so that the reasons add up to the rejected rows.
        self.ledger.reject(number, reasons[0], key or None)
        self._keep(number, "rejected", reasons, row, area)

    def _keep(
        self,
        number: int,
        outcome: str,
        reasons: list[str],
        row: list[str],
        area: str | None = None,
        checked: str | None = None,
    ) -> None:
        content = json.dumps(self.table.describe(row), ensure_ascii=False)
        self._kept[number] = _Kept(outcome, " ".join(reasons), content, area, checked)


def ensure_source(conn: Connection, kind: str, origin: Origin) -> None:
    """Enter the source of a file, or bring its name and as-of date up to date.

    Raises
    ------
    InvalidFile
        When the code already names a source of another kind. Statistics may come under the
        source of a register, whose name and date then stay.
    """
    code, name, as_of = origin.code, origin.name, origin.as_of
    known = conn.execute(
        select(Source.kind, Source.name, Source.as_of).where(Source.code == code)
    ).one_or_none()
    if known is None:
        conn.execute(insert(Source), {"code": code, "kind": kind, "name": name, "as_of": as_of})
    elif known.kind == "register" and kind in ("statistic", "population", "survey"):
        # A register brings its own denominators, and persons and positions in files of their own.
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
