"""What a decision on households will do, before it is done, and what was decided on one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from dashboard import labels
from dashboard.pages.document import Head, Sheet, Way, draw_document, draw_table, draw_token
from dashboard.pages.verification import (
    BECOMES,
    PATH,
    draw_standing_page,
    keep_filters,
)
from db.queries.verification import Decree
from geo.text import N_


@dataclass(frozen=True, slots=True)
class Decision:
    """What a form asks for.

    Attributes
    ----------
    households
        Their ids.
    status
        What they become.
    decree_number, decree_date
        Of the village's decree.
    note
        Free text; empty without one.
    """

    households: tuple[int, ...]
    status: str
    decree_number: str
    decree_date: date
    note: str


def draw_check(sheet: Sheet, decision: Decision, names: Iterable[tuple[int, str, str]]) -> str:
    """Draw what a decision will do, before anything is done.

    Parameters
    ----------
    sheet
        What the page is drawn with.
    decision
        As it was filled in.
    names
        Id, name and standing of each household.
    """
    say = sheet.say
    lines = Markup("").join(
        Markup("<li>{} <small>({})</small></li>").format(name, say(labels.STATUS[status]))
        for _, name, status in names
    )
    note = Markup("<p>{}</p>").format(say(N_("Catatan: {note}"), note=decision.note))
    form = Markup(
        '<form method="post" action="{}" class="review-buttons">{}{}'
        '<button class="button primary" name="is_sure" value="yes">{}</button>'
        '<a class="button outlined" href="{}">{}</a></form>'
    ).format(
        sheet.link(PATH, keep_filters(sheet)),
        draw_token(sheet),
        _draw_hidden(decision),
        say(N_("Ya, simpan")),
        sheet.link(PATH, keep_filters(sheet)),
        say(N_("Batal")),
    )
    body = [
        Markup('<p class="case-kind"><strong>{}</strong></p>').format(
            write_effect(sheet, decision)
        ),
        note if decision.note else "",
        form,
        Markup("<ul>{}</ul>").format(lines),
    ]
    return draw_standing_page(sheet, sheet.words.say(N_("Yang akan terjadi")), body)


def draw_history(sheet: Sheet, household: int, decrees: Iterable[Decree]) -> str:
    """Draw the decisions on one household."""
    rows = [
        (
            sheet.time(one.at),
            one.user,
            sheet.words.say(labels.STATUS[one.status]),
            one.decree_number,
            sheet.words.day(one.decree_date),
            one.note,
        )
        for one in decrees
    ]
    heads = (
        Head(N_("Waktu"), "moment"),
        Head(N_("Pengguna")),
        Head(N_("Menjadi")),
        Head(N_("Nomor SK")),
        Head(N_("Tanggal SK")),
        Head(N_("Catatan"), "long"),
    )
    empty = Markup("<p>{}</p>").format(sheet.say(N_("Belum ada keputusan atas keluarga ini.")))
    table = Markup(draw_table(sheet, N_("Yang terbaru di atas"), heads, rows))
    title = sheet.words.say(N_("Riwayat verifikasi keluarga nomor {id}"), id=household)
    way = Way(sheet.link("/", {"household": household}), N_("Kembali ke kartu"))
    return draw_document(sheet, title, str(table if rows else empty), ways=[way])


def write_effect(sheet: Sheet, decision: Decision) -> str:
    """Say what a decision does: how many families become what, by which decree."""
    return sheet.words.say(
        BECOMES[decision.status],
        count=sheet.words.number(len(decision.households)),
        decree=decision.decree_number,
        day=sheet.words.day(decision.decree_date),
    )


def _draw_hidden(decision: Decision) -> Markup:
    fields = [("household", str(one)) for one in decision.households]
    fields += [
        ("status", decision.status),
        ("decree_number", decision.decree_number),
        ("decree_date", decision.decree_date.isoformat()),
        ("note", decision.note),
    ]
    return Markup("").join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
        for name, value in fields
    )
