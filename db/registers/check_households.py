"""Rows of a register of households, checked and placed in their desa."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import ceil, isnan
from typing import Any

import numpy as np

from db.registers.area_codes import AreaReader
from db.registers.check_common import (
    BAD_CELL,
    OUTSIDE_DESA,
    AidFlags,
    check_birth_dates,
    find_swapped,
    make_coded_column,
    pick,
    reject_outside,
    title_of,
    to_floats,
)
from db.registers.checks import Column, Verdict, check_kks, check_niks, list_empty, reject_repeated
from db.registers.copying import Block
from db.registers.dates import read_date_until
from db.registers.files import Chunk
from db.registers.formats import FLAG, Format
from db.registers.formats.kentongan import HOUSEHOLDS
from db.registers.places import Places
from db.registers.readers import (
    ColumnReader,
    read_choice,
    read_decimal,
    read_degrees,
    read_integer,
    read_sound_degrees,
    read_sound_texts,
    read_text,
)
from geo.text import N_

SEXES = {
    "l": "male", "laki-laki": "male", "laki laki": "male", "lk": "male", "male": "male",
    "m": "male", "1": "male",
    "p": "female", "perempuan": "female", "pr": "female", "female": "female", "f": "female",
    "2": "female",
}  # fmt: skip
STATUSES = {
    "unverified": "unverified", "belum": "unverified", "belum diverifikasi": "unverified",
    "verified": "verified", "terverifikasi": "verified", "diverifikasi": "verified",
    "rejected": "rejected", "ditolak": "rejected",
    "graduated": "graduated", "lulus": "graduated", "graduasi": "graduated",
}  # fmt: skip
LOCATION_SOURCES = {
    "gps": "gps", "survey": "survey", "survei": "survey", "geocoded": "geocoded",
    "geokode": "geocoded", "alamat": "geocoded", "village": "village", "desa": "village",
}  # fmt: skip

_NO_KEY = N_("Kunci keluarga dan NIK kepala keluarga kosong.")
_NO_NAME = N_("Nama kepala keluarga kosong.")
_NO_PLACE = N_("Kode desa dan posisi kosong.")
_BAD_DECILE = N_("Desil harus angka 1 sampai 10.")
_BAD_PERCENTILE = N_("Persentil harus angka 0 sampai 100.")
_ABOVE_DECILES = N_("persentil di atas 40 berarti di atas desil 4; desil dikosongkan.")
_UNKNOWN_NEED = N_("Kode kebutuhan tidak dikenal.")
_HALF_POSITION = N_("Bujur dan lintang harus diisi keduanya.")
_TURNED = N_("bujur dan lintang tertukar; perbaiki di halaman Mutu posisi.")
_DESA_FOUND = N_("desa ditentukan dari posisi.")
_REPEATED_KEY = N_("Kunci keluarga sudah ada di baris sebelumnya.")
_REPEATED_NIK = N_("NIK kepala keluarga sudah ada di baris sebelumnya.")

_TEXTS = ("external_id", "head_name", "address", "rt", "rw", "origin_row")
_LARGEST_SURE_PERCENTILE = 40


class HouseholdChecker:
    """Checks the chunks of one file; remembers the keys it has seen.

    Parameters
    ----------
    places
        The desa of the regency.
    need_bits
        ``1 << need.bit`` by code and by name in small letters.
    form
        Of the file.
    programme_bits
        ``1 << programme.bit`` by code, for the columns that say what is received.
    as_of
        Date the register was drawn up; today when left out.
    rng
        Displaces positions.
    """

    def __init__(
        self,
        places: Places,
        need_bits: Mapping[str, int],
        form: Format = HOUSEHOLDS,
        *,
        programme_bits: Mapping[str, int] | None = None,
        as_of: date | None = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.places = places
        self.need_bits = need_bits
        self.form = form
        self.as_of = as_of or date.today()
        self.rng = rng or np.random.default_rng()
        self.areas = AreaReader(places, form)
        self.flags = AidFlags(form, programme_bits or {})
        self.columns = self._list_columns()
        self.seen_keys: set[str] = set()
        self.seen_niks: set[str] = set()

    @property
    def remarks(self) -> list[str]:
        """Sentences on the file as a whole, once it has been read."""
        return self.areas.remarks

    def check(self, chunk: Chunk, verdict: Verdict) -> Block:
        """Return the rows as columns of ``incoming_household``."""
        values: dict[str, Any] = {c.key: c.read(chunk, verdict) for c in self.columns}
        self._check_identity(chunk, values, verdict)
        self._find_decile(values, verdict)
        _settle_power(values)
        self._place(chunk, values, verdict)
        values["aid_flags"] = self.flags.read(chunk, verdict)
        reject_repeated(values["external_id"], self.seen_keys, verdict, _REPEATED_KEY)
        reject_repeated(values["nik"], self.seen_niks, verdict, _REPEATED_NIK)
        values["row_number"] = chunk.numbers
        return values

    def _list_columns(self) -> list[Column]:
        readers: dict[str, Any] = dict.fromkeys(_TEXTS, read_text)
        readers |= {
            "lon": read_degrees,
            "lat": read_degrees,
            "accuracy_m": read_decimal,
            "floor_area_m2": read_decimal,
            "birth_date": read_date_until(self.as_of),
            "sex": read_choice(SEXES),
            "location_source": read_choice(LOCATION_SOURCES),
            "decile": read_integer(1, 10),
            "percentile": read_percentile,
            "member_count": read_integer(0, 63),
            "electricity_va": read_integer(0, 1_000_000),
            "status": read_choice(STATUSES),
            "needs": self._read_needs,
        }
        at_once: dict[str, ColumnReader] = {
            **dict.fromkeys(("external_id", "head_name", "address"), read_sound_texts),
            **dict.fromkeys(("lon", "lat"), read_sound_degrees),
        }
        reasons = {
            "decile": _BAD_DECILE,
            "needs": _UNKNOWN_NEED,
            "percentile": _BAD_PERCENTILE,
        }
        coded = [f for f in self.form.fields if f.codes and not f.key.startswith(FLAG)]
        plain = [
            Column(
                key,
                reader,
                reasons.get(key) or BAD_CELL.format(title=title_of(self.form, key)),
                read_sound=at_once.get(key),
            )
            for key, reader in readers.items()
            if key not in {field.key for field in coded}
        ]
        return [*plain, *map(make_coded_column, coded)]

    def _read_needs(self, text: str) -> int | None:
        words = [" ".join(word.lower().split()) for word in text.split(";")]
        bits = {self.need_bits.get(word) for word in words if word}
        return None if None in bits else sum(bit for bit in bits if bit)

    def _check_identity(self, chunk: Chunk, values: dict[str, Any], verdict: Verdict) -> None:
        values["nik"] = check_niks(
            chunk, "nik", verdict, birth_dates=values["birth_date"], sexes=values["sex"]
        )
        values["kk"] = check_kks(chunk, "kk", verdict)
        if self.form.key_from:
            values["external_id"] = pick(values["external_id"], values[self.form.key_from])
        check_birth_dates(values["birth_date"], self.as_of, verdict)
        keyless = [n for n in list_empty(values["external_id"]) if values["nik"][n] is None]
        verdict.reject(keyless, _NO_KEY)
        verdict.reject(list_empty(values["head_name"]), _NO_NAME)

    def _find_decile(self, values: dict[str, Any], verdict: Verdict) -> None:
        percentiles = values.pop("percentile")
        if not any(value is not None for value in percentiles):
            return
        high = [n for n, p in enumerate(percentiles) if p and p > _LARGEST_SURE_PERCENTILE]
        verdict.note(high, _ABOVE_DECILES)
        found = [to_decile(percentile) for percentile in percentiles]
        values["decile"] = pick(values["decile"], found)

    def _place(self, chunk: Chunk, values: dict[str, Any], verdict: Verdict) -> None:
        """Check positions against the desa, and find the desa where only a position is given."""
        lon, lat = (to_floats(values[key]) for key in ("lon", "lat"))
        located = ~np.isnan(lon) & ~np.isnan(lat)
        verdict.reject(np.isnan(lon) != np.isnan(lat), _HALF_POSITION)
        codes, is_stated = self.areas.read(chunk, verdict)
        desa = self.places.index_of(codes)
        stated = np.array(is_stated)
        verdict.reject(~stated & ~located, _NO_PLACE)

        points = self.places.to_points(lon, lat)
        astray = np.flatnonzero(located & (desa >= 0))
        astray = astray[~self.places.is_near(points[astray], desa[astray])]
        homeless = np.flatnonzero(located & ~stated)
        both = np.concatenate([astray, homeless])
        found = self.places.locate(points[both])
        lost = both[found < 0]
        # Of a known desa they are taken as they stand: the desk of positions proposes the repair.
        turned = find_swapped(self.places, lost[desa[lost] >= 0], lon, lat)
        reject_outside(self.places, np.setdiff1d(lost, turned), lon, lat, verdict)
        verdict.note(turned, _TURNED)
        verdict.note(np.setdiff1d(astray, turned), OUTSIDE_DESA)
        verdict.note(homeless, _DESA_FOUND)
        desa[homeless] = found[len(astray) :]
        values["area_code"] = self.places.codes_of(desa)
        shown = self.places.displace(lon, lat, desa, self.rng)
        for name, degrees in zip(("shown_lon", "shown_lat"), shown, strict=True):
            values[name] = [None if isnan(value) else value for value in degrees.tolist()]


def read_percentile(text: str) -> float | None:
    """Read a percentile, 0 to 100."""
    value = read_decimal(text)
    return value if value is not None and 0 <= value <= 100 else None


def to_decile(percentile: float | None) -> int | None:
    """Return the decile of a percentile of DTKS and BDT, which tell them apart up to 40 only."""
    if percentile is None or percentile > _LARGEST_SURE_PERCENTILE:
        return None
    return max(1, ceil(percentile / 10))


def _settle_power(values: dict[str, Any]) -> None:
    """Tell metered from unmetered light by the power, where one question asks for both."""
    light, power = values["lighting"], values["electricity_va"]
    if "pln" in light:
        values["lighting"] = [
            kind if kind != "pln" else _LIGHT_BY_POWER.get(va, "pln_metered" if va else "pln")
            for kind, va in zip(light, power, strict=True)
        ]
    values["electricity_va"] = [None if va in (None, "unmetered") else int(va) for va in power]


_LIGHT_BY_POWER = {"unmetered": "pln_unmetered"}


def list_columns(form: Format, columns: Mapping[str, int]) -> set[str]:
    """Return the columns of a block that a file with these fields says something about."""
    found = {key for key in columns if not key.startswith(FLAG)}
    if form.key_from in found:
        found.add("external_id")
    if found >= {"lon", "lat"}:
        found |= {"shown_lon", "shown_lat"}
    if "percentile" in found:
        found.add("decile")
    if any(key.startswith(FLAG) for key in columns):
        found.add("aid_flags")
    return found | {"row_number", "area_code"}
