"""Positions that a survey took at houses, checked and placed in their desa."""

from __future__ import annotations

from datetime import date
from math import isnan
from typing import Any

import numpy as np

from db.registers.area_codes import AreaReader
from db.registers.check_common import (
    BAD_CELL,
    OUTSIDE_DESA,
    pick,
    reject_outside,
    title_of,
    to_floats,
)
from db.registers.check_households import LOCATION_SOURCES
from db.registers.checks import Column, Verdict, check_kks, check_niks
from db.registers.copying import Block
from db.registers.dates import read_moment
from db.registers.files import Chunk
from db.registers.formats import Format
from db.registers.formats.kentongan import POINTS
from db.registers.places import Places
from db.registers.readers import (
    read_choice,
    read_decimal,
    read_degrees,
    read_sound_degrees,
    read_sound_texts,
    read_text,
)
from geo.text import N_

COLUMNS = (
    "row_number", "external_id", "nik", "kk", "head_name", "address", "area_code", "lon", "lat",
    "shown_lon", "shown_lat", "accuracy_m", "location_source", "surveyed_at", "origin_row",
)  # fmt: skip
"""Columns of a block of points."""

_NO_KEY = N_("Kunci keluarga, NIK, nomor KK, dan nama kosong.")
_NO_POSITION = N_("Posisi kosong atau tidak lengkap.")
_FUTURE = N_("Waktu survei sesudah tanggal data.")
_TEXTS = ("external_id", "head_name", "address", "origin_row")


class PointChecker:
    """Checks the chunks of one file.

    Parameters
    ----------
    places
        The desa of the regency.
    form
        Of the file.
    as_of
        Date of the file; today when left out.
    rng
        Displaces positions.
    """

    def __init__(
        self,
        places: Places,
        form: Format = POINTS,
        *,
        as_of: date | None = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.places = places
        self.form = form
        self.as_of = as_of or date.today()
        self.rng = rng or np.random.default_rng()
        self.areas = AreaReader(places, form)
        self.columns = self._list_columns()

    @property
    def remarks(self) -> list[str]:
        """Sentences on the file as a whole, once it has been read."""
        return self.areas.remarks

    def check(self, chunk: Chunk, verdict: Verdict) -> Block:
        """Return the rows as columns of a block of points."""
        values: dict[str, Any] = {c.key: c.read(chunk, verdict) for c in self.columns}
        _split_gps(values, verdict)
        values["nik"] = check_niks(chunk, "nik", verdict)
        values["kk"] = check_kks(chunk, "kk", verdict)
        keys = zip(*(values[key] for key in ("external_id", "nik", "kk", "head_name")), strict=True)
        verdict.reject([n for n, key in enumerate(keys) if not any(key)], _NO_KEY)
        late = [n for n, at in enumerate(values["surveyed_at"]) if at and at.date() > self.as_of]
        verdict.reject(late, _FUTURE)
        values["location_source"] = pick(values["location_source"], ["gps"] * verdict.size)
        self._place(chunk, values, verdict)
        values["row_number"] = chunk.numbers
        return {name: values[name] for name in COLUMNS}

    def _list_columns(self) -> list[Column]:
        readers = {
            "lon": (read_degrees, read_sound_degrees),
            "lat": (read_degrees, read_sound_degrees),
            "accuracy_m": (read_decimal, None),
            "location_source": (read_choice(LOCATION_SOURCES), None),
            "surveyed_at": (read_moment, None),
            "gps": (read_gps, None),
            **dict.fromkeys(_TEXTS, (read_text, read_sound_texts)),
        }
        return [
            Column(key, one, BAD_CELL.format(title=title_of(self.form, key)), read_sound=read_sound)
            for key, (one, read_sound) in readers.items()
        ]

    def _place(self, chunk: Chunk, values: dict[str, Any], verdict: Verdict) -> None:
        lon, lat = (to_floats(values[key]) for key in ("lon", "lat"))
        located = ~np.isnan(lon) & ~np.isnan(lat)
        verdict.reject(~located, _NO_POSITION)
        codes, _ = self.areas.read(chunk, verdict)
        desa = self.places.index_of(codes)
        points = self.places.to_points(lon, lat)
        found = np.full(len(lon), -1, dtype=np.intp)
        where = np.flatnonzero(located)
        found[where] = self.places.locate(points[where])
        reject_outside(self.places, np.flatnonzero(located & (found < 0)), lon, lat, verdict)
        stated = np.flatnonzero(located & (desa >= 0) & (found >= 0))
        astray = stated[~self.places.is_near(points[stated], desa[stated])]
        verdict.note(astray, OUTSIDE_DESA)
        # The desa that is stated stays: the household is looked for there first.
        desa = np.where(desa < 0, found, desa)
        values["area_code"] = self.places.codes_of(desa)
        shown = self.places.displace(lon, lat, desa, self.rng)
        for name, degrees in zip(("shown_lon", "shown_lat"), shown, strict=True):
            values[name] = [None if isnan(value) else value for value in degrees.tolist()]


def read_gps(text: str) -> tuple[str, str, float | None] | None:
    """Read ``lat lon alt accuracy`` as survey tools write it, or ``lat, lon``.

    Returns
    -------
    tuple or None
        Longitude and latitude as texts, and the accuracy in metres.
    """
    parts = text.replace(";", " ").replace(", ", " ").split()
    if len(parts) == 1:
        parts = text.split(",")
    if not 2 <= len(parts) <= 4 or not all(map(read_degrees, parts)):
        return None
    lat, lon = (read_degrees(part) for part in parts[:2])
    accuracy = read_decimal(parts[3]) if len(parts) == 4 else None
    # Zero is what the tools write where nothing was measured.
    return (lon, lat, accuracy or None) if lon and lat else None


def _split_gps(values: dict[str, Any], verdict: Verdict) -> None:
    """Take positions from the column that holds latitude and longitude in one."""
    whole = values.pop("gps")
    empty = (None, None, None)
    for place, key in enumerate(("lon", "lat", "accuracy_m")):
        values[key] = pick(values[key], [(gps or empty)[place] for gps in whole])
