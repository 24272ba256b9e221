"""The filter of viewers who see published totals: one choice at a time, each a link."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dash import html

from dashboard.components.cells import attributes, link, name_need
from dashboard.labels import DOMAIN, STATUS
from dashboard.words import Words, words_of
from db.queries.catalogue import NeedItem, ProgrammeItem
from db.queries.published import ONE_FILTER
from db.queries.totals import Facets
from geo.text import N_
from geo.view import NO_AID, STATUSES, View

_Choice = tuple[str, dict[str, Any], Any]
"""What it is called, the filter it sets, how many families it shows."""


def draw_single_choices(
    view: View,
    facets: Facets,
    programmes: Iterable[ProgrammeItem],
    needs: Iterable[NeedItem],
) -> list[Any]:
    """Draw every choice with its count; one takes the place of the other."""
    words = words_of(view.language)
    programmes = list(programmes)
    groups = (
        (N_("Desil kesejahteraan"), _list_deciles(facets, words)),
        (N_("Sudah menerima program"), _list_programmes("received", facets, programmes)),
        (N_("Belum menerima program"), _list_programmes("not_received", facets, programmes)),
        (N_("Belum ada bantuan"), _list_no_aid(facets, words)),
        (N_("Kebutuhan"), _list_needs(facets, needs, words)),
        (N_("Status verifikasi"), _list_statuses(facets, words)),
    )
    note = html.P(words.say(ONE_FILTER), className="note")
    return [note, *(_draw_group(view, words.say(title), found, words) for title, found in groups)]


def _list_deciles(facets: Facets, words: Words) -> list[_Choice]:
    return [
        (words.say(N_("Desil {name}"), name=decile), {"deciles": (decile,)}, count)
        for decile, count in sorted(facets.deciles.items())
    ]


def _list_programmes(
    group: str, facets: Facets, programmes: Iterable[ProgrammeItem]
) -> list[_Choice]:
    counts = getattr(facets, group)
    return [
        (item.name, {group: (item.code,)}, counts[item.code])
        for item in programmes
        if item.code in counts
    ]


def _list_no_aid(facets: Facets, words: Words) -> list[_Choice]:
    if NO_AID not in facets.domains:
        return []
    return [(words.say(DOMAIN[NO_AID]), {"domains": (NO_AID,)}, facets.domains[NO_AID])]


def _list_needs(facets: Facets, needs: Iterable[NeedItem], words: Words) -> list[_Choice]:
    return [
        (name_need(item, words), {"needs": (item.code,)}, facets.needs[item.code])
        for item in needs
        if item.code in facets.needs
    ]


def _list_statuses(facets: Facets, words: Words) -> list[_Choice]:
    return [
        (words.say(STATUS[code]), {"statuses": (code,)}, facets.statuses[code])
        for code in STATUSES
        if code in facets.statuses
    ]


def _draw_group(view: View, title: str, choices: list[_Choice], words: Words) -> html.Section:
    items = [html.Li(_draw_choice(view, choice, words)) for choice in choices]
    return html.Section(
        [html.H3(title), html.Ul(items, className="choices")], className="filter-group"
    )


def _draw_choice(view: View, choice: _Choice, words: Words) -> html.A:
    name, filters, count = choice
    start = view.without_filters()
    chosen = start.with_filters(**filters)
    is_chosen = view.with_filters() == chosen
    return link(
        start if is_chosen else chosen,
        [
            html.Span(className="box", **attributes(aria_hidden="true")),
            html.Span(name, className="choice-name"),
            html.Span(words.number(count), className="choice-count"),
        ],
        className="choice",
        **attributes(aria_current="true" if is_chosen else "false"),
    )
