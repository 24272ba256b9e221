"""Verification: the households of a village or kecamatan, and what was decided on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from dashboard import labels
from dashboard.pages.data_parts import draw_data_page
from dashboard.pages.document import Head, Sheet, draw_paging, draw_table, draw_token, write_address
from db.jobs import Job
from db.queries.verification import StandingLine, StandingPage
from db.registers.acts import TRANSITIONS
from geo.text import N_
from geo.view import STATUSES

PATH = "/data/verification"
BECOMES: Mapping[str, str] = {
    "verified": N_("{count} keluarga menjadi terverifikasi menurut {decree}, {day}."),
    "rejected": N_("{count} keluarga menjadi ditolak menurut {decree}, {day}."),
    "graduated": N_("{count} keluarga menjadi lulus menurut {decree}, {day}."),
    "unverified": N_("{count} keluarga kembali belum diverifikasi menurut {decree}, {day}."),
}
STUCK = N_(
    "{count} keluarga berstatus “{old}” tidak dapat menjadi “{new}”. Lepaskan pilihannya, atau"
    " pilih keputusan lain."
)
"""Why households can't become what is asked, and what to do."""
_ACTIONS: Mapping[str, str] = {
    "verified": N_("Terverifikasi"),
    "rejected": N_("Ditolak"),
    "graduated": N_("Lulus"),
    "unverified": N_("Kembali belum diverifikasi"),
}
_HEADS = (
    Head(N_("Pilih")),
    Head(N_("Kepala keluarga")),
    Head(N_("Alamat")),
    Head(N_("Desa")),
    Head(N_("Desil"), "number"),
    Head(N_("Anggota"), "number"),
    Head(N_("Status")),
    Head(N_("SK terakhir")),
    Head(N_("Sumber")),
)


@dataclass(frozen=True, slots=True)
class StandingDesk:
    """What the page shows.

    Attributes
    ----------
    found
        One page of the list.
    counts
        Households of each standing, the filter by standing left out.
    desas
        Code and name of the desa to choose from.
    today
        No decree is of a later day.
    job
        The decision just made.
    """

    found: StandingPage
    counts: Mapping[str, int]
    desas: tuple[tuple[str, str], ...]
    today: date
    job: Job | None


def draw_verification(sheet: Sheet, desk: StandingDesk) -> str:
    """Draw the list with its form."""
    body = [_draw_status(sheet, desk.job), _draw_tabs(sheet, desk)]
    body.append(_draw_filters(sheet, desk))
    if desk.found.lines:
        body.append(_draw_list(sheet, desk))
        label = N_("Halaman daftar")
        paging = draw_paging(sheet, label, desk.found.page, has_more=desk.found.has_more)
        body.append(Markup(paging))
    else:
        body.append(_draw_empty(sheet))
    return draw_standing_page(sheet, sheet.words.say(N_("Verifikasi")), body)


def write_job(sheet: Sheet, job: Job) -> Markup:
    """Say how a decision fares."""
    if job.state == "failed":
        return sheet.say(N_("Keputusan tidak disimpan: {why}"), why=job.message or "")
    count = sheet.words.number(len(job.args["households"]))
    if job.state == "done":
        return sheet.say(N_("Tersimpan untuk {count} keluarga."), count=count)
    return sheet.say(N_("Menyimpan untuk {count} keluarga…"), count=count)


def draw_standing_page(sheet: Sheet, title: str, body: Iterable[str]) -> str:
    """Draw a page of this desk."""
    content = Markup("\n").join(body)
    return draw_data_page(sheet, title, content, styles=("review.css",), module="verification.mjs")


def _draw_status(sheet: Sheet, job: Job | None) -> Markup:
    watched = ""
    if job and not job.is_over:
        watched = Markup(' data-job="{}" data-reload').format(sheet.link(f"{PATH}/jobs/{job.id}"))
    look = "alarm" if job and job.state == "failed" else ""
    return Markup(
        '<p id="desk-status" role="status" aria-live="polite" class="desk-status {}"{}>{}</p>'
    ).format(look, watched, write_job(sheet, job) if job else "")


def _draw_tabs(sheet: Sheet, desk: StandingDesk) -> Markup:
    asked = sheet.asked.get("status")
    choices: list[tuple[str | None, str, int]] = [(None, N_("Semua"), sum(desk.counts.values()))]
    choices += [(one, labels.STATUS[one], desk.counts.get(one, 0)) for one in STATUSES]
    links = Markup("").join(
        Markup('<a class="button outlined" href="{}"{}>{} ({})</a>').format(
            sheet.link(
                PATH, {**keep_filters(sheet, "status"), **({"status": status} if status else {})}
            ),
            Markup(' aria-current="page"') if status == asked else "",
            sheet.say(title),
            sheet.words.number(count),
        )
        for status, title, count in choices
    )
    label = sheet.say(N_("Status verifikasi"))
    return Markup('<nav class="standing-tabs" aria-label="{}">{}</nav>').format(label, links)


