"""What of an address a viewer may look at: whoever works in an area looks inside it only.

The database gives no foreign row either way. But a total of rows that are not there reads as "no
poor families here", so a foreign area is refused rather than shown as empty.
"""

from __future__ import annotations

from dataclasses import replace

from dashboard.auth.viewer import current_viewer
from dashboard.state import read_view
from db.viewer import Viewer
from geo.errors import AccessDenied
from geo.text import N_
from geo.view import LEVELS, View, level_below

WITHOUT_MAP = {"auditor": "/audit", "administrator": "/account"}
"""Roles that see neither households nor totals, and where they start instead."""
NO_MAP = N_("Peran ini tidak membuka peta.")
FOREIGN = N_("Wilayah ini di luar wilayah kerja Anda.")
NO_QUESTION = N_("Pertanyaan bebas terbuka bagi Bappeda, satgas, dan operator desa.")


def read_own_view(search: str | None) -> View:
    """Read the view of an address as far as the viewer of the request may look.

    Raises
    ------
    InvalidView
        When the address can't be read.
    AccessDenied
        Without a session (401), for a role without a map, or for a foreign area (403).
    """
    return bind_view(read_view(search), current_viewer())


def bind_view(view: View, viewer: Viewer) -> View:
    """Return the view inside the viewer's area; without an area of its own it is that area.

    Raises
    ------
    AccessDenied
        For a role without a map, for a foreign area, or for a question that the role may not ask.
    """
    if viewer.role in WITHOUT_MAP:
        raise AccessDenied(NO_MAP, status=403)
    if view.question is not None and viewer.role == "regent":
        raise AccessDenied(NO_QUESTION, status=403)
    own = viewer.area
    if own is None:
        return view
    if view.area is None:
        first = level_below(own)
        level = view.level if LEVELS.index(view.level) >= LEVELS.index(first) else first
        return replace(view, area=own, level=level)
    if not is_inside(view.area, own):
        raise AccessDenied(FOREIGN, status=403)
    return view


def is_inside(code: str, own: str | None) -> bool:
    """Whether an area is one's own or lies inside it; everything lies inside None."""
    return own is None or code == own or code.startswith(f"{own}.")
