"""What the pages of data have in common: ledger, freshness, progress, small forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from dashboard.labels_data import FRESHNESS, JOB_STATE, OUTCOME
from dashboard.pages.document import Sheet, Way, draw_document, draw_token
from dashboard.ways import list_rooms
from db.jobs import Job
from db.queries.batches import LEDGER
from db.queries.review import REVIEWERS
from db.queries.verification import VERIFIERS
from geo.text import N_

READERS = ("planner", "village_operator", "task_unit")
"""Roles with a desk of data."""
POSITION_ROLES = ("planner", "task_unit", "village_operator", "local")
"""Roles that work at the desk of positions."""

_DESKS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "/data": (N_("Kiriman"), READERS),
    "/data/review": (N_("Tinjau"), REVIEWERS),
    "/data/verification": (N_("Verifikasi"), VERIFIERS),
    "/data/positions": (N_("Mutu posisi"), POSITION_ROLES),
    "/data/sources": (N_("Sumber"), READERS),
}
"""The desks: what each is called, and who works there."""
_CURRENT = Markup(' aria-current="page"')
_SIGN = {"fresh": "●", "amber": "◐", "red": "○"}


def draw_data_page(
    sheet: Sheet,
    title: str,
    body: Markup,
    *,
    styles: Iterable[str] = (),
    module: str | None = None,
) -> str:
    """Draw a page of data: its styles, and the ways between the desks."""
    return draw_document(
        sheet,
        title,
        draw_desks(sheet) + body,
        ways=list_ways(sheet),
        styles=("data.css", *styles),
        module=module,
    )


def list_ways(sheet: Sheet) -> list[Way]:
    """Return the ways to the map and to the pages beside it that are open to the reader's role."""
    rooms = (Way(sheet.link(room.path), room.title) for room in list_rooms(sheet.role))
    return [Way(sheet.link("/"), N_("Peta")), *rooms]


def draw_desks(sheet: Sheet) -> Markup:
    """Draw the ways between the desks of the data; nothing where only one is open."""
    links = [
        Markup('<a href="{0}"{1}>{2}</a>').format(
            sheet.link(path), _CURRENT if sheet.path == path else "", sheet.say(title)
        )
        for path, (title, roles) in _DESKS.items()
        if sheet.role in roles
    ]
    if len(links) < 2:
        return Markup("")
    return Markup('<nav class="desk-ways" aria-label="{0}">{1}</nav>').format(
        sheet.say(N_("Meja data")), Markup("").join(links)
    )


def draw_section(heading: Markup, content: Markup) -> Markup:
    """Draw a part of a page under its heading."""
    return Markup('<section class="data-part"><h2>{0}</h2>{1}</section>').format(heading, content)


def draw_note(sentence: Markup) -> Markup:
    """Draw a remark."""
    return Markup('<p class="note">{0}</p>').format(sentence)


def draw_fault(sentence: Markup) -> Markup:
    """Draw what went wrong, so that it is read out at once."""
    return Markup('<p class="form-error" role="alert">{0}</p>').format(sentence)


def draw_form(sheet: Sheet, path: str, content: Markup, *, kind: str = "document-form") -> Markup:
    """Draw a form that changes something; it carries the token it needs."""
    return Markup('<form method="post" action="{0}" class="{1}">{2}{3}</form>').format(
        sheet.link(path), kind, draw_token(sheet), content
    )


def draw_submit(label: Markup, *, name: str = "", value: str = "", kind: str = "primary") -> Markup:
    """Draw a button that sends its form."""
    more = Markup(' name="{0}" value="{1}"').format(name, value) if name else Markup("")
    return Markup('<button class="button {0}"{1}>{2}</button>').format(kind, more, label)


def draw_select(
    sheet: Sheet, name: str, label: str, choices: Mapping[str, str], chosen: str | None = None
) -> Markup:
    """Draw a choice; its labels are to be translated."""
    options = Markup("").join(
        Markup('<option value="{0}"{1}>{2}</option>').format(
            key, Markup(" selected") if key == chosen else "", sheet.say(text)
        )
        for key, text in choices.items()
    )
    return Markup('<label>{0}<select name="{1}">{2}</select></label>').format(
        sheet.say(label), name, options
    )


def draw_freshness(sheet: Sheet, freshness: str) -> Markup:
    """Draw how fresh data are: by word and sign, and by colour besides."""
    return Markup(
        '<span class="freshness {0}"><span aria-hidden="true">{1}</span> {2}</span>'
    ).format(freshness, _SIGN[freshness], sheet.say(FRESHNESS[freshness]))


def draw_ledger(sheet: Sheet, read: int, counts: Mapping[str, int]) -> Markup:
    """Draw the account of a file: a bar, and every figure beside its name."""
    number = sheet.words.number
    bar = Markup("").join(
        Markup('<span class="{0}" style="flex-grow:{1}"></span>').format(name, counts[name])
        for name in LEDGER
        if counts[name]
    )
    figures = Markup("").join(
        Markup('<div class="{0}"><dt>{1}</dt><dd>{2}</dd></div>').format(
            name, sheet.say(OUTCOME[name]), number(counts[name])
        )
        for name in LEDGER
    )
    total = Markup('<div class="read"><dt>{0}</dt><dd>{1}</dd></div>').format(
        sheet.say(N_("Baris dibaca")), number(read)
    )
    return Markup(
        '<div class="ledger"><div class="ledger-bar" aria-hidden="true">{0}</div>'
        "<dl>{1}{2}</dl></div>"
    ).format(bar, total, figures)


def draw_status(sheet: Sheet, job: Job | None, path: str, said: Markup) -> Markup:
    """Draw how the job fares that was just asked for; the page looks again until it is over.

    Parameters
    ----------
    sheet
        What the page is drawn with.
    job
        None where nothing was asked for.
    path
        Under which its state can be asked.
    said
        What there is to say of it.
    """
    watched, look = Markup(""), ""
    if job is not None and not job.is_over:
        watched = Markup(' data-job="{}" data-reload').format(sheet.link(f"{path}/{job.id}"))
    if job is not None and job.state in ("failed", "cancelled"):
        look = " alarm"
    return Markup(
        '<div id="desk-status" role="status" aria-live="polite" class="desk-status{}"{}>{}</div>'
    ).format(look, watched, said)


def draw_progress(sheet: Sheet, job: Job) -> Markup:
    """Draw how far a job is, in words beside the bar."""
    label = sheet.say(JOB_STATE[job.state])
    if job.rows_total:
        done = min(job.rows_done, job.rows_total)
        bar = Markup('<progress max="{0}" value="{1}" aria-label="{2}"></progress>').format(
            job.rows_total, done, label
        )
    else:
        bar = Markup('<progress aria-label="{0}"></progress>').format(label)
    words = Markup('<output aria-live="polite">{0}</output>').format(describe_progress(sheet, job))
    return Markup('<div class="job-progress">{0}{1}</div>').format(bar, words)


def describe_progress(sheet: Sheet, job: Job) -> Markup:
    """Say how far a job is."""
    state = sheet.say(JOB_STATE[job.state])
    if job.state != "running" or not job.rows_done:
        return state
    number = sheet.words.number
    if job.rows_total and job.rows_done < job.rows_total:
        return sheet.say(
            N_("{done} dari sekitar {total} baris diperiksa"),
            done=number(job.rows_done),
            total=number(job.rows_total),
        )
    return sheet.say(
        N_("{done} baris diperiksa; sedang dicocokkan dan disimpan"), done=number(job.rows_done)
    )
