"""The page of sources: how old they may get, and which of them is believed first."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.labels_data import FIELD, SOURCE_KIND
from dashboard.pages.data_parts import (
    draw_data_page,
    draw_form,
    draw_note,
    draw_section,
    draw_select,
    draw_submit,
)
from dashboard.pages.document import Head, Sheet, draw_table
from db.queries.batches import Precedence, SourceState
from geo.freshness import limits_of
from geo.text import N_

MOST_DAYS = 10_000
MOST_RANK = 99
_LIMIT_HEADS = (
    Head(N_("Sumber")),
    Head(N_("Jenis")),
    Head(N_("Mulai usang (hari)"), "number"),
    Head(N_("Usang (hari)"), "number"),
)
_RANK_HEADS = (Head(N_("Isian")), Head(N_("Sumber")), Head(N_("Urutan"), "number"))


def draw_sources(
    sheet: Sheet,
    sources: Sequence[SourceState],
    precedence: Sequence[Precedence],
    *,
    may_change: bool,
) -> str:
    """Draw the page; only a planner gets the forms."""
    limits = _draw_limits(sheet, sources, may_change=may_change)
    ranks = _draw_precedence(sheet, sources, precedence, may_change=may_change)
    return draw_data_page(sheet, sheet.words.say(N_("Sumber data")), limits + ranks)


def _draw_limits(sheet: Sheet, sources: Sequence[SourceState], *, may_change: bool) -> Markup:
    say, number = sheet.say, sheet.words.number
    rows = []
    for source in sources:
        amber, red = limits_of(source.kind, source.amber_days, source.red_days)
        kind = sheet.words.say(SOURCE_KIND[source.kind])
        rows.append((source.name, kind, number(amber), number(red)))
    table = Markup(draw_table(sheet, N_("Batas kesegaran"), _LIMIT_HEADS, rows))
    note = draw_note(
        say(N_("Sumber yang lewat batasnya ditandai. Tanpa batas sendiri, berlaku batas jenisnya."))
    )
    form = Markup("")
    if may_change and sources:
        fields = (
            _draw_source_choice(sheet, sources)
            + _draw_number(sheet, "amber_days", N_("Mulai usang setelah (hari)"), MOST_DAYS)
            + _draw_number(sheet, "red_days", N_("Usang setelah (hari)"), MOST_DAYS)
        )
        form = draw_form(sheet, "/data/sources/limits", fields + draw_submit(say(N_("Simpan"))))
    return draw_section(say(N_("Kesegaran")), table + note + form)


def _draw_precedence(
    sheet: Sheet,
    sources: Sequence[SourceState],
    precedence: Sequence[Precedence],
    *,
    may_change: bool,
) -> Markup:
    say = sheet.say
    note = draw_note(
        say(
            N_(
                "Bila beberapa sumber menyebut isian yang sama, yang berurutan terkecil dipakai."
                " Tanpa urutan berlaku 100; bila sama, yang keadaannya terbaru."
            )
        )
    )
    if precedence:
        rows = [
            (sheet.words.say(FIELD.get(one.field, one.field)), one.source_name, str(one.rank))
            for one in precedence
        ]
        content = Markup(draw_table(sheet, N_("Urutan yang berlaku"), _RANK_HEADS, rows))
    else:
        sentence = say(N_("Belum ada urutan; selalu dipakai sumber yang keadaannya terbaru."))
        content = Markup("<p>{0}</p>").format(sentence)
    form = Markup("")
    of_households = [source for source in sources if source.kind != "boundary"]
    if may_change and of_households:
        fields = (
            draw_select(sheet, "field", N_("Isian"), FIELD)
            + _draw_source_choice(sheet, of_households)
            + _draw_number(sheet, "rank", N_("Urutan"), MOST_RANK, least=1)
        )
        form = draw_form(sheet, "/data/sources/precedence", fields + draw_submit(say(N_("Simpan"))))
        hint = N_("1 = paling dipercaya. Kosongkan untuk kembali ke yang terbaru.")
        form = draw_note(say(hint)) + form
    return draw_section(say(N_("Urutan sumber per isian")), note + content + form)


def _draw_source_choice(sheet: Sheet, sources: Sequence[SourceState]) -> Markup:
    choices = {source.code: source.name for source in sources}
    return draw_select(sheet, "source", N_("Sumber"), choices)


def _draw_number(sheet: Sheet, name: str, label: str, most: int, least: int = 0) -> Markup:
    return Markup(
        '<label>{0}<input type="number" name="{1}" min="{2}" max="{3}" inputmode="numeric"></label>'
    ).format(sheet.say(label), name, least, most)
