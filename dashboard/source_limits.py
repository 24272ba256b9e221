"""Limits of the age of a source, checked where they are asked for and where they are stored."""

from __future__ import annotations

from geo.errors import MapError
from geo.freshness import LIMITS_DAYS
from geo.text import N_


class InvalidLimits(MapError):
    """Limits by which data would be old before they are ageing; nothing is changed."""

    status = 400


def check_limits(kind: str, amber_days: int | None, red_days: int | None) -> None:
    """Refuse limits of which the second does not lie above the first.

    Parameters
    ----------
    kind
        Of the source; its rule stands in for a limit that is None.
    amber_days, red_days
        Days from which data are ageing and old.

    Raises
    ------
    InvalidLimits
        When data would be old before they are ageing, or at once.
    """
    amber, red = LIMITS_DAYS[kind]
    amber = amber if amber_days is None else amber_days
    red = red if red_days is None else red_days
    if amber >= red:
        raise InvalidLimits(N_("Batas usang harus lebih besar dari batas mulai usang."))
