"""A page that holds nothing but the map, with invented boundaries and households.

The map module is tried against it without Dash and without a database: the page plays Dash's part
(``show`` in, ``set_props`` out), this server plays the routes'.
"""

from __future__ import annotations

import json
import math
import random
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import shapely
from flask import Flask, Response, request, send_from_directory

from geo.ramp import list_ramp_colours

ASSETS = Path(__file__).parents[2] / "assets"
WEST, SOUTH, EAST, NORTH = 114.0, -8.7, 114.5, -8.0
KECAMATAN_COUNT, DESA_COUNT = 12, 6

PAGE = """<!doctype html>
<html lang="id" data-theme="light">
<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Peta</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/map.css"><link rel="stylesheet" href="/harness.css">
<div id="map"></div>
<script>
  window.sent = [];
  window.dash_clientside = { no_update: {}, set_props: (id, props) => sent.push([id, props.data]) };
</script>
<script src="/assets/map_door.js"></script>
<script>dash_clientside.kentongan.show(STATE)</script>
<script type="module" src="/assets/map.mjs"></script>
"""
STYLE = """
html, body { margin: 0; height: 100%; font-family: "Plus Jakarta Sans Variable", sans-serif; }
#map { width: 100vw; height: 100vh; }
:root { --ground: #f6f5f2; --surface: #fff; --ink: #18202a; --ink-2: #47525f; --line: #d5dade;
  --accent: #0b6e8a; --sea: #dfe9f0; --land: #f3f1ec; }
[data-theme=dark] { --ground: #10171f; --surface: #1a232d; --ink: #eef2f6; --ink-2: #b3bfca;
  --line: #33404d; --accent: #5cc4df; --sea: #0d141b; --land: #222c36; }
"""


@dataclass
class Harness:
    """What the server was asked for, and how it shall answer."""

    requests: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)


@cache
def list_areas(level: str) -> list[dict[str, Any]]:
    """Return invented areas of one level as GeoJSON features with neighbours that share borders."""
    if level == "kabupaten":
        outline = shapely.union_all([_shape(area) for area in list_areas("kecamatan")])
        return [_feature("35.10", "Harapan", None, outline)]
    if level == "kecamatan":
        return [
            _feature(f"35.10.{number:02d}", name, "35.10", cell)
            for number, (name, cell) in enumerate(
                zip(_names(), _cells(_outline(), 12, 1), strict=True), 1
            )
        ]
    return [
        _feature(
            f"{area['properties']['code']}.{2001 + place}",
            f"Desa {place + 1}",
            area["properties"]["code"],
            cell,
        )
        for seed, area in enumerate(list_areas("kecamatan"), 2)
        for place, cell in enumerate(_cells(_shape(area), DESA_COUNT, seed))
    ]


def _names() -> list[str]:
    return [
        "Muara Jaya", "Sumber Rejo", "<script>alert(1)</script>", "Gunung Wetan", "Karang Asri",
        "Tirta", "Wono Agung", "Pasir Putih", "Kali Bening", "Rejosari", "Sido Mulyo", "Tanjung",
    ]  # fmt: skip


def _outline() -> shapely.Polygon:
    middle = shapely.Point((WEST + EAST) / 2, (SOUTH + NORTH) / 2)
    return shapely.affinity.scale(middle.buffer(1), (EAST - WEST) / 2, (NORTH - SOUTH) / 2)


def _cells(within: Any, count: int, seed: int) -> list[Any]:
    dice = random.Random(seed)
    west, south, east, north = within.bounds
    points: list[Any] = []
    while len(points) < count:
        point = shapely.Point(dice.uniform(west, east), dice.uniform(south, north))
        if within.contains(point) and all(point.distance(other) > 0.012 for other in points):
            points.append(point)
    cells = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=within, ordered=True)
    return [cell.intersection(within) for cell in cells.geoms]


def _shape(feature: dict[str, Any]) -> Any:
    return shapely.geometry.shape(feature["geometry"])


def _feature(code: str, name: str, parent: str | None, shape: Any) -> dict[str, Any]:
    point = shape.representative_point()
    return {
        "type": "Feature",
        "properties": {
            "code": code, "name": name, "kind": "desa", "parent": parent,
            "lon": point.x, "lat": point.y,
        },
        "geometry": json.loads(shapely.to_geojson(shapely.set_precision(shape, 0.0001))),
    }  # fmt: skip


def make_state(level: str = "kecamatan", area: str | None = None, **changes: Any) -> dict[str, Any]:
    """Return a state as Dash would hand it to the map."""
    painted = [] if level == "household" else list_areas(level)
    if area:
        painted = [one for one in painted if one["properties"]["code"].startswith(area)]
    dice = random.Random(7)
    values = {}
    for place, one in enumerate(painted):
        count = int(dice.paretovariate(1.2) * 150)
        number = -1 if place == 4 else place % 5
        rate = f"{dice.uniform(2, 20):.2f} %".replace(".", ",")
        values[one["properties"]["code"]] = [number, count, rate, f"{count:,}".replace(",", ".")]
    places = [one for one in list_areas("kecamatan") if one["properties"]["code"] == area]
    bounds = _shape(places[0]).bounds if places else (WEST, SOUTH, EAST, NORTH)
    return {
        "language": "id",
        "level": level,
        "area": area,
        "bounds": list(bounds),
        "fit": f"{area}/{level}",
        "boundaries": {
            name: f"/boundaries/{name}.1.geojson" for name in ("kabupaten", "kecamatan", "desa")
        },
        "values": values,
        "texts": {"value_title": "keluarga miskin", "count_title": "keluarga"},
        "class_count": 5,
        "direction": "high_is_bad",
        "ramp": list_ramp_colours("high_is_bad", 5),
        "ramp_dark": list_ramp_colours("high_is_bad", 5, dark=True),
        "count_max": max((value[1] for value in values.values()), default=0),
        "tiles": "/tiles/households/{z}/{x}/{y}.mvt?v=1" if level == "household" else None,
        "household": None,
        "basemap": None,
        **changes,
    }


