"""Register files into the database: whole or not at all, and every row accounted for."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from db.catalogue import load_catalogue
from db.ledger import Ledger
from db.positions import refresh_position_faults
from db.registers import bulk, fill, import_aid, import_households, import_stats
from db.registers.copying import copy_blocks
from geo.errors import InvalidFile

AS_OF = date(2026, 6, 30)
HEADER = (
    "id_keluarga;no_kk;nama_kepala_keluarga;nik_kepala_keluarga;alamat;kode_desa;bujur;lintang;"
    "desil;jumlah_anggota;status;kebutuhan"
)
SITI = (
    "K1;3510010107150001;Siti Aminah;3510015212800001;Krajan 1;35.10.01.2001;114,01;-8,01;"
    "1;4;terverifikasi;food"
)
BUDI = "K2;3510010107150002;Budi;3510011212800002;Krajan 2;3510012002;114.06;-8.01;2;3;;"
SARI = "K3;;Sari;3510015212900003;;;114.07;-8.02;;;belum;"

Write = Callable[..., Path]


@pytest.fixture
def regency(conn: Connection) -> Connection:
    """Lay out two square desa side by side, and the catalogue of needs and programmes."""
    load_catalogue(conn)
    conn.execute(
        text("""INSERT INTO source (code, kind, name, as_of)
                VALUES ('b', 'boundary', 'Batas', '2026-01-01')""")
    )
    areas = [
        ("35.10", "kabupaten", "Kabupaten", None, 114.0, 114.1),
        ("35.10.01", "kecamatan", "Kecamatan", "35.10", 114.0, 114.1),
        ("35.10.01.2001", "desa", "Barat", "35.10.01", 114.0, 114.05),
        ("35.10.01.2002", "desa", "Timur", "35.10.01", 114.05, 114.1),
    ]
    for code, level, name, parent, west, east in areas:
        conn.execute(
            text("""
            INSERT INTO admin_area (code, level, kind, name, parent_code, geom, geom_map,
                                    label_point, area_km2, source, as_of)
            SELECT :code, :level, :level, :name, :parent, ST_Multi(g), ST_Multi(g),
                   ST_Centroid(g), 1, 'b', '2026-01-01'
            FROM ST_MakeEnvelope(:west, -8.05, :east, -8.0, 4326) AS g"""),
            {"code": code, "level": level, "name": name, "parent": parent}
            | {"west": west, "east": east},
        )
    return conn


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a CSV and give its path."""

    def write_file(*lines: str, name: str = "register.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes("\r\n".join(lines).encode(encoding))
        return path

    return write_file


def load(
    conn: Connection,
    file: Path,
    importer: Any = import_households,
    source: str = "reg",
    **more: Any,
) -> Ledger:
    options = {"source_code": source, "source_name": f"Sumber {source}", "as_of": AS_OF} | more
    ledger: Ledger = importer(conn, file, **options)
    assert ledger.is_balanced
    return ledger


def outcomes(ledger: Ledger) -> tuple[int, int, int, int]:
    return ledger.new, ledger.matched, ledger.unchanged, ledger.rejected


def snapshot(conn: Connection) -> dict[str, list[Any]]:
    """Everything that an import may write, ledger apart."""
    tables = ("household", "person", "household_need", "aid", "indicator", "area_stat", "source")
    return {
        table: list(conn.execute(text(f"SELECT t.*, t.xmin::text FROM {table} t ORDER BY 1, 2")))
        for table in tables
    }


def test_a_register_is_loaded_and_its_desa_found(regency: Connection, write: Write) -> None:
    ledger = load(regency, write(HEADER, SITI, BUDI, SARI))
    assert outcomes(ledger) == (3, 0, 0, 0)
    rows = regency.execute(
        text("""
        SELECT h.external_id, h.area_code, h.decile, h.member_count, h.status, p.nik,
               ST_X(h.location), h.needs = (SELECT 1::bigint << bit FROM need WHERE code = 'food')
        FROM household h JOIN person p ON p.household_id = h.id ORDER BY 1""")
    ).all()
    assert [tuple(row) for row in rows] == [
        ("K1", "35.10.01.2001", 1, 4, "verified", "3510015212800001", 114.01, True),
        ("K2", "35.10.01.2002", 2, 3, "unverified", "3510011212800002", 114.06, False),
        ("K3", "35.10.01.2002", None, 1, "unverified", "3510015212900003", 114.07, False),
    ]
    assert any("desa ditentukan dari posisi" in note for note in ledger.notes)
    assert any("1 orang" in note for note in ledger.notes)


def test_the_same_file_twice_changes_nothing(regency: Connection, write: Write) -> None:
    file = write(HEADER, SITI, BUDI, SARI)
    load(regency, file)
    before = snapshot(regency)
    assert outcomes(load(regency, file)) == (0, 0, 3, 0)
    assert snapshot(regency) == before


def test_an_empty_cell_erases_nothing_and_a_full_one_replaces(
    regency: Connection, write: Write
) -> None:
    load(regency, write(HEADER, SITI, BUDI))
    file = write(
        "external_id,head_name,desa_code,decile,longitude,latitude",
        "K1,Siti Aminah,3510012001,,,",
        "K2,Budi,3510012002,4,,",
    )
    ledger = load(regency, file)
    assert outcomes(ledger) == (0, 1, 1, 0)
    kept = regency.execute(text("SELECT decile, location IS NULL FROM household ORDER BY id")).all()
    assert [tuple(row) for row in kept] == [(1, False), (4, False)]


def test_needs_of_a_source_follow_its_file_and_leave_those_of_others(
    regency: Connection, write: Write
) -> None:
    load(regency, write(HEADER, SITI))
    regency.execute(text("INSERT INTO household_need SELECT id, 'electricity', 'b' FROM household"))
    ledger = load(regency, write(HEADER, SITI.replace(";food", ";")))
    assert outcomes(ledger) == (0, 1, 0, 0)
    assert regency.scalars(text("SELECT need_code FROM household_need")).all() == ["electricity"]
    # It was known, but this source had not said so.
    assert outcomes(load(regency, write(HEADER, SITI.replace(";food", ";electricity")))) == (
        *(0, 1, 0, 0),
    )
    assert regency.scalars(text("SELECT need_code FROM household_need")).all() == ["electricity"]


def test_another_register_finds_the_household_by_the_nik_of_its_head(
    regency: Connection, write: Write
) -> None:
    load(regency, write(HEADER, SITI))
    ledger = load(regency, write(HEADER, SITI.replace("K1", "X9")), source="other")
    assert outcomes(ledger) == (0, 1, 0, 0)
    row = regency.execute(text("SELECT source, external_id FROM household")).one()
    assert tuple(row) == ("other", "X9")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (SITI.replace("3510015212800001", "3510015299800001"), "NIK: Tanggal lahir"),
        (SITI.replace("3510015212800001", "3.51001521280E+15"), "digit terakhirnya hilang"),
        (SITI.replace("3510010107150001", "123"), "KK: Nomor harus"),
        (SITI.replace("35.10.01.2001", "35.10.01.2999"), "Kode desa tidak ada"),
        (SITI.replace("35.10.01.2001", "barat"), "Kode desa tidak ada"),
        (SITI.replace(";1;4;", ";11;4;"), "Desil harus"),
        (SITI.replace(";1;4;", ";1;banyak;"), "Jumlah anggota"),
        (SITI.replace("114,01;-8,01", "114,01;"), "diisi keduanya"),
        (SITI.replace("35.10.01.2001;114,01;-8,01", ";-8,01;114,01"), "di luar kabupaten"),
        (SITI.replace("114,01;-8,01", "0;0"), "di luar kabupaten"),
        (SITI.replace("35.10.01.2001;114,01;-8,01", ";;"), "Kode desa dan posisi kosong"),
        (SITI.replace("Siti Aminah", ""), "Nama kepala keluarga kosong"),
        (SITI.replace("K1;", ";").replace("3510015212800001", ""), "Kunci keluarga dan NIK"),
        (SITI.replace(";food", ";istana"), "Kode kebutuhan"),
        (SITI.replace("terverifikasi", "entah"), "Status"),
        (SITI + ";lebih", "Jumlah sel"),
        ("K1;;Siti", "Jumlah sel"),
        (BUDI, "Kunci keluarga sudah ada"),
    ],
)
def test_a_bad_row_is_kept_with_its_reason_and_the_others_are_loaded(
    regency: Connection, write: Write, line: str, reason: str
) -> None:
    ledger = load(regency, write(HEADER, BUDI, line))
    assert outcomes(ledger) == (1, 0, 0, 1)
    kept = regency.execute(
        text("SELECT row_number, outcome, reason, content FROM import_row")
    ).one()
    assert (kept.row_number, kept.outcome) == (2, "rejected")
    assert reason in kept.reason
    assert kept.content["nama_kepala_keluarga"] == (line.split(";")[2])
    assert sum(ledger.reasons.values()) == 1
    assert regency.scalar(text("SELECT count(*) FROM household")) == 1


