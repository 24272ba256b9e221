"""The page of gaps as each role gets it: its figures, where they lead, and its files."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest
from dash import Dash
from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from dashboard.app import create_app
from dashboard.settings import Settings
from dashboard.words import words_of
from db.engine import make_engine, writing
from db.queries.areas import find_densest
from db.queries.gaps import count_gaps, list_ruled_programmes
from db.queries.totals import get_summary
from db.viewer import LOCAL_VIEWER
from geo.gaps import add_cells, get_share_pct
from geo.view import GAP_CELLS, View
from layers import get_layer
from tests.conftest import MakeDatabase, client_as, make_demo

PAGE = "/gaps"
ROLES = ("regent", "planner", "task_unit", "village_operator")
_FIGURE = re.compile(r'<a href="/\?([^"]+)" aria-label="[^"]+">([\d.]+)</a>')
_SHARE = re.compile(r'<a href="/\?([^"]+)" aria-label="[^"]+">([\d.,]+)\s%</a>')


@pytest.fixture(scope="module")
def app(demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dash]:
    made = create_app(Settings(database_url=demo_url, home=tmp_path_factory.mktemp("home")))
    yield made
    made.server.extensions["engine"].dispose()


@pytest.fixture
def places(demo_conn: Connection) -> tuple[str, str]:
    """The densest kecamatan and its densest desa."""
    return find_densest(demo_conn)


def get(client: FlaskClient, address: str = PAGE, status: int = 200) -> str:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.text
    return str(answer.text)


def list_figures(page: str) -> dict[str, int]:
    """Return the figures of a page by the query that each leads to."""
    return {
        unescape(query): int(number.replace(".", "")) for query, number in _FIGURE.findall(page)
    }


def own_area(role: str, places: tuple[str, str]) -> str | None:
    return {"task_unit": places[0], "village_operator": places[1]}.get(role)


@pytest.mark.parametrize("role", ROLES)
def test_every_figure_is_the_total_of_the_list_it_leads_to(
    app: Dash, demo_conn: Connection, places: tuple[str, str], role: str
) -> None:
    figures = list_figures(get(client_as(app, role)))
    area = own_area(role, places)
    programmes = list_ruled_programmes(demo_conn)
    cells = count_gaps(demo_conn, View(area=area), None)[""]
    of_area = {
        View.from_query(query).gap: count
        for query, count in figures.items()
        if View.from_query(query).area == area
    }
    assert of_area == {
        f"{one.code}:{cell}": cells[one.code][cell]
        for one in programmes
        for cell in GAP_CELLS
        if cells[one.code][cell]
    }
    for query, count in list(figures.items())[::7]:
        view = View.from_query(query)
        assert view.level == "household" and view.gap
        assert view.layer == f"gap:{view.gap.partition(':')[2]}"
        assert get_layer(demo_conn, "households").list_rows(demo_conn, view).total == count


def test_a_list_that_a_figure_leads_to_opens(app: Dash, places: tuple[str, str]) -> None:
    for role in ROLES:
        client = client_as(app, role)
        query = next(iter(list_figures(get(client))))
        get(client, f"/?{query}")
        answer = client.get(f"/export/households.csv?{query}")
        assert answer.status_code == 200


def test_every_share_leads_to_the_map_that_paints_it(app: Dash, demo_conn: Connection) -> None:
    found = _SHARE.findall(get(client_as(app)))
    views = [(View.from_query(unescape(query)), written) for query, written in found]
    assert {view.level for view, _ in views if view.area is None} == {"kecamatan"}
    of_areas = [(view, written) for view, written in views if view.area]
    assert len(of_areas) > 60
    for view, written in of_areas[::9]:
        assert view.level == "desa"
        layer = get_layer(demo_conn, view.layer)
        painted = layer.list_rows(demo_conn, replace(view, area=None, level="kecamatan")).rows
        value = next(row["value"] for row in painted if row["code"] == view.area)
        assert words_of("id").number(value, 1) == written


def test_the_areas_below_stand_by_how_many_they_leave_out(app: Dash, demo_conn: Connection) -> None:
    page = get(client_as(app), f"{PAGE}?programme=bpnt").partition('id="areas"')[2]
    assert "BPNT" in page
    shown = re.findall(r'<th scope="row"><a href="/gaps\?area=([\d.]+)', page)
    gaps = count_gaps(demo_conn, View(), "kecamatan", ("bpnt",))
    left_out = [gaps[code]["bpnt"]["excluded"] for code in shown]
    assert len(shown) == len(gaps) and left_out == sorted(left_out, key=lambda n: -(n or 0))


def test_figures_carry_denominator_source_version_and_day(app: Dash, demo_conn: Connection) -> None:
    page = get(client_as(app))
    day = demo_conn.scalar(text("SELECT day FROM rule_state"))
    for said in ("% dari yang berhak", "% dari keluarga miskin", "aturan versi 1", "Sumber:",
                 "Termasuk yang belum diverifikasi", f"dihitung per {day.day} "):  # fmt: skip
        assert said in page, said


@pytest.mark.parametrize("role", ["guest", "agency", "auditor", "administrator"])
@pytest.mark.parametrize("ending", ["", ".csv", ".xlsx"])
def test_other_roles_find_a_closed_door(app: Dash, role: str, ending: str) -> None:
    get(client_as(app, role), f"{PAGE}{ending}", status=403)


@pytest.mark.parametrize("role", ["task_unit", "village_operator"])
def test_roles_of_an_area_stay_in_it(app: Dash, places: tuple[str, str], role: str) -> None:
    client, own = client_as(app, role), own_area(role, places)
    page = get(client)
    areas = set(re.findall(r"area=([\d.]+)", page))
    assert areas and all(area.startswith(own or "?") for area in areas)
    get(client, f"{PAGE}?area=35.10", status=403)
    get(client, f"{PAGE}.csv?area=35.10", status=403)


def test_an_operator_gets_one_desa_without_a_second_table(
    app: Dash, places: tuple[str, str]
) -> None:
    page = get(client_as(app, "village_operator"))
    assert 'id="areas"' not in page and "sebarannya di peta" not in page
    get(client_as(app), f"{PAGE}?area={places[1]}")


def test_what_does_not_exist_is_a_sentence(app: Dash) -> None:
    client = client_as(app)
    assert "tidak ditemukan" in get(client, f"{PAGE}?area=99.99", status=404)
    assert "tidak dikenal" in get(client, f"{PAGE}?programme=no_such", status=400)
    get(client, f"{PAGE}?area=nonsense", status=400)
    assert "&lt;script&gt;" in get(client, f"{PAGE}?programme=<script>", status=400)


def test_it_speaks_english(app: Dash) -> None:
    page = get(client_as(app), f"{PAGE}?language=en")
    assert "Not yet served" in page and "Belum dilayani" not in page
    assert all("language=en" in query for query in list_figures(page))


def test_the_files_hold_the_figures_of_the_page(
    app: Dash, demo_conn: Connection, places: tuple[str, str]
) -> None:
    client, area = client_as(app), places[0]
    body = client.get(f"{PAGE}.csv?area={area}").get_data().decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(body), delimiter=";")
    view = View(area=area, level="desa")
    gaps, total = count_gaps(demo_conn, view, "desa"), get_summary(demo_conn, view).total
    programmes = list_ruled_programmes(demo_conn)
    assert len(rows) == len(programmes) * (1 + len(gaps))
    for row, one in zip(rows, programmes, strict=False):
        cells = add_cells([of_area[one.code] for of_area in gaps.values()])
        assert (row[0], row[2], int(row[5])) == (area, one.name, total)
        assert [int(count) for count in row[6:11]] == list(cells.values())
        shares = [get_share_pct(cells, total, cell) for cell in GAP_CELLS]
        assert [float(s.replace(",", ".")) if s else None for s in row[11:16]] == pytest.approx(
            shares, abs=1e-5
        )
    assert "Belum dilayani (% dari yang berhak)" in head
    book = client.get(f"{PAGE}.xlsx?area={area}").get_data()
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        texts = "".join(opened.read(name).decode() for name in opened.namelist())
    assert "Aturan dihitung per" in texts and "Belum dilayani" in texts


def test_an_empty_register_says_what_to_do(
    make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = make_demo(make_database("gaps_empty"))
    engine = make_engine(url)
    with writing(engine, LOCAL_VIEWER) as conn:
        conn.execute(text("TRUNCATE household CASCADE"))
    engine.dispose()
    made = create_app(Settings(database_url=url, home=tmp_path_factory.mktemp("home")))
    page = get(client_as(made))
    assert "Impor registernya dahulu" in page and 'href="/data"' in page
    assert "Pilih wilayah lain" in get(client_as(made, "regent"))
    made.server.extensions["engine"].dispose()
