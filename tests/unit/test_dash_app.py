"""The application without a database: the document, the layout, wrong addresses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient

from dashboard import ids
from dashboard.app import create_app
from dashboard.settings import Settings
from db.viewer import LOCAL_VIEWER

ASSETS = Path(__file__).parents[2] / "assets"
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Dash:
    settings = Settings(database_url=NOWHERE, home=tmp_path_factory.mktemp("home"))
    return create_app(settings, local_viewer=LOCAL_VIEWER)


@pytest.fixture
def client(app: Dash) -> Iterator[FlaskClient]:
    with app.server.test_client() as client:
        yield client


def list_ids(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for child in part:
            yield from list_ids(child)
    elif isinstance(part, dict) and "props" in part:
        if "id" in part["props"]:
            yield part["props"]["id"]
        yield from list_ids(part["props"].get("children"))


def test_the_layout_holds_every_id_once(client: FlaskClient) -> None:
    found = sorted(list_ids(client.get("/_dash-layout").json))
    named = {
        value for name, value in vars(ids).items() if name.isupper() and isinstance(value, str)
    }
    named |= {ids.markup_of(part) for part in ids.WRITTEN}
    assert found == sorted(set(found))
    assert set(found) == named


def test_callbacks_ask_only_for_ids_of_the_layout(client: FlaskClient) -> None:
    named = set(list_ids(client.get("/_dash-layout").json))
    for callback in client.get("/_dash-dependencies").json:
        asked = {part["id"] for part in callback["inputs"] + callback["state"]}
        asked |= set(re.findall(r"([a-z-]+)\.[a-z]+", callback["output"] or ""))
        assert asked <= named


def test_the_browsers_functions_are_named_and_there(app: Dash, client: FlaskClient) -> None:
    scripts = "".join(path.read_text() for path in ASSETS.glob("*.js"))
    functions = [
        callback["clientside_function"]
        for callback in client.get("/_dash-dependencies").json
        if callback["clientside_function"]
    ]
    assert {function["function_name"] for function in functions} == {
        "fill", "loadCharts", "show", "showFault",
    }  # fmt: skip
    for function in functions:
        assert function["namespace"] == "kentongan"
        assert re.search(rf"\b{function['function_name']}\(", scripts)
    assert len(app.csp_hashes()) == 1  # Dash's own start, nothing inline of ours


def test_no_callback_returns_a_figure_or_polygons(client: FlaskClient) -> None:
    for callback in client.get("/_dash-dependencies").json:
        assert ".figure" not in callback["output"]
        assert "geojson" not in callback["output"]


def test_libraries_are_not_loaded_by_dash_itself(client: FlaskClient) -> None:
    page = client.get("/").text
    scripts = re.findall(r'<script src="([^"]+)"', page)
    assert not [script for script in scripts if re.search("maplibre|plotly", script)]
    assert [script for script in scripts if re.match(r"/assets/\w+/map.mjs", script)]
    assert not [script for script in scripts if re.search(r"map_\w+\.mjs|glyphs", script)]


def test_nothing_is_asked_of_other_machines(client: FlaskClient) -> None:
    page = client.get("/").text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    style = (ASSETS / "style.css").read_text()
    assert not re.findall(r"url\(\"?(?:https?:)?//", style)


@pytest.mark.parametrize(("query", "language"), [("", "id"), ("?language=en", "en")])
def test_document_and_layout_speak_the_language_of_the_address(
    client: FlaskClient, query: str, language: str
) -> None:
    assert f'<html lang="{language}">' in client.get("/" + query).text
    word = {"id": "Saringan", "en": "Filters"}[language]
    assert word in json.dumps(client.get("/_dash-layout").json)


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/?level=galaxy", 400, "Nilai “galaxy” untuk “level” tidak dikenal."),
        ("/?language=en&page=0", 400, "The value “0” of “page” is unknown."),
        ("/?nonsense=<b>", 400, "Bagian alamat “nonsense” tidak dikenal."),
        ("/?deciles=%3Cscript%3E", 400, "Nilai “&lt;script&gt;” untuk “deciles” tidak dikenal."),
        ("/nowhere", 404, "Alamat ini tidak ada."),
        ("/admin/../x", 404, "Alamat ini tidak ada."),
    ],
)
def test_a_wrong_address_gets_one_sentence(
    client: FlaskClient, address: str, status: int, sentence: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert sentence in answer.text
    assert "Traceback" not in answer.text
    assert "<script>" not in answer.text


def test_the_page_opens_while_the_database_is_away(client: FlaskClient) -> None:
    assert client.get("/?area=35.10.01").status_code == 200


def ask(client: FlaskClient, output: str, inputs: dict[str, Any]) -> Any:
    dependencies = client.get("/_dash-dependencies").json
    callback = next(entry for entry in dependencies if output in entry["output"])
    values = [part | {"value": inputs.get(part["id"])} for part in callback["inputs"]]
    states = [part | {"value": inputs.get(part["id"])} for part in callback["state"]]
    names = re.findall(r"([a-z-]+)\.([a-z]+)", callback["output"])
    outputs: Any = [{"id": name, "property": prop} for name, prop in names]
    body = {
        "output": callback["output"],
        "outputs": outputs if len(outputs) > 1 else outputs[0],
        "inputs": values,
        "state": states,
        "changedPropIds": [f"{values[0]['id']}.{values[0]['property']}"],
    }
    return client.post("/_dash-update-component", json=body)


def test_a_fault_in_a_callback_becomes_the_banner(client: FlaskClient) -> None:
    for language, start in (("id", "Basis data"), ("en", "The database")):
        answer = ask(client, ids.MAP_STATE, {ids.URL: f"?language={language}"})
        fault = answer.json["sideUpdate"][ids.FAULT]["data"]
        assert fault["retry"] is True
        assert fault["text"].startswith(start)


def test_a_wrong_address_in_a_callback_becomes_a_sentence(client: FlaskClient) -> None:
    answer = ask(client, ids.MAP_STATE, {ids.URL: "?level=galaxy"})
    fault = answer.json["sideUpdate"][ids.FAULT]["data"]
    assert fault == {"text": "Nilai “galaxy” untuk “level” tidak dikenal.", "retry": False}


def test_a_click_on_the_map_changes_the_address(client: FlaskClient) -> None:
    event = {"kind": "area", "code": "35.10.01", "n": 1}
    answer = ask(client, "url.search", {ids.MAP_EVENT: event, ids.URL: "?deciles=1"})
    assert answer.json["response"][ids.URL]["search"] == "?area=35.10.01&deciles=1"