def test_a_position_outside_its_desa_is_loaded_with_a_note(
    regency: Connection, write: Write
) -> None:
    near = SITI.replace("114,01", "114,0535")
    far = BUDI.replace("114.06", "114.04")
    ledger = load(regency, write(HEADER, near, far))
    assert outcomes(ledger) == (2, 0, 0, 0)
    assert ledger.notes == ["1 baris dimuat dengan catatan: posisi di luar desa yang disebut."]
    kept = regency.execute(text("SELECT row_number, outcome FROM import_row")).all()
    assert [tuple(row) for row in kept] == [(2, "noted")]
    assert regency.scalar(text("SELECT count(location) FROM household")) == 2


def test_an_exchanged_position_is_loaded_for_the_desk_of_positions(
    regency: Connection, write: Write
) -> None:
    ledger = load(regency, write(HEADER, SITI.replace("114,01;-8,01", "-8,01;114,01"), BUDI))
    assert outcomes(ledger) == (2, 0, 0, 0)
    assert "bujur dan lintang tertukar" in ledger.notes[0]
    refresh_position_faults(regency)
    row = regency.execute(
        text("""
            SELECT ST_AsText(h.location), h.location_3857 IS NULL, h.shown_location IS NULL,
                   ST_AsText(f.proposed)
            FROM position_fault AS f JOIN household AS h ON h.id = f.household_id
            WHERE f.kind = 'swapped'
        """)
    ).one()
    assert tuple(row) == ("POINT(-8.01 114.01)", True, True, "POINT(114.01 -8.01)")


