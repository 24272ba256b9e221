"""``db``: the schema, the state, backup and restore of the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli.console import JsonOption, report, say
from dashboard.cli.session import alone, engine_of, ensure_schema, open_database, open_engine
from dashboard.settings import load_settings
from db.refusal import Refusal

app = typer.Typer(help="The schema, the state, backup and restore.", no_args_is_help=True)


@app.command("upgrade")
def upgrade_schema(as_json: JsonOption = False) -> None:
    """Bring the schema to the newest revision."""
    from db.migrate import get_head

    with open_database(load_settings()) as settings:
        ensure_schema(settings)
        report({"revision": get_head()}, as_json=as_json)


@app.command()
def status(as_json: JsonOption = False) -> None:
    """Say what the database holds."""
    from db.migrate import get_revision
    from db.queries.status import get_status

    with open_engine(migrated=False) as engine, engine.connect() as conn:
        if get_revision(conn) is None:
            raise Refusal("The database has no schema yet; run `./kentongan db upgrade`.")
        report(get_status(conn), as_json=as_json)


@app.command("publish")
def publish_totals(as_json: JsonOption = False) -> None:
    """Publish totals anew for those who see no households; imports do it by themselves."""
    from dataclasses import asdict

    from db.engine import writing
    from db.publication import publish
    from db.viewer import LOCAL_VIEWER
    from layers import freeze_published_breaks

    with open_engine() as engine, writing(engine, LOCAL_VIEWER) as conn:
        summary = publish(conn)
        freeze_published_breaks(conn)
        report(asdict(summary), as_json=as_json)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Written in pg_dump's custom format.")],
    as_json: JsonOption = False,
) -> None:
    """Write everything to one file."""
    from db.backup import back_up

    with open_engine() as engine:
        back_up(engine, file)
    report({"file": str(file), "bytes": file.stat().st_size}, as_json=as_json)


@app.command("restore")
def restore_backup(
    file: Annotated[Path, typer.Argument(help="Made by `db backup`.")],
    yes: Annotated[bool, typer.Option("--yes", help="Replace data that are there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Put a backup in the place of what the database holds."""
    from db.backup import restore
    from db.queries.status import get_status

    with open_database(load_settings()) as settings, alone(settings), engine_of(settings) as engine:
        say(f"Restoring {file}")
        restore(engine, file, overwrite=yes)
        with engine.connect() as conn:
            report(get_status(conn), as_json=as_json)
