"""Aid from a file of recipients: each row one programme for one household in one period."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from db.ledger import Ledger
from db.models import Programme
from db.registers.checks import Column, Verdict, check_kks, check_niks, reject_repeated
from db.registers.copying import Block, copy_blocks
from db.registers.files import Chunk, open_table
from db.registers.formats import Field, Format
from db.registers.journal import Journal, Origin, Progress, ensure_source
from db.registers.merge_aid import COLUMNS, create_incoming_aid, merge_aid
from db.registers.readers import read_amount, read_choice, read_period, read_sound_texts, read_text
from geo.text import N_

KENTONGAN = Format(
    "kentongan",
    (
        Field(
            "external_id",
            "Kunci keluarga",
            ("external_id", "id_keluarga", "kunci_keluarga", "household_key", "household_id"),
        ),
        Field(
            "household_source",
            "Sumber keluarga",
            ("household_source", "sumber_keluarga", "kode_sumber_keluarga"),
        ),
        Field(
            "nik",
            "NIK kepala keluarga",
            ("nik", "head_nik", "nik_kepala_keluarga", "nik_kepala"),
        ),
        Field("kk", "Nomor KK", ("kk", "no_kk", "nomor_kk", "nomor_kartu_keluarga")),
        Field("person_nik", "NIK penerima", ("person_nik", "nik_penerima", "nik_anggota")),
        Field(
            "programme_code",
            "Kode program",
            ("programme_code", "programme", "program_code", "program", "kode_program"),
        ),
        Field("period", "Periode", ("period", "periode", "tahun", "year")),
        Field(
            "amount_idr",
            "Nilai bantuan (Rp)",
            ("amount_idr", "amount", "nilai", "nilai_rp", "jumlah_rp", "nominal"),
        ),
        Field("status", "Status", ("status", "status_bantuan")),
    ),
    (("external_id", "nik", "kk", "person_nik"), ("programme_code",), ("period",)),
)
FORMATS = (KENTONGAN,)

STATUSES = {
    "received": "received", "diterima": "received", "menerima": "received", "sudah": "received",
    "planned": "planned", "direncanakan": "planned", "rencana": "planned",
    "stopped": "stopped", "dihentikan": "stopped", "berhenti": "stopped",
}  # fmt: skip


_CHECKED = (
    "row_number", "external_id", "household_source", "nik", "kk", "person_nik", "programme_code",
    "period", "amount_idr", "status",
)  # fmt: skip
_NO_KEY = N_("Kunci keluarga, NIK, dan nomor KK kosong.")
_UNKNOWN_PROGRAMME = N_("Kode program tidak dikenal.")
_NO_PROGRAMME = N_("Kode program kosong.")
_BAD_PERIOD = N_("Periode harus seperti 2026, 2026-07, 2026-S1, atau 2026-Q3.")
_NO_PERIOD = N_("Periode kosong.")
_BAD_AMOUNT = N_("Nilai bantuan bukan angka rupiah bulat.")
_BAD_STATUS = N_("Status bantuan harus diterima, direncanakan, atau dihentikan.")
_BAD_KEY = N_("Kunci keluarga terlalu panjang.")
_REPEATED = N_("Bantuan yang sama sudah ada di baris sebelumnya.")


def import_aid(
    conn: Connection,
    file: Path,
    *,
    source_code: str,
    source_name: str,
    as_of: date,
    user: str = "local",
    area: str | None = None,
    progress: Progress | None = None,
    **reading: Any,
) -> Ledger:
    """Load a file of aid (docs/data.md), whole or not at all.

    A row finds its household by key, otherwise by the NIK of the head, the family card, or the
    NIK of the recipient. The same programme, period and recipient is the same aid.

    Parameters
    ----------
    conn
        In a transaction of the caller's.
    file
        CSV or .xlsx; amounts in whole rupiah.
    source_code, source_name
        The list it comes from.
    as_of
        Date the list was drawn up.
    user, area
        Who brings it, and the area they may write in; None is the whole regency.
    progress
        Called with the number of rows checked so far.
    reading
        How the file is read: ``format_key``, ``mapping`` (:func:`db.registers.files.open_table`).

    Returns
    -------
    Ledger

    Raises
    ------
    InvalidFile
        When the file is refused; nothing of it is loaded.
    """
    table = open_table(file, FORMATS, **reading)
    key = next(k for k in ("external_id", "nik", "kk", "person_nik") if k in table.columns)
    journal = Journal(table, key)
    origin = Origin(source_code, source_name, as_of, user, area)
    with conn.begin_nested():
        ensure_source(conn, "aid", origin)
        journal.open_batch(conn, "aid", origin)
        checker = _Checker(_list_columns(_programme_codes(conn)))
        create_incoming_aid(conn)
        blocks = journal.sift(checker.check, progress, origin=origin)
        columns = [n for n in COLUMNS if n in {*_CHECKED, *table.columns}]
        copy_blocks(conn, "incoming_aid", columns, blocks)
        review = merge_aid(conn, journal, origin)
        ledger = journal.save(conn)
        review.store(conn, journal.batch_id)
        return ledger


def _programme_codes(conn: Connection) -> dict[str, str]:
    codes = conn.scalars(select(Programme.code))
    return {" ".join(code.lower().replace("_", " ").split()): code for code in codes}


def _list_columns(programmes: dict[str, str]) -> list[Column]:
    return [
        Column("external_id", read_text, _BAD_KEY, read_sound=read_sound_texts),
        Column("household_source", read_text, _BAD_KEY),
        Column("programme_code", read_choice(programmes), _UNKNOWN_PROGRAMME),
        Column("period", read_period, _BAD_PERIOD),
        Column("amount_idr", read_amount, _BAD_AMOUNT),
        Column("status", read_choice(STATUSES), _BAD_STATUS),
    ]


@dataclass(slots=True)
class _Checker:
    """Checks the chunks of one file; remembers the aid it has seen."""

    columns: list[Column]
    seen: set[Any] = field(default_factory=set)

    def check(self, chunk: Chunk, verdict: Verdict) -> Block:
        """Return the rows as columns of ``incoming_aid``."""
        values: dict[str, Any] = {c.key: c.read(chunk, verdict) for c in self.columns}
        values["nik"] = check_niks(chunk, "nik", verdict)
        values["kk"] = check_kks(chunk, "kk", verdict)
        values["person_nik"] = check_niks(chunk, "person_nik", verdict)
        names = ("external_id", "nik", "kk", "person_nik", "household_source")
        keys = list(zip(*(values[name] for name in names), strict=True))
        verdict.reject([n for n, key in enumerate(keys) if not any(key[:4])], _NO_KEY)
        for name, reason in (("programme_code", _NO_PROGRAMME), ("period", _NO_PERIOD)):
            empty = [n for n, text in enumerate(chunk.cells[name]) if not text.strip()]
            verdict.reject(empty, reason)
        same = zip(keys, values["programme_code"], values["period"], strict=True)
        reject_repeated(same, self.seen, verdict, _REPEATED)
        values["row_number"] = chunk.numbers
        return values
