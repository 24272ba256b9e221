"""The agency's pages: the lists that were handed to it, and one of them."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.pages.data_parts import draw_note, list_ways
from dashboard.pages.delivery import draw_followup
from dashboard.pages.delivery_targets import Followup
from dashboard.pages.document import Head, Sheet, draw_document, draw_table
from dashboard.pages.plan_frame import STYLES
from db.plans.handed import HandedList
from geo.text import N_

PATH = "/handed"
AGENCIES = ("agency",)
"""Roles that lists are handed to."""
_HEADS = (
    Head(N_("Daftar")),
    Head(N_("Keperluan"), "long"),
    Head(N_("Sasaran"), "number"),
    Head(N_("Sudah dicatat"), "number"),
    Head(N_("Tenggat"), "moment"),
    Head(N_("Terbuka sampai"), "moment"),
)


def draw_handed_list(sheet: Sheet, agency: str | None, lists: Sequence[HandedList]) -> str:
    """Draw the page of all lists of an agency, those that are open first."""
    if agency is None:
        body = draw_note(
            sheet.say(
                N_("Akun ini belum memiliki nama pelaksana. Mintalah pengelola melengkapinya.")
            )
        )
    elif not lists:
        body = Markup('<div class="empty"><h2>{}</h2><p>{}</p></div>').format(
            sheet.say(N_("Belum ada daftar untuk Anda")),
            sheet.say(N_("Daftar muncul di sini setelah Bappeda menyerahkannya kepada {name}."),
                      name=agency),
        )  # fmt: skip
    else:
        rows = [_draw_row(sheet, one) for one in lists]
        caption = N_("Daftar yang diserahkan kepada Anda")
        body = Markup(draw_table(sheet, caption, _HEADS, rows))
    return draw_followup_page(sheet, sheet.words.say(N_("Daftar untuk pelaksana")), body)


def draw_handed(sheet: Sheet, handed: HandedList, page: Followup) -> str:
    """Draw one list: what it is for and until when, then its follow-up."""
    words = sheet.words
    subtitle = " · ".join((handed.programme_name, words.period(handed.period), handed.agency))
    about = Markup(
        '<p class="plan-subtitle">{}</p><div class="handed-purpose"><p><strong>{}</strong> {}</p>'
        '<p class="note">{}</p></div>'
    ).format(
        subtitle,
        sheet.say(N_("Untuk keperluan:")),
        handed.purpose,
        sheet.say(
            N_(
                "Terbuka sampai {day}. Data ini hanya untuk keperluan itu, dan setiap kali dibuka"
                " tercatat siapa dan kapan."
            ),
            day=sheet.time(handed.expires_at),
        ),
    )
    return draw_followup_page(sheet, handed.plan_name, about + draw_followup(sheet, page))


def draw_followup_page(sheet: Sheet, title: str, body: Markup) -> str:
    """Draw a page of follow-up: its styles, and the ways on."""
    ways = list_ways(sheet)
    return draw_document(sheet, title, body, ways=ways, styles=STYLES, module="delivery.mjs")


def _draw_row(sheet: Sheet, one: HandedList) -> tuple[str | None, ...]:
    words = sheet.words
    facts = Markup("<small>{} · {}</small>").format(one.programme_name, words.period(one.period))
    if not one.is_open:
        closed = N_("dicabut") if one.revoked_at else N_("waktunya habis")
        return (one.plan_name + facts, one.purpose, None, None, None, sheet.say(closed))
    name = Markup('<a class="plan-name" href="{}">{}</a>').format(
        sheet.link(f"{PATH}/{one.id}"), one.plan_name
    )
    return (
        name + facts,
        one.purpose,
        words.number(one.targets),
        words.number(one.recorded),
        words.day(one.due_on) if one.due_on else None,
        sheet.time(one.expires_at),
    )
