"""What the routes of data have in common: who may come, and what they work with."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Response, redirect
from sqlalchemy import Engine

from dashboard.auth.viewer import current_viewer
from dashboard.pages.data_parts import READERS
from dashboard.pages.document import Sheet
from dashboard.routes._answers import PRIVATE
from dashboard.routes._documents import read_sheet
from dashboard.uploads import Uploads
from db.engine import reading
from db.queries.areas import get_place
from db.viewer import Viewer
from geo.errors import AccessDenied, InvalidView
from geo.text import N_

KINDS_OF_ROLE = {
    "planner": ("households", "persons", "aid", "points", "population", "stats"),
    "village_operator": ("households", "persons", "aid", "points"),
}
"""Kinds of files that a role may bring; of an operator only the rows of their desa are taken."""
_NO_DESK = N_("Halaman ini tidak terbuka untuk peran Anda.")
_NO_NUMBER = N_("“{text}” bukan nomor.")
_MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes work with.

    Attributes
    ----------
    engine
        Of the web login.
    uploads
        Files on their way in.
    zone
        In which times are shown, and days begin.
    """

    engine: Engine
    uploads: Uploads
    zone: ZoneInfo

    def sheet(self, *fields: str) -> Sheet:
        """Read what a page is drawn with."""
        return read_sheet(self.zone, fields)

    def allow(self, roles: Collection[str] = READERS) -> Viewer:
        """Return who asks.

        Raises
        ------
        AccessDenied
            When their role is none of these.
        """
        viewer = current_viewer()
        if viewer.role not in roles:
            raise AccessDenied(_NO_DESK, status=403)
        return viewer

    def today(self) -> date:
        """Return the day it is in the regency."""
        return datetime.now(self.zone).date()

    def lead_to(self, sheet: Sheet, path: str) -> Response:
        """Answer a form that was taken with the way to the page of what came of it."""
        query = "" if sheet.words.language == "id" else f"?language={sheet.words.language}"
        response = redirect(path + query, 303)
        response.headers["Cache-Control"] = PRIVATE
        return response  # type: ignore[return-value]

    def read_page(self, sheet: Sheet) -> int:
        """Read the number of a page from the address.

        Raises
        ------
        InvalidView
            When it is none.
        """
        text = sheet.asked.get("page", "1")
        if not (
            text.isascii() and text.isdigit() and len(text) < 9 and 0 < int(text) <= _MOST_PAGES
        ):
            raise InvalidView(_NO_NUMBER, text=text[:20])
        return int(text)


def name_own_source(desk: Desk, viewer: Viewer) -> str | None:
    """Return what the source of an area's files is called; None for who names one."""
    if viewer.area is None:
        return None
    with reading(desk.engine, viewer) as conn:
        return f"Pendataan {get_place(conn, viewer.area).name}"
