"""The ranked list of a plan: who, where, and why at this rank."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from markupsafe import Markup

from dashboard.pages.data_parts import draw_note, draw_section, draw_select
from dashboard.pages.document import (
    Head,
    Sheet,
    draw_button,
    draw_language,
    draw_paging,
    draw_table,
    write_address,
)
from dashboard.pages.plan_words import OUTCOME, PATH
from db.plans.queries import PAGE_SIZE, Plan, TargetLine, TargetPage
from db.queries.areas import AreaItem
from geo.plan_notes import describe_reasons
from geo.text import N_, Phrase

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_RANK, _NAME = Head(N_("Urutan"), "number"), Head(N_("Kepala keluarga"))
_PLACE, _AMOUNT = Head(N_("Desa")), Head(N_("Nilai bantuan"), "number")
_WHY, _OUTCOME = Head(N_("Mengapa di urutan ini"), "long"), Head(N_("Penyaluran"))


def draw_targets(sheet: Sheet, plan: Plan, found: TargetPage, areas: Sequence[AreaItem]) -> Markup:
    """Draw a page of the list, with a way to look at one area of it.

    Parameters
    ----------
    sheet
        What the page is drawn with.
    plan
        Whose list it is.
    found
        One page of it.
    areas
        Parts of the plan's area to choose from.
    """
    parts = [_draw_filter(sheet, plan, areas), _draw_count(sheet, plan, found)]
    if found.lines:
        has_outcomes = plan.state in ("running", "closed")
        heads = [_RANK, _NAME, _PLACE, *([] if has_outcomes else [_AMOUNT])]
        heads += [*([_OUTCOME] if has_outcomes else []), _WHY]
        rows = [_draw_line(sheet, line, has_outcomes=has_outcomes) for line in found.lines]
        parts.append(Markup(draw_table(sheet, N_("Menurut urutan"), heads, rows)))
        label = N_("Halaman daftar sasaran")
        parts.append(Markup(draw_paging(sheet, label, found.page, has_more=found.has_more)))
    return draw_section(sheet.say(N_("Daftar sasaran")), Markup("").join(parts))


def say_phrase(sheet: Sheet, phrase: Phrase) -> str:
    """Write a sentence with its numbers and days as its reader writes them."""
    fields = {name: _write(sheet, value) for name, value in phrase.fields.items()}
    return sheet.words.say_phrase(replace(phrase, fields=fields))


def _write(sheet: Sheet, value: object) -> object:
    if isinstance(value, Phrase | bool):
        return value
    if isinstance(value, float):
        return sheet.words.number(value, 0 if value == int(value) else 1)
    if isinstance(value, int):
        return sheet.words.number(value)
    if isinstance(value, str) and _DAY.fullmatch(value):
        return sheet.words.day(date.fromisoformat(value))
    return value


def _draw_filter(sheet: Sheet, plan: Plan, areas: Sequence[AreaItem]) -> Markup:
    if len(areas) < 2:
        return Markup("")
    choices = {"": N_("Seluruh wilayah rencana"), **{one.code: one.name for one in areas}}
    return Markup(
        '<form method="get" action="{}#targets" id="targets" class="document-form">{}{}'
        '<button class="button outlined">{}</button></form>'
    ).format(
        f"{PATH}/{plan.id}",
        draw_language(sheet),
        draw_select(sheet, "area", N_("Wilayah"), choices, sheet.asked.get("area")),
        sheet.say(N_("Lihat")),
    )


def _draw_count(sheet: Sheet, plan: Plan, found: TargetPage) -> Markup:
    words = sheet.words
    if not found.total:
        return draw_note(sheet.say(N_("Tidak ada sasaran di sini.")))
    area = sheet.asked.get("area")
    asked: dict[str, object] = {"plan": plan.id, "level": "household"}
    asked |= {"area": area} if area else {"area": plan.area} if plan.area else {}
    first = (found.page - 1) * PAGE_SIZE + 1
    note = sheet.say(
        N_("Urutan {first} sampai {last} dari {total} keluarga."),
        first=words.number(first),
        last=words.number(first + len(found.lines) - 1),
        total=words.number(found.total),
    )
    button = draw_button(sheet.link("/", asked), sheet.say(N_("Lihat di peta")))
    return Markup('<div class="actions"><p class="note">{}</p>{}</div>').format(note, button)


def _draw_line(sheet: Sheet, line: TargetLine, *, has_outcomes: bool) -> tuple[str | None, ...]:
    words = sheet.words
    name = Markup('<a href="{}">{}</a>{}').format(
        sheet.link("/", {"household": line.household}), line.name, _draw_identity(sheet, line)
    )
    place = Markup("{}<small>{}</small>").format(line.desa, line.kecamatan)
    start = (words.number(line.rank), name, place)
    why = _draw_reasons(sheet, line)
    if not has_outcomes:
        return (*start, words.rupiah(line.amount_idr), why)
    outcome = words.say(OUTCOME[line.outcome or ""])
    if line.outcome_on:
        outcome = f"{outcome}, {words.day(line.outcome_on)}"
    return (*start, outcome, why)


def _draw_identity(sheet: Sheet, line: TargetLine) -> Markup:
    """Draw number and address, as far as the reader's role has them."""
    address = write_address(sheet, line.address, line.rt, line.rw)
    told = ", ".join(filter(None, (line.nik, address)))
    return Markup("<small>{}</small>").format(told) if told else Markup("")


def _draw_reasons(sheet: Sheet, line: TargetLine) -> Markup | None:
    if line.reasons is None:
        return None
    said = [say_phrase(sheet, one) for one in describe_reasons(line.reasons)]
    return Markup("{}").format(". ".join(said) + ".")
