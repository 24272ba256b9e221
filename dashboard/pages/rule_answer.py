"""What stands beside the builder: how many households a draft means, and its sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from dashboard.pages.document import Sheet
from dashboard.pages.rule_builder import draw_builder
from dashboard.pages.rule_form import Draft, Reading
from dashboard.pages.rule_words import draw_rule
from geo.rules import Names
from geo.text import N_

_FAULTY_ROW = N_("Satu syarat belum lengkap atau keliru; lihat tandanya.")
_EMPTY = N_("Belum ada syarat. Tambahkan satu untuk melihat berapa keluarga yang dimaksud.")


@dataclass(frozen=True, slots=True)
class Answer:
    """A draft, what it says, and for whom it counts.

    Attributes
    ----------
    draft
        As it was filled in.
    reading
        What it says.
    count
        Households; None where it can't be taken.
    counted
        What they are, such as “keluarga berhak sekarang”; to be translated.
    """

    draft: Draft
    reading: Reading
    count: int | None
    counted: str


def draw_count(sheet: Sheet, answer: Answer) -> Markup:
    """Draw the count, or the sentence why there is none."""
    if answer.count is not None:
        return Markup('<strong class="rule-figure">{}</strong> <span>{}</span>').format(
            sheet.words.number(answer.count), sheet.say(answer.counted)
        )
    if answer.draft.is_empty:
        return Markup('<span class="note">{}</span>').format(sheet.say(_EMPTY))
    if answer.reading.row_faults:
        sentence = sheet.words.say(_FAULTY_ROW)
    else:
        fault = answer.reading.fault
        sentence = sheet.words.say_fault(fault) if fault else ""
    return Markup('<span class="form-error">{}</span>').format(sentence)


def draw_words(sheet: Sheet, answer: Answer, names: Names) -> Markup:
    """Draw what the rule says, in sentences; nothing while it can't be taken."""
    if answer.reading.rule is None:
        return Markup("")
    return draw_rule(sheet, answer.reading.rule, names)


def draw_side(sheet: Sheet, answer: Answer, names: Names, below: Markup) -> Markup:
    """Draw the column beside the builder; ``below`` stands under count and sentences."""
    return Markup(
        '<aside class="rule-side" aria-label="{}">'
        '<output id="rule-count" class="rule-count" aria-live="polite">{}</output>'
        '<button name="act" value="count" class="button outlined rule-ask">{}</button>'
        '<div id="rule-words">{}</div>{}</aside>'
    ).format(
        sheet.say(N_("Hasil aturan ini")),
        draw_count(sheet, answer),
        sheet.say(N_("Hitung")),
        draw_words(sheet, answer, names),
        below,
    )


def write_answer(
    sheet: Sheet, answer: Answer, names: Names, *, groups: tuple[str, ...] | None = None
) -> Mapping[str, Any]:
    """Write what ``assets/rule.mjs`` puts on the page.

    Parameters
    ----------
    sheet, answer, names
        What it is drawn with.
    groups
        Where the rows themselves changed, the groups of the builder to draw; else None.
    """
    rows = {
        f"{group}.{number}": sheet.words.say_fault(fault)
        for (group, number), fault in answer.reading.row_faults.items()
    }
    builder = (
        {"builder": draw_builder(sheet, answer.draft, names, answer.reading, groups=groups)}
        if groups
        else {}
    )
    return {
        "count": draw_count(sheet, answer),
        "words": draw_words(sheet, answer, names),
        "rows": rows,
        **builder,
    }
