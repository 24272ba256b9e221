"""The page of gaps: need beside aid, per programme and per area, drawn by the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from dashboard.auth.bounds import is_inside
from dashboard.labels import KIND
from dashboard.pages.data_parts import draw_select, list_ways
from dashboard.pages.document import Sheet, draw_button, draw_document, draw_language
from dashboard.pages.gaps_table import draw_area_table, draw_matrix
from dashboard.standing import say_sources, say_standing
from db.queries.areas import AreaItem, Place
from db.queries.gaps import Gaps, RuledProgramme
from db.queries.sources import SourceNote
from geo.gaps import SENTENCES, TITLES, UNITS, Cells, add_cells
from geo.text import N_
from geo.view import GAP_CELLS, View

PATH = "/gaps"
FILES = (("csv", "CSV"), ("xlsx", "Excel (XLSX)"))


@dataclass(frozen=True, slots=True)
class Matrix:
    """What stands on the page.

    Attributes
    ----------
    view
        Its area is looked at; its filters say which households count.
    place
        The area; None is everything that is loaded.
    own_area
        The area that the viewer is confined to.
    programmes
        All of them, with what is known of their rules.
    chosen
        The programme whose areas are listed; None where there is no programme.
    areas
        The parts of the area, or of the one above it where it has none.
    gaps
        Cells of the parts, by area and programme; of the desa itself where the area is one.
    everyone
        How many households were looked at, by area.
    rule_day
        The day for which the rules were evaluated.
    sources
        Of the register.
    """

    view: View
    place: Place | None
    own_area: str | None
    programmes: tuple[RuledProgramme, ...]
    chosen: RuledProgramme | None
    areas: tuple[AreaItem, ...]
    gaps: Gaps
    everyone: Mapping[str, int]
    rule_day: date | None
    sources: tuple[SourceNote, ...]

    @property
    def is_desa(self) -> bool:
        """Whether the area has no parts."""
        return self.place is not None and self.place.level == "desa"

    @property
    def total(self) -> int:
        """How many households were looked at in the whole area."""
        return sum(self.everyone.values())

    def sum_cells(self, programme: str) -> Cells:
        """Return the cells of a programme in the whole area."""
        return add_cells([of_area[programme] for of_area in self.gaps.values()])

    def query(self, **changed: object) -> dict[str, object]:
        """Return the query of this page with some of it changed; None takes a part out."""
        chosen = self.chosen.code if self.chosen else None
        query: dict[str, object] = {"area": self.view.area, "programme": chosen, **changed}
        return {name: value for name, value in query.items() if value is not None}


def draw_gaps(sheet: Sheet, matrix: Matrix) -> str:
    """Draw the page."""
    say = sheet.words.say
    title = say(N_("Kesenjangan bantuan, {place}"), place=name_place(sheet, matrix))
    parts = [_draw_crumbs(sheet, matrix), _draw_chooser(sheet, matrix)]
    if matrix.total and matrix.programmes:
        parts += [
            _draw_lead(sheet, matrix),
            _draw_meanings(sheet),
            draw_matrix(sheet, matrix),
            _draw_origin(sheet, matrix),
            draw_area_table(sheet, matrix),
        ]
    else:
        parts.append(_draw_nothing(sheet, matrix))
    body = Markup("\n").join(parts)
    return draw_document(sheet, title, body, ways=list_ways(sheet), styles=("gaps.css",))


def name_place(sheet: Sheet, matrix: Matrix) -> str:
    """Return the name of the area with its kind."""
    if matrix.place is None:
        return sheet.words.say(N_("seluruh wilayah"))
    return f"{sheet.words.say(KIND[matrix.place.kind])} {matrix.place.name}"


def _draw_crumbs(sheet: Sheet, matrix: Matrix) -> Markup:
    """Draw the way up: each area above, as far as the viewer may look."""
    place, own = matrix.place, matrix.own_area
    if place is None:
        return Markup("")
    above = [(code, name) for code, name, _ in place.parents[:-1] if is_inside(code, own)]
    steps = [
        Markup('<li><a href="{0}">{1}</a></li>').format(
            sheet.link(PATH, matrix.query(area=code)), name
        )
        for code, name in above
    ]
    if own is None:
        whole = sheet.link(PATH, matrix.query(area=None))
        all_of_it = sheet.say(N_("Semua wilayah"))
        steps.insert(0, Markup('<li><a href="{0}">{1}</a></li>').format(whole, all_of_it))
    if not steps:
        return Markup("")
    here = Markup('<li aria-current="page">{0}</li>').format(place.name)
    return Markup('<nav class="crumbs" aria-label="{0}"><ol>{1}{2}</ol></nav>').format(
        sheet.say(N_("Jejak wilayah")), Markup("").join(steps), here
    )


def _draw_chooser(sheet: Sheet, matrix: Matrix) -> Markup:
    """Draw the form that leads to another area or programme."""
    here = matrix.view.area or ""
    areas = {here: name_place(sheet, matrix)}
    areas |= {one.code: one.name for one in matrix.areas if one.code != here}
    programmes = {one.code: one.name for one in matrix.programmes}
    chosen = matrix.chosen.code if matrix.chosen else ""
    return Markup(
        '<form method="get" action="{0}" class="document-form">{1}{2}{3}'
        '<button class="button primary">{4}</button></form>'
    ).format(
        PATH,
        draw_language(sheet),
        draw_select(sheet, "area", N_("Wilayah"), areas, here),
        draw_select(sheet, "programme", N_("Program yang dirinci"), programmes, chosen),
        sheet.say(N_("Tampilkan")),
    )


def _draw_lead(sheet: Sheet, matrix: Matrix) -> Markup:
    sentence = N_(
        "{count} keluarga miskin. Klik angka untuk membuka keluarganya di peta dan daftar; klik"
        " persen untuk melihat sebarannya per wilayah."
    )
    if matrix.is_desa:
        sentence = N_(
            "{count} keluarga miskin. Klik angka untuk membuka keluarganya di peta dan daftar."
        )
    return Markup("<p>{0}</p>").format(sheet.say(sentence, count=sheet.words.number(matrix.total)))


def _draw_meanings(sheet: Sheet) -> Markup:
    meanings = Markup("").join(
        Markup('<div class="{0}"><dt>{1}</dt><dd>{2}</dd><dd class="note">{3}</dd></div>').format(
            cell, sheet.say(TITLES[cell]), sheet.say(SENTENCES[cell]), sheet.say(UNITS[cell])
        )
        for cell in GAP_CELLS
    )
    return Markup('<dl class="gap-meanings">{0}</dl>').format(meanings)


def _draw_origin(sheet: Sheet, matrix: Matrix) -> Markup:
    """Say where the figures come from and as of when, and give the files."""
    words = sheet.words
    sentences = (
        say_sources(matrix.sources, words),
        say_standing(matrix.view, matrix.sources, words),
        words.say(
            N_("Umur dan masa layanan dihitung per {day}, dengan versi aturan di samping program."),
            day=words.day(matrix.rule_day),
        ),
    )
    buttons = Markup(" ").join(
        draw_button(
            sheet.link(f"{PATH}.{ending}", matrix.query(programme=None)),
            sheet.say(N_("Unduh {form}"), form=form),
            download="",
        )
        for ending, form in FILES
    )
    return Markup('<p class="source">{0}</p><p class="gap-files">{1}</p>').format(
        " ".join(filter(None, sentences)), buttons
    )


def _draw_nothing(sheet: Sheet, matrix: Matrix) -> Markup:
    if not matrix.programmes:
        sentence = N_("Belum ada program. Perintah “demo” dan impor bantuan membuatnya.")
    elif sheet.role in ("planner", "local"):
        sentence = N_("Belum ada keluarga miskin terdata di wilayah ini. Impor registernya dahulu.")
    else:
        sentence = N_(
            "Belum ada keluarga miskin terdata di wilayah ini. Pilih wilayah lain, atau minta"
            " Bappeda mengimpor registernya."
        )
    way = Markup("")
    if sheet.role == "planner":
        way = Markup("<p>{0}</p>").format(
            draw_button(sheet.link("/data"), sheet.say(N_("Buka halaman data")))
        )
    return Markup('<div class="gap-nothing"><p>{0}</p>{1}</div>').format(sheet.say(sentence), way)
