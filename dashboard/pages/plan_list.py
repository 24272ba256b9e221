"""The list of plans: whose they are, how far they have come, and for how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboard.pages.data_parts import draw_select
from dashboard.pages.document import Head, Sheet, draw_button, draw_language, draw_table
from dashboard.pages.plan_frame import draw_job, draw_plan_page
from dashboard.pages.plan_words import FOLLOWERS, PATH, STATE
from db.jobs import Job
from db.plans.queries import PlanLine
from geo.text import N_

_HEADS = (
    Head(N_("Rencana"), "long"),
    Head(N_("Program")),
    Head(N_("Tahap")),
    Head(N_("Kuota"), "number"),
    Head(N_("Anggaran"), "number"),
    Head(N_("Sasaran"), "number"),
    Head(N_("Diterima"), "number"),
    Head(N_("Tenggat"), "moment"),
    Head(N_("Diubah terakhir"), "long"),
)


@dataclass(frozen=True, slots=True)
class PlanDesk:
    """What the list shows.

    Attributes
    ----------
    lines
        The plans that are left after filtering.
    total
        How many there are without it.
    programmes
        Code and name of those that have plans, to choose from.
    job
        What was just asked for.
    """

    lines: Sequence[PlanLine]
    total: int
    programmes: Mapping[str, str]
    job: Job | None = None


def draw_plan_list(sheet: Sheet, desk: PlanDesk) -> str:
    """Draw the page."""
    parts = [draw_job(sheet, desk.job), _draw_ways(sheet, desk)]
    if desk.total:
        parts.append(_draw_filters(sheet, desk))
    if desk.lines:
        rows = [_draw_line(sheet, line) for line in desk.lines]
        parts.append(Markup(draw_table(sheet, N_("Yang terbaru di atas"), _HEADS, rows)))
    else:
        parts.append(_draw_empty(sheet, desk))
    title = sheet.words.say(N_("Rencana intervensi"))
    return draw_plan_page(sheet, title, Markup("\n").join(parts))


def draw_state(sheet: Sheet, state: str) -> Markup:
    """Draw the state of a plan as a badge."""
    return Markup('<span class="plan-state {}">{}</span>').format(state, sheet.say(STATE[state]))


def _draw_ways(sheet: Sheet, desk: PlanDesk) -> Markup:
    buttons = []
    if sheet.role == "planner":
        buttons.append(
            Markup('<a class="button primary" href="{}">{}</a>').format(
                sheet.link(f"{PATH}/new"), sheet.say(N_("Rencana baru"))
            )
        )
    if desk.total > 1 and sheet.role in FOLLOWERS:
        label = sheet.say(N_("Bandingkan dua rencana"))
        buttons.append(draw_button(sheet.link(f"{PATH}/compare"), label))
    if not buttons:
        return Markup("")
    return Markup('<div class="actions">{}</div>').format(Markup("").join(buttons))


def _draw_filters(sheet: Sheet, desk: PlanDesk) -> Markup:
    say, asked = sheet.say, sheet.asked
    everything = {"": N_("Semua")}
    fields = draw_select(
        sheet, "state", N_("Tahap"), {**everything, **STATE}, asked.get("state")
    ) + draw_select(
        sheet, "programme", N_("Program"), {**everything, **desk.programmes}, asked.get("programme")
    )
    return Markup(
        '<form method="get" action="{}" class="document-form">{}{}'
        '<button class="button outlined">{}</button></form>'
    ).format(PATH, draw_language(sheet), fields, say(N_("Saring")))


def _draw_line(sheet: Sheet, line: PlanLine) -> tuple[str | None, ...]:
    words = sheet.words
    place = line.area_name or words.say(N_("Seluruh wilayah"))
    name = Markup('<a class="plan-name" href="{}">{}</a><small>{} · {}</small>').format(
        sheet.link(f"{PATH}/{line.id}"), line.name, place, words.period(line.period)
    )
    delivered = line.outcomes.get("delivered", 0)
    changed = Markup("{}<small>{}</small>").format(line.edited_by, sheet.time(line.edited_at))
    return (
        name,
        line.programme_name,
        draw_state(sheet, line.state),
        words.number(line.quota),
        words.rupiah(line.budget_idr),
        words.number(line.targets) if line.targets else words.say(N_("belum dihitung")),
        words.number(delivered) if line.state in ("running", "closed") else None,
        words.day(line.due_on) if line.due_on else None,
        changed,
    )


def _draw_empty(sheet: Sheet, desk: PlanDesk) -> Markup:
    title, todo = N_("Belum ada rencana"), N_("Rencana yang disetujui akan tampil di sini.")
    way = Markup("")
    if desk.total:
        title, todo = N_("Tidak ada rencana yang cocok"), N_("Pilih tahap atau program lain.")
    elif sheet.role == "planner":
        todo = N_(
            "Mulailah dari kesenjangan: pilih program dan wilayah yang banyak keluarganya berhak"
            " tetapi belum dilayani, lalu buat rencana dari sana."
        )
        way = draw_button(sheet.link("/gaps"), sheet.say(N_("Lihat kesenjangan")))
    elif sheet.role == "regent":
        todo = N_("Rencana yang disusun Bappeda akan tampil di sini.")
    return Markup('<div class="empty"><h2>{}</h2><p>{}</p>{}</div>').format(
        sheet.say(title), sheet.say(todo), way
    )
