"""The gate: nothing without a session, from no other site, and nothing too large or too often."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from threading import Event
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from dash import Dash
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import EnvironBuilder, TestResponse

from dashboard.app import create_app
from dashboard.assets import address_of
from dashboard.auth.gate import MAX_BODY_BYTES, OPEN, read_next
from dashboard.auth.limits import LOGINS
from dashboard.cli.user import ensure_demo_users
from dashboard.settings import Settings
from dashboard.slow_bodies import read_in_time
from tests.conftest import client_as

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
CALLBACK: dict[str, Any] = {
    "output": "url.search",
    "outputs": {"id": "url", "property": "search"},
    "inputs": [{"id": "map-event", "property": "data", "value": {"kind": "area", "code": "35.10"}}],
    "state": [{"id": "url", "property": "search", "value": ""}],
    "changedPropIds": ["map-event.data"],
}  # fmt: skip
JSON_IN_PIECES = {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}
SAMPLES = {
    "filename": "style.css",
    "package_name": "dash",
    "fingerprinted_path": "x.js",
    "path": "nowhere",
    "key": "households",
    "z": "7",
    "x": "104",
    "y": "66",
    "level": "desa",
    "version": "1",
    "ending": "csv",
}


@pytest.fixture(scope="module")
def app(demo_settings: Settings) -> Iterator[Dash]:
    ensure_demo_users(demo_settings)
    made = create_app(demo_settings, has_demo_buttons=True)
    yield made
    made.server.extensions["engine"].dispose()


@pytest.fixture
def stranger(app: Dash) -> FlaskClient:
    return app.server.test_client()


@pytest.fixture
def planner(app: Dash) -> FlaskClient:
    return client_as(app, "planner")


def write_address(rule: Rule) -> str:
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: SAMPLES.get(found[1], "1"), rule.rule)


def list_closed(app: Dash) -> Iterator[tuple[str, str]]:
    for rule in app.server.url_map.iter_rules():
        if rule.endpoint not in OPEN:
            for method in METHODS:
                yield method, write_address(rule)


def test_no_path_answers_a_stranger(app: Dash, stranger: FlaskClient) -> None:
    asked = set(list_closed(app))
    assert len(asked) > 80
    for method, address in sorted(asked):
        answer = stranger.open(address, method=method)
        assert answer.status_code in (302, 303, 401), f"{method} {address}: {answer.status_code}"
        assert answer.headers["Cache-Control"] == "no-store"
        if answer.status_code == 401:
            assert method == "HEAD" or answer.json is None or answer.json["status"] == 401
        else:
            assert urlsplit(answer.headers["Location"]).path == "/login"


def test_what_is_open_is_what_is_written_down(app: Dash) -> None:
    paths = {
        write_address(rule) for rule in app.server.url_map.iter_rules() if rule.endpoint in OPEN
    }
    assert paths == {
        address_of("style.css"),
        "/_dash-component-suites/dash/x.js",
        "/health",
        "/login",
        "/login/code",
        "/login/demo",
        "/logout",
    }


def test_what_a_page_needs_before_the_login_is_open(stranger: FlaskClient) -> None:
    for path in ("/login", *map(address_of, ("style.css", "account.css", "theme.js"))):
        assert stranger.get(path).status_code == 200
    assert stranger.get("/health").json == {"ok": True}
    assert stranger.get("/login").headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in stranger.get("/login").headers["Content-Security-Policy"]


def test_health_tells_the_numbers_to_an_account(planner: FlaskClient) -> None:
    assert planner.get("/health").json.keys() > {"ok", "areas", "programmes"}  # type: ignore[union-attr]


def test_a_page_leads_to_the_login_and_remembers_where_to(stranger: FlaskClient) -> None:
    answer = stranger.get("/?area=35.10.01&language=en")
    address = urlsplit(answer.headers["Location"])
    assert answer.status_code == 302
    assert parse_qs(address.query) == {
        "next": ["/?area=35.10.01&language=en"],
        "language": ["en"],
    }


@pytest.mark.parametrize("way", ["../", "..%2f", "%2e%2e/", "..%5c", "....//"])
@pytest.mark.parametrize("start", [address_of(""), "/_dash-component-suites/dash/"])
@pytest.mark.parametrize("file", ["dashboard/settings.py", "etc/passwd"])
def test_no_path_leads_out_of_our_files(
    stranger: FlaskClient, planner: FlaskClient, start: str, way: str, file: str
) -> None:
    for client in (stranger, planner):
        answer = client.get(start + 6 * way + file)
        assert answer.status_code in (302, 400, 401, 404), answer.status
        assert b"KENTONGAN_" not in answer.data
        assert b"root:" not in answer.data


@pytest.mark.parametrize("accept", ["*/*", "text/html,application/xhtml+xml"])
def test_data_are_refused_in_the_one_shape(stranger: FlaskClient, accept: str) -> None:
    for path in ("/export/poverty_rate.csv", "/tiles/households/7/104/66.mvt", "/map.svg"):
        answer = stranger.get(path, headers={"Accept": accept})
        assert answer.status_code == 401
        assert answer.json == {"ok": False, "error": "Silakan masuk lebih dahulu.", "status": 401}


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "https:/evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "evil.example",
        "/login",
        "/logout",
        "/" + "x" * 3000,
    ],
)
def test_no_address_of_another_site_is_a_target(address: str) -> None:
    assert read_next(address) == "/"
    assert read_next(quote(address, safe="")) == "/"


@pytest.mark.parametrize("written", ["//evil.example", "%2F%5Cevil.example", "/%09/evil.example"])
def test_the_login_leads_to_no_other_site(stranger: FlaskClient, written: str) -> None:
    answer = press_button(stranger, "planner", f"?next={written}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert stranger.get(f"/login?next={written}").headers["Location"] == "/"


def test_the_login_leads_back(stranger: FlaskClient) -> None:
    answer = press_button(stranger, "planner", "?next=%2F%3Farea%3D35.10%26deciles%3D1")
    assert answer.headers["Location"] == "/?area=35.10&deciles=1"
    assert stranger.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("address", ["/", "/?area=35.10.01&deciles=1,2", "/account"])
def test_the_login_leads_to_paths_of_this_site(address: str) -> None:
    assert read_next(address) == address


def read_token(client: FlaskClient, path: str = "/login") -> str:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert token
    return token[1]


def press_button(client: FlaskClient, role: str, query: str = "") -> TestResponse:
    form = {"csrf_token": read_token(client), "role": role}
    return client.post(f"/login/demo{query}", data=form)


# --- From this site -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://localhost:9999"}, 403),
        ({"Origin": "https://localhost"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}, 403),
    ],
)
def test_callbacks_are_asked_by_pages_of_this_site(
    app: Dash, headers: dict[str, str], status: int
) -> None:
    client = client_as(app)
    del client.environ_base["HTTP_SEC_FETCH_SITE"]
    answer = client.post("/_dash-update-component", json=CALLBACK, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json is not None
        assert answer.json["error"].startswith("Permintaan ini datang dari situs lain")


@pytest.mark.parametrize(
    "path",
    ["/login", "/login/demo", "/login/code", "/logout", "/account/password", "/account/end",
     "/account/code", "/account/code/remove"],
)  # fmt: skip
def test_a_form_without_its_token_is_refused(planner: FlaskClient, path: str) -> None:
    for data in ({}, {"csrf_token": "made-up"}):
        answer = planner.post(path, data=data | {"role": "planner"})
        assert answer.status_code == 403
        assert "Formulir ini sudah kedaluwarsa" in answer.text
        assert "Set-Cookie" not in answer.headers or "session" not in answer.headers["Set-Cookie"]
    assert planner.get("/account").status_code == 200


def test_a_form_from_another_site_is_refused(app: Dash, planner: FlaskClient) -> None:
    form = {"csrf_token": read_token(planner, "/account")}
    answer = planner.post("/account/end", data=form, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403
    assert planner.get("/account").status_code == 200


# --- Not too large, not too slow, not too often ---------------------------------------------------


def test_an_oversized_body_is_refused_unread(planner: FlaskClient) -> None:
    body = b"x" * (MAX_BODY_BYTES + 1)
    answer = planner.post("/_dash-update-component", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["status"]) == (413, 413)  # type: ignore[index]


def test_an_oversized_body_without_its_length_is_refused(app: Dash) -> None:
    planner = client_as(app)
    builder = EnvironBuilder("/_dash-update-component", method="POST", headers=JSON_IN_PIECES)
    environ = builder.get_environ() | planner.environ_base
    environ["wsgi.input"] = io.BytesIO(b"x" * (MAX_BODY_BYTES + 1))
    planner._add_cookies_to_wsgi(environ)
    status: list[str] = []
    read_in_time(app.server)(environ, lambda said, _headers: status.append(said))
    assert status == ["413 REQUEST ENTITY TOO LARGE"]


def test_a_slow_body_is_given_up() -> None:
    class Dripping:
        def read(self, _size: int) -> bytes:
            Event().wait(2)
            return b""

    said: list[str] = []
    start = time.monotonic()
    body = read_in_time(lambda *_: pytest.fail("asked"), limit_s=0.1)(
        {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": "10", "wsgi.input": Dripping()},
        lambda status, _headers: said.append(status),
    )
    assert time.monotonic() - start < 1
    assert said == ["408 Request Timeout"]
    assert b'"status": 408' in b"".join(body)


def test_a_body_in_time_is_handed_on_whole() -> None:
    def app(environ: dict[str, Any], _start: object) -> list[bytes]:
        return [environ["wsgi.input"].read()]

    served = read_in_time(app)
    asked = {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": "4", "wsgi.input": io.BytesIO(b"hear")}
    assert list(served(asked, lambda *_: None)) == [b"hear"]


def test_one_address_may_try_so_often(
    demo_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(demo_settings).server.test_client()
    allowed = int(LOGINS.split()[0])
    form = {"csrf_token": read_token(client), "name": "nobody", "password": "x"}
    monkeypatch.setattr("dashboard.auth.pages.check_password", lambda *_: None)
    answers = [client.post("/login", data=form) for _ in range(allowed + 1)]
    assert [answer.status_code for answer in answers] == [401] * allowed + [429]
    assert "Terlalu banyak permintaan" in answers[-1].text
    other = client.post("/login", data=form, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert other.status_code == 401


def test_a_flood_from_one_address_is_refused(
    demo_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.auth.limits.MOST_A_MINUTE", 3)
    monkeypatch.setattr("dashboard.auth.limits.time.monotonic", lambda: 0.0)
    client = create_app(demo_settings).server.test_client()
    answers = [client.get(address_of("theme.js")).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    refused = client.get("/map.svg")
    assert refused.json is not None and refused.json["status"] == 429
    monkeypatch.setattr("dashboard.auth.limits.time.monotonic", lambda: 61.0)
    assert client.get(address_of("theme.js")).status_code == 200


# --- Without a database ---------------------------------------------------------------------------


@pytest.fixture
def homeless(demo_settings: Settings) -> FlaskClient:
    """A browser with a session, and a server whose database is away."""
    nowhere = {"database_url": "postgresql://nobody@127.0.0.1:1/nothing"}
    client = create_app(demo_settings.model_copy(update=nowhere)).server.test_client()
    client.set_cookie("kentongan_session", "a-token")
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return client


def test_a_page_says_that_the_database_is_away_and_comes_back(homeless: FlaskClient) -> None:
    for path in ("/", "/login", "/account"):
        answer = homeless.get(path)
        assert (answer.status_code, answer.headers["Refresh"]) == (503, "5")
        assert "Basis data sedang tidak dapat dihubungi" in answer.text


def test_an_open_page_keeps_what_it_shows_and_says_it_in_its_banner(homeless: FlaskClient) -> None:
    for output in ("map-state", "card-markup", "panel-head-markup"):
        answer = ask(homeless, output)
        assert answer.json is not None
        assert answer.json["sideUpdate"]["fault"]["data"]["retry"] is True
    for path in ("/tiles/households/7/104/66.mvt", "/export/poverty_rate.csv", "/health"):
        assert homeless.get(path).status_code == 503


def ask(client: FlaskClient, output: str) -> TestResponse:
    with_layout = client.application.view_functions["/_dash-dependencies"]  # type: ignore[attr-defined]
    with client.application.test_request_context():  # type: ignore[attr-defined]
        dependencies = with_layout().json
    callback = next(one for one in dependencies if output in one["output"])
    named = re.findall(r"([a-z-]+)\.([a-z]+)", callback["output"])
    outputs: Any = [{"id": part, "property": name} for part, name in named]
    inputs = [part | {"value": "?household=1"} for part in callback["inputs"]]
    body = {
        "output": callback["output"],
        "outputs": outputs if len(outputs) > 1 else outputs[0],
        "inputs": inputs,
        "state": callback["state"],
        "changedPropIds": [f"{inputs[0]['id']}.{inputs[0]['property']}"],
    }
    return client.post("/_dash-update-component", json=body)


# --- Headers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/_dash-layout", "/_dash-dependencies", "/account"])
def test_pages_and_answers_are_kept_by_nobody(planner: FlaskClient, path: str) -> None:
    answer = planner.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Permissions-Policy"].startswith("geolocation=(self)")
    assert "Strict-Transport-Security" not in answer.headers


def test_browsers_that_came_by_https_stay_with_it(demo_settings: Settings) -> None:
    behind_proxy = demo_settings.model_copy(update={"https": True, "site": "k.example.go.id"})
    client = create_app(behind_proxy).server.test_client()
    answer = client.get("/login", base_url="http://k.example.go.id")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert client.get("/login", base_url="http://other.example").status_code == 400


def test_the_boundaries_differ_by_no_cookie(planner: FlaskClient) -> None:
    answer = planner.get("/boundaries/desa.1.geojson", follow_redirects=True)
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Cache-Control"].startswith("private")
    assert "Cookie" not in answer.headers["Vary"]
