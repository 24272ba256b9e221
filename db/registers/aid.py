"""Aid from a file of recipients: each row one programme for one household in one period."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, text

from db.ledger import Ledger
from db.models import Programme
from db.registers.checks import Column, Verdict, check_kks, check_niks, reject_repeated
from db.registers.copying import Block, copy_blocks
from db.registers.files import Chunk, open_table
from db.registers.formats import Field, Format
from db.registers.journal import Journal, Progress, ensure_source
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

_TYPES = {
    "row_number": "integer", "external_id": "text", "household_source": "text", "nik": "text",
    "kk": "text", "person_nik": "text", "programme_code": "text", "period": "text",
    "amount_idr": "bigint", "status": "text",
}  # fmt: skip
_COLUMNS = tuple(_TYPES)

_NO_KEY = N_("Kunci keluarga, NIK, dan nomor KK kosong.")
_UNKNOWN_PROGRAMME = N_("Kode program tidak dikenal.")
_NO_PROGRAMME = N_("Kode program kosong.")
_BAD_PERIOD = N_("Periode harus seperti 2026, 2026-07, 2026-S1, atau 2026-Q3.")
_NO_PERIOD = N_("Periode kosong.")
_BAD_AMOUNT = N_("Nilai bantuan bukan angka rupiah bulat.")
_BAD_STATUS = N_("Status bantuan harus diterima, direncanakan, atau dihentikan.")
_BAD_KEY = N_("Kunci keluarga terlalu panjang.")
_REPEATED = N_("Bantuan yang sama sudah ada di baris sebelumnya.")
_FROM_DATABASE = {
    "unknown": N_("Keluarga tidak ditemukan dalam register."),
    "ambiguous": N_("Kunci ini cocok dengan lebih dari satu keluarga."),
    "stranger": N_("NIK penerima bukan anggota keluarga ini."),
    "repeated": N_("Baris lain dalam berkas ini mencatat bantuan yang sama."),
}

_CREATE = (
    "DROP TABLE IF EXISTS pg_temp.incoming_aid, pg_temp.incoming_aid_key,"
    " pg_temp.incoming_aid_match",
    f"CREATE TEMP TABLE incoming_aid ({', '.join(f'{n} {t}' for n, t in _TYPES.items())})"
    " ON COMMIT DROP",
)

# A row names its household by the first key it has. Each kind of key is joined apart, so that each
# join has its index.
_RESOLVE = text("""
    CREATE TEMP TABLE incoming_aid_key ON COMMIT DROP AS
    SELECT row_number, min(id) AS household_id, count(DISTINCT id) AS household_count
    FROM (
        SELECT i.row_number, h.id FROM incoming_aid i JOIN household h
            ON h.external_id = i.external_id
           AND h.source = coalesce(i.household_source, h.source)
        UNION ALL
        SELECT i.row_number, p.household_id FROM incoming_aid i JOIN person p
            ON p.nik = i.nik AND p.relationship = 'head'
        WHERE i.external_id IS NULL
        UNION ALL
        SELECT i.row_number, h.id FROM incoming_aid i JOIN household h ON h.kk = i.kk
        WHERE i.external_id IS NULL AND i.nik IS NULL
        UNION ALL
        SELECT i.row_number, p.household_id FROM incoming_aid i JOIN person p
            ON p.nik = i.person_nik
        WHERE i.external_id IS NULL AND i.nik IS NULL AND i.kk IS NULL
    ) AS found
    GROUP BY row_number
