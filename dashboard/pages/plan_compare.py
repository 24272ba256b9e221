"""Two plans side by side: settings, figures, and who stands on both lists or on one only."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.pages.data_parts import draw_note, draw_section
from dashboard.pages.document import Head, Sheet, draw_language, draw_table
from dashboard.pages.plan_frame import draw_plan_page
from dashboard.pages.plan_list import draw_state
from dashboard.pages.plan_page import draw_figure, list_figures
from dashboard.pages.plan_settings import list_settings
from dashboard.pages.plan_words import PATH
from db.plans.queries import ComparisonLine, Plan, PlanComparison
from geo.text import N_

_AREA_HEADS = (
    Head(N_("Kecamatan")),
    Head(N_("Di keduanya"), "number"),
    Head(N_("Hanya rencana A"), "number"),
    Head(N_("Hanya rencana B"), "number"),
)


def draw_comparison(
    sheet: Sheet, plans: Sequence[tuple[int, str]], found: PlanComparison | None
) -> str:
    """Draw the page.

    Parameters
    ----------
    sheet
        What it is drawn with; its ``a`` and ``b`` are chosen.
    plans
        Number and name of those to choose from.
    found
        None until two are chosen.
    """
    parts = [_draw_chooser(sheet, plans)]
    if found is None:
        parts.append(draw_note(sheet.say(N_("Pilih dua rencana untuk dibandingkan."))))
    else:
        parts += [
            _draw_figures(sheet, found),
            _draw_sides(sheet, found),
            _draw_areas(sheet, found.lines),
        ]
    title = sheet.words.say(N_("Dua rencana berdampingan"))
    return draw_plan_page(sheet, title, Markup("\n").join(parts))


def _draw_chooser(sheet: Sheet, plans: Sequence[tuple[int, str]]) -> Markup:
    fields = []
    for name, label in (("a", N_("Rencana A")), ("b", N_("Rencana B"))):
        options = Markup("").join(
            Markup('<option value="{}"{}>{}</option>').format(
                number, Markup(" selected") if str(number) == sheet.asked.get(name) else "", title
            )
            for number, title in plans
        )
        fields.append(
            Markup('<label>{}<select name="{}">{}</select></label>').format(
                sheet.say(label), name, options
            )
        )
    fields.append(draw_language(sheet))
    return Markup(
        '<form method="get" action="{}/compare" class="document-form">{}'
        '<button class="button outlined">{}</button></form>'
    ).format(PATH, Markup("").join(fields), sheet.say(N_("Bandingkan")))


def _draw_figures(sheet: Sheet, found: PlanComparison) -> Markup:
    number = sheet.words.number
    figures = Markup("").join(
        draw_figure(number(count), sheet.say(label))
        for count, label in (
            (found.both, N_("keluarga di kedua daftar")),
            (found.only_a, N_("hanya di rencana A")),
            (found.only_b, N_("hanya di rencana B")),
        )
    )
    return Markup('<dl class="plan-figures">{}</dl>').format(figures)


def _draw_sides(sheet: Sheet, found: PlanComparison) -> Markup:
    rows: list[tuple[str, ...]] = [
        (
            sheet.words.say(N_("Rencana")),
            _draw_name(sheet, found.a),
            _draw_name(sheet, found.b),
        )
    ]
    rows += _pair(sheet, list_figures(sheet, found.a), list_figures(sheet, found.b))
    for (title, one), (_, other) in zip(
        list_settings(sheet, found.a), list_settings(sheet, found.b), strict=True
    ):
        rows.append((sheet.words.say(title), *_mark(one, other)))
    heads = (Head(N_("Hal")), Head(N_("Rencana A")), Head(N_("Rencana B")))
    table = Markup(draw_table(sheet, N_("Yang berbeda dicetak tebal"), heads, rows))
    return draw_section(sheet.say(N_("Pengaturan dan angka")), table)


def _draw_name(sheet: Sheet, plan: Plan) -> Markup:
    return Markup('<a href="{}">{}</a> {}').format(
        sheet.link(f"{PATH}/{plan.id}"), plan.name, draw_state(sheet, plan.state)
    )


def _pair(
    sheet: Sheet, one: Sequence[tuple[str, str, str]], other: Sequence[tuple[str, str, str]]
) -> list[tuple[str, ...]]:
    """Lay the figures of two plans side by side; one that isn't computed has none."""
    missing = sheet.words.say(N_("belum dihitung"))
    labels = [label for _, label, _ in (one or other)]
    first = [number for number, _, _ in one] or [missing] * len(labels)
    second = [number for number, _, _ in other] or [missing] * len(labels)
    return [
        (_capitalise(label), *_mark(a, b))
        for label, a, b in zip(labels, first, second, strict=True)
    ]


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def _mark(one: str, other: str) -> tuple[str, str]:
    if one == other:
        return one, other
    strong = Markup("<strong>{}</strong>")
    return strong.format(one), strong.format(other)


def _draw_areas(sheet: Sheet, lines: Sequence[ComparisonLine]) -> Markup:
    if not lines:
        return Markup("")
    number = sheet.words.number
    rows = [
        (line.name, number(line.both), number(line.only_a), number(line.only_b)) for line in lines
    ]
    table = Markup(draw_table(sheet, N_("Keluarga per kecamatan"), _AREA_HEADS, rows))
    return draw_section(sheet.say(N_("Per kecamatan")), table)
