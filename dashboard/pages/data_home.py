"""The page of data: sources and how fresh they are, what came in last, and the way for more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from dashboard.labels_data import BATCH_KIND, FILE_KIND, JOB_KIND, SOURCE_KIND
from dashboard.pages.data_parts import (
    draw_data_page,
    draw_form,
    draw_freshness,
    draw_ledger,
    draw_note,
    draw_progress,
    draw_section,
    draw_select,
    draw_submit,
)
from dashboard.pages.document import Head, Sheet, draw_paging, draw_table
from dashboard.uploads import ENDINGS, MAX_FILE_BYTES, MAX_PIECE_BYTES, Upload
from db.jobs import Job
from db.queries.batches import Batch, BatchPage, SourceState
from geo.freshness import age_in_days, judge_freshness, limits_of
from geo.text import N_

_SOURCE_HEADS = (
    Head(N_("Sumber")),
    Head(N_("Jenis")),
    Head(N_("Keadaan per"), "moment"),
    Head(N_("Umur (hari)"), "number"),
    Head(N_("Kesegaran")),
)
_BATCH_HEADS = (
    Head(N_("Kiriman"), "number"),
    Head(N_("Berkas"), "long"),
    Head(N_("Jenis")),
    Head(N_("Sumber")),
    Head(N_("Waktu"), "moment"),
    Head(N_("Pengirim")),
    Head(N_("Hasil"), "long"),
)


@dataclass(frozen=True, slots=True)
class Home:
    """What the page shows.

    Attributes
    ----------
    sources, batches, jobs, uploads
        As far as its reader may see them.
    waiting
        Rows that wait for review, by batch.
    kinds
        Of files that its reader may bring; empty for those who bring none.
    own_source
        The source that an area's files come under; None lets its reader name one.
    today
        Of the regency.
    is_trial_house
        Whether nothing but invented data is here, as in the demo.
    """

    sources: Sequence[SourceState]
    batches: BatchPage
    jobs: Sequence[Job]
    uploads: Sequence[Upload]
    waiting: Mapping[int, int]
    kinds: Sequence[str]
    own_source: str | None
    today: date
    is_trial_house: bool = False


def draw_home(sheet: Sheet, home: Home) -> str:
    """Draw the page."""
    parts = [_draw_waiting(sheet, home), _draw_jobs(sheet, home)]
    if home.kinds:
        parts.append(draw_section(sheet.say(N_("Kirim berkas")), draw_upload_form(sheet, home)))
        parts.append(_draw_uploads(sheet, home))
    parts += [_draw_batches(sheet, home), _draw_sources(sheet, home)]
    module = "upload.mjs" if home.kinds else None
    title = sheet.words.say(N_("Data"))
    return draw_data_page(sheet, title, Markup("\n").join(parts), module=module)


def draw_upload_form(sheet: Sheet, home: Home) -> Markup:
    """Draw the form of a new file; ``assets/upload.mjs`` sends it in pieces."""
    say = sheet.say
    kinds = {kind: FILE_KIND[kind] for kind in home.kinds}
    texts = {
        "retrying": N_("Sambungan terputus. Mencoba lagi…"),
        "resumed": N_("Unggahan dilanjutkan dari tempat terputus."),
        "checking": N_("Memeriksa isi yang diterima…"),
        "sent": N_("{percent} % terkirim"),
        "stopped": N_("Unggahan dihentikan. Pilih berkas yang sama untuk melanjutkan."),
        "failed": N_("Unggahan gagal. Periksa sambungan, lalu tekan Kirim lagi."),
        "large": N_("Berkas terlalu besar."),
    }
    told = Markup("").join(
        Markup(' data-{0}="{1}"').format(name, say(text)) for name, text in texts.items()
    )
    source = (
        Markup('<p class="note">{0}</p>').format(say(N_("Sumber: {name}"), name=home.own_source))
        if home.own_source
        else _draw_source_field(sheet, home)
    )
    return Markup(
        '<form id="upload-form" class="document-form upload-form" method="post" action="{action}"'
        ' data-csrf="{csrf}" data-piece="{piece}" data-most="{most}"{told}>'
        '<label class="drop-zone">{choose}<span class="note">{limits}</span>'
        '<input type="file" name="file" accept="{accept}" required></label>'
        "{kind}{source}{invented}"
        '<label>{as_of}<input type="date" name="as_of" value="{today}" max="{today}" required>'
        "</label>{button}"
        '<div class="upload-progress" hidden><progress max="100" value="0" aria-label="{label}">'
        '</progress><output aria-live="polite"></output>'
        '<button type="button" class="button outlined" data-stop>{stop}</button></div>'
        '<p class="form-error" role="alert" hidden></p>'
        "<noscript><p>{noscript}</p></noscript></form>"
    ).format(
        action=sheet.link("/data/uploads"),
        csrf=sheet.csrf_token,
        piece=MAX_PIECE_BYTES,
        most=MAX_FILE_BYTES,
        told=told,
        choose=say(N_("Berkas: pilih, atau jatuhkan di sini")),
        limits=say(
            N_("CSV atau Excel, paling besar {limit} MB."), limit=MAX_FILE_BYTES // 1_000_000
        ),
        accept=",".join(ENDINGS),
        kind=draw_select(sheet, "kind", N_("Jenis isi"), kinds),
        source=source,
        invented=_draw_invented(sheet) if home.is_trial_house else "",
        as_of=say(N_("Keadaan per tanggal")),
        today=home.today.isoformat(),
        button=draw_submit(say(N_("Kirim"))),
        label=say(N_("Kemajuan unggahan")),
        stop=say(N_("Hentikan")),
        noscript=say(N_("Halaman ini memerlukan JavaScript untuk mengirim berkas.")),
    )


def _draw_invented(sheet: Sheet) -> Markup:
    """Ask whether the file is invented too: with a real one the demo's buttons stop working."""
    return Markup(
        '<label class="check"><input type="checkbox" name="invented" value="yes"> {0}</label>'
    ).format(sheet.say(N_("Isinya data buatan, untuk mencoba")))


