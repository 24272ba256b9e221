"""The two 16-digit numbers of civil registration: NIK (a person) and KK (a family card).

Both begin with the kecamatan that issued them (six digits) and a date (DDMMYY): the birth date in
a NIK, with 40 added to the day for a woman, the date of registration on a card. A serial number
of four digits ends them. There is no check digit, so only their structure can be checked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from geo.text import N_

WOMAN_DAY_OFFSET = 40

# Province codes of the Ministry of Home Affairs, the old and the new ones of Papua included.
_PROVINCES = frozenset(
    (*range(11, 20), 21, *range(31, 37), 51, 52, 53, *range(61, 66), *range(71, 77), 81, 82)
) | frozenset(range(91, 97))
_SIXTEEN_DIGITS = re.compile(r"[0-9]{16}")
_IS_PROVINCE = np.isin(np.arange(100), list(_PROVINCES))
_DAYS_OF_MONTH = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] + [0] * 87)


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


def are_sound(numbers: Sequence[str], *, of_persons: bool) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Say for each of many numbers whether :func:`check_nik` or :func:`check_kk` finds no fault.

    Parameters
    ----------
    numbers
        As texts.
    of_persons
        Whether they are NIKs, in which the day of a woman is 40 higher.
    """
    sound = np.array([len(number) == 16 for number in numbers], dtype=bool)
    whole = "".join(numbers if sound.all() else [n for n in numbers if len(n) == 16])
    # What isn't ASCII becomes a question mark, and no more a digit than it was before.
    digits = np.frombuffer(whole.encode("ascii", "replace"), np.uint8).reshape(-1, 16) - ord("0")
    is_number = np.max(digits, axis=1, keepdims=True, initial=0) < 10
    pairs = np.where(is_number, digits[:, ::2] * 10 + digits[:, 1::2], 0)
    province, regency, district, day, month, year = pairs.T[:6]
    if of_persons:
        day = np.where(day > WOMAN_DAY_OFFSET, day - WOMAN_DAY_OFFSET, day)
    is_leap_day = (day == 29) & (month == 2)
    sound[sound] = (
        _IS_PROVINCE[province] & (regency > 0) & (district > 0) & pairs[:, 6:].any(axis=1)
        & (day > 0) & (day <= _DAYS_OF_MONTH[month]) & ~(is_leap_day & (year % 4 > 0))
    )  # fmt: skip
    return sound


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
