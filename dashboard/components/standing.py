"""The switch between totals with and without families that nobody has verified."""

from __future__ import annotations

from dash import html

from dashboard.components.cells import attributes, link
from dashboard.standing import counts_unverified
from dashboard.words import words_of
from geo.text import N_
from geo.view import STATUSES, View


def draw_standing_switch(view: View, *, is_single: bool) -> html.P:
    """Draw the switch; it changes the filter by status, which everything obeys already.

    Parameters
    ----------
    view
        What is looked at.
    is_single
        Whether one filter takes the place of the one before, as in published totals.
    """
    words = words_of(view.language)
    switch = link(
        _switch(view, is_single=is_single),
        [
            html.Span(className="switch-track", **attributes(aria_hidden="true")),
            html.Span(words.say(N_("Tanpa yang belum diverifikasi"))),
        ],
        className="standing-switch",
        role="switch",
        **attributes(aria_checked="false" if counts_unverified(view) else "true"),
    )
    return html.P(switch, className="standing")


def _switch(view: View, *, is_single: bool) -> View:
    if is_single:
        start = view.without_filters()
        return start.with_filters(statuses=("verified",)) if counts_unverified(view) else start
    if counts_unverified(view):
        rest = tuple(one for one in view.statuses or STATUSES if one != "unverified")
        return view.with_filters(statuses=rest or ("verified",))
    both = {"unverified", *view.statuses}
    chosen = tuple(one for one in STATUSES if one in both)
    return view.with_filters(statuses=chosen)
