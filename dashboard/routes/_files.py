"""Files that a browser takes along: what they are called, and how they are answered."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from flask import Response, request

from dashboard.routes._answers import PRIVATE, send, send_as_is

_MIMETYPES = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PACKED = ("pdf", "xlsx")
"""Endings of files that are compressed in themselves."""


def answer_file(body: bytes, title: str, made_at: datetime, ending: str) -> Response:
    """Answer with a file that no cache keeps.

    Parameters
    ----------
    body
        What stands in it.
    title, made_at, ending
        As for :func:`name_file`; the ending is csv, geojson, pdf or xlsx.
    """
    answer = send_as_is if ending in _PACKED else send
    response = answer(request, body, _MIMETYPES[ending], PRIVATE)
    name = name_file(title, made_at, ending)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def name_file(title: str, made_at: datetime, ending: str) -> str:
    """Return a speaking file name in plain letters: ``keluarga-miskin_muncar_2026-11-23.csv``.

    Parameters
    ----------
    title
        Layer and place, with a comma between them.
    made_at
        Day of the file.
    ending
        Without its dot.
    """
    parts = [_to_slug(part) for part in title.split(", ")]
    return "_".join([*filter(None, parts), f"{made_at:%Y-%m-%d}"]) + f".{ending}"


def _to_slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]
