"""``import``: boundaries, registers, aid and statistics, from files into the database."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.cli.console import JsonOption, parse_day, report, say
from dashboard.cli.session import open_engine
from db.refusal import Refusal

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.ledger import Ledger

PROGRESS_ROWS = 50_000

app = typer.Typer(help="Files into the database.", no_args_is_help=True)

FileArgument = Annotated[Path, typer.Argument(help="CSV or .xlsx; columns as in docs/data.md.")]
SourceOption = Annotated[
    str | None, typer.Option("--source", help="Code of the source; otherwise the file's name.")
]
SourceNameOption = Annotated[
    str | None,
    typer.Option("--source-name", help="Name of the source on pages; otherwise the file's name."),
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="As of when, 2026-08-31; otherwise the file's date.")
]


@app.command()
def boundaries(
    files: Annotated[
        list[Path], typer.Argument(help="GeoJSON, GeoPackage, Shapefile or zipped Shapefile.")
    ],
    level: Annotated[
        str | None, typer.Option(help="Take only this level: kabupaten, kecamatan or desa.")
    ] = None,
    crosswalk: Annotated[
        Path | None,
        typer.Option(help="CSV of Kemendagri and BPS codes, for BPS files."),
    ] = None,
    source: Annotated[str, typer.Option("--source", help="Code of the source.")] = "boundaries",
    source_name: SourceNameOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import the boundaries of a regency; villages alone are enough."""
    from db.boundaries import import_boundaries

    described = _describe(files, source, source_name, as_of)

    def load(conn: Connection) -> Ledger:
        return import_boundaries(
            conn, files, level=level, crosswalk=crosswalk, progress=say, **described
        )

    _import(load, files, as_json=as_json)


@app.command()
def households(
    file: FileArgument,
    source: SourceOption = None,
    source_name: SourceNameOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import a register of households."""
    from db.registers.households import import_households

    _import_table(import_households, file, source, source_name, as_of, as_json)


@app.command()
def aid(
    file: FileArgument,
    source: SourceOption = None,
    source_name: SourceNameOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import a list of aid that households or persons received."""
    from db.registers.aid import import_aid

    _import_table(import_aid, file, source, source_name, as_of, as_json)


@app.command()
def stats(
    file: FileArgument,
    source: SourceOption = None,
    source_name: SourceNameOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import statistics per area, such as the number of families."""
    from db.registers.stats import import_stats

    _import_table(import_stats, file, source, source_name, as_of, as_json)


def _import_table(
    read: Callable[..., Ledger],
    file: Path,
    source: str | None,
    source_name: str | None,
    as_of: str | None,
    as_json: bool,
) -> None:
    described = _describe([file], source or _code_of(file), source_name, as_of)

    def tell(rows: int) -> None:
        if rows % PROGRESS_ROWS == 0:
            say(f"{rows:,} rows checked")

    def load(conn: Connection) -> Ledger:
        return read(conn, file, progress=tell, **described)

    _import(load, [file], as_json=as_json)


def _import(load: Callable[[Connection], Ledger], files: list[Path], *, as_json: bool) -> None:
    from dashboard.loading import load_file
    from db.audit import record
    from db.engine import writing
    from db.viewer import LOCAL_VIEWER

    with open_engine() as engine:
        with writing(engine, LOCAL_VIEWER) as conn:
            ledger = load_file(conn, load)
            names = [file.name for file in files]
            record(conn, "import", detail={"files": names, "rows": ledger.read})
        report(ledger.as_dict(), as_json=as_json)


def _describe(
    files: list[Path], source: str, source_name: str | None, as_of: str | None
) -> dict[str, Any]:
    for file in files:
        if not file.is_file():
            raise Refusal(f"There is no file {file}.")
    return {
        "source_code": source,
        "source_name": source_name or ", ".join(file.stem for file in files),
        "as_of": parse_day(as_of) if as_of else max(_date_of(file) for file in files),
    }


def _code_of(file: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-") or "file"


def _date_of(file: Path) -> date:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC).date()
