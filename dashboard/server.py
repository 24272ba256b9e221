"""Serving the dashboard with granian: a parent that watches, and worker processes.

Granian's workers bind the port with SO_REUSEPORT, so a second program could share a busy port
unseen, and a worker without its parent would keep the port. Both are ruled out here.
"""

from __future__ import annotations

import ctypes
import http.client
import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from db.refusal import Refusal

if TYPE_CHECKING:
    from dashboard.settings import Settings

PORTS_TRIED = 50
START_TIMEOUT_S = 60.0
WORKER_STOP_TIMEOUT_S = 2
HEADER_TIMEOUT_MS = 10_000
BACKPRESSURE_PER_THREAD = 16
_PR_SET_PDEATHSIG = 1


def is_free(host: str, port: int) -> bool:
    """Tell whether nothing listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def require_free(host: str, port: int) -> None:
    """Refuse a port that something listens on.

    Raises
    ------
    Refusal
        With the way out.
    """
    if not is_free(host, port):
        raise Refusal(f"Port {port} is in use; choose another with --port or KENTONGAN_PORT.")


def find_free_port(host: str, port: int) -> int:
    """Return the port, or the next one above it that is free.

    Raises
    ------
    Refusal
        When none of the next fifty is.
    """
    for candidate in range(port, min(port + PORTS_TRIED, 65536)):
        if is_free(host, candidate):
            return candidate
    raise Refusal(f"No free port from {port} on; choose another with KENTONGAN_PORT.")


def serve(
    settings: Settings, on_ready: Callable[[str], None], *, has_demo_buttons: bool = False
) -> None:
    """Serve until SIGINT or SIGTERM.

    Parameters
    ----------
    settings
        With ``database_url`` filled in.
    on_ready
        Called once with the address, when ``/health`` answers 200.
    has_demo_buttons
        Lets everybody in by a button per role; only the command ``demo`` says so.

    Raises
    ------
    Refusal
        When the port is busy, or the workers end by themselves.
    """
    require_free(settings.host, settings.port)
    # Forked workers start a second sooner than fresh interpreters, and nothing is open here yet.
    multiprocessing.set_start_method("fork", force=True)
    server = MPServer(
        target="dashboard.app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_TIMEOUT_MS),
        websockets=False,
        workers=settings.workers,
        blocking_threads=settings.threads,
        backpressure=settings.threads * BACKPRESSURE_PER_THREAD,
        respawn_failed_workers=True,
        workers_kill_timeout=WORKER_STOP_TIMEOUT_S,
        log_level=LogLevels.error,
    )
    logging.getLogger("_granian").setLevel(logging.ERROR)
    announcement = threading.Thread(
        target=_announce, args=(server, settings, on_ready), daemon=True
    )
    announcement.start()
    try:
        server.serve(
            target_loader=partial(_load_app, settings, os.getpid(), has_demo_buttons),
            wrap_loader=False,
        )
    except SystemExit as ended:
        raise Refusal("The server's workers ended by themselves; see above.") from ended
    finally:
        for worker in multiprocessing.active_children():
            worker.kill()


def _load_app(settings: Settings, parent: int, has_demo_buttons: bool) -> Callable[..., Any]:
    _end_with(parent)
    from dashboard.app import create_app  # only the worker pays for Dash
    from dashboard.slow_bodies import read_in_time

    return read_in_time(create_app(settings, has_demo_buttons=has_demo_buttons).server)


def _end_with(parent: int) -> None:
    # Ctrl-C reaches the parent's group only, and the parent stops us; killed, it takes us along.
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until granian sets its own
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _announce(server: MPServer, settings: Settings, on_ready: Callable[[str], None]) -> None:
    # Before the fork it only sleeps: a lock held by this thread would be held for good in a worker.
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if server.wrks and _is_healthy(settings.host, settings.port):
            on_ready(f"http://{settings.host}:{settings.port}")
            return
        time.sleep(0.05)


def _is_healthy(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        # By a name that is answered whatever the site is called.
        connection.request("GET", "/health", headers={"Host": "127.0.0.1"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()