def test_two_rows_that_turn_out_to_be_one_household(regency: Connection, write: Write) -> None:
    load(regency, write(HEADER, SITI))
    other = SITI.replace("K1", "K7").replace("3510010107150001", "")
    ledger = load(regency, write(HEADER, other, SITI.replace("3510015212800001", "")))
    assert outcomes(ledger) == (0, 0, 1, 1)
    kept = regency.execute(text("SELECT row_number, reason FROM import_row")).one()
    assert kept.row_number == 1
    assert "keluarga yang sama" in kept.reason


def write_many(write: Write, count: int) -> Path:
    cells = ("{n};;Ibu {n};;Gang \\n {n};3510012001;114,01;-8,01;{d};2;verified;food",
             "{n};3510010107159999;Pak {n};;;3510012002;;;;;;")  # fmt: skip
    lines = [cells[n % 2].format(n=n, d=n % 10 + 1) for n in range(count)]
    return write(HEADER, *lines)


STORED = text("""
    SELECT h.external_id, area_code, kk, head_name, address, ST_AsText(location), accuracy_m,
           decile, member_count, h.needs, aid, status, h.source, h.as_of, p.name, p.nik,
           p.relationship,
           ARRAY(SELECT need_code || n.source FROM household_need n WHERE household_id = h.id)
    FROM household h JOIN person p ON p.household_id = h.id
    WHERE h.external_id NOT LIKE 'K%' ORDER BY h.external_id""")


