"""The legend over the map."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from dash import html

from dashboard.components.cells import (
    attributes,
    draw_glyph,
    draw_icon,
    draw_sources,
    hide_from_eyes,
    link,
    name_painted,
    write_cell,
)
from dashboard.components.change_legend import (
    draw_change_key,
    draw_period_choice,
    write_change_ranges,
)
from dashboard.labels import (
    BREAK_NAME,
    BREAK_NOTE,
    DOMAIN,
    FIXED_METHOD,
    FIXED_NOTE,
    METHOD,
)
from dashboard.words import Words, words_of
from db.queries.sources import SourceNote
from db.viewer import Precision
from geo.text import N_
from geo.view import BREAKS, DOMAINS, METHODS, View
from layers import Layer, Painting

CLASS_COUNTS = range(3, 8)
HIDDEN_REASON = N_("Kurang dari lima keluarga, atau dapat membuka angka yang kurang dari lima.")


def draw_fill_legend(view: View, layer: Layer, painting: Painting, count_max: int) -> html.Details:
    """Draw classes with their ranges and counts, no data, circles, method, source."""
    words = words_of(view.language)
    return _fold(
        words,
        [
            html.Strong(name_painted(layer, painting.rows, words), className="legend-title"),
            html.Span(words.say(layer.unit), className="legend-unit"),
        ],
        [
            *draw_period_choice(view, painting.rows.comparison),
            html.Ol(list(_list_classes(layer, painting, words)), className="classes"),
            *draw_change_key(layer, painting, words),
            *_draw_circles(layer, count_max, words),
            _draw_method(view, painting, words),
            draw_sources(painting.rows.sources, view),
        ],
    )


def draw_pin_legend(
    view: View, sources: Iterable[SourceNote], precision: Precision = "exact"
) -> html.Details:
    """Draw what the pins mean: aid glyphs, the ring without aid, clusters.

    Parameters
    ----------
    view
        What is looked at.
    sources
        Of the households.
    precision
        How exactly the viewer may know where a household is; ``none`` has no pins to explain.
    """
    words = words_of(view.language)
    name = html.Strong(words.say(N_("Keluarga miskin")), className="legend-title")
    if precision == "none":
        note = words.say(N_("Posisi tidak ditampilkan untuk peran ini."))
        return _fold(words, [name], [html.P(note, className="note"), draw_sources(sources, view)])
    unit = words.say(
        N_("satu titik satu keluarga, digeser 150–400 m")
        if precision == "displaced"
        else N_("satu titik satu keluarga")
    )
    glyphs = [
        html.Li([draw_glyph(domain), html.Span(words.say(DOMAIN[domain]))]) for domain in DOMAINS
    ]
    marks = (
        ("mark-aid", N_("Pernah menerima bantuan")),
        ("mark-none", N_("Belum pernah menerima bantuan")),
        ("mark-unverified", N_("Belum diverifikasi")),
        ("mark-cluster", N_("Beberapa keluarga; klik untuk mendekat")),
        ("mark-stack", N_("Beberapa keluarga di satu titik")),
    )
    return _fold(
        words,
        [name, html.Span(unit, className="legend-unit")],
        [
            html.Ul(
                [
                    html.Li([html.Span(className=f"mark {name}"), html.Span(words.say(text))])
                    for name, text in marks
                ],
                className="marks",
            ),
            html.H3(words.say(N_("Bantuan yang pernah diterima"))),
            html.Ul(glyphs, className="glyph-list"),
            draw_sources(sources, view),
        ],
    )


def _fold(words: Words, title: list[Any], body: list[Any]) -> html.Details:
    # A folded legend on a phone shows its plain name only: the layer's stands above the map.
    name = html.Span(words.say(N_("Legenda")), className="legend-name")
    summary = html.Summary([html.Span(title, className="legend-head"), name, draw_icon("chevron")])
    return html.Details(
        [summary, html.Div(body, className="legend-body")],
        open=True,
        **attributes(data_fold="legend", aria_label=words.say(N_("Legenda"))),
    )


def _list_classes(layer: Layer, painting: Painting, words: Words) -> Iterable[html.Li]:
    count = len(painting.breaks) + 1
    colours = zip(
        layer.list_colours(count),
        layer.list_colours(count, dark=True),
        strict=True,
    )
    ranges = write_ranges(layer, painting, words)
    places = enumerate(zip(colours, ranges, painting.class_counts, strict=True))
    for place, ((light, dark), text, areas) in places:
        style = {"--swatch-light": light, "--swatch-dark": dark}
        rose = layer.is_change and place > count // 2
        swatch = html.Span(className="swatch rose" if rose else "swatch", style=style)
        yield _class_row(swatch, text, areas, words)
    if painting.no_data_count:
        swatch = html.Span(className="swatch no-data")
        reason = words.say(painting.rows.no_data_reason or "")
        text = words.say(N_("Tidak ada data"))
        yield _class_row(swatch, text, painting.no_data_count, words, reason)
    if painting.hidden_count:
        swatch = html.Span(className="swatch hidden")
        text, reason = words.say(N_("Disembunyikan")), words.say(HIDDEN_REASON)
        yield _class_row(swatch, text, painting.hidden_count, words, reason)


def _class_row(swatch: html.Span, text: str, areas: int, words: Words, reason: str = "") -> html.Li:
    counted: list[Any] = [words.number(areas), hide_from_eyes(" " + words.say(N_("wilayah")))]
    return html.Li([swatch, html.Span(text), html.Span(counted, className="areas")], title=reason)


def write_ranges(layer: Layer, painting: Painting, words: Words) -> list[str]:
    """Write the ranges of the classes, the lowest first, from the smallest value to the largest.

    Frozen breaks may lie beyond the values shown: then the outermost classes are open-ended.
    """
    if layer.is_change:
        return write_change_ranges(painting.breaks, layer.decimals, words)
    column = next(column for column in layer.columns if column.key == "value")
    edges = [write_cell(column, edge, words) for edge in painting.breaks]
    if not edges:
        if painting.low is None:
            return [words.say(N_("belum ada nilai"))]
        low = write_cell(column, painting.low, words)
        high = write_cell(column, painting.high, words)
        return [low if low == high else f"{low} – {high}"]
    inner = [f"{low} – {high}" for low, high in pairwise(edges)]
    if painting.is_frozen:
        return [f"≤ {edges[0]}", *inner, f"> {edges[-1]}"]
    low, high = (write_cell(column, edge, words) for edge in (painting.low, painting.high))
    return [f"{low} – {edges[0]}", *inner, f"{edges[-1]} – {high}"]


def name_classes(view: View, painting: Painting, words: Words) -> str:
    """Say how the classes part: ``Kuantil, 5 kelas · kelas tetap``."""
    method = words.say(FIXED_METHOD if painting.is_fixed else METHOD[view.method])
    count = words.number(len(painting.class_counts))
    kind = words.say(BREAK_NAME[_kind_of(painting)])
    return (
        f"{words.say(N_('{method}, {count} kelas'), method=method, count=count)} · {kind.lower()}"
    )


def _kind_of(painting: Painting) -> str:
    return "frozen" if painting.is_frozen else "shown"


def _draw_circles(layer: Layer, count_max: int, words: Words) -> list[Any]:
    if layer.count_title is None or not count_max:
        return []
    steps = list_circle_steps(count_max)
    circles = [
        html.Li(
            [html.Span(className="circle"), html.Span(words.number(step))],
            style={
                "--share": str(round((step / steps[0]) ** 0.5, 3)),
                "--left": str(len(steps) - place),
            },
        )
        for place, step in enumerate(steps)
    ]
    return [
        html.Div(
            [
                html.Ol(circles, className="circles"),
                html.P(
                    [
                        html.Strong(words.say(layer.count_title)),
                        html.Br(),
                        words.say(N_("luas lingkaran sebanding jumlahnya")),
                    ],
                    className="circle-note",
                ),
            ],
            className="circle-scale",
            style={"--first": str(round((steps[0] / count_max) ** 0.5, 3))},
        )
    ]


def list_circle_steps(count_max: int) -> list[int]:
    """Return up to three round counts for the circle scale, the largest first."""
    digit = 10 ** (len(str(count_max)) - 1)
    largest = count_max // digit * digit
    steps = [largest, round(largest * 0.4), round(largest * 0.1)]
    return [step for place, step in enumerate(steps) if step and step not in steps[:place]]


def _draw_method(view: View, painting: Painting, words: Words) -> html.Details:
    """Draw how the classes part, and what else can be chosen: fixed ones have no method."""
    note = FIXED_NOTE if painting.is_fixed else BREAK_NOTE[_kind_of(painting)]
    summary = [
        html.Span(name_classes(view, painting, words)),
        draw_icon("chevron"),
    ]
    methods = [(name, words.say(METHOD[name])) for name in METHODS]
    counts = [(count, words.number(count)) for count in CLASS_COUNTS]
    breaks = [(name, words.say(BREAK_NAME[name])) for name in BREAKS]
    return html.Details(
        [
            html.Summary(summary),
            None
            if painting.is_fixed
            else _choose(view, "method", methods, words.say(N_("Cara membagi kelas"))),
            _choose(view, "classes", counts, words.say(N_("Jumlah kelas"))),
            _choose(view, "breaks", breaks, words.say(N_("Dasar batas kelas"))),
            html.P(words.say(note), className="note"),
        ],
        className="method",
    )


def _choose(view: View, name: str, choices: Iterable[tuple[Any, str]], label: str) -> html.Div:
    links = [
        link(
            replace(view, **{name: value}),
            text,
            **({"aria-current": "true"} if value == getattr(view, name) else {}),
        )
        for value, text in choices
    ]
    return html.Div(links, className="segments small", role="group", **attributes(aria_label=label))
