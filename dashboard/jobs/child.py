"""The worker as a child of the server: started with it, started anew when it dies, ended with it.

A process of its own, since it logs in as the owner of the database: the web server never does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboard.settings import Settings

STOP_TIMEOUT_S = 3.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0


class Worker:
    """The worker's process.

    Parameters
    ----------
    settings
        With ``database_url``, the owner's, filled in.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stop = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and see to it that there is one until :meth:`stop`."""
        self._keeper.start()

    def stop(self) -> None:
        """End it; a job that runs leaves nothing behind and is begun again at the next start."""
        self._stop.set()
        if self._keeper.is_alive():
            self._end()
            self._keeper.join(STOP_TIMEOUT_S)

    def _keep(self) -> None:
        # The process ends with the thread that started it (see `work`), so this one stays.
        pause_s = FIRST_PAUSE_S
        while not self._stop.is_set():
            self._process = self._begin()
            if self._stop.is_set():
                self._end()
            self._process.wait()
            self._stop.wait(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _begin(self) -> subprocess.Popen[bytes]:
        known = {
            "KENTONGAN_DATABASE_URL": str(self._settings.database_url),
            "KENTONGAN_HOME": str(self._settings.home),
        }
        command = [sys.executable, "-m", "dashboard.cli", "work", "--parent", str(os.getpid())]
        # A group of its own: Ctrl-C in a terminal is for the server, which then ends this one.
        return subprocess.Popen(
            command, env=os.environ | known, stdin=subprocess.DEVNULL, process_group=0
        )

    def _end(self) -> None:
        process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()


@contextmanager
def keeping_worker(settings: Settings) -> Iterator[Worker]:
    """Give a worker that is still to be started, and end it with the block."""
    worker = Worker(settings)
    try:
        yield worker
    finally:
        worker.stop()
