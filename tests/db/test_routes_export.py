"""A downloaded file holds exactly the rows on screen: all pages, the same filters."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from dash import Dash, html
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from dashboard.auth.viewer import allow_local
from dashboard.routes import register
from dashboard.routes._files import name_file
from dashboard.settings import Settings
from db.viewer import LOCAL_VIEWER
from geo.view import View
from layers import get_layer

LOCAL = "http://127.0.0.1:8050"
VIEWS = [
    ("poverty_rate", ""),
    ("poverty_rate", "level=desa&deciles=1&sort=name"),
    ("unserved_rate", "area=35.10.01"),
    ("programme_coverage", "level=desa&received=pkh"),
    ("households", "level=household&deciles=1"),
    ("households", "area=35.10.01&level=household&domains=none&statuses=verified"),
]


@pytest.fixture(scope="module")
def client(demo_engine: Engine, demo_settings: Settings) -> FlaskClient:
    app = Dash(__name__)
    app.layout = html.Div()
    allow_local(app.server, LOCAL_VIEWER)
    register(app, demo_engine, demo_settings)
    return app.server.test_client()


def list_expected(engine: Engine, key: str, query: str) -> list[dict[str, Any]]:
    with engine.connect() as conn:
        view = View.from_query(f"layer={key}&{query}")
        return [dict(row) for row in get_layer(conn, key).list_all_rows(conn, view).rows]


@pytest.mark.parametrize(("key", "query"), VIEWS)
def test_csv_holds_the_rows_on_screen(
    client: FlaskClient, demo_engine: Engine, key: str, query: str
) -> None:
    expected = list_expected(demo_engine, key, query)
    answer = client.get(f"/export/{key}.csv?{query}", base_url=LOCAL)
    assert answer.headers["Cache-Control"] == "private, no-store"
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    first = "id" if key == "households" else "code"
    assert [line[0] for line in lines[1:]] == [str(row[first]) for row in expected]
    assert expected


@pytest.mark.parametrize(("key", "query"), VIEWS)
def test_xlsx_holds_the_rows_on_screen(
    client: FlaskClient, demo_engine: Engine, key: str, query: str
) -> None:
    expected = list_expected(demo_engine, key, query)
    answer = client.get(f"/export/{key}.xlsx?{query}", base_url=LOCAL)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    first = "id" if key == "households" else "code"
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        row[first] for row in expected
    ]


@pytest.mark.parametrize(("key", "query"), VIEWS)
def test_geojson_holds_the_rows_on_screen_with_their_place(
    client: FlaskClient, demo_engine: Engine, key: str, query: str
) -> None:
    expected = list_expected(demo_engine, key, query)
    answer = client.get(f"/export/{key}.geojson?{query}", base_url=LOCAL)
    collection = json.loads(answer.data)
    assert len(collection["features"]) == len(expected)
    for feature, row in zip(collection["features"], expected, strict=True):
        if key == "households":
            assert feature["properties"]["id"] == row["id"]
            place = feature["geometry"]
            assert (place is None) == (row["lon"] is None)
            if place:
                assert place["coordinates"] == pytest.approx([row["lon"], row["lat"]], abs=1e-6)
        else:
            assert feature["properties"]["code"] == row["code"]
            assert feature["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert collection["notice"] == "Batas skematik, data sintetis"


def test_the_file_is_named_after_what_it_holds(client: FlaskClient) -> None:
    answer = client.get("/export/households.csv?area=35.10.01&level=household", base_url=LOCAL)
    assert re.fullmatch(
        r'attachment; filename="keluarga-miskin_[a-z-]+_\d{4}-\d\d-\d\d\.csv"',
        answer.headers["Content-Disposition"],
    )


@given(st.text())
def test_any_title_makes_a_plain_file_name(title: str) -> None:
    name = name_file(title, datetime(2026, 11, 23, tzinfo=UTC), "csv")
    assert re.fullmatch(r"[a-z0-9_-]*2026-11-23\.csv", name)


def test_filters_stand_in_the_file(client: FlaskClient) -> None:
    answer = client.get("/export/poverty_rate.geojson?deciles=1&not_received=pkh", base_url=LOCAL)
    filters = json.loads(answer.data)["filters"]
    assert filters[0] == "Desil 1"
    assert filters[1].startswith("Belum: ")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/export/no_such_layer.csv", 404),
        ("/export/poverty_rate.csv?area=99.99", 404),
        ("/export/poverty_rate.csv?received=no_such_programme", 400),
        ("/export/poverty_rate.csv?sort=secret", 400),
        ("/export/poverty_rate.csv?deciles=0", 400),
        ("/export/households.csv?level=desa", 400),
    ],
)
def test_wrong_addresses_get_one_sentence(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path, base_url=LOCAL)
    assert answer.status_code == status
    assert answer.json is not None
    assert set(answer.json) == {"ok", "error", "status"}
    assert "Content-Disposition" not in answer.headers
