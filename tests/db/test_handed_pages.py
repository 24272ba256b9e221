"""The pages round a list that was handed over: who opens them, what they show, what comes back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from dash import Dash
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import Connection, Engine, text

from dashboard.app import create_app
from dashboard.jobs.run import run_waiting_jobs
from dashboard.settings import Settings
from dashboard.uploads import Uploads
from dashboard.words import words_of
from db.engine import make_engine
from db.plans.handed import get_paper
from tests.conftest import MakeDatabase, client_as, make_demo, owner_of
from tests.db.plan_samples import (
    AGENCY,
    OTHER_AGENCY,
    PURPOSE,
    choose_households,
    expire,
    hand,
    make_plan,
)

TODAY = date.today()
OTHERS = ("guest", "regent", "planner", "task_unit", "village_operator", "auditor", "administrator")
NUMBER = re.compile(r"(?<!\d)\d{16}(?!\d)")


@pytest.fixture(scope="module")
def settings(make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    address = make_demo(make_database("handed"))
    return Settings(database_url=address, home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Dash]:
    made = create_app(settings)
    yield made
    made.server.extensions["engine"].dispose()


@pytest.fixture(scope="module")
def owner(app: Dash) -> Iterator[Engine]:
    engine = owner_of(app.server.extensions["engine"])
    yield engine
    engine.dispose()


@pytest.fixture
def plan(owner: Engine) -> Iterator[int]:
    """A running plan of twelve households; all that was recorded of it goes with it."""
    with owner.begin() as conn:
        made = make_plan(conn, choose_households(conn, 12))
    yield made
    with owner.begin() as conn:
        conn.execute(text("DELETE FROM aid WHERE source = 'delivery'"))
        conn.execute(text("DELETE FROM plan WHERE id = :plan"), {"plan": made})
        conn.execute(text("DELETE FROM job"))


@pytest.fixture
def handover(owner: Engine, plan: int) -> int:
    with owner.begin() as conn:
        return hand(conn, plan)


@pytest.fixture
def agency(app: Dash) -> FlaskClient:
    return client_as(app, "agency", agency=AGENCY)


def read_page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.get_data(as_text=True)[-2000:]
    return unescape(answer.get_data(as_text=True))


def post(client: FlaskClient, address: str, page: str, **fields: Any) -> Any:
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    return client.post(address, data={"csrf_token": token[1], **fields})


def work(settings: Settings) -> None:
    engine = owner_of(make_engine(str(settings.database_url)))
    run_waiting_jobs(engine, Uploads(settings.home))
    engine.dispose()


def list_niks(owner: Engine, plan: int) -> list[str]:
    with owner.connect() as conn:
        return list(_niks(conn, plan))


def _niks(conn: Connection, plan: int) -> list[str]:
    wanted = text("SELECT nik FROM plan_target WHERE plan_id = :plan ORDER BY rank")
    return list(conn.scalars(wanted, {"plan": plan}))


# --- Who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", OTHERS)
def test_the_agencys_pages_are_for_agencies(app: Dash, handover: int, role: str) -> None:
    client = client_as(app, role)
    for address in ("/handed", *(f"/handed/{handover}{end}" for end in ("", ".xlsx", ".pdf"))):
        assert client.get(address).status_code == 403


def test_another_agency_finds_nothing(app: Dash, handover: int, owner: Engine, plan: int) -> None:
    other = client_as(app, "agency", agency=OTHER_AGENCY)
    assert "Belum ada daftar" in read_page(other, "/handed")
    for end in ("", ".xlsx", ".pdf"):
        answer = other.get(f"/handed/{handover}{end}")
        assert answer.status_code == 404
        assert not set(NUMBER.findall(answer.text)) & set(list_niks(owner, plan))
    page = read_page(other, "/account")
    assert post(other, f"/handed/{handover}", page, target="1").status_code == 404
    assert post(other, f"/handed/{handover}/file", page).status_code == 404


def test_an_agency_sees_its_list_with_what_it_needs(
    agency: FlaskClient, handover: int, owner: Engine, plan: int, settings: Settings
) -> None:
    assert f'href="/handed/{handover}"' in read_page(agency, "/handed")
    page = read_page(agency, f"/handed/{handover}")
    assert PURPOSE in page and "Terbuka sampai" in page
    with owner.connect() as conn:
        approved = get_paper(conn, plan).approved_at
    day = words_of("id").day(approved.astimezone(ZoneInfo(settings.time_zone)).date())
    assert f"Sasaran: daftar yang disetujui {day}. Hasil: catatan penyaluran sampai" in page
    assert set(NUMBER.findall(page)) == set(list_niks(owner, plan))
    assert "household=" not in page  # no card: the list is all it gets
    assert agency.get("/plans").status_code == 403
    assert agency.get(f"/plans/{plan}").status_code == 403
    assert agency.get(f"/plans/{plan}/deliveries").status_code == 403


def test_what_is_over_is_closed_with_a_sentence(
    agency: FlaskClient, handover: int, owner: Engine, plan: int
) -> None:
    page = read_page(agency, f"/handed/{handover}")
    with owner.begin() as conn:
        expire(conn, handover)
    for end in ("", ".xlsx", ".pdf"):
        said = read_page(agency, f"/handed/{handover}{end}", 403)
        assert "hanya terbuka sampai" in said
        assert not NUMBER.findall(said)
    fields = {"target": "1", "outcome": "delivered", "on": TODAY.isoformat()}
    assert post(agency, f"/handed/{handover}", page, **fields).status_code == 403
    assert "waktunya habis" in read_page(agency, "/handed")


# --- Openings -----------------------------------------------------------------------------------


def test_every_opening_is_counted_and_in_the_log(
    app: Dash, agency: FlaskClient, handover: int, owner: Engine, plan: int
) -> None:
    for end in ("", ".xlsx", ".pdf"):
        assert agency.get(f"/handed/{handover}{end}").status_code == 200
    with owner.connect() as conn:
        forms = conn.scalars(
            text("SELECT form FROM plan_opening WHERE handover_id = :id ORDER BY id"),
            {"id": handover},
        ).all()
        events = conn.execute(
            text("SELECT action, detail FROM audit_event WHERE user_name LIKE 'test-agency%'"
                 " AND (detail ->> 'handover')::int = :id ORDER BY id"), {"id": handover},
        ).all()  # fmt: skip
    assert forms == ["page", "xlsx", "pdf"]
    assert [event.action for event in events] == ["list", "export", "export"]
    assert len(events[0].detail["households"]) == 12
    assert [event.detail["rows"] for event in events[1:]] == [12, 12]
    seen = read_page(client_as(app, "planner"), f"/plans/{plan}")
    assert "3 kali" in seen and "test-agency" in seen


# --- Papers -------------------------------------------------------------------------------------


def read_pdf(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "no-store" in answer.headers["Cache-Control"]
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)


def test_the_agencys_annex_holds_its_numbers_and_the_planners_does_not(
    app: Dash, agency: FlaskClient, handover: int, owner: Engine, plan: int
) -> None:
    niks = set(list_niks(owner, plan))
    said = read_pdf(agency, f"/handed/{handover}.pdf")
    assert set(NUMBER.findall(said)) == niks
    assert "188/45/2026" in said and PURPOSE in said and "Data sintetis" in said
    masked = read_pdf(client_as(app, "planner"), f"/plans/{plan}/annex.pdf")
    assert not NUMBER.findall(masked)
    assert masked.count("********") == 12
    first, second = (agency.get(f"/handed/{handover}.pdf").data for _ in range(2))
    assert first == second
    for role in ("regent", "task_unit", "village_operator", "guest"):
        assert client_as(app, role).get(f"/plans/{plan}/annex.pdf").status_code == 403


def test_the_list_goes_out_and_comes_back_filled_in(
    agency: FlaskClient, handover: int, owner: Engine, plan: int, settings: Settings
) -> None:
    answer = agency.get(f"/handed/{handover}.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    sheet = book.worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    assert titles[-3:] == ["Hasil", "Tanggal", "Catatan"]
    assert [row[titles.index("NIK")].value for row in sheet.iter_rows(min_row=2)] == list_niks(
        owner, plan
    )
    assert sheet.data_validations.dataValidation
    for row, outcome in zip(range(2, 6), ("Diterima", "Menolak", "Pindah", None), strict=True):
        sheet.cell(row, titles.index("Hasil") + 1, outcome)
        if outcome:
            sheet.cell(row, titles.index("Tanggal") + 1, TODAY)
    filled = io.BytesIO()
    book.save(filled)
    page = read_page(agency, f"/handed/{handover}")
    filled.seek(0)
    sent = post(agency, f"/handed/{handover}/file", page, file=(filled, "isi.xlsx"))
    assert sent.status_code == 303
    work(settings)
    after = read_page(agency, sent.headers["Location"])
    assert "12 baris dibaca: 3 dicatat, 0 sudah demikian, 9 belum diisi" in after
    with owner.connect() as conn:
        outcomes = conn.scalars(
            text("SELECT outcome FROM plan_target WHERE plan_id = :plan ORDER BY rank LIMIT 4"),
            {"plan": plan},
        ).all()
    assert outcomes == ["delivered", "refused", "moved", None]


def test_a_faulty_file_says_which_rows_and_records_none(
    agency: FlaskClient, handover: int, owner: Engine, plan: int, settings: Settings
) -> None:
    niks = list_niks(owner, plan)
    lines = ["Nomor;NIK;Hasil;Tanggal", f"1;{niks[0]};Diterima;{TODAY}",
             f"2;{niks[5]};Diterima;{TODAY}"]  # fmt: skip
    file = io.BytesIO("\n".join(lines).encode())
    page = read_page(agency, f"/handed/{handover}")
    sent = post(agency, f"/handed/{handover}/file", page, file=(file, "isi.csv"))
    work(settings)
    after = read_page(agency, sent.headers["Location"])
    assert "1 baris tidak dapat dicatat" in after
    assert "NIK tidak cocok dengan sasaran nomor ini." in after
    with owner.connect() as conn:
        assert not conn.scalar(text("SELECT count(outcome) FROM plan_target"))
    empty = post(agency, f"/handed/{handover}/file", page, file=(io.BytesIO(b""), "isi.csv"))
    assert empty.status_code == 400
    strange = post(agency, f"/handed/{handover}/file", page, file=(io.BytesIO(b"x"), "isi.exe"))
    assert strange.status_code == 400
    assert not list(Uploads(settings.home).list_of("nobody"))


# --- Recording on the page ----------------------------------------------------------------------


def test_an_agency_ticks_what_it_delivered(
    app: Dash, agency: FlaskClient, handover: int, owner: Engine, plan: int, settings: Settings
) -> None:
    page = read_page(agency, f"/handed/{handover}")
    targets = re.findall(r'name="target" value="(\d+)"', page)[:3]
    fields = {"target": targets, "outcome": "delivered", "on": TODAY.isoformat(), "note": "balai"}
    sent = post(agency, f"/handed/{handover}", page, **fields)
    assert sent.status_code == 303
    job = re.search(r"job=(\d+)", sent.headers["Location"])
    assert job
    waiting = agency.get(f"/deliveries/jobs/{job[1]}").json
    assert waiting and waiting["isOver"] is False
    work(settings)
    after = read_page(agency, sent.headers["Location"])
    assert "Tercatat untuk 3 sasaran." in after and "25,0" in after
    planner = read_page(client_as(app, "planner"), f"/plans/{plan}/deliveries")
    assert "balai" in planner and planner.count("Diterima</strong>") == 3
    done = client_as(app, "agency", agency=OTHER_AGENCY).get(f"/deliveries/jobs/{job[1]}")
    assert done.status_code == 404


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "Belum ada sasaran"),
        ({"target": "x"}, "paling banyak"),
        ({"target": "1", "outcome": "lost"}, "tidak dikenal"),
        ({"target": "1", "outcome": "moved", "on": "kemarin"}, "Isi tanggal"),
        ({"target": "1", "outcome": "moved", "on": "2026-11-20", "note": "x" * 301}, "300"),
    ],
)
def test_a_form_that_says_nothing_sound_is_refused(
    agency: FlaskClient, handover: int, fields: dict[str, str], why: str
) -> None:
    page = read_page(agency, f"/handed/{handover}")
    answer = post(agency, f"/handed/{handover}", page, **fields)
    assert answer.status_code == 400
    assert why in unescape(answer.text)


def test_a_target_of_another_list_is_refused_by_the_worker(
    agency: FlaskClient, handover: int, owner: Engine, plan: int, settings: Settings
) -> None:
    with owner.connect() as conn:
        stranger = choose_households(conn, 20)[-1]
    page = read_page(agency, f"/handed/{handover}")
    fields = {"target": stranger, "outcome": "delivered", "on": TODAY.isoformat()}
    sent = post(agency, f"/handed/{handover}", page, **fields)
    work(settings)
    assert "1 sasaran tidak ada dalam daftar ini" in read_page(agency, sent.headers["Location"])


def test_an_operator_records_in_their_own_desa_only(
    app: Dash, owner: Engine, plan: int, settings: Settings
) -> None:
    with owner.connect() as conn:
        rows = conn.execute(
            text("SELECT household_id, area_code FROM plan_target WHERE plan_id = :plan"),
            {"plan": plan},
        ).all()
    desa = rows[0].area_code
    own = {str(row.household_id) for row in rows if row.area_code == desa}
    operator = client_as(app, "village_operator", desa)
    page = read_page(operator, f"/plans/{plan}/deliveries")
    assert set(re.findall(r'name="target" value="(\d+)"', page)) == own
    fields = {"target": sorted(own), "outcome": "moved", "on": TODAY.isoformat()}
    sent = post(operator, f"/plans/{plan}/deliveries", page, **fields)
    work(settings)
    assert f"Tercatat untuk {len(own)} sasaran." in read_page(operator, sent.headers["Location"])
    book = openpyxl.load_workbook(io.BytesIO(operator.get(f"/plans/{plan}/deliveries.xlsx").data))
    assert book.worksheets[0].max_row == len(own) + 1


def test_the_regent_reads_and_does_not_record(app: Dash, plan: int) -> None:
    regent = client_as(app, "regent")
    page = read_page(regent, f"/plans/{plan}/deliveries")
    assert 'name="target"' not in page and not NUMBER.findall(page)
    answer = post(regent, f"/plans/{plan}/deliveries", page, target="1")
    assert answer.status_code == 403


def test_late_areas_stand_out(app: Dash, owner: Engine) -> None:
    with owner.begin() as conn:
        late = make_plan(conn, choose_households(conn, 9), due_on=TODAY - timedelta(days=2))
    page = read_page(client_as(app, "planner"), f"/plans/{late}/deliveries")
    assert 'class="late"' in page
    with owner.begin() as conn:
        conn.execute(text("DELETE FROM plan WHERE id = :plan"), {"plan": late})


# --- Handing over on the plan's page ------------------------------------------------------------


def test_a_planner_hands_over_and_takes_back(
    app: Dash, agency: FlaskClient, owner: Engine, plan: int, settings: Settings
) -> None:
    planner = client_as(app, "planner")
    page = read_page(planner, f"/plans/{plan}")
    assert "belum diserahkan" in page
    until = (TODAY + timedelta(days=30)).isoformat()
    fields = {"agency": AGENCY, "purpose": PURPOSE, "until": until}
    sent = post(planner, f"/plans/{plan}/hand_over", page, **fields)
    assert sent.status_code == 303
    work(settings)
    after = read_page(planner, sent.headers["Location"])
    assert "Daftar diserahkan." in after and PURPOSE in after and "belum pernah" in after
    address = re.search(r"/handed/\d+", read_page(agency, "/handed"))
    assert address and agency.get(address[0]).status_code == 200
    form = re.search(r"/plans/\d+/handovers/\d+/revoke", after)
    assert form
    post(planner, form[0], after)
    work(settings)
    assert "dicabut" in read_page(agency, address[0], 403)
    assert "dicabut test-planner" in read_page(planner, f"/plans/{plan}")


def test_a_handing_over_that_cant_be_says_why(app: Dash, plan: int, settings: Settings) -> None:
    planner = client_as(app, "planner")
    page = read_page(planner, f"/plans/{plan}")
    no_day = post(planner, f"/plans/{plan}/hand_over", page, agency=AGENCY, purpose=PURPOSE)
    assert no_day.status_code == 400
    until = (TODAY + timedelta(days=900)).isoformat()
    fields = {"agency": AGENCY, "purpose": PURPOSE, "until": until}
    sent = post(planner, f"/plans/{plan}/hand_over", page, **fields)
    work(settings)
    assert "paling lama satu tahun" in read_page(planner, sent.headers["Location"])
    for role in ("regent", "task_unit", "village_operator"):
        client = client_as(app, role)
        shown = read_page(client, f"/plans/{plan}")
        assert post(client, f"/plans/{plan}/hand_over", shown, **fields).status_code == 403
