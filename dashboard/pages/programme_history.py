"""How the rule of a programme came about: versions, who saved them, and what each changed."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.pages.document import Sheet
from dashboard.pages.rule_words import Change, list_changes
from db.rules import ProgrammeRule
from db.viewer import LOCAL_VIEWER
from geo.rules import Names
from geo.text import N_


def draw_history(sheet: Sheet, versions: Sequence[ProgrammeRule], names: Names) -> Markup:
    """Draw the versions, the newest first, each with what it changed."""
    if not versions:
        return Markup("")
    before = [*versions[1:], None]
    items = Markup("\n").join(
        _draw_version(sheet, version, older, names)
        for version, older in zip(versions, before, strict=True)
    )
    return Markup('<section class="rule-history"><h2>{}</h2><ol>{}</ol></section>').format(
        sheet.say(N_("Riwayat")), items
    )


def name_version(sheet: Sheet, version: ProgrammeRule) -> Markup:
    """Say which version it is, who saved it, when, and why."""
    note = Markup("<q>{}</q>").format(version.note) if version.note else Markup("")
    return Markup('<p class="rule-version"><strong>{}</strong> <span>{}</span> {}</p>').format(
        sheet.say(N_("Versi {version}"), version=version.version), say_saving(sheet, version), note
    )


def say_saving(sheet: Sheet, version: ProgrammeRule) -> Markup:
    """Say who saved a version and when."""
    if version.saved_at is None:
        return Markup("")
    time = sheet.time(version.saved_at)
    name = version.saved_by if version.saved_by != LOCAL_VIEWER.user else "Kentongan"
    return sheet.say(N_("{name}, {time}"), name=name, time=time)


def draw_changes(sheet: Sheet, changes: Sequence[Change]) -> Markup:
    """Draw what is new and what fell away, told by word and sign as well as by look."""
    if not changes:
        return Markup('<p class="note">{}</p>').format(sheet.say(N_("Isinya sama.")))
    lines = Markup("").join(
        Markup(
            '<li><{tag}><span aria-hidden="true">{sign}</span>'
            '<span class="unseen">{word}: </span>{text}</{tag}></li>'
        ).format(
            tag=Markup("ins") if change.is_new else Markup("del"),
            sign="+" if change.is_new else "−",
            word=sheet.say(N_("Ditambah") if change.is_new else N_("Dihapus")),
            text=change.text,
        )
        for change in changes
    )
    return Markup('<ul class="rule-changes">{}</ul>').format(lines)


def _draw_version(
    sheet: Sheet, version: ProgrammeRule, older: ProgrammeRule | None, names: Names
) -> Markup:
    what = Markup("")
    if older:
        changes = list_changes(sheet, older, version, names)
        what = Markup("<details><summary>{}</summary>{}</details>").format(
            sheet.say(N_("Beda dengan versi {version}"), version=older.version),
            draw_changes(sheet, changes),
        )
    return Markup("<li>{}{}</li>").format(name_version(sheet, version), what)
