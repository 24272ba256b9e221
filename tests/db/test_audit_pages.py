"""What pages show of households is in the log, and who may read it there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from dash import Dash, html
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from dashboard import callbacks
from dashboard.auth.viewer import allow_local
from dashboard.routes import audit, register
from dashboard.settings import Settings
from db.audit import AuditEvent, list_events, record
from db.audit_chain import verify
from db.engine import make_engine, reading, writing
from db.viewer import LOCAL_VIEWER, Viewer
from tests.conftest import MakeDatabase, make_demo

LOCAL = "http://127.0.0.1:8050"
NIK = "SELECT nik FROM person ORDER BY id LIMIT 1"


@pytest.fixture(scope="module")
def url(make_database: MakeDatabase) -> str:
    """A demo whose log the tests write to."""
    return make_demo(make_database("audited"))


@pytest.fixture(scope="module")
def engine(url: str) -> Iterator[Engine]:
    """Its engine."""
    engine = make_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def settings(url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a server on it."""
    return Settings(database_url=url, home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def client(engine: Engine, settings: Settings) -> FlaskClient:
    """A browser in front of all routes and callbacks."""
    app = Dash(__name__)
    app.layout = html.Div()
    allow_local(app.server, LOCAL_VIEWER)
    callbacks.register(app, engine, settings)
    register(app, engine, settings)
    return app.server.test_client()


def make_client(engine: Engine, settings: Settings, viewer: Viewer) -> FlaskClient:
    """Make a browser in front of the audit pages alone, for somebody."""
    app = Dash(__name__)
    app.layout = html.Div()
    audit.add(app, engine, settings, viewer=lambda: viewer)
    return app.server.test_client()


def get_last(engine: Engine) -> AuditEvent:
    with reading(engine, LOCAL_VIEWER) as conn:
        assert verify(conn).is_whole
        return list_events(conn).events[0]


def count(engine: Engine) -> int:
    with reading(engine, LOCAL_VIEWER) as conn:
        return verify(conn).events


def get_household(engine: Engine) -> tuple[int, str, str]:
    with engine.connect() as conn:
        row = conn.execute(
            text("SELECT id, area_code, head_name FROM household ORDER BY id OFFSET 5 LIMIT 1")
        ).one()
    return row.id, row.area_code, row.head_name


def call(client: FlaskClient, output: str, inputs: list[dict[str, Any]], state: Any = None) -> str:
    """Ask one callback as Dash's page does."""
    layout = client.get("/_dash-dependencies", base_url=LOCAL).get_json()
    (one,) = [entry for entry in layout if output in entry["output"]]
    names = re.findall(r"([\w-]+)\.(\w+)", one["output"])
    outputs = [{"id": name, "property": prop} for name, prop in names]
    answer = client.post(
        "/_dash-update-component",
        base_url=LOCAL,
        json={
            "output": one["output"],
            "outputs": outputs if one["output"].startswith("..") else outputs[0],
            "inputs": inputs,
            "state": state or [],
            "changedPropIds": [f"{inputs[0]['id']}.{inputs[0]['property']}"],
        },
    )
    assert answer.status_code == 200, answer.data
    return answer.get_data(as_text=True)


def at(search: str) -> list[dict[str, Any]]:
    return [
        {"id": "url", "property": "search", "value": search},
        {"id": "retry", "property": "data", "value": None},
    ]


def test_a_card_is_recorded_with_its_household_and_area(
    client: FlaskClient, engine: Engine
) -> None:
    number, area, name = get_household(engine)
    assert name in call(client, "card", at(f"?household={number}"))
    event = get_last(engine)
    assert (event.action, event.household, event.area) == ("card", number, area)
    assert (event.user, event.role) == ("local", "local")


def test_nothing_is_recorded_where_no_household_is_shown(
    client: FlaskClient, engine: Engine
) -> None:
    before = count(engine)
    call(client, "panel-list", at("?level=desa"))
    call(client, "card", at(""))
    client.get("/map.svg?level=desa", base_url=LOCAL)
    client.get("/health", base_url=LOCAL)
    assert count(engine) == before


def test_a_list_under_a_card_is_neither_shown_nor_recorded(
    client: FlaskClient, engine: Engine
) -> None:
    number, area, name = get_household(engine)
    before = count(engine)
    shown = call(client, "panel-list", at(f"?area={area}&level=household&household={number}"))
    assert name not in shown
    assert count(engine) == before


def test_a_list_is_recorded_with_the_households_on_its_page(
    client: FlaskClient, engine: Engine
) -> None:
    call(client, "panel-list", at("?level=household&deciles=1&area=35.10.01"))
    event = get_last(engine)
    assert (event.action, event.area) == ("list", "35.10.01")
    assert event.detail is not None and "deciles=1" in event.detail["view"]
    with engine.connect() as conn:
        shown = conn.scalars(
            text(
                "SELECT id FROM household WHERE decile = 1 AND area_code LIKE '35.10.01.%'"
                " AND status <> 'rejected' AND status <> 'graduated' ORDER BY id LIMIT 25"
            )
        ).all()
    assert event.detail["households"] == list(shown)


def test_a_search_is_recorded_without_its_words(client: FlaskClient, engine: Engine) -> None:
    with engine.connect() as conn:
        nik = str(conn.scalar(text(NIK)))
    state = [{"id": "url", "property": "search", "value": ""}]
    for asked in (nik, f"{nik[:4]} {nik[4:]}"):
        inputs = [{"id": "search-text", "property": "value", "value": asked}]
        call(client, "search-hits", inputs, state)
        event = get_last(engine)
        assert event.action == "search" and event.detail is not None
        assert event.detail["term_is_number"] is True
        assert len(event.detail["households"]) == 1
        assert nik not in str(event.detail)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "geojson"])
