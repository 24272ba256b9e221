"""The worker as a process: killed, doubled, restarted; and files as large as they may be."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from dashboard.auth.sessions import _COOKIE
from dashboard.uploads import MAX_FILE_BYTES, Uploads
from db.engine import make_engine
from db.rights import web_address
from tests.conftest import MakeDatabase, log_in_as, make_demo, str_of
from tests.db.job_samples import (
    HEADER,
    PLANNER,
    describe_import,
    list_desa,
    put,
    submit,
    write_register,
)

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60
JOB = text(
    "SELECT state, rows_done, message, finished_at - created_at, result FROM job WHERE id = :id"
)
MINE = text("SELECT count(*) FROM household WHERE source = 'uji'")
MANY_ROWS = 60_000


@pytest.fixture(scope="module")
def url(make_database: MakeDatabase) -> str:
    return make_demo(make_database("worker"))


@pytest.fixture(scope="module")
def engine(url: str) -> Iterator[Engine]:
    made = make_engine(url, statement_timeout_ms=0)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def web(engine: Engine) -> Iterator[Engine]:
    made = make_engine(str_of(web_address(str_of(engine.url))))
    yield made
    made.dispose()


@pytest.fixture
def environment(url: str, tmp_path: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("KENTONGAN_")}
    ours = {"KENTONGAN_DATABASE_URL": url, "KENTONGAN_HOME": str(tmp_path)}
    return kept | ours | {"PYTHONPATH": str(ROOT)}


@contextmanager
def working(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "dashboard.cli", "work"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as program:
        try:
            yield program
        finally:
            program.kill()


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "dashboard.cli", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as program:
        assert program.stdout is not None
        try:
            assert program.stdout.readline().startswith("Kentongan: ")
            yield program, port
        finally:
            program.terminate()


def wait_for(engine: Engine, is_there: Callable[[Connection], Any]) -> Any:
    """Ask again and again, the database keeping the time, until something is there."""
    with engine.connect() as raw:
        conn = raw.execution_options(isolation_level="AUTOCOMMIT")
        for _ in range(PATIENCE_S * 100):
            found = is_there(conn)
            if found:
                return found
            conn.execute(text("SELECT pg_sleep(0.01)"))
    raise AssertionError("it did not come")


def wait_for_end(engine: Engine, job: int) -> Any:
    def ended(conn: Connection) -> Any:
        row = conn.execute(JOB, {"id": job}).one()
        return row if row.state in ("done", "failed", "cancelled") else None

    return wait_for(engine, ended)


def count(engine: Engine) -> int:
    with engine.connect() as conn:
        return int(conn.scalar(MINE) or 0)


def test_killed_in_the_middle_nothing_is_half_loaded(
    engine: Engine, web: Engine, environment: dict[str, str], tmp_path: Path
) -> None:
    with engine.connect() as conn:
        desa = list_desa(conn)
    uploads = Uploads(tmp_path)
    upload = put(uploads, PLANNER.user, write_register(desa, MANY_ROWS))
    job = submit(web, "import", describe_import(upload))
    before = count(engine)
    with working(environment) as worker:
        wait_for(engine, lambda conn: conn.execute(JOB, {"id": job}).one().rows_done)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    with engine.connect() as conn:
        state = conn.execute(JOB, {"id": job}).one().state
    assert state == "running"  # nobody could say that it was over
    assert count(engine) == before
    with working(environment):
        done = wait_for_end(engine, job)
    assert (done.state, done.message) == ("done", None)
    assert count(engine) == before + MANY_ROWS
    with engine.connect() as conn:
        batches = conn.scalar(
            text("SELECT count(*) FROM import_batch WHERE user_name = :user"),
            {"user": PLANNER.user},
        )
    assert batches == 1


def test_two_imports_at_once_both_end_well(
    engine: Engine, web: Engine, environment: dict[str, str], tmp_path: Path
) -> None:
    with engine.connect() as conn:
        desa = list_desa(conn)
    uploads = Uploads(tmp_path)
    before = count(engine)
    first = 1_000_000
    parts = [(first, 5_000), (first + 3_000, 5_000)]  # both speak of 2,000 families
    with working(environment), working(environment):
        jobs = [
            submit(
                web,
                "import",
                describe_import(
                    put(uploads, PLANNER.user, write_register(desa, rows, first=start))
                ),
            )
            for start, rows in parts
        ]
        ends = [wait_for_end(engine, job) for job in jobs]
    assert [(end.state, end.message) for end in ends] == [("done", None)] * 2
    told = [end.result for end in ends]
    assert [one["read"] for one in told] == [5_000, 5_000]
    assert sum(one["unchanged"] for one in told) >= 1_900
    assert count(engine) == before + sum(one["new"] for one in told)
    with engine.connect() as conn:
        doubled = conn.execute(
            text("""SELECT external_id FROM household WHERE source = 'uji'
                    GROUP BY external_id HAVING count(*) > 1""")
        ).all()
    assert doubled == []


def test_serve_has_a_worker_that_answers_at_once_and_comes_again(
    engine: Engine, web: Engine, environment: dict[str, str]
) -> None:
    with serving(environment) as (program, _):
        worker = wait_for(engine, lambda _: find_worker(program.pid))
        nothing = {"batch": 1, "row": 1, "decision": "new"}
        wait_for_end(engine, submit(web, "decide", nothing))  # it is awake now
        took = [wait_for_end(engine, submit(web, "decide", nothing))[3] for _ in range(5)]
        assert sorted(took)[2].total_seconds() < 0.1
        os.kill(worker, signal.SIGKILL)
        again = wait_for(engine, lambda _: find_worker(program.pid, besides=worker))
        assert again != worker
        assert wait_for_end(engine, submit(web, "decide", nothing)).state == "failed"
        program.send_signal(signal.SIGTERM)
        program.wait(10)
    assert find_worker(program.pid) is None


def find_worker(parent: int, besides: int | None = None) -> int | None:
    """Return the process of a server's worker."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().decode().split("\0")
        except OSError:
            continue  # ended meanwhile
        if command[-4:-1] == ["work", "--parent", str(parent)] and path.parent.name != str(besides):
            return int(path.parent.name)
    return None