@pytest.mark.parametrize("is_first", [True, False])
def test_many_rows_at_once_end_with_every_index_in_place(
    regency: Connection, write: Write, monkeypatch: pytest.MonkeyPatch, is_first: bool
) -> None:
    monkeypatch.setattr(fill, "PART_BLOCKS", 1)
    monkeypatch.setattr(bulk, "MIN_ROWS", 4_000)
    indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
    references = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2"
    before = [regency.execute(text(query)).all() for query in (indexes, references)]
    if not is_first:
        load(regency, write(HEADER, SITI))
    ledger = load(regency, write_many(write, 10_500))
    assert outcomes(ledger) == (10_500, 0, 0, 0)
    assert ledger.notes == [
        "5250 keluarga tanpa jumlah anggota dihitung 1 orang (kepala keluarga)."
    ]
    assert [regency.execute(text(query)).all() for query in (indexes, references)] == before
    with_needs = "SELECT count(*) FROM household_need WHERE source = 'reg' AND need_code = 'food'"
    assert regency.scalar(text(with_needs)) == 5_250 + (not is_first)


def test_a_first_register_is_stored_as_a_later_one(regency: Connection, write: Write) -> None:
    file = write_many(write, 6_000)
    first = load(regency, file)
    expected = regency.execute(STORED).all()
    assert len(expected) == 6_000
    assert outcomes(load(regency, file)) == (0, 0, 6_000, 0)
    regency.execute(text("TRUNCATE household CASCADE"))
    load(regency, write(HEADER, SITI))
    later = load(regency, write_many(write, 6_000))
    assert regency.execute(STORED).all() == expected
    assert later.as_dict() | {"batch": 0} == first.as_dict() | {"batch": 0}


def test_while_a_first_register_comes_in_nobody_else_writes_households(
    regency: Connection, write: Write
) -> None:
    load(regency, write(HEADER, SITI))
    locks = "SELECT mode FROM pg_locks WHERE relation = CAST('household' AS regclass)"
    assert "ShareRowExclusiveLock" in regency.scalars(text(locks)).all()


@pytest.mark.parametrize("number", ["351001010715000", "35100101071500011", "351001010715000x", ""])
@pytest.mark.parametrize("column", ["household.kk", "person.nik"])
def test_the_database_itself_takes_only_numbers_of_16_digits(
    regency: Connection, write: Write, column: str, number: str
) -> None:
    load(regency, write(HEADER, SITI))
    table, name = column.split(".")
    with pytest.raises(IntegrityError):
        regency.execute(text(f"UPDATE {table} SET {name} = :number"), {"number": number})


def test_blocks_are_copied_with_what_needs_escapes(regency: Connection) -> None:
    regency.execute(text("CREATE TEMP TABLE copied (a text, b int, c date) ON COMMIT DROP"))
    blocks: list[dict[str, list[Any]]] = [
        {"a": ["a\tb", "\\N", "c\r\nd", None, "\\."], "b": [1, None, 3, 4, 5], "c": [None] * 5},
        {"a": ["é"], "b": [6], "c": [AS_OF]},
    ]
    copy_blocks(regency, "copied", ("a", "b", "c"), blocks)
    rows = [tuple(row) for row in regency.execute(text("SELECT * FROM copied"))]
    assert rows == [row for block in blocks for row in zip(*block.values(), strict=True)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_separator_and_encoding_are_told_by_content(
    regency: Connection, write: Write, separator: str, encoding: str
) -> None:
    lines = (["Kode Desa", "Nama Kepala Keluarga", "ID_KELUARGA"], ["3510012001", "José", "K1"])
    file = write(*map(separator.join, lines), encoding=encoding)
    assert load(regency, file).new == 1
    assert regency.scalar(text("SELECT head_name FROM household")) == "José"


def write_workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_workbook_is_read_with_its_types(regency: Connection, tmp_path: Path) -> None:
    header = [
        "external_id",
        "head_name",
        "head_nik",
        "birth_date",
        "desa_code",
        "lon",
        "lat",
        "desil",
    ]
    row = ["K1", "Siti", "3510015212800001", date(1980, 12, 12), 3510012001, 114.01, -8.01, 2]
    lost = ["K2", "Budi", 3510011212800002, None, "3510012001", None, None, 2]
    file = write_workbook(tmp_path / "register.xlsx", [header, row, lost])
    ledger = load(regency, file)
    assert outcomes(ledger) == (1, 0, 0, 1)
    assert "digit terakhirnya hilang" in next(iter(ledger.reasons))
    assert regency.execute(text("SELECT nik, birth_date FROM person")).one() == (
        "3510015212800001",
        date(1980, 12, 12),
    )


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (64 << 20))
    return packed.getvalue()


