"""Who comes first, and why.

The score is the weighted mean of three numbers of points, each 0 to 100:

- decile: 100 for decile 1, ten less for each decile above, 0 where it is unknown;
- needs: ten for each recorded need, 100 at most;
- waiting: one for each full month without aid, 100 at most.

Equal scores are parted by the lower decile, more needs, the earlier day since which they wait, more
members, and at last by lot: the smaller of the SHA-256 of ``seed:household id``. So every order is
complete, and the order in which households come in changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.plan_settings import CRITERIA

Column = npt.NDArray[Any]
UNKNOWN_DECILE = 99
MOST_POINTS = 100
KEYS = ("first", "score", "decile", "needs", "waiting", "members", "lot")
"""What decides between two households, in this order."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Households that could be taken, as columns of equal length.

    Attributes
    ----------
    ids
        Household numbers, int64, each once.
    villages
        Their desa, as positions in ``codes``.
    is_first
        Whether the programme's rule puts them ahead.
    deciles
        1 to 10; :data:`UNKNOWN_DECILE` where none is known.
    needs
        How many needs are recorded.
    waiting_since
        Day, ``datetime64[D]``.
    members
        Persons.
    codes
        The desa of the plan.
    """

    ids: Column
    villages: Column
    is_first: Column
    deciles: Column
    needs: Column
    waiting_since: Column
    members: Column
    codes: Sequence[str]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Order:
    """Candidates in order.

    Attributes
    ----------
    rows
        Positions in the candidates, the first of the order first.
    points
        By criterion, for every candidate.
    scores
        Sum of points times weights, for every candidate; divided by ``weight_sum`` it is 0 to 100.
    weight_sum
        Sum of the weights.
    keys
        What decides, by name of :data:`KEYS`; of each, the smaller comes first.
    """

    rows: Column
    points: Mapping[str, Column]
    scores: Column
    weight_sum: int
    keys: Mapping[str, Column]


def rank_candidates(
    candidates: Candidates,
    weights: Mapping[str, int],
    *,
    day: date,
    seed: str,
    puts_first: bool = True,
) -> Order:
    """Put candidates in order.

    Parameters
    ----------
    candidates
        In any order.
    weights
        By criterion; at least one above zero.
    day
        Until which waiting is counted.
    seed
        Of the lot.
    puts_first
        Whether those of ``is_first`` go ahead of all others.
    """
    points = {
        "decile": np.maximum(0, 11 - candidates.deciles.astype(np.int64)) * 10,
        "needs": np.minimum(candidates.needs.astype(np.int64) * 10, MOST_POINTS),
        "waiting": np.clip(_full_months(candidates.waiting_since, day), 0, MOST_POINTS),
    }
    scores = np.zeros(len(candidates), np.int64)
    for criterion in CRITERIA:
        scores += weights[criterion] * points[criterion]
    ahead = candidates.is_first.astype(bool) if puts_first else np.zeros(len(candidates), bool)
    keys = {
        "first": ~ahead,
        "score": -scores,
        "decile": candidates.deciles,
        "needs": -candidates.needs.astype(np.int64),
        "waiting": candidates.waiting_since,
        "members": -candidates.members.astype(np.int64),
        "lot": _draw_lots(candidates.ids, seed),
    }
    rows = np.lexsort((candidates.ids, *(keys[key] for key in reversed(KEYS))))
    return Order(rows, points, scores, sum(weights[key] for key in CRITERIA), keys)


def choose(
    candidates: Candidates, order: Order, places: int, by_area: Mapping[str, int] | None = None
) -> Column:
    """Return the rows that get a place, in the order.

    Parameters
    ----------
    candidates, order
        Belonging together.
    places
        How many there are in all.
    by_area
        Places of each desa; None when whoever ranks highest gets one, wherever.
    """
    if by_area is None:
        return order.rows[:places]
    villages = candidates.villages[order.rows]
    room = np.array([by_area.get(code, 0) for code in candidates.codes], np.int64)
    taken: Column = order.rows[_places_within(villages) <= room[villages]]
    return taken


def explain(
    candidates: Candidates, order: Order, chosen: Column, *, by_area: Mapping[str, int] | None
) -> list[dict[str, Any]]:
    """Return the reason of every rank, as data that can be kept as JSON.

    Parameters
    ----------
    candidates, order, chosen
        Belonging together.
    by_area
        As for :func:`choose`.

    Returns
    -------
    list of dict
        For each chosen row what it was judged by; ``decided_by`` is what parted it from the one
        before it (of its desa, where places are shared), None for the first; ``place`` and
        ``places`` are its place in the desa and those there are.
    """
    rows = order.rows
    if by_area is not None:
        rows = rows[np.argsort(candidates.villages[rows], kind="stable")]
    decided = np.empty(len(candidates), object)
    decided[rows] = _decide(candidates, order, rows, apart=by_area is not None)
    place = np.zeros(len(candidates), np.int64)
    place[order.rows] = _places_within(candidates.villages[order.rows])
    reasons = []
    for row in chosen.tolist():
        decile = int(candidates.deciles[row])
        reason: dict[str, Any] = {
            "score": _in_tenths(int(order.scores[row]), order.weight_sum),
            "points": {key: int(order.points[key][row]) for key in CRITERIA},
            "first": not bool(order.keys["first"][row]),
            "decile": None if decile == UNKNOWN_DECILE else decile,
            "needs": int(candidates.needs[row]),
            "waiting_since": str(candidates.waiting_since[row]),
            "members": int(candidates.members[row]),
            "decided_by": decided[row],
        }
        if by_area is not None:
            reason["place"] = int(place[row])
            reason["places"] = by_area[candidates.codes[candidates.villages[row]]]
        reasons.append(reason)
    return reasons


def _decide(
    candidates: Candidates, order: Order, rows: Column, *, apart: bool
) -> Sequence[str | None]:
    """Return for each row what parts it from the one before."""
    if not len(rows):
        return []
    decided = np.full(len(rows), None, object)
    for key in reversed(KEYS):
        column = order.keys[key][rows]
        decided[1:][column[1:] != column[:-1]] = key
    if apart:
        villages = candidates.villages[rows]
        decided[1:][villages[1:] != villages[:-1]] = None
    return list(decided)


def _places_within(villages: Column) -> Column:
    """Return the number of each row within its village, from 1, in the order in which they come."""
    by_village = np.argsort(villages, kind="stable")
    together = villages[by_village]
    numbers = np.arange(len(villages))
    is_start = np.ones(len(villages), bool)
    is_start[1:] = together[1:] != together[:-1]
    starts = np.maximum.accumulate(np.where(is_start, numbers, 0))
    within = np.empty(len(villages), np.int64)
    within[by_village] = numbers - starts + 1
    return within


def _full_months(since: Column, day: date) -> Column:
    months = since.astype("datetime64[M]")
    days = (since - months.astype("datetime64[D]")).astype(np.int64)
    last = (day.year - 1970) * 12 + day.month - 1
    return last - months.astype(np.int64) - (days > day.day - 1)


def _draw_lots(ids: Column, seed: str) -> Column:
    drawn = [hashlib.sha256(f"{seed}:{number}".encode()).digest()[:8] for number in ids.tolist()]
    return np.frombuffer(b"".join(drawn), dtype=">u8").astype(np.uint64)


def _in_tenths(score: int, weight_sum: int) -> float:
    return (20 * score + weight_sum) // (2 * weight_sum) / 10
