"""The page of the map."""

from __future__ import annotations

from dash import dcc, html

from dashboard import ids
from dashboard.components.cells import attributes
from dashboard.components.shell import (
    draw_banner,
    draw_brand,
    draw_filter_button,
    draw_filter_panel,
    draw_help,
    draw_icon_button,
    draw_search_box,
    draw_sheet_handle,
)
from dashboard.words import Words
from geo.text import N_


def draw_page(words: Words) -> html.Div:
    """Place the parts; the callbacks fill them."""
    return html.Div(
        [
            dcc.Location(id=ids.URL, refresh="callback-nav"),
            *(dcc.Store(id=name) for name in _STORES),
            *(dcc.Store(id=ids.markup_of(part)) for part in ids.WRITTEN),
            html.A(
                words.say(N_("Lewati ke daftar")),
                href=f"#{ids.PANEL}",
                className="skip",
                disable_n_clicks=True,
            ),
            _draw_header(words),
            draw_banner(words),
            draw_filter_panel(words),
            _draw_main(words),
            _draw_panel(words),
            draw_help(words),
        ],
        className="page",
    )


_STORES = (
    ids.MAP_STATE,
    ids.MAP_SHOWN,
    ids.MAP_EVENT,
    ids.MAP_STATUS,
    ids.CHARTS_READY,
    ids.RETRY,
    ids.FAULT,
)


def _draw_header(words: Words) -> html.Header:
    return html.Header(
        [
            draw_brand(words),
            draw_search_box(words),
            draw_filter_button(words),
            html.Div(id=ids.TOOLBAR, className="toolbar"),
            draw_icon_button("theme", words.say(N_("Terang atau gelap")), "theme"),
            draw_icon_button("help", words.say(N_("Bantuan")), "help"),
        ],
        className="topbar",
    )


def _draw_main(words: Words) -> html.Main:
    return html.Main(
        [
            html.Div(id=ids.MAP),
            html.Div(
                [
                    html.Div(id=ids.CHIPS, className="chips"),
                    html.Output(
                        id=ids.COUNTER, className="counter", **attributes(aria_live="polite")
                    ),
                ],
                className="over-map top",
            ),
            html.Div(id=ids.LEGEND, className="legend"),
            html.P(id=ids.NOTICE, className="notice"),
        ],
        className="stage",
        **attributes(aria_label=words.say(N_("Peta"))),
    )


def _draw_panel(words: Words) -> html.Aside:
    return html.Aside(
        [
            draw_sheet_handle(words),
            html.Div(
                [
                    html.Div(id=ids.CARD, className="card"),
                    html.Div(
                        [
                            html.Div(id=ids.PANEL_HEAD),
                            html.Div(id=ids.PANEL_CHARTS, className="charts"),
                            html.Div(id=ids.PANEL_LIST),
                        ],
                        className="area-panel",
                    ),
                ],
                className="panel-scroll",
                tabIndex=-1,
            ),
        ],
        id=ids.PANEL,
        tabIndex=-1,
        **attributes(aria_label=words.say(N_("Angka dan daftar"))),
    )