HOSTILE: dict[str, tuple[str, bytes]] = {
    "empty": ("a.csv", b""),
    "only a header": ("a.csv", HEADER.encode()),
    "a header and blank lines": ("a.csv", HEADER.encode() + b"\n\n;;;;;;;;;;;\n"),
    "other columns": ("a.csv", b"a,b,c\n1,2,3\n"),
    "two columns for one field": ("a.csv", b"nama,head_name,nik,kode_desa\nA,B,1,2\n"),
    "a hundred thousand columns": ("a.csv", b",".join([b"x"] * 100_000) + b"\n1\n"),
    "four hundred columns": ("a.csv", b",".join([b"x"] * 400) + b"\n1\n"),
    "NUL bytes": ("a.csv", HEADER.encode() + b"\nK1;\0;A\n"),
    "a picture": ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00"),
    "UTF-16": ("a.csv", HEADER.encode("utf-16")),
    "not letters in any encoding": ("a.csv", HEADER.encode() + b"\nK1;\x81\x8d\n"),
    "an open quote": ("a.csv", HEADER.encode() + b'\nK1;"3510\n' + b"x\n" * 100),
    "a cell without end": ("a.csv", HEADER.encode() + b"\nK1;" + b"x" * 200_000 + b"\n"),
    "a bomb": ("a.xlsx", bomb()),
    "a bomb named csv": ("a.csv", bomb()),
    "a cut workbook": ("a.xlsx", b"PK\x03\x04 and no more"),
    "an old workbook": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    "text named xlsx": ("a.xlsx", HEADER.encode() + b"\nK1;x\n"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_with_nothing_loaded(
    regency: Connection, tmp_path: Path, case: str
) -> None:
    name, content = HOSTILE[case]
    file = tmp_path / name
    file.write_bytes(content)
    before = snapshot(regency)
    with pytest.raises(InvalidFile) as refused:
        load(regency, file)
    assert str(refused.value).endswith(".")
    assert snapshot(regency) == before
    assert regency.scalar(text("SELECT count(*) FROM import_batch")) == 0


@pytest.mark.parametrize("cell", ['=HYPERLINK("http://x")', "=1+1"])
def test_formulas_are_refused(regency: Connection, tmp_path: Path, cell: str) -> None:
    rows = [["external_id", "head_name", "kode_desa"], ["K1", "A", "3510012001"], ["K2", cell, ""]]
    with pytest.raises(InvalidFile, match="B3"):
        load(regency, write_workbook(tmp_path / "a.xlsx", rows))
    assert regency.scalar(text("SELECT count(*) FROM household")) == 0


def test_a_file_that_breaks_off_leaves_nothing(regency: Connection, write: Write) -> None:
    lines = [f"H{n};;Ibu {n};;;3510012001;;;1;2;;" for n in range(6_000)]
    with pytest.raises(InvalidFile):
        load(regency, write(HEADER, *lines, 'H;"'))
    assert regency.scalar(text("SELECT count(*) FROM household")) == 0
    assert regency.scalar(text("SELECT count(*) FROM source WHERE code = 'reg'")) == 0


def test_a_source_code_keeps_its_kind(regency: Connection, write: Write) -> None:
    with pytest.raises(InvalidFile, match="data jenis lain"):
        load(regency, write(HEADER, SITI), source="b")


# Aid ----------------------------------------------------------------------------------------------

AID = "id_keluarga;nik;no_kk;program;periode;nilai;status;nik_penerima"


@pytest.fixture
def register(regency: Connection, write: Write) -> Connection:
    """Put two households into the regency."""
    load(regency, write(HEADER, SITI, BUDI))
    return regency


def test_aid_finds_its_household_by_any_key(register: Connection, write: Write) -> None:
    file = write(
        AID,
        "K1;;;pkh;2026;600.000;diterima;",
        ";3510011212800002;;bpnt;2026-S1;Rp 200.000;;",
        ";;3510010107150001;bpnt;2026-07;;direncanakan;",
        ";;;pbi_jkn;2026;;;3510015212800001",
    )
    assert outcomes(load(register, file, import_aid, "aid")) == (4, 0, 0, 0)
    rows = register.execute(
        text("""
        SELECT h.external_id, programme_code, period, amount_idr, a.status, person_id IS NULL
        FROM aid a JOIN household h ON h.id = household_id ORDER BY 1, 2""")
    ).all()
    assert [tuple(row) for row in rows] == [
        ("K1", "bpnt", "2026-07", None, "planned", True),
        ("K1", "pbi_jkn", "2026", None, "received", False),
        ("K1", "pkh", "2026", 600_000, "received", True),
        ("K2", "bpnt", "2026-S1", 200_000, "received", True),
    ]
    before = snapshot(register)
    assert outcomes(load(register, file, import_aid, "aid")) == (0, 0, 4, 0)
    assert snapshot(register) == before


def test_changed_aid_is_updated(register: Connection, write: Write) -> None:
    load(register, write(AID, "K1;;;pkh;2026;600000;diterima;"), import_aid, "aid")
    ledger = load(register, write(AID, "K1;;;pkh;2026;700000;;"), import_aid, "aid")
    assert outcomes(ledger) == (0, 1, 0, 0)
    row = register.execute(text("SELECT amount_idr, status FROM aid")).one()
    assert tuple(row) == (700_000, "received")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("K9;;;pkh;2026;;;", "Keluarga tidak ditemukan"),
        (";3510015212800009;;pkh;2026;;;", "Keluarga tidak ditemukan"),
        ("K1;;;pkx;2026;;;", "Kode program tidak dikenal"),
        ("K1;;;;2026;;;", "Kode program kosong"),
        ("K1;;;pkh;26;;;", "Periode harus"),
        ("K1;;;pkh;;;;", "Periode kosong"),
        ("K1;;;pkh;2026;enam;;", "rupiah"),
        ("K1;;;pkh;2026;;hilang;", "Status bantuan"),
        (";;;pkh;2026;;;", "kosong"),
        ("K1;;;pkh;2026;;;3510011212800002", "bukan anggota"),
        ("K2;;;bpnt;2026;;;", "sudah ada di baris sebelumnya"),
        (";3510011212800002;;bpnt;2026;;;", "mencatat bantuan yang sama"),
    ],
)
def test_bad_aid_is_kept_with_its_reason(
    register: Connection, write: Write, line: str, reason: str
) -> None:
    ledger = load(register, write(AID, "K2;;;bpnt;2026;;;", line), import_aid, "aid")
    assert outcomes(ledger) == (1, 0, 0, 1)
    kept = register.execute(text("SELECT row_number, reason FROM import_row")).one()
    assert kept.row_number == 2
    assert reason in kept.reason


