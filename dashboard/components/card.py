"""The card of one household."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dash import html

from dashboard import labels
from dashboard.components.card_sources import draw_section_sources
from dashboard.components.cells import attributes, draw_glyph, draw_icon, link
from dashboard.words import NO_FIGURE, Words, words_of
from db.queries.households import HouseholdCard, PersonLine, ProgrammeLine
from db.queries.provenance import SectionSources
from db.viewer import Precision
from geo.text import N_
from geo.view import View

NO_POSITIONS = N_("Posisi tidak ditampilkan untuk peran ini.")


def draw_card(
    view: View,
    card: HouseholdCard,
    precision: Precision = "exact",
    beside_identity: Sequence[Any] = (),
    sources: Mapping[str, SectionSources] | None = None,
) -> list[Any]:
    """Draw everything known of a household, what it has and has not received first.

    Parameters
    ----------
    view
        What is looked at.
    card
        As the viewer may see it.
    precision
        How exactly the viewer may know where it is.
    beside_identity
        What is to be said of its numbers and its standing.
    sources
        Of each section, for who compares them.
    """
    came_from = {name: draw_section_sources(view, one) for name, one in (sources or {}).items()}
    words = words_of(view.language)
    return [
        draw_head(view, card, words, [*beside_identity, *came_from.get("identity", [])]),
        draw_aid(card.programmes, words),
        _section(words.say(N_("Kebutuhan")), _draw_needs(card, words)),
        _section(
            words.say(N_("Anggota keluarga")),
            html.Ul([draw_person(person, words) for person in card.persons], className="persons")
            if card.persons
            else html.P(words.say(N_("Daftar anggota belum ada.")), className="note"),
            came_from.get("members", []) if card.persons else [],
        ),
        _section(
            words.say(N_("Rumah")),
            _draw_facts(list_housing_facts(card, words)),
            came_from.get("housing", []),
        ),
        _section(
            words.say(N_("Posisi")),
            _draw_position(view, card, words, precision),
            came_from.get("position", []) if card.lon is not None else [],
        ),
        html.P(
            words.say(
                N_("Sumber: {name}, per {day}"), name=card.source.name, day=words.day(card.as_of)
            ),
            className="source",
        ),
    ]


def draw_head(
    view: View, card: HouseholdCard, words: Words, beside_identity: Sequence[Any] = ()
) -> html.Header:
    """Draw the name, the place and the standing of a household."""
    place = [card.address, _write_rt(card, words), card.desa, card.kecamatan]
    decile = words.say(N_("Desil {name}"), name=words.number(card.decile))
    back = link(
        replace(view, household=None),
        [draw_icon("previous"), words.say(N_("Kembali ke daftar"))],
        className="back",
        **attributes(data_up="true"),
    )
    return html.Header(
        [
            back,
            html.P(words.say(N_("Keluarga")), className="kind"),
            html.H1(card.head_name, tabIndex=-1),
            html.P(", ".join(part for part in place if part), className="row-note"),
            html.Ul(
                [
                    html.Li(decile, className="tag strong"),
                    html.Li(
                        words.say(N_("{count} jiwa"), count=words.number(card.member_count)),
                        className="tag",
                    ),
                    html.Li(words.say(labels.STATUS[card.status]), className=f"tag {card.status}"),
                ],
                className="tags",
            ),
            html.P(
                [
                    html.Span(words.say(N_("Nomor KK"))),
                    html.Span(card.kk or NO_FIGURE, className="id"),
                ],
                className="identity",
            ),
            *beside_identity,
        ],
        className="card-head",
    )


def draw_aid(programmes: Iterable[ProgrammeLine], words: Words) -> html.Section:
    """Draw the programmes in two groups: once received, never received."""
    received = [line for line in programmes if line.received]
    missing = [line for line in programmes if not line.received]
    return html.Section(
        [
            html.Div(
                [
                    html.H2([words.say(N_("Pernah dapat")), _count(received, words)]),
                    html.Ul([_draw_received(line, words) for line in received])
                    if received
                    else html.P(words.say(N_("Belum ada satu pun.")), className="note alarm"),
                ],
                className="aid-group had",
            ),
            html.Div(
                [
                    html.H2([words.say(N_("Belum dapat")), _count(missing, words)]),
                    html.Ul([_draw_missing(line, words) for line in missing])
                    if missing
                    else html.P(words.say(N_("Semua program sudah.")), className="note"),
                ],
                className="aid-group not-had",
            ),
        ],
        className="aid",
    )


def _count(lines: list[ProgrammeLine], words: Words) -> html.Span:
    return html.Span(words.number(len(lines)), className="count")


def _draw_received(line: ProgrammeLine, words: Words) -> html.Li:
    given = []
    for aid in line.aids:
        parts = [words.period(aid.period)]
        if aid.amount_idr:
            parts.append(words.rupiah(aid.amount_idr))
        if aid.person_name:
            parts.append(aid.person_name)
        if aid.status != "received":
            parts.append(words.say(labels.AID_STATUS[aid.status]).lower())
        source = words.say(N_("{name}, per {day}"), name=aid.source, day=words.day(aid.as_of))
        given.append(html.Span(" · ".join(parts), className="row-note", title=source))
    return html.Li([draw_glyph(line.domain, words), html.Div([html.Strong(line.name), *given])])


def _draw_missing(line: ProgrammeLine, words: Words) -> html.Li:
    return html.Li([draw_glyph(line.domain, words), html.Span(line.name)])


def draw_person(person: PersonLine, words: Words) -> html.Li:
    """Draw one member."""
    say = words.say
    age = say(N_("{age} tahun"), age=words.number(person.age)) if person.age is not None else None
    first = [_name(labels.RELATIONSHIP, person.relationship, words), age]
    first.append(_name(labels.SEX, person.sex, words))
    second = [
        _name(labels.SCHOOLING, person.schooling, words),
        _name(labels.EDUCATION, person.education, words),
        _name(labels.HEALTH, person.chronic_illness, words),
        _name(labels.HEALTH, person.disability, words),
    ]
    return html.Li(
        [
            html.Div(
                [
                    html.Strong(person.name),
                    html.Span(", ".join(part for part in first if part), className="row-note"),
                    html.Span(", ".join(part for part in second if part), className="row-note"),
                ]
            ),
            html.Span(
                [html.Span("NIK ", className="note"), person.nik or NO_FIGURE], className="id"
            ),
        ]
    )


def list_housing_facts(card: HouseholdCard, words: Words) -> list[tuple[str, str]]:
    """Return the housing facts as titles and words, those that are known."""
    area = (
        words.say(N_("{area} m²"), area=words.number(card.floor_area_m2))
        if card.floor_area_m2
        else ""
    )
    power = (
        words.say(N_("{power} VA"), power=words.number(card.electricity_va))
        if card.electricity_va
        else ""
    )
    lighting = ", ".join(filter(None, (_name(labels.LIGHTING, card.lighting, words), power)))
    facts = [
        (N_("Kepemilikan"), _name(labels.HOUSE_OWNERSHIP, card.house_ownership, words)),
        (N_("Luas lantai"), area),
        (N_("Lantai"), _name(labels.FLOOR, card.floor_material, words)),
        (N_("Dinding"), _name(labels.MATERIAL, card.wall_material, words)),
        (N_("Atap"), _name(labels.MATERIAL, card.roof_material, words)),
        (N_("Air minum"), _name(labels.WATER, card.drinking_water, words)),
        (N_("Penerangan"), lighting),
        (N_("Bahan bakar masak"), _name(labels.FUEL, card.cooking_fuel, words)),
        (N_("Jamban"), _name(labels.TOILET, card.toilet, words)),
    ]
    return [(words.say(title), value) for title, value in facts if value]


def _draw_position(view: View, card: HouseholdCard, words: Words, precision: Precision) -> html.Div:
    if precision == "none":
        return html.Div(html.P(words.say(NO_POSITIONS), className="note"))
    if card.lon is None or card.lat is None:
        text = words.say(N_("Belum ada koordinat. Titiknya dicatat saat kunjungan berikutnya."))
        return html.Div(html.P(text, className="note"))
    near = (
        words.say(N_("± {metres} m"), metres=words.number(card.accuracy_m))
        if card.accuracy_m
        else ""
    )
    facts = [
        (
            words.say(N_("Lintang, bujur")),
            f"{words.number(card.lat, 5)}; {words.number(card.lon, 5)}",
        ),
        (words.say(N_("Ketelitian")), near),
        (words.say(N_("Cara")), _name(labels.LOCATION_SOURCE, card.location_source, words)),
    ]
    parts: list[Any] = [_draw_facts([fact for fact in facts if fact[1]])]
    if card.neighbours_at_point:
        count = words.number(card.neighbours_at_point)
        parts.append(
            link(
                replace(view, at=card.id, household=None, level="household", page=1),
                words.say(N_("{count} keluarga lain di titik yang sama"), count=count),
                className="more",
            )
        )
    return html.Div(parts)


def _draw_needs(card: HouseholdCard, words: Words) -> Any:
    if not card.needs:
        return html.P(words.say(N_("Tidak ada kebutuhan yang tercatat.")), className="note")
    names = [words.say(labels.NEED.get(code, name)) for code, name in card.needs]
    return html.Ul([html.Li(name, className="tag") for name in names], className="tags")


def _draw_facts(facts: Iterable[tuple[str, str]]) -> html.Dl:
    rows = [html.Div([html.Dt(title), html.Dd(value)]) for title, value in facts]
    return html.Dl(rows, className="facts")


def _section(title: str, body: Any, beneath: Sequence[Any] = ()) -> html.Section:
    return html.Section([html.H2(title), body, *beneath], className="card-section")


def _name(names: Mapping[str, str], code: str | None, words: Words) -> str:
    # An unknown code of a regency's own stays readable: it is shown as it is.
    return "" if code is None else words.say(names.get(code, code.replace("_", " ")))


def _write_rt(card: HouseholdCard, words: Words) -> str:
    if not (card.rt and card.rw) or "RT" in (card.address or ""):
        return ""
    return words.say(N_("RT {rt}/RW {rw}"), rt=card.rt, rw=card.rw)
