"""What stands on the page from the start: search box, drawers, banner, help."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard import ids
from dashboard.components.cells import attributes, draw_icon
from dashboard.words import Words
from geo.text import N_

HOW_TO_MOVE = N_("Klik wilayah di peta atau di daftar untuk masuk; tombol kembali untuk keluar.")
KEYS = (
    ("/", N_("Cari wilayah, nama, atau NIK")),
    ("f", N_("Buka atau tutup saringan")),
    ("Esc", N_("Tutup, lalu naik satu tingkat")),
    ("d", N_("Terang atau gelap")),
    ("?", N_("Bantuan ini")),
)


def draw_brand(words: Words) -> html.A:
    """Draw the mark: the slit drum that calls neighbours to help."""
    return html.A(
        [html.Span(className="drum", **attributes(aria_hidden="true")), html.Span("Kentongan")],
        href="?",
        className="brand",
        title=words.say(N_("Ke awal")),
        disable_n_clicks=True,
    )


def draw_search_box(words: Words) -> html.Div:
    """Draw the search box; ``assets/app.js`` makes it a combobox."""
    label = words.say(N_("Cari wilayah, nama, atau NIK"))
    return html.Div(
        [
            html.Label(label, htmlFor=ids.SEARCH_TEXT, className="unseen"),
            draw_icon("search"),
            dcc.Input(
                id=ids.SEARCH_TEXT,
                type="search",
                debounce=0.2,
                placeholder=label,
                autoComplete="off",
            ),
            html.Kbd("/", **attributes(aria_hidden="true")),
            html.Ul(
                id=ids.SEARCH_HITS, role="listbox", hidden=True, **attributes(aria_label=label)
            ),
        ],
        className="search",
        role="search",
    )


def draw_filter_button(words: Words) -> html.Button:
    """Draw the button of the filter drawer with the number of active filters."""
    return html.Button(
        [
            draw_icon("filter"),
            html.Span(words.say(N_("Saringan")), className="wide-only"),
            html.Span(id=ids.FILTER_BADGE, className="badge"),
        ],
        type="button",
        className="button",
        title=words.say(N_("Saringan (f)")),
        disable_n_clicks=True,
        **attributes(
            data_open=ids.FILTER_PANEL,
            aria_controls=ids.FILTER_PANEL,
            aria_expanded="false",
        ),
    )


def draw_icon_button(icon: str, label: str, action: str) -> html.Button:
    """Draw a square button that shows an icon only."""
    return html.Button(
        draw_icon(icon),
        type="button",
        className="button square",
        title=label,
        disable_n_clicks=True,
        **attributes(aria_label=label, data_action=action),
    )


def draw_filter_panel(words: Words) -> html.Aside:
    """Draw the empty filter drawer."""
    title = words.say(N_("Saringan"))
    close = draw_icon_button("close", words.say(N_("Tutup saringan")), "filters")
    return html.Aside(
        [
            html.Div([html.H2(title), close], className="drawer-head"),
            html.Div(id=ids.FILTER_BODY),
        ],
        id=ids.FILTER_PANEL,
        hidden=True,
        **attributes(aria_label=title),
    )


def draw_sheet_handle(words: Words) -> html.Button:
    """Draw the handle of the panel, which on a phone is a sheet."""
    return html.Button(
        html.Span(className="grip"),
        type="button",
        className="handle",
        disable_n_clicks=True,
        **attributes(data_action="sheet", aria_label=words.say(N_("Perbesar atau perkecil panel"))),
    )


def draw_banner(words: Words) -> html.Div:
    """Draw the empty banner for faults."""
    return html.Div(
        [
            html.Span(id=ids.BANNER),
            draw_icon_button("close", words.say(N_("Tutup")), "banner"),
        ],
        className="banner",
        role="alert",
    )


def draw_help(words: Words) -> html.Dialog:
    """Draw the list of keys."""
    rows: list[Any] = [
        html.Div([html.Dt(html.Kbd(key)), html.Dd(words.say(text))]) for key, text in KEYS
    ]
    title = words.say(N_("Papan ketik"))
    return html.Dialog(
        [
            html.Div(
                [html.H2(title), draw_icon_button("close", words.say(N_("Tutup")), "help")],
                className="drawer-head",
            ),
            html.Dl(rows, className="keys"),
            html.P(
                words.say(HOW_TO_MOVE),
                className="note",
            ),
        ],
        id=ids.HELP,
        **attributes(aria_label=title),
    )
