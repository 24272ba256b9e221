"""The two 16-digit numbers of civil registration: NIK (a person) and KK (a family card).

Both begin with the kecamatan that issued them (six digits) and a date (DDMMYY): the birth date in
a NIK, with 40 added to the day for a woman, the date of registration on a card. A serial number
of four digits ends them. There is no check digit, so only their structure can be checked.
"""

from __future__ import annotations

import re
from datetime import date

from geo.text import N_

WOMAN_DAY_OFFSET = 40

# Province codes of the Ministry of Home Affairs, the old and the new ones of Papua included.
_PROVINCES = frozenset(
    (*range(11, 20), 21, *range(31, 37), 51, 52, 53, *range(61, 66), *range(71, 77), 81, 82)
) | frozenset(range(91, 97))
_SIXTEEN_DIGITS = re.compile(r"[0-9]{16}")


def check_nik(nik: str, *, birth_date: date | None = None, sex: str | None = None) -> str | None:
    """Say what is wrong with the structure of a NIK.

    Parameters
    ----------
    nik
        The number as text, digits only.
    birth_date
        When given, the date in the number must be this one.
    sex
        ``female`` or ``male``; when given, the day in the number must fit it.

    Returns
    -------
    str or None
        The first fault as an Indonesian sentence, or None when the structure is sound. A sound
        number need not have been issued to anyone.
    """
    fault = _check_frame(nik)
    if fault:
        return fault
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    is_woman = day > WOMAN_DAY_OFFSET
    day -= WOMAN_DAY_OFFSET * is_woman
    if not _is_date(day, month, year):
        return N_("Tanggal lahir di dalam NIK tidak ada di kalender.")
    if sex is not None and is_woman != (sex == "female"):
        return N_("NIK dan jenis kelamin tidak cocok.")
    if birth_date and (day, month, year) != _parts(birth_date):
        return N_("NIK dan tanggal lahir tidak cocok.")
    return None


def check_kk(kk: str) -> str | None:
    """Say what is wrong with the structure of a family card number.

    Parameters
    ----------
    kk
        The number as text, digits only.

    Returns
    -------
    str or None
        The first fault as an Indonesian sentence, or None when the structure is sound.
    """
    fault = _check_frame(kk)
    if fault:
        return fault
    if not _is_date(int(kk[6:8]), int(kk[8:10]), int(kk[10:12])):
        return N_("Tanggal pendaftaran di dalam nomor KK tidak ada di kalender.")
    return None


def _check_frame(number: str) -> str | None:
    if not _SIXTEEN_DIGITS.fullmatch(number):
        return N_("Nomor harus terdiri atas 16 angka.")
    if int(number[:2]) not in _PROVINCES or "00" in (number[2:4], number[4:6]):
        return N_("Enam angka pertama bukan kode kecamatan.")
    if number[12:] == "0000":
        return N_("Nomor urut tidak boleh 0000.")
    return None


def _is_date(day: int, month: int, year: int) -> bool:
    # Two digits of the year leave the century open; 29 February 00 was a day in 2000 only.
    for century in (1900, 2000):
        try:
            date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False


def _parts(day: date) -> tuple[int, int, int]:
    return day.day, day.month, day.year % 100
