"""How old data may be before they are shown as ageing, or as old."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

Freshness = Literal["fresh", "amber", "red"]

LIMITS_DAYS: Mapping[str, tuple[int, int]] = {
    "register": (180, 365),
    "population": (180, 365),
    "aid": (100, 200),
    "survey": (365, 730),
    "verification": (365, 730),
    "statistic": (400, 800),
    "boundary": (1100, 2200),
}
"""Per kind of source, the age in days from which it is ageing, and old.

Registers are drawn up twice a year, aid is given by quarters, statistics come out yearly."""


def limits_of(kind: str, amber_days: int | None, red_days: int | None) -> tuple[int, int]:
    """Return the limits of a source: its own where they are set, else those of its kind.

    Parameters
    ----------
    kind
        Of the source.
    amber_days, red_days
        Its own limits in days; None is the rule of its kind.

    Returns
    -------
    tuple of int
        Days from which it is ageing and old; the first is never above the second.
    """
    amber, red = LIMITS_DAYS[kind]
    own = (amber if amber_days is None else amber_days, red if red_days is None else red_days)
    return min(own), own[1]


def judge_freshness(age_days: int, limits: tuple[int, int]) -> Freshness:
    """Say how fresh data of an age are; an age below zero is fresh.

    Parameters
    ----------
    age_days
        Whole days since the as-of date.
    limits
        From :func:`limits_of`.
    """
    amber, red = limits
    if age_days >= red:
        return "red"
    return "amber" if age_days >= amber else "fresh"


def age_in_days(as_of: date, today: date) -> int:
    """Return the days between an as-of date and today."""
    return (today - as_of).days
