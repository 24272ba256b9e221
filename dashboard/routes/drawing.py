"""The server-drawn map: the same view as SVG, for browsers without WebGL and for paper."""

from __future__ import annotations

from flask import Blueprint, Response, request
from sqlalchemy import Engine

from dashboard.routes._answers import PRIVATE, read_view, send
from dashboard.routes._picture import build_picture
from db.engine import reading
from db.viewer import LOCAL_VIEWER
from geo.draw_map import draw_map


def add(blueprint: Blueprint, engine: Engine) -> None:
    """Add ``/map.svg?<view>``."""

    @blueprint.get("/map.svg")
    def get_drawing() -> Response:
        view = read_view(request)
        with reading(engine, LOCAL_VIEWER) as conn:
            picture = build_picture(conn, view)
        return send(request, draw_map(picture).encode(), "image/svg+xml", PRIVATE)
