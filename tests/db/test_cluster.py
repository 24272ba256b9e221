"""The private cluster: made, shared, stopped, and back after every kind of end."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from db.cluster import Cluster
from db.refusal import Refusal

HELD_BY_ANOTHER = """
import sys
from pathlib import Path
from db.cluster import Cluster
Cluster(Path(sys.argv[1]), throw_away=True).ensure_started()
print("started", flush=True)
sys.stdin.read()
"""


def _make_folder() -> Path:
    # Short, for the socket's name; open to pass through, for the server's account.
    folder = Path(tempfile.mkdtemp(prefix="kentongan-"))
    folder.chmod(0o711)
    return folder


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """Give a home whose cluster was made once, for all tests here; none leaves it running."""
    folder = _make_folder()
    with Cluster(folder / "home", throw_away=True):
        pass
    yield folder / "home"
    shutil.rmtree(folder)


@pytest.fixture
def cluster(home: Path) -> Iterator[Cluster]:
    cluster = Cluster(home, throw_away=True)
    yield cluster
    cluster.stop()


def _ask(cluster: Cluster, statement: str) -> str:
    address = cluster.url().replace("+psycopg", "", 1)
    with psycopg.connect(address, autocommit=True) as conn:
        row = conn.execute(statement.encode()).fetchone()
    return str(row[0]) if row else ""


def _wait_for_end(pidfd: int) -> None:
    assert select.select([pidfd], [], [], 20)[0], "the process did not end"
    os.close(pidfd)


def test_it_has_postgis_and_no_network(cluster: Cluster) -> None:
    cluster.ensure_started()
    assert _ask(cluster, "SHOW listen_addresses") == ""
    assert _ask(cluster, "SHOW jit") == "off"
    found = "SELECT count(*) FROM pg_available_extensions WHERE name IN ('postgis', 'pg_trgm')"
    assert _ask(cluster, found) == "2"


def test_only_its_own_account_may_enter(cluster: Cluster, home: Path) -> None:
    cluster.ensure_started()
    for folder in (home / "db", home / "run"):
        assert folder.stat().st_mode & 0o077 == 0
        assert folder.stat().st_uid != 0  # PostgreSQL refuses to run as root


def test_stopping_leaves_no_process_and_loses_nothing(cluster: Cluster) -> None:
    cluster.ensure_started()
    with psycopg.connect(cluster.url().replace("+psycopg", "", 1)) as conn:
        conn.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS number")
    pid = cluster.pid
    assert pid is not None
    cluster.stop()
    assert cluster.pid is None
    assert not Path(f"/proc/{pid}").exists()
    cluster.ensure_started()
    assert _ask(cluster, "SELECT number FROM kept") == "7"


def test_stopping_twice_or_before_a_start_does_nothing(home: Path) -> None:
    cluster = Cluster(home)
    cluster.stop()
    cluster.ensure_started()
    cluster.stop()
    cluster.stop()
    assert cluster.pid is None


def test_the_last_one_to_leave_stops_it(cluster: Cluster, home: Path) -> None:
    other = Cluster(home, throw_away=True)
    assert cluster.ensure_started() == other.ensure_started()
    pid = cluster.pid
    cluster.stop()
    assert other.pid == pid
    assert _ask(other, "SELECT 1") == "1"
    other.stop()
    assert other.pid is None


def test_a_killed_server_comes_back_with_what_was_committed(home: Path) -> None:
    cluster = Cluster(home)  # as people run it, with every commit on the disk
    cluster.ensure_started()
    with psycopg.connect(cluster.url().replace("+psycopg", "", 1)) as conn:
        conn.execute("CREATE TABLE committed AS SELECT 9 AS number")
    pid = cluster.pid
    assert pid is not None
    pidfd = os.pidfd_open(pid)
    os.kill(pid, signal.SIGKILL)
    _wait_for_end(pidfd)
    cluster.stop()
    cluster.ensure_started()
    assert _ask(cluster, "SELECT number FROM committed") == "9"
    cluster.stop()


def test_a_server_that_outlived_its_program_is_taken_over(cluster: Cluster, home: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", HELD_BY_ANOTHER, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"started\n"
        program.kill()
    cluster.ensure_started()
    pid = cluster.pid
    assert pid is not None
    pidfd = os.pidfd_open(pid)
    cluster.stop()
    _wait_for_end(pidfd)
    assert cluster.pid is None


def test_the_number_of_a_dead_server_may_belong_to_another_process(
    cluster: Cluster, home: Path
) -> None:
    cluster.ensure_started()
    stale = (home / "db/postmaster.pid").read_text().split("\n", 1)[1]
    cluster.stop()
    for path in (home / "db/postmaster.pid", home / "run/.s.PGSQL.5432.lock"):
        path.write_text(f"{os.getpid()}\n{stale}")
    assert cluster.pid is None
    cluster.ensure_started()
    assert _ask(cluster, "SELECT 1") == "1"


def test_an_interrupted_making_starts_anew() -> None:
    folder = _make_folder()
    (folder / "home/db.unfinished").mkdir(parents=True)
    (folder / "home/db.unfinished/PG_VERSION").write_text("15")
    with Cluster(folder / "home", throw_away=True) as cluster:
        assert _ask(cluster, "SELECT 1") == "1"
    assert not (folder / "home/db.unfinished").exists()
    shutil.rmtree(folder)


def test_a_long_path_gets_a_short_socket() -> None:
    folder = _make_folder()
    deep = folder / ("panjang" * 12) / "spasi dan ‘kutip’"
    deep.mkdir(parents=True)
    with Cluster(deep / "home", throw_away=True) as cluster:
        assert _ask(cluster, "SELECT 1") == "1"
        socket = Path(_ask(cluster, "SHOW unix_socket_directories").strip('"'))
        assert len(str(socket)) < 80
    shutil.rmtree(folder)
    socket.rmdir()


def test_a_folder_that_nobody_can_write_to_is_refused() -> None:
    with pytest.raises(Refusal, match="KENTONGAN_HOME"):
        Cluster(Path("/proc/kentongan")).ensure_started()


# Only root can run the server as somebody else, who may then not reach the folder.
if os.geteuid() == 0:

    def test_out_of_reach_of_its_account_it_lies_elsewhere_and_says_so() -> None:
        folder = _make_folder()
        (folder / "closed").mkdir(mode=0o700)
        said: list[str] = []
        cluster = Cluster(folder / "closed/home", say=said.append, throw_away=True, fallback=folder)
        with cluster:
            assert _ask(cluster, "SELECT 1") == "1"
        (elsewhere,) = folder.glob("kentongan-*/db")
        assert str(elsewhere.parent) in said[0]
        shutil.rmtree(folder)