def test_a_key_of_two_registers_is_ambiguous_until_the_register_is_named(
    register: Connection, write: Write
) -> None:
    other = "K1;;Rahma;3510015212990004;;3510012001;;;;;;"
    load(register, write(HEADER, other), source="other")
    file = write(AID, "K1;;;pkh;2026;;;")
    assert "lebih dari satu" in next(iter(load(register, file, import_aid, "aid").reasons))
    file = write("id_keluarga,sumber_keluarga,program,periode", "K1,other,pkh,2026")
    assert load(register, file, import_aid, "aid").new == 1


def test_the_examples_of_the_documentation_load(regency: Connection, write: Write) -> None:
    page = Path(__file__).parents[2] / "docs" / "data.md"
    examples = re.findall(r"^```csv\n(.*?)```", page.read_text(), re.M | re.S)
    importers = (import_households, import_aid, import_stats)
    for number, (example, importer) in enumerate(zip(examples, importers, strict=True)):
        ledger = load(regency, write(example), importer, f"s{number}")
        assert outcomes(ledger) == (2, 0, 0, 0)


# Statistics ---------------------------------------------------------------------------------------

STATS = "kode_wilayah;indikator;nama;satuan;periode;nilai"


def test_statistics_with_indonesian_numbers(regency: Connection, write: Write) -> None:
    file = write(
        STATS,
        "35.10;poverty_bps;Penduduk miskin;%;2020;8,06",
        "3510;pkh_families;Keluarga PKH;keluarga;2020;52.687",
        "35.10.01;poverty_bps;;%;2020;",
    )
    assert outcomes(load(regency, file, import_stats, "bps")) == (3, 0, 0, 0)
    stats = regency.execute(text("SELECT area_code, indicator, value FROM area_stat ORDER BY 1, 2"))
    assert [tuple(row) for row in stats] == [
        ("35.10", "pkh_families", 52687.0),
        ("35.10", "poverty_bps", 8.06),
        ("35.10.01", "poverty_bps", None),
    ]
    before = snapshot(regency)
    assert outcomes(load(regency, file, import_stats, "bps")) == (0, 0, 3, 0)
    assert snapshot(regency) == before
    changed = write(STATS, "35.10;poverty_bps;;;2020;7,5", "35.10.01;poverty_bps;;%;2020;3,1")
    assert outcomes(load(regency, changed, import_stats, "bps")) == (0, 2, 0, 0)
    values = regency.scalars(text("SELECT value FROM area_stat ORDER BY value")).all()
    assert values == [3.1, 7.5, 52687.0]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("35.99;x;X;%;2020;1", "Kode wilayah"),
        ("35.10;X-1;X;%;2020;1", "Kode indikator"),
        ("35.10;;X;%;2020;1", "Kode indikator"),
        ("35.10;x;X;%;dulu;1", "Periode"),
        ("35.10;x;X;%;2020;banyak", "Nilai bukan angka"),
        ("35.10;baru;;;2020;1", "Indikator belum dikenal"),
        ("35.10.01;a;A;jiwa;2020;1", "Satuan berbeda"),
        ("35.10;a;A;%;2020;1", "sudah ada"),
    ],
)
def test_bad_statistics_are_kept_with_their_reason(
    regency: Connection, write: Write, line: str, reason: str
) -> None:
    ledger = load(regency, write(STATS, "35.10;a;A;%;2020;2,5", line), import_stats, "bps")
    assert outcomes(ledger) == (1, 0, 0, 1)
    assert reason in next(iter(ledger.reasons))


