"""The two tables of the page of gaps: programmes of an area, areas of a programme."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from dashboard.labels import DOMAIN
from dashboard.pages.document import Sheet
from db.queries.areas import AreaItem
from db.queries.gaps import RuledProgramme
from geo.gaps import TITLES, UNITS, Cells, get_share_pct
from geo.text import N_
from geo.view import DOMAINS, GAP_CELLS, View, level_below, level_of

if TYPE_CHECKING:
    from dashboard.pages.gaps import Matrix


@dataclass(frozen=True, slots=True)
class _Row:
    """A programme in an area: its cells, and all households that were looked at there."""

    programme: RuledProgramme
    area: str | None
    cells: Cells
    everyone: int


_ANCHOR = "areas"
_CHILD_TITLE = {
    "kecamatan": N_("{programme} menurut kecamatan"),
    "desa": N_("{programme} menurut desa dan kelurahan"),
}


def draw_matrix(sheet: Sheet, matrix: Matrix) -> Markup:
    """Draw a row for each programme, grouped by the domain of aid."""
    order = sorted(matrix.programmes, key=lambda one: DOMAINS.index(one.domain))
    groups = Markup("").join(
        _draw_domain(sheet, matrix, domain, list(found))
        for domain, found in groupby(order, key=lambda one: one.domain)
    )
    caption = sheet.say(N_("Keluarga menurut program"))
    return _draw_table(sheet, caption, sheet.say(N_("Program")), groups)


def draw_area_table(sheet: Sheet, matrix: Matrix) -> Markup:
    """Draw the parts of the area for the chosen programme, those who leave out most first."""
    if matrix.chosen is None or matrix.is_desa:
        return Markup("")
    code = matrix.chosen.code

    def left_out(area: AreaItem) -> tuple[int, str]:
        cells = matrix.gaps.get(area.code, {}).get(code)
        return -((cells and cells["excluded"]) or 0), area.code

    counted = [area for area in sorted(matrix.areas, key=left_out) if area.code in matrix.gaps]
    rows = Markup("").join(_draw_area_row(sheet, matrix, area) for area in counted)
    title = _CHILD_TITLE[level_below(matrix.view.area)]
    heading = sheet.say(title, programme=matrix.chosen.name)
    caption = sheet.say(N_("Yang paling banyak belum dilayani di atas"))
    body = Markup("<tbody>{0}</tbody>").format(rows)
    table = _draw_table(sheet, caption, sheet.say(N_("Wilayah")), body)
    return Markup('<section id="{0}" class="gap-areas"><h2>{1}</h2>{2}</section>').format(
        _ANCHOR, heading, table
    )


def _draw_table(sheet: Sheet, caption: Markup, first: Markup, bodies: Markup) -> Markup:
    heads = Markup("").join(
        Markup('<th scope="col" class="number">{0} <span class="note">{1}</span></th>').format(
            sheet.say(TITLES[cell]), sheet.say(UNITS[cell])
        )
        for cell in GAP_CELLS
    )
    return Markup(
        '<div class="document-table gap-table" tabindex="0"><table><caption>{0}</caption>'
        '<thead><tr><th scope="col">{1}</th>{2}</tr></thead>{3}</table></div>'
    ).format(caption, first, heads, bodies)


def _draw_domain(
    sheet: Sheet, matrix: Matrix, domain: str, programmes: list[RuledProgramme]
) -> Markup:
    rows = Markup("").join(_draw_programme_row(sheet, matrix, one) for one in programmes)
    return Markup(
        '<tbody><tr class="gap-domain"><th scope="rowgroup" colspan="{0}">'
        '<span class="glyph glyph-{1}" aria-hidden="true"></span>{2}</th></tr>{3}</tbody>'
    ).format(len(GAP_CELLS) + 1, domain, sheet.say(DOMAIN[domain]), rows)


def _draw_programme_row(sheet: Sheet, matrix: Matrix, one: RuledProgramme) -> Markup:
    is_here = matrix.chosen is not None and one.code == matrix.chosen.code
    address = sheet.link("/gaps", matrix.query(programme=one.code))
    name = Markup('<a href="{0}#{1}"{2}>{3}</a><span class="note">{4}</span>').format(
        address,
        _ANCHOR,
        Markup(' aria-current="true"') if is_here else "",
        one.name,
        _say_rule(sheet, one),
    )
    row = _Row(one, matrix.view.area, matrix.sum_cells(one.code), matrix.total)
    return Markup('<tr{0}><th scope="row">{1}</th>{2}</tr>').format(
        Markup(' class="chosen"') if is_here else "", name, _draw_cells(sheet, matrix, row)
    )


def _say_rule(sheet: Sheet, one: RuledProgramme) -> Markup:
    if not one.has_rule:
        return sheet.say(N_("belum punya aturan"))
    version = sheet.words.number(one.rule_version)
    if one.served_years is None:
        return sheet.say(N_("aturan versi {version}; sekali untuk seterusnya"), version=version)
    return sheet.say(
        N_("aturan versi {version}; masa layanan {years} tahun"),
        version=version,
        years=sheet.words.number(one.served_years),
    )


def _draw_area_row(sheet: Sheet, matrix: Matrix, area: AreaItem) -> Markup:
    assert matrix.chosen is not None
    cells = matrix.gaps[area.code][matrix.chosen.code]
    row = _Row(matrix.chosen, area.code, cells, matrix.everyone.get(area.code, 0))
    address = sheet.link("/gaps", matrix.query(area=area.code))
    return Markup('<tr><th scope="row"><a href="{0}">{1}</a></th>{2}</tr>').format(
        address, area.name, _draw_cells(sheet, matrix, row)
    )


def _draw_cells(sheet: Sheet, matrix: Matrix, row: _Row) -> Markup:
    return Markup("").join(_draw_cell(sheet, matrix, row, cell) for cell in GAP_CELLS)


def _draw_cell(sheet: Sheet, matrix: Matrix, row: _Row, cell: str) -> Markup:
    """Draw a count that leads to its households, and a share that leads to its map."""
    view = View(
        layer=f"gap:{cell}",
        area=row.area,
        level="household",
        gap=f"{row.programme.code}:{cell}",
        statuses=matrix.view.statuses,
        language=sheet.words.language,
    )
    title, count = sheet.words.say(TITLES[cell]), row.cells[cell]
    number = sheet.words.number(count)
    label = f"{title}, {row.programme.name}: {number}"
    counted = _link(view, label, number) if count else escape(number)
    share = _draw_share(sheet, view, get_share_pct(row.cells, row.everyone, cell))
    return Markup(
        '<td class="number {0}" data-title="{1}"><span class="gap-cell">{2}{3}</span></td>'
    ).format(cell, title, counted, share)


def _draw_share(sheet: Sheet, view: View, share_pct: float | None) -> Markup:
    if share_pct is None:
        return Markup("")
    written = sheet.words.percent(share_pct, 1)
    share = escape(written)
    if view.area is None or level_of(view.area) != "desa":
        label = f"{written}, {sheet.words.say(N_('sebarannya di peta'))}"
        share = _link(replace(view, level=level_below(view.area)), label, written)
    return Markup(
        '<span class="gap-share"><span class="gap-bar" aria-hidden="true">'
        '<span style="width:{0}%"></span></span>{1}</span>'
    ).format(round(share_pct, 1), share)


def _link(view: View, label: str, text: str) -> Markup:
    return Markup('<a href="/?{0}" aria-label="{1}">{2}</a>').format(view.to_query(), label, text)
