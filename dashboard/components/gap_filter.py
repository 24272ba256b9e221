"""The filter by a cell of the gap matrix: a programme, then which of its households."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dash import html

from dashboard.components.cells import attributes, draw_glyph, draw_icon, hide_from_eyes, link
from dashboard.words import Words, words_of
from db.queries.catalogue import ProgrammeItem
from geo.gaps import SENTENCES, TITLES, Cells, split_gap
from geo.text import N_
from geo.view import GAP_CELLS, View

FIRST_CELL = "excluded"
"""What choosing a programme looks for: who is left out."""
_LAYER = "gap:"


def draw_gap_filter(
    view: View, programmes: Sequence[ProgrammeItem], gaps: Mapping[str, Cells]
) -> html.Section:
    """Draw the chooser of a programme and, under it, its cells with their counts.

    Parameters
    ----------
    view
        What is looked at.
    programmes
        All of them.
    gaps
        Cells by programme, counted under the other filters; that of the chosen programme is drawn.
    """
    words = words_of(view.language)
    chosen = split_gap(view.gap)[0] if view.gap else None
    return html.Section(
        [
            html.H3(words.say(N_("Kesenjangan program"))),
            _draw_programmes(view, programmes, chosen, words),
            _draw_cells(view, chosen, gaps.get(chosen, {}), words) if chosen else None,
        ],
        className="filter-group gap-filter",
    )


def with_gap(view: View, gap: str | None) -> View:
    """Choose a cell, or none; where a cell is painted the map follows."""
    chosen = view.with_filters(gap=gap)
    if gap is None or not view.layer.startswith(_LAYER):
        return chosen
    return replace(chosen, layer=f"{_LAYER}{split_gap(gap)[1]}", sort=None)


def _draw_programmes(
    view: View, programmes: Sequence[ProgrammeItem], chosen: str | None, words: Words
) -> html.Details:
    cell = split_gap(view.gap)[1] if view.gap else FIRST_CELL
    named = next((one.name for one in programmes if one.code == chosen), None)
    items = [
        html.Li(
            link(
                with_gap(view, f"{one.code}:{cell}"),
                [draw_glyph(one.domain, words), html.Span(one.name)],
                **attributes(aria_current="true") if one.code == chosen else {},
            )
        )
        for one in programmes
    ]
    return html.Details(
        [
            html.Summary(
                [
                    hide_from_eyes(words.say(N_("Program yang dinilai:")) + " "),
                    html.Span(named or words.say(N_("Pilih program")), className="menu-value"),
                    draw_icon("chevron"),
                ],
                className="button",
            ),
            html.Ul(items, className="menu menu-programmes"),
        ],
        className="dropdown",
    )


def _draw_cells(view: View, programme: str, cells: Cells, words: Words) -> html.Ul:
    return html.Ul(
        [html.Li(_draw_cell(view, f"{programme}:{cell}", cells, words)) for cell in GAP_CELLS],
        className="choices",
    )


def _draw_cell(view: View, gap: str, cells: Cells, words: Words) -> html.A:
    """Draw a cell; a click on the chosen one takes the filter back."""
    cell, is_chosen = split_gap(gap)[1], gap == view.gap
    children: list[Any] = [
        html.Span(className="box", **attributes(aria_hidden="true")),
        html.Span(words.say(TITLES[cell]), className="choice-name"),
        html.Span(words.number(cells.get(cell)), className="choice-count"),
    ]
    return link(
        with_gap(view, None if is_chosen else gap),
        children,
        className="choice",
        title=words.say(SENTENCES[cell]),
        **attributes(aria_current="true" if is_chosen else "false"),
    )
