"""Persons of a register, or of an extract of the population register, checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from db.registers.area_codes import AreaReader
from db.registers.check_common import (
    BAD_CELL,
    check_birth_dates,
    make_coded_column,
    pick,
    title_of,
)
from db.registers.checks import Column, Verdict, check_kks, check_niks, list_empty, reject_repeated
from db.registers.copying import Block
from db.registers.dates import read_date_until
from db.registers.files import Chunk
from db.registers.formats import DIFFICULTY, Format
from db.registers.formats.kentongan import PERSONS
from db.registers.places import Places
from db.registers.readers import read_sound_texts, read_text
from geo.text import N_

COLUMNS = (
    "row_number", "external_id", "household_key", "household_nik", "kk", "nik", "name",
    "birth_date", "sex", "relationship", "marital_status", "schooling", "education", "work",
    "disability", "chronic_illness", "area_code", "address", "life_status", "origin_row",
)  # fmt: skip
"""Columns of a block of persons."""

_NO_NAME = N_("Nama kosong.")
_NO_KEY = N_("Kunci keluarga, NIK, dan nomor KK kosong.")
_REPEATED_KEY = N_("Kunci orang sudah ada di baris sebelumnya.")
_REPEATED_NIK = N_("NIK sudah ada di baris sebelumnya.")

_TEXTS = ("external_id", "household_key", "name", "address", "origin_row")


class PersonChecker:
    """Checks the chunks of one file; remembers the persons it has seen.

    Parameters
    ----------
    places
        The desa of the regency.
    form
        Of the file.
    as_of
        Date of the file; today when left out.
    """

    def __init__(
        self, places: Places, form: Format = PERSONS, *, as_of: date | None = None
    ) -> None:
        self.form = form
        self.as_of = as_of or date.today()
        self.areas = AreaReader(places, form)
        self.columns = self._list_columns()
        self.seen_keys: set[str] = set()
        self.seen_niks: set[str] = set()

    @property
    def remarks(self) -> list[str]:
        """Sentences on the file as a whole, once it has been read."""
        return self.areas.remarks

    def check(self, chunk: Chunk, verdict: Verdict) -> Block:
        """Return the rows as columns of a block of persons."""
        values: dict[str, Any] = {c.key: c.read(chunk, verdict) for c in self.columns}
        check_birth_dates(values["birth_date"], self.as_of, verdict)
        values["nik"] = check_niks(
            chunk, "nik", verdict, birth_dates=values["birth_date"], sexes=values.get("sex", ())
        )
        values["household_nik"] = check_niks(chunk, "household_nik", verdict)
        values["kk"] = check_kks(chunk, "kk", verdict)
        if self.form.key_from:
            values["household_key"] = pick(values["household_key"], values[self.form.key_from])
        verdict.reject(list_empty(values["name"]), _NO_NAME)
        names = ("household_key", "nik", "kk", "household_nik")
        keys = zip(*(values[name] for name in names), strict=True)
        verdict.reject([n for n, some in enumerate(keys) if not any(some)], _NO_KEY)
        # In a register a person is where the household is; the identity card may name a village
        # of another regency.
        is_mild = self.form.kind == "persons"
        values["area_code"], _ = self.areas.read(chunk, verdict, is_mild=is_mild)
        if "other_relationship" in values:
            # DTKS has the column twice, and not every dump fills the same one.
            values["relationship"] = pick(values["relationship"], values["other_relationship"])
        _settle_work(values)
        _settle_disability(values)
        reject_repeated(values["external_id"], self.seen_keys, verdict, _REPEATED_KEY)
        reject_repeated(values["nik"], self.seen_niks, verdict, _REPEATED_NIK)
        values["row_number"] = chunk.numbers
        return {name: values.get(name) or [None] * verdict.size for name in COLUMNS}

    def _list_columns(self) -> list[Column]:
        columns = [
            Column(
                key,
                read_text,
                BAD_CELL.format(title=title_of(self.form, key)),
                read_sound=read_sound_texts,
            )
            for key in _TEXTS
        ]
        columns.append(
            Column(
                "birth_date",
                read_date_until(self.as_of),
                BAD_CELL.format(title=title_of(self.form, "birth_date")),
            )
        )
        return [*columns, *(make_coded_column(field) for field in self.form.fields if field.codes)]


def _settle_work(values: dict[str, Any]) -> None:
    """Tell what somebody does from up to four questions on it."""
    work: Sequence[str | None] | None = values.get("work")
    if work is None:
        return
    size = len(work)
    empty: list[str | None] = [None] * size
    told = zip(
        work,
        values.get("industry", empty),
        values.get("is_working", empty),
        values.get("stated_work", empty),
        strict=True,
    )
    values["work"] = [_find_work(*answers) for answers in told]


def _find_work(
    work: str | None, industry: str | None, is_working: str | None, stated: str | None
) -> str | None:
    if is_working == "no":
        # Pupils and homemakers don't work either, but the identity card says what they do.
        return stated if stated in ("student", "homemaker", "retired") else "not_working"
    if work == "self_employed" and industry:
        return industry
    return work or stated


def _settle_disability(values: dict[str, Any]) -> None:
    """Tell the disability from the questions on what somebody finds difficult."""
    answers = [found for key, found in values.items() if key.startswith(DIFFICULTY)]
    if not answers:
        return
    kinds = [{kind for kind in row if kind} for row in zip(*answers, strict=True)]
    values["disability"] = [
        "multiple" if len(some) > 1 else next(iter(some), None) for some in kinds
    ]
