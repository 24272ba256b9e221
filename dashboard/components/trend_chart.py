"""How a figure went from period to period; where the source changed, the line is broken."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from dash import dcc, html

from dashboard.components.cells import attributes
from dashboard.components.charts import CONFIG, PLAIN, make_layout
from dashboard.words import Words, words_of
from db.trend import INDICATOR, Measured, has_break
from geo.text import N_
from geo.view import View
from layers import Series

HEIGHT_PX = 150
LABELLED = 8
"""Up to so many points each bear their figure; of more only the first, the last and the ends."""
_PART = {"S": 6, "Q": 3}


def draw_trend(view: View, series: Series | None) -> list[html.Figure]:
    """Draw the figure of a view's area in every period, and say what changed last.

    Parameters
    ----------
    view
        What is looked at.
    series
        Its figure over time; None draws nothing.
    """
    if series is None:
        return []
    words = words_of(view.language)
    points = [point for point in series.points if point.value is not None]
    measure = series.measure
    name = words.say(measure.title)
    if view.language == "en" and measure.title_en:
        name = measure.title_en
    title = f"{words.say(N_('Perkembangan'))}: {name[:1].lower()}{name[1:]}"
    title += f", {measure.subject}" if measure.subject else ""
    spoken = "; ".join(
        f"{words.period(point.period)}: {_write(point, series, words)}" for point in points
    )
    figure = make_figure(series, points, words)
    graph = dcc.Graph(
        figure=figure,
        config=CONFIG,  # type: ignore[arg-type]
        style={"height": HEIGHT_PX},
    )
    notes = [html.P(note, className="note") for note in _list_notes(view, series, points, words)]
    caption = html.Figcaption(
        [html.Strong(title), html.Span(words.say(measure.unit), className="note")]
    )
    drawing = html.Div(graph, role="img", **attributes(aria_label=f"{title}. {spoken}"))
    return [html.Figure([caption, drawing, *notes], className="chart trend")]


def _list_notes(view: View, series: Series, points: Sequence[Measured], words: Words) -> list[str]:
    notes = []
    before, last = points[-2:]
    if not has_break(before, last):
        change = words.change((last.value or 0) - (before.value or 0), series.measure.decimals)
        notes.append(
            words.say(
                N_("{change} {unit} sejak {period}."),
                change=change,
                unit=words.say(series.measure.change_unit),
                period=words.period(before.period),
            )
        )
    for one, other in pairwise(points):
        if has_break(one, other):
            notes.append(
                words.say(
                    N_("Sumber berubah mulai {period}; angka sebelumnya tidak dibandingkan."),
                    period=words.period(other.period),
                )
            )
    if not series.measure.key.startswith(INDICATOR) and _is_narrower(view, series):
        notes.append(words.say(N_("Semua keluarga miskin, tanpa saringan.")))
    return notes


def _is_narrower(view: View, series: Series) -> bool:
    """Whether the view shows fewer households than the series counts."""
    told = view.without_filters()
    if series.measure.subject:
        told = told.with_filters(received=view.received)
    return view.with_filters() != told


def make_figure(series: Series, points: Sequence[Measured], words: Words) -> dict[str, Any]:
    """Make the figure: a line for each run of one source, a dotted mark between two runs."""
    places = [place_of(point.period) for point in points]
    values = [point.value or 0.0 for point in points]
    low, high = min(values), max(values)
    room = (high - low) * 0.4 or abs(high) * 0.1 or 1.0
    width = places[-1] - places[0] or 1.0
    ticks = _pick_ticks(places)
    breaks = [
        (places[number] + places[number + 1]) / 2
        for number, (one, other) in enumerate(pairwise(points))
        if has_break(one, other)
    ]
    layout = make_layout(HEIGHT_PX) | {
        "margin": {"l": 0, "r": 0, "t": 16, "b": 22},
        "xaxis": {
            "range": [places[0] - width * 0.12, places[-1] + width * 0.12],
            "tickvals": [places[number] for number in ticks],
            "ticktext": [words.period(points[number].period) for number in ticks],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "ticks": "",
        },
        "yaxis": {"visible": False, "fixedrange": True, "range": [low - room, high + room]},
        "shapes": [_draw_break(place) for place in breaks],
        "annotations": [_name_break(place, words) for place in breaks],
    }
    labels = _label(points, series, words)
    traces = [
        {
            "type": "scatter",
            "mode": "lines+markers+text",
            "x": places[start:end],
            "y": values[start:end],
            "text": labels[start:end],
            "textposition": "top center",
            "textfont": {"size": 11},
            "cliponaxis": False,
            "line": {"color": PLAIN, "width": 2},
            "marker": {"color": PLAIN, "size": 7},
        }
        for start, end in _list_runs(points)
    ]
    return {"data": traces, "layout": layout}


def _draw_break(place: float) -> dict[str, Any]:
    line = {"color": PLAIN, "width": 1, "dash": "dot"}
    ends = {"x0": place, "x1": place, "y0": 0, "y1": 1}
    return {"type": "line", "xref": "x", "yref": "paper", "line": line, **ends}


def _name_break(place: float, words: Words) -> dict[str, Any]:
    return {
        "text": words.say(N_("sumber berubah")),
        "x": place,
        "xref": "x",
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "showarrow": False,
        "borderpad": 0,
        "font": {"size": 11},
    }


def _list_runs(points: Sequence[Measured]) -> list[tuple[int, int]]:
    """Return start and end of each run of points that are of one source."""
    starts = [0]
    starts += [
        place for place in range(1, len(points)) if has_break(*points[place - 1 : place + 1])
    ]
    return list(zip(starts, [*starts[1:], len(points)], strict=True))


def _label(points: Sequence[Measured], series: Series, words: Words) -> list[str]:
    values = [point.value or 0.0 for point in points]
    told = range(len(points))
    if len(points) > LABELLED:
        ends = (values.index(min(values)), values.index(max(values)))
        told = {0, len(points) - 1, *ends}  # type: ignore[assignment]
    return [
        _write(point, series, words) if place in told else "" for place, point in enumerate(points)
    ]


def _write(point: Measured, series: Series, words: Words) -> str:
    measure = series.measure
    write = words.percent if measure.kind == "percent" else words.number
    return write(point.value, measure.decimals)


def place_of(period: str) -> float:
    """Return where a period begins, in years: ``2026-07`` and ``2026-S2`` at 2026.5."""
    year, _, part = period.partition("-")
    if not part:
        return float(year)
    months = int(part) - 1 if part.isdigit() else (int(part[1]) - 1) * _PART[part[0]]
    return int(year) + months / 12


def _pick_ticks(places: Sequence[float]) -> list[int]:
    """Return the points that are named beneath, the last and those with room beside the next."""
    room = (places[-1] - places[0]) / 5
    ticks = [len(places) - 1]
    for number in range(len(places) - 2, -1, -1):
        if places[ticks[-1]] - places[number] >= room:
            ticks.append(number)
    return ticks[::-1]
