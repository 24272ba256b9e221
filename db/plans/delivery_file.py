"""The list as an agency sends it back, filled in: every row is understood, or none is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from db.models.plans import OUTCOMES
from db.plans.delivery import (
    DeliveryPlan,
    InvalidDelivery,
    Recorder,
    Said,
    check_said,
    open_plan,
    record_outcomes,
)
from db.queries.selection import area_pattern
from db.registers.dates import read_date
from db.registers.files import open_table
from db.registers.formats import Field, Format
from db.registers.identity import read_identity_number
from geo.errors import MapError
from geo.text import N_

OUTCOME_WORDS: Mapping[str, str] = {
    "delivered": N_("Diterima"),
    "refused": N_("Menolak"),
    "moved": N_("Pindah"),
    "not_found": N_("Tidak ditemukan"),
}
"""What a file says of each outcome; its list to choose from holds these."""
_MEANINGS: Mapping[str, str] = {
    **{code: code for code in OUTCOMES},
    "diserahkan": "delivered", "sudah diserahkan": "delivered", "diterima": "delivered",
    "tersalurkan": "delivered", "menolak": "refused", "ditolak": "refused", "pindah": "moved",
    "pindah alamat": "moved", "tidak ditemukan": "not_found", "tidak ada": "not_found",
}  # fmt: skip
FORMAT = Format(
    "hasil_penyaluran",
    "Daftar sasaran yang diisi hasilnya",
    "deliveries",
    (
        Field("number", "Nomor", ("nomor", "no", "nomor_sasaran", "no_urut", "nomor_urut")),
        Field("nik", "NIK", ("nik", "no_nik")),
        Field("outcome", "Hasil", ("hasil", "hasil_penyaluran")),
        Field("on", "Tanggal", ("tanggal", "tanggal_penyaluran", "tgl")),
        Field("note", "Catatan", ("catatan", "keterangan")),
    ),
    (("number",), ("nik",), ("outcome",), ("on",)),
    ignored=frozenset(
        ("nama", "alamat", "rt", "rw", "desa_kelurahan", "kecamatan", "nilai_rp", "nilai")
    ),
)
MOST_ROWS = 100_000
_MOST_FAULTS = 1_000
_NUMBER = re.compile(r"(\d{1,9})(?:[.,]0+)?", re.ASCII)
_MASK = re.compile(r"(\d{4})\*{8}(\d{4})", re.ASCII)

_NO_NUMBER = N_("Nomor sasaran kosong atau bukan angka.")
_NO_TARGET = N_("Nomor ini tidak ada dalam daftar, atau di luar wilayah kerja Anda.")
_OTHER_NIK = N_("NIK tidak cocok dengan sasaran nomor ini.")
_UNKNOWN = N_("Hasilnya tidak dikenal; isi Diterima, Menolak, Pindah, atau Tidak ditemukan.")
_NO_OUTCOME = N_("Tanggal atau catatan terisi, tetapi hasilnya kosong.")
_NO_DAY = N_("Tanggalnya kosong atau tidak terbaca; tulis seperti 31-12-2026.")
_TWICE = N_("Nomor ini sudah ada di baris lain.")
_RAGGED = N_("Jumlah sel tidak sama dengan jumlah judul kolom.")
_FAULTS = N_(
    "{count} baris tidak dapat dicatat, jadi tidak satu pun yang dicatat. Perbaiki baris-baris itu,"
    " lalu muat lagi berkasnya."
)
_TOO_MANY = N_("Berkas berisi lebih dari {limit} baris.")

_TARGETS = text("""
    SELECT rank, household_id, nik FROM plan_target
    WHERE plan_id = :plan AND area_code LIKE :pattern
""")


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A row of a file that can't be recorded.

    Attributes
    ----------
    row
        Of the file; the first row of data after a header in the first row is 1.
    number
        The target that it names, as it stands there.
    reason
        An Indonesian sentence.
    """

    row: int
    number: str
    reason: str


class FaultyRows(MapError):
    """A file with rows that can't be recorded; ``rows`` are these, and nothing is changed."""

    status = 400

    def __init__(self, rows: tuple[FaultyRow, ...], count: int) -> None:
        self.rows = rows
        super().__init__(_FAULTS, count=count)


@dataclass(frozen=True, slots=True)
class FileReport:
    """What came of a file: ``read = changed + unchanged + empty``.

    Attributes
    ----------
    read
        Rows with anything in them.
    changed, unchanged
        Targets with a new outcome, and those whose outcome stood so already.
    empty
        Rows without an outcome: still open.
    """

    read: int
    changed: int
    unchanged: int
    empty: int


