"""The page of programmes: whom each is for, what one costs, how many are eligible now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboard.labels import DOMAIN
from dashboard.pages.document import Head, Sheet, draw_table
from dashboard.pages.rule_frame import draw_rule_page
from dashboard.pages.rule_words import draw_rule
from db.queries.programme_facts import ProgrammeFacts
from db.rules import ProgrammeRule
from geo.rules import Names
from geo.text import N_
from geo.view import View

PATH = "/programmes"
_HEADS = (
    Head(N_("Program"), "long"),
    Head(N_("Untuk siapa"), "long"),
    Head(N_("Berhak sekarang"), "number"),
    Head(N_("Biaya satuan"), "number"),
    Head(N_("Versi"), "moment"),
)


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """A programme of the list.

    Attributes
    ----------
    facts
        Whom it belongs to and what it costs.
    rule
        As it holds now.
    eligible
        Households in the reader's area that fulfil it; None where it has not been counted.
    """

    facts: ProgrammeFacts
    rule: ProgrammeRule
    eligible: int | None


def draw_programmes(
    sheet: Sheet, lines: Sequence[ProgrammeLine], names: Names, area: str | None
) -> str:
    """Draw the page; ``area`` is where the reader works, None for the whole regency."""
    note = Markup('<p class="rule-lead">{}</p>').format(
        sheet.say(
            N_(
                "Setiap program punya aturan siapa yang berhak. Buka sebuah program untuk membaca"
                " aturannya, riwayatnya, dan siapa yang mengubahnya."
            )
        )
    )
    rows = [_draw_line(sheet, line, names, area) for line in lines]
    table = Markup(draw_table(sheet, N_("Program menurut urutan daftar"), _HEADS, rows))
    return draw_rule_page(sheet, sheet.words.say(N_("Program")), note + table)


def draw_glyph(sheet: Sheet, domain: str) -> Markup:
    """Draw the tile of an aid domain, with its name for those who can't see it."""
    name = sheet.say(DOMAIN[domain])
    return Markup(
        '<span class="glyph glyph-{}" role="img" title="{}" aria-label="{}"></span>'
    ).format(domain, name, name)


def link_eligible(sheet: Sheet, code: str, area: str | None, count: int) -> Markup:
    """Write how many are eligible, as the way to them on the map."""
    view = View(area=area, level="household", gap=f"{code}:eligible", language=sheet.words.language)
    return Markup('<a href="/?{}">{}</a>').format(view.to_query(), sheet.words.number(count))


def _draw_line(
    sheet: Sheet, line: ProgrammeLine, names: Names, area: str | None
) -> tuple[Markup | str, ...]:
    facts, rule = line.facts, line.rule
    title = Markup(
        '<span class="programme-title">{}<span><a href="{}">{}</a><br><span class="note">{}</span>'
        "</span></span>"
    ).format(
        draw_glyph(sheet, facts.domain),
        sheet.link(f"{PATH}/{facts.code}"),
        facts.name,
        facts.agency,
    )
    cost = Markup('<span class="programme-cost">{}<br><span class="note">{}</span></span>').format(
        sheet.words.rupiah(facts.unit_cost_idr), facts.unit_cost_note or ""
    )
    if rule.rule is None:
        return title, sheet.say(N_("Belum ada aturan")), "", cost, ""
    eligible = (
        "" if line.eligible is None else link_eligible(sheet, facts.code, area, line.eligible)
    )
    return (
        title,
        draw_rule(sheet, rule.rule, names),
        eligible,
        cost,
        sheet.words.number(rule.version),
    )
