"""``serve`` as a process: it answers, refuses a busy port, and leaves nothing behind."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def port() -> int:
    """Give a port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def environment(demo_url: str, tmp_path: Path) -> dict[str, str]:
    """Give an environment with settings of our own only."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("KENTONGAN_")}
    ours = {"KENTONGAN_DATABASE_URL": demo_url, "KENTONGAN_HOME": str(tmp_path)}
    return kept | ours | {"PYTHONPATH": str(ROOT)}


@contextmanager
def _serving(port: int, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "dashboard.cli", "serve", "--port", str(port)]
    with subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as program:
        assert program.stdout is not None
        try:
            assert program.stdout.readline() == f"Kentongan: http://127.0.0.1:{port}\n"
            yield program
        finally:
            program.kill()


def _list_children(pid: int) -> list[int]:
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _get_health(port: int) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/health")
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_announces_itself_answers_and_ends(
    port: int, environment: dict[str, str], number: signal.Signals
) -> None:
    with _serving(port, environment) as program:
        assert _get_health(port) == 200
        workers = [os.pidfd_open(pid) for pid in _list_children(program.pid)]
        assert workers
        os.killpg(program.pid, number)  # as a terminal does on Ctrl-C
        assert program.wait(timeout=10) == 0
        assert len(select.select(workers, [], [], 0)[0]) == len(workers)
        assert program.stderr is not None
        assert "Traceback" not in program.stderr.read()
    for pidfd in workers:
        os.close(pidfd)


def test_killed_it_takes_its_workers_along(port: int, environment: dict[str, str]) -> None:
    with _serving(port, environment) as program:
        workers = [os.pidfd_open(pid) for pid in _list_children(program.pid)]
        program.kill()
        for pidfd in workers:
            assert select.select([pidfd], [], [], 10)[0]
            os.close(pidfd)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))


def test_a_busy_port_is_refused_in_one_sentence(port: int, environment: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        done = subprocess.run(
            [sys.executable, "-m", "dashboard.cli", "serve", "--port", str(port)],
            env=environment,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr == (
        f"kentongan: Port {port} is in use; choose another with --port or KENTONGAN_PORT.\n"
    )
