"""Invented NIK and family card numbers: sound in structure, unique, and nobody's.

Their serial numbers run from 9000 up. Real ones are counted from 0001 for each kecamatan and day,
a handful a day, so that no invented number meets one that was issued.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from db.demo.draws import TODAY, Flags, Ints, rank_within
from geo.nik import WOMAN_DAY_OFFSET

FIRST_SERIAL = 9000
ELSEWHERE_SHARE = 0.08
# Kecamatan in other regencies, where those who moved here got their number.
_ELSEWHERE = np.array([350721, 350912, 350919, 351104, 351206, 352805, 357301, 357801, 510101])
_FIRST_CARD = np.datetime64("2008-01-01", "D")


def draw_niks(
    kecamatan: Ints, birth_date: np.ndarray, is_woman: Flags, rng: np.random.Generator
) -> Ints:
    """Draw a NIK for each person.

    Parameters
    ----------
    kecamatan
        Six digits of the kecamatan where each person lives.
    birth_date
        As datetime64.
    is_woman
        Adds 40 to the day.
    rng
        The source of chance.

    Returns
    -------
    ndarray
        Sixteen-digit numbers, each once.
    """
    moved = rng.random(len(kecamatan)) < ELSEWHERE_SHARE
    elsewhere = _ELSEWHERE[rng.integers(0, len(_ELSEWHERE), len(kecamatan))]
    issued_in = np.where(moved, elsewhere, kecamatan)
    return _number(issued_in, _date_digits(birth_date) + WOMAN_DAY_OFFSET * 10_000 * is_woman)


def draw_cards(kecamatan: Ints, rng: np.random.Generator) -> Ints:
    """Draw the family card number of each household.

    Parameters
    ----------
    kecamatan
        Six digits of the kecamatan where each household lives.
    rng
        The source of chance.

    Returns
    -------
    ndarray
        Sixteen-digit numbers, each once.
    """
    span_days = int((TODAY - _FIRST_CARD).astype(int))
    registered = _FIRST_CARD + rng.integers(0, span_days, len(kecamatan))
    return _number(kecamatan, _date_digits(registered))


def _date_digits(dates: np.ndarray) -> Ints:
    index = pd.DatetimeIndex(dates)
    digits = index.day * 10_000 + index.month * 100 + index.year % 100
    return np.asarray(digits, dtype=np.int64)


def _number(kecamatan: Ints, day: Ints) -> Ints:
    frame = kecamatan * 1_000_000 + day
    return frame * 10_000 + FIRST_SERIAL + rank_within(frame)