def test_an_export_is_recorded_with_its_view(
    client: FlaskClient, engine: Engine, ending: str
) -> None:
    asked = f"/export/households.{ending}?level=household&area=35.10.02&deciles=1"
    answer = client.get(asked, base_url=LOCAL)
    event = get_last(engine)
    assert answer.status_code == 200 and event.action == "export" and event.detail is not None
    assert (event.area, event.detail["level"], event.detail["file"]) == (
        "35.10.02",
        "household",
        ending,
    )
    assert event.detail["rows"] > 0 and "deciles=1" in event.detail["view"]


def test_a_drawing_of_households_is_recorded(client: FlaskClient, engine: Engine) -> None:
    client.get("/map.svg?level=household&area=35.10.01", base_url=LOCAL)
    event = get_last(engine)
    assert (event.action, event.area) == ("tiles", "35.10.01")


def test_tiles_are_recorded_coarsely(client: FlaskClient, engine: Engine) -> None:
    before = count(engine)
    for x in range(13376, 13384):
        client.get(f"/tiles/households/14/{x}/8584.mvt?level=household", base_url=LOCAL)
    assert count(engine) == before + 1
    event = get_last(engine)
    assert event.action == "tiles" and event.detail is not None
    assert event.detail["tile"] == "11/1672/1073"


