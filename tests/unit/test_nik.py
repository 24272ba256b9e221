"""NIK and family card numbers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.nik import are_sound, check_kk, check_nik


def write_nik(birth_date: date, sex: str, serial: int = 9000) -> str:
    day = birth_date.day + 40 * (sex == "female")
    return f"351001{day:02d}{birth_date:%m%y}{serial:04d}"


@given(
    st.dates(date(1901, 1, 1), date(2026, 6, 30)),
    st.sampled_from(["female", "male"]),
    st.integers(1, 9999),
)
def test_a_number_made_by_the_rule_is_sound(birth_date: date, sex: str, serial: int) -> None:
    nik = write_nik(birth_date, sex, serial)
    other = "male" if sex == "female" else "female"
    assert check_nik(nik) is None
    assert check_nik(nik, birth_date=birth_date, sex=sex) is None
    assert check_nik(nik, sex=other) is not None
    assert check_nik(nik, birth_date=date(1900 + (birth_date.year + 1) % 100, 1, 1)) is not None


@pytest.mark.parametrize(
    ("nik", "word"),
    [
        ("", "16 angka"),
        ("351001010190900", "16 angka"),
        ("35100101019090000", "16 angka"),
        ("351001010190900O", "16 angka"),
        ("\u0663" * 16, "16 angka"),  # digits, but not ours
        ("0010010101909000", "kecamatan"),
        ("3500010101909000", "kecamatan"),
        ("3510000101909000", "kecamatan"),
        ("3510013202909000", "kalender"),
        ("3510013002909000", "kalender"),
        ("3510014002909000", "kalender"),
        ("3510010113909000", "kalender"),
        ("3510012902019000", "kalender"),
        ("3510010101900000", "0000"),
    ],
)
def test_a_fault_is_named(nik: str, word: str) -> None:
    fault = check_nik(nik)
    assert fault is not None
    assert word in fault


def test_a_leap_day_of_2000_is_a_day() -> None:
    assert check_nik("3510012902009000") is None


def test_a_card_has_a_date_without_the_forty() -> None:
    assert check_kk("3510011708159000") is None
    assert check_kk("3510015708159000") is not None
    assert check_kk("351001") is not None


NEARLY_SOUND = st.from_regex(
    r"(35|21|91|10|00)(10|00)(01|00)[0-7][0-9][01][0-9][0-9]{2}000[01]", fullmatch=True
)


@given(
    st.lists(
        st.one_of(NEARLY_SOUND, st.from_regex(r"[0-9\u0663,x]{14,18}", fullmatch=True), st.text())
    )
)
def test_many_numbers_are_judged_as_each_of_them(numbers: list[str]) -> None:
    niks = [check_nik(number) is None for number in numbers]
    assert are_sound(numbers, of_persons=True).tolist() == niks
    cards = [check_kk(number) is None for number in numbers]
    assert are_sound(numbers, of_persons=False).tolist() == cards


def test_every_day_of_four_years_and_the_days_that_are_none() -> None:
    days = [
        f"{day:02d}{month:02d}{year:02d}"
        for year in (0, 1, 4, 99)
        for month in range(14)
        for day in range(100)
    ]
    numbers = [f"351001{day}0001" for day in days]
    for of_persons, check in ((True, check_nik), (False, check_kk)):
        expected = [check(number) is None for number in numbers]
        assert are_sound(numbers, of_persons=of_persons).tolist() == expected
