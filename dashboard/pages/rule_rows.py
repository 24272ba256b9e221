"""The controls of one condition: how its field compares, and with what."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from dashboard.pages.document import Sheet
from dashboard.pages.rule_form import Row
from geo.rules import FIELDS, MEMBER_PARTS, Field
from geo.rules.fields import MOST_MEMBERS, MOST_YEARS
from geo.text import N_

KIND_TITLES: Mapping[str, str] = {
    "need": N_("Punya kebutuhan"),
    "aid": N_("Sudah menerima"),
    "no_aid": N_("Belum menerima"),
    "member": N_("Ada anggota keluarga"),
}
_NUMBER_OPS: Mapping[str, str] = {
    "<=": N_("paling tinggi"),
    ">=": N_("paling rendah"),
    "=": N_("tepat"),
    "!=": N_("bukan"),
    "in": N_("salah satu dari"),
}
_CHOICE_OPS: Mapping[str, str] = {"=": N_("adalah"), "!=": N_("bukan")}
_USUAL = ("age_min", "age_max", "sex", "schooling")
"""What is asked of a member most; the rest lies folded until it is."""


def title_of(kind: str) -> str:
    """Return what a kind of condition is called, to be translated."""
    return KIND_TITLES.get(kind) or FIELDS[kind].title


def draw_parts(
    sheet: Sheet,
    name: str,
    row: Row,
    programmes: Mapping[str, str],
    needs: Mapping[str, str],
    *,
    is_faulty: bool = False,
) -> Markup:
    """Draw the controls of a row.

    Parameters
    ----------
    sheet
        What they are drawn with.
    name
        What the names of its fields begin with.
    row
        As it was filled in.
    programmes, needs
        Code to name, in the reader's language.
    is_faulty
        Whether its sentence of refusal stands below it.
    """
    pen = _Pen(sheet, name, row, is_faulty)
    match row.kind:
        case "need":
            return pen.select("value", N_("Kebutuhan"), needs, empty=N_("Pilih…"))
        case "aid" | "no_aid":
            programme = pen.select("value", N_("Program"), programmes, empty=N_("Pilih…"))
            return programme + _draw_years(pen)
        case "member":
            return _draw_member(pen)
    return _draw_field(pen)


class _Pen:
    """Draws the controls of one row; each knows its label and what is wrong with its row."""

    def __init__(self, sheet: Sheet, name: str, row: Row, is_faulty: bool) -> None:
        self.sheet = sheet
        self.row = row
        self._name = name
        self._aria = Markup(' aria-describedby="fault-{}"').format(name)
        if is_faulty:
            self._aria += Markup(' aria-invalid="true"')

    def select(
        self,
        part: str,
        label: str,
        choices: Mapping[str, str],
        *,
        empty: str = "",
        is_named: bool = False,
    ) -> Markup:
        """Draw a choice; its label is for ears only, unless it is named."""
        chosen = self.row.get(part)
        known = dict(choices)
        if chosen and chosen not in known:
            known[chosen] = chosen  # what is not known any more is refused, not hidden
        first = (
            Markup('<option value="">{}</option>').format(self.sheet.say(empty)) if empty else ""
        )
        options = Markup("").join(
            Markup('<option value="{}"{}>{}</option>').format(
                key, Markup(" selected") if key == chosen else "", self.sheet.say(text)
            )
            for key, text in known.items()
        )
        return self._label(
            label,
            Markup('<select name="{}.{}"{}>{}{}</select>').format(
                self._name, part, self._aria, first, options
            ),
            is_named=is_named,
        )

    def number(
        self, part: str, label: str, *, unit: str = "", most: int = 0, is_named: bool = False
    ) -> Markup:
        """Draw the field of a number, with its unit behind it."""
        limit = Markup(' max="{}"').format(most) if most else Markup("")
        field = Markup(
            '<input type="number" min="0" inputmode="numeric" name="{}.{}" value="{}"{}{}>{}'
        ).format(
            self._name,
            part,
            self.row.get(part),
            limit,
            self._aria,
            Markup(' <span class="unit">{}</span>').format(self.sheet.say(unit)) if unit else "",
        )
        return self._label(label, field, is_named=is_named)

    def numbers(self, part: str, label: str, unit: str) -> Markup:
        """Draw the field of several numbers."""
        field = Markup(
            '<input type="text" inputmode="numeric" pattern="[0-9,; ]*" name="{}.{}" value="{}"'
            ' placeholder="1, 2, 3" autocomplete="off"{}>{}'
        ).format(
            self._name,
            part,
            self.row.get(part),
            self._aria,
            Markup(' <span class="unit">{}</span>').format(self.sheet.say(unit)) if unit else "",
        )
        return self._label(label, field, is_named=False)

    def marks(self, part: str, choices: Mapping[str, str]) -> Markup:
        """Draw boxes of which several may be ticked."""
        chosen = self.row.texts.get(part, ())
        known = dict(choices) | {key: key for key in chosen if key not in choices}
        boxes = Markup("").join(
            self._box(part, key, text, key in chosen) for key, text in known.items()
        )
        return Markup('<div class="rule-marks">{}</div>').format(boxes)

    def mark(self, part: str, label: str) -> Markup:
        """Draw a box of its own."""
        return self._box(part, "1", label, bool(self.row.get(part)))

    def _box(self, part: str, value: str, label: str, is_ticked: bool) -> Markup:
        return Markup(
            '<label class="rule-mark"><input type="checkbox" name="{}.{}" value="{}"{}{}>'
            "<span>{}</span></label>"
        ).format(
            self._name,
            part,
            value,
            Markup(" checked") if is_ticked else "",
            self._aria,
            self.sheet.say(label),
        )

    def _label(self, label: str, field: Markup, *, is_named: bool) -> Markup:
        look = "rule-label" if is_named else "unseen"
        return Markup('<label><span class="{}">{}</span>{}</label>').format(
            look, self.sheet.say(label), field
        )


def _draw_field(pen: _Pen) -> Markup:
    field = FIELDS[pen.row.kind]
    compare = N_("Perbandingan")
    if field.kind == "number":
        op = pen.select("op", compare, _NUMBER_OPS)
        if pen.row.get("op") == "in":
            return op + pen.numbers("value", N_("Nilai"), field.unit)
        return op + pen.number("value", N_("Nilai"), unit=field.unit, most=field.maximum)
    return pen.select("op", compare, _CHOICE_OPS) + pen.marks("value", field.choices or {})


def _draw_years(pen: _Pen) -> Markup:
    number = pen.number("years", N_("Tahun terakhir; kosong berarti kapan pun"), most=MOST_YEARS)
    before, after = pen.sheet.say(N_("dalam")), pen.sheet.say(N_("tahun terakhir"))
    hint = pen.sheet.say(N_("kosong: kapan pun"))
    return Markup(
        '<span class="rule-years"><span aria-hidden="true">{}</span>{}'
        '<span aria-hidden="true">{} <span class="note">({})</span></span></span>'
    ).format(before, number, after, hint)


def _draw_member(pen: _Pen) -> Markup:
    drawn = {key: _draw_part(pen, part) for key, part in MEMBER_PARTS.items()}
    drawn["at_least"] = pen.number(
        "at_least", N_("Sedikitnya"), unit=N_("orang"), most=MOST_MEMBERS, is_named=True
    )
    marks = [drawn.pop(key) for key, part in MEMBER_PARTS.items() if part.kind == "flag"]
    usual = [drawn.pop(key) for key in _USUAL]
    is_asked = any(pen.row.get(key) not in ("", "1") for key in drawn)
    return Markup(
        '<div class="rule-member">{}</div><div class="rule-marks">{}</div>'
        '<details class="rule-more"{}><summary>{}</summary><div class="rule-member">{}</div>'
        "</details>"
    ).format(
        Markup("").join(usual),
        Markup("").join(marks),
        Markup(" open") if is_asked else "",
        pen.sheet.say(N_("Syarat lain tentang orang ini")),
        Markup("").join(drawn.values()),
    )


def _draw_part(pen: _Pen, part: Field) -> Markup:
    if part.kind == "number":
        return pen.number(part.key, part.title, unit=part.unit, most=part.maximum, is_named=True)
    if part.kind == "choice":
        return pen.select(
            part.key, part.title, part.choices or {}, empty=N_("apa saja"), is_named=True
        )
    return pen.mark(part.key, part.title)
