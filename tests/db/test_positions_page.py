"""The desk of positions in a browser: what it shows to whom, and what its buttons do."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from dashboard.app import create_app
from dashboard.settings import Settings
from db.audit import AuditEvent, list_events
from db.engine import make_engine, writing
from db.positions import (
    FaultFilter,
    count_faulty_households,
    count_position_faults,
    list_position_faults,
    refresh_position_faults,
)
from db.queries.areas import find_densest
from db.viewer import LOCAL_VIEWER
from geo.positions import KINDS
from geo.view import View
from tests.conftest import MakeDatabase, client_as, make_demo

PAGE = "/data/positions"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture(scope="module")
def url(make_database: MakeDatabase) -> str:
    """A demo of its own with spoilt positions; the tests dismiss and repair."""
    return make_demo(make_database("positions"))


@pytest.fixture(scope="module")
def engine(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    with writing(engine, LOCAL_VIEWER) as conn:
        flip = "UPDATE household SET location = ST_FlipCoordinates(location) WHERE id % 31 = 0"
        conn.execute(text(f"{flip} AND location IS NOT NULL"))
        conn.execute(text("UPDATE household SET head_name = '<b>Siti</b>' WHERE id % 31 = 0"))
        refresh_position_faults(conn)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def app(url: str, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dash]:
    made = create_app(Settings(database_url=url, home=tmp_path_factory.mktemp("home")))
    yield made
    made.server.extensions["engine"].dispose()


@pytest.fixture
def places(engine: Engine) -> tuple[str, str]:
    """The densest kecamatan and its densest desa."""
    with writing(engine, LOCAL_VIEWER) as conn:
        return find_densest(conn)


def get(client: FlaskClient, address: str = PAGE, status: int = 200) -> str:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.text
    return str(answer.text)


def press(client: FlaskClient, page: str, address: str, **fields: str) -> Any:
    token = _TOKEN.search(page)
    assert token
    return client.post(address, data={"csrf_token": token[1], **fields})


def last_event(engine: Engine) -> AuditEvent:
    with writing(engine, LOCAL_VIEWER) as conn:
        return list_events(conn).events[0]


def strip(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_counts_are_those_of_the_register(app: Dash, engine: Engine) -> None:
    page = get(client_as(app))
    with writing(engine, LOCAL_VIEWER) as conn:
        counts = count_position_faults(conn, View(), "kecamatan")
        total = count_faulty_households(conn, View(), FaultFilter())
        names = dict(conn.execute(text("SELECT code, name FROM admin_area")).all())
    shown = dict(re.findall(r'kind=(\w+)"[^>]*><span>[^<]+</span> <b>([\d.]+)</b>', page))
    assert {kind: int(shown[kind].replace(".", "")) for kind in KINDS} == {
        kind: sum(one.get(kind, 0) for one in counts.values()) for kind in KINDS
    }
    assert f"{total} dari " in strip(page).replace(".", "")
    rows = re.findall(r'area=([\d.]+)">([^<]+)</a></td><td class="number"[^>]*>([\d.]+)</td>', page)
    assert {(code, int(count)) for code, _, count in rows} == {
        (code, one["any"]) for code, one in counts.items()
    }
    assert all(names[code] == unescape(name) for code, name, _ in rows)


def test_the_list_goes_over_its_pages_and_into_the_file(app: Dash, engine: Engine) -> None:
    client = client_as(app)
    with writing(engine, LOCAL_VIEWER) as conn:
        listed = list_position_faults(conn, View(), FaultFilter("swapped"), limit=1_000)
    assert len(listed) > 50
    found: list[int] = []
    for page in range(1, len(listed) // 50 + 2):
        body = get(client, f"{PAGE}?kind=swapped&page={page}")
        found += map(int, re.findall(r"household=(\d+)", body))
    assert sorted(found) == sorted(one.id for one in listed)
    answer = client.get(f"{PAGE}.csv?kind=swapped")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))
    assert [int(row[0]) for row in rows[1:]] == found
    assert last_event(engine).action == "export"


def test_what_is_shown_is_in_the_log(app: Dash, engine: Engine) -> None:
    page = get(client_as(app), f"{PAGE}?kind=missing")
    event = last_event(engine)
    shown = list(map(int, re.findall(r"household=(\d+)", page)))
    assert (event.action, event.detail and event.detail["households"]) == ("list", shown)


def test_a_name_is_no_markup(app: Dash) -> None:
    page = get(client_as(app), f"{PAGE}?kind=swapped")
    assert "&lt;b&gt;Siti" in page
    assert "<b>Siti" not in page


@pytest.mark.parametrize("role", ["guest", "agency", "regent", "auditor", "administrator"])
def test_other_roles_find_a_closed_door(app: Dash, role: str) -> None:
    client = client_as(app, role)
    get(client, status=403)
    get(client, f"{PAGE}.csv", status=403)


def test_a_planner_gets_no_address(app: Dash, places: tuple[str, str], engine: Engine) -> None:
    with writing(engine, LOCAL_VIEWER) as conn:
        [first, *_] = list_position_faults(conn, View(area=places[1]), FaultFilter())
    assert first.address
    assert first.address not in unescape(get(client_as(app), f"{PAGE}?area={places[1]}"))
    operator = client_as(app, "village_operator")
    assert first.address in unescape(get(operator))


def test_roles_of_an_area_stay_in_it(app: Dash, places: tuple[str, str]) -> None:
    kecamatan, desa = places
    for role, own in (("task_unit", kecamatan), ("village_operator", desa)):
        client = client_as(app, role)
        page = get(client)
        assert re.findall(r"household=(\d+)", page)
        areas = set(re.findall(r"area=([\d.]+)", page))
        assert all(area.startswith(own) for area in areas)
        get(client, f"{PAGE}?area=35.10.01", status=403)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{PAGE}?kind=no_such", 400),
        (f"{PAGE}?page=0", 400),
        (f"{PAGE}?page=-1", 400),
        (f"{PAGE}?area=99.99", 404),
        (f"{PAGE}?area=nowhere", 400),
    ],
)
def test_a_wrong_address_gets_one_sentence(app: Dash, address: str, status: int) -> None:
    assert "Traceback" not in get(client_as(app), address, status=status)


def test_a_finding_is_dismissed_and_comes_back(
    app: Dash, engine: Engine, places: tuple[str, str]
) -> None:
    client = client_as(app, "village_operator")
    page = get(client)
    fault = re.search(r'name="fault" value="(\d+):(\w+)"', page)
    assert fault
    household, kind = fault.groups()
    answer = press(client, page, f"{PAGE}/dismiss", fault=f"{household}:{kind}")
    assert answer.status_code == 303
    event = last_event(engine)
    assert (event.action, event.household) == ("change", int(household))
    page = get(client, answer.headers["Location"])
    assert "Temuan ditandai bukan kesalahan." in page
    assert f'value="{household}:{kind}"' not in page
    page = get(client, f"{PAGE}?dismissed=1")
    assert f'value="{household}:{kind}"' in page
    answer = press(client, page, f"{PAGE}/dismiss?dismissed=1", fault=f"{household}:{kind}")
    assert answer.status_code == 303
    assert f'value="{household}:{kind}"' in get(client)


def test_nobody_dismisses_in_a_foreign_area(app: Dash, engine: Engine) -> None:
    with writing(engine, LOCAL_VIEWER) as conn:
        [first, *_] = list_position_faults(conn, View(area="35.10.01"), FaultFilter())
    client = client_as(app, "village_operator")
    page = get(client)
    fault = f"{first.id}:{first.faults[0].kind}"
    assert press(client, page, f"{PAGE}/dismiss", fault=fault).status_code == 404
    assert press(client, page, f"{PAGE}/dismiss", fault="x").status_code == 400
    assert client.post(f"{PAGE}/dismiss", data={"fault": fault}).status_code == 403


def test_the_certain_repairs_are_asked_of_the_worker(
    app: Dash, engine: Engine, places: tuple[str, str]
) -> None:
    client = client_as(app, "task_unit")
    page = get(client)
    assert "Perbaiki yang pasti" in page
    answer = press(client, page, f"{PAGE}/repair")
    assert answer.status_code == 303
    assert "Perbaikan dijadwalkan" in get(client, answer.headers["Location"])
    with writing(engine, LOCAL_VIEWER) as conn:
        job = conn.execute(
            text("SELECT kind, role, area_code, args FROM job ORDER BY id DESC LIMIT 1")
        ).one()
    assert tuple(job) == ("repair", "task_unit", places[0], {"area": places[0]})


def test_an_area_without_faults_says_so(app: Dash, engine: Engine) -> None:
    with writing(engine, LOCAL_VIEWER) as conn:
        clean = conn.scalar(
            text("""
                SELECT a.code FROM admin_area AS a JOIN household AS h ON h.area_code = a.code
                WHERE h.status IN ('verified', 'unverified') AND a.level = 'desa'
                GROUP BY a.code HAVING NOT EXISTS (
                    SELECT FROM position_fault AS f JOIN household AS o ON o.id = f.household_id
                    WHERE o.area_code = a.code)
                LIMIT 1
            """)
        )
        empty = conn.scalar(
            text("""
                SELECT code FROM admin_area WHERE level = 'desa'
                AND code NOT IN (SELECT area_code FROM household) LIMIT 1
            """)
        )
    assert "tidak ada yang perlu diperiksa" in get(client_as(app), f"{PAGE}?area={clean}")
    assert "Impor registernya dulu" in get(client_as(app), f"{PAGE}?area={empty}")


def test_english_is_english(app: Dash) -> None:
    page = strip(get(client_as(app), f"{PAGE}?language=en&kind=swapped"))
    assert "Longitude and latitude are exchanged; put right, it lies in this village." in page
    assert "tertukar" not in page
