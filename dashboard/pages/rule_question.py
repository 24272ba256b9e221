"""A question of one's own: any conditions together, counted at once, then on the map as a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboard.labels import KIND
from dashboard.pages.document import Sheet, draw_token
from dashboard.pages.rule_answer import Answer, draw_side
from dashboard.pages.rule_builder import draw_builder, draw_first_button
from dashboard.pages.rule_examples import Example
from dashboard.pages.rule_frame import draw_rule_page
from dashboard.pages.saved_views import SavedLine, draw_saved
from db.rules import LONGEST_NAME
from geo.rules import Names
from geo.text import N_

PATH = "/questions"
QUESTION_GROUPS = ("all", "any", "none")
COUNTED = N_("keluarga cocok")


@dataclass(frozen=True, slots=True)
class AreaChoice:
    """An area that may be asked for; its kecamatan and kabupaten come before it."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the page shows.

    Attributes
    ----------
    answer
        The conditions, and how many households they mean.
    examples
        Ready questions.
    areas
        Where may be asked, from large to small.
    area
        Which of them is asked; None is everything.
    name
        As typed, for keeping it under a name.
    saved
        Views under a name.
    fault
        Why it was not kept.
    """

    answer: Answer
    examples: Sequence[Example]
    areas: Sequence[AreaChoice]
    area: str | None
    name: str
    saved: Sequence[SavedLine]
    fault: str = ""


def draw_question(sheet: Sheet, question: Question, names: Names) -> str:
    """Draw the page."""
    lead = Markup('<p class="rule-lead">{}</p>').format(
        sheet.say(
            N_(
                "Tanyakan apa saja tentang keluarga miskin di wilayah Anda: pilih syaratnya, lihat"
                " jumlahnya, lalu buka peta dan daftarnya."
            )
        )
    )
    body = lead + _draw_examples(sheet, question) + _draw_form(sheet, question, names)
    body += draw_saved(sheet, question.saved)
    title = sheet.words.say(N_("Pertanyaan"))
    return draw_rule_page(sheet, title, body, module="rule.mjs")


def _draw_examples(sheet: Sheet, question: Question) -> Markup:
    area = {"area": question.area} if question.area else {}
    links = Markup("").join(
        Markup('<li><a class="button outlined" href="{}"{}>{}</a></li>').format(
            sheet.link(PATH, {"example": example.key, **area}),
            Markup(' aria-current="true"') if sheet.asked.get("example") == example.key else "",
            sheet.say(example.title),
        )
        for example in question.examples
    )
    return Markup(
        '<nav class="rule-examples" aria-labelledby="examples"><h2 id="examples">{}</h2>'
        "<ul>{}</ul></nav>"
    ).format(sheet.say(N_("Mulai dari contoh")), links)


def _draw_form(sheet: Sheet, question: Question, names: Names) -> Markup:
    main = draw_builder(
        sheet, question.answer.draft, names, question.answer.reading, groups=QUESTION_GROUPS
    )
    side = draw_side(sheet, question.answer, names, _draw_ways(sheet, question))
    return Markup(
        '<form method="post" action="{}" id="rule-form" class="rule-form" data-count="{}"'
        ' data-away="{}" novalidate>{}{}<div class="rule-main">{}</div>{}</form>'
    ).format(
        sheet.link(PATH),
        sheet.link(f"{PATH}/count"),
        sheet.say(N_("Sambungan terputus; hitungan menyusul begitu tersambung lagi.")),
        draw_token(sheet),
        draw_first_button(sheet),
        main,
        side,
    )


def _draw_ways(sheet: Sheet, question: Question) -> Markup:
    fault = Markup("")
    if question.fault:
        fault = Markup('<p class="rule-fault" role="alert">{}</p>').format(question.fault)
    return Markup(
        '{}<button name="act" value="open" class="button primary">{}</button>'
        '<details class="rule-keep"{}><summary>{}</summary><label class="rule-note"><span>{}</span>'
        '<input name="name" maxlength="{}" value="{}" autocomplete="off"></label>{}'
        '<label class="rule-mark"><input type="checkbox" name="is_shared" value="yes">'
        '<span>{}</span></label><button name="act" value="keep" class="button outlined">{}</button>'
        "</details>"
    ).format(
        _draw_areas(sheet, question),
        sheet.say(N_("Buka peta dan daftarnya")),
        Markup(" open") if question.fault else "",
        sheet.say(N_("Simpan pertanyaan ini")),
        sheet.say(N_("Nama")),
        LONGEST_NAME,
        question.name,
        fault,
        sheet.say(N_("Bagikan kepada rekan dengan peran dan wilayah yang sama")),
        sheet.say(N_("Simpan")),
    )


def _draw_areas(sheet: Sheet, question: Question) -> Markup:
    if len(question.areas) == 1:
        (only,) = question.areas
        return Markup(
            '<p class="rule-where">{}</p><input type="hidden" name="area" value="{}">'
        ).format(name_area(sheet, only), only.code)
    options = Markup("").join(
        Markup('<option value="{}"{}>{}{}</option>').format(
            choice.code,
            Markup(" selected") if choice.code == question.area else "",
            Markup("&emsp;") * (choice.code.count(".") - question.areas[0].code.count(".")),
            name_area(sheet, choice),
        )
        for choice in question.areas
    )
    return Markup(
        '<label class="rule-note"><span>{}</span><select name="area">{}</select></label>'
    ).format(sheet.say(N_("Di wilayah")), options)


def name_area(sheet: Sheet, area: AreaChoice) -> Markup:
    """Write an area's name with its kind."""
    return Markup("{} {}").format(sheet.say(KIND[area.kind]), area.name)
