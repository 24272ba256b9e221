"""The part of a plan's page on handing over: to whom, for how long, and who opened it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from dashboard.pages.data_parts import (
    draw_form,
    draw_note,
    draw_section,
    draw_select,
    draw_submit,
)
from dashboard.pages.document import Head, Sheet, draw_button, draw_table
from dashboard.pages.plan_words import PATH
from db.plans.handover import HANDED_STATES, Handover
from db.plans.queries import Plan
from geo.text import N_

_HEADS = (
    Head(N_("Pelaksana")),
    Head(N_("Keperluan"), "long"),
    Head(N_("Diserahkan"), "moment"),
    Head(N_("Terbuka sampai"), "moment"),
    Head(N_("Dibuka"), "long"),
    Head(N_("Keadaan")),
)
_FORM_OF_OPENING = {"page": N_("halaman"), "xlsx": N_("Excel"), "pdf": N_("PDF")}
_MOST_SHOWN = 5


def draw_handover(
    sheet: Sheet, plan: Plan, handovers: Sequence[Handover], agencies: Sequence[str], today: date
) -> Markup:
    """Draw the list of those who hold the plan's list, and the form to hand it over.

    Parameters
    ----------
    sheet
        What the page is drawn with.
    plan
        Whose list it is; before it is frozen nothing is drawn.
    handovers
        The last first.
    agencies
        To choose from; the programme's own is chosen already.
    today
        In the regency: the list stays open until a later day, a year at most.
    """
    if plan.state not in (*HANDED_STATES, "closed"):
        return Markup("")
    parts = [_draw_ways(sheet, plan)]
    if handovers:
        rows = [_draw_line(sheet, plan, one) for one in handovers]
        parts.append(Markup(draw_table(sheet, N_("Kepada siapa daftar diserahkan"), _HEADS, rows)))
    else:
        parts.append(draw_note(sheet.say(N_("Daftar ini belum diserahkan kepada siapa pun."))))
    if sheet.role == "planner" and plan.state in HANDED_STATES:
        parts.append(_draw_form(sheet, plan, agencies, today))
    return draw_section(sheet.say(N_("Penyerahan daftar")), Markup("").join(parts))


def _draw_ways(sheet: Sheet, plan: Plan) -> Markup:
    follow = sheet.link(f"{PATH}/{plan.id}/deliveries")
    buttons = [draw_button(follow, sheet.say(N_("Ikuti penyaluran")))]
    if sheet.role == "planner":
        annex = sheet.link(f"{PATH}/{plan.id}/annex.pdf")
        buttons.append(draw_button(annex, sheet.say(N_("Lampiran SK (PDF)"))))
    return Markup('<div class="actions">{}</div>').format(Markup("").join(buttons))


def _draw_line(sheet: Sheet, plan: Plan, one: Handover) -> tuple[str, ...]:
    granted = Markup("{}<small>{}</small>").format(sheet.time(one.granted_at), one.granted_by)
    return (
        one.agency,
        one.purpose,
        granted,
        sheet.time(one.expires_at),
        _draw_openings(sheet, one),
        _draw_state(sheet, plan, one),
    )


def _draw_openings(sheet: Sheet, one: Handover) -> Markup:
    if not one.opening_count:
        return sheet.say(N_("belum pernah"))
    items = Markup("").join(
        Markup("<li>{}, {}, {}</li>").format(
            opening.user, sheet.say(_FORM_OF_OPENING[opening.form]), sheet.time(opening.at)
        )
        for opening in one.openings[:_MOST_SHOWN]
    )
    count = sheet.say(N_("{count} kali"), count=sheet.words.number(one.opening_count))
    return Markup("<details><summary>{}</summary><ul>{}</ul></details>").format(count, items)


def _draw_state(sheet: Sheet, plan: Plan, one: Handover) -> Markup:
    if one.revoked_at is not None:
        return sheet.say(
            N_("dicabut {user}, {at}"), user=one.revoked_by, at=sheet.time(one.revoked_at)
        )
    if one.is_expired:
        return sheet.say(N_("waktunya habis"))
    if sheet.role != "planner":
        return sheet.say(N_("terbuka"))
    label = Markup('{}<span class="unseen"> {}</span>').format(
        sheet.say(N_("Cabut penyerahan")), one.agency
    )
    path = f"{PATH}/{plan.id}/handovers/{one.id}/revoke"
    button = draw_submit(label, kind="outlined")
    return sheet.say(N_("terbuka")) + draw_form(sheet, path, button, kind="small-form")


def _draw_form(sheet: Sheet, plan: Plan, agencies: Sequence[str], today: date) -> Markup:
    say = sheet.say
    choices = {name: name for name in agencies}
    fields = Markup(
        '{}<label class="wide">{}<input name="purpose" required minlength="10" maxlength="300"'
        ' autocomplete="off" placeholder="{}"></label>'
        '<label>{}<input type="date" name="until" required min="{}" max="{}"></label>{}'
    ).format(
        draw_select(sheet, "agency", N_("Pelaksana"), choices, plan.agency),
        say(N_("Untuk keperluan apa")),
        say(N_("mis. menyalurkan bantuan tahap kedua")),
        say(N_("Terbuka sampai")),
        today.isoformat(),
        _a_year_after(today).isoformat(),
        draw_submit(say(N_("Serahkan daftar"))),
    )
    note = draw_note(
        say(
            N_(
                "Pelaksana melihat nama, NIK, dan alamat sasaran rencana ini saja. Setiap kali"
                " dibuka, tercatat siapa dan kapan."
            )
        )
    )
    form = draw_form(sheet, f"{PATH}/{plan.id}/hand_over", fields, kind="standing-form")
    return note + form


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)
