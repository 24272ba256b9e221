"""The page of one programme: its rule, the editor of a planner, and how the rule came about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from dashboard.pages.document import Sheet, draw_token
from dashboard.pages.programme_history import draw_changes, draw_history, name_version
from dashboard.pages.programme_list import PATH, draw_glyph, link_eligible
from dashboard.pages.rule_answer import Answer, draw_side
from dashboard.pages.rule_builder import draw_builder, draw_first_button, without_own
from dashboard.pages.rule_frame import draw_rule_page
from dashboard.pages.rule_words import draw_rule, draw_terms, list_changes
from db.queries.programme_facts import ProgrammeFacts
from db.rules import LONGEST_NOTE, MOST_SERVED_YEARS, ProgrammeRule
from geo.errors import MapError
from geo.rules import BASES, Names, Rule
from geo.text import N_

COUNTED = N_("keluarga berhak sekarang")


@dataclass(frozen=True, slots=True)
class Programme:
    """What the page shows.

    Attributes
    ----------
    facts
        Of the programme.
    current
        Its rule as it holds, and what is set beside it.
    versions
        Every version that was saved, the newest first.
    eligible
        Households in the reader's area that fulfil the current rule.
    area
        Where the reader works; None is the whole regency.
    """

    facts: ProgrammeFacts
    current: ProgrammeRule
    versions: Sequence[ProgrammeRule]
    eligible: int | None
    area: str | None


@dataclass(frozen=True, slots=True)
class Edit:
    """The form of a planner, as it was filled in.

    Attributes
    ----------
    answer
        The rule of the form, what it says and how many it means.
    served_years
        As typed; empty is for ever.
    excludes
        Codes of programmes that rule this one out.
    note
        Why.
    base_version
        The version that the edit began from.
    faults
        By field: ``served_years``, ``excludes``, ``note``.
    conflict
        What somebody else saved in the meantime.
    """

    answer: Answer
    served_years: str
    excludes: tuple[str, ...]
    note: str
    base_version: int
    faults: Mapping[str, MapError] = field(default_factory=dict)
    conflict: ProgrammeRule | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What an edit would save."""

    rule: Rule
    served_years: int | None
    excludes: tuple[str, ...]


def terms_of(edit: Edit) -> Terms | None:
    """Return what an edit would save; None while it can't be taken."""
    rule = edit.answer.reading.rule
    if rule is None or "served_years" in edit.faults or "excludes" in edit.faults:
        return None
    years = int(edit.served_years) if edit.served_years else None
    return Terms(rule, years, tuple(sorted(edit.excludes)))


def draw_programme(
    sheet: Sheet, programme: Programme, names: Names, edit: Edit | None, told: str = ""
) -> str:
    """Draw the page.

    Parameters
    ----------
    sheet
        What it is drawn with.
    programme
        What it shows.
    names
        Of what a rule may name.
    edit
        The form; None for those who read only.
    told
        What was done just now; empty for nothing.
    """
    done = Markup('<p class="desk-done" role="status">{}</p>').format(told) if told else Markup("")
    facts = _draw_facts(sheet, programme)
    if edit is None:
        rule = _draw_reading(sheet, programme, names)
    else:
        rule = _draw_conflict(sheet, edit, names) + _draw_form(sheet, programme, edit, names)
    history = draw_history(sheet, programme.versions, names)
    module = "rule.mjs" if edit else None
    return draw_rule_page(sheet, programme.facts.name, done + facts + rule + history, module=module)


def _draw_facts(sheet: Sheet, programme: Programme) -> Markup:
    facts, current = programme.facts, programme.current
    say = sheet.say
    given_to = N_("Per keluarga") if facts.given_to == "household" else N_("Per orang")
    lines = [
        (N_("Instansi"), Markup("{} {}").format(draw_glyph(sheet, facts.domain), facts.agency)),
        (N_("Diberikan"), say(given_to)),
        (
            N_("Biaya satuan"),
            Markup("{}<br><span class='note'>{}</span>").format(
                sheet.words.rupiah(facts.unit_cost_idr), facts.unit_cost_note or ""
            ),
        ),
        (N_("Sumber"), Markup("{}").format(facts.source)),
    ]
    if current.rule:
        lines.insert(0, (N_("Aturan"), say(BASES[current.rule.basis])))
    if programme.eligible is not None:
        count = link_eligible(sheet, facts.code, programme.area, programme.eligible)
        lines.insert(0, (N_("Berhak menurut aturan yang berlaku"), count))
    drawn = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(say(title), text)
        for title, text in lines
    )
    return Markup('<dl class="rule-facts">{}</dl>').format(drawn)


def _draw_reading(sheet: Sheet, programme: Programme, names: Names) -> Markup:
    rule = programme.current.rule
    if rule is None:
        sentence = sheet.say(N_("Program ini belum punya aturan. Bappeda yang menyusunnya."))
        return Markup('<div class="empty"><p>{}</p></div>').format(sentence)
    return Markup('<section class="rule-read"><h2>{}</h2>{}{}</section>').format(
        sheet.say(N_("Siapa yang berhak")),
        draw_rule(sheet, rule, names),
        draw_terms(sheet, programme.current, names),
    )


