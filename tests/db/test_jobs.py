"""Jobs: done whole or not at all, by whoever may, and never lost."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from dashboard.jobs import run
from dashboard.jobs.run import run_waiting_jobs
from dashboard.jobs.work import Outcome, Progress, Work
from dashboard.uploads import Uploads
from db.engine import make_engine, reading, writing
from db.jobs import (
    KINDS,
    Job,
    JobNotFound,
    cancel_job,
    claim_job,
    get_job,
    list_jobs,
    recover_jobs,
    release_job,
)
from db.rights import web_address
from db.viewer import LOCAL_VIEWER, Viewer
from geo.errors import AccessDenied, InvalidFile
from tests.conftest import MakeDatabase, make_demo, str_of
from tests.db.job_samples import PLANNER, describe_import, list_desa, put, submit, write_register

NIK_PARTS = ("351001521280", "0001")  # in one piece it would stand in the source of the fault
COUNT = text("SELECT count(*) FROM household")


@pytest.fixture(scope="module")
def engine(make_database: MakeDatabase) -> Iterator[Engine]:
    """Give the owner's engine of a small register of the test's own."""
    made = make_engine(make_demo(make_database("jobs")), statement_timeout_ms=0)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def web(engine: Engine) -> Iterator[Engine]:
    """Give the web server's engine of the same register."""
    made = make_engine(str_of(web_address(str_of(engine.url))))
    yield made
    made.dispose()


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path)


def count(engine: Engine) -> int:
    with engine.connect() as conn:
        return int(conn.scalar(COUNT) or 0)


def desa_of(engine: Engine) -> list[str]:
    with engine.connect() as conn:
        return list_desa(conn)


def find(web: Engine, job: int, viewer: Viewer = PLANNER) -> Job:
    with reading(web, viewer) as conn:
        return get_job(conn, job)


def test_an_import_is_done_and_told(engine: Engine, web: Engine, uploads: Uploads) -> None:
    upload = put(uploads, PLANNER.user, write_register(desa_of(engine), 40, first=100, faulty=3))
    before = count(engine)
    job = submit(web, "import", describe_import(upload))
    assert find(web, job).state == "waiting"
    assert run_waiting_jobs(engine, uploads) == 1
    done = find(web, job)
    assert (done.state, done.message) == ("done", None)
    assert done.result is not None
    assert (done.result["read"], done.result["rejected"]) == (40, 3)
    assert count(engine) == before + 37
    assert list(uploads.list_of(PLANNER.user)) == []
    with engine.connect() as conn:
        batch = conn.execute(
            text("SELECT file_name, user_name FROM import_batch ORDER BY id DESC LIMIT 1")
        ).one()
        event = conn.execute(
            text("""SELECT user_name, role, action, detail->>'rows' FROM audit_event
                    ORDER BY id DESC LIMIT 1""")
        ).one()
    assert batch == ("register.csv", PLANNER.user)
    assert event == (PLANNER.user, "planner", "import", "40")


def test_a_trial_writes_nothing(engine: Engine, web: Engine, uploads: Uploads) -> None:
    upload = put(uploads, PLANNER.user, write_register(desa_of(engine), 30, first=500, faulty=2))
    tables = ("household", "person", "source", "import_batch", "import_row", "column_mapping")
    state = text(
        " UNION ALL ".join(f"SELECT count(*), max(t.xmin::text::bigint) FROM {t} t" for t in tables)
    )
    with engine.connect() as conn:
        before = conn.execute(state).all()
    job = submit(web, "import", describe_import(upload, dry_run=True, source="uji-coba"))
    run_waiting_jobs(engine, uploads)
    done = find(web, job)
    assert done.state == "done"
    assert done.result is not None
    assert (done.result["read"], done.result["rejected"], done.result["batch"]) == (30, 2, None)
    assert [row["outcome"] for row in done.result["rows"]] == ["rejected"] * 2
    with engine.connect() as conn:
        assert conn.execute(state).all() == before
    assert [one.id for one in uploads.list_of(PLANNER.user)] == [upload]  # to be loaded yet


@pytest.mark.parametrize(
    ("content", "sentence"),
    [("a;b\n1;2", "Kolom ini tidak ada dalam berkas"), ("\x00\x01", "Isi berkas bukan teks")],
)
def test_a_refused_file_says_why(
    engine: Engine, web: Engine, uploads: Uploads, content: str, sentence: str
) -> None:
    before = count(engine)
    job = submit(web, "import", describe_import(put(uploads, PLANNER.user, content)))
    run_waiting_jobs(engine, uploads)
    assert find(web, job).state == "failed"
    assert sentence in (find(web, job).message or "")
    assert count(engine) == before
    assert len(list(uploads.list_of(PLANNER.user))) == 1  # its columns may still be mapped


def test_nobody_imports_the_upload_of_another(
    engine: Engine, web: Engine, uploads: Uploads
) -> None:
    upload = put(uploads, "orang-lain", write_register(desa_of(engine), 3, first=900))
    job = submit(web, "import", describe_import(upload))
    before = count(engine)
    run_waiting_jobs(engine, uploads)
    assert find(web, job).state == "failed"
    assert "tidak ada lagi" in (find(web, job).message or "")
    assert count(engine) == before


@pytest.mark.parametrize("role", ["guest", "regent", "agency", "auditor", "administrator"])
def test_roles_without_a_desk_ask_for_nothing(web: Engine, role: str) -> None:
    with pytest.raises(AccessDenied):
        submit(web, "import", {}, Viewer(user="x", role=role))


