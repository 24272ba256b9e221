"""What is written as HTML is laid into its part of the page."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, State

from dashboard import ids


def register(app: Dash) -> None:
    """Register the filling of every written part."""
    for part in ids.WRITTEN:
        app.clientside_callback(
            ClientsideFunction("kentongan", "fill"),
            Input(ids.markup_of(part), "data"),
            State(part, "id"),
        )
