"""The menu of the account: who is logged in, the account's page, the way out."""

from __future__ import annotations

from urllib.parse import urlencode

from dash import html

from dashboard.components.cells import attributes, draw_icon, hide_from_eyes
from dashboard.labels import ROLE
from dashboard.ways import ASKERS, list_rooms
from dashboard.words import Words
from db.accounts import SessionUser
from geo.text import N_
from geo.view import View


def draw_account_menu(
    user: SessionUser, place: str, csrf_token: str, words: Words, view: View | None = None
) -> html.Details:
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
    view
        What the map shows, for keeping it under a name.
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
                    *_draw_rooms(user, query, words),
                    *_draw_keeping(user, view, words),
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


def _draw_rooms(user: SessionUser, query: str, words: Words) -> list[html.A]:
    return [
        _draw_way(words.say(room.title), f"{room.path}{query}") for room in list_rooms(user.role)
    ]


def _draw_keeping(user: SessionUser, view: View | None, words: Words) -> list[html.A]:
    if view is None or user.role not in ASKERS:
        return []
    language = {} if words.language == "id" else {"language": words.language}
    asked = urlencode({"query": view.to_query(), **language})
    return [_draw_way(words.say(N_("Simpan tampilan ini")), f"/questions/views?{asked}")]


def _draw_way(title: str, address: str) -> html.A:
    return html.A(title, href=address, disable_n_clicks=True, **attributes(data_reload="true"))


def _draw_logout(action: str, csrf_token: str, words: Words) -> html.Form:
    leave = html.Button(
        words.say(N_("Keluar")),
        type="submit",
        name="csrf_token",  # dash.html knows no input, and a pressed button is sent as well
        value=csrf_token,
        disable_n_clicks=True,
    )
    return html.Form(leave, action=action, method="POST", disable_n_clicks=True)
