"""Why two rows are taken for one, field by field."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.matching.candidates import Candidates
from geo.matching.compare import Levels, compare, sum_points
from geo.matching.people import People, Person, encode
from geo.matching.rules import KINDS, apply_rules, tell_kinds
from geo.matching.weights import FIELDS, FULL_POINTS, LEVELS


class Reason(NamedTuple):
    """What one field says.

    Attributes
    ----------
    field
        ``nik``, ``kk``, ``name``, ``birth_date``, ``sex``, ``address`` or ``area_code``.
    agreement
        ``same``, ``similar``, ``different`` or ``missing``.
    points
        What that adds, in bits; negative where it speaks against.
    """

    field: str
    agreement: str
    points: float


class Explanation(NamedTuple):
    """Why a pair has its score.

    Attributes
    ----------
    reasons
        One for each field, in the order of ``FIELDS``.
    kind
        One of :data:`geo.matching.rules.KINDS`.
    score
        0 to 1, after the rules: it may be lower than the reasons add up to where a pair is held
        for review.
    """

    reasons: tuple[Reason, ...]
    kind: str
    score: float


def explain(
    incoming: Person, register: Person, *, is_card_elsewhere: bool = False, heads: bool = True
) -> Explanation:
    """Explain one pair.

    Parameters
    ----------
    incoming, register
        The two rows.
    is_card_elsewhere
        Whether the incoming card is the card of some row of the register.
    heads
        As for :func:`geo.matching.candidates.find_candidates`.

    Returns
    -------
    Explanation
        The same as :func:`explain_all` gives for a candidate.
    """
    mine, theirs, vocabulary = encode(_alone(incoming), _alone(register))
    levels = compare(mine, theirs, vocabulary, all_names=True)
    kinds = tell_kinds(levels, np.array([is_card_elsewhere]))
    points = apply_rules(sum_points(levels), levels, kinds, heads=heads)
    score = min(max(float(points[0]) / FULL_POINTS, 0.0), 1.0)
    return Explanation(_reasons(levels)[0], KINDS[kinds[0]], score)


def list_reasons(incoming: People, register: People) -> list[tuple[Reason, ...]]:
    """Compare pairs that something else than their score has found, row beside row.

    Parameters
    ----------
    incoming, register
        The two rows of each pair, at the same place.

    Returns
    -------
    list
        For each pair a reason per field, in the order of ``FIELDS``.
    """
    mine, theirs, vocabulary = encode(incoming, register)
    return _reasons(compare(mine, theirs, vocabulary, all_names=True))


def explain_all(candidates: Candidates) -> list[Explanation]:
    """Explain each candidate, in their order."""
    return [
        Explanation(reasons, KINDS[kind], score)
        for reasons, kind, score in zip(
            _reasons(candidates.levels),
            candidates.kind.tolist(),
            candidates.score.tolist(),
            strict=True,
        )
    ]


_REASONS = tuple(
    tuple(Reason(field, level.agreement, level.points) for level in levels)
    for field, levels in zip(FIELDS, LEVELS, strict=True)
)


def _reasons(levels: Levels) -> list[tuple[Reason, ...]]:
    return [
        tuple(of[level] for of, level in zip(_REASONS, row, strict=True)) for row in levels.tolist()
    ]


def _alone(person: Person) -> People:
    return People(
        nik=[person.nik],
        kk=[person.kk],
        name=[person.name],
        birth_date=[person.birth_date],
        sex=[person.sex],
        address=[person.address],
        area_code=[person.area_code],
    )
