"""One plan: how far it is, its figures and why they are so, its map pair, list and history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboard.pages.data_parts import draw_note, draw_section
from dashboard.pages.document import Sheet, draw_language
from dashboard.pages.plan_acts import draw_acts
from dashboard.pages.plan_coverage import draw_coverage, list_whole
from dashboard.pages.plan_frame import draw_job, draw_plan_page, draw_steps
from dashboard.pages.plan_history import draw_history
from dashboard.pages.plan_settings import draw_settings
from dashboard.pages.plan_targets import draw_targets, say_phrase
from dashboard.pages.plan_words import FOLLOWERS, PATH, TIE_RULE
from dashboard.standing import say_sources
from db.jobs import Job
from db.plans.queries import CoverageLine, Plan, PlanChange, PlanResult, TargetPage
from db.queries.areas import AreaItem
from geo.plan_notes import describe_note
from geo.text import N_


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """What the page shows.

    Attributes
    ----------
    plan
        The plan.
    targets
        One page of its list, as far as its reader sees it.
    areas
        Parts of its area, to look at one of them.
    coverage, changes
        Empty for roles of an area.
    others
        Number and name of plans to compare it with.
    user
        Who reads.
    job
        What was just asked for.
    """

    plan: Plan
    targets: TargetPage
    areas: Sequence[AreaItem]
    coverage: Sequence[CoverageLine]
    changes: Sequence[PlanChange]
    others: Sequence[tuple[int, str]]
    user: str
    job: Job | None = None


def draw_plan(sheet: Sheet, page: PlanSheet, more: Sequence[Markup] = ()) -> str:
    """Draw the page.

    Parameters
    ----------
    sheet
        What it is drawn with.
    page
        What it shows.
    more
        Further parts beneath the list, such as handing over and delivery.
    """
    plan = page.plan
    parts = [
        _draw_subtitle(sheet, plan),
        draw_steps(sheet, plan.state),
        draw_job(sheet, page.job),
        _draw_retry(sheet, page),
        _draw_returned(sheet, page),
        draw_acts(sheet, plan, page.user),
        _draw_figures(sheet, page) if sheet.role in FOLLOWERS else _draw_own(sheet, page.targets),
    ]
    # Whoever turns the pages of the list is not led past the maps each time.
    if page.targets.page > 1 or "area" in sheet.asked:
        parts += [_draw_list(sheet, page), _draw_way_to_all(sheet, plan)]
    else:
        parts += _list_parts(sheet, page, more)
    return draw_plan_page(sheet, plan.name, Markup("\n").join(parts))


def _list_parts(sheet: Sheet, page: PlanSheet, more: Sequence[Markup]) -> list[Markup]:
    plan = page.plan
    if sheet.role not in FOLLOWERS:
        return [_draw_list(sheet, page), *more, draw_settings(sheet, plan)]
    return [
        _draw_explained(sheet, plan, plan.result) if plan.result else Markup(""),
        draw_coverage(sheet, plan, page.coverage),
        _draw_list(sheet, page),
        *more,
        draw_settings(sheet, plan),
        _draw_compare(sheet, page),
        draw_history(sheet, page.changes),
    ]


def _draw_list(sheet: Sheet, page: PlanSheet) -> Markup:
    if page.plan.result is None and not page.targets.total:
        return Markup("")
    return draw_targets(sheet, page.plan, page.targets, page.areas)


def _draw_way_to_all(sheet: Sheet, plan: Plan) -> Markup:
    return Markup('<p><a class="button outlined" href="{}">{}</a></p>').format(
        sheet.link(f"{PATH}/{plan.id}"), sheet.say(N_("Kembali ke seluruh rencana"))
    )


def draw_figure(number: str, label: Markup, note: Markup | str = "") -> Markup:
    """Draw a headline figure: the number first, what it is and whence smaller beneath."""
    small = Markup("<small>{}</small>").format(note) if note else Markup("")
    return Markup("<div><dd>{}</dd><dt>{}{}</dt></div>").format(number, label, small)


def list_figures(sheet: Sheet, plan: Plan) -> list[tuple[str, str, str]]:
    """Return the figures of a computed plan: number, what it is, and what it is of."""
    result, words = plan.result, sheet.words
    if result is None:
        return []
    say, number = words.say, words.number
    budget = plan.settings.budget_idr
    return [
        (number(result.targets), say(N_("keluarga sasaran")), _of_places(sheet, result)),
        (
            number(result.candidates),
            say(N_("keluarga menjadi calon")),
            say(N_("berhak, belum dilayani, dan tidak di rencana lain")),
        ),
        (
            words.rupiah(result.amount_idr),
            say(N_("biaya")),
            say(N_("dari anggaran {amount}"), amount=words.rupiah(budget)) if budget else "",
        ),
        (
            number(result.left),
            say(N_("tempat tidak terpakai")),
            say(N_("sebabnya di bawah")) if result.left else "",
        ),
    ]


def _of_places(sheet: Sheet, result: PlanResult) -> str:
    return sheet.words.say(N_("dari {places} tempat"), places=sheet.words.number(result.places))


def _draw_subtitle(sheet: Sheet, plan: Plan) -> Markup:
    words = sheet.words
    facts = [
        plan.programme_name,
        plan.area_name or words.say(N_("Seluruh wilayah")),
        words.period(plan.settings.period),
        plan.agency,
    ]
    if plan.settings.due_on:
        facts.append(words.say(N_("tenggat {day}"), day=words.day(plan.settings.due_on)))
    return Markup('<p class="plan-subtitle">{}</p>').format(" · ".join(facts))


def _draw_retry(sheet: Sheet, page: PlanSheet) -> Markup:
    """Lead back to the form that was not taken; what was typed still stands in it."""
    job = page.job
    if job is None or job.state != "failed" or job.args.get("act") != "save":
        return Markup("")
    address = sheet.link(f"{PATH}/{page.plan.id}/settings", {"job": job.id})
    return Markup('<p><a class="button outlined" href="{}">{}</a></p>').format(
        address, sheet.say(N_("Buka lagi isian saya"))
    )


def _draw_returned(sheet: Sheet, page: PlanSheet) -> Markup:
    """Say with which words a draft came back, until something else was done to it."""
    last = page.changes[0] if page.changes else None
    if page.plan.state != "draft" or last is None or last.act != "return":
        return Markup("")
    sentence = sheet.say(
        N_("Dikembalikan oleh {user}, {at}: “{note}”"),
        user=last.user,
        at=sheet.time(last.at),
        note=last.detail.get("note") or "",
    )
    return Markup('<p class="plan-returned">{}</p>').format(sentence)


def _draw_figures(sheet: Sheet, page: PlanSheet) -> Markup:
    plan = page.plan
    if plan.result is None:
        todo = N_(
            "Sasaran belum dihitung. Tekan “Hitung sasaran” untuk melihat siapa yang terpilih."
        )
        return draw_note(sheet.say(todo if sheet.role == "planner" else N_("Belum dihitung.")))
    figures = Markup("").join(
        draw_figure(number, Markup("{}").format(label), note)
        for number, label, note in list_figures(sheet, plan)
    )
    base, served, targets = list_whole(page.coverage)
    if base:
        words = sheet.words
        figures += draw_figure(
            words.percent(100 * (served + targets) / base, 1),
            sheet.say(N_("cakupan dengan rencana ini")),
            sheet.say(N_("sekarang {share}"), share=words.percent(100 * served / base, 1)),
        )
    return Markup('<dl class="plan-figures">{}</dl>').format(figures)


def _draw_own(sheet: Sheet, targets: TargetPage) -> Markup:
    figure = draw_figure(
        sheet.words.number(targets.total), sheet.say(N_("keluarga sasaran di wilayah Anda"))
    )
    return Markup('<dl class="plan-figures">{}</dl>').format(figure)


def _draw_explained(sheet: Sheet, plan: Plan, result: PlanResult) -> Markup:
    """Say why the figures are so, how ties are broken, and what the list can be held against."""
    computed = sheet.say(
        N_(
            "Dihitung {at} menurut aturan program versi {version}; umur dan masa layanan per {day}."
        ),
        at=sheet.time(result.computed_at),
        day=sheet.words.day(result.day),
        version=result.rule_version,
    )
    notes = Markup("").join(
        Markup("<li>{}</li>").format(say_phrase(sheet, describe_note(note)))
        for note in result.notes
    )
    tie = sheet.say(TIE_RULE, lot=plan.settings.name_lot(plan.programme))
    hashed = Markup("")
    if plan.list_hash:
        hashed = Markup('<p class="plan-hash note">{} <code>{}</code></p>').format(
            sheet.say(N_("Sidik daftar (SHA-256):")), plan.list_hash
        )
    body = Markup('{}<p class="note">{}</p><p class="note">{} {}</p>{}').format(
        Markup('<ul class="plan-notes">{}</ul>').format(notes) if notes else Markup(""),
        tie,
        say_sources(result.sources, sheet.words),
        computed,
        hashed,
    )
    return draw_section(sheet.say(N_("Mengapa demikian")), body)


def _draw_compare(sheet: Sheet, page: PlanSheet) -> Markup:
    if not page.others:
        return Markup("")
    options = Markup("").join(
        Markup('<option value="{}">{}</option>').format(number, name)
        for number, name in page.others
    )
    return Markup(
        '<form method="get" action="{}/compare" class="document-form">'
        '<input type="hidden" name="a" value="{}">{}<label>{}<select name="b">{}</select></label>'
        '<button class="button outlined">{}</button></form>'
    ).format(
        PATH,
        page.plan.id,
        draw_language(sheet),
        sheet.say(N_("Bandingkan dengan")),
        options,
        sheet.say(N_("Bandingkan")),
    )
