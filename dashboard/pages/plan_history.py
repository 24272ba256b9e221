"""What was done to a plan, by whom and when."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.pages.data_parts import draw_section
from dashboard.pages.document import Sheet
from dashboard.pages.plan_words import ACTS
from db.plans.queries import PlanChange
from geo.text import N_

_ITEM = Markup("<li><strong>{}</strong> <span>{} · {}</span>{}</li>")


def draw_history(sheet: Sheet, changes: Sequence[PlanChange]) -> Markup:
    """Draw the timeline, the newest first; nothing for those who may not read it."""
    if not changes:
        return Markup("")
    items = Markup("").join(_draw_change(sheet, change) for change in changes)
    return draw_section(
        sheet.say(N_("Riwayat")), Markup('<ol class="plan-history">{}</ol>').format(items)
    )


def _draw_change(sheet: Sheet, change: PlanChange) -> Markup:
    was = ACTS[change.act].was if change.act in ACTS else change.act
    told = Markup("").join(
        Markup("<p>{}</p>").format(sentence) for sentence in _list_details(sheet, change)
    )
    return _ITEM.format(sheet.say(was), change.user, sheet.time(change.at), told)


def _list_details(sheet: Sheet, change: PlanChange) -> list[str]:
    detail, words = change.detail, sheet.words
    told = []
    if detail.get("note"):
        told.append(f"“{detail['note']}”")
    if detail.get("decree"):
        told.append(words.say(N_("SK {number}"), number=detail["decree"]))
    if change.act in ("compute", "create", "propose") and "targets" in detail:
        count = words.number(detail["targets"])
        told.append(words.say(N_("{count} keluarga menjadi sasaran."), count=count))
    return told
