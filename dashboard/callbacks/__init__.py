"""The callbacks, one file per concern: parse, call one pure function, return."""

from __future__ import annotations

from dash import Dash
from sqlalchemy import Engine

from dashboard.callbacks import (
    card,
    charts,
    drill,
    faults,
    filters,
    map,
    panel,
    search,
    toolbar,
    written,
)
from dashboard.settings import Settings


def register(app: Dash, engine: Engine, settings: Settings) -> None:
    """Register every callback; a new layer adds none."""
    map.register(app, engine, settings)
    for concern in (toolbar, filters, panel, charts, card, search):
        concern.register(app, engine)
    for concern in (drill, faults, written):
        concern.register(app)
