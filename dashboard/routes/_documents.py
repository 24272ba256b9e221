"""What routes of server-drawn pages share: reading who asks for what, and answering."""

from __future__ import annotations

from collections.abc import Collection
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request
from flask_wtf.csrf import generate_csrf

from dashboard.auth.viewer import find_account, find_viewer
from dashboard.errors import draw_fault_page
from dashboard.pages.document import Sheet
from dashboard.routes._answers import PRIVATE
from dashboard.words import Words, words_of
from geo.errors import MapError


def read_words() -> Words:
    """Return the words of the language that the address asks for."""
    return words_of(request.args.get("language", "id"))


def read_sheet(zone: ZoneInfo, fields: Collection[str] = ()) -> Sheet:
    """Read what a page is drawn with.

    Parameters
    ----------
    zone
        In which times are shown.
    fields
        Of the page's form; whatever else the address carries is left out.
    """
    asked = {
        name: value.strip()
        for name, value in request.args.items()
        if name in (*fields, "page") and value.strip() and "\0" not in value
    }
    token = generate_csrf() if find_account() else ""
    viewer = find_viewer()
    role = viewer.role if viewer else ""
    return Sheet(read_words(), zone, request.path, asked, token, role)


def answer_page(page: str, status: int = 200) -> Response:
    """Answer with a page that no cache keeps."""
    response = Response(page, status=status, mimetype="text/html")
    response.headers["Cache-Control"] = PRIVATE
    return response


def add_faults(blueprint: Blueprint) -> None:
    """Answer the faults of a blueprint's routes with a page of one sentence."""

    @blueprint.errorhandler(MapError)
    def answer_fault(error: MapError) -> Response:
        return answer_page(draw_fault_page(error, read_words()), error.status)