def test_a_job_is_its_owner_s_alone(web: Engine, engine: Engine) -> None:
    job = submit(web, "import", describe_import("0" * 32))
    stranger = Viewer(user="lain", role="planner")
    with reading(web, stranger) as conn:
        with pytest.raises(JobNotFound):
            get_job(conn, job)
        assert list_jobs(conn) == ()
    with writing(web, stranger) as conn:
        assert not cancel_job(conn, job)
    run_waiting_jobs(engine)
    assert find(web, job).state == "failed"


def test_a_waiting_job_that_was_cancelled_never_starts(web: Engine, engine: Engine) -> None:
    job = submit(web, "import", describe_import("0" * 32))
    with writing(web, PLANNER) as conn:
        assert cancel_job(conn, job)
    assert run_waiting_jobs(engine) == 0
    assert find(web, job).state == "cancelled"


def test_a_running_job_that_is_cancelled_leaves_nothing(
    engine: Engine, web: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(conn: Connection, work: Work, progress: Progress) -> Outcome:
        conn.execute(text("UPDATE need SET name = 'x'"))
        with writing(web, PLANNER) as other:
            assert cancel_job(other, work.job.id)
        progress(10, 20)
        raise AssertionError("the job goes on")

    monkeypatch.setattr(run, "RUNNERS", {"import": load})
    job = submit(web, "import", {})
    run_waiting_jobs(engine)
    assert find(web, job).state == "cancelled"
    with engine.connect() as conn:
        assert conn.scalar(text("SELECT count(*) FROM need WHERE name = 'x'")) == 0


def test_progress_is_seen_while_the_work_is_not(
    engine: Engine, web: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def load(conn: Connection, work: Work, progress: Progress) -> Outcome:
        progress(5, 20)
        seen.append(find(web, work.job.id))
        return Outcome({"fine": True}, None)

    monkeypatch.setattr(run, "RUNNERS", {"import": load})
    submit(web, "import", {})
    run_waiting_jobs(engine)
    assert [(one.state, one.rows_done, one.rows_total) for one in seen] == [("running", 5, 20)]


def test_a_fault_of_the_program_tells_the_page_no_more_and_the_log_no_row(
    engine: Engine, web: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(conn: Connection, work: Work, progress: Progress) -> Outcome:
        conn.execute(text("SELECT CAST(:nik AS int)"), {"nik": "".join(NIK_PARTS)})
        raise AssertionError

    monkeypatch.setattr(run, "RUNNERS", {"import": fail})
    job = submit(web, "import", {})
    with caplog.at_level(logging.INFO):
        run_waiting_jobs(engine)
    assert find(web, job).state == "failed"
    assert (find(web, job).message or "").startswith("Ada kesalahan program")
    assert "in fail" in caplog.text
    assert "".join(NIK_PARTS) not in caplog.text


def test_a_job_whose_worker_is_gone_is_tried_once_more_and_then_given_up(
    engine: Engine, web: Engine
) -> None:
    job = submit(web, "import", describe_import("0" * 32))
    with engine.connect() as raw:
        conn = raw.execution_options(isolation_level="AUTOCOMMIT")
        for state in ("waiting", "failed"):
            with engine.connect() as lost:
                claimed = claim_job(lost.execution_options(isolation_level="AUTOCOMMIT"))
                assert claimed is not None
                assert recover_jobs(conn) == 0  # its worker is alive
                release_job(lost, job)
            assert recover_jobs(conn) == 1
            assert find(web, job).state == state
    assert "terputus" in (find(web, job).message or "")


def test_positions_are_repaired(engine: Engine, web: Engine) -> None:
    job = submit(web, "repair", {"area": None})
    run_waiting_jobs(engine)
    done = find(web, job)
    assert (done.state, done.message) == ("done", None)
    assert done.result is not None
    assert done.result["count"] >= 0


def test_every_kind_of_job_is_done_by_something() -> None:
    assert set(run.RUNNERS) == set(KINDS)


def test_finished_jobs_are_the_newest_first(web: Engine) -> None:
    with reading(web, PLANNER) as conn:
        ids = [job.id for job in list_jobs(conn)]
    assert ids == sorted(ids, reverse=True)
    assert LOCAL_VIEWER.user != PLANNER.user


class _Panic(BaseException):
    """What a library calls a crafted file; no Exception."""


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (InvalidFile("Kolom “a\ud800\0” rusak."), "Kolom “a??” rusak."),
        (_Panic("3510015212800001"), run._FAULT),
    ],
)
def test_whatever_a_file_does_the_next_job_is_done(
    engine: Engine, web: Engine, monkeypatch: pytest.MonkeyPatch, fault: BaseException, told: str
) -> None:
    def fail(conn: Connection, work: Work, progress: Progress) -> Outcome:
        raise fault

    monkeypatch.setitem(run.RUNNERS, "undo", fail)  # type: ignore[arg-type]
    first = submit(web, "undo", {"batch": 1})
    monkeypatch.setitem(run.RUNNERS, "repair", lambda *_: Outcome({}))  # type: ignore[arg-type]
    second = submit(web, "repair", {})
    run_waiting_jobs(engine)
    job = find(web, first)
    assert (job.state, job.message) == ("failed", told)
    assert find(web, second).state == "done"
