"""The pages of plans: who gets them, what they show, and each act asked for and worked off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from dashboard.app import create_app
from dashboard.jobs.run import run_waiting_jobs
from dashboard.settings import Settings
from dashboard.words import words_of
from db.engine import make_engine, writing
from db.plans.approval import approve, propose, start
from db.plans.compute import compute_plan
from db.plans.queries import get_plan, list_coverage, list_targets
from db.plans.store import create_plan, save_plan
from db.queries.areas import find_densest
from db.viewer import LOCAL_VIEWER
from geo.plan_settings import PlanSettings, Split
from tests.conftest import MakeDatabase, client_as, make_demo

READERS = ("planner", "regent", "task_unit", "village_operator")
OTHERS = ("guest", "agency", "auditor", "administrator")
PROGRAMME = "kanggo_riko"
SETTINGS = PlanSettings("2026", quota=120, unit_cost_idr=2_500_000, split=Split("equal", 0, 5))
FORM = {
    "name": "Putaran pertama",
    "programme": PROGRAMME,
    "area": "",
    "period": "2026",
    "quota": "90",
    "unit_cost": "2.500.000",
    "ranking": "decile",
    "villages": "all",
    "split": "none",
}
MAKER, APPROVER = "bu-perencana", "pak-perencana"


@dataclass(frozen=True)
class House:
    """A server on a register of the test's own, and the worker's side of it."""

    app: Dash
    engine: Engine
    kecamatan: str
    desa: str

    def client(self, role: str = "planner", area: str | None = None) -> FlaskClient:
        return client_as(self.app, role, area)

    def work(self) -> int:
        return run_waiting_jobs(self.engine)

    def make(self, state: str = "draft", **more: Any) -> int:
        """Make a plan, computed, as far as a state."""
        about = {"name": "Rencana uji", "programme": PROGRAMME, "area": None, "user": MAKER} | more
        settings = about.pop("settings", SETTINGS)
        with writing(self.engine, LOCAL_VIEWER) as conn:
            number = create_plan(conn, settings=settings, **about)
            revision = compute_plan(conn, number, 1, user=MAKER)
            if state != "draft":
                revision = propose(conn, number, revision, user=MAKER)
            if state in ("approved", "running"):
                revision = approve(conn, number, revision, user=APPROVER)
            if state == "running":
                start(conn, number, revision, user=MAKER)
        return number


@pytest.fixture(scope="module")
def house(make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    url = make_demo(make_database("plan_pages"))
    app = create_app(Settings(database_url=url, home=tmp_path_factory.mktemp("home")))
    engine = make_engine(url, statement_timeout_ms=0)
    with engine.connect() as conn:
        kecamatan, desa = find_densest(conn)
    yield House(app, engine, kecamatan, desa)
    app.server.extensions["engine"].dispose()
    engine.dispose()


def read(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == status, answer.get_data(as_text=True)[-2000:]
    return unescape(answer.get_data(as_text=True))


def post(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account").text)
    assert token
    return client.post(address, data={"csrf_token": token[1], **fields})


def press(client: FlaskClient, page: str, act: str) -> TestResponse:
    """Press the button of an act as the page offers it."""
    form = re.search(rf'action="(/plans/\d+/{act})"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert form, f"no button for {act}"
    revision = re.search(r'name="revision" value="(\d+)"', form[2])
    assert revision
    return post(client, form[1], revision=revision[1])


def count_jobs(house: House) -> int:
    with house.engine.connect() as conn:
        return int(conn.scalar(text("SELECT count(*) FROM job")) or 0)


# --- Who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", OTHERS)
def test_other_roles_are_turned_away(house: House, role: str) -> None:
    number = house.make("approved")
    client = house.client(role)
    for path in ("", "/new", "/compare", f"/{number}", f"/{number}/settings", "/jobs/1"):
        assert client.get(f"/plans{path}").status_code == 403
    for path in ("/new", f"/{number}/settings", f"/{number}/start", f"/{number}/approve"):
        assert post(client, f"/plans{path}", revision="1").status_code == 403


@pytest.mark.parametrize("role", ["task_unit", "village_operator"])
def test_roles_of_an_area_read_approved_plans_and_their_own_targets(
    house: House, role: str
) -> None:
    area = {"task_unit": house.kecamatan, "village_operator": house.desa}[role]
    number, draft = house.make("approved", name="Untuk satgas"), house.make(name="Rahasia draf")
    client = house.client(role)
    listed = read(client, "/plans")
    assert "Untuk satgas" in listed and "Rahasia draf" not in listed
    assert client.get(f"/plans/{draft}").status_code == 404
    page = read(client, f"/plans/{number}")
    with house.engine.connect() as conn:
        own = list_targets(conn, number, area=area)
        everyone = [
            line for one in (1, 2, 3) for line in list_targets(conn, number, page=one).lines
        ]
    assert f"<dd>{own.total}</dd>" in page
    shown = {int(one) for one in re.findall(r"household=(\d+)", page)}
    assert shown == {line.household for line in own.lines}
    foreign = [line for line in everyone if not line.area_code.startswith(area)]
    assert foreign
    assert not any(line.nik in page for line in foreign if line.nik)
    assert "Riwayat</h2>" not in page and "Mengapa demikian" not in page
    assert "Mulai penyaluran" not in page
    assert post(client, f"/plans/{number}/start", revision="4").status_code == 403


def test_a_regent_reads_names_without_numbers_and_works_on_nothing(house: House) -> None:
    number = house.make()
    client = house.client("regent")
    page = read(client, f"/plans/{number}")
    assert not re.findall(r"\d{4}\*{8}\d{4}|(?<!\d)\d{16}(?!\d)", page)
    assert "Ubah pengaturan" not in page and "Usulkan</button>" not in page
    for path in ("/new", f"/{number}/settings"):
        assert client.get(f"/plans{path}").status_code == 403
    for act in ("compute", "propose", "delete", "copy"):
        assert post(client, f"/plans/{number}/{act}", revision="2").status_code == 403


def test_what_is_shown_is_recorded(house: House) -> None:
    number = house.make("approved")
    read(house.client("village_operator"), f"/plans/{number}")
    with house.engine.connect() as conn:
        action, area, detail = conn.execute(
            text("SELECT action, area_code, detail FROM audit_event ORDER BY id DESC LIMIT 1")
        ).one()
        own = list_targets(conn, number, area=house.desa)
    assert (action, area, detail["what"], detail["plan"]) == ("list", house.desa, "plan", number)
    assert sorted(detail["households"]) == sorted(line.household for line in own.lines)


# --- Making one ---------------------------------------------------------------------------------


def test_the_list_without_plans_says_what_to_do(
    make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = make_demo(make_database("plan_none"))
    app = create_app(Settings(database_url=url, home=tmp_path_factory.mktemp("home")))
    assert "Belum ada rencana" in read(client_as(app, "planner"), "/plans")
    assert "/gaps" in read(client_as(app, "planner"), "/plans")
    assert "Bappeda" in read(client_as(app, "regent"), "/plans")
    app.server.extensions["engine"].dispose()


def test_the_form_comes_filled_with_programme_area_and_cost(house: House) -> None:
    page = read(house.client(), f"/plans/new?programme={PROGRAMME}&area={house.kecamatan}")
    assert f'<option value="{PROGRAMME}" selected' in page
    assert f'<option value="{house.kecamatan}" selected' in page
    assert 'name="unit_cost" value="2.500.000"' in page


def test_a_plan_is_made_by_the_worker_and_its_page_opens(house: House) -> None:
    client = house.client()
    answer = post(client, "/plans/new", **FORM, puts_first="yes")
    assert answer.status_code == 303
    waiting = read(client, answer.headers["Location"])
    assert "Menyiapkan rencana" in waiting and "data-job=" in waiting
    assert 'value="Putaran pertama"' in waiting
    assert house.work() == 1
    page = read(client, answer.headers["Location"])
    assert "<h1>Putaran pertama</h1>" in page
    assert "<dd>90</dd>" in page and "dari 90 tempat" in page
    assert "Rp225.000.000" in page
    assert "Sasaran dihitung" in page and "benih “kanggo_riko:2026”" in page
    assert page.count('<img src="/map.svg?layer=plan_') == 2


@pytest.mark.parametrize(
    ("changes", "sentence", "field"),
    [
        ({"name": ""}, "Beri nama rencana", "name"),
        ({"programme": ""}, "Pilih programnya dahulu", "programme"),
        ({"area": "35.10.99"}, "tidak dikenal", "area"),
        ({"quota": ""}, "Isi kuota, anggaran, atau keduanya", "quota"),
        ({"quota": "-5"}, "tidak boleh negatif", "quota"),
        ({"quota": "seribu"}, "bukan bilangan bulat", "quota"),
        ({"budget": "100"}, "Anggaran lebih kecil", "budget"),
        ({"budget": "99999999999999999"}, "di luar batas", "budget"),
        ({"period": "tahun depan"}, "Tulis periode", "period"),
        ({"due_on": "2020-01-01"}, "sudah lewat", "due_on"),
        ({"ranking": "weights"}, "Semua bobot nol", "weight_decile"),
        ({"split": "equal", "floor": "9", "most": "2"}, "melebihi jatah", "floor"),
    ],
)
def test_a_wrong_form_keeps_what_was_typed_and_names_the_field(
    house: House, changes: dict[str, str], sentence: str, field: str
) -> None:
    before = count_jobs(house)
    typed = FORM | {"name": "Nama <b>yang</b> diketik"} | changes
    answer = post(house.client(), "/plans/new", **typed)
    assert answer.status_code == 400
    raw = answer.get_data(as_text=True)
    assert sentence in unescape(raw)
    assert re.search(rf'name="{field}"[^>]* aria-invalid="true"', raw)
    assert "<b>yang</b>" not in raw
    for name in ("quota", "period", "budget"):
        if typed.get(name):
            assert f'value="{typed[name]}"' in raw
    assert count_jobs(house) == before


def test_the_mix_of_quota_and_budget_takes_the_smaller(house: House) -> None:
    client = house.client()
    answer = post(client, "/plans/new", **FORM | {"quota": "500", "budget": "Rp 50.000.000"})
    house.work()
    page = read(client, answer.headers["Location"])
    assert "dari 20 tempat" in page and "dari anggaran Rp50.000.000" in page


# --- Changing one -------------------------------------------------------------------------------


def test_saving_changes_settings_and_computes_anew(house: House) -> None:
    number, client = house.make(), house.client()
    page = read(client, f"/plans/{number}/settings")
    assert 'name="quota" value="120"' in page and 'name="most" value="5"' in page
    answer = post(client, f"/plans/{number}/settings", **FORM | {"revision": "2", "quota": "33"})
    assert answer.headers["Location"].startswith(f"/plans/{number}?job=")
    assert house.work() == 1
    page = read(client, answer.headers["Location"])
    assert "<dd>33</dd>" in page and "<h1>Putaran pertama</h1>" in page
    assert "Pengaturan tersimpan." in page


def test_the_second_of_two_editors_is_told_and_loses_nothing(house: House) -> None:
    number, client = house.make(), house.client()
    with writing(house.engine, LOCAL_VIEWER) as conn:
        other = replace(SETTINGS, quota=77)
        save_plan(conn, number, 2, name="Dari bu Lain", area=None, settings=other, user="bu-lain")
    before = count_jobs(house)
    mine = FORM | {"revision": "2", "quota": "55", "name": "Punya saya"}
    answer = post(client, f"/plans/{number}/settings", **mine)
    assert answer.status_code == 409
    page = unescape(answer.get_data(as_text=True))
    assert "bu-lain menyimpan rencana ini pada" in page
    differing = re.sub(r"<[^>]+>", " ", page)
    assert re.search(r"Kuota\s+77\s+55", differing)
    assert re.search(r"Nama rencana\s+Dari bu Lain\s+Punya saya", differing)
    assert 'name="quota" value="55"' in page and 'value="Punya saya"' in page
    assert count_jobs(house) == before
    # Saved over knowingly, with the revision that the page brought.
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    answer = post(client, f"/plans/{number}/settings", **mine | {"revision": revision[1]})
    assert answer.status_code == 303
    house.work()
    with house.engine.connect() as conn:
        assert get_plan(conn, number).settings.quota == 55


def test_who_is_overtaken_in_the_queue_finds_the_form_as_it_was(house: House) -> None:
    number, client = house.make(), house.client()
    answer = post(client, f"/plans/{number}/settings", **FORM | {"revision": "2", "quota": "44"})
    with writing(house.engine, LOCAL_VIEWER) as conn:
        save_plan(conn, number, 2, name="Cepat", area=None, settings=SETTINGS, user="bu-lain")
    house.work()
    page = read(client, answer.headers["Location"])
    assert "Tidak disimpan:" in page and "bu-lain" in page
    (way,) = re.findall(rf'href="(/plans/{number}/settings\?job=\d+)"', page)
    form = read(client, way)
    assert 'name="quota" value="44"' in form and "Simpan isian saya di atasnya" in form


def test_acts_on_an_old_page_do_nothing(house: House) -> None:
    number, client = house.make(), house.client()
    page = read(client, f"/plans/{number}")
    with writing(house.engine, LOCAL_VIEWER) as conn:
        save_plan(conn, number, 2, name="Cepat", area=None, settings=SETTINGS, user="bu-lain")
    before = count_jobs(house)
    answer = press(client, page, "propose")
    assert answer.status_code == 409
    assert "bu-lain mengubah rencana ini pada" in unescape(answer.get_data(as_text=True))
    assert count_jobs(house) == before


# --- From draft to closed -----------------------------------------------------------------------


def test_a_plan_walks_from_draft_to_closed_by_two_people(house: House) -> None:
    client, regent = house.client(), house.client("regent")
    answer = post(client, "/plans/new", **FORM | {"quota": "60"})
    house.work()
    page = read(client, answer.headers["Location"])
    number = re.findall(r"/plans/(\d+)/propose", page)[0]
    address = f"/plans/{number}"
    press(client, page, "propose")
    assert house.work() == 1
    page = read(client, address)
    assert 'aria-current="step"><span class="plan-sign" aria-hidden="true">2' in page
    assert re.search(r"<code>[0-9a-f]{64}</code>", page)
    assert "Menunggu persetujuan orang lain" in page
    assert client.get(f"{address}/approve").status_code == 409
    assert client.get(f"{address}/settings").status_code == 409

    confirm = read(regent, f"{address}/approve")
    assert "60 keluarga" in confirm and "Rp150.000.000" in confirm
    revision = re.findall(r'name="revision" value="(\d+)"', confirm)[0]
    wrong = post(regent, f"{address}/approve", revision=revision, act="approve")
    assert wrong.status_code == 400 and "Isi nomor SK" in unescape(wrong.text)
    empty = post(regent, f"{address}/approve", revision=revision, act="return", note=" ")
    assert empty.status_code == 400
    note = "Utamakan Wongsorejo & sekitarnya"
    back = post(regent, f"{address}/approve", revision=revision, act="return", note=note)
    assert back.status_code == 303 and house.work() == 1
    assert "Rencana dikembalikan" in read(regent, back.headers["Location"])
    page = read(client, address)
    assert note in page and "Dikembalikan oleh test-regent-all" in page

    press(client, page, "propose")
    house.work()
    confirm = read(regent, f"{address}/approve")
    revision = re.findall(r'name="revision" value="(\d+)"', confirm)[0]
    decree = {"decree_number": "188/77/2026", "decree_date": "2026-11-20"}
    post(regent, f"{address}/approve", revision=revision, act="approve", **decree)
    assert house.work() == 1
    page = read(client, address)
    assert "188/77/2026, 20 Nov 2026" in page and "SK 188/77/2026" in page
    press(client, page, "start")
    house.work()
    page = read(client, address)
    assert "Belum dicatat" in page
    press(client, page, "close")
    house.work()
    page = read(client, address)
    for was in ("Ditutup", "Penyaluran dimulai", "Disetujui", "Dikembalikan", "Rencana dibuat"):
        assert f"<strong>{was}</strong>" in page


def test_a_plan_is_copied_and_a_draft_deleted(house: House) -> None:
    number, client = house.make("approved", name="Asal"), house.client()
    answer = press(client, read(client, f"/plans/{number}"), "copy")
    house.work()
    page = read(client, answer.headers["Location"])
    assert "<h1>Salinan Asal</h1>" in page and "Sasaran belum dihitung" in page
    answer = press(client, page, "delete")
    assert answer.headers["Location"].startswith("/plans?job=")
    house.work()
    page = read(client, answer.headers["Location"])
    assert "Draf dihapus." in page and "Salinan Asal" not in page


def test_what_a_state_does_not_allow_is_refused(house: House) -> None:
    number, client = house.make("approved"), house.client()
    with house.engine.connect() as conn:
        revision = str(get_plan(conn, number).revision)
    before = count_jobs(house)
    for act in ("delete", "propose", "compute", "withdraw"):
        answer = post(client, f"/plans/{number}/{act}", revision=revision)
        assert answer.status_code == 409
        assert "tidak dapat dilakukan" in answer.text
    assert post(client, f"/plans/{number}/start").status_code == 400
    assert client.get("/plans/999999").status_code == 404
    assert client.get("/plans?state=odd").status_code == 400
    assert count_jobs(house) == before


# --- What it shows ------------------------------------------------------------------------------


def test_the_figures_name_their_register_as_it_was_when_they_were_computed(house: House) -> None:
    number, client = house.make(), house.client()
    register = text("SELECT name, as_of FROM source WHERE kind = 'register'")
    with house.engine.connect() as conn:
        name, as_of = conn.execute(register).one()
        day = conn.scalar(text("SELECT day FROM rule_state"))
    words = words_of("id")
    said = f"Sumber: {words.say(name)}, per {words.day(as_of)}."
    page = read(client, f"/plans/{number}")
    assert said in page and f"umur dan masa layanan per {words.day(day)}." in page

    later = text("UPDATE source SET as_of = as_of + :days WHERE kind = 'register'")
    with house.engine.begin() as conn:
        conn.execute(later, {"days": 31})
    assert said in read(client, f"/plans/{number}")
    with house.engine.begin() as conn:
        conn.execute(later, {"days": -31})


def test_the_ranked_list_is_paged_and_looked_at_by_area(house: House) -> None:
    number, client = house.make(), house.client()
    with house.engine.connect() as conn:
        total = list_targets(conn, number).total
        inside = list_targets(conn, number, area=house.kecamatan)
        coverage = list_coverage(conn, number)
    page = read(client, f"/plans/{number}")
    assert f"Urutan 1 sampai 50 dari {total} keluarga." in page
    assert "Urutan 1 dari" in page
    ranks = [int(one) for one in re.findall(r'data-title="Urutan">(\d+)<', page)]
    assert ranks == list(range(1, 51))
    second = read(client, f"/plans/{number}?page=2")
    assert "Urutan 51 sampai" in second and "plan-maps" not in second
    own = read(client, f"/plans/{number}?area={house.kecamatan}")
    shown = {int(one) for one in re.findall(r"household=(\d+)", own)}
    assert shown == {line.household for line in inside.lines}
    assert client.get(f"/plans/{number}?area=35.10.99").status_code == 404
    for line in coverage:
        if line.base:
            assert line.name in page


def test_the_maps_and_the_bars_say_the_same(house: House) -> None:
    number, client = house.make(), house.client("regent")
    with house.engine.connect() as conn:
        for level in ("kecamatan", "desa"):
            lines = {line.area: line for line in list_coverage(conn, number, level)}
            for layer, name in (("plan_before", "before_pct"), ("plan_after", "after_pct")):
                answer = client.get(f"/export/{layer}.csv?plan={number}&level={level}")
                assert answer.status_code == 200, answer.text
                rows = re.findall(r"^(35\.10[.\d]+)[;,](.*)$", answer.text, re.MULTILINE)
                assert {code for code, _ in rows} >= set(lines)
                for code, rest in rows:
                    if code in lines and lines[code].base:
                        told = float(rest.split(";")[1].replace(",", "."))
                        assert told == pytest.approx(getattr(lines[code], name), abs=1e-5)
                drawn = client.get(f"/map.svg?layer={layer}&plan={number}&level={level}&narrow=1")
                assert drawn.status_code == 200
    assert sum(line.targets for line in lines.values()) == 120


def test_the_layers_of_a_plan_are_offered_with_a_plan_only(house: House) -> None:
    number = house.make()
    for role in ("guest", "agency"):
        answer = house.client(role).get(f"/map.svg?layer=plan_after&plan={number}")
        assert answer.status_code in (400, 403, 404)
    draft = house.client("task_unit").get(f"/map.svg?layer=plan_after&plan={number}&level=desa")
    assert draft.status_code == 404
    without = house.client().get("/map.svg?layer=plan_after")
    assert without.status_code == 200 and "Tidak ada data" in without.text


def test_two_plans_stand_side_by_side(house: House) -> None:
    a = house.make(name="Rencana A1")
    b = house.make(name="Rencana B1", settings=replace(SETTINGS, quota=60, split=Split()))
    client = house.client("regent")
    assert "Pilih dua rencana" in read(client, "/plans/compare")
    page = read(client, f"/plans/compare?a={a}&b={b}")
    with house.engine.connect() as conn:
        one, other = (
            {
                line.household
                for page_number in (1, 2, 3)
                for line in list_targets(conn, number, page=page_number).lines
            }
            for number in (a, b)
        )
    for count in (len(one & other), len(one - other), len(other - one)):
        assert f"<dd>{count}</dd>" in page
    assert "<strong>120</strong>" in page and "<strong>60</strong>" in page
    assert client.get(f"/plans/compare?a={a}&b=x").status_code == 400
    assert client.get(f"/plans/compare?a={a}&b=999999").status_code == 404


def test_the_list_is_filtered_by_state_and_programme(house: House) -> None:
    house.make("approved", name="Yang disetujui")
    house.make(name="Yang masih draf")
    page = read(house.client(), "/plans?state=approved")
    assert "Yang disetujui" in page and "Yang masih draf" not in page
    page = read(house.client(), "/plans?programme=bedah_rumah")
    assert "Tidak ada rencana yang cocok" in page


@pytest.mark.parametrize("path", ["", "/new", "/compare", "/{number}", "/{number}/settings"])
def test_every_page_speaks_english(house: House, path: str) -> None:
    number = house.make()
    page = read(house.client(), f"/plans{path.format(number=number)}?language=en")
    words = re.sub(r"<[^>]+>", " ", page)
    for left in ("Wilayah", "Sasaran", "Pengaturan", "keluarga", "Tahap", "Riwayat"):
        assert left not in words