def test_the_largest_file_is_taken_without_much_memory(
    engine: Engine, web: Engine, environment: dict[str, str], tmp_path: Path
) -> None:
    session = log_in_as(web, "planner")
    line = b"\n" + b";".join([b"K", b"Kepala keluarga", b"35.10.01.2001", b"1"])
    block = (line * (1_000_000 // len(line) + 1))[:1_000_000]
    with serving(environment) as (program, port):
        server = HTTPConnection("127.0.0.1", port, timeout=60)
        cookies = {_COOKIE: session}

        def ask(method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
            sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())} | headers
            server.request(method, path, body, sent)
            answer = server.getresponse()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    key, _, rest = value.partition("=")
                    cookies[key] = rest.partition(";")[0]
            return answer.status, answer.read().decode()

        page = ask("GET", "/account", Accept="text/html")[1]
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found
        token = {"X-CSRFToken": found[1], "Sec-Fetch-Site": "same-origin"}
        form = {"Content-Type": "application/x-www-form-urlencoded"} | token
        about = f"name=besar.csv&size={MAX_FILE_BYTES}&kind=households&source=uji&as_of=2026-06-30"
        status, told = ask("POST", "/data/uploads", about, **form)
        assert status == 201, told
        upload = re.findall(r'"id": ?"([0-9a-f]+)"', told)[0]
        peak = measure_peak_kb(program.pid)
        blocks = hashlib.sha256()
        whole = bytearray()
        for number in range(MAX_FILE_BYTES // 1_000_000):
            piece = (HEADER.encode() + block)[:1_000_000] if number == 0 else block
            digest = hashlib.sha256(piece).hexdigest()
            place = {"Upload-Offset": str(number * 1_000_000), "Upload-Digest": digest}
            status, told = ask("PATCH", f"/data/uploads/{upload}", piece, **place, **token)
            assert status == 200, told
            whole += piece
            while len(whole) >= 1 << 20:
                blocks.update(hashlib.sha256(whole[: 1 << 20]).digest())
                del whole[: 1 << 20]
        blocks.update(hashlib.sha256(whole).digest())
        end = f"digest={blocks.hexdigest()}"
        status, told = ask("POST", f"/data/uploads/{upload}/end", end, **form)
        assert status == 200, told
        status, page = ask("GET", f"/data/upload/{upload}", Accept="text/html")
        assert status == 200
        assert "Kepala keluarga" in page
        assert measure_peak_kb(program.pid) - peak < 60_000
        server.close()
    assert Uploads(tmp_path).get(upload, "test-planner-all").is_whole


def measure_peak_kb(parent: int) -> int:
    """Return the most memory that a process of the server has had."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    peaks = []
    for pid in children:
        if b"work" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
            continue
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
        peaks.append(int(found[1]) if found else 0)
    return max(peaks)
