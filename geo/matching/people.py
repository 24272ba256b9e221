"""The rows that are matched, and the numbers they are turned into to be compared at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.matching.names import NameForm, name_forms
from geo.nik import are_sound

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_RT = re.compile(r"\bRT\W*0*(\d{1,3})")
_RW = re.compile(r"\bRW\W*0*(\d{1,3})")
_SLASHED = re.compile(r"\bRT\W*(?:RW)?\W*0*(\d{1,3})\s*/\s*(?:RW)?\W*0*(\d{1,3})")
_PLACE_WORDS = frozenset(
    [
        *("DUSUN", "DSN", "DUKUH", "LINGKUNGAN", "LINGK", "LK", "LINK", "KAMPUNG", "KP", "JALAN"),
        *("JL", "JLN", "GANG", "GG", "DESA", "DS", "NO", "RT", "RW"),
    ]
)
_NO_WORD = re.compile(r"[^A-Z]+")


class Person(NamedTuple):
    """One row; None where nothing was said."""

    nik: str | None
    kk: str | None
    name: str | None
    birth_date: date | None
    sex: str | None
    address: str | None
    area_code: str | None


@dataclass(frozen=True, slots=True)
class People:
    """Many rows as parallel sequences; None where nothing was said.

    Attributes
    ----------
    nik, kk
        As text.
    name
        As typed.
    birth_date
        The day.
    sex
        ``male`` or ``female``.
    address
        As typed; RT and RW are read from it.
    area_code
        The desa, Kemendagri form (35.10.01.2001).
    """

    nik: Sequence[str | None]
    kk: Sequence[str | None]
    name: Sequence[str | None]
    birth_date: Sequence[date | None]
    sex: Sequence[str | None]
    address: Sequence[str | None]
    area_code: Sequence[str | None]

    def __post_init__(self) -> None:
        """Refuse columns of different lengths."""
        if len({len(getattr(self, field.name)) for field in fields(self)}) > 1:
            raise ValueError("the columns differ in length")

    def __len__(self) -> int:
        return len(self.nik)

    def row(self, number: int) -> Person:
        """Return one row."""
        return Person(*(getattr(self, field.name)[number] for field in fields(self)))

    def take(self, numbers: Sequence[int] | Ints) -> People:
        """Return some rows, in the order asked for."""
        return People(*([getattr(self, f.name)[n] for n in numbers] for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Encoded:
    """Rows as numbers; codes are shared by both sides, -1 (0 for numbers) where nothing is said.

    Attributes
    ----------
    nik, kk
        The number, 0 when it isn't sixteen digits.
    is_sound
        Whether the NIK could have been issued.
    day
        The birth date as YYYYMMDD, 0 without one.
    sex, area, district, name, place
        Codes. ``district`` is the kecamatan; ``place`` the hamlet or street of the address.
    rt, rw
        As numbers, -1 without.
    """

    nik: Ints
    is_sound: Flags
    kk: Ints
    day: Ints
    sex: Ints
    area: Ints
    district: Ints
    name: Ints
    place: Ints
    rt: Ints
    rw: Ints

    def take(self, rows: Ints | slice) -> Encoded:
        """Return some rows."""
        return Encoded(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the codes of :class:`Encoded` stand for.

    Attributes
    ----------
    names
        The forms of each name.
    words, folded, core, skeleton
        For each name the number of that form: equal numbers, equal forms.
    stem_name, stem
        Pairs: the name has this stem.
    places
        The words of each place.
    """

    names: list[NameForm]
    words: Ints
    folded: Ints
    core: Ints
    skeleton: Ints
    stem_name: Ints
    stem: Ints
    places: list[str]


def encode(incoming: People, register: People) -> tuple[Encoded, Encoded, Vocabulary]:
    """Turn both sides into numbers with common codes."""
    cut = len(incoming)
    nik, nik_texts = _numbers((*incoming.nik, *register.nik))
    kk, _ = _numbers((*incoming.kk, *register.kk))
    areas = (*incoming.area_code, *register.area_code)
    name, names = _encode_names((*incoming.name, *register.name))
    place, rt, rw, places = _encode_addresses((*incoming.address, *register.address))
    both = Encoded(
        nik=nik,
        is_sound=are_sound(nik_texts, of_persons=True),
        kk=kk,
        day=_days((*incoming.birth_date, *register.birth_date)),
        sex=_codes((*incoming.sex, *register.sex)),
        area=_codes(areas),
        district=_codes([None if area is None else area[:8] for area in areas]),
        name=name,
        place=place,
        rt=rt,
        rw=rw,
    )
    return both.take(slice(0, cut)), both.take(slice(cut, None)), _vocabulary(names, places)


def _numbers(texts: Sequence[str | None]) -> tuple[Ints, list[str]]:
    kept = [text if text and len(text) == 16 and text.isdecimal() else "" for text in texts]
    return np.array([int(text or 0) for text in kept], dtype=np.int64), kept


def _days(dates: Sequence[date | None]) -> Ints:
    days = [0 if day is None else day.year * 10_000 + day.month * 100 + day.day for day in dates]
    return np.array(days, dtype=np.int64)


def _codes(values: Sequence[Any]) -> Ints:
    numbers: dict[Any, int] = {None: -1}
    return np.array([numbers.setdefault(value, len(numbers) - 1) for value in values], np.int64)


def _encode_names(texts: Sequence[str | None]) -> tuple[Ints, list[NameForm]]:
    forms = name_forms(text for text in texts if text)
    numbers: dict[NameForm, int] = {}
    of_text: dict[str | None, int] = {None: -1, "": -1}
    for text, form in forms.items():
        of_text[text] = numbers.setdefault(form, len(numbers)) if form.words else -1
    return np.array([of_text[text] for text in texts], dtype=np.int64), list(numbers)


def _encode_addresses(texts: Sequence[str | None]) -> tuple[Ints, Ints, Ints, list[str]]:
    seen: dict[str | None, tuple[int, int, int]] = {None: (-1, -1, -1)}
    places: dict[str, int] = {}
    for text in texts:
        if text not in seen and text is not None:
            place, rt, rw = read_address(text)
            number = places.setdefault(place, len(places)) if place else -1
            seen[text] = (number, rt, rw)
    table = np.array([seen[text] for text in texts], dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2], list(places)


def read_address(text: str) -> tuple[str, int, int]:
    """Read the hamlet or street, the RT and the RW from an address; -1 where there is none."""
    upper = text.upper().replace("RUKUN TETANGGA", "RT").replace("RUKUN WARGA", "RW")
    slashed = _SLASHED.search(upper)
    if slashed:
        rt, rw = int(slashed[1]), int(slashed[2])
    else:
        numbers = [pattern.search(upper) for pattern in (_RT, _RW)]
        rt, rw = (int(number[1]) if number else -1 for number in numbers)
    words = [word for word in _NO_WORD.split(upper) if word and word not in _PLACE_WORDS]
    return "".join(words), rt, rw


def _vocabulary(names: list[NameForm], places: list[str]) -> Vocabulary:
    counts = np.array([len(form.stems) for form in names], dtype=np.int64)
    return Vocabulary(
        names=names,
        words=_codes([form.words for form in names]),
        folded=_codes([form.folded for form in names]),
        core=_codes([form.core for form in names]),
        skeleton=_codes([form.skeleton for form in names]),
        stem_name=np.repeat(np.arange(len(names)), counts),
        stem=_codes([stem for form in names for stem in form.stems]),
        places=places,
    )
