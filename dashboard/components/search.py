"""The answers under the search box."""

from __future__ import annotations

from collections.abc import Iterable

from dash import html

from dashboard import ids
from dashboard.components.cells import attributes, draw_icon
from dashboard.labels import KIND
from dashboard.state import href, with_area, with_card
from dashboard.words import words_of
from db.queries.search import Hit
from geo.text import N_
from geo.view import View


def draw_hits(view: View, hits: Iterable[Hit], *, sees_households: bool = True) -> list[html.Li]:
    """Draw the answers as options of a list box; ``assets/app.js`` moves among them."""
    words = words_of(view.language)
    targets = [(hit, follow_hit(view, hit, sees_households=sees_households)) for hit in hits]
    options = [
        html.Li(
            [
                draw_icon("place" if hit.kind == "area" else "household"),
                html.Span(hit.title, className="row-title"),
                html.Span(_describe(hit, view), className="row-note"),
            ],
            id=f"{ids.SEARCH_HITS}-{place}",
            role="option",
            **attributes(data_href=href(target), aria_selected="false"),
        )
        for place, (hit, target) in enumerate(targets)
    ]
    if options:
        return options
    none = words.say(N_("Tidak ditemukan. Coba nama wilayah, nama keluarga, atau 16 angka NIK."))
    return [html.Li(none, className="no-hit", role="option", **attributes(aria_disabled="true"))]


def follow_hit(view: View, hit: Hit, *, sees_households: bool = True) -> View:
    """Return the view that an answer leads to."""
    if hit.kind == "area":
        return with_area(view, hit.key, sees_households=sees_households)
    return with_card(view, int(hit.key), str(hit.area))


def _describe(hit: Hit, view: View) -> str:
    if hit.kind != "area":
        return hit.subtitle
    kind, _, rest = hit.subtitle.partition(", ")
    named = words_of(view.language).say(KIND.get(kind, kind))
    return ", ".join(filter(None, (named, rest)))
