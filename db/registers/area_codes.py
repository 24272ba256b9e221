"""Which desa a row names: by a Kemendagri code, a BPS code, or a BPS code in four parts.

Both numberings write a desa in ten digits, and the same digits mean different desa in them
(Kemendagri 35.10.08 is one kecamatan, BPS 3510080 another). So the numbering is settled once for a
file and no row is ever tried in the other one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from db.registers.checks import Verdict
from db.registers.files import Chunk
from db.registers.formats import Format
from db.registers.places import Places
from db.registers.readers import read_area_code
from geo.text import N_

PARTS = ("region_province", "region_regency", "region_district", "region_village")

_UNKNOWN = N_("Kode desa tidak ada dalam daftar wilayah.")
_UNKNOWN_BPS = N_("Kode desa BPS tidak ada padanannya dalam daftar wilayah.")
_NO_CROSSWALK = N_("Kode desa BPS belum punya padanan; muat batas wilayah dengan tabel padanannya.")
_LEFT_OUT = N_("kode desa tidak ada dalam daftar wilayah dan dikosongkan.")
IS_BPS = N_("Kode desa dalam berkas ini dibaca sebagai kode BPS.")

_TEN_DIGITS = re.compile(r"\d{10}", re.ASCII)
_WRAPPING = "'\"’= \u00a0"


class AreaReader:
    """Reads the desa of the rows of one file.

    Attributes
    ----------
    remarks
        What is to be said of the file as a whole.
    """

    def __init__(self, places: Places, form: Format) -> None:
        self.remarks: list[str] = []
        self._places = places
        self._form = form
        self._numbering = form.numbering if form.is_numbering_sure else None
        self._known: dict[str, str | None] = {}

    def read(
        self, chunk: Chunk, verdict: Verdict, *, is_mild: bool = False
    ) -> tuple[list[str | None], list[bool]]:
        """Read the desa of each row; codes that aren't known are rejected.

        Parameters
        ----------
        chunk, verdict
            The rows.
        is_mild
            Whether such rows are remarked on instead and their code left out.

        Returns
        -------
        tuple
            The Kemendagri code of each row, None where there is none, and whether the row states
            a desa at all.
        """
        texts = self._list_texts(chunk, verdict.size)
        if self._numbering is None and any(_TEN_DIGITS.fullmatch(text) for text in set(texts)):
            self._numbering = self._tell_numbering(texts, chunk)
            if self._numbering == "bps":
                self.remarks.append(IS_BPS)
        codes = [self._find(text) for text in texts]
        if None in codes:
            lost = [n for n, code in enumerate(codes) if code is None and texts[n]]
            if is_mild:
                verdict.note(lost, _LEFT_OUT)
            else:
                verdict.reject(lost, self._explain())
        return codes, [bool(text) for text in texts]

    def _list_texts(self, chunk: Chunk, size: int) -> list[str]:
        whole = chunk.cells.get("area_code")
        texts = [_tidy(text) for text in whole] if whole else [""] * size
        parts = [chunk.cells.get(key) for key in PARTS]
        if all(texts) or parts[-1] is None or parts[-2] is None:
            return texts
        joined = (
            join_parts(row) for row in zip(*(part or [""] * size for part in parts), strict=False)
        )
        return [text or put for text, put in zip(texts, joined, strict=True)]

    def _tell_numbering(self, texts: Sequence[str], chunk: Chunk) -> str:
        """Tell from the length of the kecamatan codes, else the names, else which codes exist."""
        districts = [_tidy(text) for text in chunk.cells.get("district_code", ())]
        lengths = [len(text.replace(".", "")) for text in districts if text]
        if lengths and {*lengths} <= {6, 7} and lengths.count(7) != lengths.count(6):
            return "bps" if lengths.count(7) > lengths.count(6) else "kemendagri"
        names = chunk.cells.get("area_name") or [""] * len(texts)
        votes = {
            numbering: self._count_fits(numbering, zip(texts, names, strict=True))
            for numbering in ("kemendagri", "bps")
        }
        other = "bps" if self._form.numbering == "kemendagri" else "kemendagri"
        return other if votes[other] > votes[self._form.numbering] else self._form.numbering

    def _count_fits(self, numbering: str, rows: Iterable[tuple[str, str]]) -> tuple[int, int]:
        named = known = 0
        for text, name in set(rows):
            if not _TEN_DIGITS.fullmatch(text):
                continue
            code = self._translate(text, numbering)
            known += code is not None
            named += code is not None and _plain(self._places.names[code]) == _plain(name)
        return named, known

    def _translate(self, digits: str, numbering: str) -> str | None:
        code = self._places.bps.get(digits) if numbering == "bps" else read_area_code(digits)
        return code if code in self._places.numbers else None

    def _find(self, text: str) -> str | None:
        if text not in self._known:
            if _TEN_DIGITS.fullmatch(text):
                code = self._translate(text, self._numbering or self._form.numbering)
            else:
                code = read_area_code(text)
                code = code if code in self._places.numbers else None
            self._known[text] = code
        return self._known[text]

    def _explain(self) -> str:
        if (self._numbering or self._form.numbering) != "bps":
            return _UNKNOWN
        return _UNKNOWN_BPS if self._places.bps else _NO_CROSSWALK


def join_parts(row: Sequence[Any]) -> str:
    """Join the codes of province, regency, kecamatan and desa to the code of the desa.

    BPS counts kecamatan and desa in three digits each, Kemendagri in two and four. Spreadsheets
    drop the zeros that such numbers begin with; as the lengths are fixed, they can be put back.
    A column may also hold the whole code.
    """
    province, regency, district, village = map(_tidy, row)
    if not village:
        return ""
    if len(village) == 10 or "." in village:
        return village
    if not all(part.isascii() and part.isdigit() for part in (province, regency, district)):
        return village
    if len(village) == 4:
        return f"{province.zfill(2)}.{regency[-2:].zfill(2)}.{district[-2:].zfill(2)}.{village}"
    return province.zfill(2) + regency[-2:].zfill(2) + district[-3:].zfill(3) + village.zfill(3)


def _tidy(text: str) -> str:
    return text.strip(_WRAPPING).removesuffix(".0")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())
