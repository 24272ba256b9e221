"""Columns are recognised by their name, and by what they hold."""

from __future__ import annotations

import pytest

from geo.boundary_columns import find_columns, read_name

CODES = ["98.01.01.2001", "98.01.01.2002"]


@pytest.mark.parametrize(
    "name", ["code", "kode", "KODE_DESA", "KDEPUM", "kode_kemendagri", "Kode Desa", "id", "IDDESA"]
)
def test_the_code_column_in_any_spelling(name: str) -> None:
    assert find_columns({"warna": ["a", "b"], name: CODES}).code == name


def test_a_counter_is_no_code() -> None:
    assert find_columns({"id": [1, 2], "KDCPUM": ["980101", "980102"]}).code == "KDCPUM"


def test_a_village_with_its_kecamatan_beside_it_is_a_village() -> None:
    columns = {"KDCPUM": ["980101"] * 3, "KDEPUM": [*CODES, None]}
    assert find_columns(columns).code == "KDEPUM"


def test_bps_codes_stand_in_when_there_are_no_others() -> None:
    found = find_columns({"KDEBPS": ["9801010001"], "nama": ["x"]})
    assert (found.code, found.bps_code) == ("KDEBPS", "KDEBPS")


def test_no_code_at_all() -> None:
    assert find_columns({"warna": ["a"]}).code is None
    assert find_columns({}).code is None


@pytest.mark.parametrize(
    ("name", "level", "read"),
    [
        ("Kabupaten  Contoh", "kabupaten", "Contoh"),
        ("KAB. CONTOH", "kabupaten", "CONTOH"),
        ("Kota Contoh", "kabupaten", "Contoh"),
        ("Kota Baru", "kecamatan", "Kota Baru"),
        ("Kecamatan Lor", "kecamatan", "Lor"),
        ("Desa", "desa", "Desa"),
        ("123", "desa", None),
        (None, "desa", None),
        (float("nan"), "desa", None),
    ],
)
def test_a_name_is_read_without_its_title(name: object, level: str, read: str | None) -> None:
    assert read_name({"nama": name}, ("missing", "nama"), level) == read
