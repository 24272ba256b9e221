"""The PostgreSQL server of a private cluster, as a process on its folders."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from db.cluster_files import is_running, names_living_process, quoted_list
from db.postgres import Postgres, ServerAccount
from db.refusal import Refusal

DATABASE = "kentongan"
SUPERUSER = "kentongan"
PORT = 5432
"""Part of the socket's name only."""
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 30.0
MAX_LAUNCHES = 5
MAX_LOG_BYTES = 10_000_000

_TUNING = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    # No other server follows the log, so what a transaction makes anew is written once, not twice.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
}
# A cluster that is thrown away need not survive a power cut.
_THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class ClusterServer:
    """A server that runs on a data folder, or may be made to.

    Parameters
    ----------
    account
        Runs the server and owns its folders.
    data
        Its data folder; it need not be there yet.
    socket_folder
        Where its socket is.
    log
        File for what it says.
    throw_away
        Faster, and lost in a power cut: for tests.
    """

    def __init__(
        self,
        account: ServerAccount,
        data: Path,
        socket_folder: Path,
        log: Path,
        *,
        throw_away: bool,
    ) -> None:
        self._account = account
        self._data = data
        self._socket_folder = socket_folder
        self._log = log
        self._throw_away = throw_away
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str) -> str:
        """Return the SQLAlchemy address of a database, as superuser."""
        place = urlencode({"host": str(self._socket_folder), "port": PORT}, quote_via=quote)
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?{place}"

    @property
    def pid(self) -> int | None:
        """The process id of the running server, None when it doesn't run."""
        try:
            pid = int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])
            is_ours = Path(f"/proc/{pid}/cwd").resolve() == self._data.resolve()
        except (OSError, ValueError):
            return None
        return pid if is_ours and is_running(pid) else None

    def make(self, postgres: Postgres) -> None:
        """Make the data folder; one that was left unfinished is made anew.

        Raises
        ------
        Refusal
            When initdb fails.
        """
        unfinished = self._data.with_name("db.unfinished")
        if unfinished.exists():
            shutil.rmtree(unfinished)
        make_private(unfinished, self._account)
        command = [
            str(postgres.bin / "initdb"),
            *("--pgdata", str(unfinished), "--username", SUPERUSER),
            *("--auth", "trust", "--encoding", "UTF8", "--no-instructions"),
            # The order of C is that of C.UTF-8, but compares bytes: indexes are made twice as fast.
            *("--locale", "C.UTF-8", "--lc-collate", "C"),
            *(["--no-sync"] if self._throw_away else []),
        ]
        done = subprocess.run(
            command, cwd="/", capture_output=True, text=True, **self._account.for_subprocess()
        )
        if done.returncode:
            raise Refusal(f"initdb failed: {done.stderr.strip().splitlines()[-1]}")
        unfinished.rename(self._data)

    def start(self, postgres: Postgres) -> None:
        """Start it unless it runs, and wait until its database is there.

        Raises
        ------
        Refusal
            When it doesn't start.
        """
        # After kill -9 the first launch may find processes of the old server still ending.
        launches, deadline = 0, time.monotonic() + START_TIMEOUT_S
        while not self._answers():
            if self.pid is None and (self._process is None or self._process.poll() is not None):
                if launches == MAX_LAUNCHES:
                    raise self._not_started()
                time.sleep(launches * 0.2)
                self._forget_recycled_pid()
                self._launch(postgres)
                launches += 1
            if time.monotonic() > deadline:
                raise self._not_started()
            time.sleep(0.02)
        _create_database(self.url("postgres"))

    def _answers(self) -> bool:
        try:
            psycopg.connect(_conninfo(self.url("postgres")), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _not_started(self) -> Refusal:
        last = self._log.read_text(errors="replace").strip().splitlines()[-1:]
        return Refusal(f"PostgreSQL did not start ({' '.join(last)}); see {self._log}.")

    def _launch(self, postgres: Postgres) -> None:
        settings = _TUNING | {"unix_socket_directories": quoted_list(self._socket_folder)}
        if self._throw_away:
            settings |= _THROW_AWAY
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self._open_log() as log:
            # A session of its own: Ctrl-C in the terminal is for us, and we stop the server.
            self._process = subprocess.Popen(
                [str(postgres.bin / "postgres"), "-D", str(self._data), "-p", str(PORT), *options],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._account.for_subprocess(),
            )

    def _open_log(self) -> IO[bytes]:
        is_big = self._log.exists() and self._log.stat().st_size > MAX_LOG_BYTES
        return self._log.open("wb" if is_big else "ab")

    def _forget_recycled_pid(self) -> None:
        # PostgreSQL sees to what a crash left behind, with one exception: after a restart of the
        # machine the old number may belong to another process of the same account.
        for path in (
            self._data / "postmaster.pid",
            self._socket_folder / f".s.PGSQL.{PORT}.lock",
        ):
            if path.exists() and names_living_process(path):
                path.unlink()

    def stop(self) -> None:
        """Stop it: in half a minute, or at once after that."""
        pid = self.pid
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)  # fast: roll back, write out, end
        if not self._ends(pid, STOP_TIMEOUT_S):
            os.kill(pid, signal.SIGQUIT)  # at once; the next start recovers from its log
            self._ends(pid, STOP_TIMEOUT_S)

    def reap(self) -> None:
        """Let a server of ours that ended go; another that shared it may have stopped it."""
        if self._process:
            self._process.poll()

    def _ends(self, pid: int, timeout_s: float) -> bool:
        deadline = time.monotonic() + timeout_s
        while is_running(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        self.reap()
        return not is_running(pid)


def make_private(folder: Path, account: ServerAccount) -> None:
    """Make a folder that only the server's account may enter.

    Raises
    ------
    Refusal
        When it is there already and belongs to somebody else.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0 and not folder.is_symlink():
        os.chown(folder, account.uid, account.gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
        raise Refusal(
            f"{folder} belongs to another account than {account.name}; start the program "
            "as the account that made it, or choose another folder with KENTONGAN_HOME."
        )
    folder.chmod(0o700)


def _create_database(url: str) -> None:
    with psycopg.connect(_conninfo(url), autocommit=True) as conn:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        if conn.execute(query, (DATABASE,)).fetchone() is None:
            conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def _conninfo(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
