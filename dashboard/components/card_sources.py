"""Where the fields of a card come from: a line per section, and what other sources say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dash import html

from dashboard import labels
from dashboard.components.cells import attributes
from dashboard.words import NO_FIGURE, Words, words_of
from db.queries.provenance import Conflict, Origin, Said, SectionSources, Why
from db.queries.verification import Decree
from geo.text import N_
from geo.view import View

FIELD: Mapping[str, str] = {
    "head_name": N_("Kepala keluarga"),
    "kk": N_("Nomor KK"),
    "address": N_("Alamat"),
    "rt": N_("RT"),
    "rw": N_("RW"),
    "area_code": N_("Desa"),
    "decile": N_("Desil"),
    "member_count": N_("Jumlah anggota"),
    "status": N_("Status"),
    "location": N_("Posisi"),
    "house_ownership": N_("Kepemilikan"),
    "floor_area_m2": N_("Luas lantai"),
    "floor_material": N_("Lantai"),
    "wall_material": N_("Dinding"),
    "roof_material": N_("Atap"),
    "drinking_water": N_("Air minum"),
    "lighting": N_("Penerangan"),
    "electricity_va": N_("Daya listrik (VA)"),
    "cooking_fuel": N_("Bahan bakar masak"),
    "toilet": N_("Jamban"),
    "name": N_("Nama"),
    "nik": N_("NIK"),
    "birth_date": N_("Tanggal lahir"),
    "sex": N_("Jenis kelamin"),
    "relationship": N_("Hubungan"),
    "life_status": N_("Keadaan"),
}
_LIFE: Mapping[str, str] = {
    "alive": N_("hidup"),
    "dead": N_("meninggal"),
    "moved": N_("pindah"),
}
_VALUES: Mapping[str, Mapping[str, str]] = {
    "status": labels.STATUS,
    "house_ownership": labels.HOUSE_OWNERSHIP,
    "floor_material": labels.MATERIAL,
    "wall_material": labels.MATERIAL,
    "roof_material": labels.MATERIAL,
    "drinking_water": labels.WATER,
    "lighting": labels.LIGHTING,
    "cooking_fuel": labels.FUEL,
    "toilet": labels.TOILET,
    "sex": labels.SEX,
    "relationship": labels.RELATIONSHIP,
    "life_status": _LIFE,
}
_WHY: Mapping[Why, str] = {
    "precedence": N_("dipakai: sumber ini didahulukan"),
    "newest": N_("dipakai: yang terbaru"),
}


def draw_section_sources(view: View, sources: SectionSources | None) -> list[Any]:
    """Draw the sources of a section; nothing for roles that don't compare them."""
    if sources is None:
        return []
    words = words_of(view.language)
    origins = [_draw_origin(view, origin, words) for origin in sources.origins]
    listed = [part for origin in origins for part in (", ", *origin)][1:]
    drawn: list[Any] = [html.P([words.say(N_("dari:")), " ", *listed], className="note came-from")]
    if sources.conflicts:
        count = words.number(len(sources.conflicts))
        title = words.say(N_("Sumber lain mengatakan lain ({count})"), count=count)
        lines = [_draw_conflict(view, one, words) for one in sources.conflicts]
        drawn.append(html.Details([html.Summary(title), html.Dl(lines)], className="conflicts"))
    return drawn


def draw_decree(view: View, household: int, decrees: tuple[Decree, ...]) -> list[Any]:
    """Draw the last decision of the village on a household, and the way to all of them."""
    if not decrees:
        return []
    words, last = words_of(view.language), decrees[0]
    text = words.say(
        N_("{status} menurut {decree}, {day}"),
        status=words.say(labels.STATUS[last.status]),
        decree=last.decree_number,
        day=words.day(last.decree_date),
    )
    link = html.A(
        words.say(N_("Riwayat verifikasi")),
        href=f"/households/{household}/verifications{_query(view)}",
        disable_n_clicks=True,
        **attributes(data_reload="true"),
    )
    return [html.P([text, " · ", link], className="note decree")]


def _draw_origin(view: View, origin: Origin, words: Words) -> list[Any]:
    return [_draw_source(view, origin.source, origin.batch), f" ({words.day(origin.as_of)})"]


def _draw_source(view: View, name: str, batch: int | None) -> Any:
    if batch is None:
        return name
    return html.A(
        name,
        href=f"/data/batch/{batch}{_query(view)}",
        disable_n_clicks=True,
        **attributes(data_reload="true"),
    )


def _draw_conflict(view: View, conflict: Conflict, words: Words) -> html.Div:
    title = words.say(FIELD[conflict.field])
    if conflict.of:
        title = f"{conflict.of}: {title}"
    lines = [_draw_said(view, conflict, one, words) for one in conflict.said]
    return html.Div([html.Dt(title), *lines])


def _draw_said(view: View, conflict: Conflict, said: Said, words: Words) -> html.Dd:
    value = _write_value(conflict.field, said.value, words)
    parts: list[Any] = [html.Strong(value) if said.is_winner else value]
    if said.is_winner:
        parts.append(html.Span(f"✓ {words.say(_WHY[conflict.why])}", className="tag"))
    source = [_draw_source(view, said.source, said.batch), f" ({words.day(said.as_of)})"]
    return html.Dd([*parts, html.Span(source, className="row-note")])


def _write_value(field: str, value: Any, words: Words) -> str:
    if field == "location":
        return words.say(N_("ada titiknya"))
    if field in _VALUES:
        return words.say(_VALUES[field].get(value, value))
    if isinstance(value, date):
        return words.day(value)
    if field in ("decile", "member_count", "electricity_va", "floor_area_m2"):
        return words.number(value)
    return NO_FIGURE if value is None else str(value)


def _query(view: View) -> str:
    return "" if view.language == "id" else f"?language={view.language}"
