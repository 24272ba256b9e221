"""Reading the decree by which something is decided, from a form."""

from __future__ import annotations

import re
from datetime import date

from flask import request

from geo.errors import MapError
from geo.text import N_

_NUMBER = re.compile(r"[\w./ -]{3,60}")


class InvalidDecree(MapError):
    """A decree without a number, or of a day that can't be; nothing is changed."""

    status = 400


def read_decree_number() -> str:
    """Read the number of the decree.

    Raises
    ------
    InvalidDecree
        When it is none.
    """
    number = " ".join(request.form.get("decree_number", "").split())
    if not _NUMBER.fullmatch(number):
        raise InvalidDecree(N_("Isi nomor SK, misalnya 188/45/2026."))
    return number


def read_decree_day(today: date) -> date:
    """Read the day of the decree.

    Parameters
    ----------
    today
        In the regency; no decree is of a later day.

    Raises
    ------
    InvalidDecree
        With what is wrong with it.
    """
    try:
        day = date.fromisoformat(request.form.get("decree_date", ""))
    except ValueError as error:
        raise InvalidDecree(N_("Isi tanggal SK.")) from error
    if day > today:
        raise InvalidDecree(N_("Tanggal SK tidak boleh setelah hari ini."))
    if day.year < 2000:
        raise InvalidDecree(N_("Tanggal SK terlalu lama; periksa tahunnya."))
    return day
