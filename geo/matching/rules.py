"""Rules that stand above the sum of points: what is never joined, and what is always looked at."""

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


def apply_rules(points: NDArray[np.float64], levels: Levels, *, heads: bool) -> NDArray[np.float64]:
    """Hold pairs that must be looked at between the thresholds.

    Parameters
    ----------
    points
        The sum of each pair.
    levels
        As :func:`geo.matching.compare.compare` gives them.
    heads
        Whether both sides are heads of families: then one family card under two heads is a change
        (the old head may have died), which somebody has to look at.

    Returns
    -------
    ndarray
        The points after the rules.
    """
    held = np.where(may_join(levels), points, np.minimum(points, _BELOW_JOIN))
    if heads:
        held = np.where(is_new_head(levels), np.maximum(held, REVIEW_POINTS), held)
    return held


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


def is_new_head(levels: Levels) -> Flags:
    """Say where one card has two heads."""
    return _any(levels, KK, "same") & _any(levels, NAME, "different")


def _any(levels: Levels, field: int, *keys: str) -> Flags:
    column = levels[:, field]
    found = np.zeros(len(column), bool)
    for key in keys:
        found |= column == NUMBER_OF[field][key]
    return found
