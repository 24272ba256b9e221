"""The likeliest rows of a register for each row of a file."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from geo.matching.blocks import find_pairs
from geo.matching.compare import Levels, compare, sum_points
from geo.matching.people import Encoded, Flags, Ints, People, Vocabulary, encode
from geo.matching.rules import apply_rules, tell_kinds
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
        Share of ``FULL_POINTS``, 0 to 1.
    kind
        Place in :data:`geo.matching.rules.KINDS`.
    levels
        Pairs by fields, how far they agree; :func:`geo.matching.explain.explain_all` reads it.
    """

    incoming: Ints
    register: Ints
    score: NDArray[np.float64]
    kind: NDArray[np.int8]
    levels: Levels

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
    is_card_elsewhere = (mine.kk > 0) & np.isin(mine.kk, theirs.kk)
    found = []
    # In parts, so that memory follows the register and not the number of pairs.
    for start in range(0, max(len(incoming), 1), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        one, other = find_pairs(mine.take(rows), theirs, vocabulary)
        pairs = _score(mine, theirs, vocabulary, one + start, other, is_card_elsewhere, heads=heads)
        found.append(_keep_best(pairs, theirs, per_row))
    return Candidates(
        *(np.concatenate([getattr(part, f.name) for part in found]) for f in fields(Candidates))
    )


def _score(
    mine: Encoded,
    theirs: Encoded,
    vocabulary: Vocabulary,
    one: Ints,
    other: Ints,
    is_card_elsewhere: Flags,
    *,
    heads: bool,
) -> Candidates:
    levels = compare(mine.take(one), theirs.take(other), vocabulary)
    kinds = tell_kinds(levels, is_card_elsewhere[one])
    points = apply_rules(sum_points(levels), levels, kinds, heads=heads)
    kept = points >= REVIEW_POINTS
    pairs = Candidates(one, other, points / FULL_POINTS, kinds, levels)
    return pairs.take(kept)


def _keep_best(pairs: Candidates, theirs: Encoded, per_row: int) -> Candidates:
    other = pairs.register
    keys = (theirs.day[other], theirs.kk[other], theirs.nik[other], -pairs.score, pairs.incoming)
    ordered = pairs.take(np.lexsort(keys))
    row = ordered.incoming
    rank = np.arange(len(row)) - np.searchsorted(row, row, side="left")
    best = ordered.take(rank < per_row)
    return replace(best, score=np.minimum(best.score, 1.0))
