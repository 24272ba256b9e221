"""The server-drawn map: the same view as SVG, for browsers without WebGL and for paper."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, request
from sqlalchemy import Engine

from dashboard.auth.viewer import current_viewer
from dashboard.routes._answers import PRIVATE, read_view, send
from dashboard.routes._picture import build_picture
from db.audit import auditing, of_view
from geo.draw_map import draw_map

SCREEN, PHONE = (1200, 800), (390, 760)
"""Width and height of the drawing in its own units."""


def add(blueprint: Blueprint, engine: Engine) -> None:
    """Add ``/map.svg?<view>``; with ``narrow=1`` upright, its legend at the foot."""

    @blueprint.get("/map.svg")
    def get_drawing() -> Response:
        view = read_view(request, "narrow")
        size = PHONE if request.args.get("narrow") else SCREEN
        action = "tiles" if view.level == "household" else None
        with auditing(engine, current_viewer(), action, **of_view(view, drawing=True)) as conn:
            picture = replace(build_picture(conn, view), size=size)
        return send(request, draw_map(picture).encode(), "image/svg+xml", PRIVATE)