def _draw_form(sheet: Sheet, programme: Programme, edit: Edit, names: Names) -> Markup:
    path = f"{PATH}/{programme.facts.code}"
    others = without_own(names, programme.facts.code)
    main = draw_builder(sheet, edit.answer.draft, others, edit.answer.reading)
    main += _draw_served(sheet, edit) + _draw_excludes(sheet, edit, others.programmes)
    side = draw_side(sheet, edit.answer, others, _draw_saving(sheet, edit))
    return Markup(
        '<form method="post" action="{}" id="rule-form" class="rule-form" data-count="{}"'
        ' data-away="{}" novalidate>{}{}<input type="hidden" name="base_version" value="{}">'
        '<div class="rule-main">{}</div>{}</form>'
    ).format(
        sheet.link(path),
        sheet.link(f"{path}/count"),
        sheet.say(N_("Sambungan terputus; hitungan menyusul begitu tersambung lagi.")),
        draw_token(sheet),
        draw_first_button(sheet),
        edit.conflict.version if edit.conflict else edit.base_version,
        main,
        side,
    )


def _draw_served(sheet: Sheet, edit: Edit) -> Markup:
    return Markup(
        '<fieldset class="rule-group"><legend>{}</legend><p class="note">{}</p>'
        '<label class="rule-years"><span>{}</span><input type="number" name="served_years" min="1"'
        ' max="{}" inputmode="numeric" value="{}"> <span>{}</span></label>{}</fieldset>'
    ).format(
        sheet.say(N_("Lama dianggap dilayani")),
        sheet.say(N_("Kosongkan bila yang pernah menerima tidak menerima lagi.")),
        sheet.say(N_("Menerima dalam")),
        MOST_SERVED_YEARS,
        edit.served_years,
        sheet.say(N_("tahun terakhir")),
        _draw_field_fault(sheet, edit, "served_years"),
    )


def _draw_excludes(sheet: Sheet, edit: Edit, programmes: Mapping[str, str]) -> Markup:
    boxes = Markup("").join(
        Markup(
            '<label class="rule-mark"><input type="checkbox" name="excludes" value="{}"{}>'
            "<span>{}</span></label>"
        ).format(code, Markup(" checked") if code in edit.excludes else "", name)
        for code, name in programmes.items()
    )
    return Markup(
        '<fieldset class="rule-group"><legend>{}</legend><p class="note">{}</p>'
        '<div class="rule-marks">{}</div>{}</fieldset>'
    ).format(
        sheet.say(N_("Tidak bersama program ini")),
        sheet.say(N_("Keluarga yang menerima keduanya ditandai menerima dobel.")),
        boxes,
        _draw_field_fault(sheet, edit, "excludes"),
    )


def _draw_saving(sheet: Sheet, edit: Edit) -> Markup:
    save = N_("Simpan sebagai versi baru")
    if edit.conflict:
        save = N_("Simpan isian saya di atasnya")
    return Markup(
        '<label class="rule-note"><span>{}</span><textarea name="note" rows="3" maxlength="{}">{}'
        '</textarea></label>{}<button name="act" value="save" class="button primary">{}</button>'
    ).format(
        sheet.say(N_("Alasan perubahan")),
        LONGEST_NOTE,
        edit.note,
        _draw_field_fault(sheet, edit, "note"),
        sheet.say(save),
    )


def _draw_field_fault(sheet: Sheet, edit: Edit, name: str) -> Markup:
    fault = edit.faults.get(name)
    if fault is None:
        return Markup("")
    return Markup('<p class="rule-fault" role="alert">{}</p>').format(sheet.words.say_fault(fault))


def _draw_conflict(sheet: Sheet, edit: Edit, names: Names) -> Markup:
    theirs = edit.conflict
    if theirs is None:
        return Markup("")
    told = sheet.say(
        N_(
            "{name} menyimpan versi {version}, sementara Anda mengubah versi {base}."
            " Belum ada yang disimpan dari isian Anda; semuanya masih ada di bawah."
        ),
        name=theirs.saved_by,
        version=theirs.version,
        base=edit.base_version,
    )
    mine = terms_of(edit)
    changes = Markup("")
    if mine:
        drawn = draw_changes(sheet, list_changes(sheet, theirs, mine, names))
        changes = Markup("<h3>{}</h3>{}").format(
            sheet.say(N_("Yang berubah bila isian Anda disimpan")), drawn
        )
    return Markup(
        '<section class="rule-conflict" role="alert"><h2>{}</h2><p>{}</p>{}{}'
        '<p><a href="{}">{}</a></p></section>'
    ).format(
        sheet.say(N_("Aturan ini sudah diubah orang lain")),
        told,
        name_version(sheet, theirs),
        changes,
        sheet.link(sheet.path),
        sheet.say(N_("Buang isian saya, baca versi {version}"), version=theirs.version),
    )
