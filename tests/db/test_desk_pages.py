"""The review queue and the verification pages: who gets them, what they show and ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from dashboard.app import create_app
from dashboard.settings import Settings
from tests.conftest import client_as, owner_of
from tests.desk_samples import Desks

PAGES = ("/data/review", "/data/verification")
REVIEWERS = ("planner", "task_unit", "village_operator")
VERIFIERS = ("task_unit", "village_operator")
OTHERS = ("regent", "guest", "agency", "auditor", "administrator")
DECREE = {"decree_number": "188/45/2026", "decree_date": "2026-11-20"}


@pytest.fixture(scope="module")
def app(
    desk_register: tuple[str, Desks], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Dash]:
    settings = Settings(database_url=desk_register[0], home=tmp_path_factory.mktemp("home"))
    made = create_app(settings)
    yield made
    made.server.extensions["engine"].dispose()


@pytest.fixture
def owner(app: Dash) -> Iterator[Engine]:
    """The database as its owner; jobs that a test asked for are taken away again."""
    engine = owner_of(app.server.extensions["engine"])
    with engine.connect() as conn:
        last = conn.scalar(text("SELECT max(id) FROM job")) or 0
    yield engine
    with engine.begin() as conn:
        conn.execute(text("DELETE FROM job WHERE id > :last"), {"last": last})
    engine.dispose()


def read_page(client: FlaskClient, address: str) -> str:
    answer = client.get(address, follow_redirects=True, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.get_data(as_text=True)[-2000:]
    return unescape(answer.get_data(as_text=True))


def post(client: FlaskClient, address: str, page: str, **fields: Any) -> Any:
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    return client.post(address, data={"csrf_token": token[1], **fields})


def list_jobs(owner: Engine) -> list[tuple[str, dict[str, Any]]]:
    with owner.connect() as conn:
        rows = conn.execute(text("SELECT kind, args FROM job ORDER BY id"))
        return [(kind, args) for kind, args in rows if args != {"households": [1]}]


# --- Who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("page", [*PAGES, "/data/review/jobs/1", "/households/1/verifications"])
def test_other_roles_are_turned_away(app: Dash, role: str, page: str) -> None:
    assert client_as(app, role).get(page).status_code == 403


def test_a_planner_reviews_and_does_not_verify(app: Dash) -> None:
    assert client_as(app, "planner").get("/data/verification").status_code == 403


@pytest.mark.parametrize("role", REVIEWERS)
def test_every_way_of_a_desk_is_open_to_who_sees_it(app: Dash, role: str) -> None:
    client = client_as(app, role)
    ways = set()
    for desk in ("/data", "/data/review", "/data/positions", "/data/sources"):
        page = read_page(client, desk)
        (rooms,) = re.findall(r'<nav aria-label="Jalan lain">(.*?)</nav>', page)
        (desks,) = re.findall(r'<nav class="desk-ways"[^>]*>(.*?)</nav>', page)
        ways.add(tuple(re.findall(r'<a href="(/[^"?]*)"', rooms + desks)))
        assert rooms.count("aria-current") == desks.count("aria-current") == 1
    (same,) = ways
    assert ("/data/verification" in same) == (role in VERIFIERS)
    for way in same:
        assert client.get(way, follow_redirects=True).status_code == 200


@pytest.mark.parametrize(
    "address", ["/data/review/decide", "/data/review/undo", "/data/verification"]
)
def test_forms_want_their_token(app: Dash, owner: Engine, address: str) -> None:
    client = client_as(app, "village_operator")
    assert client.post(address, data={"case": "2-1", "decision": "new"}).status_code in (400, 403)
    assert list_jobs(owner) == []


# --- Review -------------------------------------------------------------------------------------


def test_the_oldest_row_comes_first_beside_its_candidate(app: Dash, desks: Desks) -> None:
    page = read_page(client_as(app, "village_operator"), "/data/review")
    house = desks.houses[desks.desa][0]
    assert "4 baris menunggu" in page
    assert "NIK berubah" in page
    assert house.nik[:12] in page and house.kk in page
    assert "≈</span> mirip" in page and "✗</span> beda" in page and "✓</span> sama" in page
    assert "mungkin sama (81" in page
    assert f"Jalan Rahasia {desks.regency_batch}-1" in page


def test_a_planner_sees_masked_numbers_side_by_side(app: Dash, desks: Desks) -> None:
    client = client_as(app, "planner")
    page = read_page(client, f"/data/review?case={desks.own_batch}-1")
    house = desks.houses[desks.desa][0]
    assert "11 baris menunggu" in page
    assert house.head_name in page
    assert house.nik[:12] not in page and house.kk not in page
    assert f"{house.kk[:4]}********{house.kk[-4:]}" in page
    assert "Jalan Rahasia" not in page and "1970-02-03" not in page and "ASLI" not in page
    assert "✗</span> beda</span> (tersembunyi)" in page


@pytest.mark.parametrize(("role", "count"), [("task_unit", 7), ("village_operator", 4)])
def test_rows_of_other_areas_never_appear(app: Dash, desks: Desks, role: str, count: int) -> None:
    client = client_as(app, role)
    assert f"{count} baris menunggu" in read_page(client, "/data/review")
    foreign = f"/data/review?case={desks.far_batch}-1"
    assert client.get(foreign).status_code == 404
    seen = {f"{desks.far_batch}-1"}
    assert not seen & set(re.findall(r"case=(\d+-\d+)", read_page(client, "/data/review")))


def test_filters_narrow_the_queue(app: Dash, desks: Desks) -> None:
    client = client_as(app, "planner")
    assert "3 baris menunggu" in read_page(client, "/data/review?kind=moved")
    assert "1 baris menunggu" in read_page(client, f"/data/review?batch={desks.own_batch}")
    assert "3 baris menunggu" in read_page(client, f"/data/review?area={desks.near}")
    assert "Tidak ada baris yang menunggu" in read_page(client, "/data/review?kind=dead")
    for wrong in ("kind=nothing", "batch=x", "area=abc", "case=1"):
        assert client.get(f"/data/review?{wrong}").status_code in (400, 404)


def test_a_decision_is_a_job_and_leads_on(app: Dash, owner: Engine, desks: Desks) -> None:
    client = client_as(app, "village_operator")
    page = read_page(client, "/data/review")
    case = f"{desks.regency_batch}-1"
    house = desks.houses[desks.desa][0].id
    answer = post(
        client, "/data/review/decide", page, case=case, decision="joined", household=str(house)
    )
    assert answer.status_code == 303
    assert f"case={desks.regency_batch}-2" in answer.headers["Location"]
    args = {"batch": desks.regency_batch, "row": 1, "decision": "joined", "household": house}
    assert list_jobs(owner) == [("decide", args)]
    following = read_page(client, answer.headers["Location"])
    assert "Menyimpan: sama…" in following
    assert "3 baris menunggu" in following
    assert "sedang disimpan" in read_page(client, f"/data/review?case={case}")


def test_undo_takes_back_what_was_decided_last_though_it_is_not_stored_yet(
    app: Dash, owner: Engine, desks: Desks
) -> None:
    client = client_as(app, "village_operator")
    first, second = f"{desks.regency_batch}-1", f"{desks.regency_batch}-2"
    offered = r'class="review-undo">.*?name="case" value="([^"]+)".*?>Urungkan: (.*?) <kbd>'
    decide = """
        UPDATE import_row SET decision = :decision, decided_by = :user, decided_at = :at
        WHERE (batch_id, row_number) = (:batch, 2)
    """
    stored = {"decision": "new", "user": desks.operator, "at": "2026-11-20 03:00+00"}
    forgotten = dict.fromkeys(stored)

    def read_undo() -> tuple[str, str]:
        found = re.search(offered, read_page(client, f"/data/review?case={first}"), re.DOTALL)
        assert found
        return found[1], found[2]

    names = {}
    for case in (first, second):
        page = read_page(client, f"/data/review?case={case}")
        (names[case],) = re.findall(r'<h2 id="case" tabindex="-1">(.*?)</h2>', page)
    assert "Urungkan: " not in page
    try:
        with owner.begin() as conn:
            conn.execute(text(decide), {**stored, "batch": desks.regency_batch})
        assert read_undo() == (second, f"baru, {names[second]}")
        house = str(desks.houses[desks.desa][0].id)
        post(client, "/data/review/decide", page, case=first, decision="joined", household=house)
        assert read_undo() == (first, f"sama, {names[first]}")
        assert post(client, "/data/review/undo", page, case=first).status_code == 303
        assert read_undo() == (second, f"baru, {names[second]}")
        assert post(client, "/data/review/undo", page, case=first).status_code == 404
        assert [job["decision"] for _, job in list_jobs(owner)] == ["joined", "undo"]
    finally:
        with owner.begin() as conn:
            conn.execute(text(decide), {**forgotten, "batch": desks.regency_batch})


def test_a_foreign_household_is_no_answer(app: Dash, owner: Engine, desks: Desks) -> None:
    client = client_as(app, "village_operator")
    page = read_page(client, "/data/review")
    for household in (desks.houses[desks.far][0].id, desks.houses[desks.desa][2].id, ""):
        answer = post(
            client, "/data/review/decide", page,
            case=f"{desks.regency_batch}-1", decision="joined", household=str(household),
        )  # fmt: skip
        assert answer.status_code == 400
    foreign = post(client, "/data/review/decide", page, case=f"{desks.far_batch}-1", decision="new")
    assert foreign.status_code == 404
    assert list_jobs(owner) == []


def test_a_refusal_is_told_on_the_next_page(app: Dash, owner: Engine, desks: Desks) -> None:
    client = client_as(app, "village_operator")
    page = read_page(client, "/data/review")
    case = f"{desks.regency_batch}-1"
    post(client, "/data/review/decide", page, case=case, decision="new")
    why = "Baris ini sudah diputuskan oleh bu-camat."
    with owner.begin() as conn:
        conn.execute(
            text("""
                UPDATE job SET state = 'failed', message = :why, finished_at = now()
                WHERE kind = 'decide'
            """),
            {"why": why},
        )
    page = read_page(client, "/data/review")
    assert f"Keputusan tidak disimpan: {why}" in page
    assert f"case={case}" in page


def test_what_somebody_else_decided_says_who_and_when(
    app: Dash, owner: Engine, desks: Desks
) -> None:
    client = client_as(app, "village_operator")
    page = read_page(client, "/data/review")
    where = "WHERE (batch_id, row_number) = (:batch, 1)"
    with owner.begin() as conn:
        conn.execute(
            text(f"""
                UPDATE import_row SET decision = 'new', decided_by = 'bu-camat',
                                      decided_at = '2026-11-20 03:00+00' {where}
            """),
            {"batch": desks.regency_batch},
        )
    case = f"{desks.regency_batch}-1"
    try:
        answer = post(client, "/data/review/decide", page, case=case, decision="new")
        assert answer.status_code == 409
        assert "bu-camat, 20 Nov 2026 10.00.00 WIB" in answer.get_data(as_text=True)
        shown = read_page(client, f"/data/review?case={case}")
        assert "Sudah diputuskan: baru, oleh bu-camat, 20 Nov 2026 10.00.00 WIB." in shown
        undo = post(client, "/data/review/undo", page, case=case)
        assert undo.status_code == 404
    finally:
        with owner.begin() as conn:
            conn.execute(
                text(f"""
                    UPDATE import_row SET decision = NULL, decided_by = NULL,
                                          decided_at = NULL {where}
                """),
                {"batch": desks.regency_batch},
            )


def test_what_is_shown_is_recorded(app: Dash, owner: Engine, desks: Desks) -> None:
    read_page(client_as(app, "village_operator"), "/data/review")
    read_page(client_as(app, "village_operator"), "/data/verification?search=3510041201700001")
    with owner.connect() as conn:
        events = conn.execute(
            text("SELECT action, area_code, detail FROM audit_event ORDER BY id DESC LIMIT 2")
        ).all()
    (_, area, listed), (action, case_area, reviewed) = events
    assert action == "list"
    assert case_area == desks.desa == area == reviewed["desa"]
    assert reviewed["households"] == [desks.houses[desks.desa][0].id]
    assert reviewed["what"] == "review"
    assert listed["what"] == "verification"
    assert "3510041201700001" not in str(listed)


# --- Verification -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", VERIFIERS)
def test_the_list_holds_ones_own_households_only(app: Dash, desks: Desks, role: str) -> None:
    client = client_as(app, role)
    area = desks.kecamatan if role == "task_unit" else desks.desa
    page = read_page(client, "/data/verification")
    with owner_of(app.server.extensions["engine"]).connect() as conn:
        total = conn.scalar(
            text("SELECT count(*) FROM household WHERE starts_with(area_code, :area)"),
            {"area": area},
        )
        ids = set(re.findall(r'name="household" value="(\d+)"', page))
        inside = conn.scalar(
            text("""
                SELECT count(*) FROM household
                WHERE id = ANY(:ids) AND starts_with(area_code, :area)
            """),
            {"ids": list(map(int, ids)), "area": area},
        )
    assert f"Semua ({total})" in page
    assert 0 < len(ids) == inside <= 50
    far = desks.houses[desks.far][0]
    assert "Tidak ada keluarga yang cocok" in read_page(
        client, f"/data/verification?search={far.kk}"
    )
    assert "Tidak ada keluarga yang cocok" in read_page(
        client, f"/data/verification?area={desks.far}"
    )


def find_with(owner: Engine, area: str, status: str, count: int) -> list[int]:
    with owner.connect() as conn:
        return list(
            conn.scalars(
                text("""
                    SELECT id FROM household WHERE area_code = :area AND status = :status
                    ORDER BY id LIMIT :count
                """),
                {"area": area, "status": status, "count": count},
            )
        )


def test_a_decision_says_what_it_does_before_it_does_it(
    app: Dash, owner: Engine, desks: Desks
) -> None:
    client = client_as(app, "village_operator")
    page = read_page(client, "/data/verification")
    chosen = find_with(owner, desks.desa, "unverified", 2)
    fields = {"household": chosen, "status": "verified", **DECREE}
    check = post(client, "/data/verification", page, **fields)
    told = unescape(check.get_data(as_text=True))
    assert f"{len(chosen)} keluarga menjadi terverifikasi menurut 188/45/2026, 20 Nov 2026." in told
    assert list_jobs(owner) == []
    done = post(client, "/data/verification", page, **fields, is_sure="yes")
    assert done.status_code == 303
    (job,) = list_jobs(owner)
    assert job == ("verify", {"households": chosen, "status": "verified", **DECREE})
    assert f"Menyimpan untuk {len(chosen)} keluarga" in read_page(client, done.headers["Location"])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"household": []}, "Belum ada keluarga yang dipilih."),
        ({"decree_number": " "}, "Isi nomor SK"),
        ({"decree_date": ""}, "Isi tanggal SK."),
        ({"decree_date": (date.today() + timedelta(days=3)).isoformat()}, "setelah hari ini"),
        ({"status": "graduated"}, "tidak dapat menjadi “Lulus”"),
        ({"status": "unverified"}, "tidak dapat menjadi “Belum diverifikasi”"),
        ({"status": "rich"}, "tidak dikenal"),
        ({"note": "x" * 301}, "paling panjang 300"),
        ({"household": ["9999999"]}, "di luar wilayah kerja Anda"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(
    app: Dash, owner: Engine, desks: Desks, changes: dict[str, Any], sentence: str
) -> None:
    client = client_as(app, "village_operator")
    page = read_page(client, "/data/verification")
    chosen = find_with(owner, desks.desa, "unverified", 1)
    fields: dict[str, Any] = {"household": chosen, "status": "verified", **DECREE} | changes
    for sure in ({}, {"is_sure": "yes"}):
        answer = post(client, "/data/verification", page, **fields, **sure)
        assert answer.status_code == 400
        assert sentence in unescape(answer.get_data(as_text=True))
    assert list_jobs(owner) == []


def test_households_of_another_desa_are_not_decided(app: Dash, owner: Engine, desks: Desks) -> None:
    client = client_as(app, "village_operator")
    page = read_page(client, "/data/verification")
    fields = {"household": [desks.houses[desks.far][0].id], "status": "verified", **DECREE}
    answer = post(client, "/data/verification", page, **fields, is_sure="yes")
    assert answer.status_code == 400
    assert list_jobs(owner) == []


def test_the_history_of_a_household_names_decree_and_person(app: Dash, desks: Desks) -> None:
    house = desks.houses[desks.desa][0].id
    for role in ("planner", *VERIFIERS):
        page = read_page(client_as(app, role), f"/households/{house}/verifications")
        assert "188/45/2026" in page and "pak-lurah" in page and "20 Nov 2026" in page
    far = desks.houses[desks.far][0].id
    answer = client_as(app, "village_operator").get(f"/households/{far}/verifications")
    assert answer.status_code == 404
