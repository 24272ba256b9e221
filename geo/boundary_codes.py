"""Codes of administrative areas: Kemendagri's, with and without dots, and those of BPS.

Both number a village with ten digits, differently: Kemendagri 35.10.08 is not BPS 3510080. In a
Kemendagri village code the last part starts with 1 (kelurahan) or 2 (desa); in a BPS code it
mostly starts with 0, but not always. Only a crosswalk tells them apart for certain.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geo.errors import InvalidFile
from geo.text import N_

NOT_A_CODE = N_("Kode wilayah tidak dapat dibaca.")
EMPTY_CODE = N_("Kode wilayah kosong.")
ROUNDED_CODE = N_("Kode wilayah sudah dibulatkan oleh Excel; simpan kolom kode sebagai teks.")
PROVINCE_CODE = N_("Kode provinsi; yang dimuat hanya kabupaten, kecamatan, dan desa.")
FOREST_CODE = N_("Kawasan hutan negara menurut BPS (kode …999), bukan desa.")
LOOKS_LIKE_BPS = N_(
    "Tampaknya kode BPS, bukan kode Kemendagri; sertakan tabel padanan kode (crosswalk)."
)
NOT_IN_CROSSWALK = N_("Kode BPS ini tidak ada di tabel padanan kode.")

BPS_DIGITS = {"kabupaten": 4, "kecamatan": 7, "desa": 10}

_KEMENDAGRI_NAMES = ("kemendagricode", "kodekemendagri", "kemendagri", "kddagri", "kodedagri")
_BPS_NAMES = ("bpscode2020", "bpscode", "kodebps", "bps", "kdbps", "idbps")
_KEMENDAGRI_DIGITS = (4, 6, 10)
_MAX_CODE_LENGTH = 40


class RejectedCode(ValueError):
    """A code that is no area's; its text says why, in Indonesian."""


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Which BPS code belongs to which Kemendagri code.

    Attributes
    ----------
    kemendagri_of
        Dotted Kemendagri code by BPS digits, for villages and, where all their villages agree
        by majority, for kecamatan and kabupaten.
    bps_of
        The same the other way round.
    """

    kemendagri_of: Mapping[str, str]
    bps_of: Mapping[str, str]


def digits_of(value: object) -> str:
    """Return the digits of a code as it stands in a file's cell.

    Parameters
    ----------
    value
        Text with or without dots, an integer, or the float that a spreadsheet makes of one.

    Returns
    -------
    str

    Raises
    ------
    RejectedCode
        When the cell is empty, rounded to a power of ten, or no number at all.
    """
    if isinstance(value, float):
        value = "" if value != value else f"{value:.0f}" if value.is_integer() else str(value)
    text = "" if value is None else str(value).strip()[:_MAX_CODE_LENGTH]
    if not text:
        raise RejectedCode(EMPTY_CODE)
    if re.fullmatch(r"\d+([.,]\d+)?E\+?\d+", text, re.IGNORECASE):
        raise RejectedCode(ROUNDED_CODE)
    text = re.sub(r"^(\d{4,10})\.0+$", r"\1", text)
    digits = re.sub(r"[.\-\s]", "", text)
    if not (digits.isascii() and digits.isdigit()):
        raise RejectedCode(NOT_A_CODE)
    return digits


def dotted(digits: str) -> str:
    """Write the digits of a Kemendagri code with dots: 3510012001 becomes 35.10.01.2001."""
    parts = (digits[0:2], digits[2:4], digits[4:6], digits[6:])
    return ".".join(part for part in parts if part)


def parse_code(value: object) -> str:
    """Read a Kemendagri code.

    Parameters
    ----------
    value
        As in :func:`digits_of`.

    Returns
    -------
    str
        The code with dots, of a kabupaten, kecamatan or desa.

    Raises
    ------
    RejectedCode
        When it is no such code, a province, a BPS code, or a state forest of BPS.
    """
    digits = digits_of(value)
    if len(digits) == 10 and digits.endswith("999"):
        raise RejectedCode(FOREST_CODE)
    if len(digits) == 7 or (len(digits) == 10 and digits[6] not in "12"):
        raise RejectedCode(LOOKS_LIKE_BPS)
    if len(digits) == 2:
        raise RejectedCode(PROVINCE_CODE)
    if len(digits) not in _KEMENDAGRI_DIGITS:
        raise RejectedCode(NOT_A_CODE)
    return dotted(digits)


def parse_bps_code(value: object, crosswalk: Crosswalk) -> str:
    """Read a BPS code and return the Kemendagri code that the crosswalk pairs it with.

    Raises
    ------
    RejectedCode
        When it is a state forest, or missing from the crosswalk.
    """
    digits = digits_of(value)
    if len(digits) == 10 and digits.endswith("999"):
        raise RejectedCode(FOREST_CODE)
    if digits not in crosswalk.kemendagri_of:
        raise RejectedCode(NOT_IN_CROSSWALK)
    return crosswalk.kemendagri_of[digits]


def is_code_like(value: object) -> bool:
    """Whether a cell could be an area code of either kind."""
    try:
        return len(digits_of(value)) in (4, 6, 7, 10)
    except RejectedCode:
        return False


def are_bps_codes(values: Iterable[object], crosswalk: Crosswalk) -> bool:
    """Whether the codes of a file match the BPS column of the crosswalk better than the other."""
    bps_count = kemendagri_count = 0
    for value in values:
        if is_code_like(value):
            digits = digits_of(value)
            bps_count += digits in crosswalk.kemendagri_of
            kemendagri_count += dotted(digits) in crosswalk.bps_of
    return bps_count > kemendagri_count


def kind_of(code: str) -> str:
    """Return the kind of an area, told by its code.

    Kabupaten are numbered from 01 and kota from 71 within their province; in a village code a
    leading 1 marks a kelurahan (Permendagri 58/2021).

    Parameters
    ----------
    code
        Kemendagri code with dots.

    Returns
    -------
    str
        ``kabupaten``, ``kota``, ``kecamatan``, ``kelurahan`` or ``desa``.
    """
    parts = code.split(".")
    if len(parts) == 2:
        return "kota" if parts[1] >= "71" else "kabupaten"
    if len(parts) == 3:
        return "kecamatan"
    return "kelurahan" if parts[3].startswith("1") else "desa"


def parse_crosswalk(rows: Iterable[Mapping[str, str | None]]) -> Crosswalk:
    """Read a crosswalk of village codes, its columns told by their headers.

    Parameters
    ----------
    rows
        Rows of a CSV file by header, such as ``kemendagri_code`` and ``bps_code_2020``.

    Returns
    -------
    Crosswalk
        With kecamatan and kabupaten added: each BPS one goes to the Kemendagri one that holds
        most of its villages.

    Raises
    ------
    InvalidFile
        When one of the two columns is missing, or no row holds both codes.
    """
    pairs: dict[str, str] = {}
    for row in rows:
        try:
            bps = digits_of(_cell(row, _BPS_NAMES))
            pairs[bps] = dotted(digits_of(_cell(row, _KEMENDAGRI_NAMES)))
        except RejectedCode:
            continue
    if not pairs:
        raise InvalidFile(N_("Tabel padanan kode tidak berisi satu pun pasangan kode."))
    bps_of = {kemendagri: bps for bps, kemendagri in pairs.items()}
    for bps_length, kemendagri_length in ((7, 8), (4, 5)):
        upper = _majority((b[:bps_length], k[:kemendagri_length]) for b, k in pairs.items())
        pairs = upper | pairs
        bps_of = {kemendagri: bps for bps, kemendagri in upper.items()} | bps_of
    return Crosswalk(pairs, bps_of)


def _cell(row: Mapping[str, str | None], names: tuple[str, ...]) -> str | None:
    by_name = {re.sub(r"[^a-z0-9]", "", str(header).lower()): header for header in row}
    for name in names:
        if name in by_name:
            return row[by_name[name]]
    raise InvalidFile(
        N_("Tabel padanan kode harus memuat kolom kode Kemendagri dan kolom kode BPS.")
    )


def _majority(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    counts: dict[str, Counter[str]] = {}
    for left, right in pairs:
        counts.setdefault(left, Counter())[right] += 1
    return {left: seen.most_common(1)[0][0] for left, seen in counts.items()}
