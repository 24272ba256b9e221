"""What stands beneath a card by right: opening identities for a purpose, and who saw the family."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.cells import attributes
from dashboard.state import href
from dashboard.words import words_of
from db.audit import NEIGHBOURS
from db.reveals import PURPOSE_LENGTH
from db.viewer import Viewer
from geo.text import N_
from geo.view import View


def draw_card_rights(
    view: View, household: int, viewer: Viewer, csrf_token: str, *, is_open: bool
) -> list[Any]:
    """Draw what a viewer may do about the identities on a card; for most roles nothing.

    Parameters
    ----------
    view
        That the page comes back to.
    household
        Whose card it is.
    viewer
        Who looks.
    csrf_token
        Goes with the form.
    is_open
        Whether the identities show already.
    """
    if viewer.role == "planner":
        return [] if is_open else [_draw_form(view, household, csrf_token)]
    if viewer.role in NEIGHBOURS:
        say = words_of(view.language).say
        query = "" if view.language == "id" else f"?language={view.language}"
        link = html.A(
            say(N_("Siapa melihat keluarga ini")),
            href=f"/households/{household}/viewers{query}",
            disable_n_clicks=True,
            **attributes(data_reload="true"),
        )
        return [html.P(link, className="card-rights")]
    return []


def draw_opened(view: View, viewer: Viewer, *, is_open: bool) -> list[Any]:
    """Say, beside the identities, that they are open for a while; nothing where they always are."""
    if viewer.role != "planner" or not is_open:
        return []
    text = N_("Identitas terbuka untuk Anda, paling lama 15 menit, dan tercatat.")
    return [html.P(words_of(view.language).say(text), className="opened", role="status")]


def _draw_form(view: View, household: int, csrf_token: str) -> html.Details:
    say = words_of(view.language).say
    form = html.Form(
        [
            html.Label(say(N_("Untuk apa?")), htmlFor="purpose"),
            html.Textarea(
                id="purpose",
                name="purpose",
                required=True,
                rows=2,
                minLength=PURPOSE_LENGTH.start,
                maxLength=PURPOSE_LENGTH.stop - 1,
            ),
            html.P(
                say(N_("NIK, KK dan alamat terbuka 15 menit. Nama Anda dan tujuannya dicatat.")),
                className="note",
            ),
            html.Button(
                say(N_("Tampilkan identitas")),
                name="csrf_token",  # dash.html knows no input, and a pressed button is sent as well
                value=csrf_token,
                type="submit",
                className="button primary",
                disable_n_clicks=True,
            ),
        ],
        method="post",
        action=f"/households/{household}/reveal{href(view)}",
        disable_n_clicks=True,
    )
    opener = html.Summary(say(N_("Tampilkan identitas…")), className="button")
    return html.Details([opener, form], className="card-rights")
