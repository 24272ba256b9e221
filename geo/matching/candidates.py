"""The likeliest rows of a register for each row of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.matching.blocks import find_pairs
from geo.matching.compare import compare, sum_points
from geo.matching.people import Encoded, Flags, Ints, People, Vocabulary, encode
from geo.matching.rules import apply_rules
from geo.matching.weights import FULL_POINTS, REVIEW_POINTS

_ROWS_AT_ONCE = 30_000


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs worth joining or looking at, by incoming row, the best first.

    Attributes
    ----------
    incoming, register
        Row numbers.
    score
        Share of the points that full agreement would give, 0 to 1.
    """

    incoming: Ints
    register: Ints
    score: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.incoming)

    def take(self, chosen: Ints | Flags) -> Candidates:
        """Return some pairs."""
        return Candidates(*(getattr(self, field.name)[chosen] for field in fields(self)))


def find_candidates(
    incoming: People, register: People, *, per_row: int = 3, heads: bool = True
) -> Candidates:
    """Find the likeliest rows of the register for each incoming row.

    Parameters
    ----------
    incoming
        Rows without an exact match.
    register
        The rows they may be the same as.
    per_row
        At most so many for each incoming row. Among equals those with the lower NIK, KK and birth
        date come first, so that the order of the rows plays no part.
    heads
        Whether the rows are heads of families (see :func:`geo.matching.rules.apply_rules`).

    Returns
    -------
    Candidates
        All pairs from ``REVIEW_FROM`` up.
    """
    mine, theirs, vocabulary = encode(incoming, register)
    found = [
        _find_in_part(mine.take(part), theirs, vocabulary, per_row, heads=heads, start=part.start)
        for part in _parts(len(incoming))
    ]
    columns: list[Any] = [
        np.concatenate([getattr(part, field.name) for part in found]) if found else np.zeros(0)
        for field in fields(Candidates)
    ]
    return Candidates(columns[0].astype(np.int64), columns[1].astype(np.int64), columns[2])


def _parts(count: int) -> Iterator[slice]:
    # In parts, so that memory follows the register and not the number of pairs.
    for start in range(0, count, _ROWS_AT_ONCE):
        yield slice(start, min(start + _ROWS_AT_ONCE, count))


def _find_in_part(
    mine: Encoded,
    theirs: Encoded,
    vocabulary: Vocabulary,
    per_row: int,
    *,
    heads: bool,
    start: int,
) -> Candidates:
    one, other = find_pairs(mine, theirs, vocabulary)
    levels = compare(mine.take(one), theirs.take(other), vocabulary)
    points = apply_rules(sum_points(levels), levels, heads=heads)
    kept = np.flatnonzero(points >= REVIEW_POINTS)
    one, other, points = one[kept], other[kept], points[kept]
    order = np.lexsort((theirs.day[other], theirs.kk[other], theirs.nik[other], -points, one))
    one, other, points = one[order], other[order], points[order]
    first = np.searchsorted(one, one, side="left")
    best = np.arange(len(one)) - first < per_row
    return Candidates(one[best] + start, other[best], points[best] / FULL_POINTS)