""")

_MATCH = text("""
    CREATE TEMP TABLE incoming_aid_match ON COMMIT DROP AS
    WITH member AS (
        SELECT i.row_number, min(p.id) AS id
        FROM incoming_aid i
        JOIN incoming_aid_key k USING (row_number)
        JOIN person p ON p.household_id = k.household_id AND p.nik = i.person_nik
        GROUP BY i.row_number
    ), resolved AS (
        SELECT i.*, k.household_id, m.id AS person_id, CASE
            WHEN k.household_id IS NULL THEN 'unknown'
            WHEN k.household_count > 1 THEN 'ambiguous'
            WHEN i.person_nik IS NOT NULL AND m.id IS NULL THEN 'stranger' END AS fault
        FROM incoming_aid i
        LEFT JOIN incoming_aid_key k USING (row_number)
        LEFT JOIN member m USING (row_number)
    )
    SELECT r.row_number, r.household_id, r.person_id, r.programme_code, r.period, r.amount_idr,
           r.status, a.id AS aid_id, coalesce(r.fault, CASE WHEN row_number() OVER (
               PARTITION BY r.fault, r.household_id, r.programme_code, r.period, r.person_id
               ORDER BY r.row_number) > 1 THEN 'repeated' END) AS fault,
           (coalesce(r.amount_idr, a.amount_idr), coalesce(r.status, a.status), :source,
            CAST(:as_of AS date))
               IS DISTINCT FROM (a.amount_idr, a.status, a.source, a.as_of) AS differs
    FROM resolved r
    LEFT JOIN aid a ON a.household_id = r.household_id AND a.programme_code = r.programme_code
        AND a.period = r.period AND a.person_id IS NOT DISTINCT FROM r.person_id
""")

_COUNT = text("""
    SELECT count(*) FILTER (WHERE aid_id IS NULL) AS new,
           count(*) FILTER (WHERE aid_id IS NOT NULL AND differs) AS matched,
           count(*) FILTER (WHERE aid_id IS NOT NULL AND NOT differs) AS unchanged
    FROM incoming_aid_match WHERE fault IS NULL
""")

_UPDATE = text("""
    UPDATE aid a SET amount_idr = coalesce(m.amount_idr, a.amount_idr),
                     status = coalesce(m.status, a.status), source = :source, as_of = :as_of
    FROM incoming_aid_match m WHERE m.aid_id = a.id AND m.fault IS NULL AND m.differs
""")

_INSERT = text("""
    INSERT INTO aid
        (household_id, person_id, programme_code, period, amount_idr, status, source, as_of)
    SELECT household_id, person_id, programme_code, period, amount_idr,
           coalesce(status, 'received'), CAST(:source AS text), CAST(:as_of AS date)
    FROM incoming_aid_match WHERE fault IS NULL AND aid_id IS NULL
    ORDER BY household_id, row_number
""")


def import_aid(
    conn: Connection,
    file: Path,
    *,
    source_code: str,
    source_name: str,
    as_of: date,
    progress: Progress | None = None,
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
    progress
        Called with the number of rows checked so far.

    Returns
    -------
    Ledger

    Raises
    ------
    InvalidFile
        When the file is refused; nothing of it is loaded.
    """
    table = open_table(file, FORMATS)
    key = next(k for k in ("external_id", "nik", "kk", "person_nik") if k in table.columns)
    journal = Journal(table, key)
    with conn.begin_nested():
        ensure_source(conn, source_code, "aid", source_name, as_of)
        checker = _Checker(_list_columns(_programme_codes(conn)))
        for statement in _CREATE:
            conn.execute(text(statement))
        copy_blocks(conn, "incoming_aid", _COLUMNS, journal.sift(checker.check, progress))
        _merge(conn, journal, {"source": source_code, "as_of": as_of})
        return journal.save(conn, "aid", source_code)


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


def _merge(conn: Connection, journal: Journal, values: dict[str, Any]) -> None:
    conn.execute(text("ANALYZE incoming_aid"))
    conn.execute(_RESOLVE)
    conn.execute(text("ANALYZE incoming_aid_key"))
    conn.execute(_MATCH, values)
    faulty = conn.execute(
        text("SELECT row_number, fault FROM incoming_aid_match WHERE fault IS NOT NULL")
    )
    journal.reject_later({number: _FROM_DATABASE[fault] for number, fault in faulty})
    counts = conn.execute(_COUNT).one()
    for outcome in ("new", "matched", "unchanged"):
        journal.ledger.count(outcome, getattr(counts, outcome))
    if counts.matched:
        conn.execute(_UPDATE, values)
    if counts.new:
        conn.execute(_INSERT, values)
