"""The card of the household that the address names."""

from __future__ import annotations

from dash import Dash, Input, Output
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Engine

from dashboard import ids
from dashboard.auth.bounds import read_own_view
from dashboard.auth.viewer import current_viewer, find_account
from dashboard.components.card import draw_card
from dashboard.components.card_plans import draw_plans
from dashboard.components.card_rights import draw_card_rights, draw_opened
from dashboard.components.card_sources import draw_decree
from dashboard.markup import write_html
from db.audit import auditing, of_view
from db.plans.progress import list_plans_of_household
from db.queries.households import get_card
from db.queries.provenance import get_section_sources
from db.queries.verification import list_decrees


def register(app: Dash, engine: Engine) -> None:
    """Register the callback of the card."""

    @app.callback(
        Output(ids.markup_of(ids.CARD), "data"),
        Input(ids.URL, "search"),
        Input(ids.RETRY, "data"),
    )
    def show_card(search: str | None, _retry: int | None) -> str:
        view = read_own_view(search)
        if view.household is None:
            return ""
        viewer = current_viewer()
        what = {**of_view(view), "area": None}  # the area is the household's own
        with auditing(engine, viewer, "card", household=view.household, **what) as conn:
            card = get_card(conn, view.household)
            is_open = "*" not in (card.kk or "*")
            token = generate_csrf() if find_account() else ""
            rights = draw_card_rights(view, card.id, viewer, token, is_open=is_open)
            beside_identity = [
                *draw_opened(view, viewer, is_open=is_open),
                *draw_decree(view, card.id, list_decrees(conn, card.id)),
            ]
            sources = get_section_sources(conn, card.id)
            drawn = draw_card(view, card, viewer.precision, beside_identity, sources)
            plans = draw_plans(view, list_plans_of_household(conn, card.id))
            return write_html([*drawn, *plans, *rights])
