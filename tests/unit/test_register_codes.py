"""What cells mean: dates, numbers of identity, codes of questionnaires, and codes of areas."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.registers.area_codes import IS_BPS, AreaReader, join_parts
from db.registers.check_households import to_decile
from db.registers.checks import Verdict
from db.registers.dates import read_date, read_date_until, read_moment
from db.registers.files import Chunk
from db.registers.formats import FORMATS, Field, Format, bdt, dtks, dtsen, kentongan, p3ke
from db.registers.formats.words import read_coded
from db.registers.identity import LOST_DIGITS, read_identity_number
from geo.nik import check_nik
from tests.conftest import SHARED
from tests.registers.people import VILLAGES, Village, make_places

TODAY = date(2026, 6, 30)
MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
SHORT = "Jan Peb Mar Apr May Jun Jul Ags Sep Okt Nop Dec"
DAYS = st.dates(date(1930, 1, 1), TODAY)


@given(DAYS)
def test_a_date_in_every_form_is_read_back(day: date) -> None:
    month, short = MONTHS.split()[day.month - 1], SHORT.split()[day.month - 1]
    serial = (day - date(1899, 12, 30)).days
    forms = [
        day.isoformat(),
        f"{day.isoformat()} 00:00:00",
        f"{day.isoformat()}T08:30:00.000+07:00",
        f"{day:%d/%m/%Y}",
        f"{day.day}-{day.month}-{day.year}",
        f"{day:%d.%m.%Y}",
        f"{day:%d/%m/%Y} 00:00",
        f"{day.day} {month} {day.year}",
        f"{day.day} {month.upper()} {day.year}",
        f"{day.day:02d}-{short}-{day.year}",
        f"{day:%Y%m%d}",
        f"{day:%d%m%Y}",
        str(serial),
        f"{serial}.0",
    ]
    assert {read_date(form, TODAY) for form in forms} == {day}
    in_short = [f"{day:%d-%m-%y}", f"{day.day}-{short}-{day:%y}", f"{day:%d/%m/%y}"]
    assert {read_date(form, TODAY) for form in in_short} == {day}


@given(DAYS, st.integers(0, 40_000))
def test_two_digits_of_a_year_never_lie_ahead(day: date, ahead: int) -> None:
    latest = day + timedelta(min(ahead, (date(2099, 1, 1) - day).days))
    found = read_date(f"{day:%d-%m-%y}", latest)
    assert found is None or found <= latest


@pytest.mark.parametrize(
    "text",
    ["31/02/1980", "1980", "12/31/1980", "31 Feb 1980", "12 Foo 1980", "1234", "99999999", "x"],
)
def test_what_is_no_date(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize("text", ["00/00/0000", "0000-00-00", "0", "00-00-00"])
def test_zeros_stand_for_no_date(text: str) -> None:
    assert read_date_until(TODAY)(text) == ""


def test_moments() -> None:
    moment = read_moment("2026-05-03T08:20:00.000+07:00")
    assert moment and moment.isoformat() == "2026-05-03T08:20:00+07:00"
    assert read_moment("3 Mei 2026") == read_moment("2026-05-03")
    assert read_moment("kemarin") is None


NIKS = st.builds(
    lambda day, serial: f"351001{day:%d%m%y}{serial:04d}",
    st.dates(date(1930, 1, 1), TODAY),
    st.integers(1, 9999),
)


@given(NIKS, st.sampled_from(["{}", "'{}", '"{}"', '="{}"', " {} ", "`{}", "{}.0", "’{}", "{},00"]))
def test_a_number_is_freed_from_the_marks_around_it(nik: str, mark: str) -> None:
    assert read_identity_number(mark.format(nik)).number == nik
    assert check_nik(nik) is None


@given(
    NIKS, st.sampled_from([" ", ".", "-", "\u00a0", " - "]), st.sampled_from([(4, 8, 12), (6, 12)])
)
def test_a_number_is_freed_from_the_marks_inside(
    nik: str, mark: str, cuts: tuple[int, ...]
) -> None:
    parts = [nik[a:b] for a, b in zip((0, *cuts), (*cuts, None), strict=True)]
    assert read_identity_number(mark.join(parts)).number == nik


@given(st.text("0123456789.,-' *xXE+\"", max_size=24) | st.text(max_size=20))
@example("3.510.015.212.800.001")
@example("9600015212800001.0")
def test_a_repair_never_changes_a_digit(text: str) -> None:
    reading = read_identity_number(text)
    if reading.number and re.fullmatch(r"[0-9]{16}", reading.number):
        written = re.sub(r"[^0-9]", "", re.sub(r"(?<=[0-9]{16})[.,]0+(?![0-9])", "", text))
        assert reading.number == written
        assert reading.fault is None
    assert not (reading.number is None and reading.fault)


@pytest.mark.parametrize(
    "text",
    [
        *("3.51E+15", "3,51001E+15", "3.51001521280E15", "9600015212800001.0"),
        *("3.510.015.212.800.000", "3,510,015,212,800,000"),
    ],
)
def test_what_was_a_number_has_lost_digits(text: str) -> None:
    assert read_identity_number(text).fault == LOST_DIGITS


@pytest.mark.parametrize(
    "text", ["3510********0001", "3510XXXXXXXX0001", "****************", "3510 **** **** 0001"]
)
def test_masked_numbers(text: str) -> None:
    reading = read_identity_number(text)
    assert (reading.number, reading.is_masked) == (None, True)


@pytest.mark.parametrize("text", ["", "-", "NULL", "0000000000000000", "kosong", "'", "#N/A"])
def test_cells_that_say_nothing(text: str) -> None:
    reading = read_identity_number(text)
    assert (reading.number, reading.fault, reading.is_masked) == (None, None, False)


# --- Codes --------------------------------------------------------------------------------------


def field_of(form: Format, key: str) -> Field:
    found = form.get_field(key)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("form", "key", "text", "meaning"),
    [
        (dtks.HOUSEHOLDS, "floor_material", "9", "earth"),
        (dtks.HOUSEHOLDS, "floor_material", "09", "earth"),
        (dtks.HOUSEHOLDS, "floor_material", "9.0", "earth"),
        (dtks.HOUSEHOLDS, "floor_material", "9. Tanah", "earth"),
        # Regsosek's number of the same word: the word counts.
        (dtks.HOUSEHOLDS, "floor_material", "8. Tanah", "earth"),
        (dtks.HOUSEHOLDS, "floor_material", "10", "other"),
        (dtks.HOUSEHOLDS, "floor_material", "11", None),
        (dtks.HOUSEHOLDS, "floor_material", "0", None),
        (bdt.HOUSEHOLDS, "toilet", "4", "none"),
        (dtks.HOUSEHOLDS, "electricity_va", "6", "unmetered"),
        (dtks.HOUSEHOLDS, "flag_pkh", "1", "pkh"),
        (dtks.HOUSEHOLDS, "flag_pkh", "2", ""),
        # 3 and 4 are the yes and no of other columns, and nothing here.
        (dtks.HOUSEHOLDS, "flag_pkh", "3", None),
        (dtks.PERSONS, "disability", "0", ""),
        (dtks.PERSONS, "disability", "10", "intellectual"),
        (dtks.PERSONS, "education", "0", "none"),
        (dtks.PERSONS, "relationship", "4", "other"),
        (p3ke.HOUSEHOLDS, "roof_material", "JERAMI/IJUK/RUMBIA/ DAUN-DAUNAN", "thatch"),
        (p3ke.HOUSEHOLDS, "roof_material", "ASBES/SENG", "asbestos_or_zinc"),
        (p3ke.HOUSEHOLDS, "toilet", "KOSONG", ""),
        (p3ke.HOUSEHOLDS, "floor_material", "9", None),
        (p3ke.PERSONS, "education", "TDK TAMAT SD/SEDERAJAT", "none"),
        (p3ke.PERSONS, "schooling", "MASIH PT/AKADEMI", "attending"),
        (dtsen.HOUSEHOLDS, "electricity_va", "1.300 watt", "1300"),
        (dtsen.HOUSEHOLDS, "electricity_va", "> 2.200 watt", "3500"),
        (dtsen.HOUSEHOLDS, "electricity_va", "<= 900 watt", "900"),
        (dtsen.HOUSEHOLDS, "floor_material", "Keramik/granit/marmer/ubin/tegel/teraso", "ceramic"),
        (dtsen.HOUSEHOLDS, "toilet", "Ada, tidak digunakan", "unused"),
        (dtsen.PERSONS, "difficulty_penglihatan", "Banyak kesulitan", "visual"),
        (dtsen.PERSONS, "difficulty_penglihatan", "Tidak", ""),
        (kentongan.PERSONS, "work", "Astronot", "other"),
    ],
)
def test_codes(form: Format, key: str, text: str, meaning: str | None) -> None:
    assert read_coded(field_of(form, key))(text) == meaning


@given(st.text())
def test_no_coded_column_raises(text: str) -> None:
    for forms in FORMATS.values():
        for form in forms:
            for field in form.fields:
                read_coded(field)(text)


@pytest.mark.parametrize(
    ("percentile", "decile"), [(0, 1), (1, 1), (10, 1), (10.5, 2), (11, 2), (40, 4), (41, None)]
)
def test_percentiles(percentile: float, decile: int | None) -> None:
    assert to_decile(percentile) == decile


# --- Areas --------------------------------------------------------------------------------------

REAL_CROSSWALK = SHARED / "banyuwangi_codes_kemendagri_bps.csv"


def load_real(path: Path) -> tuple[Village, ...]:
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["bps_code_2020"]]
    return tuple(
        Village(row["kemendagri_code"], row["bps_code_2020"], row["name"], 100 + at * 0.05)
        for at, row in enumerate(rows)
    )


REGENCIES = {"invented": VILLAGES}
if REAL_CROSSWALK.exists():
    REGENCIES["real"] = load_real(REAL_CROSSWALK)


def read_areas(
    form: Format, villages: tuple[Village, ...], **cells: list[str]
) -> tuple[list[str | None], Verdict, list[str]]:
    size = len(next(iter(cells.values())))
    verdict = Verdict(size)
    reader = AreaReader(make_places(villages), form)
    codes, _ = reader.read(Chunk(cells, list(range(size)), [], []), verdict)
    return codes, verdict, reader.remarks


@pytest.mark.parametrize("regency", REGENCIES)
@pytest.mark.parametrize("form", [dtsen.HOUSEHOLDS, kentongan.HOUSEHOLDS], ids=lambda f: f.key)
@pytest.mark.parametrize("numbering", ["bps", "kemendagri"])
def test_names_tell_the_two_numberings_apart(regency: str, form: Format, numbering: str) -> None:
    villages = REGENCIES[regency]
    texts = [one.bps if numbering == "bps" else one.code.replace(".", "") for one in villages]
    names = [one.name.upper() for one in villages]
    codes, verdict, remarks = read_areas(form, villages, area_code=texts, area_name=names)
    assert codes == [one.code for one in villages]
    assert not verdict.rejected
    assert remarks == ([IS_BPS] if numbering == "bps" else [])


@pytest.mark.parametrize("regency", REGENCIES)
@pytest.mark.parametrize("numbering", ["bps", "kemendagri"])
def test_kecamatan_codes_tell_them_apart(regency: str, numbering: str) -> None:
    villages = REGENCIES[regency]
    texts = [one.bps if numbering == "bps" else one.code.replace(".", "") for one in villages]
    districts = [text[: 7 if numbering == "bps" else 6] for text in texts]
    codes, verdict, _ = read_areas(
        dtsen.HOUSEHOLDS, villages, area_code=texts, district_code=districts
    )
    assert codes == [one.code for one in villages]
    assert not verdict.rejected


@pytest.mark.parametrize("regency", REGENCIES)
def test_codes_in_four_parts(regency: str) -> None:
    villages = REGENCIES[regency]
    parts = {
        # Spreadsheets drop the zeros that a number begins with.
        "region_province": [str(int(one.bps[:2])) for one in villages],
        "region_regency": [str(int(one.bps[2:4])) for one in villages],
        "region_district": [str(int(one.bps[4:7])) for one in villages],
        "region_village": [str(int(one.bps[7:])) for one in villages],
    }
    codes, verdict, _ = read_areas(dtks.HOUSEHOLDS, villages, **parts)
    assert codes == [one.code for one in villages]
    assert not verdict.rejected


def test_a_code_is_never_tried_in_the_other_numbering() -> None:
    # A sound Kemendagri code in a file of BPS codes, and the other way round.
    texts = [one.bps for one in VILLAGES] + ["3510012001"]
    names = [one.name for one in VILLAGES] + [""]
    codes, verdict, _ = read_areas(dtsen.HOUSEHOLDS, VILLAGES, area_code=texts, area_name=names)
    assert codes[-1] is None
    assert "BPS" in verdict.rejected[4][0]
    codes, verdict, _ = read_areas(p3ke.HOUSEHOLDS, VILLAGES, area_code=["3510010001"])
    assert codes == [None]
    assert list(verdict.rejected) == [0]


def test_dots_make_a_code_one_of_kemendagri_in_any_file() -> None:
    codes, _, _ = read_areas(dtsen.HOUSEHOLDS, VILLAGES, area_code=["35.10.02.2001"])
    assert codes == ["35.10.02.2001"]


def test_bps_codes_without_a_crosswalk_are_explained() -> None:
    bare = tuple(Village(one.code, "", one.name, one.west) for one in VILLAGES)
    _, verdict, _ = read_areas(dtks.HOUSEHOLDS, bare, area_code=["3510010001"])
    assert "tabel padanannya" in verdict.rejected[0][0]


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (("35", "10", "010", "001"), "3510010001"),
        (("35", "10", "10", "1"), "3510010001"),
        (("35", "3510", "3510010", "001"), "3510010001"),
        (("35", "10", "01", "2001"), "35.10.01.2001"),
        (("", "", "", "3510010001"), "3510010001"),
        (("", "", "", ""), ""),
    ],
)
def test_parts_are_joined(parts: tuple[str, ...], whole: str) -> None:
    assert join_parts(parts) == whole