def test_what_can_not_be_recorded_is_not_shown(
    client: FlaskClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine.begin() as conn:
        conn.execute(text("ALTER FUNCTION record_audit RENAME TO record_audit_away"))
    try:
        answer = client.get("/export/households.csv?level=household", base_url=LOCAL)
        assert answer.status_code == 500
        assert "35" not in answer.get_json()["error"]
        answer = client.get("/tiles/households/14/13392/8584.mvt?level=household", base_url=LOCAL)
        assert answer.status_code == 500
    finally:
        with engine.begin() as conn:
            conn.execute(text("ALTER FUNCTION record_audit_away RENAME TO record_audit"))


def test_the_log_is_a_table_with_filters(client: FlaskClient, engine: Engine) -> None:
    with writing(engine, Viewer("<b>budi</b>", "planner", address="10.0.0.1")) as conn:
        record(conn, "reveal", household=7, purpose="<i>verifikasi</i>")
    page = client.get("/audit?action=reveal", base_url=LOCAL)
    body = page.get_data(as_text=True)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert body.count("<tr>") == 2
    assert "&lt;b&gt;budi&lt;/b&gt;" in body and "<b>budi" not in body
    assert "&lt;i&gt;verifikasi" in body
    assert re.search(r"\d+ \w+ \d{4} \d\d\.\d\d\.\d\d WIB", body)
    assert 'href="/households/7/viewers"' in body
    english = client.get("/audit?language=en&action=reveal", base_url=LOCAL)
    assert "Revealed identities" in english.get_data(as_text=True)
    assert "/households/7/viewers?language=en" in english.get_data(as_text=True)
    none = client.get("/audit?user=nobody", base_url=LOCAL).get_data(as_text=True)
    assert "Tidak ada kegiatan" in none


@pytest.mark.parametrize(
    "query",
    ["since=yesterday", "until=9999-12-31", "household=x", "household=0", "page=0", "page=²"],
)
def test_a_filter_that_can_not_be_read_is_a_page_that_says_so(
    client: FlaskClient, query: str
) -> None:
    answer = client.get(f"/audit?{query}", base_url=LOCAL)
    assert answer.status_code == 400
    assert answer.mimetype == "text/html" and "<h1>" in answer.get_data(as_text=True)


def test_older_events_are_on_further_pages(client: FlaskClient, engine: Engine) -> None:
    with writing(engine, Viewer("many", "planner")) as conn:
        for _ in range(60):
            record(conn, "login")
    first = client.get("/audit?user=many", base_url=LOCAL).get_data(as_text=True)
    assert first.count("<tr>") == 51 and "user=many&amp;page=2" in first
    second = client.get("/audit?user=many&page=2", base_url=LOCAL).get_data(as_text=True)
    assert second.count("<tr>") == 11 and "user=many&amp;page=1" in second


def test_the_file_of_the_log_is_safe_and_recorded(client: FlaskClient, engine: Engine) -> None:
    with writing(engine, Viewer("=1+1", "planner")) as conn:
        record(conn, "login")
    answer = client.get("/audit.csv?user=%3D1%2B1", base_url=LOCAL)
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert len(lines) == 2 and lines[1][2] == "'=1+1"
    event = get_last(engine)
    assert event.action == "export" and event.detail == {"what": "audit", "user": "=1+1"}


@pytest.mark.parametrize(
    ("viewer", "log", "viewers"),
    [
        (Viewer("a", "auditor"), 200, 200),
        (Viewer("a", "task_unit", area="35.10.01"), 403, 200),
        (Viewer("a", "village_operator", area="35.10.01.2001"), 403, 200),
        (Viewer("a", "administrator"), 403, 403),
        (Viewer("a", "planner"), 403, 403),
        (Viewer("a", "regent"), 403, 403),
        (Viewer("a", "agency"), 403, 403),
        (Viewer("a", "guest"), 403, 403),
    ],
    ids=lambda value: value.role if isinstance(value, Viewer) else None,
)
def test_each_role_gets_its_pages(
    engine: Engine, settings: Settings, viewer: Viewer, log: int, viewers: int
) -> None:
    browser = make_client(engine, settings, viewer)
    assert browser.get("/audit", base_url=LOCAL).status_code == log
    assert browser.get("/audit.csv", base_url=LOCAL).status_code == log
    assert browser.get("/households/1/viewers", base_url=LOCAL).status_code == viewers


def test_who_saw_a_household_is_for_its_own_area(
    client: FlaskClient, engine: Engine, settings: Settings
) -> None:
    number, area, name = get_household(engine)
    call(client, "card", at(f"?household={number}"))
    path = f"/households/{number}/viewers"
    for asking, sees in (
        (Viewer("s", "task_unit", area=area[:8]), True),
        (Viewer("s", "village_operator", area=area), True),
        (Viewer("s", "auditor"), True),
        (Viewer("s", "task_unit", area="35.10.25"), False),
    ):
        body = make_client(engine, settings, asking).get(path, base_url=LOCAL)
        page = body.get_data(as_text=True)
        assert ("Membuka kartu keluarga" in page) is sees
        assert ("Belum ada yang melihat" in page) is not sees
        assert name not in page
