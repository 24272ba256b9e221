"""Logging in and out: right and wrong, locked, expired, revoked; and the command ``user``."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pyotp
import pytest
from argon2 import PasswordHasher
from dash import Dash
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from dashboard.app import create_app
from dashboard.auth import pages
from dashboard.auth.demo import ROLES as DEMO_ROLES
from dashboard.auth.login import SHORTEST_REFUSAL_S
from dashboard.auth.passwords import hash_password
from dashboard.auth.sessions import hash_token
from dashboard.cli import main
from dashboard.cli.user import ensure_demo_users, ensure_first_administrator
from dashboard.settings import Settings
from db.accounts import (
    NewUser,
    add_user,
    get_login,
    get_session_user,
    list_users,
    note_failed_login,
    revoke_all_sessions,
    set_active,
    start_session,
    use_totp_step,
)
from db.engine import make_engine, writing
from db.models.accounts import ROLES
from db.refusal import Refusal
from db.viewer import LOCAL_VIEWER
from tests.conftest import MakeDatabase, client_as, make_demo, str_of

PASSWORD = "kelapa jauh lampu biru"
OTHER = "sungai tenang pohon jati"
HASH = hash_password(PASSWORD)


@pytest.fixture(scope="module")
def engine(make_database: MakeDatabase) -> Iterator[Engine]:
    """A demo of our own, whose accounts the tests change."""
    engine = make_engine(make_demo(make_database("accounts")))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def configured(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(database_url=str_of(engine.url), home=tmp_path_factory.mktemp("home"))


@pytest.fixture
def make_app(configured: Settings) -> Iterator[Callable[..., Dash]]:
    """Make servers; what they hold open is closed in the end."""
    made: list[Dash] = []

    def make(**options: Any) -> Dash:
        changed = configured.model_copy(update=options.pop("settings", {}))
        made.append(create_app(changed, **options))
        return made[-1]

    yield make
    for app in made:
        app.server.extensions["engine"].dispose()


@pytest.fixture
def app(make_app: Callable[..., Dash], monkeypatch: pytest.MonkeyPatch) -> Dash:
    monkeypatch.setattr("dashboard.auth.login.SHORTEST_REFUSAL_S", 0.0)
    return make_app()


@pytest.fixture
def client(app: Dash) -> FlaskClient:
    return app.server.test_client()


@pytest.fixture
def name(engine: Engine) -> str:
    """Name of a fresh account of a planner, with the password above."""
    made = f"wayan-{time.monotonic_ns()}"
    with writing(engine, LOCAL_VIEWER) as conn:
        add_user(conn, NewUser(made, "planner"), HASH, must_change_password=False)
    return made


def change(engine: Engine, statement: str, **values: Any) -> None:
    with engine.begin() as conn:
        conn.execute(text(statement), values)


def read_token(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def send(client: FlaskClient, path: str, form: dict[str, str], *, drawn: str = "") -> TestResponse:
    return client.post(path, data=form | {"csrf_token": read_token(client, drawn or path)})


def log_in(client: FlaskClient, name: str, password: str = PASSWORD) -> TestResponse:
    return send(client, "/login", {"name": name, "password": password})


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def read_cookie(answer: TestResponse, name: str) -> Any:
    for header in answer.headers.getlist("Set-Cookie"):
        cookie = SimpleCookie(header)
        if name in cookie:
            return cookie[name]
    return None


# --- In and out -----------------------------------------------------------------------------------


def test_a_right_login_leads_to_the_map(client: FlaskClient, name: str) -> None:
    assert not is_in(client)
    answer = log_in(client, name.upper())
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert is_in(client)
    assert client.get("/").status_code == 200
    assert client.get("/login").headers["Location"] == "/"


def test_the_cookie_holds_a_token_and_the_database_its_hash(
    client: FlaskClient, name: str, engine: Engine
) -> None:
    cookie = read_cookie(log_in(client, name), "kentongan_session")
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
    assert not cookie["secure"]  # this machine only, without https
    with writing(engine, LOCAL_VIEWER) as conn:
        idle = timedelta(minutes=1)
        found = get_session_user(conn, hash_token(cookie.value), idle=idle)
        assert found and found.name == name
        assert get_session_user(conn, cookie.value.encode(), idle=idle) is None


@pytest.mark.parametrize("change_to", [{"https": True}, {"host": "0.0.0.0"}])
def test_beyond_this_machine_the_cookies_are_for_https_only(
    make_app: Callable[..., Dash], name: str, change_to: dict[str, Any]
) -> None:
    client = make_app(settings=change_to).server.test_client()
    page = client.get("/login", base_url="https://localhost")
    token = re.search(r'csrf_token" value="([^"]+)"', page.text)
    assert token
    form = {"name": name, "password": PASSWORD, "csrf_token": token[1]}
    answer = client.post("/login", data=form, base_url="https://localhost")
    for kind in ("session", "form"):
        cookie = read_cookie(answer, f"__Host-kentongan_{kind}")
        assert cookie["secure"] and cookie["httponly"] and cookie["path"] == "/"
        assert not cookie["domain"]


def test_a_token_from_before_the_login_is_worth_nothing(app: Dash, name: str) -> None:
    client, thief = app.server.test_client(), app.server.test_client()
    for planted in ("made-up-by-a-stranger", None):
        if planted is None:  # a session of the stranger's own
            log_in(thief, name)
            planted = thief.get_cookie("kentongan_session").value  # type: ignore[union-attr]
        victim = app.server.test_client()
        victim.get("/login")
        form = {"csrf_token": read_token(victim, "/login"), "name": name, "password": PASSWORD}
        victim.set_cookie("kentongan_session", planted)
        fresh = read_cookie(victim.post("/login", data=form), "kentongan_session").value
        assert fresh != planted
        client.set_cookie("kentongan_session", planted)
        assert not is_in(client)
        assert is_in(victim)


def test_the_forms_token_changes_with_the_login(client: FlaskClient, name: str) -> None:
    before = read_token(client, "/login")
    client.post("/login", data={"csrf_token": before, "name": name, "password": PASSWORD})
    assert client.post("/account/end", data={"csrf_token": before}).status_code == 403
    assert is_in(client)


def test_logout_deletes_the_session(client: FlaskClient, name: str, engine: Engine) -> None:
    log_in(client, name)
    token = client.get_cookie("kentongan_session").value  # type: ignore[union-attr]
    answer = send(client, "/logout", {}, drawn="/account")
    assert answer.headers["Location"] == "/login"
    assert not is_in(client)
    client.set_cookie("kentongan_session", token)
    assert not is_in(client)
    with engine.connect() as conn:
        found = text("SELECT count(*) FROM login_session WHERE token_hash = :hash")
        assert conn.scalar(found, {"hash": hash_token(token)}) == 0


def test_an_ended_session_is_told_at_the_login(client: FlaskClient) -> None:
    client.set_cookie("kentongan_session", "long-gone")
    answer = client.get("/login")
    assert "Sesi Anda sudah berakhir" in answer.text
    assert "Sesi Anda" not in client.get("/login").text


# --- Wrong ----------------------------------------------------------------------------------------


def test_every_refusal_reads_alike(app: Dash, name: str, engine: Engine) -> None:
    with writing(engine, LOCAL_VIEWER) as conn:
        add_user(conn, NewUser("disabled-one", "guest"), HASH, must_change_password=False)
        set_active(conn, "disabled-one", is_active=False)
        add_user(conn, NewUser("no-password", "guest"), "!", must_change_password=False)
    pages_seen = set()
    for who, password in (
        (name, OTHER),
        (name, ""),
        ("nobody-at-all", PASSWORD),
        ("disabled-one", PASSWORD),
        ("no-password", "!"),
        ("' OR 1=1 --", PASSWORD),
        ("a\x00b", PASSWORD),
    ):
        answer = log_in(app.server.test_client(), who, password)
        assert answer.status_code == 401
        assert read_cookie(answer, "kentongan_session") is None
        text_only = re.sub(r' value="[^"]*"', "", answer.text)
        pages_seen.add(re.sub(r" autofocus", "", text_only))
    assert len(pages_seen) == 1


def test_an_unknown_name_takes_as_long(make_app: Callable[..., Dash], name: str) -> None:
    client = make_app().server.test_client()
    times = []
    for who in (name, "nobody-at-all"):
        token = read_token(client, "/login")
        start = time.perf_counter()
        client.post("/login", data={"name": who, "password": OTHER, "csrf_token": token})
        times.append(time.perf_counter() - start)
    assert min(times) >= SHORTEST_REFUSAL_S


def test_an_unknown_name_costs_a_hash_too(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    whole = PasswordHasher.verify

    def watch(self: PasswordHasher, kept: str, password: str) -> bool:
        hashed.append(kept)
        return whole(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", watch)
    assert log_in(client, "nobody-at-all").status_code == 401
    assert len(hashed) == 1


def test_five_wrong_logins_lock_and_the_lock_grows(
    client: FlaskClient, name: str, engine: Engine
) -> None:
    for _ in range(5):
        assert log_in(client, name, OTHER).status_code == 401
    assert log_in(client, name).status_code == 401
    with engine.begin() as conn:
        found = get_login(conn, name)
        assert found and found.is_locked
        assert note_failed_login(conn, name) is None  # nothing is counted while it is locked
    for minutes in (15, 30, 60):
        with engine.begin() as conn:
            left = conn.scalar(
                text("SELECT locked_until - now() FROM app_user WHERE name = :name"), {"name": name}
            )
            assert timedelta(minutes=minutes - 1) < left <= timedelta(minutes=minutes)
        change(engine, "UPDATE app_user SET locked_until = now() WHERE name = :name", name=name)
        with engine.begin() as conn:
            for _ in range(5):
                note_failed_login(conn, name)
    change(engine, "UPDATE app_user SET locked_until = now() WHERE name = :name", name=name)
    assert log_in(client, name).status_code == 303
    with engine.connect() as conn:
        row = conn.execute(
            text("SELECT failed_count, locked_until FROM app_user WHERE name = :name"),
            {"name": name},
        ).one()
    assert tuple(row) == (0, None)


def test_a_guess_beside_the_locking_ones_gains_nothing(engine: Engine, name: str) -> None:
    with engine.begin() as conn:
        for _ in range(5):
            note_failed_login(conn, name)
        found = get_login(conn, name)
        assert found
        hour = timedelta(hours=1)
        begun = start_session(conn, b"x", found.id, lifetime=hour, address=None, user_agent=None)
    assert not begun


def test_a_hash_of_older_parameters_is_made_anew(
    client: FlaskClient, name: str, engine: Engine
) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    change(engine, "UPDATE app_user SET password_hash = :old WHERE name = :n", old=old, n=name)
    assert log_in(client, name).status_code == 303
    with engine.connect() as conn:
        found = get_login(conn, name)
    assert found and found.password_hash != old
    assert log_in(client.application.test_client(), name).status_code == 303


# --- Sessions end ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE login_session SET last_seen_at = now() - interval '31 minutes'",
        "UPDATE login_session SET expires_at = now()",
        "UPDATE login_session SET revoked_at = now()",
        "DELETE FROM login_session",
        "UPDATE app_user SET is_active = false",
    ],
)
def test_a_session_ends(client: FlaskClient, name: str, engine: Engine, statement: str) -> None:
    log_in(client, name)
    assert is_in(client)
    where = (
        "name = :name"
        if "app_user" in statement
        else "user_id = (SELECT id FROM app_user WHERE name = :name)"
    )
    change(engine, f"{statement} WHERE {where}", name=name)
    assert not is_in(client)
    assert client.get("/export/poverty_rate.csv").status_code == 401


def test_a_session_in_use_goes_on_until_its_last_hour(
    client: FlaskClient, name: str, engine: Engine
) -> None:
    log_in(client, name)
    mine = "WHERE user_id = (SELECT id FROM app_user WHERE name = :name)"
    change(
        engine,
        f"UPDATE login_session SET last_seen_at = now() - interval '29 minutes' {mine}",
        name=name,
    )
    assert is_in(client)
    with engine.connect() as conn:
        row = conn.execute(
            text(
                "SELECT now() - last_seen_at AS seen, expires_at - started_at AS whole, address"
                f" FROM login_session {mine}"
            ),
            {"name": name},
        ).one()
    assert row.seen < timedelta(seconds=30)
    assert row.whole == timedelta(hours=12)
    assert row.address == "127.0.0.1"


def test_logging_out_everywhere_spares_the_others(app: Dash, name: str) -> None:
    phone, laptop, other = (app.server.test_client() for _ in range(3))
    for client in (phone, laptop):
        log_in(client, name)
    other = client_as(app, "regent")
    send(phone, "/account/end", {}, drawn="/account")
    assert [is_in(client) for client in (phone, laptop, other)] == [False, False, True]


def test_all_sessions_end_at_once(app: Dash, name: str, engine: Engine) -> None:
    clients = [app.server.test_client(), client_as(app, "regent")]
    log_in(clients[0], name)
    with writing(engine, LOCAL_VIEWER) as conn:
        assert revoke_all_sessions(conn) >= 2
    assert not any(is_in(client) for client in clients)


# --- The account ----------------------------------------------------------------------------------


def fill_in(new: str = OTHER, current: str = PASSWORD, again: str | None = None) -> dict[str, str]:
    return {"current": current, "new": new, "again": new if again is None else again}


def test_a_new_password_ends_the_other_sessions(app: Dash, name: str) -> None:
    here, there = app.server.test_client(), app.server.test_client()
    log_in(here, name)
    log_in(there, name)
    answer = send(here, "/account/password", fill_in(), drawn="/account")
    assert answer.status_code == 303
    assert "Kata sandi tersimpan" in here.get(answer.headers["Location"]).text
    assert not is_in(there)
    assert log_in(there, name).status_code == 401
    assert log_in(there, name, OTHER).status_code == 303


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (fill_in(current=OTHER + "x"), "Kata sandi sekarang keliru"),
        (fill_in(again="something else"), "tidak sama"),
        (fill_in("short"), "sedikitnya 12"),
        (fill_in("password1234"), "mudah ditebak"),
        (fill_in(PASSWORD), "harus berbeda"),
    ],
)
def test_an_unfit_change_is_refused(
    client: FlaskClient, name: str, form: dict[str, str], said: str
) -> None:
    log_in(client, name)
    answer = send(client, "/account/password", form, drawn="/account")
    assert answer.status_code == 400
    assert said in answer.text
    assert is_in(client)


def test_a_temporary_password_is_changed_first(
    client: FlaskClient, name: str, engine: Engine
) -> None:
    change(engine, "UPDATE app_user SET must_change_password = true WHERE name = :n", n=name)
    log_in(client, name)
    assert client.get("/").headers["Location"] == "/account"
    for path in ("/tiles/households/7/104/66.mvt", "/export/poverty_rate.csv", "/_dash-layout"):
        assert client.get(path).status_code == 403
    assert client.get("/account").status_code == 200
    answer = send(client, "/account/password", fill_in(), drawn="/account")
    assert answer.headers["Location"] == "/"
    assert client.get("/").status_code == 200


def turn_on_second_factor(client: FlaskClient) -> tuple[str, TestResponse]:
    page = client.get("/account/code").text
    key = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    token = re.search(r'csrf_token" value="([^"]+)"', page)
    assert key and token
    assert "<svg" in page
    secret = key[1].replace(" ", "")
    form = {"code": pyotp.TOTP(secret).now(), "current": PASSWORD, "csrf_token": token[1]}
    wrong = client.post("/account/code", data=form | {"code": "000000"})
    assert wrong.status_code == 400 and "Kode keliru" in wrong.text
    return secret, client.post("/account/code", data=form)


def test_the_second_factor_is_asked_at_the_login(app: Dash, name: str, engine: Engine) -> None:
    client = app.server.test_client()
    log_in(client, name)
    secret, answer = turn_on_second_factor(client)
    assert answer.headers["Location"] == "/account?done=code-on"
    with engine.connect() as conn:
        kept = conn.scalar(text("SELECT totp_secret FROM app_user WHERE name = :n"), {"n": name})
    assert secret not in kept

    again = app.server.test_client()
    assert log_in(again, name).headers["Location"] == "/login/code"
    assert not is_in(again)
    assert send(again, "/login/code", {"code": "000000"}).status_code == 401
    code = pyotp.TOTP(secret).now()
    assert send(again, "/login/code", {"code": code}).status_code == 303
    assert is_in(again)

    thief = app.server.test_client()
    log_in(thief, name)
    assert send(thief, "/login/code", {"code": code}).status_code == 401  # used before
    assert not is_in(thief)


def test_wrong_codes_lock_as_wrong_passwords_do(app: Dash, name: str, engine: Engine) -> None:
    client = app.server.test_client()
    log_in(client, name)
    secret, _ = turn_on_second_factor(client)
    guesser = app.server.test_client()
    log_in(guesser, name)
    for _ in range(5):
        assert send(guesser, "/login/code", {"code": "000000"}).status_code == 401
    good = pyotp.TOTP(secret).now()
    assert send(guesser, "/login/code", {"code": good}).status_code == 401
    with engine.connect() as conn:
        found = get_login(conn, name)
    assert found and found.is_locked


def test_a_code_without_a_password_leads_back(client: FlaskClient) -> None:
    assert client.get("/login/code").headers["Location"] == "/login"
    token = read_token(client, "/login")
    answer = client.post("/login/code", data={"code": "123456", "csrf_token": token})
    assert answer.headers["Location"] == "/login"


def test_a_right_password_waits_five_minutes_for_its_code(
    app: Dash, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app.server.test_client()
    log_in(client, name)
    turn_on_second_factor(client)
    late = app.server.test_client()
    log_in(late, name)
    monkeypatch.setattr(pages, "PENDING_S", 0)
    assert late.get("/login/code").headers["Location"] == "/login"


def test_the_second_factor_goes_with_the_password_only(app: Dash, name: str) -> None:
    client = app.server.test_client()
    log_in(client, name)
    turn_on_second_factor(client)
    form = {"code-current": OTHER}
    assert send(client, "/account/code/remove", form, drawn="/account").status_code == 400
    form = {"code-current": PASSWORD}
    answer = send(client, "/account/code/remove", form, drawn="/account")
    assert answer.headers["Location"] == "/account?done=code-off"
    assert log_in(app.server.test_client(), name).headers["Location"] == "/"


def test_a_step_is_used_once(engine: Engine, name: str) -> None:
    with engine.begin() as conn:
        found = get_login(conn, name)
        assert found
        steps = [use_totp_step(conn, found.id, step) for step in (7, 7, 6, 8)]
    assert steps == [True, False, False, True]


def test_the_account_speaks_english(client: FlaskClient, name: str) -> None:
    log_in(client, name)
    page = client.get("/account?language=en").text
    assert "Change the password" in page and "Planning agency" in page
    assert "Log in" in client.application.test_client().get("/login?language=en").text


# --- What the database refuses --------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("area", [None, "35.10", "35.10.01", "35.10.01.2001"])
def test_an_area_fits_the_role(engine: Engine, role: str, area: str | None) -> None:
    wanted = {"task_unit": {"35.10.01"}, "village_operator": {"35.10.01.2001"}}
    fits = area in wanted.get(role, {None, "35.10"})
    with engine.connect() as conn, conn.begin() as transaction:
        if area == "35.10.01.2001":
            area = conn.scalar(text("SELECT min(code) FROM admin_area WHERE level = 'desa'"))
        agency = "Dinas Sosial" if role == "agency" else None
        user = NewUser("somebody", role, area_code=area, agency=agency)
        if fits:
            assert add_user(conn, user, "!", must_change_password=False)
        else:
            with pytest.raises(Refusal, match="task_unit needs"):
                add_user(conn, user, "!", must_change_password=False)
        transaction.rollback()


@pytest.mark.parametrize(
    ("user", "hint"),
    [
        (NewUser("a", "planner"), "small letters"),
        (NewUser("a b", "planner"), "small letters"),
        (NewUser("x" * 41, "planner"), "small letters"),
        (NewUser("someone", "local"), "no role"),
        (NewUser("someone", "task_unit", area_code="99.99.99"), "no area"),
        (NewUser("someone", "agency"), "needs --agency"),
        (NewUser("someone", "agency", agency="Dinas Sosial "), "needs --agency"),
        (NewUser("someone", "planner", agency="Dinas Sosial"), "role agency"),
    ],
)
def test_an_unfit_account_is_refused(conn: Connection, user: NewUser, hint: str) -> None:
    with pytest.raises(Refusal, match=hint):
        add_user(conn, user, "!", must_change_password=False)


def test_names_are_taken_once_whatever_their_case(conn: Connection) -> None:
    add_user(conn, NewUser("wayan", "planner"), "!", must_change_password=False)
    with pytest.raises(Refusal, match="already"):
        add_user(conn, NewUser("WAYAN", "planner"), "!", must_change_password=False)
    with pytest.raises(IntegrityError):
        conn.execute(text("UPDATE app_user SET name = 'Wayan'"))


def test_nobody_else_may_call_the_functions(conn: Connection) -> None:
    open_to_all = conn.scalars(
        text(
            "SELECT proname FROM pg_proc WHERE proname LIKE 'account\\_%'"
            " AND (NOT prosecdef OR proconfig IS NULL OR has_function_privilege('public', oid,"
            " 'EXECUTE'))"
        )
    ).all()
    assert open_to_all == []


# --- The command line -----------------------------------------------------------------------------


@pytest.fixture
def run(
    configured: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Any:
    monkeypatch.setenv("KENTONGAN_DATABASE_URL", str(configured.database_url))
    monkeypatch.setenv("KENTONGAN_HOME", str(configured.home))

    def run_one(*arguments: str, stdin: str = "") -> tuple[int, dict[str, Any], str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capsys.readouterr()
        code = main(["user", *arguments, "--json"])
        output, errors = capsys.readouterr()
        return code, json.loads(output), errors

    return run_one


def test_an_account_is_made_listed_disabled_and_reset(run: Any, app: Dash) -> None:
    _, made, errors = run("add", "Siti", "--role", "task_unit", "--area", "35.10.01")
    assert made["must_change_password"] and made["password"] not in errors
    client = app.server.test_client()
    assert log_in(client, "siti", made["password"]).status_code == 303
    assert client.get("/").headers["Location"] == "/account"

    (listed,) = (user for user in run("list")[1]["users"] if user["name"] == "siti")
    assert (listed["area_code"], listed["session_count"]) == ("35.10.01", 1)
    assert not [key for key in listed if "hash" in key or "secret" in key]

    assert run("disable", "siti")[0] == 0
    assert not is_in(client)
    assert log_in(app.server.test_client(), "siti", made["password"]).status_code == 401
    assert run("enable", "siti")[0] == 0
    assert run("reset", "siti", "--password-stdin", stdin=PASSWORD + "\n")[1] == {"user": "siti"}
    assert log_in(app.server.test_client(), "siti", made["password"]).status_code == 401
    assert log_in(client, "siti").status_code == 303
    assert run("logout-all", "siti")[1]["sessions_ended"] == 1
    assert not is_in(client)


@pytest.mark.parametrize(
    ("arguments", "stdin", "hint"),
    [
        (("add", "siti2", "--role", "king"), "", "no role"),
        (("add", "siti2", "--role", "task_unit"), "", "kecamatan"),
        (("add", "siti2", "--role", "guest", "--password-stdin"), "short\n", "12"),
        (("disable", "nobody"), "", "no account"),
        (("reset", "nobody"), "", "no account"),
    ],
)
def test_a_refusal_is_one_sentence(
    run: Any, arguments: tuple[str, ...], stdin: str, hint: str
) -> None:
    code, answer, errors = run(*arguments, stdin=stdin)
    assert code == 1
    assert hint in answer["error"]
    assert "Traceback" not in errors


def test_the_first_start_makes_an_administrator_once(
    make_database: MakeDatabase,
    make_app: Callable[..., Dash],
    configured: Settings,
    capsys: pytest.CaptureFixture[str],
) -> None:
    elsewhere = {"database_url": str_of(make_database("first"))}
    first = configured.model_copy(update=elsewhere)
    ensure_first_administrator(first)
    said = capsys.readouterr()
    password = re.search(r"as admin with the password ([a-z0-9-]{23})\n", said.err)
    assert password and password[1] not in said.out
    ensure_first_administrator(first)
    assert capsys.readouterr() == ("", "")
    client = make_app(settings=elsewhere).server.test_client()
    assert log_in(client, "admin", password[1]).status_code == 303
    assert client.get("/").headers["Location"] == "/account"


# --- The demo -------------------------------------------------------------------------------------


@pytest.fixture
def demo_app(make_app: Callable[..., Dash], configured: Settings) -> Dash:
    ensure_demo_users(configured)
    ensure_demo_users(configured)
    return make_app(has_demo_buttons=True)


def test_each_role_has_a_button_that_lets_in(demo_app: Dash) -> None:
    page = demo_app.server.test_client().get("/login").text
    assert re.findall(r'name="role" value="(\w+)"', page) == [role.role for role in DEMO_ROLES]
    assert DEMO_ROLES[0].role == "planner"
    assert {role.role for role in DEMO_ROLES} == set(ROLES)
    for role in ROLES:
        client = demo_app.server.test_client()
        assert send(client, "/login/demo", {"role": role}, drawn="/login").status_code == 303
        assert is_in(client)


def test_no_password_fits_a_demo_account(demo_app: Dash, engine: Engine) -> None:
    with writing(engine, LOCAL_VIEWER) as conn:
        demo = [user for user in list_users(conn) if user.name.startswith("demo-")]
    assert len(demo) == len(ROLES)
    assert not any(user.has_password for user in demo)
    client = demo_app.server.test_client()
    assert log_in(client, "demo-planner", "!").status_code == 401


def test_serve_has_no_buttons(client: FlaskClient, demo_app: Dash) -> None:
    assert 'name="role"' not in client.get("/login").text
    answer = client.post(
        "/login/demo", data={"role": "planner", "csrf_token": read_token(client, "/login")}
    )
    assert answer.status_code in (401, 405)
    assert not is_in(client)


def test_a_foreign_button_lets_nobody_in(demo_app: Dash) -> None:
    client = demo_app.server.test_client()
    for role in ("local", "king", ""):
        assert send(client, "/login/demo", {"role": role}, drawn="/login").status_code == 401
    assert not is_in(client)


def test_real_data_put_an_end_to_the_buttons(demo_app: Dash, engine: Engine) -> None:
    client = demo_app.server.test_client()
    token = read_token(client, "/login")
    change(
        engine,
        "INSERT INTO source (code, kind, name, as_of) VALUES ('real', 'register', 'R', now())",
    )
    try:
        assert 'name="role"' not in client.get("/login").text
        form = {"role": "planner", "csrf_token": token}
        assert client.post("/login/demo", data=form).status_code == 403
        assert not is_in(client)
    finally:
        change(engine, "DELETE FROM source WHERE code = 'real'")
