"""``export``: the files that the page's download gives, from the command line."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl, urlencode, urlsplit

import typer

from dashboard.cli.console import JsonOption, report
from dashboard.cli.session import engine_of, ensure_schema, open_database
from dashboard.settings import Settings, load_settings
from db.refusal import Refusal
from geo.view import View

ENDINGS = ("csv", "xlsx", "geojson")

app = typer.Typer(help="What the map shows, into files.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep ``table`` a command of its own, though it is the only one."""


@app.command()
def table(
    file: Annotated[Path, typer.Argument(help="Written; its ending is csv, xlsx or geojson.")],
    layer: Annotated[str | None, typer.Option(help="Layer, such as poverty_rate.")] = None,
    area: Annotated[str | None, typer.Option(help="Inside this area, such as 35.10.01.")] = None,
    level: Annotated[str | None, typer.Option(help="kecamatan, desa or household.")] = None,
    language: Annotated[str | None, typer.Option(help="id or en.")] = None,
    view: Annotated[
        str, typer.Option(help="Address of a page, or what follows its question mark.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Write every row of a view, with its filters, columns, units and sources."""
    ending = file.suffix.lower().removeprefix(".")
    if ending not in ENDINGS:
        raise Refusal(f"{file} must end in .csv, .xlsx or .geojson.")
    chosen = {"layer": layer, "area": area, "level": level, "language": language}
    looked_at = _read_view(view, {name: value for name, value in chosen.items() if value})
    with open_database(load_settings()) as settings:
        ensure_schema(settings)
        content = _download(settings, looked_at, ending)
    file.write_bytes(content)
    report({"file": str(file), "bytes": len(content), "layer": looked_at.layer}, as_json=as_json)


def _read_view(address: str, chosen: dict[str, str]) -> View:
    query = urlsplit(address).query if "?" in address else address
    return View.from_query(urlencode(dict(parse_qsl(query)) | chosen))


def _download(settings: Settings, view: View, ending: str) -> bytes:
    # Asked of the program's own routes, without a network: the file is the one that the page gives.
    from dash import Dash, html

    from dashboard.auth.viewer import allow_local
    from dashboard.routes import register
    from db.viewer import LOCAL_VIEWER

    with engine_of(settings) as engine:
        app = Dash("dashboard")
        app.layout = html.Div()  # Dash answers nothing without one
        allow_local(app.server, LOCAL_VIEWER)
        register(app, engine, settings)
        client = app.server.test_client()
        answer = client.get(f"/export/{view.layer}.{ending}?{view.to_query()}")
        if answer.status_code == HTTPStatus.OK:
            return bytes(answer.data)
        in_english = replace(view, language="en").to_query()
        answer = client.get(f"/export/{view.layer}.{ending}?{in_english}")
    raise Refusal((answer.get_json(silent=True) or {}).get("error", "The export failed."))
