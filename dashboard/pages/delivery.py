"""Follow-up of a plan: how far each area is, its targets, and the forms that record outcomes.

The same for those who follow a plan and for the agency that its list was handed to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from dashboard.pages.data_parts import (
    draw_note,
    draw_section,
    draw_status,
    draw_submit,
)
from dashboard.pages.delivery_targets import Followup, draw_targets
from dashboard.pages.document import Head, Sheet, draw_button, draw_table, draw_token
from db.jobs import Job
from db.plans.progress import ProgressLine
from geo.text import N_

JOBS = "/deliveries/jobs"
_AREA_HEADS = (
    Head(N_("Wilayah")),
    Head(N_("Sasaran"), "number"),
    Head(N_("Diterima"), "number"),
    Head(N_("% diterima"), "number"),
    Head(N_("Hasil lain"), "number"),
    Head(N_("Belum dicatat"), "number"),
    Head(N_("Keadaan")),
)
_ROW_HEADS = (
    Head(N_("Baris"), "number"),
    Head(N_("Nomor"), "number"),
    Head(N_("Alasan"), "long"),
)


def draw_followup(sheet: Sheet, page: Followup) -> Markup:
    """Draw the parts of the page, in their order."""
    parts = [
        draw_job(sheet, page.job),
        _draw_figures(sheet, page),
        _draw_files(sheet, page),
        _draw_areas(sheet, page),
        draw_targets(sheet, page),
    ]
    return Markup("\n").join(parts)


def draw_job(sheet: Sheet, job: Job | None) -> Markup:
    """Draw how the recording fares that was just asked for."""
    return draw_status(sheet, job, JOBS, write_job(sheet, job) if job else Markup(""))


def write_job(sheet: Sheet, job: Job) -> Markup:
    """Say how a recording fares; of a file that was refused also which rows, and why."""
    result, number = job.result or {}, sheet.words.number
    if job.state == "failed":
        said = sheet.say(N_("Tidak dicatat: {why}"), why=sheet.words.say(job.message or ""))
        return said + _draw_faults(sheet, result.get("rows") or ())
    if job.state == "cancelled":
        return sheet.say(N_("Dihentikan; tidak ada yang berubah."))
    if job.state != "done":
        return sheet.say(N_("Mencatat hasil penyaluran…"))
    if "read" in result:
        return sheet.say(
            N_(
                "{read} baris dibaca: {changed} dicatat, {unchanged} sudah demikian, {empty} belum"
                " diisi."
            ),
            **{name: number(result[name]) for name in ("read", "changed", "unchanged", "empty")},
        )
    return sheet.say(N_("Tercatat untuk {count} sasaran."), count=number(result.get("count", 0)))


def _draw_faults(sheet: Sheet, rows: Sequence[Mapping[str, object]]) -> Markup:
    if not rows:
        return Markup("")
    cells = [
        (str(row["row"]), str(row["number"]), sheet.words.say(str(row["reason"]))) for row in rows
    ]
    return Markup(draw_table(sheet, N_("Baris yang tidak dapat dicatat"), _ROW_HEADS, cells))


def _draw_figures(sheet: Sheet, page: Followup) -> Markup:
    whole, words = page.whole, sheet.words
    if whole is None:
        return draw_note(sheet.say(N_("Tidak ada sasaran di sini.")))
    other = whole.refused + whole.moved + whole.not_found
    of_all = words.say(N_("dari {count} sasaran"), count=words.number(whole.targets))
    due = words.say(N_("tenggat {day}"), day=words.day(page.due_on)) if page.due_on else ""
    late = words.say(N_("terlambat")) if whole.is_late else ""
    figures = (
        (words.percent(whole.delivered_pct, 1), N_("diterima"), of_all),
        (words.number(whole.left_open), N_("belum dicatat"), ", ".join(filter(None, (due, late)))),
        (words.number(other), N_("menolak, pindah, atau tidak ditemukan"), ""),
    )
    drawn = Markup("").join(
        Markup("<div><dd>{}</dd><dt>{}<small>{}</small></dt></div>").format(
            value, sheet.say(label), note
        )
        for value, label, note in figures
    )
    return Markup('<dl class="plan-figures">{}</dl>{}').format(drawn, _draw_origin(sheet, page))


def _draw_origin(sheet: Sheet, page: Followup) -> Markup:
    """Say which list is counted and what tells its outcomes; no list is followed unapproved."""
    if page.first_day is None:
        return Markup("")
    said = sheet.say(
        N_("Sasaran: daftar yang disetujui {approved}. Hasil: catatan penyaluran sampai {today}."),
        approved=sheet.words.day(page.first_day),
        today=sheet.words.day(page.today),
    )
    return Markup('<p class="source">{}</p>').format(said)


def _draw_files(sheet: Sheet, page: Followup) -> Markup:
    titles = {"xlsx": N_("Unduh untuk diisi (Excel)"), "pdf": N_("Lampiran SK (PDF)")}
    buttons = Markup("").join(
        draw_button(sheet.link(f"{page.path}.{ending}"), sheet.say(titles[ending]))
        for ending in page.files
    )
    upload = _draw_upload(sheet, page) if page.may_record else Markup("")
    return Markup('<div class="actions">{}</div>{}').format(buttons, upload)


def _draw_upload(sheet: Sheet, page: Followup) -> Markup:
    note = draw_note(
        sheet.say(
            N_(
                "Isi kolom Hasil, Tanggal, dan Catatan pada berkas unduhan, lalu muat di sini."
                " Bila ada baris yang keliru, tidak satu pun dicatat dan alasannya disebut."
            )
        )
    )
    fields = Markup(
        '<label class="wide">{}<input type="file" name="file" required accept=".xlsx,.csv,.ods">'
        "</label>{}"
    ).format(sheet.say(N_("Berkas yang sudah diisi")), draw_submit(sheet.say(N_("Muat hasil"))))
    form = Markup(
        '<form method="post" action="{}" enctype="multipart/form-data" class="standing-form">'
        "{}{}</form>"
    ).format(sheet.link(f"{page.path}/file"), draw_token(sheet), fields)
    return Markup("<details><summary>{}</summary>{}{}</details>").format(
        sheet.say(N_("Muat hasil dari berkas")), note, form
    )


def _draw_areas(sheet: Sheet, page: Followup) -> Markup:
    if not page.areas:
        return Markup("")
    rows = [_draw_area(sheet, page, line) for line in page.areas]
    table = Markup(
        draw_table(sheet, N_("Yang terlambat dahulu, lalu yang paling banyak belum"),
                   _AREA_HEADS, rows)
    )  # fmt: skip
    return draw_section(sheet.say(N_("Menurut wilayah")), table)


def _draw_area(sheet: Sheet, page: Followup, line: ProgressLine) -> tuple[str, ...]:
    number = sheet.words.number
    name = Markup('<a href="{}#targets">{}</a>').format(
        sheet.link(page.path, {"area": line.area}), line.name
    )
    if line.kecamatan:
        name += Markup("<small>{}</small>").format(line.kecamatan)
    if line.is_late:
        state = Markup('<span class="late"><span aria-hidden="true">!</span> {}</span>').format(
            sheet.say(N_("terlambat"))
        )
    else:
        state = sheet.say(N_("berjalan") if line.left_open else N_("selesai"))
    return (
        name,
        number(line.targets),
        number(line.delivered),
        sheet.words.percent(line.delivered_pct, 1),
        number(line.refused + line.moved + line.not_found),
        number(line.left_open),
        state,
    )
