"""Codes of areas in every spelling that a spreadsheet makes of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.boundary_codes import (
    EMPTY_CODE,
    FOREST_CODE,
    LOOKS_LIKE_BPS,
    NOT_A_CODE,
    PROVINCE_CODE,
    ROUNDED_CODE,
    Crosswalk,
    RejectedCode,
    are_bps_codes,
    dotted,
    kind_of,
    parse_bps_code,
    parse_code,
    parse_crosswalk,
)
from geo.errors import InvalidFile

two_digits = st.integers(1, 99).map("{:02}".format)
upper = st.builds("{}{}".format, st.integers(11, 99), two_digits)
villages = st.builds(
    "{}{}{}{:03}".format, upper, two_digits, st.sampled_from("12"), st.integers(1, 998)
)


@given(villages | upper)
def test_every_spelling_gives_the_dotted_code(digits: str) -> None:
    code = dotted(digits)
    assert code.replace(".", "") == digits
    spellings: list[object] = [digits, code, f" {code} ", int(digits), float(digits), digits + ".0"]
    assert {parse_code(spelling) for spelling in spellings} == {code}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, EMPTY_CODE),
        ("", EMPTY_CODE),
        (float("nan"), EMPTY_CODE),
        ("3.51001E+09", ROUNDED_CODE),
        ("3,51E9", ROUNDED_CODE),
        ("35", PROVINCE_CODE),
        (35.0, PROVINCE_CODE),
        (35.1, NOT_A_CODE),
        ("Banyu", NOT_A_CODE),
        ("35100", NOT_A_CODE),
        ("³⁵¹⁰", NOT_A_CODE),
        ("1" * 500, NOT_A_CODE),
        ("3510010", LOOKS_LIKE_BPS),
        (3510010001, LOOKS_LIKE_BPS),
        ("3510010999", FOREST_CODE),
    ],
)
def test_what_is_no_area_is_rejected_with_its_reason(value: object, reason: str) -> None:
    with pytest.raises(RejectedCode) as rejection:
        parse_code(value)
    assert str(rejection.value) == reason


@given(st.none() | st.integers() | st.floats() | st.text(max_size=60))
def test_any_cell_gives_a_code_or_a_reason(value: object) -> None:
    try:
        code = parse_code(value)
    except RejectedCode as rejection:
        assert str(rejection).endswith(".")
    else:
        assert kind_of(code) in ("kabupaten", "kota", "kecamatan", "kelurahan", "desa")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("35.10", "kabupaten"),
        ("35.71", "kota"),
        ("35.10.01", "kecamatan"),
        ("35.10.01.1001", "kelurahan"),
        ("35.10.01.2001", "desa"),
    ],
)
def test_the_kind_is_told_by_the_code(code: str, kind: str) -> None:
    assert kind_of(code) == kind


@pytest.fixture
def crosswalk() -> Crosswalk:
    return parse_crosswalk(
        [
            {"bps_code_2020": "9801010001", "kemendagri_code": "98.01.02.2001"},
            {"bps_code_2020": "9801010002", "kemendagri_code": "98.01.02.2002"},
            {"bps_code_2020": "9801010003", "kemendagri_code": "98.01.01.2003"},
            {"bps_code_2020": "", "kemendagri_code": "98.01.01.2004"},
        ]
    )


def test_a_crosswalk_of_villages_covers_their_kecamatan_by_majority(crosswalk: Crosswalk) -> None:
    assert parse_bps_code(9801010, crosswalk) == "98.01.02"
    assert parse_bps_code("9801", crosswalk) == "98.01"
    assert crosswalk.bps_of["98.01.02"] == "9801010"
    assert parse_bps_code("9801010003", crosswalk) == "98.01.01.2003"


def test_the_numbering_of_a_file_is_the_one_that_matches(crosswalk: Crosswalk) -> None:
    assert are_bps_codes(["9801010001", 9801010002, None], crosswalk)
    assert not are_bps_codes(["98.01.02.2001", "9801022002", "x"], crosswalk)
    assert not are_bps_codes([], crosswalk)


def test_a_crosswalk_needs_its_two_columns() -> None:
    with pytest.raises(InvalidFile, match="kolom"):
        parse_crosswalk([{"bps_code": "9801010001", "nama": "x"}])
