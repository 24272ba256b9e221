"""Rules in sentences, and what changed between two versions of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup, escape

from dashboard.pages.document import Sheet
from geo.rules import Names, Rule, describe_rule
from geo.text import N_


class Terms(Protocol):
    """A rule, how long one is served, and what rules the programme out."""

    @property
    def rule(self) -> Rule | None:
        """Whom the programme is for."""

    @property
    def served_years(self) -> int | None:
        """For how many years one counts as served; None is for ever."""

    @property
    def excludes(self) -> tuple[str, ...]:
        """Codes of programmes that don't go with it."""


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence that one version has and the other has not."""

    text: Markup
    is_new: bool


def draw_rule(sheet: Sheet, rule: Rule, names: Names) -> Markup:
    """Draw what a rule asks: each list under its heading."""
    parts = Markup("").join(
        Markup("<dt>{}</dt><dd><ul>{}</ul></dd>").format(
            sheet.words.say_phrase(part.heading),
            Markup("").join(
                Markup("<li>{}</li>").format(sheet.words.say_phrase(one)) for one in part.conditions
            ),
        )
        for part in describe_rule(rule, names)
    )
    return Markup('<dl class="rule-words">{}</dl>').format(parts)


def draw_terms(sheet: Sheet, terms: Terms, names: Names) -> Markup:
    """Draw how long one is served, and what rules the programme out."""
    lines = Markup("").join(
        Markup("<li>{}</li>").format(line) for line in _say_terms(sheet, terms, names)
    )
    return Markup('<ul class="rule-terms">{}</ul>').format(lines)


def list_changes(sheet: Sheet, old: Terms, new: Terms, names: Names) -> Sequence[Change]:
    """Return what fell away, then what is new."""
    before, after = _list_sentences(sheet, old, names), _list_sentences(sheet, new, names)
    gone = [Change(text, False) for text in before if text not in after]
    return [*gone, *(Change(text, True) for text in after if text not in before)]


def _list_sentences(sheet: Sheet, terms: Terms, names: Names) -> list[Markup]:
    say = sheet.words.say_phrase
    return [
        *(
            escape(f"{say(part.heading)}: {say(one)}")
            for part in (describe_rule(terms.rule, names) if terms.rule else ())
            for one in part.conditions
        ),
        *_say_terms(sheet, terms, names),
    ]


def _say_terms(sheet: Sheet, terms: Terms, names: Names) -> list[Markup]:
    years = terms.served_years
    lines = [
        sheet.say(N_("Yang pernah menerima tidak menerima lagi."))
        if years is None
        else sheet.say(N_("Dilayani berarti menerima dalam {years} tahun terakhir."), years=years)
    ]
    lines += [
        sheet.say(N_("Tidak bersama {programme}."), programme=names.programmes.get(code, code))
        for code in terms.excludes
    ]
    return lines
