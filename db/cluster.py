"""A private PostGIS cluster: made, started and stopped by the program that uses it.

It listens on a unix socket only, in a folder that no other account can enter, so that no password
is needed and nothing is reachable from the network. Programs that use the same cluster share it;
the last one to leave stops it.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO

from db.cluster_files import short_hash, version_of
from db.cluster_server import DATABASE, PORT, ClusterServer, make_private
from db.postgres import ServerAccount, find_postgres, may_enter, server_account
from db.refusal import Refusal

MAX_SOCKET_PATH_BYTES = 107
FALLBACK = Path("/var/lib")


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
        self._server: ClusterServer | None = None

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
        account = server_account(self.home / "db")
        place = self._place(account)
        data, sockets = place / "db", _choose_socket_folder(place / "run", account)
        if self._server is None:
            self._server = ClusterServer(
                account, data, sockets, self.home / "postgres.log", throw_away=self._throw_away
            )
        with self._changing():
            if self._users is None:
                self._users = (self.home / "users.lock").open("a")
                fcntl.flock(self._users, fcntl.LOCK_SH)
            try:
                self._start(self._server, data)
            except BaseException:
                self._leave()
                raise
        return self.url()

    def stop(self) -> None:
        """Leave the cluster; the last one to leave stops it."""
        if self._users is not None:
            with self._changing():
                self._leave()
        if self._server:
            self._server.reap()

    def url(self, database: str = DATABASE) -> str:
        """Return the SQLAlchemy address of a database of the cluster, as its superuser."""
        assert self._server, "not started"
        return self._server.url(database)

    @property
    def pid(self) -> int | None:
        """The process id of the running server, None when it doesn't run."""
        return self._server.pid if self._server else None

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

    def _place(self, account: ServerAccount) -> Path:
        if may_enter(account, self.home):
            return self.home
        place = self._fallback / f"kentongan-{short_hash(self.home)}"
        self._say(
            f"The server's account {account.name} can't reach {self.home}, "
            f"so the database lies in {place}."
        )
        place.mkdir(mode=0o755, parents=True, exist_ok=True)
        return place

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with (self.home / "change.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _start(self, server: ClusterServer, data: Path) -> None:
        postgres = find_postgres(version_of(data))
        if not data.exists():
            self._say("Making a private PostGIS cluster")
            server.make(postgres)
        server.start(postgres)

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
            if self._server:
                self._server.stop()


def _choose_socket_folder(preferred: Path, account: ServerAccount) -> Path:
    folder = preferred
    if len(os.fsencode(preferred / f".s.PGSQL.{PORT}")) > MAX_SOCKET_PATH_BYTES:
        name = f"kentongan-{account.uid}-{short_hash(preferred)}"
        folder = Path(tempfile.gettempdir()) / name
    make_private(folder, account)
    return folder
