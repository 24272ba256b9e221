"""NIK and KK as spreadsheets and people leave them: repaired where only one number is possible.

Nothing here guesses. Marks around and between sixteen digits are taken away; no digit is ever
added, dropped or changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from geo.text import N_

LOST_DIGITS = N_(
    "Nomor 16 angka tersimpan sebagai angka sehingga digit terakhirnya hilang; jadikan teks."
)
MASKED = N_("nomor disamarkan dan dianggap kosong.")

_SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+?\d+", re.I | re.ASCII)
_THOUSANDS = re.compile(r"\d{1,3}([.,]\d{3}){5}([.,]0+)?", re.ASCII)
"""Sixteen digits in threes were a number to the program that wrote them, which keeps fifteen."""
_FLOAT = re.compile(r"(\d{16})[.,]0+", re.ASCII)
_MASK = re.compile(r"(?=.*(?:[*#•]|[xX]{3}))[\dxX*#•\s.-]{4,}")
_EMPTY = re.compile(r"[0\s.'-]*|null|none|nan|n/a|#n/a|kosong|tidak ada|tidak punya", re.I)
_WRAPPING = "'\"`’‘“”= \t\u00a0\u200b\ufeff"
_SPACING = re.compile(r"[\s\u00a0\u200b.\-_]+")
_LARGEST_EXACT = 2**53
"""Up to here a number with a binary point holds every digit."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says.

    Attributes
    ----------
    number
        The number, repaired where that is certain; None when the cell is empty or says nothing.
    fault
        Why it is to be rejected before its structure is looked at.
    is_masked
        Whether digits were blotted out.
    """

    number: str | None
    fault: str | None = None
    is_masked: bool = False


def read_identity_number(text: str) -> Reading:
    """Read a cell that should hold sixteen digits.

    Parameters
    ----------
    text
        As it stands in the file.
    """
    bare = text.strip(_WRAPPING)
    if _EMPTY.fullmatch(bare):
        return Reading(None)
    if _SCIENTIFIC.fullmatch(bare) or _THOUSANDS.fullmatch(bare):
        return Reading(bare, LOST_DIGITS)
    if found := _FLOAT.fullmatch(bare):
        is_exact = int(found[1]) <= _LARGEST_EXACT
        return Reading(found[1]) if is_exact else Reading(bare, LOST_DIGITS)
    if _MASK.fullmatch(bare):
        return Reading(None, is_masked=True)
    return Reading(_SPACING.sub("", bare) or None)
