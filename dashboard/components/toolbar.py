"""What lies along the top: layer, level, filter button, download, language, theme, help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dash import html

from dashboard.components.cells import attributes, draw_icon, hide_from_eyes, link, name_layer
from dashboard.labels import LEVEL
from dashboard.state import PIN_LAYER, href, list_levels, with_language, with_layer, with_level
from dashboard.words import Words, words_of
from geo.text import N_
from geo.view import View
from layers import Layer

EXPORT_FORMATS = (("csv", "CSV"), ("xlsx", "Excel (XLSX)"), ("geojson", "GeoJSON"))


def draw_toolbar(
    view: View,
    layers: Sequence[Layer],
    account: html.Details | None = None,
    *,
    sees_households: bool = True,
) -> list[Any]:
    """Draw the choosers and menus of a view, with the menu of the account where there is one."""
    words = words_of(view.language)
    fills = [layer for layer in layers if _is_offered(view, layer)]
    current = next((layer for layer in layers if layer.key == view.layer), None)
    # Inside a desa there are households only: nothing to choose.
    has_choice = len(list_levels(view)) > 1
    levels = draw_level_chooser(view, current, sees_households=sees_households)
    return [
        *((draw_layer_chooser(view, fills), levels) if has_choice else ()),
        html.Div(
            [draw_download(view, words), draw_language(view, words), account],
            className="toolbar-end",
        ),
    ]


def draw_layer_chooser(view: View, layers: Sequence[Layer]) -> html.Details:
    """Draw the list of layers; each is a link to the same place under another layer."""
    words = words_of(view.language)
    shown = next((layer for layer in layers if _is_painted(view, layer)), None)
    return html.Details(
        [
            html.Summary(
                [
                    draw_icon("layers"),
                    hide_from_eyes(words.say(N_("Lapisan peta:")) + " "),
                    html.Span(
                        name_layer(shown, words) if shown else words.say(N_("Keluarga miskin")),
                        className="menu-value",
                    ),
                    draw_icon("chevron"),
                ],
                className="button",
            ),
            html.Ul([_layer_item(view, layer) for layer in layers], className="menu menu-layers"),
        ],
        className="dropdown layer-chooser",
    )


def _layer_item(view: View, layer: Layer) -> html.Li:
    words = words_of(view.language)
    mark = {"aria-current": "true"} if _is_painted(view, layer) else {}
    target = with_layer(view, layer)
    return html.Li(
        link(
            target,
            [
                html.Span(name_layer(layer, words), className="menu-title"),
                html.Span(words.say(layer.unit), className="menu-note"),
            ],
            **mark,
        )
    )


def _is_offered(view: View, layer: Layer) -> bool:
    if layer.levels == ("household",):
        return False
    return layer.offered_with is None or getattr(view, layer.offered_with) is not None


def _is_painted(view: View, layer: Layer) -> bool:
    return layer.key == view.layer and view.level != "household"


def draw_level_chooser(
    view: View, layer: Layer | None, *, sees_households: bool = True
) -> html.Nav:
    """Draw the levels that can be painted in the view's area, one of them pressed."""
    words = words_of(view.language)
    items = []
    for level in list_levels(view):
        if layer and level != "household" and level not in layer.levels:
            continue
        if level == "household" and not sees_households:
            continue
        mark = {"aria-current": "true"} if level == view.level else {}
        items.append(link(with_level(view, level), words.say(LEVEL[level]), **mark))
    label = words.say(N_("Tingkat yang ditampilkan"))
    return html.Nav(items, className="segments", **attributes(aria_label=label))


def draw_download(view: View, words: Words) -> html.Details:
    """Draw the menu of files: exactly the rows of the view, in three formats."""
    layer = PIN_LAYER if view.level == "household" else view.layer
    items = [
        html.Li(
            html.A(
                name,
                href=f"/export/{layer}.{ending}{href(view)}",
                download="",
                disable_n_clicks=True,
            )
        )
        for ending, name in EXPORT_FORMATS
    ]
    return html.Details(
        [
            html.Summary(
                [draw_icon("download"), html.Span(words.say(N_("Unduh")), className="wide-only")],
                className="button",
                title=words.say(N_("Unduh baris yang tampil")),
            ),
            html.Ul(items, className="menu menu-end"),
        ],
        className="dropdown",
    )


def draw_language(view: View, words: Words) -> html.A:
    """Draw the switch to the other language; the page loads anew in it."""
    other = "en" if view.language == "id" else "id"
    name = {"id": "Bahasa Indonesia", "en": "English"}[other]
    return html.A(
        [html.Span(other.upper(), **attributes(aria_hidden="true")), hide_from_eyes(name)],
        href=href(replace(with_language(view, other))),
        className="button language",
        title=name,
        lang=other,
        disable_n_clicks=True,
        **attributes(data_reload="true"),
    )
