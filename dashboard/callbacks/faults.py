"""The banner: shown by the browser, which also asks whether the database is back."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, Output

from dashboard import ids


def register(app: Dash) -> None:
    """Register the callback of the banner."""
    app.clientside_callback(
        ClientsideFunction("kentongan", "showFault"),
        Output(ids.BANNER, "children"),
        Input(ids.FAULT, "data"),
        prevent_initial_call=True,
    )
