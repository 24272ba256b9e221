"""From a view to the picture of its map."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from dashboard.components.cells import name_layer, name_painted, write_cell
from dashboard.components.change_legend import name_comparison
from dashboard.components.legend import list_circle_steps, name_classes, write_ranges
from dashboard.labels import KIND
from dashboard.map_state import count_most
from dashboard.standing import say_standing
from dashboard.state import PIN_LAYER, check_layer, href
from dashboard.words import Words, words_of
from db.queries.areas import get_boundaries_geojson, get_place
from db.queries.published import refuse_households
from db.queries.sources import SourceNote, is_schematic, is_synthetic
from db.queries.totals import get_summary
from geo.draw_legend import LegendClass
from geo.draw_picture import HIDDEN as HIDDEN_CLASS
from geo.draw_picture import MAX_POINTS, NO_DATA, AreaPicture, MapPicture
from geo.hidden import is_told
from geo.text import N_
from geo.view import View
from layers import Layer, Painting, get_layer, paint

_COUNTING_LAYER = "poverty_rate"
"""Counts households per desa where there are too many to draw each."""


@dataclass(frozen=True, slots=True)
class _Shape:
    code: str
    name: str
    shape: BaseGeometry
    label_point: tuple[float, float]


def build_picture(conn: Connection, view: View) -> MapPicture:
    """Return what stands on the map of a view.

    Parameters
    ----------
    conn
        Connection in the viewer's name.
    view
        At the level of the households each one is drawn, up to 5,000; above, circles per desa.

    Raises
    ------
    MapError
        When the layer or the area does not exist, or a filter can't be applied.
    """
    if view.level == "household":
        return _build_pins(conn, view)
    layer = get_layer(conn, view.layer)
    check_layer(view, layer)
    painting = paint(conn, layer, view)
    count_max = count_most(conn, layer, view)
    words = words_of(view.language)
    rows = {row["code"]: row for row in painting.rows.rows}
    shapes = _read_shapes(conn, view.level)
    areas = [
        _paint_area(shape, rows[shape.code], layer, painting, view)
        for shape in shapes
        if shape.code in rows
    ]
    return MapPicture(
        areas=areas,
        ramp=layer.list_colours(len(painting.breaks) + 1),
        rose_from=len(painting.breaks) // 2 + 1 if layer.is_change else None,
        title=name_painted(layer, painting.rows, words),
        subtitle=_name_subtitle(conn, view, painting, words),
        unit=words.say(layer.unit),
        around=_list_around(conn, view),
        parents=_list_parents(conn, view),
        classes=_list_legend(layer, painting, words),
        class_note=name_classes(view, painting, words),
        count_max=count_max,
        count_title=words.say(layer.count_title) if layer.count_title else "",
        circles=_list_circle_steps(count_max, words),
        notes=[
            *_explain_no_change(layer, painting, words),
            *_list_notes(conn, view, painting.rows.sources),
        ],
    )


def _explain_no_change(layer: Layer, painting: Painting, words: Words) -> list[str]:
    if not (layer.is_change and painting.no_data_count and painting.rows.no_data_reason):
        return []
    reason = words.say(painting.rows.no_data_reason)
    return [f"{words.say(N_('Tidak ada data'))}: {reason[:1].lower()}{reason[1:]}"]


def _name_subtitle(conn: Connection, view: View, painting: Painting, words: Words) -> str:
    place, comparison = _name_place(conn, view, words), painting.rows.comparison
    return f"{place}. {name_comparison(comparison, words)}" if comparison else place


def _paint_area(
    shape: _Shape, row: Mapping[str, Any], layer: Layer, painting: Painting, view: View
) -> AreaPicture:
    words = words_of(view.language)
    number = painting.class_of[shape.code]
    column = next(column for column in layer.columns if column.key == "value")
    value = words.say(N_("Tidak ada data"))
    if number == HIDDEN_CLASS:
        value = f"{name_layer(layer, words)}: {write_cell(column, row['value'], words)}"
    elif number is not None:
        value = f"{write_cell(column, row['value'], words)} {name_layer(layer, words).lower()}"
    counted = []
    count = row["count"] if is_told(row["count"]) else None
    if count is not None and layer.count_title:
        counted = [f"{words.number(count)} {words.say(layer.count_title).lower()}"]
    return AreaPicture(
        code=shape.code,
        name=shape.name,
        shape=shape.shape,
        label_point=shape.label_point,
        number=NO_DATA if number is None else number,
        count=count,
        count_text="" if count is None else words.number(count),
        tooltip=(value, *counted),
        href="/" + href(view.descend(shape.code)),
    )


def _build_pins(conn: Connection, view: View) -> MapPicture:
    refuse_households(conn)
    summary = get_summary(conn, view)
    words = words_of(view.language)
    shapes = [shape for shape in _read_shapes(conn, "desa") if _is_inside(shape.code, view)]
    points: list[tuple[float, float, bool]] = []
    counts: dict[str, int] = {}
    if (summary.located or 0) <= MAX_POINTS:
        points = _list_points(conn, view)
        drawn = N_("Digambar {shown} dari {total} keluarga, {unlocated} tanpa koordinat.")
    else:
        counts = _count_by_desa(conn, view)
        drawn = N_(
            "{total} keluarga, digambar sebagai jumlah per desa; {unlocated} tanpa koordinat."
        )
    sentence = words.say(
        drawn,
        shown=words.number(len(points)),
        total=words.number(summary.total),
        unlocated=words.number(summary.unlocated),
    )
    title = words.say(N_("Keluarga miskin"))
    sources = get_layer(conn, PIN_LAYER).list_rows(conn, view).sources
    return MapPicture(
        areas=[_count_area(shape, counts.get(shape.code), view, words) for shape in shapes],
        ramp=(),
        title=title,
        subtitle=f"{_name_place(conn, view, words)}. {sentence}",
        around=_list_around(conn, view),
        parents=_list_parents(conn, view),
        points=points,
        classes=_list_point_legend(words) if points else (),
        count_max=max(counts.values(), default=0),
        count_title=title if counts else "",
        circles=_list_circle_steps(max(counts.values(), default=0), words),
        notes=_list_notes(conn, view, sources),
    )


def _count_area(shape: _Shape, count: int | None, view: View, words: Words) -> AreaPicture:
    is_whole = view.area == shape.code
    return AreaPicture(
        code=shape.code,
        name=shape.name,
        shape=shape.shape,
        label_point=shape.label_point,
        count=count,
        count_text="" if count is None else words.number(count),
        href=None if is_whole else "/" + href(view.descend(shape.code)),
    )


def _list_points(conn: Connection, view: View) -> list[tuple[float, float, bool]]:
    rows = get_layer(conn, PIN_LAYER).list_all_rows(conn, view).rows
    return [(row["lon"], row["lat"], bool(row["aid"])) for row in rows if row["lon"] is not None]


def _count_by_desa(conn: Connection, view: View) -> dict[str, int]:
    layer = get_layer(conn, _COUNTING_LAYER)
    rows = layer.list_all_rows(conn, replace(view, sort=None)).rows
    return {row["code"]: row["count"] for row in rows if row["count"] is not None}


def _read_shapes(conn: Connection, level: str) -> list[_Shape]:
    features = json.loads(get_boundaries_geojson(conn, level))["features"]
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    return [
        _Shape(info["code"], info["name"], shape, (info["lon"], info["lat"]))
        for info, shape in zip((f["properties"] for f in features), shapes, strict=True)
    ]


def _is_inside(code: str, view: View) -> bool:
    return view.area is None or code == view.area or code.startswith(f"{view.area}.")


def _list_around(conn: Connection, view: View) -> tuple[BaseGeometry, ...]:
    # The kabupaten's outline is enough of a neighbourhood for a map of one of its parts.
    if view.area is None:
        return ()
    return tuple(shape.shape for shape in _read_shapes(conn, "kabupaten"))


def _list_parents(conn: Connection, view: View) -> tuple[BaseGeometry, ...]:
    level = "kabupaten" if view.level == "kecamatan" else "kecamatan"
    around = _read_shapes(conn, level)
    inside = [
        shape.shape
        for shape in around
        if _is_inside(shape.code, view) or str(view.area).startswith(f"{shape.code}.")
    ]
    return tuple(inside)


def _name_place(conn: Connection, view: View, words: Words) -> str:
    if view.area is None:
        return words.say(N_("Seluruh wilayah"))
    place = get_place(conn, view.area)
    return ", ".join(f"{words.say(KIND[kind])} {name}" for _, name, kind in place.parents[::-1])


def _list_legend(layer: Layer, painting: Painting, words: Words) -> list[LegendClass]:
    def count(areas: int) -> str:
        return f"{words.number(areas)} {words.say(N_('wilayah'))}"

    ranges = zip(write_ranges(layer, painting, words), painting.class_counts, strict=True)
    rows = [LegendClass(text, count(areas)) for text, areas in ranges]
    if painting.no_data_count:
        text = words.say(N_("Tidak ada data"))
        rows.append(LegendClass(text, count(painting.no_data_count), "no_data"))
    if painting.hidden_count:
        text = words.say(N_("Disembunyikan"))
        rows.append(LegendClass(text, count(painting.hidden_count), "hidden"))
    return rows


def _list_point_legend(words: Words) -> tuple[LegendClass, ...]:
    return (
        LegendClass(words.say(N_("Pernah menerima bantuan")), kind="aid"),
        LegendClass(words.say(N_("Belum pernah menerima bantuan")), kind="no_aid"),
    )


def _list_circle_steps(count_max: int, words: Words) -> list[tuple[float, str]]:
    if not count_max:
        return []
    return [(step, words.number(step)) for step in list_circle_steps(count_max)]


def _list_notes(conn: Connection, view: View, sources: Sequence[SourceNote]) -> list[str]:
    words = words_of(view.language)
    named = [
        words.say(N_("{name}, per {day}"), name=source.name, day=words.day(source.as_of))
        for source in sources
    ]
    notes = [words.say(N_("Sumber:")) + " " + ("; ".join(named) or words.say(N_("belum ada data")))]
    notes += filter(None, [say_standing(view, sources, words)])
    warnings = []
    if is_schematic(conn):
        warnings.append(words.say(N_("Batas skematik")))
    if is_synthetic(conn):
        warnings.append(words.say(N_("data sintetis")))
    if warnings:
        notes.append(", ".join(warnings))
    return notes
