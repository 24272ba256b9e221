"""What the tests stand on: a real PostGIS, a demo register, a running server, a browser.

Each worker of pytest-xdist has its own databases. A missing service is an error, never a skip.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from dash import Dash
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from dashboard.auth.sessions import hash_token
from dashboard.settings import Settings
from db.accounts import NO_PASSWORD, NewUser, add_user, list_users, start_session
from db.demo import load_demo
from db.engine import make_engine, writing
from db.migrate import upgrade
from db.queries.areas import find_densest
from db.queries.catalogue import list_agencies
from db.viewer import LOCAL_VIEWER
from layers import freeze_breaks
from tests.desk_samples import Desks, fill_desks

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
REAL_DESA = SHARED / "boundaries" / "banyuwangi_desa_full.geojson"
DEMO_HOUSEHOLDS = 3_000

REGENCIES = ["schematic", *(["real"] if REAL_DESA.exists() else [])]
"""Boundaries that walks run on: the drawn ones always, the real ones where they lie beside."""

MakeDatabase = Callable[[str], URL]


@pytest.fixture(scope="session")
def server_url() -> URL:
    """Address of the throw-away PostgreSQL, as its superuser."""
    address = os.environ.get("KENTONGAN_TEST_DATABASE_URL")
    if not address:
        pytest.exit("No PostGIS to test on: start the tests with ./kentongan test", returncode=1)
    return make_url(address)


@pytest.fixture(scope="session")
def make_database(server_url: URL, worker_id: str) -> Iterator[MakeDatabase]:
    """Make databases with the newest schema; they are dropped when the worker ends."""
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def make(name: str) -> URL:
        database = f"test_{worker_id}_{name}"
        with admin.connect() as conn:
            conn.execute(text(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'))
            conn.execute(text(f'CREATE DATABASE "{database}"'))
        made.append(database)
        url = server_url.set(database=database)
        engine = make_engine(str_of(url), statement_timeout_ms=0)
        upgrade(engine)
        engine.dispose()
        return url

    yield make
    with admin.connect() as conn:
        for database in made:
            conn.execute(text(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'))
    admin.dispose()


def str_of(url: URL) -> str:
    """Write an address with its password, if it has one."""
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def empty_engine(make_database: MakeDatabase) -> Iterator[Engine]:
    """A database with the schema and nothing in it."""
    engine = make_engine(str_of(make_database("empty")), statement_timeout_ms=0)
    yield engine
    engine.dispose()


@pytest.fixture
def conn(empty_engine: Engine) -> Iterator[Connection]:
    """A connection to an empty register; what the test writes is taken back."""
    with empty_engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture(scope="session")
def demo_url(make_database: MakeDatabase) -> str:
    """A database with a small demo on schematic boundaries; tests only read it."""
    return make_demo(make_database("demo"))


def make_demo(
    url: URL,
    *,
    boundaries: list[Path] | None = None,
    then: Callable[[Connection], object] | None = None,
) -> str:
    """Load the demo the tests share, and what a test wants beside it."""
    engine = make_engine(str_of(url), statement_timeout_ms=0)
    with writing(engine, LOCAL_VIEWER) as conn:
        load_demo(conn, household_count=DEMO_HOUSEHOLDS, boundary_files=boundaries or [])
        freeze_breaks(conn)
        if then:
            then(conn)
    engine.dispose()
    return str_of(url)


@pytest.fixture(scope="session")
def demo_engine(demo_url: str) -> Iterator[Engine]:
    """Engine of the demo database."""
    engine = make_engine(demo_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def desk_register(make_database: MakeDatabase) -> tuple[str, Desks]:
    """A demo with rows for the desks beside it, and where they lie; tests only read it."""
    made: list[Desks] = []
    url = make_demo(make_database("desks"), then=lambda conn: made.append(fill_desks(conn)))
    return url, made[0]


@pytest.fixture(scope="session")
def desks(desk_register: tuple[str, Desks]) -> Desks:
    """Where the rows of the desks lie."""
    return desk_register[1]


@pytest.fixture
def demo_conn(demo_engine: Engine) -> Iterator[Connection]:
    """A connection to the demo register; what the test writes is taken back."""
    with demo_engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture(scope="session")
def demo_settings(demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a server on the demo database."""
    return Settings(database_url=demo_url, home=tmp_path_factory.mktemp("home"))


def owner_of(engine: Engine) -> Engine:
    """Make an engine as the owner of the database that a server reaches as the web login."""
    user = make_url(os.environ["KENTONGAN_TEST_DATABASE_URL"]).username
    return create_engine(engine.url.set(username=user), poolclass=NullPool)


def log_in_as(engine: Engine, role: str, area: str | None = None, agency: str | None = None) -> str:
    """Start a session for an account of a role, made when it is missing; return its token.

    Without an area, a task unit has the densest kecamatan and a village operator its densest desa.
    Without its name, an agency is the first of the programmes'.
    """
    token = secrets.token_urlsafe()
    with writing(owner_of(engine), LOCAL_VIEWER) as conn:
        if area is None and role in ("task_unit", "village_operator"):
            area = find_densest(conn)[role == "village_operator"]
        if agency is None and role == "agency":
            agency = list_agencies(conn)[0]
        letters = "".join(word[0] for word in agency.lower().split()) if agency else ""
        name = f"test-{role}-{area or letters or 'all'}".replace("_", "-")
        if name not in {user.name for user in list_users(conn)}:
            user = NewUser(name, role, area_code=area, agency=agency)
            add_user(conn, user, NO_PASSWORD, must_change_password=False)
        number = conn.scalar(text("SELECT id FROM app_user WHERE name = :name"), {"name": name})
        assert number
        assert start_session(
            conn,
            hash_token(token),
            number,
            lifetime=timedelta(hours=1),
            address="127.0.0.1",
            user_agent="tests",
        )
    return token


def client_as(
    app: Dash, role: str = "planner", area: str | None = None, agency: str | None = None
) -> FlaskClient:
    """Make a client that is logged in, on 127.0.0.1 and on localhost."""
    client = app.server.test_client()
    token = log_in_as(app.server.extensions["engine"], role, area, agency)
    for domain in ("localhost", "127.0.0.1"):
        client.set_cookie(app.server.extensions["sessions"].cookie, token, domain=domain)
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return client