@pytest.mark.parametrize("values", [("8,06", "8.06"), ("52.687", "1.250")])
def test_numbers_that_could_be_two_things_refuse_the_file(
    regency: Connection, write: Write, values: tuple[str, str]
) -> None:
    rows = [f'35.10,a,A,%,{2020 + n},"{value}"' for n, value in enumerate(values)]
    with pytest.raises(InvalidFile, match="dua cara"):
        load(regency, write(STATS.replace(";", ","), *rows), import_stats, "bps")
    assert regency.scalar(text("SELECT count(*) FROM indicator")) == 0


def test_positions_are_displaced_once_and_inside_the_desa(
    regency: Connection, write: Write
) -> None:
    asked = text("""
        SELECT external_id, ST_Distance(location::geography, shown_location::geography) AS metres,
               ST_Covers(a.geom, shown_location) AS is_inside, ST_AsText(shown_location) AS shown
        FROM household JOIN admin_area AS a ON a.code = area_code ORDER BY 1
    """)
    at_the_edge = SARI.replace("114.07", "114.0501")  # half of its ring lies in the other desa
    load(regency, write(HEADER, SITI, BUDI, at_the_edge))
    first = regency.execute(asked).all()
    assert [149 < row.metres < 401 and row.is_inside for row in first] == [True] * 3

    load(regency, write(HEADER, SITI, BUDI, at_the_edge, name="again.csv"))
    assert regency.execute(asked).all() == first
    load(regency, write(HEADER, SITI.replace("114,01", "114,0101"), BUDI, at_the_edge))
    moved = {row.external_id: row for row in regency.execute(asked)}
    before = {row.external_id: row for row in first}
    assert moved["K1"].metres == pytest.approx(before["K1"].metres, abs=0.5)
    assert moved["K1"].shown != before["K1"].shown
    assert moved["K2"] == before["K2"]
