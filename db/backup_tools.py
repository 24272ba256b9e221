"""PostgreSQL's own programs, run with an environment of their own and fed piece by piece."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from typing import IO

from sqlalchemy import Engine
from sqlalchemy.engine import URL

from db.postgres import list_postgres
from db.refusal import Refusal

PIECE_BYTES = 1 << 20


class RunningTool:
    """A program of PostgreSQL that runs; what it complains of goes to a file, so it never waits.

    Parameters
    ----------
    name
        Of the program.
    process
        With pipes for input and output.
    complaints
        Where its errors go.
    feed
        What it gets to read; None leaves its input to the caller.
    """

    def __init__(
        self,
        name: str,
        process: subprocess.Popen[bytes],
        complaints: IO[bytes],
        feed: Iterable[bytes] | None,
    ) -> None:
        assert process.stdin and process.stdout
        self.name, self.process = name, process
        self.stdin, self.stdout = process.stdin, process.stdout
        self._complaints = complaints
        self._fault: BaseException | None = None
        self._feeder: threading.Thread | None = None
        if feed is not None:
            self._feeder = threading.Thread(target=self._feed, args=(feed,), daemon=True)
            self._feeder.start()

    def _feed(self, pieces: Iterable[bytes]) -> None:
        try:
            for piece in pieces:
                self.stdin.write(piece)
            self.stdin.close()
        except BrokenPipeError:
            pass  # it has read enough, or its own words say why
        except BaseException as error:
            self._fault = error
            self.process.kill()  # before it takes what came so far for the whole

    def iterate_output(self) -> Iterator[bytes]:
        """Yield what it writes."""
        while piece := self.stdout.read(PIECE_BYTES):
            yield piece

    def close_input(self) -> None:
        """Say that nothing more comes."""
        with suppress(BrokenPipeError):
            self.stdin.close()

    def finish(self) -> None:
        """Wait for its end.

        Raises
        ------
        Refusal
            When it failed, or what it was fed with did.
        """
        self.process.wait()
        if self._feeder is not None:
            self._feeder.join()
        if self._fault is not None:
            raise self._fault
        if self.process.returncode:
            raise Refusal(f"{self.name} failed: {self.get_complaint()}")

    def get_complaint(self) -> str:
        """Return the telling line of its errors."""
        self._complaints.seek(0)
        text = self._complaints.read().decode(errors="replace")
        lines = [line for line in text.splitlines() if line.strip()]
        telling = [line for line in lines if "error:" in line.lower()] or lines
        return telling[0] if telling else "no reason given"


@contextmanager
def running(
    name: str,
    engine: Engine,
    *arguments: str,
    connect: bool = True,
    feed: Iterable[bytes] | None = None,
) -> Iterator[RunningTool]:
    """Run a program until the block ends; one that still runs then is killed.

    Parameters
    ----------
    name
        pg_dump, pg_restore or psql.
    engine
        Tells the database.
    *arguments
        Of the program.
    connect
        Let it connect to the database.
    feed
        What it gets to read.
    """
    target = [f"--dbname={_conninfo(engine.url)}"] if connect else []
    # An environment of its own: no stray PGHOST, messages in English, and the password where,
    # unlike on the command line, not everyone can read it.
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    if engine.url.password:
        environment["PGPASSWORD"] = str(engine.url.password)
    with TemporaryFile() as complaints:
        process = subprocess.Popen(
            [_find(name), *target, *arguments],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
        )
        tool = RunningTool(name, process, complaints, feed)
        try:
            yield tool
        finally:
            process.kill()
            process.wait()
            if tool._feeder is not None:
                tool._feeder.join()
            tool.close_input()
            tool.stdout.close()


def run(
    name: str,
    engine: Engine,
    *arguments: str,
    connect: bool = True,
    feed: Iterable[bytes] | None = None,
) -> str:
    """Run a program to its end and return what it wrote; see :func:`running`.

    Raises
    ------
    Refusal
        When it fails.
    """
    with running(name, engine, *arguments, connect=connect, feed=feed) as tool:
        output = b"".join(tool.iterate_output())
        tool.finish()
    return output.decode(errors="replace")


def _conninfo(url: URL) -> str:
    bare = url.set(drivername="postgresql", password=None)
    return bare.render_as_string(hide_password=False)


def _find(name: str) -> str:
    for postgres in list_postgres():
        if (postgres.bin / name).exists():
            return str(postgres.bin / name)
    found = shutil.which(name)
    if not found:
        raise Refusal(f"{name} is missing; please install the package postgresql-client.")
    return found
