"""The choosers along the top follow the address."""

from __future__ import annotations

from dash import Dash, Input, Output, html
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Connection, Engine

from dashboard import ids
from dashboard.auth.bounds import read_own_view
from dashboard.auth.viewer import current_viewer, find_account
from dashboard.components.account import draw_account_menu
from dashboard.components.toolbar import draw_toolbar
from dashboard.labels import KIND
from dashboard.markup import write_html
from dashboard.words import words_of
from db.engine import reading
from db.queries.areas import get_place
from db.queries.published import is_published_only
from geo.view import View
from layers import list_layers


def register(app: Dash, engine: Engine) -> None:
    """Register the callback of the toolbar."""

    @app.callback(
        Output(ids.markup_of(ids.TOOLBAR), "data"),
        Input(ids.URL, "search"),
        Input(ids.RETRY, "data"),
    )
    def show_toolbar(search: str | None, _retry: int | None) -> str:
        view = read_own_view(search)
        with reading(engine, current_viewer()) as conn:
            account = _draw_account(conn, view)
            sees_households = not is_published_only(conn)
            layers = list_layers(conn)
            bar = draw_toolbar(view, layers, account, sees_households=sees_households)
            return write_html(bar)


def _draw_account(conn: Connection, view: View) -> html.Details | None:
    account = find_account()
    if account is None:
        return None
    words = words_of(view.language)
    area = account.user.area_code
    place = get_place(conn, area) if area else None
    name = f"{words.say(KIND[place.kind])} {place.name}" if place else ""
    return draw_account_menu(account.user, name, generate_csrf(), words, view)
