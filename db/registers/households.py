"""Households from a register file: read, checked, placed in their desa, matched, stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from db.ledger import Ledger
from db.models import Need
from db.registers.checks import Column, Verdict, check_kks, check_niks, list_empty, reject_repeated
from db.registers.copying import Block, copy_blocks
from db.registers.files import Chunk, open_table
from db.registers.fill import fill_register, is_register_empty
from db.registers.formats import Field, Format
from db.registers.incoming import create_incoming, list_columns
from db.registers.journal import Journal, Origin, Progress, ensure_source
from db.registers.match import match_households
from db.registers.merge import merge_households
from db.registers.places import Floats, Places
from db.registers.readers import (
    ColumnReader,
    read_area_code,
    read_choice,
    read_date,
    read_decimal,
    read_degrees,
    read_integer,
    read_sound_degrees,
    read_sound_texts,
    read_text,
)
from geo.text import N_

HOUSING = {
    "house_ownership": ("Status rumah", "status_rumah", "kepemilikan_rumah"),
    "floor_material": ("Lantai", "lantai", "jenis_lantai"),
    "wall_material": ("Dinding", "dinding", "jenis_dinding"),
    "roof_material": ("Atap", "atap", "jenis_atap"),
    "drinking_water": ("Air minum", "air_minum", "sumber_air_minum"),
    "lighting": ("Penerangan", "penerangan", "sumber_penerangan"),
    "cooking_fuel": ("Bahan bakar memasak", "bahan_bakar", "bahan_bakar_memasak"),
    "toilet": ("Jamban", "jamban", "fasilitas_bab"),
}
_NAMES: dict[str, tuple[str, ...]] = {
    "external_id": (
        "Kunci keluarga",
        *("id_keluarga", "kunci_keluarga", "nomor_keluarga", "household_key", "household_id"),
    ),
    "kk": ("Nomor KK", "no_kk", "nomor_kk", "nomor_kartu_keluarga", "family_card"),
    "head_name": (
        "Nama kepala keluarga",
        *("nama_kepala_keluarga", "kepala_keluarga", "nama", "name"),
    ),
    "nik": ("NIK kepala keluarga", "head_nik", "nik_kepala_keluarga", "nik_kepala"),
    "birth_date": ("Tanggal lahir", "head_birth_date", "tanggal_lahir", "tgl_lahir"),
    "sex": ("Jenis kelamin", "head_sex", "jenis_kelamin", "kelamin"),
    "address": ("Alamat", "alamat"),
    "rt": ("RT",),
    "rw": ("RW",),
    "area_code": (
        "Kode desa",
        *("desa_code", "kode_desa", "kode_kelurahan", "kode_desa_kelurahan", "kode_wilayah"),
    ),
    "lon": ("Bujur", "longitude", "bujur", "long", "lng"),
    "lat": ("Lintang", "latitude", "lintang"),
    "accuracy_m": ("Akurasi (m)", "akurasi_m", "akurasi", "accuracy"),
    "location_source": ("Sumber posisi", "sumber_posisi", "sumber_lokasi"),
    "decile": ("Desil", "desil", "desil_kesejahteraan"),
    "member_count": ("Jumlah anggota", "jumlah_anggota", "jumlah_anggota_keluarga", "members"),
    "floor_area_m2": ("Luas lantai (m²)", "luas_lantai", "luas_lantai_m2", "floor_area"),
    "electricity_va": ("Daya listrik (VA)", "daya", "daya_listrik", "daya_va", "daya_listrik_va"),
    "needs": ("Kebutuhan", "kebutuhan"),
    "status": ("Status", "status_verifikasi"),
    **HOUSING,
}
KENTONGAN = Format(
    "kentongan",
    tuple(Field(key, words[0], (key, *words[1:])) for key, words in _NAMES.items()),
    (("external_id", "nik"), ("head_name",), ("area_code", "lon"), ("area_code", "lat")),
)
FORMATS = (KENTONGAN,)
"""The household formats that are understood; a national format is one more of them."""

SEXES = {
    "l": "male", "laki-laki": "male", "laki laki": "male", "male": "male", "m": "male",
    "p": "female", "perempuan": "female", "female": "female", "f": "female",
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

_BAD_CELL = N_("Isi kolom “{title}” tidak dapat dibaca.")
_NO_KEY = N_("Kunci keluarga dan NIK kepala keluarga kosong.")
_NO_NAME = N_("Nama kepala keluarga kosong.")
_NO_PLACE = N_("Kode desa dan posisi kosong.")
_UNKNOWN_DESA = N_("Kode desa tidak ada dalam daftar wilayah.")
_BAD_DECILE = N_("Desil harus angka 1 sampai 10.")
_UNKNOWN_NEED = N_("Kode kebutuhan tidak dikenal.")
_HALF_POSITION = N_("Bujur dan lintang harus diisi keduanya.")
_OUTSIDE = N_("Posisi berada di luar kabupaten.")
_OUTSIDE_DESA = N_("posisi di luar desa yang disebut.")
_EXCHANGED = N_("bujur dan lintang tertukar; perbaiki di halaman Mutu posisi.")
_DESA_FOUND = N_("desa ditentukan dari posisi.")
_REPEATED_KEY = N_("Kunci keluarga sudah ada di baris sebelumnya.")
_REPEATED_NIK = N_("NIK kepala keluarga sudah ada di baris sebelumnya.")


def import_households(
    conn: Connection,
    file: Path,
    *,
    source_code: str,
    source_name: str,
    as_of: date,
    user: str = "local",
    area: str | None = None,
    progress: Progress | None = None,
    **reading: Any,
) -> Ledger:
    """Load a file of households (docs/data.md), whole or not at all.

    A household is known again by source and key, by the exact NIK of its head, or by its score;
    what is likely but not sure waits for review. An empty cell says nothing.

    Parameters
    ----------
    conn
        In a transaction of the caller's.
    file
        A table of one of the household formats; positions in degrees, WGS 84 (EPSG:4326).
    source_code, source_name
        The register it comes from.
    as_of
        Date the register was drawn up.
    user, area
        Who brings it, and the area they may write in; None is the whole regency.
    progress
        Called with the number of rows checked so far.
    reading
        How the file is read: ``format_key``, ``mapping`` (:func:`db.registers.files.open_table`).

    Returns
    -------
    Ledger

    Raises
    ------
    InvalidFile
        When the file is refused; nothing of it is loaded.
    """
    table = open_table(file, FORMATS, **reading)
    journal = Journal(table, "external_id")
    origin = Origin(source_code, source_name, as_of, user, area)
    with conn.begin_nested():
        ensure_source(conn, "register", origin)
        journal.open_batch(conn, "households", origin)
        checker = _Checker(Places.load(conn), _need_bits(conn))
        columns = list_columns(table.columns)
        blocks = journal.sift(checker.check, progress, origin=origin)
        if is_register_empty(conn):
            fill_register(conn, blocks, columns, journal, origin)
            return journal.save(conn)
        create_incoming(conn)
        # One COPY for the whole file: the database takes rows in while the next are checked.
        copy_blocks(conn, "incoming_household", columns, blocks)
        review = match_households(conn, journal, origin)
        has = {"has_needs": "needs" in columns, "has_aid": "aid_flags" in columns}
        merge_households(conn, journal.ledger, origin, **has)
        ledger = journal.save(conn)
        review.store(conn, journal.batch_id)
        return ledger


def _need_bits(conn: Connection) -> dict[str, int]:
    rows = conn.execute(select(Need.code, Need.name, Need.bit))
    return {word.lower(): 1 << bit for code, name, bit in rows for word in (code, name)}


@dataclass(slots=True)
class _Checker:
    """Checks the chunks of one file; remembers the keys it has seen."""

    places: Places
    need_bits: dict[str, int]
    rng: np.random.Generator = field(default_factory=np.random.default_rng)
    columns: list[Column] = field(init=False)
    seen_keys: set[str] = field(default_factory=set)
    seen_niks: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Make the columns, which remember what they have read."""
        self.columns = self._list_columns()

    def check(self, chunk: Chunk, verdict: Verdict) -> Block:
        """Return the rows as columns of ``incoming_household``."""
        values: dict[str, Any] = {c.key: c.read(chunk, verdict) for c in self.columns}
        self._check_identity(chunk, values, verdict)
        self._place(chunk, values, verdict)
        reject_repeated(values["external_id"], self.seen_keys, verdict, _REPEATED_KEY)
        reject_repeated(values["nik"], self.seen_niks, verdict, _REPEATED_NIK)
        values["row_number"] = chunk.numbers
        return values

    def _list_columns(self) -> list[Column]:
        texts = ("external_id", "head_name", "address", "rt", "rw", *HOUSING)
        readers: dict[str, Any] = dict.fromkeys(texts, read_text)
        readers |= {
            "lon": read_degrees,
            "lat": read_degrees,
            "accuracy_m": read_decimal,
            "floor_area_m2": read_decimal,
            "birth_date": read_date,
            "sex": read_choice(SEXES),
            "area_code": read_area_code,
            "location_source": read_choice(LOCATION_SOURCES),
            "decile": read_integer(1, 10),
            "member_count": read_integer(0, 63),
            "electricity_va": read_integer(0, 1_000_000),
            "status": read_choice(STATUSES),
            "needs": self._read_needs,
        }
        at_once: dict[str, ColumnReader] = {
            **dict.fromkeys(("external_id", "head_name", "address"), read_sound_texts),
            **dict.fromkeys(("lon", "lat"), read_sound_degrees),
        }
        reasons = {"decile": _BAD_DECILE, "needs": _UNKNOWN_NEED, "area_code": _UNKNOWN_DESA}
        return [
            Column(
                key,
                reader,
                reasons.get(key) or _BAD_CELL.format(title=_NAMES[key][0]),
                read_sound=at_once.get(key),
            )
            for key, reader in readers.items()
        ]

    def _read_needs(self, text: str) -> int | None:
        words = [" ".join(word.lower().split()) for word in text.split(";")]
        bits = {self.need_bits.get(word) for word in words if word}
        return None if None in bits else sum(bit for bit in bits if bit)

    def _check_identity(self, chunk: Chunk, values: dict[str, Any], verdict: Verdict) -> None:
        values["nik"] = check_niks(
            chunk, "nik", verdict, birth_dates=values["birth_date"], sexes=values["sex"]
        )
        values["kk"] = check_kks(chunk, "kk", verdict)
        keyless = [n for n in list_empty(values["external_id"]) if values["nik"][n] is None]
        verdict.reject(keyless, _NO_KEY)
        verdict.reject(list_empty(values["head_name"]), _NO_NAME)

    def _place(self, chunk: Chunk, values: dict[str, Any], verdict: Verdict) -> None:
        """Check positions against the desa, and find the desa where only a position is given."""
        lon, lat = (_to_floats(values[key]) for key in ("lon", "lat"))
        located = ~np.isnan(lon) & ~np.isnan(lat)
        verdict.reject(np.isnan(lon) != np.isnan(lat), _HALF_POSITION)
        desa = self.places.index_of(values["area_code"])
        texts = chunk.cells.get("area_code") or [""] * verdict.size
        stated = np.array(list(map(bool, map(str.strip, texts))))
        # A text that is no code at all has been rejected by its column already.
        unknown = [n for n in np.flatnonzero(desa < 0).tolist() if values["area_code"][n]]
        verdict.reject(unknown, _UNKNOWN_DESA)
        verdict.reject(~stated & ~located, _NO_PLACE)

        points = self.places.to_points(lon, lat)
        astray = np.flatnonzero(located & (desa >= 0))
        astray = astray[~self.places.is_near(points[astray], desa[astray])]
        homeless = np.flatnonzero(located & ~stated)
        found = self.places.locate(points[np.concatenate([astray, homeless])])
        lost = np.concatenate([astray, homeless])[found < 0]
        # Exchanged ones are taken as they stand; the desk of positions proposes the repair.
        back = self.places.locate(self.places.to_points(lat[lost], lon[lost]))
        exchanged = lost[(back >= 0) & (desa[lost] >= 0)]
        verdict.reject(np.setdiff1d(lost, exchanged), _OUTSIDE)
        verdict.note(exchanged, _EXCHANGED)
        verdict.note(np.setdiff1d(astray, exchanged), _OUTSIDE_DESA)
        verdict.note(homeless, _DESA_FOUND)
        desa[homeless] = found[len(astray) :]
        values["area_code"] = self.places.codes_of(desa)
        shown = self.places.displace(lon, lat, desa, self.rng)
        for name, degrees in zip(("shown_lon", "shown_lat"), shown, strict=True):
            values[name] = [None if isnan(value) else value for value in degrees.tolist()]


def _to_floats(texts: Sequence[str | None]) -> Floats:
    return np.fromiter((float(text or "nan") for text in texts), np.float64, len(texts))
