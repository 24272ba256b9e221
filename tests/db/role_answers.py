"""Everything that a browser of some role can get out of the server, as texts."""

from __future__ import annotations

import io
import json
import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import mapbox_vector_tile
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.test import TestResponse

from geo.tile import WORLD_M, Tile

LAYERS = (
    "poverty_rate", "unserved_rate", "programme_coverage:pkh", "position_faults",
    "indicator:school_dropout", "change:poverty_rate", "change:coverage",
    "indicator_change:school_dropout_pct",
)  # fmt: skip
HALF = WORLD_M / 2


@dataclass(frozen=True)
class Answer:
    """What came back: where it was asked, its status, and all that is in it."""

    address: str
    status: int
    text: str


def unpack(answer: TestResponse) -> str:
    """Return headers and body as one text; workbooks unzipped, tiles decoded, papers read."""
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    body = answer.get_data()
    if answer.status_code == 200 and "mapbox-vector-tile" in answer.headers["Content-Type"]:
        return head + json.dumps(mapbox_vector_tile.decode(body))
    if body[:5] == b"%PDF-":
        pages = PdfReader(io.BytesIO(body)).pages
        return head + "\n".join(page.extract_text() for page in pages)
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return head + "\n".join(book.read(name).decode() for name in book.namelist())
    return head + "\n" + body.decode("utf-8", "replace")


def list_views(areas: tuple[str, ...], households: tuple[int, ...]) -> list[str]:
    """Write the queries that are asked of everything."""
    views = [
        "plan=1&level=household",
        "",
        "level=desa",
        "level=household",
        "deciles=1",
        "level=household&deciles=1&page=2",
    ]
    for area in areas:
        views += [f"area={area}", f"area={area}&level=household", f"area={area}&received=pkh"]
    for household in households:
        views += [f"household={household}", f"level=household&at={household}"]
    return views


def ask_callbacks(client: FlaskClient, views: list[str], words: list[str]) -> Iterator[Answer]:
    """Ask every callback of the page for every view, and the search for every word."""
    listed = client.get("/_dash-dependencies")
    if listed.status_code != 200:
        yield Answer("/_dash-dependencies", listed.status_code, unpack(listed))
        return
    for callback in listed.json or []:
        if callback["clientside_function"]:
            continue
        names = {one["id"] for one in callback["inputs"]}
        if "search-text" in names:
            for word in words:
                yield _call(client, callback, {"search-text": word, "url": ""})
        for view in views:
            yield _call(client, callback, {"url": f"?{view}" if view else ""})


def _call(client: FlaskClient, callback: dict[str, Any], values: dict[str, Any]) -> Answer:
    parts = re.findall(r"([\w-]+)\.(\w+)", callback["output"])
    outputs = [{"id": name, "property": prop} for name, prop in parts]
    filled = [
        [{**one, "value": values.get(one["id"], {} if one["property"] == "data" else None)}
         for one in callback[kind]]
        for kind in ("inputs", "state")
    ]  # fmt: skip
    first = filled[0][0]
    answer = client.post(
        "/_dash-update-component",
        json={
            "output": callback["output"],
            "outputs": outputs if callback["output"].startswith("..") else outputs[0],
            "inputs": filled[0],
            "state": filled[1],
            "changedPropIds": [f"{first['id']}.{first['property']}"],
        },
    )
    return Answer(f"{callback['output']} {values}", answer.status_code, unpack(answer))


def ask_routes(
    client: FlaskClient, views: list[str], households: tuple[int, ...]
) -> Iterator[Answer]:
    """Ask the pages, drawings, files and boundaries."""
    addresses = ["/", "/health", "/audit", "/audit.csv", "/account", "/_dash-layout"]
    addresses += [f"/boundaries/{level}.1.geojson" for level in ("kecamatan", "desa")]
    addresses += [f"/households/{household}/viewers" for household in households]
    addresses += [f"/households/{household}/verifications" for household in households]
    addresses += ["/data/review", "/data/review/jobs/1", "/data/verification/jobs/1"]
    # Every waiting row of tests/desk_samples.py: its batches come after that of the boundaries.
    addresses += [f"/data/review?case={batch}-{row}" for batch in (2, 3, 4) for row in range(1, 10)]
    addresses += ["/data/verification", "/data/verification?page=2", "/data/verification?search=a"]
    desk = "/data/positions"
    addresses += [desk, f"{desk}.csv", f"{desk}?kind=missing", f"{desk}?dismissed=1"]
    for view in (one for one in views if one.startswith("area=") and "&" not in one):
        addresses += [f"{desk}?{view}", f"{desk}.csv?{view}", f"/plans/1?{view}"]
    addresses += ["/plans", "/plans/new", "/plans/compare?a=1&b=2", "/plans/jobs/1"]
    # The running, the proposed and the drafted plan of tests/desk_samples.py.
    for plan in (1, 2, 3):
        addresses += [f"/plans/{plan}{more}" for more in ("", "?page=2", "/settings", "/approve")]
        addresses += [f"/map.svg?layer=plan_after&plan={plan}&level=desa"]
        addresses += [f"/export/plan_before.csv?plan={plan}&level=desa"]
    addresses += ["/data", "/data/sources", "/data/job/1", "/data/job/1/state"]
    for batch in (1, 2, 3, 4):
        addresses += [f"/data/batch/{batch}{more}" for more in ("", "?outcome=rejected")]
        addresses += [f"/data/batch/{batch}/rejected.csv", f"/data/batch/{batch}?outcome=review"]
    addresses += [f"/data/{kind}/{'0' * 32}" for kind in ("upload", "uploads")]
    addresses += ["/programmes", "/programmes/kanggo_riko", "/questions", "/questions?example=ill"]
    addresses += [f"/questions/views?{urlencode({'query': view})}" for view in views]
    for view in views:
        addresses += [f"/?{view}", f"/map.svg?{view}"]
        addresses += [f"/export/{layer}.csv?{view}" for layer in ("households", *LAYERS)]
    # The three formats are written of the same rows, so the two slow ones are asked of a few views.
    for view in views[3:9]:
        addresses += [f"/export/households.{ending}?{view}" for ending in ("xlsx", "geojson")]
    addresses += [f"/export/poverty_rate.{ending}?level=desa" for ending in ("xlsx", "geojson")]
    for address in addresses:
        answer = client.get(address)
        yield Answer(address, answer.status_code, unpack(answer))
    yield from ask_rules(client)


