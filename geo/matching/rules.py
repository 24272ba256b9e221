"""Rules that stand above the sum of points: what is never joined, and what is always looked at.

Some pairs are cases of their own, whatever their score: see :data:`KINDS`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.matching.compare import Levels
from geo.matching.people import Flags
from geo.matching.weights import (
    ADDRESS,
    AREA,
    BIRTH_DATE,
    JOIN_POINTS,
    KK,
    NAME,
    NIK,
    NUMBER_OF,
    REVIEW_POINTS,
    SEX,
)

_BELOW_JOIN = JOIN_POINTS - 0.5

KINDS = ("match", "nik_changed", "moved", "merged_kk", "same_name", "new_head")
"""What a pair is, beside its score.

``nik_changed``: the NIK differ and the rest agrees. ``moved``: the same person in another desa.
``merged_kk``: the incoming card is the card of another row of the register, so two families may
have become one. ``same_name``: father and son of one name, twins. ``new_head``: one card under two
heads; the old one may have died.
"""


def apply_rules(
    points: NDArray[np.float64], levels: Levels, kinds: NDArray[np.int8], *, heads: bool
) -> NDArray[np.float64]:
    """Hold pairs that must be looked at between the thresholds.

    Parameters
    ----------
    points
        The sum of each pair.
    levels
        As :func:`geo.matching.compare.compare` gives them.
    kinds
        As :func:`tell_kinds` gives them.
    heads
        Whether both sides are heads of families: then a card under a new head is always shown.

    Returns
    -------
    ndarray
        The points after the rules.
    """
    allowed = may_join(levels)
    for kind in ("merged_kk", "same_name", "new_head"):
        allowed &= kinds != KINDS.index(kind)
    held = np.where(allowed, points, np.minimum(points, _BELOW_JOIN))
    is_shown = heads & (kinds == KINDS.index("new_head"))
    return np.where(is_shown, np.maximum(held, REVIEW_POINTS), held)


def tell_kinds(levels: Levels, is_card_elsewhere: Flags) -> NDArray[np.int8]:
    """Tell what each pair is.

    Parameters
    ----------
    levels
        As :func:`geo.matching.compare.compare` gives them.
    is_card_elsewhere
        Whether the incoming card is the card of some row of the register.

    Returns
    -------
    ndarray
        Places in :data:`KINDS`.
    """
    is_alike = _any(levels, NAME, "same", "word", "near")
    is_born = _any(levels, BIRTH_DATE, "same", "default")
    is_house = _any(levels, KK, "same") | _any(levels, ADDRESS, "same")
    is_other_nik = _any(levels, NIK, "different", "serial")
    is_relative = is_alike & _any(levels, BIRTH_DATE, "different")
    is_twin = is_born & is_house & is_other_nik & _any(levels, NAME, "similar", "partial")
    kinds = np.zeros(len(levels), np.int8)
    # From the weakest to the strongest: the last one that applies stands.
    for kind, applies in (
        ("nik_changed", (is_other_nik | _any(levels, NIK, "typo")) & is_alike & is_born),
        ("moved", _any(levels, AREA, "different")),
        ("merged_kk", _any(levels, KK, "different", "typo") & is_card_elsewhere),
        ("same_name", is_relative | is_twin),
        ("new_head", _any(levels, KK, "same") & _any(levels, NAME, "different")),
    ):
        kinds[applies] = KINDS.index(kind)
    return kinds


def may_join(levels: Levels) -> Flags:
    """Say which pairs may be joined without anybody looking.

    Never are rows of different sex or birth date (father and son of one name), of names that are
    only similar or lack a word (twins: Hasan and Husen) unless a NIK speaks for them, and, when
    the NIK differ, of anything but the same name, birth date and house. Without number and birth
    date only the whole name of at least two words, in the same RT, will do.
    """
    is_name = _any(levels, NAME, "same", "word")
    is_spelt_alike = is_name | _any(levels, NAME, "near")
    is_born = _any(levels, BIRTH_DATE, "same")
    is_house = _any(levels, KK, "same") | _any(levels, ADDRESS, "same")
    is_nik = _any(levels, NIK, "same")
    is_typo = _any(levels, NIK, "typo")
    allowed = is_spelt_alike
    allowed |= _any(levels, NAME, "similar", "partial") & (is_nik | (is_typo & is_born))
    is_conflict = _any(levels, NIK, "different", "serial")
    allowed &= ~is_conflict | (is_name & is_born & is_house)
    is_sure = is_nik | is_typo | _any(levels, KK, "same", "typo") | (levels[:, BIRTH_DATE] > 1)
    is_home = _any(levels, ADDRESS, "same") & _any(levels, AREA, "same")
    allowed &= is_sure | (_any(levels, NAME, "same") & is_home)
    return allowed & ~_any(levels, SEX, "different") & ~_any(levels, BIRTH_DATE, "different")


def _any(levels: Levels, field: int, *keys: str) -> Flags:
    column = levels[:, field]
    found = np.zeros(len(column), bool)
    for key in keys:
        found |= column == NUMBER_OF[field][key]
    return found
