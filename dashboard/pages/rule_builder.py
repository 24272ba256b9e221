"""The builder of a rule: groups of conditions, each chosen from lists, in an official's words.

It is one form. Every button sends it to the server, which draws it anew; ``assets/rule.mjs`` only
does so without leaving the page. So it works by keyboard, on a phone, and without JavaScript.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from dashboard.pages.document import Sheet
from dashboard.pages.rule_form import Draft, Reading, Row
from dashboard.pages.rule_rows import KIND_TITLES, draw_parts, title_of
from geo.rules import FIELDS, LISTS, Names
from geo.text import N_

GROUP_TITLES: Mapping[str, str] = {
    "all": N_("Semua harus benar"),
    "any": N_("Salah satu benar"),
    "none": N_("Tidak boleh"),
    "first": N_("Didahulukan"),
}
_GROUP_NOTES: Mapping[str, str] = {
    "all": N_("Keluarga harus memenuhi setiap syarat ini."),
    "any": N_("Cukup satu dari syarat ini terpenuhi."),
    "none": N_("Keluarga yang memenuhi salah satunya tidak masuk."),
    "first": N_("Bukan syarat: siapa yang maju lebih dahulu bila bantuan tidak cukup."),
}
_OTHERS = N_("Kebutuhan, bantuan, anggota")


def without_own(names: Names, programme: str) -> Names:
    """Leave a programme out: its own rule may not name it."""
    others = {code: name for code, name in names.programmes.items() if code != programme}
    return Names(others, names.needs)


def draw_builder(
    sheet: Sheet,
    draft: Draft,
    names: Names,
    reading: Reading | None = None,
    *,
    groups: Sequence[str] = LISTS,
) -> Markup:
    """Draw the rows of a draft; it stands inside a form.

    Parameters
    ----------
    sheet
        What it is drawn with.
    draft
        As it was filled in.
    names
        Of what a rule may name.
    reading
        Whose faults stand beside their rows; None where nobody asked yet.
    groups
        Which of `geo.rules.LISTS` are offered.
    """
    drawn = Markup("\n").join(
        _draw_group(sheet, group, draft.groups.get(group, ()), names, reading) for group in groups
    )
    return Markup('<div id="rule-builder" class="rule-builder">{}</div>').format(drawn)


def draw_first_button(sheet: Sheet) -> Markup:
    """Draw the button that the enter key presses, before any that adds or removes."""
    return Markup(
        '<button name="act" value="count" class="unseen" tabindex="-1" aria-hidden="true">{}'
        "</button>"
    ).format(sheet.say(N_("Hitung")))


def _draw_group(
    sheet: Sheet, group: str, rows: Sequence[Row], names: Names, reading: Reading | None
) -> Markup:
    faults = reading.row_faults if reading else {}
    drawn = Markup("\n").join(
        _draw_row(sheet, f"{group}.{number}", row, names, sheet.words.say_fault(fault))
        if (fault := faults.get((group, number)))
        else _draw_row(sheet, f"{group}.{number}", row, names)
        for number, row in enumerate(rows)
    )
    listed = Markup('<div class="rule-rows">{}</div>').format(drawn) if rows else Markup("")
    return Markup(
        '<fieldset class="rule-group"><legend>{}</legend><p class="note">{}</p>{}{}</fieldset>'
    ).format(
        sheet.say(GROUP_TITLES[group]),
        sheet.say(_GROUP_NOTES[group]),
        listed,
        _draw_adding(sheet, group),
    )


def _draw_row(sheet: Sheet, name: str, row: Row, names: Names, fault: str = "") -> Markup:
    title = sheet.say(title_of(row.kind))
    return Markup(
        '<div class="rule-row{bad}" role="group" aria-label="{title}" data-row="{name}">'
        '<input type="hidden" name="{name}.kind" value="{kind}">'
        '<span class="rule-title">{title}</span>'
        '<div class="rule-parts">{parts}</div>'
        '<button name="act" value="remove.{name}" class="button square rule-remove"'
        ' aria-label="{remove}" title="{remove}"><span class="icon icon-close" aria-hidden="true">'
        "</span></button>"
        '<p class="rule-fault" id="fault-{name}">{fault}</p></div>'
    ).format(
        bad=" is-faulty" if fault else "",
        title=title,
        name=name,
        kind=row.kind,
        parts=draw_parts(sheet, name, row, names.programmes, names.needs, is_faulty=bool(fault)),
        remove=sheet.say(N_("Hapus syarat: {title}"), title=sheet.words.say(title_of(row.kind))),
        fault=fault,
    )


def _draw_adding(sheet: Sheet, group: str) -> Markup:
    label = sheet.say(N_("Syarat baru di “{group}”"), group=sheet.words.say(GROUP_TITLES[group]))
    return Markup(
        '<div class="rule-add"><label><span class="unseen">{}</span><select name="add.{}">'
        '<option value="">{}</option>{}</select></label>'
        '<button name="act" value="add.{}" class="button outlined">{}<span class="unseen">: {}'
        "</span></button></div>"
    ).format(
        label,
        group,
        sheet.say(N_("Pilih syarat…")),
        _draw_shelves(sheet),
        group,
        sheet.say(N_("Tambah")),
        label,
    )


def _draw_shelves(sheet: Sheet) -> Markup:
    shelves: dict[str, list[tuple[str, str]]] = {}
    for field in FIELDS.values():
        shelves.setdefault(field.group, []).append((field.key, field.title))
    first, *rest = shelves.items()
    return Markup("").join(
        Markup('<optgroup label="{}">{}</optgroup>').format(
            sheet.say(title),
            Markup("").join(
                Markup('<option value="{}">{}</option>').format(kind, sheet.say(text))
                for kind, text in kinds
            ),
        )
        for title, kinds in (first, (_OTHERS, KIND_TITLES.items()), *rest)
    )
