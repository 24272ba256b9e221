"""The list of the panel: areas or households, sorted by their headers, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dash import html

from dashboard.components.cells import (
    attributes,
    draw_glyph,
    draw_icon,
    hide_from_eyes,
    link,
    write_cell,
)
from dashboard.labels import KIND, STATUS
from dashboard.state import href, with_sort
from dashboard.words import Words, words_of
from db.queries.catalogue import ProgrammeItem
from db.queries.households import PAGE_SIZE
from geo.text import N_
from geo.view import DOMAINS, View
from layers import Layer, Rows


def draw_area_list(
    view: View, layer: Layer, rows: Rows, *, sees_households: bool = True
) -> list[Any]:
    """Draw one page of the areas of a fill layer; a click looks into one.

    In a desa are households only: who sees none has no way in.
    """
    opens = sees_households or view.level != "desa"
    words = words_of(view.language)
    shown = rows.rows[(view.page - 1) * PAGE_SIZE : view.page * PAGE_SIZE]
    columns = {column.key: column for column in layer.columns}
    sort = view.sort or layer.sort
    heads = [
        _head(view, "name", words.say(N_("Wilayah")), sort, words),
        *(
            _head(view, key, words.say(columns[key].title), sort, words, is_number=True)
            for key in layer.listed
        ),
    ]
    if layer.count_title:
        title = words.say(layer.count_title)
        heads.append(_head(view, "count", title, sort, words, is_number=True))
    body = [_area_row(view, layer, row, words, opens=opens) for row in shown]
    return [
        _table(heads, body, words.say(N_("Wilayah")), words),
        draw_pager(view, rows.total, words),
    ]


def draw_household_list(view: View, rows: Rows, programmes: Sequence[ProgrammeItem]) -> list[Any]:
    """Draw one page of households; a click opens the card."""
    words = words_of(view.language)
    if not rows.total:
        return [draw_no_match(view, words)]
    sort = view.sort or "decile"
    domain_of = {item.code: item.domain for item in programmes}
    heads = [
        _head(view, "head_name", words.say(N_("Kepala keluarga")), sort, words),
        _head(view, "decile", words.say(N_("Desil")), sort, words, is_number=True),
        _head(view, "aid_count", words.say(N_("Bantuan")), sort, words),
    ]
    body = [_household_row(view, row, domain_of, words) for row in rows.rows]
    title = words.say(N_("Keluarga di satu titik")) if view.at else words.say(N_("Keluarga"))
    back = (
        [link(replace(view, at=None, page=1), words.say(N_("Tampilkan semua")))] if view.at else []
    )
    return [_table(heads, body, title, words, back), draw_pager(view, rows.total, words)]


def draw_no_match(view: View, words: Words) -> html.Div:
    """Say what to do when no household matches."""
    advice = (
        N_("Longgarkan saringan, atau hapus semuanya.")
        if view.is_filtered
        else N_("Register belum memuat keluarga miskin di wilayah ini. Impor data dari terminal.")
    )
    clear = link(
        view.without_filters(), words.say(N_("Hapus semua saringan")), className="button primary"
    )
    return html.Div(
        [
            html.H2(words.say(N_("Tidak ada keluarga yang cocok"))),
            html.P(words.say(advice)),
            clear
            if view.is_filtered
            else html.Pre(html.Code("./kentongan import households FILE")),
        ],
        className="empty",
    )


def draw_pager(view: View, total: int, words: Words) -> html.Nav | None:
    """Draw the way to the next and the last page, none when one page holds all."""
    pages = -(-total // PAGE_SIZE)
    if pages <= 1:
        return None
    first = (view.page - 1) * PAGE_SIZE + 1
    text = words.say(
        N_("{first}–{last} dari {total}"),
        first=words.number(first),
        last=words.number(min(view.page * PAGE_SIZE, total)),
        total=words.number(total),
    )
    return html.Nav(
        [
            _step(view, view.page - 1, pages, "previous", words.say(N_("Sebelumnya"))),
            html.Span(text),
            _step(view, view.page + 1, pages, "next", words.say(N_("Berikutnya"))),
        ],
        className="pager",
        **attributes(aria_label=words.say(N_("Halaman daftar"))),
    )


def _step(view: View, page: int, pages: int, icon: str, label: str) -> html.A | html.Span:
    if not 1 <= page <= pages:
        return html.Span(draw_icon(icon), className="button round off")
    target = replace(view, page=page)
    return link(
        target, [draw_icon(icon), hide_from_eyes(label)], className="button round", title=label
    )


def _head(
    view: View, key: str, title: str, sort: str, words: Words, *, is_number: bool = False
) -> html.Th:
    orders = {key: "ascending", f"-{key}": "descending"}
    mark = attributes(aria_sort=orders[sort]) if sort in orders else {}
    hint = words.say(N_("Urutkan menurut {column}"), column=title)
    target = with_sort(view, key, sort)
    return html.Th(
        link(target, [title, draw_icon("sort")], title=hint),
        scope="col",
        className="number" if is_number else "",
        **mark,
    )


def _area_row(
    view: View, layer: Layer, row: Mapping[str, Any], words: Words, *, opens: bool
) -> html.Tr:
    columns = {column.key: column for column in layer.columns}
    target = view.descend(row["code"])
    name = [row["name"]]
    if row.get("kind") == "kelurahan":
        name.append(html.Span(words.say(KIND["kelurahan"]), className="tag"))
    cells = [
        html.Th(link(target, name) if opens else name, scope="row"),
        *(
            html.Td(write_cell(columns[key], row[key], words), className="number")
            for key in layer.listed
        ),
    ]
    if layer.count_title:
        cells.append(html.Td(words.number(row["count"]), className="number"))
    way = attributes(data_href=href(target)) if opens else {}
    return html.Tr(cells, **way, **attributes(data_code=row["code"]))


def _household_row(
    view: View, row: Mapping[str, Any], domain_of: Mapping[str, str], words: Words
) -> html.Tr:
    target = replace(view, household=row["id"])
    place = [part for part in (row["desa"], _write_rt(row, words)) if part]
    if row["lon"] is None:
        place.append(words.say(N_("tanpa koordinat")))
    name = [html.Span(row["head_name"], className="row-title")]
    if row["status"] != "verified":
        name.append(html.Span(words.say(STATUS[row["status"]]), className="tag"))
    domains = {domain_of[code] for code in row["aid"] if code in domain_of}
    glyphs = [draw_glyph(domain, words) for domain in DOMAINS if domain in domains]
    none = html.Span(words.say(N_("belum ada")), className="none-yet")
    return html.Tr(
        [
            html.Th(
                [link(target, name), html.Span(", ".join(place), className="row-note")], scope="row"
            ),
            html.Td(words.number(row["decile"]), className="number"),
            html.Td(html.Span(glyphs, className="glyphs") if glyphs else none),
        ],
        **attributes(data_href=href(target), data_household=str(row["id"])),
    )


def _write_rt(row: Mapping[str, Any], words: Words) -> str:
    if not (row["rt"] and row["rw"]):
        return ""
    return words.say(N_("RT {rt}/RW {rw}"), rt=row["rt"], rw=row["rw"])


def _table(
    heads: list[html.Th], body: list[html.Tr], title: str, words: Words, beside: Sequence[Any] = ()
) -> html.Section:
    return html.Section(
        [
            html.Div([html.H2(title), *beside], className="list-head"),
            html.Table(
                [html.Thead(html.Tr(heads)), html.Tbody(body)], **attributes(aria_label=title)
            ),
        ],
        className="listing",
    )
