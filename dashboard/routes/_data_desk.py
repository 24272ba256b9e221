"""What the routes of data have in common: what they work with, and who may bring what."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.routes._desk import Desk
from dashboard.uploads import Uploads
from db.engine import reading
from db.queries.areas import get_place
from db.viewer import Viewer

KINDS_OF_ROLE = {
    "planner": ("households", "persons", "aid", "points", "population", "stats"),
    "village_operator": ("households", "persons", "aid", "points"),
}
"""Kinds of files that a role may bring; of an operator only the rows of their desa are taken."""


@dataclass(frozen=True, slots=True)
class DataDesk(Desk):
    """What the routes work with; ``uploads`` are files on their way in."""

    uploads: Uploads


def name_own_source(desk: DataDesk, viewer: Viewer) -> str | None:
    """Return what the source of an area's files is called; None for who names one."""
    if viewer.area is None:
        return None
    with reading(desk.engine, viewer) as conn:
        return f"Pendataan {get_place(conn, viewer.area).name}"
