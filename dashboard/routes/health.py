"""A sign of life, for the launcher and for whoever watches the server."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy import Engine

from db.engine import reading
from db.queries.status import get_status
from db.viewer import LOCAL_VIEWER


def add(blueprint: Blueprint, engine: Engine) -> None:
    """Add ``/health``: 200 with the numbers in short, 503 when the database is away."""

    @blueprint.get("/health")
    def get_health() -> Response:
        with reading(engine, LOCAL_VIEWER) as conn:
            status = get_status(conn, exact=False)
        response = jsonify(ok=True, **status)
        response.headers["Cache-Control"] = "no-store"
        return response
