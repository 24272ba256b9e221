"""The database that a command works on: the program's own, or the one in KENTONGAN_DATABASE_URL.

SQLAlchemy and Alembic take a second to import, and a start that finds everything in place needs
neither; so they are imported where they are used.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

import db
from dashboard.cli.console import say
from dashboard.settings import Settings, load_settings
from db.cluster import Cluster
from db.refusal import Refusal
from db.web_login import check_rights, set_web_password

if TYPE_CHECKING:
    from sqlalchemy import Engine

_SETUP_LOCK = 7_305_002_026
"""Number of the advisory lock that set-up and demo data are made under."""
_VERSIONS = Path(db.__file__).parent / "migrations" / "versions"


@contextmanager
def open_database(settings: Settings) -> Iterator[Settings]:
    """Give settings whose ``database_url`` is a running database; our own is stopped at the end."""
    if settings.database_url:
        yield settings
        return
    cluster = Cluster(settings.home, say=say)
    try:
        yield settings.model_copy(update={"database_url": cluster.ensure_started()})
    finally:
        with undisturbed():
            cluster.stop()


@contextmanager
def open_engine(*, migrated: bool = True) -> Iterator[Engine]:
    """Give an engine without a time limit per statement.

    Parameters
    ----------
    migrated
        Bring the schema up to date first.
    """
    with open_database(load_settings()) as settings:
        if migrated:
            ensure_schema(settings)
        with engine_of(settings) as engine:
            yield engine


@contextmanager
def engine_of(settings: Settings) -> Iterator[Engine]:
    """Give an engine without a time limit per statement, for settings with a running database."""
    from db.engine import make_engine

    assert settings.database_url
    engine = make_engine(settings.database_url, pool_size=3, statement_timeout_ms=0)
    try:
        yield engine
    finally:
        engine.dispose()


def ensure_schema(settings: Settings) -> None:
    """Bring the schema up to date, unless it is.

    Raises
    ------
    Refusal
        When the database was made by a newer program.
    """
    newest = max(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*.py"))
    with connect(settings) as conn:
        found = get_revision(conn)
    if found == newest:
        return
    if found is not None and found > newest:
        raise Refusal(
            f"The database has schema {found}, made by a newer version of the program than this."
        )
    from db.migrate import upgrade

    say("Bringing the database's schema up to date")
    with alone(settings), engine_of(settings) as engine:
        upgrade(engine)


def prepare_web_login(settings: Settings) -> None:
    """Give the web login its password where one is asked for, and look for holes in its rights.

    Raises
    ------
    Refusal
        When something would let it past the policies; the program must not serve then.
    """
    with connect(settings) as conn:
        if load_settings().database_url:  # our own database lets in who reaches its socket
            set_web_password(conn, settings.get_web_password())
        check_rights(conn)


def connect(settings: Settings) -> psycopg.Connection[tuple[object, ...]]:
    """Open a plain connection to the running database of these settings.

    Raises
    ------
    Refusal
        When it does not answer.
    """
    address = str(settings.database_url).replace("postgresql+psycopg:", "postgresql:", 1)
    try:
        return psycopg.connect(address, connect_timeout=5)
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        raise Refusal(f"The database does not answer: {reason}") from error


def get_revision(conn: psycopg.Connection[tuple[object, ...]]) -> str | None:
    """Return the revision of the schema, None when there is none yet."""
    try:
        row = conn.execute("SELECT version_num FROM alembic_version").fetchone()
    except psycopg.errors.UndefinedTable:
        return None
    return str(row[0]) if row else None


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold off other programs that set the same database up."""
    with connect(settings) as conn:
        conn.autocommit = True
        conn.execute("SELECT pg_advisory_lock(%s)", (_SETUP_LOCK,))
        yield  # the lock goes with the connection


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ignore SIGINT and SIGTERM: a second Ctrl-C must not leave the server running."""
    before = {
        number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
