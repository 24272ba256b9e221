"""Which candidates are joined at once, and which somebody has to look at."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.matching.candidates import Candidates
from geo.matching.people import Flags, Ints
from geo.matching.weights import JOIN_FROM, MARGIN

_ROUNDING = 1e-9


class Decision(NamedTuple):
    """What becomes of the candidates.

    Attributes
    ----------
    joins
        One pair for each incoming row that is joined; no row of the register stands twice.
    reviews
        All candidates of the incoming rows that are looked at. Incoming rows in neither are new.
    """

    joins: Candidates
    reviews: Candidates


def decide(candidates: Candidates) -> Decision:
    """Join what is sure and leave the rest to people.

    A pair is joined when its score reaches ``JOIN_FROM`` and neither row has another partner that
    does, or that comes within ``MARGIN``. The order of the rows plays no part.

    Parameters
    ----------
    candidates
        As :func:`geo.matching.candidates.find_candidates` gives them.

    Returns
    -------
    Decision
    """
    is_joined = (
        (candidates.score >= JOIN_FROM - _ROUNDING)
        & _stands_alone(candidates.incoming, candidates.score)
        & _stands_alone(candidates.register, candidates.score)
    )
    joins = candidates.take(is_joined)
    is_open = ~np.isin(candidates.incoming, joins.incoming)
    return Decision(joins, candidates.take(is_open))


def _stands_alone(row: Ints, score: NDArray[np.float64]) -> Flags:
    """Whether no other pair of the row is sure or near."""
    order = np.lexsort((-score, row))
    sorted_row, sorted_score = row[order], score[order]
    is_first = np.ones(len(row), bool)
    is_first[1:] = sorted_row[1:] != sorted_row[:-1]
    runner_up = np.zeros(len(row))
    has_next = np.zeros(len(row), bool)
    has_next[:-1] = ~is_first[1:]
    runner_up[:-1] = np.where(has_next[:-1], sorted_score[1:], 0.0)
    alone = np.zeros(len(row), bool)
    alone[order] = (
        is_first
        & (runner_up < JOIN_FROM - _ROUNDING)
        & (sorted_score - runner_up >= MARGIN - _ROUNDING)
    )
    return alone
