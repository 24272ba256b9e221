"""What each agreement of two rows is worth, and where the thresholds lie.

The score is the sum of log-odds of Fellegi and Sunter ("A Theory for Record Linkage", Journal of
the American Statistical Association 64, 1969, 1183-1210): a field's agreement adds
``log2(m / u)`` points, where *m* is its probability among rows of one family and *u* among rows of
two families. Each point doubles the odds. Fields are taken to be independent; where they are not
(twins, relatives in one house) the rules of :mod:`geo.matching.rules` stand above the sum.

*m* is what retyping does (see db/demo/retyping.py), *u* what a register of 60,000 families in 217
desa gives; both are rounded, since the true ones differ from regency to regency.
"""

from __future__ import annotations

from math import log2
from typing import NamedTuple

import numpy as np

NIK, KK, NAME, BIRTH_DATE, SEX, ADDRESS, AREA = range(7)
FIELDS = ("nik", "kk", "name", "birth_date", "sex", "address", "area_code")


class Level(NamedTuple):
    """One way in which a field agrees.

    Attributes
    ----------
    key
        What it is called in the code.
    agreement
        ``same``, ``similar``, ``different`` or ``missing``.
    m, u
        Its probability among rows of one family, and of two.
    """

    key: str
    agreement: str
    m: float
    u: float

    @property
    def points(self) -> float:
        """The logarithm of the odds, in bits, to a tenth."""
        return round(log2(self.m / self.u), 1)


_MISSING = Level("missing", "missing", 1.0, 1.0)

LEVELS: tuple[tuple[Level, ...], ...] = (
    (  # NIK
        _MISSING,
        Level("different", "different", 0.03, 0.99),
        # The last four digits count the people of one kecamatan and birth date: twins differ in
        # one of them. The birth date itself has its own points.
        Level("serial", "similar", 0.02, 0.005),
        # One or two digits, or two swapped, in front, where kecamatan and date stand.
        Level("typo", "similar", 0.03, 5e-5),
        Level("same", "same", 0.92, 1e-9),
    ),
    (  # KK: a new card is issued at every birth, death, marriage and move.
        _MISSING,
        Level("different", "different", 0.2, 0.999),
        Level("typo", "similar", 0.02, 2e-4),
        Level("same", "same", 0.78, 2.5e-5),
    ),
    (  # name
        _MISSING,
        Level("different", "different", 0.005, 0.98),
        # Left out or shortened words: BUDI for BUDI SANTOSO.
        Level("partial", "similar", 0.04, 5e-3),
        Level("similar", "similar", 0.05, 2e-3),
        # Alike when said aloud, with vowels left out, or without Siti and Muhammad.
        Level("near", "similar", 0.15, 5e-4),
        # A single word is shared by more people than two.
        Level("word", "same", 0.75, 1.5e-3),
        Level("same", "same", 0.75, 3.5e-4),
    ),
    (  # birth date
        _MISSING,
        Level("different", "different", 0.015, 0.99),
        # The year alone, where one side says 1 January.
        Level("year", "similar", 0.03, 4e-3),
        # Day and month swapped, or one digit wrong.
        Level("similar", "similar", 0.05, 1e-3),
        # Equal, and a date that is written when the true one isn't known.
        Level("default", "same", 0.05, 1e-3),
        Level("same", "same", 0.85, 5e-5),
    ),
    (  # sex
        _MISSING,
        Level("different", "different", 0.01, 0.3),
        Level("same", "same", 0.99, 0.7),
    ),
    (  # address, within one desa
        _MISSING,
        Level("different", "different", 0.2, 0.85),
        # The hamlet, or the RW with another RT.
        Level("similar", "similar", 0.25, 0.06),
        Level("same", "same", 0.7, 0.012),
    ),
    (  # desa
        _MISSING,
        Level("different", "different", 0.03, 0.99),
        Level("same", "same", 0.97, 5e-3),
    ),
)

NUMBER_OF = tuple({level.key: number for number, level in enumerate(of)} for of in LEVELS)
"""For each field the number of each of its levels."""

POINTS = np.zeros((len(LEVELS), max(len(of) for of in LEVELS)))
for _number, _of in enumerate(LEVELS):
    POINTS[_number, : len(_of)] = [level.points for level in _of]

FULL_POINTS = 40.0
"""As sure as anything gets; a score is a pair's share of it, and no more than 1."""

JOIN_POINTS = 24.0
"""The odds that a pair in a regency of 60,000 families is one by chance are 1 to 2^16; eight
points more make that 1 in 250 before the rules and the ambiguity check."""
REVIEW_POINTS = 14.0
"""A name that is nearly the same in the same desa; less is left alone."""
MARGIN_POINTS = 6.0
"""A runner-up nearer than this makes a pair ambiguous."""

JOIN_FROM = JOIN_POINTS / FULL_POINTS
REVIEW_FROM = REVIEW_POINTS / FULL_POINTS
MARGIN = MARGIN_POINTS / FULL_POINTS
