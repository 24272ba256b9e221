"""The review queue: one waiting row at a time, decided by keys or buttons, script or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from dashboard.pages.data_parts import draw_data_page
from dashboard.pages.document import Sheet, draw_language, draw_token
from dashboard.pages.review_case import (
    KIND,
    KIND_SENTENCE,
    draw_comparison,
    draw_content,
    write_name,
)
from dashboard.words import NO_FIGURE
from db.jobs import Job
from db.queries.last_decision import LastDecision
from db.queries.review import Case, CaseKey, Choice
from geo.text import N_

PATH = "/data/review"
DECISION: Mapping[str, str] = {
    "joined": N_("sama"),
    "new": N_("baru"),
    "split": N_("pisah"),
    "dismissed": N_("tidak lagi perlu"),
}
_KEYS = (
    ("1 2 3", N_("memilih calon")),
    ("S", N_("sama: baris ini keluarga calon yang dipilih (juga Enter)")),
    ("B", N_("baru: keluarga yang belum ada di register")),
    ("P", N_("pisah: serumah dengan calon, tetapi keluarga tersendiri")),
    ("L", N_("lewati: putuskan nanti")),
    ("U", N_("urungkan keputusan terakhir")),
    ("?", N_("menampilkan daftar tombol ini")),
)
_BUTTONS = (
    ("joined", "S", N_("Sama"), "primary"),
    ("new", "B", N_("Baru"), "outlined"),
    ("split", "P", N_("Pisah"), "outlined"),
)


@dataclass(frozen=True, slots=True)
class ReviewDesk:
    """What the page shows.

    Attributes
    ----------
    case
        The row that is looked at; None when none waits.
    count
        Rows that wait under the filters.
    choices
        What the queue can be narrowed to.
    following
        The next waiting row; None after the last.
    last
        What the viewer decided last, which can be undone, stored already or not.
    job
        The decision just made.
    refused
        Decisions of the viewer that the worker refused a short while ago.
    is_pending
        Whether a decision on this very row is still being stored.
    """

    case: Case | None
    count: int
    choices: Mapping[str, tuple[Choice, ...]]
    following: CaseKey | None
    last: LastDecision | None
    job: Job | None
    refused: tuple[Job, ...]
    is_pending: bool


def write_key(key: CaseKey) -> str:
    """Write a row as it stands in addresses: ``12-345``."""
    return f"{key.batch}-{key.row}"


def draw_review(sheet: Sheet, desk: ReviewDesk) -> str:
    """Draw the page."""
    body = [
        _draw_status(sheet, desk),
        _draw_filters(sheet, desk),
    ]
    if desk.case is None:
        body.append(_draw_empty(sheet))
    else:
        body.append(_draw_case(sheet, desk, desk.case))
    body.append(_draw_undo(sheet, desk))
    body.append(_draw_keys(sheet))
    title = sheet.words.say(N_("Meja tinjau"))
    return draw_data_page(
        sheet, title, Markup("\n").join(body), styles=("review.css",), module="review.mjs"
    )


def write_job(sheet: Sheet, job: Job) -> Markup:
    """Say how a decision fares."""
    say = sheet.say
    decision = job.args.get("decision")
    key = CaseKey(job.args["batch"], job.args["row"])
    if job.state == "failed":
        link = sheet.link(PATH, {"case": write_key(key)})
        return Markup('{} <a href="{}">{}</a>').format(
            say(N_("Keputusan tidak disimpan: {why}"), why=job.message or ""),
            link,
            say(N_("Lihat barisnya")),
        )
    if decision == "undo":
        text = N_("Keputusan diurungkan.") if job.state == "done" else N_("Mengurungkan…")
        return say(text)
    word = sheet.words.say(DECISION.get(str(decision), ""))
    if job.state == "done":
        return say(N_("Tersimpan: {decision}."), decision=word)
    return say(N_("Menyimpan: {decision}…"), decision=word)


def _draw_status(sheet: Sheet, desk: ReviewDesk) -> Markup:
    lines = [write_job(sheet, desk.job)] if desk.job else []
    lines += [write_job(sheet, job) for job in desk.refused if job != desk.job]
    lines = list(dict.fromkeys(lines))
    watched = ""
    if desk.job and not desk.job.is_over:
        watched = Markup(' data-job="{}"').format(sheet.link(f"{PATH}/jobs/{desk.job.id}"))
        if desk.is_pending:
            watched += Markup(" data-reload")
    state = (
        "alarm" if any(job.state == "failed" for job in (desk.job, *desk.refused) if job) else ""
    )
    text = Markup("<br>").join(lines)
    return Markup(
        '<p id="desk-status" role="status" aria-live="polite" class="desk-status {}"{}>{}</p>'
    ).format(state, watched, text)


def _draw_filters(sheet: Sheet, desk: ReviewDesk) -> Markup:
    say = sheet.say
    words = sheet.words
    kinds = [Choice(key, words.say(name)) for key, name in KIND.items()]
    batches = [
        replace(one, name=one.name or words.say(N_("Berkas nomor {batch}"), batch=one.key))
        for one in desk.choices["batch"]
    ]
    selects = (
        _draw_select(sheet, "batch", N_("Berkas"), batches),
        _draw_select(sheet, "kind", N_("Jenis"), kinds),
        _draw_select(sheet, "area", N_("Desa"), desk.choices["area"]),
    )
    count = say(N_("{count} baris menunggu"), count=sheet.words.number(desk.count))
    return Markup(
        '<form method="get" action="{}" class="document-form">{}{}'
        '<button class="button outlined">{}</button>'
        '<p class="desk-count" id="desk-count">{}</p></form>'
    ).format(PATH, draw_language(sheet), Markup("").join(selects), say(N_("Saring")), count)


def _draw_select(sheet: Sheet, name: str, title: str, choices: Iterable[Choice]) -> Markup:
    asked = sheet.asked.get(name)
    options = [Markup('<option value="">{}</option>').format(sheet.say(N_("Semua")))]
    options += [
        Markup('<option value="{}"{}>{}{}</option>').format(
            one.key,
            Markup(" selected") if one.key == asked else "",
            one.name,
            "" if one.count is None else f" ({sheet.words.number(one.count)})",
        )
        for one in choices
    ]
    return Markup('<label>{}<select name="{}">{}</select></label>').format(
        sheet.say(title), name, Markup("").join(options)
    )


def _draw_case(sheet: Sheet, desk: ReviewDesk, case: Case) -> Markup:
    kind = case.candidates[0].kind if case.candidates else "match"
    is_open = case.decision is None and not desk.is_pending and bool(case.candidates)
    chosen = case.candidates[0].household if is_open else None
    heading = Markup('<h2 id="case" tabindex="-1">{}</h2><p class="case-kind">{}</p>').format(
        write_name(case), sheet.say(KIND_SENTENCE.get(kind, KIND_SENTENCE["match"]))
    )
    comparison = draw_comparison(sheet, case, chosen)
    if is_open:
        hidden = Markup('<input type="hidden" name="case" value="{}">').format(write_key(case.key))
        action = sheet.link(f"{PATH}/decide", _filters(sheet))
        comparison = Markup('<form method="post" action="{}" id="decide">{}{}{}{}</form>').format(
            action, draw_token(sheet), hidden, comparison, _draw_buttons(sheet, desk)
        )
    else:
        heading += _write_decided(sheet, desk, case)
        comparison += _draw_onward(sheet, desk)
    return Markup('<article class="review-case">{}{}{}</article>').format(
        heading, comparison, draw_content(sheet, case)
    )


def _write_decided(sheet: Sheet, desk: ReviewDesk, case: Case) -> Markup:
    if desk.is_pending:
        text = sheet.say(N_("Keputusan Anda atas baris ini sedang disimpan."))
    elif case.decision is None:
        text = sheet.say(N_("Calonnya di luar wilayah kerja Anda; Bappeda yang memutuskan."))
    else:
        text = sheet.say(
            N_("Sudah diputuskan: {decision}, oleh {user}, {at}."),
            decision=sheet.words.say(DECISION.get(case.decision, case.decision)),
            user=case.decided_by or "",
            at=sheet.time(case.decided_at) if case.decided_at else "",
        )
    return Markup('<p class="case-decided">{}</p>').format(text)


def _draw_buttons(sheet: Sheet, desk: ReviewDesk) -> Markup:
    buttons = [
        Markup(
            '<button name="decision" value="{}" data-key="{}" class="button {}">{} <kbd>{}</kbd>'
            "</button>"
        ).format(decision, key.lower(), look, sheet.say(title), key)
        for decision, key, title, look in _BUTTONS
    ]
    return Markup('<div class="review-buttons">{}{}</div>').format(
        Markup("").join(buttons), _draw_skip(sheet, desk, N_("Lewati"))
    )


def _draw_onward(sheet: Sheet, desk: ReviewDesk) -> Markup:
    return Markup('<div class="review-buttons">{}</div>').format(
        _draw_skip(sheet, desk, N_("Baris berikutnya"))
    )


def _draw_skip(sheet: Sheet, desk: ReviewDesk, title: str) -> Markup:
    """Draw the way to the next row; after the last one it leads to the first that waits."""
    where = {"case": write_key(desk.following)} if desk.following else {}
    return Markup('<a class="button outlined" data-key="l" href="{}">{} <kbd>L</kbd></a>').format(
        sheet.link(PATH, _filters(sheet) | where), sheet.say(title)
    )


def _draw_undo(sheet: Sheet, desk: ReviewDesk) -> Markup:
    if desk.last is None:
        return Markup("")
    label = sheet.say(
        N_("Urungkan: {decision}, {name}"),
        decision=sheet.words.say(DECISION[desk.last.decision]),
        name=desk.last.name or NO_FIGURE,
    )
    return Markup(
        '<form method="post" action="{}" class="review-undo">{}'
        '<input type="hidden" name="case" value="{}">'
        '<button class="button outlined" data-key="u">{} <kbd>U</kbd></button></form>'
    ).format(
        sheet.link(f"{PATH}/undo", _filters(sheet)),
        draw_token(sheet),
        write_key(desk.last.key),
        label,
    )


def _draw_empty(sheet: Sheet) -> Markup:
    narrowed = any(name in sheet.asked for name in ("batch", "kind", "area"))
    advice = (
        N_("Tidak ada yang menunggu di saringan ini.")
        if narrowed
        else N_("Semua sudah diputuskan. Berkas berikutnya mengisi meja ini lagi.")
    )
    return Markup('<div class="empty"><h2 id="case" tabindex="-1">{}</h2><p>{}</p>{}</div>').format(
        sheet.say(N_("Tidak ada baris yang menunggu")),
        sheet.say(advice),
        Markup('<a class="button" href="{}">{}</a>').format(
            sheet.link(PATH), sheet.say(N_("Tampilkan semua"))
        )
        if narrowed
        else "",
    )


def _draw_keys(sheet: Sheet) -> Markup:
    lines = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(
            Markup(" ").join(Markup("<kbd>{}</kbd>").format(key) for key in keys.split()),
            sheet.say(meaning),
        )
        for keys, meaning in _KEYS
    )
    return Markup(
        '<details id="desk-keys" class="desk-keys"><summary>{} <kbd>?</kbd></summary>'
        "<dl>{}</dl></details>"
    ).format(sheet.say(N_("Tombol papan ketik")), lines)


def _filters(sheet: Sheet) -> dict[str, object]:
    return {name: sheet.asked[name] for name in ("batch", "kind", "area") if name in sheet.asked}
