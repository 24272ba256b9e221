"""Rows of lists of aid, checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from db.registers.area_codes import AreaReader
from db.registers.check_common import BAD_CELL, check_birth_dates, title_of
from db.registers.checks import Column, Verdict, check_kks, check_niks, reject_repeated
from db.registers.copying import Block
from db.registers.dates import read_date_until
from db.registers.files import Chunk
from db.registers.formats import Format
from db.registers.formats.kentongan import AID
from db.registers.places import Places
from db.registers.readers import (
    read_amount,
    read_choice,
    read_period,
    read_sound_texts,
    read_text,
)
from geo.text import N_

STATUSES = {
    "received": "received", "diterima": "received", "menerima": "received", "sudah": "received",
    "planned": "planned", "direncanakan": "planned", "rencana": "planned",
    "stopped": "stopped", "dihentikan": "stopped", "berhenti": "stopped",
}  # fmt: skip

_NO_KEY = N_("Kunci keluarga, NIK, dan nomor KK kosong.")
_NO_KEY_NOR_NAME = N_("NIK, nomor KK, dan nama penerima kosong.")
_UNKNOWN_PROGRAMME = N_("Kode program tidak dikenal.")
_NO_PROGRAMME = N_("Kode program kosong.")
_BAD_PERIOD = N_("Periode harus seperti 2026, 2026-07, 2026-S1, atau 2026-Q3.")
_NO_PERIOD = N_("Periode kosong.")
_BAD_AMOUNT = N_("Nilai bantuan bukan angka rupiah bulat.")
_BAD_STATUS = N_("Status bantuan harus diterima, direncanakan, atau dihentikan.")
_BAD_KEY = N_("Kunci keluarga terlalu panjang.")
_REPEATED = N_("Bantuan yang sama sudah ada di baris sebelumnya.")

_KEYS = ("external_id", "nik", "kk", "person_nik")


class AidChecker:
    """Checks the chunks of one file; remembers the aid it has seen.

    Parameters
    ----------
    programmes
        Code of each programme, by code and by name in small letters with single spaces.
    form
        Of the file.
    places
        The desa of the regency, for lists that name them.
    programme_code, period
        Of every row, for a list that has no such column or leaves it empty.
    as_of
        Date of the list; today when left out.
    """

    def __init__(
        self,
        programmes: Mapping[str, str],
        form: Format = AID,
        *,
        places: Places | None = None,
        programme_code: str | None = None,
        period: str | None = None,
        as_of: date | None = None,
    ) -> None:
        self.form = form
        self.as_of = as_of or date.today()
        self.areas = AreaReader(places, form) if places else None
        self.given = {"programme_code": programme_code, "period": period}
        self.columns = self._list_columns(programmes)
        self.seen: set[Any] = set()

    @property
    def remarks(self) -> list[str]:
        """Sentences on the file as a whole, once it has been read."""
        return self.areas.remarks if self.areas else []

    def check(self, chunk: Chunk, verdict: Verdict) -> Block:
        """Return the rows as columns of a block of aid."""
        values: dict[str, Any] = {c.key: c.read(chunk, verdict) for c in self.columns}
        for key, given in self.given.items():
            if given:
                values[key] = [given if value is None else value for value in values[key]]
        check_birth_dates(values["birth_date"], self.as_of, verdict)
        values["nik"] = check_niks(chunk, "nik", verdict, birth_dates=values["birth_date"])
        values["kk"] = check_kks(chunk, "kk", verdict)
        values["person_nik"] = check_niks(chunk, "person_nik", verdict)
        values["area_code"] = (
            self.areas.read(chunk, verdict)[0] if self.areas else [None] * verdict.size
        )
        self._check_keys(values, verdict)
        for key, reason in (("programme_code", _NO_PROGRAMME), ("period", _NO_PERIOD)):
            self._reject_empty(chunk, key, reason, verdict)
        values["row_number"] = chunk.numbers
        return values

    def _check_keys(self, values: dict[str, Any], verdict: Verdict) -> None:
        by_name = self.form.get_field("head_name") is not None
        names = (*_KEYS, "household_source", *(("head_name", "address", "area_code") * by_name))
        keys = list(zip(*(values[name] for name in names), strict=True))
        keyless = [n for n, key in enumerate(keys) if not any(key[:4])]
        if by_name:
            keyless = [n for n in keyless if values["head_name"][n] is None]
        verdict.reject(keyless, _NO_KEY_NOR_NAME if by_name else _NO_KEY)
        same = zip(keys, values["programme_code"], values["period"], strict=True)
        # Two rows that bear no number may be two people of one name.
        told = [key if any(key[0][:4]) else None for key in same]
        reject_repeated(told, self.seen, verdict, _REPEATED)

    def _reject_empty(self, chunk: Chunk, key: str, reason: str, verdict: Verdict) -> None:
        if self.given[key]:
            return
        texts = chunk.cells.get(key) or [""] * verdict.size
        verdict.reject([n for n, text in enumerate(texts) if not text.strip()], reason)

    def _list_columns(self, programmes: Mapping[str, str]) -> list[Column]:
        bad = {key: BAD_CELL.format(title=title_of(self.form, key)) for key in _DESCRIPTIVE}
        return [
            Column("external_id", read_text, _BAD_KEY, read_sound=read_sound_texts),
            Column("household_source", read_text, _BAD_KEY),
            Column("programme_code", read_choice(dict(programmes)), _UNKNOWN_PROGRAMME),
            Column("period", read_period, _BAD_PERIOD),
            Column("amount_idr", read_amount, _BAD_AMOUNT),
            Column("status", read_choice(STATUSES), _BAD_STATUS),
            *(Column(key, read_text, bad[key], read_sound=read_sound_texts) for key in bad),
            Column(
                "birth_date",
                read_date_until(self.as_of),
                BAD_CELL.format(title=title_of(self.form, "birth_date")),
            ),
        ]


_DESCRIPTIVE = ("head_name", "address", "origin_row")