def _draw_source_field(sheet: Sheet, home: Home) -> Markup:
    known = Markup("").join(
        Markup('<option value="{0}"></option>').format(source.name)
        for source in home.sources
        if source.kind != "boundary"
    )
    return Markup(
        '<label>{0}<input name="source" list="known-sources" required maxlength="120"'
        ' autocomplete="off"></label><datalist id="known-sources">{1}</datalist>'
    ).format(sheet.say(N_("Nama sumber, misalnya DTSEN")), known)


def _draw_waiting(sheet: Sheet, home: Home) -> Markup:
    count = sum(home.waiting.values())
    if not count:
        return Markup("")
    return Markup('<p class="waiting"><a class="button outlined" href="{0}">{1}</a></p>').format(
        sheet.link("/data/review"),
        sheet.say(N_("{count} baris menunggu ditinjau"), count=sheet.words.number(count)),
    )


def _draw_jobs(sheet: Sheet, home: Home) -> Markup:
    if not home.jobs:
        return Markup("")
    items = Markup("").join(
        Markup('<li><a href="{0}">{1}</a>{2}</li>').format(
            sheet.link(f"/data/job/{job.id}"),
            sheet.say(JOB_KIND[job.kind]),
            draw_progress(sheet, job),
        )
        for job in home.jobs
    )
    content = Markup('<ul class="plain">{0}</ul>').format(items)
    return draw_section(sheet.say(N_("Sedang berjalan")), content)


def _draw_uploads(sheet: Sheet, home: Home) -> Markup:
    if not home.uploads:
        return Markup("")
    items = Markup("").join(_draw_upload(sheet, upload) for upload in home.uploads)
    content = Markup('<ul class="plain">{0}</ul>').format(items)
    note = draw_note(sheet.say(N_("Yang tidak dimuat dihapus sendiri setelah sehari.")))
    return draw_section(sheet.say(N_("Sudah terunggah, belum dimuat")), content + note)


