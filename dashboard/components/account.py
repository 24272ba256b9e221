"""The menu of the account: who is logged in, the account's page, the way out."""

from __future__ import annotations

from dash import html

from dashboard.components.cells import attributes, draw_icon, hide_from_eyes
from dashboard.labels import ROLE
from dashboard.words import Words
from db.accounts import SessionUser
from geo.text import N_

WITH_DESK = ("planner", "village_operator", "task_unit")
"""Roles that work on the data, and whose menu leads there."""
_DESKS = (("/data", N_("Data"), WITH_DESK), ("/handed", N_("Daftar saya"), ("agency",)))


def draw_account_menu(user: SessionUser, place: str, csrf_token: str, words: Words) -> html.Details:
    """Draw the menu.

    Parameters
    ----------
    user
        Who is logged in.
    place
        Name of the area that the account is for; empty for the whole regency.
    csrf_token
        Goes with the form that logs out.
    words
        The reader's language.
    """
    say = words.say
    query = "" if words.language == "id" else f"?language={words.language}"
    described = ", ".join(filter(None, [say(ROLE[user.role]), user.agency, place]))
    return html.Details(
        [
            html.Summary(
                [draw_icon("account"), hide_from_eyes(f"{say(N_('Akun'))}: {user.display_name}")],
                className="button square",
                title=user.display_name,
            ),
            html.Div(
                [
                    html.P(
                        [html.Strong(user.display_name), html.Span(described)],
                        className="menu-person",
                    ),
                    *_draw_desk(user, query, words),
                    html.A(
                        say(N_("Akun")),
                        href=f"/account{query}",
                        disable_n_clicks=True,
                        **attributes(data_reload="true"),
                    ),
                    _draw_logout(f"/logout{query}", csrf_token, words),
                ],
                className="menu menu-end",
            ),
        ],
        className="dropdown account-menu",
    )


def _draw_desk(user: SessionUser, query: str, words: Words) -> list[html.A]:
    return [
        html.A(
            words.say(title),
            href=f"{path}{query}",
            disable_n_clicks=True,
            **attributes(data_reload="true"),
        )
        for path, title, roles in _DESKS
        if user.role in roles
    ]


def _draw_logout(action: str, csrf_token: str, words: Words) -> html.Form:
    leave = html.Button(
        words.say(N_("Keluar")),
        type="submit",
        name="csrf_token",  # dash.html knows no input, and a pressed button is sent as well
        value=csrf_token,
        disable_n_clicks=True,
    )
    return html.Form(leave, action=action, method="POST", disable_n_clicks=True)
