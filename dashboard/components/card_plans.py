"""The plans of a household, on its card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.cells import attributes
from dashboard.pages.plan_words import OUTCOME, PATH, STATE
from dashboard.words import Words, words_of
from db.plans.progress import PlanOfHousehold
from geo.text import N_
from geo.view import View


def draw_plans(view: View, plans: Sequence[PlanOfHousehold]) -> list[Any]:
    """Draw the plans that a household is a target of; nothing when there are none.

    Parameters
    ----------
    view
        What is looked at.
    plans
        Those that the viewer may see.
    """
    if not plans:
        return []
    words = words_of(view.language)
    items = [_draw_plan(one, words) for one in plans]
    return [
        html.Section(
            [html.H2(words.say(N_("Rencana"))), html.Ul(items, className="card-plans")],
            className="card-section",
        )
    ]


def _draw_plan(plan: PlanOfHousehold, words: Words) -> html.Li:
    query = "" if words.language == "id" else f"?language={words.language}"
    link = html.A(
        plan.name,
        href=f"{PATH}/{plan.id}{query}",
        disable_n_clicks=True,
        **attributes(data_reload="true"),
    )
    rank = words.say(N_("urutan {rank}"), rank=words.number(plan.rank))
    facts = " · ".join((plan.programme, words.say(STATE[plan.state]), rank))
    return html.Li(
        [
            html.Strong(link),
            html.Span(facts, className="row-note"),
            html.Span(_say_outcome(plan, words), className="row-note"),
        ]
    )


def _say_outcome(plan: PlanOfHousehold, words: Words) -> str:
    if plan.state in ("draft", "proposed"):
        return ""
    said = words.say(OUTCOME[plan.outcome or ""])
    return f"{said}, {words.day(plan.outcome_on)}" if plan.outcome_on else said
