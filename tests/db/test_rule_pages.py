"""Programmes, their rules and questions by HTTP: read, edited, counted, kept; no work lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from dashboard.app import create_app
from dashboard.auth.demo import ROLES
from dashboard.settings import Settings
from db.engine import reading
from db.rules import count_rule, get_programme_rule, read_rule
from db.viewer import LOCAL_VIEWER
from tests.conftest import MakeDatabase, client_as, make_demo, owner_of

READERS = ("regent", "planner", "task_unit", "village_operator")
ASKERS = READERS[1:]
HOSTILE = "<img src=x onerror=alert(1)>"
POOR = {"all.0.kind": "decile", "all.0.op": "<=", "all.0.value": "2"}
WIDOWS = {
    "all.0.kind": "head_sex",
    "all.0.op": "=",
    "all.0.value": "female",
    "all.1.kind": "head_marital_status",
    "all.1.op": "=",
    "all.1.value": ["divorced", "widowed"],
}
WIDOWS_RULE = {
    "all": [
        {"field": "head_sex", "op": "=", "value": "female"},
        {"field": "head_marital_status", "op": "in", "value": ["divorced", "widowed"]},
    ]
}


@pytest.fixture(scope="module")
def app(make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dash]:
    url = make_demo(make_database("rule_pages"))
    made = create_app(Settings(database_url=url, home=tmp_path_factory.mktemp("home")))
    yield made
    made.server.extensions["engine"].dispose()


@pytest.fixture(scope="module")
def owner(app: Dash) -> Iterator[Engine]:
    engine = owner_of(app.server.extensions["engine"])
    yield engine
    engine.dispose()


def read_page(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text[-2000:]
    return unescape(answer.text)


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account").text)
    assert found
    return found[1]


def post(client: FlaskClient, path: str, /, **form: Any) -> TestResponse:
    return client.post(path, data=form | {"csrf_token": token(client)})


def count_of(owner: Engine, data: dict[str, Any], area: str | None = None) -> int:
    with reading(owner, LOCAL_VIEWER) as conn:
        return count_rule(conn, read_rule(conn, data), area)


def version_of(owner: Engine, code: str) -> int:
    with reading(owner, LOCAL_VIEWER) as conn:
        return get_programme_rule(conn, code).version


def save(client: FlaskClient, code: str, base: int, /, **form: Any) -> TestResponse:
    filled = {**POOR, "note": "Ketentuan baru", "base_version": str(base), "act": "save"}
    return post(client, f"/programmes/{code}", **filled | form)


def shown_figure(page: str) -> str:
    found = re.search(r'<strong class="rule-figure">([\d.]+)</strong>', page)
    assert found, page
    return found[1]


# --- Who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role.role for role in ROLES])
def test_who_reads_what(app: Dash, role: str) -> None:
    client = client_as(app, role)
    expected = {
        "/programmes": READERS, "/programmes/pkh": READERS, "/questions": ASKERS,
        "/questions/views?query=": ASKERS,
    }  # fmt: skip
    for address, roles in expected.items():
        assert client.get(address).status_code == (200 if role in roles else 403), address


@pytest.mark.parametrize("role", [role.role for role in ROLES])
def test_who_writes_what(app: Dash, owner: Engine, role: str) -> None:
    client = client_as(app, role)
    before = version_of(owner, "uang_saku")
    may_ask, may_edit = role in ASKERS, role == "planner"
    sent = {
        "/questions/count": may_ask, "/questions": may_ask,
        "/programmes/uang_saku/count": may_edit, "/programmes/uang_saku": may_edit,
    }  # fmt: skip
    for path, may in sent.items():
        assert post(client, path, **POOR).status_code == (200 if may else 403), path
    assert version_of(owner, "uang_saku") == before
    if not may_edit:
        assert save(client, "uang_saku", before).status_code == 403
    if not may_ask:
        assert post(client, "/questions/views", query="", name="x").status_code == 403
        assert post(client, "/questions/views/1/drop").status_code == 403
    assert version_of(owner, "uang_saku") == before


def test_forms_want_their_token(app: Dash, owner: Engine) -> None:
    client = client_as(app)
    before = version_of(owner, "pkh")
    for path in ("/programmes/pkh", "/questions", "/questions/views", "/questions/count"):
        assert client.post(path, data={**POOR, "act": "save"}).status_code == 403
    assert version_of(owner, "pkh") == before


@pytest.mark.parametrize("role", READERS)
def test_the_ways_lead_where_the_role_may_go(app: Dash, role: str) -> None:
    client = client_as(app, role)
    page = read_page(client, "/programmes")
    (nav,) = re.findall(r'<nav aria-label="Jalan lain">(.*?)</nav>', page)
    ways = re.findall(r'<a href="(/[^"?]*)">', nav)
    assert ("/questions" in ways) == (role in ASKERS)
    for way in ways:
        assert client.get(way, follow_redirects=True).status_code == 200


# --- Programmes ---------------------------------------------------------------------------------


def test_the_list_says_whom_each_is_for_and_how_many(app: Dash, owner: Engine) -> None:
    page = read_page(client_as(app), "/programmes")
    with reading(owner, LOCAL_VIEWER) as conn:
        rule = get_programme_rule(conn, "rantang_kasih").rule
        assert rule
        count = count_rule(conn, rule)
    (row,) = re.findall(r"<tr>(?:(?!</tr>).)*Rantang Kasih.*?</tr>", page, re.S)
    assert "Dinas Sosial" in row and "Rp7.190.000" in row and "glyph-food" in row
    assert "Desil paling tinggi 4" in row and "Kebutuhan: Lansia sendirian" in row
    assert f'gap=rantang_kasih:eligible">{count}</a>' in row
    assert len(re.findall("<tr>", page)) == 15  # its head, and fourteen


def test_those_of_an_area_get_its_count(app: Dash, owner: Engine) -> None:
    client = client_as(app, "village_operator")
    page = read_page(client, "/programmes/kanggo_riko")
    with reading(owner, LOCAL_VIEWER) as conn:
        rule = get_programme_rule(conn, "kanggo_riko").rule
        assert rule
        area = re.search(r'href="/\?area=([\d.]+)', page)
        assert area
        assert f">{count_rule(conn, rule, area[1])}</a>" in page
    assert "<form" not in page.split("<main>")[1]  # they read
    assert "Siapa yang berhak" in page and "Didahulukan" in page


def test_a_saved_rule_holds_at_once_and_is_told(app: Dash, owner: Engine) -> None:
    client = client_as(app)
    base = version_of(owner, "mitra_mapan")
    form = {"served_years": "3", "excludes": ["kanggo_riko"], "note": f"Rapat {HOSTILE}"}
    answer = save(client, "mitra_mapan", base, **form)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/programmes/mitra_mapan?saved={base + 1}"
    page = client.get(answer.headers["Location"]).text
    assert HOSTILE not in page
    assert f"Versi {base + 1} disimpan dan mulai berlaku." in page
    shown = unescape(page)
    assert f"<q>Rapat {HOSTILE}</q>" in shown
    assert "test-planner-all" in shown
    assert re.search(r"<del>.*Kebutuhan: Modal usaha</del>", shown)
    assert re.search(r"<ins>.*Dilayani berarti menerima dalam 3 tahun terakhir.</ins>", shown)
    count = count_of(owner, {"all": [{"field": "decile", "op": "<=", "value": 2}]})
    assert shown_figure(shown) == f"{count:,}".replace(",", ".")
    assert f'gap=mitra_mapan:eligible">{shown_figure(shown)}</a>' in shown
    with owner.connect() as conn:
        detail = conn.scalar(
            text("SELECT detail FROM audit_event WHERE action = 'change' ORDER BY id DESC LIMIT 1")
        )
    assert detail["what"] == "rule" and detail["programme"] == "mitra_mapan"
    assert detail["version"] == base + 1


def test_the_second_of_two_is_told_and_loses_nothing(app: Dash, owner: Engine) -> None:
    first, second = client_as(app), client_as(app, "planner", None)
    base = version_of(owner, "spm")
    assert save(first, "spm", base, note="Yang pertama").status_code == 303
    mine = {"all.0.value": "7", "served_years": "4", "note": "Yang kedua", "excludes": ["pkh"]}
    answer = save(second, "spm", base, **mine)
    assert answer.status_code == 409
    page = unescape(answer.text)
    assert f"test-planner-all menyimpan versi {base + 1}" in page
    assert f"sementara Anda mengubah versi {base}" in page
    assert "<q>Yang pertama</q>" in page
    assert 'name="all.0.value" value="7"' in page and "Yang kedua</textarea>" in page
    assert 'name="served_years"' in page and 'value="4"' in page
    assert 'name="excludes" value="pkh" checked' in page
    assert re.search(r"<ins>.*Desil paling tinggi 7</ins>", page)
    assert version_of(owner, "spm") == base + 1
    (again,) = re.findall(r'name="base_version" value="(\d+)"', page)
    assert save(second, "spm", int(again), **mine).status_code == 303
    assert version_of(owner, "spm") == base + 2


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"all.0.value": ""}, "Pilih atau isi nilainya."),
        ({"all.0.value": "-1"}, "“-1” bukan bilangan bulat dari 0."),
        ({"all.0.value": "99"}, "99"),
        ({"note": ""}, "Tuliskan alasan perubahan"),
        ({"served_years": "seumur"}, "Isi lamanya dalam tahun"),
        ({"served_years": "-2"}, "Isi lamanya dalam tahun"),
        ({"excludes": [HOSTILE]}, "tidak dikenal"),
        ({"all.1.kind": "decile", "all.1.op": ">=", "all.1.value": "5"}, "tidak akan pernah benar"),
        ({"none.0.kind": "decile", "none.0.op": "<=", "none.0.value": "2"}, "saling meniadakan"),
        ({"all.1.kind": "need", "all.1.value": "nanti"}, "“nanti”"),
        ({"all.1.kind": "no_aid", "all.1.value": "pkh"}, "pkh"),
        ({"all.1.kind": "member", "all.1.age_min": "60", "all.1.age_max": "7"}, "60"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    app: Dash, owner: Engine, form: dict[str, Any], sentence: str
) -> None:
    client = client_as(app)
    base = version_of(owner, "pkh")
    answer = save(client, "pkh", base, **form)
    assert answer.status_code == 400
    assert sentence in unescape(answer.text)
    assert HOSTILE not in answer.text
    assert version_of(owner, "pkh") == base
    for name, value in form.items():
        if isinstance(value, str) and name.endswith(".value") and value and "decile" not in value:
            assert f'value="{value}"' in answer.text  # as it was filled in


def test_an_unknown_programme_is_not_there(app: Dash) -> None:
    client = client_as(app)
    assert client.get("/programmes/tidak_ada").status_code == 404
    assert post(client, "/programmes/tidak_ada/count", **POOR).status_code == 404
    assert save(client, "tidak_ada", 1).status_code == 404


# --- Builder ------------------------------------------------------------------------------------


def test_without_scripts_buttons_add_remove_and_count(app: Dash, owner: Engine) -> None:
    client = client_as(app)
    page = post(client, "/questions", act="add.all", **{"add.all": "member"}).text
    assert 'name="all.0.age_min"' in page
    row = {"all.0.kind": "member", "all.0.at_least": "1", "all.0.disability": "1"}
    page = post(client, "/questions", act="count", **row).text
    count = count_of(owner, {"all": [{"member": {"disability": True}}]})
    assert shown_figure(page) == f"{count:,}".replace(",", ".")
    two = {**row, "all.1.kind": "decile", "all.1.op": "=", "all.1.value": "3"}
    page = post(client, "/questions", act="remove.all.0", **two).text
    assert 'name="all.0.value" value="3"' in page and "all.1." not in page


def test_the_count_is_told_to_the_page(app: Dash, owner: Engine) -> None:
    client = client_as(app)
    said = post(client, "/questions/count", **WIDOWS).get_json()
    count = count_of(owner, WIDOWS_RULE)
    assert count > 0
    assert shown_figure(said["count"]) == f"{count:,}".replace(",", ".")
    assert "Perempuan" in said["words"] and said["rows"] == {} and "builder" not in said
    said = post(client, "/questions/count", **POOR | {"all.0.value": "x"}).get_json()
    assert said["rows"] == {"all.0": "“x” bukan bilangan bulat dari 0."}
    assert "rule-figure" not in said["count"] and said["words"] == ""
    said = post(
        client, "/questions/count", act="add.any", **POOR, **{"add.any": "toilet"}
    ).get_json()
    assert 'name="any.0.value" value="own"' in said["builder"]
    assert "first.0" not in said["builder"] and "Didahulukan" not in said["builder"]


def test_no_more_rows_than_anybody_reads(app: Dash) -> None:
    many = {}
    for number in range(30):
        many |= {f"all.{number}.kind": "decile", f"all.{number}.value": "1"}
    answer = post(client_as(app), "/questions/count", act="add.all", **many, **{"add.all": "need"})
    assert answer.status_code == 400
    assert "Paling banyak 30 syarat" in answer.get_json()["error"]


# --- Questions ----------------------------------------------------------------------------------


def test_every_example_counts(app: Dash) -> None:
    client = client_as(app)
    page = read_page(client, "/questions")
    keys = re.findall(r"/questions\?example=(\w+)", page)
    assert len(keys) == 8
    figures = {key: shown_figure(read_page(client, f"/questions?example={key}")) for key in keys}
    assert int(figures["widows"].replace(".", "")) > 0
    assert len(set(figures.values())) > 4


def test_a_question_is_one_click_from_map_and_list(app: Dash, owner: Engine) -> None:
    client = client_as(app)
    answer = post(client, "/questions", act="open", area="35.10.04", **WIDOWS)
    assert answer.status_code == 303
    address = answer.headers["Location"]
    assert re.fullmatch(r"/\?area=35\.10\.04&level=household&question=[0-9a-f]{12}", address)
    rows = client.get(f"/export/households.csv{address[1:]}").text.strip().splitlines()
    heads = [line for line in rows if not line.startswith("#")]
    assert len(heads) - 1 == count_of(owner, WIDOWS_RULE, "35.10.04") > 0
    key = address[-12:]
    again = read_page(client, f"/questions?question={key}")
    assert 'value="widowed" checked' in again and 'value="divorced" checked' in again


def test_a_question_that_names_a_status_shows_all_it_counts(app: Dash) -> None:
    form = {"all.0.kind": "status", "all.0.op": "=", "all.0.value": "graduated"}
    address = post(client_as(app), "/questions", act="open", **form).headers["Location"]
    assert "statuses=unverified,verified,rejected,graduated" in address


def test_an_empty_question_is_not_opened(app: Dash) -> None:
    answer = post(client_as(app), "/questions", act="open")
    assert answer.status_code == 400
    assert "Belum ada syarat" in answer.text


def test_nobody_asks_of_another_area(app: Dash) -> None:
    client = client_as(app, "village_operator")
    page = read_page(client, "/questions?example=widows")
    assert len(re.findall(r'<input type="hidden" name="area" value="[\d.]+">', page)) == 1
    for path in ("/questions", "/questions/count"):
        assert post(client, path, area="35.10.01", **WIDOWS).status_code == 403
    assert client.get("/questions?area=35.10.01").status_code == 403
    for wrong in ("35", "x", "35.10&level=desa"):
        assert post(client, "/questions", area=wrong, **WIDOWS).status_code == 400


def test_an_operators_count_is_of_their_desa(app: Dash, owner: Engine) -> None:
    client = client_as(app, "village_operator")
    page = read_page(client, "/questions?example=widows")
    (area,) = re.findall(r'name="area" value="([\d.]+)"', page)
    assert shown_figure(page) == str(count_of(owner, WIDOWS_RULE, area))


# --- Views under a name -------------------------------------------------------------------------


def test_a_view_is_kept_opened_shared_and_dropped(app: Dash) -> None:
    client = client_as(app)
    form = read_page(client, "/questions/views?query=area%3D35.10.04%26deciles%3D1%26page%3D3")
    assert 'name="query" value="area=35.10.04&deciles=1"' in form
    kept = {"query": "area=35.10.04&deciles=1", "name": f"Desil 1 {HOSTILE}", "is_shared": "yes"}
    assert post(client, "/questions/views", **kept).status_code == 303
    page = client.get("/questions").text
    assert HOSTILE not in page
    listed = unescape(page)
    assert f'<a href="/?area=35.10.04&deciles=1">Desil 1 {HOSTILE}</a>' in listed
    assert "Dibagikan" in listed
    (number,) = re.findall(r'action="/questions/views/(\d+)/drop"', listed)
    # Of another role nobody sees it, and nobody else drops it.
    other = client_as(app, "task_unit")
    assert HOSTILE not in unescape(other.get("/questions").text)
    assert post(other, f"/questions/views/{number}/drop").status_code == 400
    assert post(client, f"/questions/views/{number}/drop").status_code == 303
    assert "Desil 1" not in client.get("/questions").text.split('id="views"')[1]


def test_a_question_is_kept_under_a_name(app: Dash) -> None:
    client = client_as(app, "village_operator")
    answer = post(client, "/questions", act="keep", name="Janda", **WIDOWS)
    assert answer.status_code == 303 and answer.headers["Location"] == "/questions#views"
    saved = unescape(client.get("/questions").text).split('id="views"')[1]
    assert re.search(r'href="/\?[^"]*question=[0-9a-f]{12}">Janda<', saved)
    answer = post(client, "/questions", act="keep", name=" ", **WIDOWS)
    assert answer.status_code == 400
    assert "Nama tampilan harus" in answer.text and 'value="widowed" checked' in answer.text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"query": "area=35.10.04", "name": ""}, 400),
        ({"query": "area=35.10.04", "name": "x" * 81}, 400),
        ({"query": "bukan=alamat", "name": "x"}, 400),
        ({"query": "received=tidak_ada", "name": "x"}, 400),
    ],
)
def test_what_is_no_view_is_not_kept(app: Dash, form: dict[str, str], status: int) -> None:
    assert post(client_as(app), "/questions/views", **form).status_code == status


def test_nobody_keeps_a_view_of_another_area(app: Dash) -> None:
    client = client_as(app, "village_operator")
    form = {"query": "area=35.10.01", "name": "x"}
    assert post(client, "/questions/views", **form).status_code == 403


def test_pages_speak_english(app: Dash) -> None:
    client = client_as(app)
    page = read_page(client, "/questions?example=widows&language=en")
    assert "Begin with an example" in page and "families fit" in page
    assert "All must be true" in page and 'href="/programmes?language=en"' in page
    answer = post(client, "/questions?language=en", act="open", **WIDOWS)
    assert "language=en" in answer.headers["Location"]
