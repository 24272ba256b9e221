"""The plain HTTP routes beside the Dash pages: tiles, boundaries, exports, drawings, health."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import Dash
from flask import Blueprint
from sqlalchemy import Engine

from dashboard.auth.viewer import current_viewer
from dashboard.routes import (
    _errors,
    _headers,
    audit,
    boundaries,
    data,
    deliveries,
    drawing,
    export,
    gaps,
    handed,
    health,
    plans,
    positions,
    programmes,
    questions,
    reveal,
    review,
    tiles,
    verification,
)

if TYPE_CHECKING:
    from dashboard.settings import Settings


def register(app: Dash, engine: Engine, settings: Settings) -> None:
    """Add the routes, their error answers and the headers of every answer.

    Parameters
    ----------
    app
        The Dash app; its layout may still be missing.
    engine
        Handed down by the app factory.
    settings
        Says where the server listens and which base map it may load.
    """
    blueprint = Blueprint("routes", __name__)
    for module in (tiles, boundaries, export, drawing, reveal, health):
        module.add(blueprint, engine)
    _errors.add(blueprint)
    app.server.register_blueprint(blueprint)
    audit.add(app, engine, settings, viewer=current_viewer)
    data.add(app.server, engine, settings)
    review.add(app, engine, settings)
    verification.add(app, engine, settings)
    plans.add(app, engine, settings)
    deliveries.add(app, engine, settings)
    handed.add(app, engine, settings)
    positions.add(app, engine, settings, viewer=current_viewer)
    gaps.add(app, engine, settings, viewer=current_viewer)
    programmes.add(app, engine, settings)
    questions.add(app, engine, settings)
    _headers.add(app, settings)
