"""What the pages of plans have in common: their frame, the steps of a plan, how an act fares."""

from __future__ import annotations

from markupsafe import Markup

from dashboard.pages.data_parts import draw_status, list_ways
from dashboard.pages.document import Sheet, draw_document
from dashboard.pages.plan_words import ACTS, PATH, STATE, STATE_NOTE
from db.jobs import Job
from db.plans.queries import PlanChange
from geo.text import N_

STYLES = ("data.css", "review.css", "plan.css", "delivery.css")
"""Of the pages of plans, and of what becomes of their lists."""
_STEP = Markup('<li class="{}"{}><span class="plan-sign" aria-hidden="true">{}</span>{}</li>')


def draw_plan_page(sheet: Sheet, title: str, body: Markup) -> str:
    """Draw a page of plans: its styles, and the ways between the desks."""
    ways = list_ways(sheet)
    return draw_document(sheet, title, body, ways=ways, styles=STYLES, module="plan.mjs")


def draw_steps(sheet: Sheet, state: str) -> Markup:
    """Draw how far a plan has come, and what its state means."""
    states = list(STATE)
    now = states.index(state)
    steps = []
    for place, one in enumerate(states):
        look = "done" if place < now else "now" if place == now else "ahead"
        current = Markup(' aria-current="step"') if look == "now" else ""
        sign = "✓" if look == "done" else str(place + 1)
        steps.append(_STEP.format(look, current, sign, sheet.say(STATE[one])))
    return Markup(
        '<div class="plan-progress"><ol class="plan-steps" aria-label="{}">{}</ol>'
        '<p class="note">{}</p></div>'
    ).format(sheet.say(N_("Tahap rencana")), Markup("").join(steps), sheet.say(STATE_NOTE[state]))


def draw_job(sheet: Sheet, job: Job | None) -> Markup:
    """Draw how the act fares that was just asked for; the page looks again until it is over."""
    said = write_job(sheet, job) if job else Markup("")
    return draw_status(sheet, job, f"{PATH}/jobs", said)


def write_job(sheet: Sheet, job: Job) -> Markup:
    """Say how an act fares."""
    if job.state == "failed":
        return sheet.say(N_("Tidak disimpan: {why}"), why=job.message or "")
    if job.state == "cancelled":
        return sheet.say(N_("Dihentikan; tidak ada yang berubah."))
    act = ACTS[job.args["act"]]
    return sheet.say(act.done if job.state == "done" else act.doing)


def draw_stale(sheet: Sheet, number: int, last: PlanChange) -> str:
    """Say that a plan was changed meanwhile, so that nothing was done to it."""
    sentence = sheet.say(
        N_(
            "{user} mengubah rencana ini pada {at}, sesudah halaman Anda dibuka. Tidak ada yang"
            " dilakukan; lihat dahulu keadaannya sekarang."
        ),
        user=last.user,
        at=sheet.time(last.at),
    )
    way = Markup('<p><a class="button primary" href="{}">{}</a></p>').format(
        sheet.link(f"{PATH}/{number}"), sheet.say(N_("Lihat rencana"))
    )
    title = sheet.words.say(N_("Rencana sudah berubah"))
    return draw_plan_page(sheet, title, Markup('<p role="alert">{}</p>{}').format(sentence, way))
