"""Files of exactly the rows on screen, all pages of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Connection, Engine

from dashboard.auth.viewer import current_viewer
from dashboard.components.cells import name_need, name_painted
from dashboard.components.change_legend import name_comparison
from dashboard.components.filters import CHIP_GROUPS
from dashboard.components.legend import name_classes, write_ranges
from dashboard.components.panel import name_edition
from dashboard.exports import ExportMeta, write_csv, write_geojson, write_xlsx
from dashboard.labels import DOMAIN, STATUS
from dashboard.routes._answers import read_view
from dashboard.routes._files import answer_file
from dashboard.rule_names import name_rule_filters
from dashboard.standing import say_standing
from dashboard.state import PIN_LAYER, check_layer, list_chips
from dashboard.words import Words, words_of
from db.audit import auditing, of_view
from db.queries.areas import get_boundaries_geojson, get_place
from db.queries.catalogue import list_needs, list_programmes
from db.queries.published import find_edition
from db.queries.sources import list_sources
from geo.text import N_
from geo.view import View
from layers import Layer, Painting, Rows, get_layer, paint

_WRITERS = {"csv": write_csv, "xlsx": write_xlsx, "geojson": write_geojson}


def add(blueprint: Blueprint, engine: Engine) -> None:
    """Add ``/export/<layer>.<csv|xlsx|geojson>?<view>``."""

    @blueprint.get("/export/<key>.<any(csv, xlsx, geojson):ending>")
    def get_export(key: str, ending: str) -> Response:
        view = replace(read_view(request), layer=key, page=1)
        level = "household" if key == PIN_LAYER else view.level
        what = of_view(view, level=level, file=ending)
        with auditing(engine, current_viewer(), "export", **what) as conn:
            layer = get_layer(conn, key)
            check_layer(view, layer)
            painting = paint(conn, layer, view) if view.level != "household" else None
            rows = painting.rows if painting else layer.list_all_rows(conn, view)
            meta = _describe(conn, view, layer, rows)
            if painting:
                meta = replace(meta, classes=_describe_classes(view, layer, painting))
            table = rows.rows
            what["detail"]["rows"] = len(table)
            if ending == "geojson":
                table = list(_with_geometry(conn, layer, view, rows))
        # Written after the connection went back: a long file keeps nobody else waiting.
        body = _WRITERS[ending](layer.columns, table, meta)
        return answer_file(body, meta.title, meta.made_at, ending)


def _describe(conn: Connection, view: View, layer: Layer, rows: Rows) -> ExportMeta:
    words = words_of(view.language)
    place = _name_place(conn, view, words)
    boundaries = list_sources(conn, ("boundary",))
    known = {source.code for source in rows.sources}
    edition = name_edition(find_edition(conn), words)
    standing = say_standing(view, rows.sources, words)
    compared = name_comparison(rows.comparison, words) if rows.comparison else ""
    return ExportMeta(
        title=f"{name_painted(layer, rows, words)}, {place}",
        sources=(*rows.sources, *(one for one in boundaries if one.code not in known)),
        made_at=datetime.now().astimezone(),
        filters=tuple(
            filter(None, (compared, *_name_filters(conn, view, words), standing, edition))
        ),
        language=view.language,
        translate=words.say,
    )


def _describe_classes(view: View, layer: Layer, painting: Painting) -> str:
    words = words_of(view.language)
    ranges = "; ".join(write_ranges(layer, painting, words))
    return f"{name_classes(view, painting, words)}: {ranges}"


def _name_place(conn: Connection, view: View, words: Words) -> str:
    if view.area is None:
        return words.say(N_("Seluruh wilayah"))
    return get_place(conn, view.area).name


def _name_filters(conn: Connection, view: View, words: Words) -> list[str]:
    names = {item.code: item.name for item in list_programmes(conn)}
    names |= {item.code: name_need(item, words) for item in list_needs(conn)}
    names |= {code: words.say(name) for code, name in {**DOMAIN, **STATUS}.items()}
    names |= name_rule_filters(conn, view, words)
    return [
        words.say(CHIP_GROUPS[chip.group], name=names.get(chip.value, chip.value))
        for chip in list_chips(view)
    ]


def _with_geometry(
    conn: Connection, layer: Layer, view: View, rows: Rows
) -> Iterator[Mapping[str, Any]]:
    if layer.key == PIN_LAYER:
        for row in rows.rows:
            yield {**row, "geometry": _to_point(row)}
        return
    level = "desa" if view.level == "household" else view.level
    features = json.loads(get_boundaries_geojson(conn, level))["features"]
    shapes = {one["properties"]["code"]: one["geometry"] for one in features}
    for row in rows.rows:
        yield {**row, "geometry": shapes.get(row["code"])}


def _to_point(row: Mapping[str, Any]) -> dict[str, Any] | None:
    if row["lon"] is None:
        return None
    return {"type": "Point", "coordinates": [row["lon"], row["lat"]]}