@cache
def _households() -> list[tuple[float, float, dict[str, Any]]]:
    dice = random.Random(3)
    found = []
    for number in range(1, 3001):
        place = dice.randrange(60)
        town = random.Random(place)
        lon = town.uniform(WEST + 0.12, EAST - 0.12) + dice.gauss(0, 0.004)
        lat = town.uniform(SOUTH + 0.15, NORTH - 0.15) + dice.gauss(0, 0.004)
        aid = "".join(letter for letter in "EHFBRC" if dice.random() < 0.33)
        status = "u" if dice.random() < 0.2 else "v"
        found.append((lon, lat, {"id": number, "d": dice.randint(1, 4), "s": status, "a": aid}))
    return found


STACK_AT = (114.3615, -8.1725)


def draw_tile(z: int, x: int, y: int) -> bytes:
    """Return a tile in the form that the real route has: clusters far away, pins near."""
    west, south, east, north = _tile_bounds(z, x, y)
    inside = [one for one in _households() if west <= one[0] < east and south <= one[1] < north]
    features = _pins(inside) if z >= 13 else _clusters(inside, east - west)
    if z >= 15 and west <= STACK_AT[0] < east and south <= STACK_AT[1] < north:
        features.append(_point(*STACK_AT, {"n": 3}, 9001))
    if not features:
        return b""
    layer = {"name": "households", "features": [_in_tile(one, z, x, y) for one in features]}
    return bytes(mapbox_vector_tile.encode([layer]))


def _in_tile(feature: dict[str, Any], z: int, x: int, y: int) -> dict[str, Any]:
    west, south, east, north = _tile_bounds(z, x, y)
    point = feature["geometry"]
    across = (point.x - west) / (east - west) * 4096
    up = (point.y - south) / (north - south) * 4096
    return {**feature, "geometry": shapely.Point(round(across), round(up))}


def _pins(inside: list[Any]) -> list[dict[str, Any]]:
    return [
        _point(lon, lat, {"n": 1, **{key: flags[key] for key in "dsa"}}, flags["id"])
        for lon, lat, flags in inside
    ]


def _clusters(inside: list[Any], width: float) -> list[dict[str, Any]]:
    cells: dict[tuple[int, int], list[Any]] = {}
    for lon, lat, _ in inside:
        cells.setdefault((int(lon / width * 8), int(lat / width * 8)), []).append((lon, lat))
    return [
        _point(
            sum(p[0] for p in found) / len(found),
            sum(p[1] for p in found) / len(found),
            {"n": len(found)},
        )
        for found in cells.values()
    ]


def _point(
    lon: float, lat: float, flags: dict[str, Any], number: int | None = None
) -> dict[str, Any]:
    feature: dict[str, Any] = {"geometry": shapely.Point(lon, lat), "properties": flags}
    return feature if number is None else {**feature, "id": number}


def _tile_bounds(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    def latitude(row: int) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**z))))

    return x / 2**z * 360 - 180, latitude(y + 1), (x + 1) / 2**z * 360 - 180, latitude(y)


def create_harness() -> tuple[Flask, Harness]:
    """Return the little server and what it keeps track of."""
    app = Flask(__name__)
    harness = Harness()

    @app.before_request
    def _note() -> Response | None:
        harness.requests.append(request.path)
        is_broken = any(part in request.path for part in harness.broken)
        return Response("broken", status=503) if is_broken else None

    @app.get("/")
    def _page() -> str:
        wanted = {name: request.args[name] for name in ("level", "area") if name in request.args}
        return PAGE.replace("STATE", json.dumps(make_state(**wanted)).replace("<", "\\u003c"))

    @app.get("/harness.css")
    def _style() -> Response:
        return Response(STYLE, mimetype="text/css")

    @app.get("/assets/<path:name>")
    def _asset(name: str) -> Response:
        mimetype = "text/javascript" if name.endswith((".mjs", ".js")) else None
        return send_from_directory(ASSETS, name, mimetype=mimetype)

    @app.get("/boundaries/<level>.1.geojson")
    def _boundaries(level: str) -> dict[str, Any]:
        return {"type": "FeatureCollection", "features": list_areas(level)}

    @app.get("/tiles/households/<int:z>/<int:x>/<int:y>.mvt")
    def _tile(z: int, x: int, y: int) -> Response:
        tile = draw_tile(z, x, y)
        status = 200 if tile else 204
        return Response(tile, status=status, mimetype="application/vnd.mapbox-vector-tile")

    @app.get("/map.svg")
    def _drawing() -> Response:
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" role="img">'
            '<a href="/?area=35.10.01"><path d="M0 0h10v10H0z"/></a></svg>'
        )
        return Response(svg, mimetype="image/svg+xml")

    return app, harness
