"""The panel beside the map: where we are, and the headline figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dash import html

from dashboard.auth.bounds import is_inside
from dashboard.components.cells import attributes, draw_icon, link
from dashboard.labels import KIND
from dashboard.state import go_up, with_level
from dashboard.words import Words, words_of
from db.queries.areas import Place
from db.queries.published import Edition
from db.queries.totals import Summary
from db.viewer import Precision
from geo.hidden import is_told
from geo.text import N_
from geo.view import View

IMPORT_COMMAND = "./kentongan import boundaries FILE"
DEMO_COMMAND = "./kentongan demo"
HOW_TO_LOAD = N_("Muat batas wilayah kabupaten Anda dari terminal, lalu buka lagi halaman ini:")


def draw_breadcrumb(view: View, place: Place | None, own: str | None = None) -> html.Nav:
    """Draw the way down to the area, each step a link: from the whole, or from one's own area."""
    words = words_of(view.language)
    above = [part for part in place.parents[:-1] if is_inside(part[0], own)] if place else []
    steps = [link(replace(view.descend(code), household=None), name) for code, name, _kind in above]
    if place and own is None:
        whole = replace(with_level(view, "kecamatan"), area=None)
        steps.insert(0, link(whole, words.say(N_("Semua wilayah"))))
    items = [html.Li(step) for step in steps]
    up = go_up(replace(view, household=None))
    if up != replace(view, household=None) and is_inside(up.area or "", own):
        # The Esc key follows this link.
        items.append(html.Li(link(up, "", **attributes(data_up="true", tabIndex=-1)), hidden=True))
    return html.Nav(
        html.Ol(items), className="crumbs", **attributes(aria_label=words.say(N_("Jejak wilayah")))
    )


def draw_place(view: View, place: Place | None, name: str) -> html.Header:
    """Draw the name and kind of what is looked at.

    Parameters
    ----------
    view
        What is looked at.
    place
        The area; None is everything that is loaded.
    name
        Name of everything, where there is no area.
    """
    words = words_of(view.language)
    kind = words.say(KIND[place.kind]) if place else words.say(N_("Seluruh wilayah"))
    size = [words.say(N_("{area} km²"), area=words.number(place.area_km2, 1))] if place else []
    return html.Header(
        [
            html.P(
                [html.Span(kind), *(html.Span(part) for part in size)],
                className="kind",
            ),
            html.H1(place.name if place else name, tabIndex=-1),
        ],
        className="place",
    )


def draw_figures(view: View, summary: Summary) -> html.Dl:
    """Draw the four headline figures, the number first, its unit beneath."""
    words = words_of(view.language)
    of_all = (
        words.say(N_("dari {count} keluarga"), count=words.number(summary.family_count))
        if summary.family_count
        else words.say(N_("jumlah seluruh keluarga dari sumber yang sama belum ada"))
    )
    figures = [
        _figure(
            words.number(summary.total),
            words.say(N_("keluarga miskin")),
            words.say(N_("sesuai saringan") if view.is_filtered else N_("dalam register")),
            "main",
        ),
        _figure(
            words.percent(summary.rate_pct), words.say(N_("tingkat kemiskinan")), of_all, "main"
        ),
    ]
    return html.Dl([*figures, *_draw_more_figures(summary, words)], className="figures")


def _draw_more_figures(summary: Summary, words: Words) -> list[html.Div]:
    """Draw what is counted of the families, as far as it is published."""
    drawn = []
    if summary.person_count is not None:
        mean = summary.person_count / summary.total if summary.total else None
        note = words.say(N_("{mean} per keluarga"), mean=words.number(mean, 1))
        drawn.append(_figure(words.number(summary.person_count), words.say(N_("jiwa")), note))
    if summary.without_aid is not None:
        share = 100 * summary.without_aid / summary.total if summary.total else None
        note = words.say(N_("{share} dari keluarga miskin"), share=words.percent(share, 1))
        rank = "alarm" if summary.without_aid and is_told(summary.without_aid) else ""
        name = words.say(N_("belum pernah dibantu"))
        drawn.append(_figure(words.number(summary.without_aid), name, note, rank))
    return drawn


def draw_counter(view: View, summary: Summary, precision: Precision = "exact") -> str:
    """Say how many of the matching households the pins show; nothing is silently dropped."""
    words = words_of(view.language)
    if precision == "none":
        total = words.number(summary.total)
        return words.say(N_("{total} keluarga; posisi tidak ditampilkan"), total=total)
    counted = words.say(
        N_("ditampilkan {located} dari {total}, {unlocated} tanpa koordinat"),
        located=words.number(summary.located),
        total=words.number(summary.total),
        unlocated=words.number(summary.unlocated),
    )
    if precision == "displaced":
        return f"{counted} · {words.say(N_('titik digeser 150–400 m'))}"
    return counted


def name_edition(edition: Edition | None, words: Words) -> str:
    """Name the publication that the figures are of; nothing when they are live."""
    if edition is None:
        return ""
    day = words.day(edition.published_at.date())
    return words.say(N_("Angka terbitan {version}, {day}"), version=edition.version, day=day)


def draw_notice(words: Words, *, is_schematic: bool, is_synthetic: bool) -> str:
    """Say that boundaries are drawn or figures invented, when they are."""
    if is_schematic and is_synthetic:
        return words.say(N_("Batas skematik, data sintetis"))
    if is_schematic:
        return words.say(N_("Batas skematik"))
    return words.say(N_("Data sintetis")) if is_synthetic else ""


def draw_empty_database(view: View) -> list[Any]:
    """Say how to load boundaries, when none are."""
    words = words_of(view.language)
    return [
        html.Div(
            [
                draw_icon("map"),
                html.H1(words.say(N_("Belum ada wilayah")), tabIndex=-1),
                html.P(words.say(HOW_TO_LOAD)),
                html.Pre(html.Code(IMPORT_COMMAND)),
                html.P(words.say(N_("Atau lihat dahulu dengan data contoh:"))),
                html.Pre(html.Code(DEMO_COMMAND)),
            ],
            className="empty",
        )
    ]


def _figure(number: str, name: str, note: str, rank: str = "") -> html.Div:
    return html.Div(
        [
            html.Dt(name),
            html.Dd(number, className="figure-number"),
            html.Dd(note, className="note"),
        ],
        className=f"figure {rank}".strip(),
    )
