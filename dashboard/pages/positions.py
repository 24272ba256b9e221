"""The desk of positions, drawn by the server: what was found, where, and whom to visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from dashboard.pages.data_parts import draw_desks, list_ways
from dashboard.pages.document import (
    Head,
    Sheet,
    draw_button,
    draw_document,
    draw_paging,
    draw_table,
    draw_token,
)
from dashboard.words import Words
from db.positions import PAGE_SIZE, FaultFilter, FaultLine, PlacedHousehold
from db.queries.areas import AreaItem
from geo.positions import TITLES
from geo.text import N_
from geo.view import View

PATH = "/data/positions"
LAYER = "position_faults"
DONE: Mapping[str, str] = {
    "repair": N_("Perbaikan dijadwalkan. Muat ulang halaman ini sebentar lagi."),
    "dismissed": N_("Temuan ditandai bukan kesalahan."),
    "restored": N_("Temuan kembali ke daftar."),
}
"""What a button did, by the word that stands in the address afterwards."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What stands on the page.

    Attributes
    ----------
    view
        Its area is looked at.
    chosen
        Which findings are listed.
    place
        Name of the area; None is the whole regency.
    areas
        Those inside it.
    counts
        Of the findings that stand, by area and kind, as ``count_position_faults`` gives them.
    households
        How many poor families there are, by area.
    certain_count
        Households whose repair is certain, those that don't count as poor included.
    dismissed_count
        Households with findings that are none.
    listed
        This page of the list.
    total
        Households on all its pages.
    page
        From 1.
    own_area
        The area that the viewer is confined to.
    """

    view: View
    chosen: FaultFilter
    place: str | None
    areas: tuple[AreaItem, ...]
    counts: Mapping[str, Mapping[str, int]]
    households: Mapping[str, Mapping[str, int]]
    certain_count: int
    dismissed_count: int
    listed: tuple[PlacedHousehold, ...]
    total: int
    page: int
    own_area: str | None

    def count(self, kind: str) -> int:
        """Count the households with a kind of finding in the whole area."""
        return sum(of_area.get(kind, 0) for of_area in self.counts.values())

    def query(self, **changed: object) -> dict[str, object]:
        """Return the query of this page with some of it changed; None takes a part out."""
        query: dict[str, object] = {
            "area": self.view.area,
            "kind": self.chosen.kind,
            "dismissed": 1 if self.chosen.dismissed else None,
            **changed,
        }
        return {name: value for name, value in query.items() if value is not None}


def draw_positions(sheet: Sheet, desk: Desk) -> str:
    """Draw the page."""
    title = sheet.words.say(N_("Mutu posisi"))
    done = DONE.get(sheet.asked.get("done", ""))
    body = f"""{draw_desks(sheet)}
{f'<p class="desk-done" role="status">{sheet.say(done)}</p>' if done else ""}
{_draw_headline(sheet, desk)}
{_draw_kinds(sheet, desk)}
{_draw_repair(sheet, desk)}
{_draw_areas(sheet, desk)}
{_draw_list(sheet, desk)}"""
    return draw_document(sheet, title, body, ways=list_ways(sheet))


def write_fault(line: FaultLine, words: Words) -> str:
    """Say what was found, in a sentence for whoever visits the house.

    Distances are kept from some roles; to them it is said without.
    """
    detail = line.detail
    if line.kind == "swapped":
        right = N_("Bujur dan lintang tertukar; bila ditukar kembali, letaknya di desa ini.")
        wrong = N_("Bujur dan lintang tertukar; bila ditukar kembali, letaknya di desa lain.")
        return words.say(right if line.is_certain else wrong)
    metres = detail.get("distance_m", detail.get("accuracy_m"))
    sentences = {
        "missing": N_("Belum ada posisi."),
        "outside_regency": N_("Di luar kabupaten, {distance} dari batasnya."),
        "outside_desa": N_("{distance} dari desanya, di {desa}."),
        "piled": N_("Menumpuk di satu titik bersama {others} keluarga lain."),
        "copied": N_("Koordinatnya sama persis dengan {others} keluarga lain."),
        "inaccurate": N_("Ketelitian alat {distance}."),
    }
    if metres is None:
        sentences |= {
            "outside_regency": N_("Di luar kabupaten."),
            "outside_desa": N_("Di luar desanya, di {desa}."),
            "inaccurate": N_("Alatnya kurang teliti dari 50 m."),
        }
    return words.say(
        sentences[line.kind],
        distance=_write_distance(metres or 0, words),
        desa=line.desa or "",
        others=words.number(detail.get("count", 1) - 1),
    )


def _write_distance(metres: float, words: Words) -> str:
    if metres < 1_000:
        return f"{words.number(metres)} m"
    return f"{words.number(metres / 1_000, 1 if metres < 100_000 else 0)} km"


def _draw_headline(sheet: Sheet, desk: Desk) -> str:
    faulty, total = desk.count("any"), sum(one["all"] for one in desk.households.values())
    if not total:
        sentence = N_("Belum ada keluarga miskin terdata di {place}. Impor registernya dulu.")
    elif not faulty:
        sentence = N_("Semua posisi di {place} baik: tidak ada yang perlu diperiksa.")
    else:
        sentence = N_("{faulty} dari {total} keluarga miskin di {place} perlu diperiksa posisinya.")
    number = sheet.words.number
    place = _name_place(sheet, desk)
    said = sheet.say(sentence, faulty=number(faulty), total=number(total), place=place)
    up = "" if desk.view.area in (None, desk.own_area) else _draw_way_up(sheet, desk)
    address = sheet.link("/", _of_map(desk, desk.view.area))
    on_map = f'<a href="{address}">{sheet.say(N_("Lihat di peta"))}</a>'
    return f'<p>{said}</p>\n<p class="desk-links">{on_map}{up}</p>'


def _of_map(desk: Desk, area: str | None) -> dict[str, object]:
    view = View(language=desk.view.language)
    view = view.descend(area) if area else view
    level = {"level": view.level} if view.level not in ("kecamatan", "household") else {}
    query: dict[str, object] = {"layer": LAYER, **level}
    return query | ({"area": area} if area else {})


def _name_place(sheet: Sheet, desk: Desk) -> str:
    return desk.place or sheet.words.say(N_("seluruh kabupaten"))


def _draw_way_up(sheet: Sheet, desk: Desk) -> str:
    above = desk.view.ascend().area
    title = N_("Wilayah di atasnya") if above else N_("Seluruh wilayah")
    return f'<a href="{sheet.link(PATH, desk.query(area=above))}">{sheet.say(title)}</a>'


def _draw_kinds(sheet: Sheet, desk: Desk) -> str:
    """Draw a link per kind of fault, each with its number."""
    number = sheet.words.number
    titles: list[tuple[str | None, str]] = [(None, N_("Semua temuan")), *TITLES.items()]
    links = []
    for kind, title in titles:
        count = desk.count(kind or "any")
        is_here = kind == desk.chosen.kind and not desk.chosen.dismissed
        here = ' aria-current="true"' if is_here else ""
        address = sheet.link(PATH, desk.query(kind=kind, dismissed=None))
        links.append(
            f'<li><a href="{address}"{here}><span>{sheet.say(title)}</span>'
            f" <b>{number(count)}</b></a></li>"
        )
    if desk.dismissed_count or desk.chosen.dismissed:
        here = ' aria-current="true"' if desk.chosen.dismissed else ""
        address = sheet.link(PATH, desk.query(kind=None, dismissed=1))
        links.append(
            f'<li><a href="{address}"{here}><span>{sheet.say(N_("Bukan kesalahan"))}</span>'
            f" <b>{number(desk.dismissed_count)}</b></a></li>"
        )
    label = sheet.say(N_("Jenis temuan"))
    return f'<nav aria-label="{label}"><ul class="desk-kinds">{"".join(links)}</ul></nav>'


def _draw_repair(sheet: Sheet, desk: Desk) -> str:
    if not desk.certain_count:
        return ""
    note = sheet.say(
        N_(
            "{count} posisi pasti dapat diperbaiki: bujur dan lintangnya tertukar, dan bila ditukar"
            " kembali letaknya di desa yang disebut. Perbaikan tercatat dan dapat dibatalkan."
        ),
        count=sheet.words.number(desk.certain_count),
    )
    button = f'<button class="button primary">{sheet.say(N_("Perbaiki yang pasti"))}</button>'
    return f"<section><p>{note}</p>{_draw_form(sheet, desk, 'repair', button)}</section>"


def _draw_form(sheet: Sheet, desk: Desk, act: str, content: str) -> str:
    query = desk.query(page=desk.page if desk.page > 1 else None)
    address = sheet.link(f"{PATH}/{act}", query)
    return f'<form method="post" action="{address}">{draw_token(sheet)}{content}</form>'


def _draw_areas(sheet: Sheet, desk: Desk) -> str:
    """Draw the areas inside this one that have findings, the most first."""
    kind = desk.chosen.kind or "any"
    counted = [(desk.counts.get(area.code, {}).get(kind, 0), area) for area in desk.areas]
    counted = sorted((one for one in counted if one[0]), key=lambda one: (-one[0], one[1].code))
    if not counted or desk.chosen.dismissed or desk.areas[0].code == desk.view.area:
        return ""
    heads = (
        Head(N_("Wilayah")),
        Head(N_("Perlu diperiksa"), "number"),
        Head(N_("Bagian"), "number"),
        Head(N_("Peta")),
    )
    caption = TITLES.get(kind, N_("Semua temuan"))
    rows = (_list_area_cells(sheet, desk, area, count) for count, area in counted)
    table = draw_table(sheet, caption, heads, rows)
    summary = sheet.say(N_("Menurut wilayah"))
    return f'<details open class="desk-areas"><summary>{summary}</summary>{table}</details>'


def _list_area_cells(sheet: Sheet, desk: Desk, area: AreaItem, count: int) -> tuple[str, ...]:
    words = sheet.words
    total = desk.households.get(area.code, {}).get("all", 0)
    inside = sheet.link(PATH, desk.query(area=area.code))
    on_map = sheet.link("/", _of_map(desk, area.code))
    title = sheet.say(N_("Peta"))
    return (
        Markup('<a href="{0}">{1}</a>').format(inside, area.name),
        words.number(count),
        words.percent(100 * count / total if total else None, 1),
        Markup('<a href="{0}" aria-label="{1} {2}">{1}</a>').format(on_map, title, area.name),
    )


def _draw_list(sheet: Sheet, desk: Desk) -> str:
    if not desk.listed:
        none = N_("Tidak ada temuan seperti ini di {place}. Pilih jenis atau wilayah lain.")
        said = sheet.say(none, place=_name_place(sheet, desk))
        return f"<p>{said}</p>" if desk.count("any") else ""
    caption = N_("Daftar kunjungan, menurut desa, RW dan RT")
    if desk.chosen.dismissed:
        caption = N_("Ditandai bukan kesalahan")
    heads = (Head(N_("Keluarga")), Head(N_("Wilayah")), Head(N_("Temuan"), "long"))
    rows = (_list_household_cells(sheet, desk, one) for one in desk.listed)
    table = f'<div class="desk-list">{draw_table(sheet, caption, heads, rows)}</div>'
    return f"{_draw_form(sheet, desk, 'dismiss', table)}\n{_draw_paging(sheet, desk)}"


def _list_household_cells(sheet: Sheet, desk: Desk, one: PlacedHousehold) -> tuple[str, ...]:
    query: dict[str, Any] = {"area": one.area_code, "level": "household", "household": one.id}
    lines = Markup("").join(_draw_fault(sheet, desk, one, line) for line in one.faults)
    where = ", ".join(filter(None, (one.desa, one.kecamatan)))
    family = Markup('<div><a href="{0}">{1}</a>\n<span class="desk-address">{2}</span></div>')
    return (
        family.format(sheet.link("/", query), one.head_name, write_address(one)),
        where,
        Markup("<ul>{0}</ul>").format(lines),
    )


def write_address(one: PlacedHousehold) -> str:
    """Return the address in one line, as far as the viewer may see it."""
    known = (one.address, f"RT {one.rt}" if one.rt else "", f"RW {one.rw}" if one.rw else "")
    said = one.address or ""
    return ", ".join(part for part in known if part and (part == said or part not in said))


def _draw_fault(sheet: Sheet, desk: Desk, one: PlacedHousehold, line: FaultLine) -> Markup:
    is_back = desk.chosen.dismissed
    title = N_("Masukkan lagi") if is_back else N_("Bukan kesalahan")
    label = f"{sheet.words.say(title)}: {sheet.words.say(TITLES[line.kind])}, {one.head_name}"
    by = f" ({line.dismissed_by})" if line.dismissed_by else ""
    return Markup(
        '<li><span>{0}</span><button class="button" name="fault" value="{1}" aria-label="{2}">{3}'
        "</button></li>"
    ).format(
        f"{write_fault(line, sheet.words)}{by}", f"{one.id}:{line.kind}", label, sheet.say(title)
    )


def _draw_paging(sheet: Sheet, desk: Desk) -> str:
    first = (desk.page - 1) * PAGE_SIZE + 1
    last = first + len(desk.listed) - 1
    shown = sheet.say(
        N_("{first} sampai {last} dari {total} keluarga"),
        first=sheet.words.number(first),
        last=sheet.words.number(last),
        total=sheet.words.number(desk.total),
    )
    address = sheet.link(f"{PATH}.csv", desk.query())
    file = draw_button(address, sheet.say(N_("Unduh CSV")), download="")
    paging = draw_paging(
        sheet, N_("Halaman daftar"), desk.page, has_more=last < desk.total, more=[file]
    )
    return f"<p>{shown}</p>\n{paging}"


def list_rows(households: Iterable[PlacedHousehold], words: Words) -> Iterable[dict[str, Any]]:
    """Yield the rows of the file for the visit."""
    for one in households:
        yield {
            "id": one.id,
            "name": one.head_name,
            "address": one.address,
            "rt": one.rt,
            "rw": one.rw,
            "desa": one.desa,
            "kecamatan": one.kecamatan,
            "area_code": one.area_code,
            "kinds": "; ".join(words.say(TITLES[line.kind]) for line in one.faults),
            "faults": " ".join(write_fault(line, words) for line in one.faults),
        }
