"""Exact counts of the past: for those who see the households, and of their own area only."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from dash import Dash
from sqlalchemy import Engine, text

from dashboard.app import create_app
from dashboard.settings import Settings
from db.engine import make_engine, reading
from db.rights import web_address
from db.trend import list_change, list_comparable, list_periods, list_trend
from db.viewer import Viewer
from geo.errors import UnknownLayer
from geo.view import View
from layers import get_layer, list_layers, list_series
from tests.conftest import client_as, str_of
from tests.db.role_answers import unpack

KECAMATAN, DESA, ELSEWHERE = "35.10.04", "35.10.04.2001", "35.10.05"
AREA_OF = {"task_unit": KECAMATAN, "village_operator": DESA}
BLIND = ("guest", "agency", "auditor", "administrator", "nobody", "")
PERIODS = ("2025-06", "2026-06")
_AREAS = text("SELECT DISTINCT area_code FROM register_snapshot")


@pytest.fixture(scope="module")
def web_engine(demo_url: str) -> Iterator[Engine]:
    """The demo register as the web server reaches it."""
    engine = make_engine(str_of(web_address(demo_url)))
    yield engine
    engine.dispose()


def as_role(role: str) -> Viewer:
    return Viewer("somebody", role, area=AREA_OF.get(role))


@pytest.mark.parametrize("role", BLIND)
def test_who_sees_no_household_gets_no_count_of_the_past(web_engine: Engine, role: str) -> None:
    with reading(web_engine, as_role(role)) as conn:
        assert list(conn.scalars(_AREAS)) == []
        assert list_periods(conn, "poverty_rate") == []
        assert list_trend(conn, "35.10", "coverage") == []
        assert list_change(conn, "poverty_rate", "desa", None, PERIODS) == {}
        assert list_series(conn, View()) is None
        told = list_comparable(conn)
        assert told and all(one.startswith("indicator:") for one in told)
        assert not any(layer.key.startswith("change:") for layer in list_layers(conn))
        with pytest.raises(UnknownLayer):
            get_layer(conn, "change:poverty_rate")


@pytest.mark.parametrize("role", ["planner", "regent"])
def test_roles_of_the_regency_get_all_of_it(web_engine: Engine, role: str) -> None:
    with reading(web_engine, as_role(role)) as conn:
        assert len(list(conn.scalars(_AREAS))) == 1 + 25 + 217
        assert len(list_change(conn, "poverty_rate", "desa", None, PERIODS)) == 217


@pytest.mark.parametrize("role", list(AREA_OF))
def test_roles_of_an_area_get_its_own(web_engine: Engine, role: str) -> None:
    own = AREA_OF[role]
    with reading(web_engine, as_role(role)) as conn:
        areas = set(conn.scalars(_AREAS))
        assert own in areas
        assert all(area == own or area.startswith(f"{own}.") for area in areas)
        inside = list_change(conn, "poverty_rate", "desa", KECAMATAN, PERIODS)
        assert inside and set(inside) <= areas
        assert list_change(conn, "poverty_rate", "desa", ELSEWHERE, PERIODS) == {}
        assert list_trend(conn, "35.10", "poverty_rate") == []
        assert list_trend(conn, None, "poverty_rate") == []
        assert len(list_trend(conn, own, "poverty_rate")) == 3


@pytest.fixture(scope="module")
def app(demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dash]:
    made = create_app(Settings(database_url=demo_url, home=tmp_path_factory.mktemp("home")))
    yield made
    made.server.extensions["engine"].dispose()


@pytest.mark.parametrize("role", ["guest", "agency"])
@pytest.mark.parametrize("path", ["/export/change:coverage.csv", "/map.svg?layer=change:coverage"])
def test_a_guest_s_address_of_a_change_is_unknown(app: Dash, role: str, path: str) -> None:
    answer = client_as(app, role).get(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_a_guest_may_see_what_changed_of_a_statistic(app: Dash) -> None:
    client = client_as(app, "guest")
    address = "/export/indicator_change:mobile_coverage_pct.geojson?level=desa&since=2024"
    answer = client.get(address)
    assert answer.status_code == 200
    assert "Perubahan dari 2024 ke 2026" in json.dumps(answer.json, ensure_ascii=False)


def test_a_file_names_both_periods_and_holds_both_figures(app: Dash) -> None:
    client = client_as(app, "planner")
    book = unpack(client.get("/export/change:poverty_rate.xlsx?level=desa"))
    assert "Perubahan dari Jun 2025 ke Jun 2026" in book
    answer = client.get("/export/change:poverty_rate.csv?level=desa")
    assert answer.status_code == 200
    lines = answer.text.removeprefix("\ufeff").splitlines()
    head = next(line for line in lines if line.startswith("Kode;"))
    for title in ("Periode awal", "Dulu", "Sumber awal", "Periode akhir", "Kini", "Perubahan"):
        assert title in head
    row = next(line for line in lines if line.startswith("35.10.04.2001;"))
    assert ";2025-06;" in row and ";2026-06;" in row


def test_a_wrong_period_is_a_sentence(app: Dash) -> None:
    client = client_as(app, "planner")
    for query in ("since=2026-06", "since=2019", "period=2024-06", "since=2025-06&period=2025-06"):
        answer = client.get(f"/export/change:poverty_rate.csv?{query}")
        assert answer.status_code == 400, query
        assert "Traceback" not in answer.text
