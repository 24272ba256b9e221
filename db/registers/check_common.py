"""Checks that households, persons, aid and points share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from db.registers.checks import Column, Verdict
from db.registers.files import Chunk
from db.registers.formats import FLAG, Field, Format
from db.registers.formats.words import normalise_word, read_coded
from db.registers.places import Floats, Ints, Places
from db.registers.readers import Reader, read_text
from geo.text import N_

MAX_AGE_YEARS = 120
BAD_CELL = N_("Isi kolom “{title}” tidak dapat dibaca.")
UNKNOWN_WORD = N_("isi kolom “{title}” tidak dikenal dan dikosongkan.")
SWAPPED = N_("Bujur dan lintang tertukar, sehingga posisi berada di luar kabupaten.")
OUTSIDE = N_("Posisi berada di luar kabupaten.")
OUTSIDE_DESA = N_("posisi di luar desa yang disebut.")
_FUTURE = N_("Tanggal lahir sesudah tanggal data.")
_TOO_OLD = N_("Tanggal lahir lebih dari 120 tahun yang lalu.")


def make_coded_column(field: Field) -> Column:
    """Make the column of a field that has codes; a word that isn't known is remarked on."""
    read = _read_free(field) if field.is_free else read_coded(field)
    return Column(field.key, read, UNKNOWN_WORD.format(title=field.title), is_mild=True)


def _read_free(field: Field) -> Reader:
    return lambda text: field.codes.get(normalise_word(text)) or read_text(text)


def title_of(form: Format, key: str) -> str:
    """Return what a field is called in sentences."""
    field = form.get_field(key)
    return field.title if field else key


def check_birth_dates(days: Sequence[date | None], as_of: date, verdict: Verdict) -> None:
    """Reject birth dates after the date of the data, or more than 120 years before it."""
    oldest = date(as_of.year - MAX_AGE_YEARS, 1, 1)
    if not any(day and not oldest <= day <= as_of for day in days):
        return
    verdict.reject([n for n, day in enumerate(days) if day and day > as_of], _FUTURE)
    verdict.reject([n for n, day in enumerate(days) if day and day < oldest], _TOO_OLD)


def reject_outside(places: Places, where: Ints, lon: Floats, lat: Floats, verdict: Verdict) -> None:
    """Reject positions that lie outside; say so when longitude and latitude were swapped."""
    turned = find_swapped(places, where, lon, lat)
    verdict.reject(turned, SWAPPED)
    verdict.reject(np.setdiff1d(where, turned), OUTSIDE)


def find_swapped(places: Places, where: Ints, lon: Floats, lat: Floats) -> Ints:
    """Return those of some positions outside that lie inside when turned round."""
    if not where.size:
        return where
    return where[places.locate(places.to_points(lat[where], lon[where])) >= 0]


def to_floats(texts: Sequence[Any]) -> Floats:
    """Return numbers as an array, NaN where there is none."""
    return np.fromiter((float(text or "nan") for text in texts), np.float64, len(texts))


class AidFlags:
    """The columns in which a register says which programmes a household receives.

    Parameters
    ----------
    form
        Of the file.
    programme_bits
        ``1 << programme.bit`` of the programmes of the catalogue.
    """

    def __init__(self, form: Format, programme_bits: Mapping[str, int]) -> None:
        self._bits = programme_bits
        self._columns = [_FlagColumn(one) for one in form.fields if one.key.startswith(FLAG)]

    def read(self, chunk: Chunk, verdict: Verdict) -> list[int | None]:
        """Return the bits of each row: None where the register says nothing."""
        found: list[int | None] = [None] * verdict.size
        for column in self._columns:
            if column.key not in chunk.cells:
                continue
            for position, code in enumerate(column.read(chunk, verdict)):
                if code is not None:
                    found[position] = (found[position] or 0) | self._bits.get(code, 0)
        return found


class _FlagColumn(Column):
    """A column whose codes are programmes, and ``-`` for "doesn't receive it"."""

    def __init__(self, field: Field) -> None:
        read = read_coded(field)
        super().__init__(
            field.key,
            lambda text: "-" if (code := read(text)) == "" else code,
            UNKNOWN_WORD.format(title=field.title),
            is_mild=True,
        )


def pick(values: Iterable[Any], fallback: Iterable[Any]) -> list[Any]:
    """Return each value, or the fallback where it is None."""
    return [b if a is None else a for a, b in zip(values, fallback, strict=True)]
