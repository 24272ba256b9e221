"""The small charts of the panel. Colours of text and plain bars come from the style sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dash import dcc, html

from dashboard.components.cells import attributes, name_need
from dashboard.words import Words, words_of
from db.queries.catalogue import NeedItem
from db.queries.totals import Share, Summary
from geo.hidden import is_told
from geo.ramp import DOMAIN_COLOURS
from geo.text import N_
from geo.view import View

BARS_SHOWN = 6
BAR_ROW_PX = 38
COLUMNS_PX = 116
FONT = "Plus Jakarta Sans Variable, sans-serif"
PLAIN = "#7f8a94"

# Still pictures: no mode bar, and so no button that would upload a chart.
CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "staticPlot": True,
    "responsive": True,
    "modeBarButtonsToRemove": ["sendChartToCloud"],
}


def draw_charts(view: View, summary: Summary) -> list[html.Figure]:
    """Draw deciles, the most frequent needs, and aid by programme of a view's households."""
    if not summary.total:
        return []
    words = words_of(view.language)
    deciles = [(words.number(decile), count) for decile, count in sorted(summary.by_decile.items())]
    last = max((place for place, (_, count) in enumerate(deciles) if count), default=0)
    needs = _list_most(summary.by_need)
    programmes = _list_most(summary.by_programme)
    need_names = [name_need(NeedItem(s.code, s.name, s.domain, 0), words) for s in needs]
    charts = [
        _frame(
            words.say(N_("Desil kesejahteraan")),
            words.say(N_("keluarga, 1 paling miskin")),
            deciles,
            draw_columns(deciles[: max(last + 1, 4)], words),
            words,
        )
        if all(is_told(count) for _, count in deciles)
        else None,
        _frame(
            words.say(N_("Kebutuhan terbanyak")),
            words.say(N_("keluarga")),
            [(name, share.count) for name, share in zip(need_names, needs, strict=True)],
            draw_bars(need_names, needs, words, is_coloured=False),
            words,
        )
        if needs or _is_told(summary.by_need)
        else None,
        _frame(
            words.say(N_("Bantuan menurut program")),
            words.say(N_("keluarga yang pernah menerima")),
            [(share.name, share.count) for share in programmes],
            draw_bars([share.name for share in programmes], programmes, words, is_coloured=True),
            words,
            "coloured",
        )
        if programmes or _is_told(summary.by_programme)
        else None,
    ]
    drawn = [chart for chart in charts if chart is not None]
    if len(drawn) == len(charts):
        return drawn
    note = words.say(N_("Rincian yang disembunyikan atau tidak diterbitkan tidak digambar."))
    return [*drawn, html.Figure(html.Figcaption(note, className="note"), className="chart")]


def _is_told(shares: Iterable[Share]) -> bool:
    return all(is_told(share.count) for share in shares)


def draw_columns(columns: Sequence[tuple[str, int]], words: Words) -> dict[str, Any]:
    """Make the figure of upright bars, each under its number."""
    names = [name for name, _ in columns]
    counts = [count for _, count in columns]
    layout = make_layout(COLUMNS_PX) | {
        "margin": {"l": 0, "r": 0, "t": 18, "b": 20},
        "xaxis": {"type": "category", "fixedrange": True, "showgrid": False, "ticks": ""},
        "yaxis": {"visible": False, "fixedrange": True, "range": [0, max(counts, default=1) or 1]},
    }
    trace = {
        "type": "bar",
        "x": names,
        "y": counts,
        "text": [words.number(count) for count in counts],
        "textposition": "outside",
        "textfont": {"size": 11},
        "cliponaxis": False,
        "marker": {"color": PLAIN},
    }
    return {"data": [trace], "layout": layout}


def draw_bars(
    names: Sequence[str], shares: Sequence[Share], words: Words, *, is_coloured: bool
) -> dict[str, Any]:
    """Make the figure of lying bars, each under its name, its number at the right edge."""
    places = list(range(len(shares)))
    most = max((share.count for share in shares), default=0) or 1
    colours = [DOMAIN_COLOURS[share.domain] if is_coloured else PLAIN for share in shares]
    layout = make_layout(BAR_ROW_PX * len(shares) + 4) | {
        "margin": {"l": 0, "r": 0, "t": 14, "b": 0},
        "bargap": 0.78,
        "xaxis": {"visible": False, "fixedrange": True, "range": [0, most]},
        "yaxis": {"visible": False, "fixedrange": True, "range": [len(shares) - 0.5, -0.5]},
        "annotations": [
            *(_label(name, place, "left") for place, name in enumerate(names)),
            *(
                _label(words.number(share.count), place, "right")
                for place, share in enumerate(shares)
            ),
        ],
    }
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": [share.count for share in shares],
        "y": places,
        "marker": {"color": colours},
    }
    return {"data": [trace], "layout": layout}


def _label(text: str, place: int, side: str) -> dict[str, Any]:
    return {
        "text": text,
        "x": 0 if side == "left" else 1,
        "xref": "paper",
        "xanchor": side,
        "y": place,
        "yanchor": "bottom",
        "yshift": 4,
        "showarrow": False,
        "borderpad": 0,
        "font": {"size": 13},
    }


def make_layout(height_px: int) -> dict[str, Any]:
    """Return what the figures of the panel have in common."""
    return {
        "height": height_px,
        "font": {"family": FONT, "size": 12},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
    }


def _list_most(shares: Iterable[Share]) -> list[Share]:
    known = [share for share in shares if is_told(share.count) and share.count]
    return sorted(known, key=lambda share: -share.count)[:BARS_SHOWN]


def _frame(
    title: str,
    unit: str,
    values: Iterable[tuple[str, int]],
    figure: dict[str, Any],
    words: Words,
    kind: str = "plain",
) -> html.Figure:
    spoken = "; ".join(f"{name}: {words.number(count)}" for name, count in values)
    graph = dcc.Graph(
        figure=figure,
        config=CONFIG,  # type: ignore[arg-type]
        style={"height": figure["layout"]["height"]},
    )
    return html.Figure(
        [
            html.Figcaption([html.Strong(title), html.Span(unit, className="note")]),
            html.Div(graph, role="img", **attributes(aria_label=f"{title}. {spoken}")),
        ],
        className=f"chart {kind}".strip(),
    )
