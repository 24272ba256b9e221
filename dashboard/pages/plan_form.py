"""The settings of a plan: a new one, a change, and what somebody else saved meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from dashboard.pages.data_parts import draw_form, draw_submit
from dashboard.pages.document import Head, Sheet, draw_table
from dashboard.pages.plan_fields import LABELS, Choices, Fault, draw_fields
from dashboard.pages.plan_frame import draw_job, draw_plan_page
from dashboard.pages.plan_values import Values, flatten_settings, list_differences
from dashboard.pages.plan_words import ACTS, PATH, RANKING, SPLIT, VILLAGES
from db.jobs import Job
from db.plans.queries import Plan, PlanChange
from geo.text import N_


@dataclass(frozen=True, slots=True)
class PlanForm:
    """What the form holds.

    Attributes
    ----------
    values
        What stands in its fields.
    choices
        What its selects offer.
    plan
        The plan that is changed, as it is stored; None for a new one.
    fault
        Why what was sent was not taken.
    meanwhile
        What somebody did to the plan since the form was opened.
    job
        The saving of it, while it runs or when it went wrong.
    """

    values: Values
    choices: Choices
    plan: Plan | None = None
    fault: Fault | None = None
    meanwhile: PlanChange | None = None
    job: Job | None = None


def draw_plan_form(sheet: Sheet, form: PlanForm) -> str:
    """Draw the form on a page of its own."""
    words, plan = sheet.words, form.plan
    path, back = (f"{PATH}/new", PATH)
    title, act = words.say(N_("Rencana baru")), "create"
    if plan is not None:
        path, back = f"{PATH}/{plan.id}/settings", f"{PATH}/{plan.id}"
        title, act = words.say(N_("Pengaturan: {name}"), name=plan.name), "save"
    label = N_("Simpan isian saya di atasnya") if form.meanwhile else ACTS[act].button
    buttons = Markup('<div class="actions">{}<a class="button outlined" href="{}">{}</a></div>')
    content = Markup("").join(
        (
            _draw_revision(plan),
            draw_fields(sheet, form.values, form.choices, form.fault),
            buttons.format(draw_submit(sheet.say(label)), sheet.link(back), sheet.say(N_("Batal"))),
        )
    )
    body = Markup("\n").join(
        (
            draw_job(sheet, form.job),
            _draw_fault(sheet, form.fault),
            _draw_conflict(sheet, form),
            draw_form(sheet, path, content, kind="document-form plan-form"),
        )
    )
    return draw_plan_page(sheet, title, body)


def read_stored(plan: Plan) -> dict[str, str]:
    """Return the settings of a plan as they would stand in the form."""
    return {
        **flatten_settings(plan.settings.to_json()),
        "name": plan.name,
        "programme": plan.programme,
        "area": plan.area or "",
    }


def _draw_revision(plan: Plan | None) -> Markup:
    if plan is None:
        return Markup("")
    return Markup('<input type="hidden" name="revision" value="{}">').format(plan.revision)


def _draw_fault(sheet: Sheet, fault: Fault | None) -> Markup:
    if fault is None:
        return Markup("")
    return Markup('<p class="form-error" role="alert" id="plan-fault">{}</p>').format(
        sheet.words.say_fault(fault.error)
    )


def _draw_conflict(sheet: Sheet, form: PlanForm) -> Markup:
    """Say who saved meanwhile, when, and what differs; nothing of either is lost."""
    last, plan = form.meanwhile, form.plan
    if last is None or plan is None:
        return Markup("")
    words = sheet.words
    rows = [
        (
            words.say(LABELS[name]),
            _name_value(sheet, form, name, stored),
            _name_value(sheet, form, name, typed),
        )
        for name, stored, typed in list_differences(read_stored(plan), form.values)
    ]
    heads = (Head(N_("Isian")), Head(N_("Yang tersimpan")), Head(N_("Isian Anda")))
    table = Markup(draw_table(sheet, N_("Yang berbeda"), heads, rows)) if rows else Markup("")
    who = sheet.say(
        N_("{user} menyimpan rencana ini pada {at}, sesudah halaman Anda dibuka."),
        user=last.user,
        at=sheet.time(last.at),
    )
    kept = N_("Isian Anda tidak hilang: ada di bawah, dan dapat disimpan di atas yang tersimpan.")
    same = N_("Isian Anda sama dengan yang tersimpan.")
    seen = Markup('<a class="button outlined" href="{}">{}</a>').format(
        sheet.link(f"{PATH}/{plan.id}/settings"), sheet.say(N_("Buang isian saya"))
    )
    return Markup(
        '<section class="plan-conflict" role="alert"><h2>{}</h2><p>{} {}</p>{}'
        '<div class="actions">{}</div></section>'
    ).format(
        sheet.say(N_("Ada yang menyimpan lebih dahulu")),
        who,
        sheet.say(kept if rows else same),
        table,
        seen,
    )


def _name_value(sheet: Sheet, form: PlanForm, name: str, text: str) -> str:
    """Write what stands in a field as its reader chose it."""
    say = sheet.words.say
    for field, titles in (("ranking", RANKING), ("split", SPLIT), ("villages", VILLAGES)):
        if name == field:
            return say(titles.get(text or next(iter(titles)), text))
    if name == "puts_first":
        return say(N_("Ya")) if text else say(N_("Tidak"))
    if name == "programme":
        return next((title for code, title, _ in form.choices.programmes if code == text), text)
    if name == "area":
        return _name_area(sheet, form.choices, text)
    return text or say(N_("kosong"))


def _name_area(sheet: Sheet, choices: Choices, code: str) -> str:
    if not code:
        return sheet.words.say(N_("Seluruh wilayah"))
    for kecamatan, name, desas in choices.kecamatan:
        if kecamatan == code:
            return sheet.words.say(N_("Kecamatan {name}"), name=name)
        for desa, title in desas:
            if desa == code:
                return f"{title}, {name}"
    return code
