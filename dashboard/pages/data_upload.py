"""The page of an uploaded file: what is understood of it, and what to do with it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.file_preview import FilePreview
from dashboard.labels_data import FILE_KIND
from dashboard.pages.data_parts import (
    draw_data_page,
    draw_fault,
    draw_form,
    draw_note,
    draw_section,
    draw_submit,
)
from dashboard.pages.document import Head, Sheet, draw_table
from dashboard.uploads import Upload
from geo.text import N_

_LONGEST_CELL = 60


def draw_upload(sheet: Sheet, upload: Upload, preview: FilePreview, *, was_kept: bool) -> str:
    """Draw the page.

    Parameters
    ----------
    sheet
        What it is drawn with.
    upload
        The file; its name is its owner's.
    preview
        What is understood of it.
    was_kept
        Whether the columns were mapped before, for another file with this header.
    """
    parts = [_draw_facts(sheet, upload, preview)]
    if preview.fault is not None:
        parts.append(draw_fault(Markup("{0}").format(sheet.words.say_fault(preview.fault))))
    if was_kept:
        note = N_("Kolomnya dipasangkan seperti berkas terdahulu dengan judul yang sama.")
        parts.append(draw_note(sheet.say(note)))
    parts += [_draw_actions(sheet, upload, preview), _draw_mapping(sheet, upload, preview)]
    if preview.rows:
        parts.append(_draw_rows(sheet, preview))
    return draw_data_page(sheet, upload.name, Markup("\n").join(parts))


def _draw_facts(sheet: Sheet, upload: Upload, preview: FilePreview) -> Markup:
    say = sheet.say
    form = upload.form
    facts = [
        (N_("Jenis isi"), sheet.words.say(FILE_KIND[form["kind"]])),
        (N_("Sumber"), form["source_name"]),
        (N_("Keadaan per"), form["as_of"]),
        (N_("Format"), preview.format or sheet.words.say(N_("tidak dikenal"))),
        (N_("Kolom yang dipahami"), str(len(preview.columns))),
    ]
    if preview.format and preview.unknown:
        facts.append((N_("Kolom yang tidak dimuat"), ", ".join(_cut(t) for t in preview.unknown)))
    items = Markup("").join(
        Markup("<div><dt>{0}</dt><dd>{1}</dd></div>").format(say(name), value)
        for name, value in facts
    )
    return Markup('<dl class="facts">{0}</dl>').format(items)


def _draw_actions(sheet: Sheet, upload: Upload, preview: FilePreview) -> Markup:
    say = sheet.say
    base = f"/data/upload/{upload.id}"
    drop = draw_form(sheet, f"{base}/drop", draw_submit(say(N_("Buang")), kind="outlined"))
    if preview.fault is not None or preview.format is None:
        return Markup('<div class="actions">{0}</div>').format(drop)
    trial = draw_submit(say(N_("Coba dulu")), name="trial", value="yes", kind="outlined")
    load = draw_form(sheet, f"{base}/load", draw_submit(say(N_("Muat"))) + trial)
    hint = draw_note(
        say(N_("“Coba dulu” memeriksa seluruh berkas dan menunjukkan hasilnya tanpa menyimpan."))
    )
    return Markup('<div class="actions">{0}{1}</div>{2}').format(load, drop, hint)


def _draw_mapping(sheet: Sheet, upload: Upload, preview: FilePreview) -> Markup:
    if not preview.fields:
        return Markup("")
    say = sheet.say
    formats = _draw_formats(sheet, preview)
    selects = Markup("").join(
        _draw_mapping_choice(key, title, preview) for key, title in preview.fields
    )
    form = draw_form(
        sheet,
        f"/data/upload/{upload.id}/columns",
        formats + selects + draw_submit(say(N_("Pakai pasangan ini")), kind="outlined"),
    )
    is_open = Markup(" open") if preview.fault is not None else ""
    return Markup('<details class="mapping"{0}><summary>{1}</summary>{2}{3}</details>').format(
        is_open,
        say(N_("Format dan kolom dengan tangan")),
        draw_note(
            say(N_("Pilih kolom berkas untuk tiap isian. Pasangan ini diingat sesudah dimuat."))
        ),
        form,
    )


def _draw_formats(sheet: Sheet, preview: FilePreview) -> Markup:
    options = Markup("").join(
        Markup('<option value="{0}"{1}>{0}</option>').format(
            key, Markup(" selected") if key == preview.format else ""
        )
        for key in preview.formats
    )
    return Markup(
        '<label>{0}<select name="format"><option value="">{1}</option>{2}</select></label>'
    ).format(sheet.say(N_("Format")), sheet.say(N_("kenali sendiri")), options)


def _draw_mapping_choice(key: str, title: str, preview: FilePreview) -> Markup:
    at = preview.columns.get(key)
    chosen = preview.header[at] if at is not None else preview.suggested.get(key)
    options = Markup("").join(
        Markup('<option value="{0}"{1}>{2}</option>').format(
            column, Markup(" selected") if column == chosen else "", _cut(column)
        )
        for column in dict.fromkeys(preview.header)
        if column.strip()
    )
    return Markup(
        '<label>{0}<select name="field:{1}"><option value=""></option>{2}</select></label>'
    ).format(title, key, options)


def _draw_rows(sheet: Sheet, preview: FilePreview) -> Markup:
    titles = dict(preview.fields)
    keys: Sequence[str] = [key for key in preview.columns if key in titles]
    heads = [Head(N_("Baris"), "number"), *(Head(titles[key]) for key in keys)]
    rows = [
        (str(number), *(_cut(cells.get(key, "")) for key in keys)) for number, cells in preview.rows
    ]
    table = Markup(draw_table(sheet, N_("Baris pertama, seperti dipahami"), heads, rows))
    return draw_section(sheet.say(N_("Pratinjau")), table)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"
