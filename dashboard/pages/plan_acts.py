"""What can be done with a plan now, by whom; and the page on which it is approved or returned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from dashboard.pages.data_parts import draw_fault, draw_form, draw_note, draw_section, draw_submit
from dashboard.pages.document import Sheet, draw_button
from dashboard.pages.plan_frame import draw_plan_page
from dashboard.pages.plan_words import ACTS, PATH
from db.plans.queries import Plan
from geo.errors import MapError
from geo.text import N_

ACTS_OF_STATE: dict[str, tuple[str, ...]] = {
    "draft": ("compute", "propose", "copy", "delete"),
    "proposed": ("withdraw", "copy"),
    "approved": ("start", "copy"),
    "running": ("close", "copy"),
    "closed": ("copy",),
}
"""What a planner can do with a plan by a button."""
APPROVERS = ("planner", "regent")
LONGEST_NOTE = 300
_WARNINGS = {
    "delete": N_("Draf ini hilang untuk selamanya. Lanjutkan?"),
    "close": N_("Sesudah ditutup, penyaluran tidak dapat dicatat lagi. Lanjutkan?"),
    "propose": N_(
        "Daftar sasaran dibekukan dengan sidiknya dan pengaturan tidak dapat diubah selama"
        " diusulkan. Lanjutkan?"
    ),
}
"""Acts that ask back once, and what they ask."""


def draw_acts(sheet: Sheet, plan: Plan, user: str) -> Markup:
    """Draw the buttons that the state of the plan and the reader's role allow."""
    if sheet.role not in APPROVERS:
        return Markup("")
    buttons = []
    if plan.state == "proposed":
        buttons.append(_draw_approval(sheet, plan, user))
    if sheet.role == "planner":
        buttons += [_draw_act(sheet, plan, act) for act in list_acts(plan)]
        if plan.state == "draft":
            path = sheet.link(f"{PATH}/{plan.id}/settings")
            buttons.insert(1, draw_button(path, sheet.say(N_("Ubah pengaturan"))))
    if not buttons:
        return Markup("")
    return Markup('<div class="actions plan-acts">{}</div>').format(Markup("").join(buttons))


def list_acts(plan: Plan) -> list[str]:
    """Return what a planner can do with a plan by a button."""
    without = set()
    if plan.state == "draft":
        # A list without anybody is not proposed; a fresh one is not computed again first.
        without = {"propose"} if not plan.result or not plan.result.targets else set()
    return [act for act in ACTS_OF_STATE[plan.state] if act not in without]


def may_approve(plan: Plan, user: str) -> bool:
    """Whether somebody is another person than who proposed the plan and who edited it last."""
    return user not in (plan.proposed_by, plan.edited_by)


@dataclass(frozen=True, slots=True)
class Approval:
    """The form of an approval.

    Attributes
    ----------
    plan
        What is approved.
    values
        What was typed: ``decree_number``, ``decree_date``, ``note``.
    today
        No decree is of a later day.
    fault
        Why it was not taken.
    """

    plan: Plan
    values: dict[str, str]
    today: date
    fault: MapError | None = None


def draw_approval(sheet: Sheet, approval: Approval) -> str:
    """Draw what is approved, and both ways to answer: with a decree, or back with a note."""
    say, plan, values = sheet.say, approval.plan, approval.values
    result, words = plan.result, sheet.words
    sentence = say(
        N_(
            "Anda menyetujui daftar {targets} keluarga untuk {programme}, {amount}. Sesudah itu"
            " daftar tidak berubah lagi, juga bila register diperbarui."
        ),
        targets=words.number(result.targets if result else 0),
        programme=plan.programme_name,
        amount=words.rupiah(result.amount_idr if result else None),
    )
    mark = Markup('<p class="plan-hash note">{} <code>{}</code></p>').format(
        say(N_("Sidik daftar (SHA-256):")), plan.list_hash or ""
    )
    decree = Markup(
        '<input type="hidden" name="revision" value="{}">'
        '<label>{}<input name="decree_number" required maxlength="60" value="{}"'
        ' placeholder="188/45/2026" autocomplete="off"></label>'
        '<label>{}<input type="date" name="decree_date" required max="{}" value="{}"></label>{}'
    ).format(
        plan.revision,
        say(N_("Nomor SK")),
        values.get("decree_number", ""),
        say(N_("Tanggal SK")),
        approval.today.isoformat(),
        values.get("decree_date", ""),
        draw_submit(say(N_("Ya, setujui")), name="act", value="approve"),
    )
    note = Markup(
        '<input type="hidden" name="revision" value="{}">'
        '<label class="wide">{}<textarea name="note" required maxlength="{}" rows="3">{}</textarea>'
        "</label>{}"
    ).format(
        plan.revision,
        say(N_("Apa yang harus diperbaiki")),
        LONGEST_NOTE,
        values.get("note", ""),
        draw_submit(say(ACTS["return"].button), name="act", value="return", kind="outlined"),
    )
    path = f"{PATH}/{plan.id}/approve"
    body = Markup("\n").join(
        (
            draw_fault(Markup("{}").format(words.say_fault(approval.fault)))
            if approval.fault
            else Markup(""),
            Markup('<p class="plan-lead">{}</p>').format(sentence),
            mark,
            draw_section(say(N_("Setujui dengan SK")), draw_form(sheet, path, decree)),
            draw_section(say(N_("Kembalikan untuk diperbaiki")), draw_form(sheet, path, note)),
            Markup("<p>{}</p>").format(
                draw_button(sheet.link(f"{PATH}/{plan.id}"), say(N_("Kembali ke rencana")))
            ),
        )
    )
    title = words.say(N_("Persetujuan: {name}"), name=plan.name)
    return draw_plan_page(sheet, title, body)


def _draw_approval(sheet: Sheet, plan: Plan, user: str) -> Markup:
    if not may_approve(plan, user):
        return draw_note(
            sheet.say(
                N_(
                    "Menunggu persetujuan orang lain: yang mengusulkan atau terakhir mengubah tidak"
                    " dapat menyetujuinya sendiri."
                )
            )
        )
    return Markup('<a class="button primary" href="{}">{}</a>').format(
        sheet.link(f"{PATH}/{plan.id}/approve"), sheet.say(N_("Setujui atau kembalikan"))
    )


def _draw_act(sheet: Sheet, plan: Plan, act: str) -> Markup:
    label = sheet.say(ACTS[act].button)
    if act == "compute" and plan.result is not None:
        label = sheet.say(N_("Hitung ulang"))
    is_next = act in ("start", "propose") or (act == "compute" and plan.result is None)
    kind = "primary" if is_next else "outlined"
    revision = Markup('<input type="hidden" name="revision" value="{}">').format(plan.revision)
    path, warning = f"{PATH}/{plan.id}/{act}", _WARNINGS.get(act)
    if warning is None:
        return draw_form(sheet, path, revision + draw_submit(label, kind=kind), kind="plan-act")
    form = draw_form(sheet, path, revision + draw_submit(sheet.say(N_("Ya, lanjutkan"))), kind="")
    return Markup(
        '<details class="plan-ask"><summary class="button {}">{}</summary>'
        "<div><p>{}</p>{}</div></details>"
    ).format(kind, label, sheet.say(warning), form)
