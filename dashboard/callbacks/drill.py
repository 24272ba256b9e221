"""A click on the map leads to another address."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, no_update

from dashboard import ids
from dashboard.auth.bounds import bind_view, read_own_view
from dashboard.auth.viewer import current_viewer
from dashboard.state import follow_event, href
from db.queries.published import PUBLISHED_ROLES


def register(app: Dash) -> None:
    """Register the callback of clicks on the map."""

    @app.callback(
        Output(ids.URL, "search"),
        Input(ids.MAP_EVENT, "data"),
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def follow_click(event: dict[str, Any] | None, search: str | None) -> Any:
        view = read_own_view(search)
        viewer = current_viewer()
        sees_households = viewer.role not in PUBLISHED_ROLES
        target = follow_event(view, event or {}, sees_households=sees_households)
        target = bind_view(target, viewer)
        return no_update if target == view else href(target)