def _draw_upload(sheet: Sheet, upload: Upload) -> Markup:
    drop = draw_form(
        sheet,
        f"/data/upload/{upload.id}/drop",
        draw_submit(sheet.say(N_("Buang")), kind="outlined"),
    )
    if upload.is_whole:
        name = Markup('<a href="{0}">{1}</a>').format(
            sheet.link(f"/data/upload/{upload.id}"), upload.name
        )
    else:
        name = Markup("{0} <span class='note'>{1}</span>").format(
            upload.name, sheet.say(N_("belum lengkap; pilih berkas yang sama untuk melanjutkan"))
        )
    return Markup("<li>{0}{1}</li>").format(name, drop)


def _draw_batches(sheet: Sheet, home: Home) -> Markup:
    heading = sheet.say(N_("Kiriman terakhir"))
    if not home.batches.batches:
        sentence = sheet.say(
            N_("Belum ada kiriman. Kirim berkas pertama lewat formulir “Kirim berkas”.")
            if home.kinds
            else N_("Belum ada kiriman yang dapat Anda lihat.")
        )
        return draw_section(heading, Markup("<p>{0}</p>").format(sentence))
    rows = [_list_batch_cells(sheet, batch, home) for batch in home.batches.batches]
    table = Markup(draw_table(sheet, N_("Yang terbaru di atas"), _BATCH_HEADS, rows))
    paging = draw_paging(
        sheet, N_("Halaman kiriman"), home.batches.page, has_more=home.batches.has_more
    )
    return draw_section(heading, table + Markup(paging))


def _list_batch_cells(sheet: Sheet, batch: Batch, home: Home) -> tuple[str | None, ...]:
    result = draw_ledger(sheet, batch.read, batch.counts)
    if batch.state == "undone":
        result = draw_note(sheet.say(N_("Dibatalkan"))) + result
    elif home.waiting.get(batch.id):
        result += Markup('<a href="{0}">{1}</a>').format(
            sheet.link("/data/review", {"batch": batch.id}),
            sheet.say(
                N_("{count} baris menunggu ditinjau"),
                count=sheet.words.number(home.waiting[batch.id]),
            ),
        )
    return (
        Markup('<a href="{0}">{1}</a>').format(sheet.link(f"/data/batch/{batch.id}"), batch.id),
        batch.file_name,
        sheet.words.say(BATCH_KIND.get(batch.kind, batch.kind)),
        batch.source_name,
        sheet.time(batch.imported_at),
        batch.user,
        result,
    )


def _draw_sources(sheet: Sheet, home: Home) -> Markup:
    heading = sheet.say(N_("Sumber data"))
    if not home.sources:
        sentence = sheet.say(N_("Belum ada sumber. Berkas pertama yang dimuat membuatnya."))
        return draw_section(heading, Markup("<p>{0}</p>").format(sentence))
    rows = [_list_source_cells(sheet, source, home.today) for source in home.sources]
    caption = N_("Sumber dan kesegarannya")
    return draw_section(heading, Markup(draw_table(sheet, caption, _SOURCE_HEADS, rows)))


def _list_source_cells(sheet: Sheet, source: SourceState, today: date) -> tuple[str, ...]:
    age = age_in_days(source.as_of, today)
    limits = limits_of(source.kind, source.amber_days, source.red_days)
    name = source.name
    if source.is_synthetic:
        name = f"{name} ({sheet.words.say(N_('data sintetis'))})"
    return (
        name,
        sheet.words.say(SOURCE_KIND[source.kind]),
        sheet.words.day(source.as_of),
        sheet.words.number(max(age, 0)),
        draw_freshness(sheet, judge_freshness(age, limits)),
    )
