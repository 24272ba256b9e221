"""The page of an uploaded file: what is understood of it, and what to do with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from dashboard import labels
from dashboard.file_preview import FilePreview
from dashboard.labels_data import FIELD, FILE_KIND
from dashboard.pages.data_parts import (
    draw_data_page,
    draw_fault,
    draw_form,
    draw_note,
    draw_section,
    draw_select,
    draw_submit,
)
from dashboard.pages.document import Head, Sheet, draw_table
from dashboard.uploads import Upload
from db.queries.catalogue import NeedItem, ProgrammeItem
from db.registers.suggesting import PreviewRow
from geo.text import N_

_LONGEST_CELL = 60
_NOT_SHOWN = frozenset({"row_number", "shown_lon", "shown_lat"})
_AID = "aid_flags"
VALUE: Mapping[str, str] = {
    **labels.STATUS,
    **labels.SEX,
    **labels.RELATIONSHIP,
    **labels.MATERIAL,
    **labels.WATER,
    **labels.LIGHTING,
    **labels.FUEL,
    **labels.TOILET,
    **labels.HOUSE_OWNERSHIP,
    **labels.LOCATION_SOURCE,
    **labels.AID_STATUS,
}
"""What values that were understood are called."""


def draw_upload(
    sheet: Sheet,
    upload: Upload,
    preview: FilePreview,
    *,
    programmes: Sequence[ProgrammeItem],
    needs: Sequence[NeedItem],
    was_kept: bool,
) -> str:
    """Draw the page.

    Parameters
    ----------
    sheet
        What it is drawn with.
    upload
        The file; its name is its owner's.
    preview
        What is understood of it.
    programmes
        All that there are: a list of aid may be of one, and a register says who gets which.
    needs
        All that there are.
    was_kept
        Whether the columns were mapped before, for another file with this header.
    """
    parts = [_draw_facts(sheet, upload, preview)]
    if preview.fault is not None:
        parts.append(draw_fault(Markup("{0}").format(sheet.words.say_fault(preview.fault))))
    if was_kept:
        note = N_("Kolomnya dipasangkan seperti berkas terdahulu dengan judul yang sama.")
        parts.append(draw_note(sheet.say(note)))
    parts.append(_draw_actions(sheet, upload, preview))
    if programmes and upload.form["kind"] == "aid":
        parts.append(_draw_programme(sheet, upload, programmes))
    parts.append(_draw_mapping(sheet, upload, preview))
    if preview.rows:
        parts.append(_draw_rows(sheet, preview, {_AID: programmes, "needs": needs}))
    return draw_data_page(sheet, upload.name, Markup("\n").join(parts))


def _draw_facts(sheet: Sheet, upload: Upload, preview: FilePreview) -> Markup:
    say = sheet.say
    form = upload.form
    facts = [
        (N_("Jenis isi"), sheet.words.say(FILE_KIND[form["kind"]])),
        (N_("Sumber"), form["source_name"]),
        (N_("Keadaan per"), form["as_of"]),
        (N_("Format"), _name_format(sheet, preview)),
        (N_("Kolom yang dipahami"), str(len(preview.columns))),
    ]
    if preview.unknown:
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
    if preview.fault is not None:
        return Markup('<div class="actions">{0}</div>').format(drop)
    trial = draw_submit(say(N_("Coba dulu")), name="trial", value="yes", kind="outlined")
    load = draw_form(sheet, f"{base}/load", draw_submit(say(N_("Muat"))) + trial)
    hint = draw_note(
        say(N_("“Coba dulu” memeriksa seluruh berkas dan menunjukkan hasilnya tanpa menyimpan."))
    )
    return Markup('<div class="actions">{0}{1}</div>{2}').format(load, drop, hint)


def _draw_programme(sheet: Sheet, upload: Upload, programmes: Sequence[ProgrammeItem]) -> Markup:
    form = upload.form
    choice = draw_select(
        sheet,
        "programme",
        N_("Program, bila daftarnya satu program saja"),
        {"": N_("menurut berkas"), **{one.code: one.name for one in programmes}},
        form.get("programme"),
    )
    period = Markup('<label>{0}<input name="period" value="{1}" maxlength="20"></label>').format(
        sheet.say(N_("Periode, misalnya 2026-S1")), form.get("period") or ""
    )
    button = draw_submit(sheet.say(N_("Pakai program ini")), kind="outlined")
    return draw_form(sheet, f"/data/upload/{upload.id}/programme", choice + period + button)


def _name_format(sheet: Sheet, preview: FilePreview) -> str:
    if preview.fault is not None:
        return sheet.words.say(N_("tidak dikenal"))
    return sheet.words.say(preview.form.title)


def _draw_mapping(sheet: Sheet, upload: Upload, preview: FilePreview) -> Markup:
    say, path = sheet.say, f"/data/upload/{upload.id}/columns"
    formats = {"": N_("kenali sendiri")} | {one.key: one.title for one in preview.formats}
    chosen = upload.form.get("format") or ""
    button = draw_submit(say(N_("Pakai format ini")), kind="outlined")
    by_format = draw_form(
        sheet, path, draw_select(sheet, "format", N_("Format"), formats, chosen) + button
    )
    hidden = Markup('<input type="hidden" name="format" value="{0}">').format(preview.form.key)
    selects = Markup("").join(
        _draw_mapping_choice(one.key, sheet.words.say(one.title), preview)
        for one in preview.form.fields
    )
    button = draw_submit(say(N_("Pakai pasangan ini")), kind="outlined")
    by_column = draw_form(sheet, path, hidden + selects + button)
    is_open = Markup(" open") if preview.fault is not None else ""
    note = draw_note(
        say(N_("Pilih kolom berkas untuk tiap isian. Pasangan ini diingat sesudah dimuat."))
    )
    return Markup('<details class="mapping"{0}><summary>{1}</summary>{2}{3}{4}</details>').format(
        is_open, say(N_("Format dan kolom dengan tangan")), by_format, note, by_column
    )


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


def _draw_rows(
    sheet: Sheet, preview: FilePreview, of_bits: Mapping[str, Sequence[ProgrammeItem | NeedItem]]
) -> Markup:
    keys = [
        key
        for key in dict.fromkeys(key for row in preview.rows for key in row.values)
        if key not in _NOT_SHOWN
    ]
    heads = [
        Head(N_("Baris"), "number"),
        Head(N_("Akan jadi apa"), "long"),
        *(Head(_name_field(key, preview)) for key in keys),
    ]
    rows = [
        (
            str(row.row_number),
            _describe_verdict(sheet, row),
            *(
                _name_bits(row.values.get(key), of_bits[key])
                if key in of_bits
                else _write_value(sheet, row.values.get(key))
                for key in keys
            ),
        )
        for row in preview.rows
    ]
    table = Markup(draw_table(sheet, N_("Baris pertama, seperti dipahami"), heads, rows))
    return draw_section(sheet.say(N_("Pratinjau")), table)


def _describe_verdict(sheet: Sheet, row: PreviewRow) -> str:
    if row.reasons:
        reasons = " ".join(row.reasons)
        return sheet.words.say(N_("Ditolak: {reasons}"), reasons=reasons)
    if row.remarks:
        remarks = "; ".join(row.remarks)
        return sheet.words.say(N_("Lolos dengan catatan: {remarks}"), remarks=remarks)
    return sheet.words.say(N_("Lolos pemeriksaan"))


def _name_field(key: str, preview: FilePreview) -> str:
    if key == _AID:
        return N_("Bantuan menurut register")
    known = preview.form.get_field(key)
    return known.title if known else FIELD.get(key, key)


def _name_bits(flags: Any, known: Sequence[ProgrammeItem | NeedItem]) -> str:
    """Name the programmes or needs whose bits are set; nothing where the row says nothing."""
    if flags is None or flags != flags:
        return ""
    return ", ".join(one.name for one in known if int(flags) >> one.bit & 1)


def _write_value(sheet: Sheet, value: Any) -> str:
    if value is None or value != value:  # nothing, or no number
        return ""
    text = str(value)
    return _cut(sheet.words.say(VALUE[text]) if text in VALUE else text)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"
