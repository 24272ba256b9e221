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

FileArgument = Annotated[
    Path, typer.Argument(help="A table; its columns as in docs/data.md and docs/formats.md.")
]
SourceOption = Annotated[
    str | None, typer.Option("--source", help="Code of the source; otherwise the file's name.")
]
SourceNameOption = Annotated[
    str | None,
    typer.Option("--source-name", help="Name of the source on pages; otherwise the file's name."),
]
FormatOption = Annotated[
    str | None, typer.Option("--format", help="Key of the format; otherwise told from the header.")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Report what would become of each row; write nothing.")
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
    form: FormatOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Import a register of households."""
    described = _describe([file], source or _code_of(file), source_name, as_of)
    _import_table("households", file, described | {"format_key": form}, dry_run, as_json)


@app.command()
def persons(
    file: FileArgument,
    source: SourceOption = None,
    source_name: SourceNameOption = None,
    as_of: AsOfOption = None,
    form: FormatOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Import the members of households."""
    described = _describe([file], source or _code_of(file), source_name, as_of)
    _import_table("persons", file, described | {"format_key": form}, dry_run, as_json)


@app.command()
def population(
    file: FileArgument,
    source: SourceOption = None,
    source_name: SourceNameOption = None,
    as_of: AsOfOption = None,
    form: FormatOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Bring members up to date from an extract of the population register."""
    described = _describe([file], source or _code_of(file), source_name, as_of)
    _import_table("population", file, described | {"format_key": form}, dry_run, as_json)


@app.command()
def aid(
    file: FileArgument,
    source: SourceOption = None,
    source_name: SourceNameOption = None,
    as_of: AsOfOption = None,
    form: FormatOption = None,
    programme: Annotated[
        str | None, typer.Option(help="Code of the programme, for a list without such a column.")
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="Period, 2026 or 2026-07, for a list without such a column.")
    ] = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Import a list of aid that households or persons received."""
    described = _describe([file], source or _code_of(file), source_name, as_of)
    _import_table(
        "aid",
        file,
        described | {"format_key": form, "programme_code": programme, "period": period},
        dry_run,
        as_json,
    )


@app.command()
def points(
    file: FileArgument,
    source: SourceOption = None,
    source_name: SourceNameOption = None,
    as_of: AsOfOption = None,
    form: FormatOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Import positions that a survey took at houses."""
    described = _describe([file], source or _code_of(file), source_name, as_of)
    _import_table("points", file, described | {"format_key": form}, dry_run, as_json)


@app.command()
def stats(
    file: FileArgument,
    source: SourceOption = None,
    source_name: SourceNameOption = None,
    as_of: AsOfOption = None,
    form: FormatOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Import statistics per area, such as the number of families."""
    described = _describe([file], source or _code_of(file), source_name, as_of)
    _import_table("stats", file, described | {"format_key": form}, dry_run, as_json)


@app.command()
def undo(
    batch: Annotated[int, typer.Argument(help="Number of the batch, as the ledger gives it.")],
    as_json: JsonOption = False,
) -> None:
    """Take a batch back whole, or say which rows keep it from that."""
    from dashboard.loading import wait_for_turn
    from dashboard.words import Words
    from db.audit import record
    from db.engine import writing
    from db.registers.undo import UndoRefused, undo_batch
    from db.viewer import LOCAL_VIEWER
    from layers import freeze_breaks

    with open_engine() as engine:
        try:
            with writing(engine, LOCAL_VIEWER) as conn:
                wait_for_turn(conn)
                done = undo_batch(conn, batch)
                freeze_breaks(conn)
                record(conn, "change", detail={"what": "undo", "batch": batch})
        except UndoRefused as refused:
            for row in refused.rows:
                batches = ", ".join(map(str, row.batches))
                reason = Words("en").say(row.reason, plans=row.plans)
                say(f"household {row.household_id} in {row.area_code}: {reason} ({batches})")
            raise
        report({"batch": batch, "removed": done.removed, "restored": done.restored},
               as_json=as_json)  # fmt: skip


def _import_table(
    kind: str, file: Path, options: dict[str, Any], dry_run: bool, as_json: bool
) -> None:
    from db.registers import IMPORTERS

    def tell(rows: int) -> None:
        if rows % PROGRESS_ROWS == 0:
            say(f"{rows:,} rows checked")

    def load(conn: Connection) -> Ledger:
        given = {name: value for name, value in options.items() if value is not None}
        ledger: Ledger = IMPORTERS[kind](conn, file, progress=tell, **given)
        return ledger

    _import(load, [file], as_json=as_json, dry_run=dry_run)


def _import(
    load: Callable[[Connection], Ledger], files: list[Path], *, as_json: bool, dry_run: bool = False
) -> None:
    from dashboard.loading import load_file
    from db.audit import record
    from db.engine import writing
    from db.viewer import LOCAL_VIEWER

    with open_engine() as engine:
        with writing(engine, LOCAL_VIEWER) as conn:
            trial = conn.begin_nested()
            ledger = load_file(conn, load)
            if dry_run:
                trial.rollback()
                ledger.batch_id = None
            else:
                trial.commit()
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
