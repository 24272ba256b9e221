"""What the legend of a change says: which periods, what fell and rose, which side is better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from dash import html

from dashboard.components.cells import attributes, hide_from_eyes, link
from dashboard.words import Words, words_of
from geo.text import N_
from geo.view import View
from layers import Comparison, Layer, Painting

_KEY = {
    "high_is_bad": N_("Biru: membaik. Bata: memburuk."),
    "high_is_good": N_("Biru: membaik. Bata: memburuk."),
    "neutral": N_("Ungu: turun. Kuning tua: naik."),
}


def write_change_ranges(breaks: Sequence[float], decimals: int, words: Words) -> list[str]:
    """Write the ranges of the classes, what fell most first, by size and direction.

    Parameters
    ----------
    breaks
        From ``geo.classify.list_change_breaks``: as many below zero as above.
    decimals
        Digits after the comma.
    words
        The reader's language.
    """
    # The innermost edge is what counts as unchanged; it is never written.
    edges = [words.number(edge, decimals) for edge in breaks[len(breaks) // 2 + 1 :]]
    sizes = [""]
    if edges:
        middle = [f"{low}–{high}" for low, high in pairwise(edges)]
        sizes = [f"≤ {edges[0]}", *middle, f"> {edges[-1]}"]
    fell = [words.say(N_("turun {size}"), size=size).strip() for size in reversed(sizes)]
    rose = [words.say(N_("naik {size}"), size=size).strip() for size in sizes]
    return [*fell, words.say(N_("tidak berubah")), *rose]


def name_comparison(comparison: Comparison, words: Words) -> str:
    """Say which periods are compared: ``Perubahan dari Jun 2025 ke Jun 2026``."""
    return words.say(
        N_("Perubahan dari {since} ke {until}"),
        since=words.period(comparison.since),
        until=words.period(comparison.until),
    )


def draw_change_key(layer: Layer, painting: Painting, words: Words) -> list[html.P]:
    """Say which colour is for the better, what marks a rise, and why areas have no change."""
    if not layer.is_change:
        return []
    said = [words.say(_KEY[layer.direction]), words.say(N_("Segitiga kecil menandai yang naik."))]
    drawn = [html.P(" ".join(said), className="note change-key")]
    if painting.no_data_count and painting.rows.no_data_reason:
        reason = words.say(painting.rows.no_data_reason)
        drawn.append(html.P(reason, className="note change-reason"))
    return drawn


def draw_period_choice(view: View, comparison: Comparison | None) -> list[Any]:
    """Draw the choice of the two periods; the earlier is always before the later."""
    if comparison is None:
        return []
    words = words_of(view.language)
    newest_first = comparison.periods
    later, earlier = map(newest_first.index, (comparison.until, comparison.since))
    since = [
        (period, replace(view, since=period, period=comparison.until))
        for period in newest_first[later + 1 :]
    ]
    until = [
        (period, replace(view, since=newest_first[max(place + 1, earlier)], period=period))
        for place, period in enumerate(newest_first[:-1])
    ]
    return [
        html.Div(
            [
                _choose(words.say(N_("Dari")), since, comparison.since, words),
                _choose(words.say(N_("Ke")), until, comparison.until, words),
            ],
            className="period-choice",
        )
    ]


def _choose(title: str, choices: Sequence[tuple[str, View]], chosen: str, words: Words) -> html.Div:
    links = [
        link(
            replace(target, page=1),
            words.period(period),
            **({"aria-current": "true"} if period == chosen else {}),
        )
        for period, target in choices
    ]
    label = words.say(N_("{which}: periode"), which=title)
    return html.Div(
        [
            html.Span([title, hide_from_eyes(":")], className="note"),
            html.Div(
                links,
                className="segments small",
                role="group",
                **attributes(aria_label=label),
            ),
        ]
    )
