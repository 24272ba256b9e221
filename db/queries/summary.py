"""What is told of an area: headline figures, and the counts beside the choices of the filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the selected households have a need, or have received a programme."""

    code: str
    name: str
    domain: str
    count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What the area panel says of a view.

    Attributes
    ----------
    total, located, unlocated
        Households that match the filters; of them with and without coordinates.
    person_count
        Their members.
    family_count
        All families of the area, poor or not; None when no source has both.
    rate_pct
        ``total`` of ``family_count``, in percent points; None without denominator.
    by_decile, by_status, by_need, by_programme, by_domain
        Of the matching households.
    without_aid
        Of them, those that have received nothing.

    Notes
    -----
    For who sees published totals only, a count may be ``HIDDEN``; None, or a mapping without the
    entry, is one that is not published.
    """

    total: int
    located: int | None
    unlocated: int | None
    person_count: int | None
    family_count: int | None
    rate_pct: float | None
    by_decile: Mapping[int, int]
    by_status: Mapping[str, int]
    by_need: tuple[Share, ...]
    by_programme: tuple[Share, ...]
    by_domain: Mapping[str, int]
    without_aid: int | None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many households each choice of a filter would show, the other filters kept.

    ``is_single`` says that a choice takes the place of the one before it.
    """

    deciles: Mapping[int, int]
    statuses: Mapping[str, int]
    needs: Mapping[str, int]
    domains: Mapping[str, int]
    received: Mapping[str, int]
    not_received: Mapping[str, int]
    is_single: bool = False
