"""The pages of data by HTTP: files brought in pieces, looked at, loaded; nobody sees another's."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from dash import Dash
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from dashboard.app import create_app
from dashboard.auth.demo import ROLES
from dashboard.exports import read_cell
from dashboard.jobs.run import run_waiting_jobs
from dashboard.settings import Settings
from dashboard.uploads import MAX_FILE_BYTES, Uploads
from db.engine import make_engine, writing
from db.jobs import submit_job
from db.viewer import Viewer
from tests.conftest import MakeDatabase, client_as, make_demo
from tests.db.job_samples import HEADER, list_desa, write_register
from tests.registers.samples import EVERY, write_sample

HOSTILE = "<img src=x onerror=alert(1)>"
READERS = ("planner", "village_operator", "task_unit")
LIMITS = ("amber_days", "red_days")
STORED_LIMITS = text("SELECT amber_days, red_days FROM source WHERE code = 'demo'")
PLANNER = Viewer(user="test-planner-all", role="planner")
TODAY = datetime.now(UTC).date()


@dataclass(frozen=True)
class House:
    """A server on a register of the test's own, and the worker's side of it."""

    app: Dash
    engine: Engine
    uploads: Uploads
    desa: list[str]

    def client(self, role: str = "planner", area: str | None = None) -> FlaskClient:
        return client_as(self.app, role, area)

    def work(self) -> int:
        return run_waiting_jobs(self.engine, self.uploads)


@pytest.fixture(scope="module")
def house(make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    url = make_demo(make_database("data_pages"))
    settings = Settings(database_url=url, home=tmp_path_factory.mktemp("home"))
    app = create_app(settings)
    engine = make_engine(url, statement_timeout_ms=0)
    with engine.connect() as conn:
        desa = list_desa(conn)
    yield House(app, engine, Uploads(settings.home), desa)
    app.server.extensions["engine"].dispose()
    engine.dispose()


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account").text)
    assert found
    return found[1]


def post(client: FlaskClient, path: str, **form: str) -> TestResponse:
    return client.post(path, data=form | {"csrf_token": token(client)})


def begin(client: FlaskClient, size: int, /, **form: str) -> TestResponse:
    described = {"kind": "households", "source": "Register uji", "as_of": "2026-06-30"}
    wanted = {"name": "register.csv", "size": str(size)} | described | form
    return client.post("/data/uploads", data=wanted, headers={"X-CSRFToken": token(client)})


def send(client: FlaskClient, upload: str, offset: int, piece: bytes) -> TestResponse:
    headers = {
        "X-CSRFToken": token(client),
        "Upload-Offset": str(offset),
        "Upload-Digest": hashlib.sha256(piece).hexdigest(),
        "Content-Type": "application/octet-stream",
    }
    return client.patch(f"/data/uploads/{upload}", data=piece, headers=headers)


def digest(content: bytes) -> str:
    blocks = [content[at : at + (1 << 20)] for at in range(0, len(content), 1 << 20)]
    return hashlib.sha256(b"".join(hashlib.sha256(b).digest() for b in blocks)).hexdigest()


def bring(client: FlaskClient, content: str, **form: str) -> str:
    """Bring a whole file; return the name of its upload."""
    raw = content.encode()
    begun = begin(client, len(raw), **form)
    assert begun.status_code == 201, begun.text
    upload = str(begun.json["id"])  # type: ignore[index]
    for at in range(0, len(raw), 500_000):
        assert send(client, upload, at, raw[at : at + 500_000]).status_code == 200
    ended = post(client, f"/data/uploads/{upload}/end", digest=digest(raw))
    assert ended.status_code == 200, ended.text
    return upload


def load(house: House, client: FlaskClient, upload: str, **form: str) -> str:
    """Load an upload, have it worked off, and return the address of the job."""
    answer = post(client, f"/data/upload/{upload}/load", **form)
    assert answer.status_code == 303, answer.text
    house.work()
    return answer.headers["Location"]


def last_batch(house: House) -> int:
    with house.engine.connect() as conn:
        return int(conn.scalar(text("SELECT max(id) FROM import_batch")) or 0)


def test_a_file_is_brought_looked_at_tried_and_loaded(house: House) -> None:
    client = house.client()
    content = write_register(house.desa, 60, first=1_000, faulty=4)
    upload = bring(client, content)
    preview = client.get(f"/data/upload/{upload}").text
    assert "Kepala 1000" in preview
    assert "Kepala 1049" in preview
    assert "Lolos pemeriksaan" in preview
    assert "Kepala 1050" not in preview  # fifty rows
    faulty = write_register(house.desa, 2, first=1_100, faulty=1)
    assert "Ditolak: Desil harus angka 1 sampai 10." in client.get(
        f"/data/upload/{bring(client, faulty)}"
    ).text  # fmt: skip
    before = last_batch(house)
    tried = client.get(load(house, client, upload, trial="yes")).text
    assert "Ini uji coba; tidak ada yang disimpan." in tried
    assert "Desil harus angka 1 sampai 10." in tried
    assert last_batch(house) == before
    done = client.get(load(house, client, upload)).text
    batch = last_batch(house)
    assert f"/data/batch/{batch}" in done
    page = client.get(f"/data/batch/{batch}?outcome=rejected").text
    assert re.findall(r"<dd>([\d.]+)</dd>", page)[-6:] == ["60", "0", "56", "0", "0", "4"]
    assert "Kepala 1059" in page
    assert client.get(f"/data/upload/{upload}").status_code == 404  # deleted once it is loaded


def test_rejected_rows_come_back_as_a_file_to_be_corrected(house: House) -> None:
    client = house.client()
    rows = f"R1;=cmd|'/c calc'!A0;{house.desa[0]};99\nR2;{HOSTILE};{house.desa[0]};0"
    load(house, client, bring(client, f"{HEADER}\n{rows}"))
    batch = last_batch(house)
    answer = client.get(f"/data/batch/{batch}/rejected.csv")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    table = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True)[1:]), delimiter=";"))
    assert [row["Baris asal"] for row in table] == [f"{batch}:1", f"{batch}:2"]
    assert {row["Alasan"] for row in table} == {"Desil harus angka 1 sampai 10."}
    assert table[0]["nama_kepala_keluarga"].startswith("'=")  # shown, not run
    assert read_cell(table[0]["nama_kepala_keluarga"]) == "=cmd|'/c calc'!A0"
    book = client.get(f"/data/batch/{batch}/rejected.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(book.get_data())).worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    assert set(HEADER.split(";")) | {"Alasan", "Baris asal"} == set(titles)
    with house.engine.connect() as conn:
        events = conn.execute(
            text("""SELECT action, detail->>'file', detail->>'rows' FROM audit_event
                    WHERE detail->>'batch' = :batch AND action = 'export' ORDER BY id"""),
            {"batch": str(batch)},
        ).all()
    assert [tuple(event) for event in events] == [("export", "csv", "2"), ("export", "xlsx", "2")]


def test_names_titles_and_cells_are_text_and_nothing_else(house: House) -> None:
    client = house.client()
    rows = f"H1;{HOSTILE};{house.desa[0]};99;{HOSTILE}"
    content = f"{HEADER};{HOSTILE}\n{rows}"
    upload = bring(client, content, name=f"../../{HOSTILE}.csv", source=f"Sumber {HOSTILE}")
    pages = [client.get(f"/data/upload/{upload}").text, client.get("/data").text]
    pages.append(client.get(load(house, client, upload, trial="yes")).text)
    pages.append(client.get(load(house, client, upload)).text)
    batch = last_batch(house)
    pages += [
        client.get(address).text
        for address in (
            "/data",
            "/data/sources",
            f"/data/batch/{batch}",
            f"/data/batch/{batch}?outcome=rejected&reason={HOSTILE}",
            f"/data/batch/{batch}?outcome=rejected",
        )
    ]
    assert any("&lt;img" in page for page in pages)
    assert [page for page in pages if "<img" in page] == []
    assert not any(house.uploads.folder.parent.rglob("*img*"))


def test_a_mapping_by_hand_is_kept_for_the_next_file(house: House) -> None:
    client = house.client()
    header = "kode;orang;tempat"
    upload = bring(client, f"{header}\nM1;Kepala M1;{house.desa[0]}")
    page = client.get(f"/data/upload/{upload}").text
    assert "Kolom ini tidak ada dalam berkas" in page
    assert '<details class="mapping" open>' in page
    form = {"field:external_id": "kode", "field:head_name": "orang", "field:area_code": "tempat"}
    answer = post(client, f"/data/upload/{upload}/columns", **form, **{"field:kk": "tidak ada"})
    assert answer.status_code == 303
    assert house.uploads.get(upload, "test-planner-all").form["mapping"] == {
        "external_id": "kode", "head_name": "orang", "area_code": "tempat",
    }  # fmt: skip
    assert "Kepala M1" in client.get(f"/data/upload/{upload}").text
    load(house, client, upload)
    second = bring(client, f"{header}\nM2;Kepala M2;{house.desa[0]}")
    page = client.get(f"/data/upload/{second}").text
    assert "seperti berkas terdahulu" in page
    assert "Kepala M2" in page
    load(house, client, second)
    with house.engine.connect() as conn:
        found = conn.scalar(
            text("SELECT count(*) FROM household WHERE external_id IN ('M1', 'M2')")
        )
    assert found == 2


@pytest.mark.parametrize(("kind", "form"), [one for one in EVERY if one[0] != "stats"])
def test_every_format_is_understood_at_a_glance(
    house: House, tmp_path: Path, kind: str, form: str
) -> None:
    client = house.client()
    path = tmp_path / "sampel.csv"
    expected = write_sample(kind, form, path)[:40]
    upload = bring(client, path.read_text(), kind=kind, name="sampel.csv")
    page = client.get(f"/data/upload/{upload}").text
    assert "Muat</button>" in page
    assert "tidak dikenal</dd>" not in page
    assert "aid_flags" not in page
    aid = re.findall(r'data-title="Bantuan menurut register">([^<]*)</td>', page)
    assert not any(re.search(r"\d", names) for names in aid)
    assert any(aid) == ("Bantuan menurut register" in page)
    faults = [row for row in expected if row.outcome == "rejected"]
    assert page.count("Ditolak: ") >= len(faults) > 0
    assert post(client, f"/data/upload/{upload}/drop").status_code == 303


def test_invented_files_are_marked_and_real_sources_never(house: House) -> None:
    client = house.client()
    marked = text("SELECT is_synthetic FROM source WHERE code = :code")
    for source, invented, expected in (
        ("Data coba", "yes", True),
        ("Data sungguhan", "", False),
        ("Data sungguhan", "yes", False),
    ):
        first = 7_000 + 10 * len(source) + bool(invented)
        content = write_register(house.desa, 2, first=first)
        load(house, client, bring(client, content, source=source, invented=invented))
        with house.engine.connect() as conn:
            code = source.lower().replace(" ", "-")
            assert conn.scalar(marked, {"code": code}) is expected


def test_a_list_of_one_programme_is_told_which(house: House) -> None:
    client = house.client()
    load(house, client, bring(client, write_register(house.desa, 3, first=6_000)))
    with house.engine.connect() as conn:
        niks = conn.scalars(text("SELECT nik FROM person WHERE nik IS NOT NULL LIMIT 3")).all()
    content = "NIK;Nama\n" + "\n".join(f"{nik};Siapa" for nik in niks)
    upload = bring(client, content, kind="aid", source="Penerima PKH")
    form = {"programme": "pkh", "period": "2026-S2"}
    assert post(client, f"/data/upload/{upload}/programme", **form).status_code == 303
    page = client.get(f"/data/upload/{upload}").text
    assert '<option value="pkh" selected>' in page
    assert "Muat</button>" in page
    load(house, client, upload)
    with house.engine.connect() as conn:
        told = conn.execute(
            text("SELECT kind, ledger FROM import_batch WHERE id = :id"), {"id": last_batch(house)}
        ).one()
    assert told.kind == "aid"
    assert told.ledger["read"] == 3
    register = bring(client, write_register(house.desa, 3, first=6_100))
    assert post(client, f"/data/upload/{register}/programme", **form).status_code == 400


@pytest.mark.parametrize(
    ("size", "form", "status", "sentence"),
    [
        (MAX_FILE_BYTES + 1, {}, 413, "paling besar 200 MB"),
        (0, {}, 400, "kosong"),
        (9, {"name": "a.exe"}, 400, "akhiran yang diterima"),
        (9, {"kind": "boundaries"}, 400, "Jenis berkas"),
        (9, {"source": "  "}, 400, "nama sumber"),
        (9, {"source": "***"}, 400, "nama sumber"),
        (9, {"as_of": str(TODAY + timedelta(days=3))}, 400, "masa depan"),
        (9, {"as_of": "kemarin"}, 400, "bukan tanggal"),
        (9, {"size": "-1"}, 400, "bukan nomor"),
        (9, {"size": "9" * 40}, 400, "bukan nomor"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_a_sentence(
    house: House, size: int, form: dict[str, str], status: int, sentence: str
) -> None:
    answer = begin(house.client(), size, **form)
    assert answer.status_code == status
    assert sentence in answer.json["error"]  # type: ignore[index]


def test_a_torn_upload_goes_on_where_it_stopped(house: House) -> None:
    client = house.client()
    content = write_register(house.desa, 5, first=2_000).encode()
    upload = str(begin(client, len(content)).json["id"])  # type: ignore[index]
    send(client, upload, 0, content[:50])
    told = send(client, upload, 0, content[:50])  # the answer was lost, so it is sent again
    assert (told.status_code, told.json["offset"]) == (409, 50)  # type: ignore[index]
    assert client.get(f"/data/uploads/{upload}").json["offset"] == 50  # type: ignore[index]
    assert client.head(f"/data/uploads/{upload}").status_code == 200
    assert client.get(f"/data/upload/{upload}").status_code == 404  # nothing to look at yet
    assert send(client, upload, 50, content[50:]).status_code == 200
    other = post(client, f"/data/uploads/{upload}/end", digest=digest(b"another file"))
    assert other.status_code == 400
    ended = post(client, f"/data/uploads/{upload}/end", digest=digest(content))
    assert ended.json["whole"] is True  # type: ignore[index]


def test_every_piece_needs_session_and_token(house: House) -> None:
    client = house.client()
    upload = str(begin(client, 3).json["id"])  # type: ignore[index]
    headers = {"Upload-Offset": "0", "Upload-Digest": hashlib.sha256(b"abc").hexdigest()}
    assert client.patch(f"/data/uploads/{upload}", data=b"abc", headers=headers).status_code == 403
    stranger = house.app.server.test_client()
    assert stranger.get(f"/data/uploads/{upload}").status_code == 401
    assert client.get(f"/data/uploads/{upload}").json["offset"] == 0  # type: ignore[index]
    too_much = send(client, upload, 0, b"x" * 1_000_001)
    assert too_much.status_code == 400


def test_what_is_another_s_is_not_there(house: House) -> None:
    owner = house.client()
    upload = bring(owner, write_register(house.desa, 3, first=3_000, faulty=1))
    job = load(house, owner, upload, trial="yes")
    load(house, owner, upload)
    batch = last_batch(house)
    second = bring(owner, write_register(house.desa, 3, first=3_100))
    for client in (house.client("village_operator"), house.client("planner", "35.10")):
        for address in (f"/data/upload/{second}", f"/data/uploads/{second}", job, f"{job}/state"):
            assert client.get(address).status_code == 404, address
        for path in (f"/data/upload/{second}/load", f"{job}/cancel", f"/data/uploads/{second}/end"):
            assert post(client, path).status_code == 404, path
        assert send(client, second, 0, b"abc").status_code == 404
    page = house.client("planner", "35.10").get(f"/data/batch/{batch}?outcome=rejected").text
    assert "Desil harus angka" in page  # why, but not who
    assert "Kepala 3002" not in page
    assert "Kepala 3002" in owner.get(f"/data/batch/{batch}?outcome=rejected").text
    file = house.client("planner", "35.10").get(f"/data/batch/{batch}/rejected.csv").text
    assert f"{batch}:3" in file
    assert "Kepala 3002" not in file
    operator = house.client("village_operator")
    for address in (f"/data/batch/{batch}", f"/data/batch/{batch}/rejected.csv"):
        assert operator.get(address).status_code == 404
    assert post(operator, f"/data/batch/{batch}/undo", sure="on").status_code == 404


@pytest.mark.parametrize("role", [one.role for one in ROLES])
def test_only_desks_have_the_pages(house: House, role: str) -> None:
    client = house.client(role)
    for address in ("/data", "/data/sources"):
        assert client.get(address).status_code == (200 if role in READERS else 403)
    brings = role in ("planner", "village_operator")
    assert begin(client, 9, name="x.csv").status_code == (201 if brings else 403)
    setting = post(client, "/data/sources/limits", source="demo", amber_days="5", red_days="9")
    assert setting.status_code == (303 if role == "planner" else 403)
    house.work()


def test_an_operator_brings_their_own_desa_only(house: House) -> None:
    own, other = house.desa[3], house.desa[4]
    client = house.client("village_operator", own)
    upload = bring(client, f"{HEADER}\nO1;Satu;{own};1\nO2;Dua;{other};1", source="Data sintetis")
    page = client.get(load(house, client, upload)).text
    assert "di luar wilayah kerja Anda" in page
    with house.engine.connect() as conn:
        found = conn.execute(
            text("SELECT external_id, source FROM household WHERE external_id IN ('O1', 'O2')")
        ).all()
    assert [tuple(row) for row in found] == [("O1", f"desa-{own.replace('.', '-')}-households")]


def test_a_batch_is_taken_back_whole_by_the_page(house: House) -> None:
    client = house.client()
    upload = bring(client, write_register(house.desa, 7, first=4_000))
    load(house, client, upload)
    batch = last_batch(house)
    assert "Batalkan kiriman…" in client.get(f"/data/batch/{batch}").text
    assert post(client, f"/data/batch/{batch}/undo").status_code == 400  # not sure
    answer = post(client, f"/data/batch/{batch}/undo", sure="on")
    house.work()
    assert "Selesai" in client.get(answer.headers["Location"]).text
    assert "Dibatalkan" in client.get(f"/data/batch/{batch}").text
    with house.engine.connect() as conn:
        left = conn.scalar(text("SELECT count(*) FROM household WHERE external_id LIKE 'U40__'"))
    assert left == 0


def test_freshness_and_precedence_are_settings(house: House) -> None:
    client = house.client()
    post(client, "/data/sources/limits", source="demo", amber_days="1", red_days="2")
    post(client, "/data/sources/precedence", source="demo", field="decile", rank="3")
    assert house.work() == 2
    page = client.get("/data/sources").text
    assert re.search(r"Desil</td>.*?>3</td>", page, re.DOTALL)
    assert 'class="freshness red"' in client.get("/data").text
    post(client, "/data/sources/precedence", source="demo", field="decile", rank="")
    house.work()
    assert "Belum ada urutan" in client.get("/data/sources").text
    for form in ({"field": "nik", "source": "demo"}, {"field": "decile", "source": "x"}):
        assert post(client, "/data/sources/precedence", **form).status_code == 400


@pytest.mark.parametrize(
    "limits",
    [{"amber_days": "9", "red_days": "9"}, {"amber_days": "9", "red_days": "5"},
     {"amber_days": "9999"}, {"red_days": "1"}],
)  # fmt: skip
def test_data_do_not_get_old_before_they_are_ageing(house: House, limits: dict[str, str]) -> None:
    sentence = "Batas usang harus lebih besar dari batas mulai usang."
    client = house.client()
    answer = post(client, "/data/sources/limits", source="demo", **limits)
    assert answer.status_code == 400
    assert sentence in answer.text
    asked = {name: int(limits[name]) if name in limits else None for name in LIMITS}
    with house.engine.connect() as conn:
        before = conn.execute(STORED_LIMITS).one()
    with writing(house.engine, PLANNER) as conn:
        job = submit_job(conn, "precedence", {"source": "demo", **asked})
    house.work()
    assert sentence in client.get(f"/data/job/{job}").text
    with house.engine.connect() as conn:
        assert conn.execute(STORED_LIMITS).one() == before


def test_boundaries_say_nothing_of_households(house: House) -> None:
    client = house.client()
    with house.engine.connect() as conn:
        code = conn.scalars(text("SELECT code FROM source WHERE kind = 'boundary'")).first()
    assert code
    form = client.get("/data/sources").text.split('action="/data/sources/precedence"')[1]
    assert f'value="{code}"' not in form and 'value="demo"' in form
    answer = post(client, "/data/sources/precedence", source=code, field="decile", rank="1")
    assert answer.status_code == 400


def test_a_job_that_waits_can_be_stopped(house: House) -> None:
    client = house.client()
    upload = bring(client, write_register(house.desa, 3, first=5_000))
    job = post(client, f"/data/upload/{upload}/load").headers["Location"]
    state: Any = client.get(f"{job}/state").json
    assert (state["state"], state["over"]) == ("waiting", False)
    assert "job_progress.mjs" in client.get(job).text
    assert post(client, f"{job}/cancel").status_code == 303
    assert client.get(f"{job}/state").json["state"] == "cancelled"  # type: ignore[index]
    assert house.work() == 0
    assert post(client, f"/data/upload/{upload}/drop").status_code == 303
    assert client.get(f"/data/uploads/{upload}").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/data?page=x", "/data/batch/999999999", f"/data/batch/{2**63}", f"/data/job/{2**70}",
     "/data/batch/1?outcome=x", "/data/upload/..%2f..%2fsecret.key", "/data/uploads/abc"],
)  # fmt: skip
def test_addresses_that_lead_nowhere_say_so(house: House, address: str) -> None:
    answer = house.client().get(address)
    assert answer.status_code in (400, 404)
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_speaks_both_languages(house: House, language: str) -> None:
    page = house.client().get(f"/data?language={language}").text
    assert {"id": "Kirim berkas", "en": "Send a file"}[language] in page
