"""The standing of a household: unverified, verified or rejected by the village, graduated."""

from __future__ import annotations

from collections.abc import Mapping

TRANSITIONS: Mapping[str, tuple[str, ...]] = {
    "unverified": ("verified", "rejected"),
    "verified": ("graduated", "rejected", "unverified"),
    "rejected": ("verified", "unverified"),
    "graduated": ("verified", "unverified"),
}
"""What a decree may make of each standing. Back to unverified takes a decree back."""


def may_become(standing: str, wanted: str) -> bool:
    """Tell whether a decree may turn one standing into another.

    A household that nobody verified can't graduate: it was never found poor.
    """
    return wanted in TRANSITIONS.get(standing, ())
