"""The gap matrix in words and shares: need beside aid, one programme at a time.

Each cell has a denominator of its own, so that a share says something by itself: how many of those
a programme is for are left out, how many of those it serves it is not for.
"""

from __future__ import annotations

from collections.abc import Mapping

from geo.text import N_
from geo.view import GAP_CELLS

Cells = Mapping[str, int | None]
"""Households by cell of :data:`geo.view.GAP_CELLS`; None where the programme has no rule."""

TITLES: Mapping[str, str] = {
    "eligible": N_("Berhak"),
    "served": N_("Dilayani"),
    "excluded": N_("Belum dilayani"),
    "included": N_("Di luar aturan"),
    "double": N_("Dilayani ganda"),
}
SENTENCES: Mapping[str, str] = {
    "eligible": N_("Keluarga yang memenuhi aturan program."),
    "served": N_("Keluarga yang menerima program dan masih dalam masa layanannya."),
    "excluded": N_("Keluarga yang berhak, tetapi belum dilayani."),
    "included": N_("Keluarga yang dilayani, tetapi tidak memenuhi aturan."),
    "double": N_("Keluarga yang dilayani bersama program lain yang saling meniadakan."),
}
UNITS: Mapping[str, str] = {
    "eligible": N_("% dari keluarga miskin"),
    "served": N_("% dari yang berhak atau dilayani"),
    "excluded": N_("% dari yang berhak"),
    "included": N_("% dari yang dilayani"),
    "double": N_("% dari yang dilayani"),
}
DIRECTIONS: Mapping[str, str] = {
    "eligible": "neutral",
    "served": "high_is_good",
    "excluded": "high_is_bad",
    "included": "high_is_bad",
    "double": "high_is_bad",
}
"""Whether a high share of a cell is good, as ``Layer.direction`` says it."""


def split_gap(gap: str) -> tuple[str, str]:
    """Return programme and cell of a view's ``gap``."""
    programme, _, cell = gap.partition(":")
    return programme, cell


def make_cells(eligible: int | None, served: int, both: int, double: int) -> dict[str, int | None]:
    """Make the five cells of what was counted.

    Parameters
    ----------
    eligible
        Households for whom the rule is true; None without a rule.
    served
        Households that are served.
    both
        Of them, those that are eligible.
    double
        Of them, those served by a programme that excludes it.
    """
    return {
        "eligible": eligible,
        "served": served,
        "excluded": None if eligible is None else eligible - both,
        "included": None if eligible is None else served - both,
        "double": double,
    }


def get_denominator(cells: Cells, everyone: int, cell: str) -> int | None:
    """Return what the share of a cell divides by, as :data:`UNITS` says it.

    Parameters
    ----------
    cells
        Of one programme in one area.
    everyone
        All households that were looked at there.
    cell
        One of :data:`geo.view.GAP_CELLS`.
    """
    if cell == "eligible":
        return everyone
    if cell == "excluded":
        return cells["eligible"]
    if cell == "served":
        eligible, included = cells["eligible"], cells["included"]
        return None if eligible is None or included is None else eligible + included
    return cells["served"]


def get_share_pct(cells: Cells, everyone: int, cell: str) -> float | None:
    """Return the share of a cell in percent points; None where there is nothing to divide by."""
    part, whole = cells[cell], get_denominator(cells, everyone, cell)
    return 100 * part / whole if part is not None and whole else None


def add_cells(many: list[Cells]) -> dict[str, int | None]:
    """Add the cells of areas that have no household in common."""
    return {
        cell: None
        if any(one[cell] is None for one in many)
        else sum(one[cell] or 0 for one in many)
        for cell in GAP_CELLS
    }
