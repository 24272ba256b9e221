"""The targets of a plan with what became of each, and the form that records it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from dashboard.pages.data_parts import draw_note, draw_section, draw_select, draw_submit
from dashboard.pages.document import Head, Sheet, draw_paging, draw_table, draw_token, write_address
from dashboard.pages.plan_words import OUTCOME
from db.jobs import Job
from db.plans.delivery import MOST_NOTE
from db.plans.progress import DeliveryLine, DeliveryPage, ProgressLine
from geo.text import N_

RECORDABLE: Mapping[str, str] = {
    **{code: name for code, name in OUTCOME.items() if code},
    "open": N_("Batalkan catatan (belum)"),
}
"""What can be recorded of targets on a page."""
_HEADS = (
    Head(N_("Nomor"), "number"),
    Head(N_("Kepala keluarga")),
    Head(N_("Alamat"), "long"),
    Head(N_("Desa")),
    Head(N_("Nilai bantuan"), "number"),
    Head(N_("Penyaluran"), "long"),
)


@dataclass(frozen=True, slots=True)
class Followup:
    """What the page shows.

    Attributes
    ----------
    path
        Of the page; the forms go to it and to ``<path>/file``, files come from ``<path>.<ending>``.
    whole
        How far the plan is in all that its reader sees; None without targets.
    areas
        How far each area is, late ones first.
    found
        A page of the targets.
    may_record
        Whether its reader may record outcomes now.
    first_day, today
        Between these an outcome can be.
    due_on
        When all should be delivered.
    links_to_card
        Whether a name leads to the household's card.
    files
        Endings of the files that its reader can take along.
    job
        What was just asked for.
    """

    path: str
    whole: ProgressLine | None
    areas: Sequence[ProgressLine]
    found: DeliveryPage
    may_record: bool
    first_day: date | None
    today: date
    due_on: date | None
    links_to_card: bool
    files: Sequence[str]
    job: Job | None = None


def draw_targets(sheet: Sheet, page: Followup) -> Markup:
    """Draw a page of the targets, with the form for whoever may record."""
    if page.whole is None:
        return Markup("")
    parts = [_draw_filter(sheet, page)]
    if page.found.lines:
        table = _draw_table(sheet, page)
        parts.append(_draw_record_form(sheet, page, table) if page.may_record else table)
        label = N_("Halaman daftar sasaran")
        parts.append(
            Markup(draw_paging(sheet, label, page.found.page, has_more=page.found.has_more))
        )
    else:
        parts.append(draw_note(sheet.say(N_("Tidak ada sasaran di sini."))))
    section = draw_section(sheet.say(N_("Daftar sasaran")), Markup("").join(parts))
    return Markup('<div id="targets">{}</div>').format(section)


def _draw_filter(sheet: Sheet, page: Followup) -> Markup:
    left = sheet.asked.get("left")
    area = {"area": sheet.asked["area"]} if "area" in sheet.asked else {}
    choices = ((None, N_("Semua")), ("1", N_("Belum dicatat saja")))
    links = Markup("").join(
        Markup('<a class="button outlined" href="{}#targets"{}>{}</a>').format(
            sheet.link(page.path, {**area, **({"left": value} if value else {})}),
            Markup(' aria-current="page"') if left == value else "",
            sheet.say(title),
        )
        for value, title in choices
    )
    if area:
        everywhere = sheet.link(page.path, {"left": left} if left else {})
        links += Markup('<a class="button outlined" href="{}#targets">{}</a>').format(
            everywhere, sheet.say(N_("Seluruh wilayah"))
        )
    return Markup('<nav class="standing-tabs" aria-label="{}">{}</nav>').format(
        sheet.say(N_("Saring daftar sasaran")), links
    )


def _draw_table(sheet: Sheet, page: Followup) -> Markup:
    heads = (Head(N_("Pilih")), *_HEADS) if page.may_record else _HEADS
    rows = [_draw_line(sheet, page, line) for line in page.found.lines]
    return Markup(draw_table(sheet, N_("Menurut nomor"), heads, rows))


def _draw_line(sheet: Sheet, page: Followup, line: DeliveryLine) -> tuple[str | None, ...]:
    words = sheet.words
    name = Markup("{}").format(line.name)
    if page.links_to_card:
        card = sheet.link("/", {"household": line.household})
        name = Markup('<a href="{}">{}</a>').format(card, line.name)
    if line.nik:
        name += Markup('<small class="id">{}</small>').format(line.nik)
    cells = (
        words.number(line.number),
        name,
        write_address(sheet, line.address, line.rt, line.rw),
        Markup("{}<small>{}</small>").format(line.desa, line.kecamatan or ""),
        words.rupiah(line.amount_idr) if line.amount_idr is not None else None,
        _draw_outcome(sheet, line),
    )
    return (_draw_pick(sheet, line), *cells) if page.may_record else cells


def _draw_pick(sheet: Sheet, line: DeliveryLine) -> Markup:
    label = sheet.words.say(N_("Pilih {name}"), name=line.name)
    return Markup(
        '<label class="standing-pick"><input type="checkbox" name="target" value="{}"'
        ' aria-label="{}"></label>'
    ).format(line.household, label)


def _draw_outcome(sheet: Sheet, line: DeliveryLine) -> Markup:
    if line.outcome is None:
        return Markup('<span class="note">{}</span>').format(sheet.say(OUTCOME[""]))
    told = ", ".join(
        filter(None, (sheet.words.day(line.outcome_on), line.outcome_by, line.outcome_note))
    )
    return Markup("<strong>{}</strong><small>{}</small>").format(
        sheet.say(OUTCOME[line.outcome]), told
    )


def _draw_record_form(sheet: Sheet, page: Followup, table: Markup) -> Markup:
    say = sheet.say
    fields = Markup(
        '<fieldset class="standing-form"><legend class="unseen">{}</legend>'
        '<label class="pick-all" hidden><span>{}</span><input type="checkbox" id="pick-all">'
        '</label>{}<label>{}<input type="date" name="on" required value="{}"{} max="{}"></label>'
        '<label class="wide">{}<input name="note" maxlength="{}" autocomplete="off"></label>{}'
        "</fieldset>"
    ).format(
        say(N_("Catat hasil sasaran yang dicentang")),
        say(N_("Semua di halaman ini")),
        draw_select(sheet, "outcome", N_("Hasil"), RECORDABLE, "delivered"),
        say(N_("Tanggal")),
        page.today.isoformat(),
        Markup(' min="{}"').format(page.first_day.isoformat()) if page.first_day else "",
        page.today.isoformat(),
        say(N_("Catatan (boleh kosong)")),
        MOST_NOTE,
        draw_submit(say(N_("Catat yang dicentang"))),
    )
    kept: dict[str, object] = {
        name: sheet.asked[name] for name in ("area", "left", "page") if name in sheet.asked
    }
    return Markup('<form method="post" action="{}" id="deliver">{}{}{}</form>').format(
        sheet.link(page.path, kept), draw_token(sheet), fields, table
    )
