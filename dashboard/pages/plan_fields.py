"""The fields of a plan's settings, each with its label, its hint and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from dashboard.pages.document import Sheet
from dashboard.pages.plan_values import LONGEST_NAME, Values
from dashboard.pages.plan_words import CRITERION, RANKING, SPLIT, VILLAGES
from geo.errors import MapError
from geo.text import N_

LABELS: Mapping[str, str] = {
    "name": N_("Nama rencana"),
    "programme": N_("Program"),
    "area": N_("Wilayah"),
    "period": N_("Periode penyaluran"),
    "due_on": N_("Tenggat"),
    "quota": N_("Kuota"),
    "budget": N_("Anggaran"),
    "unit_cost": N_("Biaya per keluarga"),
    "ranking": N_("Urutan"),
    **{f"weight_{name}": title for name, title in CRITERION.items()},
    "puts_first": N_("Dahulukan menurut aturan program"),
    "split": N_("Pembagian antardesa"),
    "floor": N_("Paling sedikit per desa"),
    "most": N_("Paling banyak per desa"),
    "villages": N_("Untuk"),
    "lot": N_("Benih undian"),
}
_HINTS: Mapping[str, str] = {
    "period": N_("2026, 2026-S1, 2026-Q3, atau 2026-05."),
    "due_on": N_("Boleh kosong."),
    "quota": N_("Keluarga. Boleh kosong bila ada anggaran."),
    "budget": N_("Rupiah. Boleh kosong bila ada kuota."),
    "unit_cost": N_("Rupiah; diisi dari program, boleh diubah."),
    "floor": N_("Keluarga."),
    "most": N_("Keluarga; kosong berarti tanpa batas."),
    "puts_first": N_(
        "Yang disebut “dahulukan” dalam aturan program berada di atas semua yang lain."
    ),
    "lot": N_("Menentukan undian di antara yang sama. Boleh kosong."),
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the selects of the form offer.

    Attributes
    ----------
    programmes
        Code, name and unit cost in rupiah (empty where unknown).
    kecamatan
        Code and name of each, with its desa: code and name.
    """

    programmes: tuple[tuple[str, str, str], ...]
    kecamatan: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a form, and with which of its fields; "" is none in particular."""

    error: MapError
    field: str = ""


def draw_fields(sheet: Sheet, values: Values, choices: Choices, fault: Fault | None) -> Markup:
    """Draw the fields of the form, in the order in which a plan is thought out."""
    draw = _Drawing(sheet, values, fault)
    place = (
        draw.text("name", required="", maxlength=str(LONGEST_NAME)),
        draw.field("programme", _draw_programmes(draw, choices)),
        draw.field("area", _draw_areas(draw, choices)),
        draw.text("period", required="", maxlength="7"),
        draw.text("due_on", type="date"),
    )
    money = (
        draw.text("quota", inputmode="numeric", maxlength="12"),
        draw.text("budget", inputmode="numeric", maxlength="24"),
        draw.text("unit_cost", inputmode="numeric", maxlength="18"),
    )
    weights = (draw.text(f"weight_{name}", type="number", min="0", max="100") for name in CRITERION)
    order = (
        draw.choice("ranking", RANKING),
        Markup('<div class="plan-weights">{}</div>').format(Markup("").join(weights)),
        draw.box("puts_first"),
        draw.text("lot", maxlength="80"),
    )
    share = (
        draw.choice("villages", VILLAGES),
        draw.choice("split", SPLIT),
        draw.text("floor", inputmode="numeric", maxlength="7"),
        draw.text("most", inputmode="numeric", maxlength="7"),
    )
    return Markup("").join(
        (
            draw.group(N_("Program, wilayah, dan waktu"), place),
            draw.group(N_("Berapa keluarga, dengan uang berapa"), money),
            draw.group(N_("Siapa lebih dahulu"), order),
            draw.group(N_("Pembagian antardesa"), share),
        )
    )


@dataclass(frozen=True, slots=True)
class _Drawing:
    sheet: Sheet
    values: Values
    fault: Fault | None

    def group(self, legend: str, fields: Iterable[Markup]) -> Markup:
        return Markup('<fieldset class="plan-group"><legend>{}</legend>{}</fieldset>').format(
            self.sheet.say(legend), Markup("").join(fields)
        )

    def field(self, name: str, control: Markup) -> Markup:
        return Markup('<label class="plan-field plan-{}"><span>{}</span>{}{}</label>').format(
            name.replace("_", "-"), self.sheet.say(LABELS[name]), control, self._draw_hint(name)
        )

    def text(self, name: str, **attributes: str) -> Markup:
        known = {"type": "text", "autocomplete": "off", **attributes}
        control = Markup('<input name="{}" value="{}"{}{}>').format(
            name, self.values.get(name, ""), self.mark(name), _write(known)
        )
        return self.field(name, control)

    def choice(self, name: str, choices: Mapping[str, str]) -> Markup:
        chosen = self.values.get(name, "")
        options = Markup("").join(
            draw_option(key, self.sheet.say(title), chosen) for key, title in choices.items()
        )
        return self.field(name, self.select(name, options))

    def select(self, name: str, options: Markup) -> Markup:
        return Markup('<select name="{}"{}>{}</select>').format(name, self.mark(name), options)

    def box(self, name: str) -> Markup:
        checked = Markup(" checked") if self.values.get(name) else ""
        return Markup(
            '<label class="plan-field check"><input type="checkbox" name="{}" value="yes"{}>'
            "<span>{}{}</span></label>"
        ).format(name, checked, self.sheet.say(LABELS[name]), self._draw_hint(name))

    def mark(self, name: str) -> Markup:
        """Say that a field is the wrong one."""
        if self.fault is None or self.fault.field != name:
            return Markup("")
        return Markup(' aria-invalid="true" aria-describedby="plan-fault"')

    def _draw_hint(self, name: str) -> Markup:
        hint = _HINTS.get(name)
        return Markup("<small>{}</small>").format(self.sheet.say(hint)) if hint else Markup("")


def draw_option(key: str, title: str, chosen: str | None, **attributes: str) -> Markup:
    """Draw a choice of a select; the title is in the reader's language."""
    mark = Markup(" selected") if key == chosen else ""
    more = _write(attributes)
    return Markup('<option value="{}"{}{}>{}</option>').format(key, mark, more, title)


def _draw_programmes(draw: _Drawing, choices: Choices) -> Markup:
    chosen = draw.values.get("programme", "")
    first = draw_option("", draw.sheet.say(N_("Pilih program")), chosen)
    options = Markup("").join(
        draw_option(code, name, chosen, data_cost=cost) for code, name, cost in choices.programmes
    )
    return draw.select("programme", first + options)


def _draw_areas(draw: _Drawing, choices: Choices) -> Markup:
    sheet, chosen = draw.sheet, draw.values.get("area", "")
    options = [draw_option("", sheet.say(N_("Seluruh wilayah")), chosen)]
    for code, name, desas in choices.kecamatan:
        whole = draw_option(
            code, sheet.words.say(N_("Kecamatan {name}, seluruhnya"), name=name), chosen
        )
        inside = Markup("").join(draw_option(one, title, chosen) for one, title in desas)
        options.append(
            Markup('<optgroup label="{}">{}{}</optgroup>').format(
                sheet.words.say(N_("Kecamatan {name}"), name=name), whole, inside
            )
        )
    return draw.select("area", Markup("").join(options))


def _write(attributes: Mapping[str, str]) -> Markup:
    return Markup("").join(
        Markup(' {}="{}"').format(name.replace("_", "-"), value)
        for name, value in attributes.items()
    )
