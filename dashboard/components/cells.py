"""Small pieces that many parts share: glyphs, icons, links, written values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dash import html

from dashboard.labels import DOMAIN, NEED
from dashboard.standing import say_sources, say_standing
from dashboard.state import href
from dashboard.words import Words, words_of
from db.queries.catalogue import NeedItem
from db.queries.sources import SourceNote
from geo.view import View
from layers import Column, Layer, Rows


def attributes(**values: Any) -> dict[str, Any]:
    """Return HTML attributes whose names hold a dash: ``aria_label`` becomes ``aria-label``."""
    return {name.replace("_", "-"): value for name, value in values.items()}


def draw_icon(name: str) -> html.Span:
    """Draw an icon of the interface; its words stand beside it or in its button's label."""
    return html.Span(className=f"icon icon-{name}", **attributes(aria_hidden="true"))


def draw_glyph(domain: str, words: Words | None = None) -> html.Span:
    """Draw the tile of an aid domain: hue and shape both tell it.

    Parameters
    ----------
    domain
        ``education`` to ``cash``, or ``none``.
    words
        To name the domain for those who can't see it; without, a name stands beside the glyph.
    """
    classes = f"glyph glyph-{domain}"
    if words is None:
        return html.Span(className=classes, **attributes(aria_hidden="true"))
    name = words.say(DOMAIN[domain])
    return html.Span(className=classes, role="img", title=name, **attributes(aria_label=name))


def link(view: View, children: Any, **props: Any) -> html.A:
    """Link to a view; the page follows it without loading anew (``assets/app.js``)."""
    return html.A(children, href=href(view), disable_n_clicks=True, **props)


def write_cell(column: Column, value: Any, words: Words) -> str:
    """Write a value of a layer's column in the reader's form."""
    match column.kind:
        case "percent":
            return words.percent(value, column.decimals)
        case "integer" | "decimal":
            if column.is_signed:
                return words.change(value, column.decimals)
            return words.number(value, column.decimals)
    return "" if value is None else str(value)


def draw_sources(sources: Iterable[SourceNote], view: View, more: str = "") -> html.P:
    """Name the sources, each as of its date, and whether unverified families are counted.

    ``more`` is a further class name.
    """
    words, sources = words_of(view.language), tuple(sources)
    said = (say_sources(sources, words), say_standing(view, sources, words))
    return html.P(" ".join(filter(None, said)), className=f"source {more}".strip())


def hide_from_eyes(text: str) -> html.Span:
    """Return words for a screen reader only."""
    return html.Span(text, className="unseen")


def name_layer(layer: Layer, words: Words) -> str:
    """Return a layer's title in the reader's language."""
    if words.language == "en" and layer.title_en:
        return layer.title_en
    return words.say(layer.title)


def name_painted(layer: Layer, rows: Rows, words: Words) -> str:
    """Return a layer's title with what in particular its rows are about: ``…: PKH``."""
    title = name_layer(layer, words)
    return f"{title}: {rows.subject}" if rows.subject else title


def name_need(item: NeedItem, words: Words) -> str:
    """Return a need's name in the reader's language; the regency's own stay as they are."""
    return words.say(NEED.get(item.code, item.name))
