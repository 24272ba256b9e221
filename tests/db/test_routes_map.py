"""Tiles, boundaries, drawing, health: what they answer, to whom, and who may keep it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from urllib.parse import quote
from xml.etree import ElementTree

import mapbox_vector_tile
import pytest
from dash import Dash, html
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from dashboard.auth.viewer import allow_local
from dashboard.routes import register
from dashboard.settings import Settings
from db.engine import make_engine
from db.queries.totals import get_summary
from db.queries.version import get_version
from db.viewer import LOCAL_VIEWER
from geo.view import View

LOCAL = "http://127.0.0.1:8050"
WHOLE_REGENCY = "/tiles/households/7/104/66.mvt"
SVG = "{http://www.w3.org/2000/svg}"


def make_client(engine: Engine, configured: Settings) -> FlaskClient:
    app = Dash(__name__)
    app.layout = html.Div()
    allow_local(app.server, LOCAL_VIEWER)
    register(app, engine, configured)
    return app.server.test_client()


@pytest.fixture(scope="module")
def client(demo_engine: Engine, demo_settings: Settings) -> FlaskClient:
    return make_client(demo_engine, demo_settings)


@pytest.fixture(scope="module")
def boundary_version(demo_engine: Engine) -> int:
    with demo_engine.connect() as conn:
        return get_version(conn).boundaries


@pytest.fixture
def homeless_client(demo_settings: Settings) -> Iterator[FlaskClient]:
    """Ask a server whose database is away."""
    engine = make_engine("postgresql://nobody@127.0.0.1:9/nowhere")
    yield make_client(engine, demo_settings)
    engine.dispose()


def count_in_tiles(client: FlaskClient, zoom: int, query: str, engine: Engine) -> int:
    with engine.connect() as conn:
        west, south, east, north = conn.execute(
            text(
                "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)"
                " FROM (SELECT ST_Extent(location_3857) AS e FROM household) AS b"
            )
        ).one()
    side = 40_075_016.685578488 / 2**zoom
    half = 40_075_016.685578488 / 2
    columns = range(int((west + half) // side), int((east + half) // side) + 1)
    rows = range(int((half - north) // side), int((half - south) // side) + 1)
    total = 0
    for x in columns:
        for y in rows:
            answer = client.get(f"/tiles/households/{zoom}/{x}/{y}.mvt?{query}", base_url=LOCAL)
            if answer.status_code == 200:
                layer = mapbox_vector_tile.decode(answer.data)["households"]
                total += sum(feature["properties"]["n"] for feature in layer["features"])
    return total


@pytest.mark.parametrize("zoom", [7, 9, 11])
@pytest.mark.parametrize("query", ["", "deciles=1,2", "domains=none", "statuses=verified"])
def test_tiles_hold_every_located_household(
    client: FlaskClient, demo_engine: Engine, zoom: int, query: str
) -> None:
    with demo_engine.connect() as conn:
        expected = get_summary(conn, View.from_query(query)).located
    assert count_in_tiles(client, zoom, query, demo_engine) == expected > 0


def test_a_tile_tells_flags_and_never_a_name_or_number(client: FlaskClient) -> None:
    layer = mapbox_vector_tile.decode(client.get(WHOLE_REGENCY, base_url=LOCAL).data)
    named = {key for one in layer["households"]["features"] for key in one["properties"]}
    assert named <= {"n", "d", "s", "a"}


def test_a_tile_is_gzipped_and_kept_by_nobody(client: FlaskClient) -> None:
    plain = client.get(WHOLE_REGENCY + "?v=3", base_url=LOCAL)
    packed = client.get(WHOLE_REGENCY + "?v=3", base_url=LOCAL, headers={"Accept-Encoding": "gzip"})
    assert plain.headers["Cache-Control"] == packed.headers["Cache-Control"] == "private, no-store"
    assert "Accept-Encoding" in packed.headers["Vary"]
    body = gzip.decompress(packed.data) if "Content-Encoding" in packed.headers else packed.data
    assert body == plain.data
    again = client.get(
        WHOLE_REGENCY + "?v=4", base_url=LOCAL, headers={"If-None-Match": plain.headers["ETag"]}
    )
    assert again.status_code == 304


def test_a_tile_with_nobody_is_empty(client: FlaskClient) -> None:
    answer = client.get("/tiles/households/7/0/0.mvt", base_url=LOCAL)
    assert (answer.status_code, answer.data) == (204, b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/tiles/households/1.5/0/0.mvt", 400),
        ("/tiles/households/-1/0/0.mvt", 400),
        ("/tiles/households/7/128/0.mvt", 400),
        ("/tiles/households/23/0/0.mvt", 400),
        ("/tiles/households/7/0/²‎.mvt", 400),
        ("/tiles/households/7/0/0.mvt?layer=1&layer=2", 400),
        ("/tiles/households/7/0/0.mvt?deciles=11", 400),
        ("/tiles/households/7/0/0.mvt?received=no_such_programme", 400),
        ("/tiles/households/7/0/0.mvt?area=99.99", 404),
        ("/tiles/no_such_layer/7/0/0.mvt", 404),
        ("/tiles/poverty_rate/7/0/0.mvt", 404),
        ("/map.svg?level=kabupaten", 400),
        ("/map.svg?layer=no_such_layer", 404),
        ("/map.svg?area=99.99", 404),
        ("/map.svg?area=99.99&level=household", 404),
        ("/boundaries/continent.1.geojson", 404),
    ],
)
def test_wrong_addresses_get_one_sentence(
    client: FlaskClient, boundary_version: int, path: str, status: int
) -> None:
    answer = client.get(path.replace(".1.geojson", f".{boundary_version}.geojson"), base_url=LOCAL)
    assert answer.status_code == status
    assert answer.json is not None
    assert (answer.json["ok"], answer.json["status"]) == (False, status)
    assert "Traceback" not in answer.json["error"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=12), min_size=3, max_size=3), st.text(max_size=30))
def test_no_address_breaks_the_tile_route(
    client: FlaskClient, parts: list[str], query: str
) -> None:
    path = "/tiles/households/" + "/".join(quote(part, safe="") or "0" for part in parts) + ".mvt"
    answer = client.get(f"{path}?{quote(query, safe='&=,')}", base_url=LOCAL)
    assert answer.status_code < 500


def test_boundaries_are_kept_for_good(client: FlaskClient, boundary_version: int) -> None:
    path = f"/boundaries/desa.{boundary_version}.geojson"
    answer = client.get(path, base_url=LOCAL, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"]
    features = json.loads(gzip.decompress(answer.data))["features"]
    assert len(features) == 217
    assert {"code", "name", "kind", "parent", "lon", "lat"} <= set(features[0]["properties"])
    plain = client.get(path, base_url=LOCAL)
    assert json.loads(plain.data)["features"] == features
    held = {"If-None-Match": answer.headers["ETag"], "Accept-Encoding": "gzip"}
    assert client.get(path, base_url=LOCAL, headers=held).status_code == 304


def test_an_old_boundary_address_leads_to_the_new_one(
    client: FlaskClient, boundary_version: int
) -> None:
    answer = client.get(f"/boundaries/kecamatan.{boundary_version + 7}.geojson", base_url=LOCAL)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/boundaries/kecamatan.{boundary_version}.geojson"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "links"), [("", 25), ("level=desa", 217), ("level=household&deciles=1", 217)]
)
def test_the_drawing_has_a_link_for_every_area(client: FlaskClient, query: str, links: int) -> None:
    answer = client.get(f"/map.svg?{query}", base_url=LOCAL)
    assert answer.mimetype == "image/svg+xml"
    assert len(answer.data) < 300_000
    drawing = ElementTree.fromstring(answer.data)
    found = [link.get("href") or "" for link in drawing.findall(f".//{SVG}a")]
    assert len(found) == links
    for address in found:
        assert View.from_query(address.removeprefix("/?")).area


def test_the_drawing_of_a_village_shows_each_household(
    client: FlaskClient, demo_engine: Engine
) -> None:
    with demo_engine.connect() as conn:
        code = conn.scalar(
            text(
                "SELECT area_code FROM household WHERE status = 'verified'"
                " AND location IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
            )
        )
        located = get_summary(conn, View.from_query(f"area={code}")).located
    drawing = ElementTree.fromstring(client.get(f"/map.svg?area={code}", base_url=LOCAL).data)
    drawn = [use for use in drawing.findall(f".//{SVG}use") if use.get("x")]
    assert len(drawn) == located > 0


def test_the_drawing_fits_a_phone(client: FlaskClient) -> None:
    drawing = ElementTree.fromstring(client.get("/map.svg?narrow=1&v=3", base_url=LOCAL).data)
    _, _, width, height = map(int, (drawing.get("viewBox") or "").split())
    assert width < height
    assert len(drawing.findall(f".//{SVG}a")) == 25


def test_the_drawing_says_what_is_invented(client: FlaskClient) -> None:
    assert "Batas skematik, data sintetis" in client.get("/map.svg", base_url=LOCAL).text


def test_health_tells_of_areas_and_never_how_many_families(client: FlaskClient) -> None:
    answer = client.get("/health", base_url=LOCAL)
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["ok"] is True
    assert answer.json["areas"] == {"kabupaten": 1, "kecamatan": 25, "desa": 217}
    assert "households" not in answer.json


@pytest.mark.parametrize("path", ["/health", WHOLE_REGENCY, "/map.svg"])
def test_a_lost_database_is_said(homeless_client: FlaskClient, path: str) -> None:
    answer = homeless_client.get(path, base_url=LOCAL)
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["ok"] is False


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    for path in ("/", "/health", "/tiles/households/x/0/0.mvt"):
        headers = client.get(path, base_url=LOCAL).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        policy = headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        scripts = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
        assert "unsafe-inline" not in scripts


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://tiles.example.org/{z}/{x}/{y}.png", "https://tiles.example.org"),
        ("https://a;script-src *//{z}", None),
        (None, None),
    ],
)
def test_only_the_chosen_base_map_may_be_asked(
    demo_engine: Engine, demo_settings: Settings, url: str | None, origin: str | None
) -> None:
    configured = demo_settings.model_copy(update={"basemap_url": url})
    headers = make_client(demo_engine, configured).get("/health", base_url=LOCAL).headers
    rules = headers["Content-Security-Policy"].split("; ")
    assert len(rules) == 11
    images = next(rule for rule in rules if rule.startswith("img-src"))
    assert images == "img-src 'self' data: blob:" + (f" {origin}" if origin else "")


@pytest.mark.parametrize("host", ["http://evil.example", "http://127.0.0.1.evil.example:8050"])
def test_a_foreign_host_name_is_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/health", base_url=host).status_code == 400


def test_localhost_is_answered(client: FlaskClient) -> None:
    assert client.get("/health", base_url="http://localhost:8050").status_code == 200


@pytest.mark.parametrize("path", ["/health", WHOLE_REGENCY, "/map.svg"])
def test_routes_only_read(client: FlaskClient, path: str) -> None:
    assert client.post(path, base_url=LOCAL).status_code == 405
    assert client.head(path, base_url=LOCAL).status_code == 200