@dataclass(frozen=True, slots=True)
class _Row:
    at: int
    number: str
    nik: str
    outcome: str
    on: str
    note: str
    is_ragged: bool


@dataclass(frozen=True, slots=True)
class _Target:
    household: int
    nik: str | None


def record_file(
    conn: Connection, plan_id: int, path: Path, *, by: Recorder, file_name: str
) -> FileReport:
    """Record the outcomes of a list that was filled in.

    Parameters
    ----------
    conn
        As the owner, in a transaction.
    plan_id
        The plan.
    path
        CSV or workbook with the columns Nomor, NIK, Hasil, Tanggal and, if need be, Catatan. Rows
        with an empty Hasil stay open.
    by
        Who records, and where they may.
    file_name
        What the file is called at its owner's.

    Returns
    -------
    FileReport

    Raises
    ------
    InvalidFile
        When it is no such table.
    FaultyRows
        When rows can't be recorded; then none is.
    PlanNotFound, DeliveryRefused
        As :func:`db.plans.delivery.open_plan`.
    """
    plan = open_plan(conn, plan_id, by)
    found = conn.execute(_TARGETS, {"plan": plan_id, "pattern": area_pattern(by.area)})
    targets = {int(rank): _Target(household, nik) for rank, household, nik in found}
    said: dict[int, Said] = {}
    faults: list[FaultyRow] = []
    read = empty = 0
    for row in _read_rows(path):
        read += 1
        meant = _understand(row, plan, targets, said)
        if isinstance(meant, str):
            faults.append(FaultyRow(row.at, row.number[:20], meant))
        elif meant is None:
            empty += 1
        else:
            said[meant.household] = meant
    if faults:
        raise FaultyRows(tuple(faults[:_MOST_FAULTS]), len(faults))
    changed = 0
    if said:
        changed = record_outcomes(conn, plan_id, list(said.values()), by=by, file_name=file_name)
    return FileReport(read, changed, len(said) - changed, empty)


def _read_rows(path: Path) -> Iterator[_Row]:
    table = open_table(path, [FORMAT])
    count = 0
    for chunk in table.iter_chunks():
        ragged = set(chunk.ragged)
        count += len(chunk.numbers)
        if count > MOST_ROWS:
            raise InvalidDelivery(_TOO_MANY, limit=MOST_ROWS)
        for place, at in enumerate(chunk.numbers):
            cells = {key: column[place].strip() for key, column in chunk.cells.items()}
            yield _Row(
                at, cells["number"], cells["nik"], cells["outcome"], cells["on"],
                cells.get("note", ""), place in ragged,
            )  # fmt: skip


def _understand(
    row: _Row, plan: DeliveryPlan, targets: Mapping[int, _Target], said: Mapping[int, Any]
) -> Said | str | None:
    """Return what a row says, None when it says nothing, or why it can't be recorded."""
    if row.is_ragged:
        return _RAGGED
    number = _NUMBER.fullmatch(row.number)
    if number is None:
        return _NO_NUMBER
    target = targets.get(int(number[1]))
    if target is None:
        return _NO_TARGET
    if not _is_same_nik(row.nik, target.nik):
        return _OTHER_NIK
    if not row.outcome:
        return _NO_OUTCOME if row.on or row.note else None
    outcome = _MEANINGS.get(" ".join(row.outcome.lower().split()))
    if outcome is None:
        return _UNKNOWN
    day = read_date(row.on, plan.today)
    if day is None:
        return _NO_DAY
    if target.household in said:
        return _TWICE
    return _check(plan, Said(target.household, outcome, day, _clean(row.note)))


def _check(plan: DeliveryPlan, meant: Said) -> Said | str:
    try:
        check_said(plan, meant.outcome, meant.on, meant.note)
    except InvalidDelivery as error:
        return str(error)
    return meant


def _clean(note: str) -> str | None:
    return " ".join(note.replace("\0", "").split()) or None


def _is_same_nik(cell: str, nik: str | None) -> bool:
    """Whether a cell names the NIK of a target, be it masked as on screen."""
    if masked := _MASK.fullmatch(cell.strip("'\" ")):
        return nik is not None and (nik[:4], nik[-4:]) == masked.groups()
    reading = read_identity_number(cell.removeprefix("–"))
    return reading.fault is None and not reading.is_masked and reading.number == nik
