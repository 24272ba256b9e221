"""The filters: what can be chosen, how many households each choice shows, what is chosen.

A choice is a button that names what it changes (``data-toggle``, ``data-aid``); the page writes
the new address itself (``assets/app.js``), so that quick choices never overtake each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dash import html

from dashboard.components.cells import (
    attributes,
    draw_glyph,
    draw_icon,
    hide_from_eyes,
    link,
    name_need,
)
from dashboard.components.gap_filter import draw_gap_filter
from dashboard.components.single_filter import draw_single_choices
from dashboard.labels import DOMAIN, STATUS
from dashboard.state import Chip, list_chips
from dashboard.words import Words, words_of
from db.queries.catalogue import NeedItem, ProgrammeItem
from db.queries.totals import Facets
from geo.gaps import Cells
from geo.text import N_
from geo.view import DOMAINS, NO_AID, POOR_STATUSES, STATUSES, View

CHIP_GROUPS: Mapping[str, str] = {
    "deciles": N_("Desil {name}"),
    "received": N_("Sudah: {name}"),
    "not_received": N_("Belum: {name}"),
    "domains": N_("Bantuan: {name}"),
    "needs": N_("{name}"),
    "statuses": N_("{name}"),
    "gap": N_("{name}"),
    "question": N_("Pertanyaan: {name}"),
    "plan": N_("Rencana: {name}"),
}

NO_STATUS = N_("Tanpa status")
NO_GAPS: Mapping[str, Cells] = {}
NO_RULES: Mapping[str, str] = {}
AID_CHOICES = (
    ("any", N_("Semua")),
    ("received", N_("Diterima")),
    ("not_received", N_("Belum")),
)


def draw_filters(
    view: View,
    facets: Facets,
    programmes: Sequence[ProgrammeItem],
    needs: Iterable[NeedItem],
    gaps: Mapping[str, Cells] = NO_GAPS,
) -> list[Any]:
    """Draw every choice with its count, and a way back to none.

    Parameters
    ----------
    view, facets
        What is looked at, and what each choice would show.
    programmes, needs
        All of them.
    gaps
        Cells of the view's programme, for the filter by gap; see :func:`draw_gap_filter`.
    """
    words = words_of(view.language)
    if facets.is_single:
        return draw_single_choices(view, facets, programmes, needs)
    return [
        _group(
            words.say(N_("Desil kesejahteraan")),
            _draw_deciles(view, facets, words),
            note=words.say(N_("1 paling miskin")),
        ),
        _group(
            words.say(N_("Bantuan yang diterima, menurut bidang")), _domains(view, facets, words)
        ),
        _group(
            words.say(N_("Program")),
            html.Div([_draw_programme(view, facets, item, words) for item in programmes]),
        ),
        draw_gap_filter(view, programmes, gaps),
        _group(
            words.say(N_("Kebutuhan")),
            _list_choices(
                "needs",
                [
                    (item.code, name_need(item, words), facets.needs.get(item.code))
                    for item in needs
                ],
                view.needs,
                words,
            ),
        ),
        _group(
            words.say(N_("Status verifikasi")),
            _list_choices(
                "statuses",
                [(code, words.say(STATUS[code]), facets.statuses.get(code)) for code in STATUSES],
                view.statuses,
                words,
            ),
        ),
    ]


def draw_chips(
    view: View,
    programmes: Iterable[ProgrammeItem],
    needs: Iterable[NeedItem],
    rules: Mapping[str, str] = NO_RULES,
) -> list[Any]:
    """Draw the active filters; a click drops one.

    ``rules`` names those by gap, question and plan (``dashboard/rule_names.py``).
    """
    words = words_of(view.language)
    chips = list_chips(view)
    if not chips:
        return []
    names = {item.code: item.name for item in programmes}
    names |= {item.code: name_need(item, words) for item in needs}
    names |= rules
    drawn = [html.Li(_draw_chip(chip, names, words)) for chip in chips]
    clear = link(
        view.without_filters(), words.say(N_("Hapus semua saringan")), className="chip-clear"
    )
    return [
        html.Ul([*drawn, html.Li(clear)], **attributes(aria_label=words.say(N_("Saringan aktif"))))
    ]


def _draw_chip(chip: Chip, names: Mapping[str, str], words: Words) -> html.A:
    fixed = DOMAIN if chip.group == "domains" else STATUS if chip.group == "statuses" else None
    name = (
        words.say(fixed.get(chip.value, NO_STATUS)) if fixed else names.get(chip.value, chip.value)
    )
    text = words.say(CHIP_GROUPS[chip.group], name=name)
    hidden = hide_from_eyes(words.say(N_("Hapus saringan:")) + " ")
    return link(chip.without, [hidden, text, draw_icon("close")], className="chip")


def _group(title: str, body: Any, note: str = "") -> html.Section:
    heading: Any = [title, html.Span(note, className="note")] if note else title
    return html.Section([html.H3(heading), body], className="filter-group")


def _draw_deciles(view: View, facets: Facets, words: Words) -> html.Div:
    most = max(facets.deciles.values(), default=0) or 1
    return html.Div(
        [
            html.Button(
                [
                    html.Span(className="column", style={"--share": str(round(count / most, 3))}),
                    html.Span(words.number(decile), className="decile-number"),
                    html.Span(words.number(count), className="unseen"),
                ],
                title=words.say(N_("{count} keluarga"), count=words.number(count)),
                **_toggle("deciles", str(decile), decile in view.deciles),
            )
            for decile, count in sorted(facets.deciles.items())
        ],
        className="deciles",
        role="group",
    )


def _domains(view: View, facets: Facets, words: Words) -> html.Ul:
    return html.Ul(
        [
            html.Li(
                html.Button(
                    [
                        html.Span(className="box", **attributes(aria_hidden="true")),
                        draw_glyph(code),
                        html.Span(words.say(DOMAIN[code]), className="choice-name"),
                        html.Span(words.number(facets.domains.get(code)), className="choice-count"),
                    ],
                    className="choice",
                    **_toggle("domains", code, code in view.domains),
                )
            )
            for code in (*DOMAINS, NO_AID)
        ],
        className="choices",
    )


def _list_choices(
    name: str,
    choices: Iterable[tuple[str, str, int | None]],
    chosen: Iterable[str],
    words: Words,
) -> html.Ul:
    return html.Ul(
        [
            html.Li(
                html.Button(
                    [
                        html.Span(className="box", **attributes(aria_hidden="true")),
                        html.Span(title, className="choice-name"),
                        html.Span(words.number(count), className="choice-count"),
                    ],
                    className="choice",
                    **_toggle(name, code, code in chosen),
                )
            )
            for code, title, count in choices
        ],
        className="choices",
    )


def _draw_programme(view: View, facets: Facets, item: ProgrammeItem, words: Words) -> html.Div:
    chosen = (
        "received"
        if item.code in view.received
        else "not_received"
        if item.code in view.not_received
        else "any"
    )
    counts = {
        "received": facets.received.get(item.code),
        "not_received": facets.not_received.get(item.code),
    }
    buttons = [
        html.Button(
            [
                html.Span(words.say(title)),
                html.Span(words.number(counts[choice]), className="choice-count")
                if choice in counts
                else None,
            ],
            type="button",
            role="radio",
            disable_n_clicks=True,
            **attributes(
                aria_checked="true" if choice == chosen else "false",
                data_aid=item.code,
                data_choice=choice,
            ),
        )
        for choice, title in AID_CHOICES
    ]
    return html.Div(
        [
            html.Div(
                [draw_glyph(item.domain, words), html.Span(item.name)], className="programme-name"
            ),
            html.Div(
                buttons,
                className="segments small",
                role="radiogroup",
                **attributes(aria_label=item.name),
            ),
        ],
        className="programme",
    )


def _toggle(name: str, value: str, is_chosen: bool) -> dict[str, Any]:
    start = ",".join(POOR_STATUSES) if name == "statuses" else ""
    return {
        "type": "button",
        "role": "checkbox",
        "disable_n_clicks": True,
        "aria-checked": "true" if is_chosen else "false",
        "data-toggle": name,
        "data-value": value,
        "data-start": start,
    }
