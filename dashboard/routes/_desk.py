"""What routes of server-drawn pages work with: who may come, what they read, where they lead."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Response, redirect
from sqlalchemy import Engine

from dashboard.auth.viewer import current_viewer
from dashboard.pages.document import Sheet
from dashboard.routes._answers import PRIVATE
from dashboard.routes._documents import read_sheet
from db.viewer import Viewer
from geo.errors import AccessDenied, InvalidView
from geo.text import N_
from geo.view import MAX_PAGE

_NOT_FOR_ROLE = N_("Halaman ini tidak terbuka untuk peran Anda.")


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes of a desk work with.

    Attributes
    ----------
    engine
        Of the web login.
    zone
        In which times are shown, and days begin.
    """

    engine: Engine
    zone: ZoneInfo

    def sheet(self, *fields: str) -> Sheet:
        """Read what a page is drawn with."""
        return read_sheet(self.zone, fields)

    def today(self) -> date:
        """Return the day it is in the regency."""
        return datetime.now(self.zone).date()


def allow(roles: Collection[str]) -> Viewer:
    """Return who asks.

    Raises
    ------
    AccessDenied
        When their role is none of these.
    """
    viewer = current_viewer()
    if viewer.role not in roles:
        raise AccessDenied(_NOT_FOR_ROLE, status=403)
    return viewer


def is_number(text: str) -> bool:
    """Whether a text of an address or a form is a number that the database can hold."""
    return bool(re.fullmatch(r"\d{1,18}", text, re.ASCII))


def read_number(text: str) -> int:
    """Read a number of an address or a form.

    Raises
    ------
    InvalidView
        When it is none.
    """
    if not is_number(text):
        raise InvalidView(N_("“{text}” bukan nomor."), text=text[:20])
    return int(text)


def read_page(sheet: Sheet) -> int:
    """Read which page of a list is asked for.

    Raises
    ------
    InvalidView
        When it is none.
    """
    text = sheet.asked.get("page", "1")
    page = read_number(text)
    if not 0 < page <= MAX_PAGE:
        raise InvalidView(N_("“{text}” bukan nomor."), text=text[:20])
    return page


def lead_to(sheet: Sheet, path: str, **query: object) -> Response:
    """Answer a form that was taken with the way to where it shows, in the reader's language."""
    return lead_on(sheet.link(path, query).unescape())


def lead_on(address: str) -> Response:
    """Answer a form that was taken with the way to an address of this site."""
    response = redirect(address, code=303)
    response.headers["Cache-Control"] = PRIVATE
    assert isinstance(response, Response)
    return response
