"""A private PostGIS cluster: made, started and stopped by the program that uses it.

It listens on a unix socket only, in a folder that no other account can enter, so that no password
is needed and nothing is reachable from the network. Programs that use the same cluster share it;
the last one to leave stops it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from db.cluster_files import (
    is_running,
    names_living_process,
    quoted_list,
    short_hash,
    version_of,
)
from db.postgres import Postgres, find_postgres, may_enter, server_account
from db.refusal import Refusal

DATABASE = "kentongan"
SUPERUSER = "kentongan"
PORT = 5432
"""Part of the socket's name only."""
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 30.0
MAX_LAUNCHES = 5
MAX_LOG_BYTES = 10_000_000
MAX_SOCKET_PATH_BYTES = 107
FALLBACK = Path("/var/lib")

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
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
}
# A cluster that is thrown away need not survive a power cut.
_THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Cluster:
    """A PostGIS cluster of our own.

    Parameters
    ----------
    home
        Folder of the cluster. As root the server runs as an unprivileged account; when that
        account can't reach the folder, the data lie below ``fallback`` instead.
    say
        Takes one line of progress.
    throw_away
        Faster, and lost in a power cut: for tests.
    fallback
        Where the data lie when the server's account can't reach ``home``.
    """

    def __init__(
        self,
        home: Path,
        *,
        say: Callable[[str], None] = lambda _line: None,
        throw_away: bool = False,
        fallback: Path = FALLBACK,
    ) -> None:
        self.home = home.absolute()
        self._say = say
        self._throw_away = throw_away
        self._fallback = fallback
        self._users: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Cluster:
        """Start the cluster unless it runs."""
        self.ensure_started()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the cluster unless others use it."""
        self.stop()

    def ensure_started(self) -> str:
        """Make the cluster if there is none, start it if it doesn't run, and join its users.

        Returns
        -------
        str
            SQLAlchemy address of the database ``kentongan``.

        Raises
        ------
        Refusal
            When PostgreSQL is missing, the folder can't be used, or the server doesn't start.
        """
        self._prepare_home()
        with self._changing():
            if self._users is None:
                self._users = (self.home / "users.lock").open("a")
                fcntl.flock(self._users, fcntl.LOCK_SH)
            try:
                self._start()
            except BaseException:
                self._leave()
                raise
        return self.url()

    def stop(self) -> None:
        """Leave the cluster; the last one to leave stops it."""
        if self._users is not None:
            with self._changing():
                self._leave()
        if self._process:
            self._process.poll()  # another that shared it may have stopped it

    def url(self, database: str = DATABASE) -> str:
        """Return the SQLAlchemy address of a database of the cluster, as its superuser."""
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

    # --- Where it lies ------------------------------------------------------------------------

    def _prepare_home(self) -> None:
        try:
            if not self.home.exists():
                self.home.mkdir(parents=True)
                self.home.chmod(0o711)  # the server's account passes through
            if not os.access(self.home, os.W_OK):
                raise PermissionError
        except OSError as error:
            raise Refusal(
                f"The folder {self.home} can't be written to; choose another with KENTONGAN_HOME."
            ) from error
        self._account = server_account(self.home / "db")
        place = self._place()
        self._data = place / "db"
        self._socket_folder = self._choose_socket_folder(place / "run")

    def _place(self) -> Path:
        if may_enter(self._account, self.home):
            return self.home
        place = self._fallback / f"kentongan-{short_hash(self.home)}"
        self._say(
            f"The server's account {self._account.name} can't reach {self.home}, "
            f"so the database lies in {place}."
        )
        place.mkdir(mode=0o755, parents=True, exist_ok=True)
        return place

    def _choose_socket_folder(self, preferred: Path) -> Path:
        folder = preferred
        if len(os.fsencode(preferred / f".s.PGSQL.{PORT}")) > MAX_SOCKET_PATH_BYTES:
            name = f"kentongan-{self._account.uid}-{short_hash(preferred)}"
            folder = Path(tempfile.gettempdir()) / name
        self._make_private(folder)
        return folder

    def _make_private(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0 and not folder.is_symlink():
            os.chown(folder, self._account.uid, self._account.gid)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self._account.uid:
            raise Refusal(
                f"{folder} belongs to another account than {self._account.name}; start the program "
                "as the account that made it, or choose another folder with KENTONGAN_HOME."
            )
        folder.chmod(0o700)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with (self.home / "change.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    # --- Start and stop -----------------------------------------------------------------------

    def _start(self) -> None:
        postgres = find_postgres(version_of(self._data))
        if not self._data.exists():
            self._make(postgres)
        self._run_until_ready(postgres)
        _create_database(self.url("postgres"))

    def _make(self, postgres: Postgres) -> None:
        self._say("Making a private PostGIS cluster")
        unfinished = self._data.with_name("db.unfinished")
        if unfinished.exists():
            shutil.rmtree(unfinished)
        self._make_private(unfinished)
        command = [
            str(postgres.bin / "initdb"),
            *("--pgdata", str(unfinished), "--username", SUPERUSER),
            *("--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions"),
            *(["--no-sync"] if self._throw_away else []),
        ]
        done = subprocess.run(
            command, cwd="/", capture_output=True, text=True, **self._account.for_subprocess()
        )
        if done.returncode:
            raise Refusal(f"initdb failed: {done.stderr.strip().splitlines()[-1]}")
        unfinished.rename(self._data)

    def _run_until_ready(self, postgres: Postgres) -> None:
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

    def _answers(self) -> bool:
        try:
            psycopg.connect(_conninfo(self.url("postgres")), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _not_started(self) -> Refusal:
        log = self.home / "postgres.log"
        last = log.read_text(errors="replace").strip().splitlines()[-1:]
        return Refusal(f"PostgreSQL did not start ({' '.join(last)}); see {log}.")

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
        path = self.home / "postgres.log"
        is_big = path.exists() and path.stat().st_size > MAX_LOG_BYTES
        return path.open("wb" if is_big else "ab")

    def _forget_recycled_pid(self) -> None:
        # PostgreSQL sees to what a crash left behind, with one exception: after a restart of the
        # machine the old number may belong to another process of the same account.
        for path in (
            self._data / "postmaster.pid",
            self._socket_folder / f".s.PGSQL.{PORT}.lock",
        ):
            if path.exists() and names_living_process(path):
                path.unlink()

    def _leave(self) -> None:
        users, self._users = self._users, None
        if users is None:
            return
        with users:
            try:
                # A shared lock can be made exclusive only when nobody else shares it.
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self._shut_down()

    def _shut_down(self) -> None:
        pid = self.pid
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)  # fast: roll back, write out, end
        if not self._ends(pid, STOP_TIMEOUT_S):
            os.kill(pid, signal.SIGQUIT)  # at once; the next start recovers from its log
            self._ends(pid, STOP_TIMEOUT_S)

    def _ends(self, pid: int, timeout_s: float) -> bool:
        deadline = time.monotonic() + timeout_s
        while is_running(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        if self._process:
            self._process.poll()  # so that no zombie of ours stays
        return not is_running(pid)


def _create_database(url: str) -> None:
    with psycopg.connect(_conninfo(url), autocommit=True) as conn:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        if conn.execute(query, (DATABASE,)).fetchone() is None:
            conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def _conninfo(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