def ask_rules(client: FlaskClient) -> Iterator[Answer]:
    """Ask a question of one's own, its map, list and file, and send the forms beside it."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account").text)
    asked = {
        "csrf_token": token[1] if token else "",
        "all.0.kind": "member",
        "all.0.age_min": "60",
        "name": "Lansia",
        "query": "level=household",
    }
    for path, act in (
        *(("/questions", act) for act in ("count", "open", "keep")),
        *(("/questions/count", "count"), ("/questions/views", "save")),
        ("/programmes/kanggo_riko", "count"),
    ):
        answer = client.post(path, data=asked | {"act": act})
        yield Answer(f"{path} {act}", answer.status_code, unpack(answer))
        opened = answer.headers.get("Location", "")
        if opened.startswith("/?"):
            for address in (opened, f"/export/households.csv{opened[1:]}"):
                answer = client.get(address)
                yield Answer(address, answer.status_code, unpack(answer))


def ask_plans(
    client: FlaskClient, plan: int, handover: int, areas: tuple[str, ...]
) -> Iterator[Answer]:
    """Ask the pages and files of gaps, of a plan, and of its list that was handed over."""
    addresses = ["/plans", "/plans/new", f"/plans/compare?a={plan}&b={plan}", "/plans/jobs/1"]
    one = f"/plans/{plan}"
    addresses += [one, f"{one}/settings", f"{one}/approve", f"{one}/deliveries"]
    addresses += [f"{one}/deliveries.xlsx", f"{one}/annex.pdf", "/deliveries/jobs/1"]
    addresses += ["/handed", *(f"/handed/{handover}{end}" for end in ("", ".xlsx", ".pdf"))]
    addresses += [f"/gaps{end}" for end in ("", ".csv", ".xlsx")]
    for area in areas:
        addresses += [f"/gaps{end}?area={area}" for end in ("", ".csv")]
        addresses += [f"{one}?area={area}", f"{one}/deliveries?area={area}"]
        addresses += [f"/handed/{handover}?area={area}&left=1"]
    for query in (f"plan={plan}", f"plan={plan}:left"):
        addresses += [f"/?{query}", f"/export/households.csv?{query}&level=household"]
        addresses += [f"/export/plan_delivery.csv?{query}", f"/map.svg?{query}&layer=plan_delivery"]
    for address in addresses:
        answer = client.get(address)
        yield Answer(address, answer.status_code, unpack(answer))


def ask_tiles(
    client: FlaskClient, places: tuple[tuple[float, float], ...]
) -> Iterator[tuple[Answer, Tile]]:
    """Ask the tiles of every zoom at some places (metres in EPSG:3857)."""
    for x, y in places:
        for zoom in range(5, 17):
            side = WORLD_M / (1 << zoom)
            tile = Tile(zoom, int((x + HALF) // side), int((HALF - y) // side))
            address = f"/tiles/households/{tile.z}/{tile.x}/{tile.y}.mvt"
            answer = client.get(address)
            yield Answer(address, answer.status_code, unpack(answer)), tile


def list_points(answer: Answer, tile: Tile) -> Iterator[tuple[int | None, float, float]]:
    """Return id and position (metres in EPSG:3857) of every point of a tile."""
    if answer.status != 200:
        return
    west, south, east, north = tile.bounds_3857
    content = json.loads(answer.text[answer.text.index('{"households"') :])
    for one in content["households"]["features"]:
        x, y = one["geometry"]["coordinates"]  # decoded with y upwards
        place = west + x * (east - west) / 4096, south + y * (north - south) / 4096
        yield one.get("id") or None, *place


def distance_m(one: tuple[float, float], other: tuple[float, float], latitude: float) -> float:
    """Return the distance on the ground of two positions in EPSG:3857."""
    return math.dist(one, other) * math.cos(math.radians(latitude))


def list_filed_places(answers: list[Answer]) -> Iterator[tuple[int, float, float]]:
    """Return id and position (metres in EPSG:3857) of every household in a GeoJSON file."""
    for answer in answers:
        if answer.status != 200 or "/export/households.geojson" not in answer.address:
            continue
        for one in json.loads(answer.text[answer.text.index("{") :])["features"]:
            if one["geometry"]:
                lon, lat = one["geometry"]["coordinates"]
                x = HALF * lon / 180
                y = HALF / math.pi * math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
                yield int(one["properties"]["id"]), x, y
