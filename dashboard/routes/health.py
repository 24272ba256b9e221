"""A sign of life, for the launcher and for whoever watches the server."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy import Engine

from dashboard.auth.viewer import find_viewer
from db.engine import reading
from db.queries.status import get_status
from db.viewer import NOBODY


def add(blueprint: Blueprint, engine: Engine) -> None:
    """Add ``/health``: 200 when the database answers, with the numbers in short for an account."""

    @blueprint.get("/health")
    def get_health() -> Response:
        viewer = find_viewer()
        with reading(engine, viewer or NOBODY) as conn:
            status = get_status(conn, exact=False) if viewer else {}
        response = jsonify(ok=True, **status)
        response.headers["Cache-Control"] = "no-store"
        return response