def _draw_filters(sheet: Sheet, desk: StandingDesk) -> Markup:
    say = sheet.say
    hidden = {"status": sheet.asked.get("status")}
    if sheet.words.language != "id":
        hidden["language"] = sheet.words.language
    fields = Markup("").join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
        for name, value in hidden.items()
        if value
    )
    desas = ""
    if len(desk.desas) > 1:
        options = Markup('<option value="">{}</option>').format(say(N_("Semua")))
        options += Markup("").join(
            Markup('<option value="{}"{}>{}</option>').format(
                code, Markup(" selected") if code == sheet.asked.get("area") else "", name
            )
            for code, name in desk.desas
        )
        desas = Markup('<label>{}<select name="area">{}</select></label>').format(
            say(N_("Desa")), options
        )
    return Markup(
        '<form method="get" action="{}" class="document-form">{}<label>{}'
        '<input type="search" name="search" value="{}" maxlength="80"></label>{}'
        '<button class="button outlined">{}</button></form>'
    ).format(
        PATH,
        fields,
        say(N_("Nama, NIK atau nomor KK")),
        sheet.asked.get("search", ""),
        desas,
        say(N_("Cari")),
    )


def _draw_list(sheet: Sheet, desk: StandingDesk) -> Markup:
    rows = [_draw_line(sheet, line) for line in desk.found.lines]
    caption = N_("Keluarga menurut desa, RW, RT, dan nama")
    table = Markup(draw_table(sheet, caption, _HEADS, rows))
    return Markup('<form method="post" action="{}" id="verify">{}{}{}</form>').format(
        sheet.link(PATH, keep_filters(sheet)), draw_token(sheet), _draw_form(sheet, desk), table
    )


def _draw_line(sheet: Sheet, line: StandingLine) -> tuple[str | None, ...]:
    words = sheet.words
    label = words.say(N_("Pilih {name}"), name=line.head_name)
    pick = Markup(
        '<label class="standing-pick"><input type="checkbox" name="household" value="{}"'
        ' data-status="{}" data-name="{}" aria-label="{}"></label>'
    ).format(line.id, line.status, words.say(labels.STATUS[line.status]), label)
    name = Markup('<a href="{}">{}</a>').format(
        sheet.link("/", {"household": line.id}), line.head_name
    )
    decree: str | None = None
    if line.decree_number:
        decree = Markup('<a href="{}">{}</a>').format(
            sheet.link(f"/households/{line.id}/verifications"),
            f"{line.decree_number}, {words.day(line.decree_date)}",
        )
    return (
        pick,
        name,
        write_address(sheet, line.address, line.rt, line.rw),
        line.desa,
        words.number(line.decile),
        words.number(line.member_count),
        words.say(labels.STATUS[line.status]),
        decree,
        words.say(N_("{name}, per {day}"), name=line.source, day=words.day(line.as_of)),
    )


def _draw_form(sheet: Sheet, desk: StandingDesk) -> Markup:
    say = sheet.say
    options = Markup("").join(
        Markup(
            '<option value="{}" data-from="{}" data-effect="{}" data-name="{}">{}</option>'
        ).format(
            status,
            " ".join(old for old, new in TRANSITIONS.items() if status in new),
            sheet.words.say(BECOMES[status]),
            sheet.words.say(labels.STATUS[status]),
            say(title),
        )
        for status, title in _ACTIONS.items()
    )
    return Markup(
        '<fieldset class="standing-form"><legend class="unseen">{}</legend>'
        '<label class="pick-all" hidden><span>{}</span><input type="checkbox" id="pick-all">'
        '</label><label>{}<select name="status">{}</select></label>'
        '<label>{}<input name="decree_number" required maxlength="60" placeholder="188/45/2026"'
        ' autocomplete="off"></label>'
        '<label>{}<input type="date" name="decree_date" required max="{}"></label>'
        '<label class="wide">{}<input name="note" maxlength="300" autocomplete="off"></label>'
        '<button class="button primary">{}</button>'
        '<output id="effect" data-none="{}" data-refused="{}"></output></fieldset>'
    ).format(
        say(N_("Keputusan satgas desa")),
        say(N_("Semua di halaman ini")),
        say(N_("Menjadi")),
        options,
        say(N_("Nomor SK")),
        say(N_("Tanggal SK")),
        desk.today.isoformat(),
        say(N_("Catatan (boleh kosong)")),
        say(N_("Periksa dahulu")),
        say(N_("Belum ada keluarga yang dipilih.")),
        say(STUCK),
    )


def _draw_empty(sheet: Sheet) -> Markup:
    return Markup('<div class="empty"><h2>{}</h2><p>{}</p></div>').format(
        sheet.say(N_("Tidak ada keluarga yang cocok")),
        sheet.say(N_("Pilih status lain, atau kosongkan pencarian.")),
    )


def keep_filters(sheet: Sheet, *without: str) -> dict[str, object]:
    """Return the filters of the page for its links; the page number goes with a filter."""
    names = ("status", "search", "area", "page")
    skipped = (*without, "page") if without else ()
    return {
        name: sheet.asked[name] for name in names if name in sheet.asked and name not in skipped
    }
