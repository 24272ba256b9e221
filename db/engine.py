"""Connections. The app factory makes the one engine and hands it down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from db.viewer import Viewer, bind_viewer, forget_viewer
from geo.errors import DatabaseUnavailable, QueryTooSlow

CONNECT_TIMEOUT_S = 5


def make_engine(url: str, *, pool_size: int = 8, statement_timeout_ms: int = 15_000) -> Engine:
    """Make the engine; nothing is connected yet.

    Parameters
    ----------
    url
        ``postgresql://`` or ``postgresql+psycopg://`` address of a PostGIS database.
    pool_size
        Connections held at most; a request that finds none waits five seconds.
    statement_timeout_ms
        How long one statement may run; 0 is without limit, for imports.

    Returns
    -------
    Engine
    """
    # Parallel plans made tiles of 500,000 households 4 to 12 times slower, and compiling to machine
    # code costs more than these short statements take. A generic plan can't know how many flags a
    # filter has, and made the counts of its choices four times slower.
    options = (
        f"-c statement_timeout={statement_timeout_ms} -c max_parallel_workers_per_gather=0"
        " -c jit=off -c timezone=UTC -c plan_cache_mode=force_custom_plan"
    )
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=CONNECT_TIMEOUT_S,
        pool_pre_ping=True,
        connect_args={"options": options, "connect_timeout": CONNECT_TIMEOUT_S},
    )


@contextmanager
def reading(engine: Engine, viewer: Viewer) -> Iterator[Connection]:
    """Open one read-only transaction in the name of a viewer.

    Every statement in it sees the same state of the data, so that the counts, the list and the
    map of one answer agree.

    Raises
    ------
    DatabaseUnavailable
        When the database doesn't answer, or goes away in the middle.
    """
    with _saying_when_away(), engine.connect() as conn:
        conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with conn.begin(), _in_the_name_of(conn, viewer):
            yield conn


@contextmanager
def writing(engine: Engine, viewer: Viewer) -> Iterator[Connection]:
    """Open one transaction that writes; an error takes all of it back.

    Raises
    ------
    DatabaseUnavailable
        When the database doesn't answer, or goes away in the middle.
    """
    with _saying_when_away(), engine.begin() as conn, _in_the_name_of(conn, viewer):
        yield conn


@contextmanager
def asking(engine: Engine) -> Iterator[Connection]:
    """Open a connection for single statements in nobody's name, each its own transaction.

    For the session of a request, asked before anything else: two trips to the database, not five.

    Raises
    ------
    DatabaseUnavailable
        When the database doesn't answer, or goes away in the middle.
    """
    with _saying_when_away(), engine.connect() as conn:
        yield conn.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def _in_the_name_of(conn: Connection, viewer: Viewer) -> Iterator[None]:
    bind_viewer(conn, viewer)
    try:
        yield
    finally:
        forget_viewer(conn)


@contextmanager
def _saying_when_away() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseUnavailable from error
    except (OperationalError, InterfaceError) as error:
        too_slow = isinstance(error.orig, psycopg.errors.QueryCanceled)
        raise (QueryTooSlow if too_slow else DatabaseUnavailable)() from error
    except DBAPIError as error:
        gone = isinstance(error.orig, psycopg.errors.AdminShutdown | psycopg.errors.CrashShutdown)
        if error.connection_invalidated or gone:
            raise DatabaseUnavailable from error
        raise
