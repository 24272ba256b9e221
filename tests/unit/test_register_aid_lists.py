"""Lists of recipients without keys: what names them, and what an option adds."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from db.registers.check_aid import AidChecker
from db.registers.checks import Verdict
from db.registers.files import open_table
from db.registers.formats import FORMATS
from tests.registers.people import make_places
from tests.registers.writing import write_table

CODES = {"pkh": "pkh", "bpnt": "bpnt"}


def check(path: Path, **options: Any) -> tuple[dict[str, Any], dict[int, list[str]]]:
    table = open_table(path, FORMATS["aid"])
    checker = AidChecker(
        CODES, table.format, places=make_places(), as_of=date(2026, 6, 30), **options
    )
    [chunk] = table.iter_chunks()
    verdict = Verdict(len(chunk.raw))
    return dict(checker.check(chunk, verdict)), dict(verdict.rejected)


def test_a_list_by_name_and_address_under_one_programme(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = [
        ["DAFTAR PENERIMA", "", "", ""],
        ["No", "Nama KPM", "Alamat", "Kode Desa"],
        ["1", "SARI", "Krajan 1", "3510012001"],
        # Of the same name; perhaps another person, so no row is dropped for it.
        ["2", "SARI", "Krajan 1", "3510012001"],
        ["3", "", "Krajan 2", "3510012001"],
    ]
    write_table(path, rows)
    values, rejected = check(path, programme_code="bpnt", period="2026-07")
    assert values["programme_code"] == ["bpnt"] * 3
    assert values["period"] == ["2026-07"] * 3
    assert values["area_code"] == ["35.10.01.2001"] * 3
    assert rejected == {2: ["NIK, nomor KK, dan nama penerima kosong."]}


def test_without_a_column_or_an_option_the_programme_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_table(path, [["NIK", "Nama"], ["3510014103850001", "SARI"]])
    _, rejected = check(path)
    assert rejected == {0: ["Kode program kosong.", "Periode kosong."]}


def test_a_column_goes_before_the_option_and_the_same_nik_twice_is_one_aid(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.csv"
    header = ["NIK", "Nama", "Program"]
    line = ["'3510014103850001", "SARI", "PKH"]
    write_table(path, [header, line, [*line[:2], ""], line])
    values, rejected = check(path, programme_code="bpnt", period="2026")
    assert values["programme_code"] == ["pkh", "bpnt", "pkh"]
    assert values["nik"] == ["3510014103850001"] * 3
    assert rejected == {2: ["Bantuan yang sama sudah ada di baris sebelumnya."]}
