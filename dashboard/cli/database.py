"""``db``: the schema, the state, backup, restore and purge of the database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli.console import JsonOption, parse_day, report, say
from dashboard.cli.session import alone, engine_of, ensure_schema, open_database, open_engine
from dashboard.settings import load_settings
from db.refusal import Refusal

app = typer.Typer(help="The schema, the state, backup, restore, purge.", no_args_is_help=True)

PassphraseOption = Annotated[
    bool,
    typer.Option("--passphrase-stdin", help="Read the passphrase from the first line of input."),
]


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
    file: Annotated[Path, typer.Argument(help="Written; readable by its owner only.")],
    passphrase_stdin: PassphraseOption = False,
    plain: Annotated[
        bool, typer.Option("--plain", help="Not encrypted, in pg_dump's custom format.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write everything to one file, encrypted with a passphrase."""
    from db.backup import back_up
    from db.backup_crypt import check_passphrase

    passphrase = None if plain else check_passphrase(_read_passphrase(passphrase_stdin, new=True))
    with open_engine() as engine:
        back_up(engine, file, passphrase)
    values = {"file": str(file), "bytes": file.stat().st_size, "encrypted": not plain}
    report(values, as_json=as_json)


@app.command("restore")
def restore_backup(
    file: Annotated[Path, typer.Argument(help="Made by `db backup`.")],
    passphrase_stdin: PassphraseOption = False,
    yes: Annotated[bool, typer.Option("--yes", help="Replace data that are there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Put a backup in the place of what the database holds."""
    from db.backup import restore
    from db.backup_content import needs_passphrase
    from db.queries.status import get_status

    passphrase = _read_passphrase(passphrase_stdin) if needs_passphrase(file) else None
    with open_database(load_settings()) as settings, alone(settings), engine_of(settings) as engine:
        say(f"Restoring {file}")
        restore(engine, file, passphrase, overwrite=yes)
        with engine.connect() as conn:
            report(get_status(conn), as_json=as_json)


@app.command("purge")
def purge_old(
    before: Annotated[str, typer.Option(help="What is older goes: a day such as 2026-08-31.")],
    what: Annotated[str, typer.Option(help="audit, import-rows, jobs, sessions or all.")] = "all",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Delete what need not be kept any longer; each kind has a least age."""
    from dashboard.uploads import Uploads
    from db.engine import writing
    from db.retention import EVERYTHING, list_rules, purge
    from db.viewer import LOCAL_VIEWER

    day = parse_day(before)
    list_rules(what)
    with open_engine() as engine, writing(engine, LOCAL_VIEWER) as conn:
        rows = purge(conn, day, what, dry_run=dry_run)
    if what == EVERYTHING and not dry_run:
        Uploads(load_settings().home).sweep()  # they are kept for a day, whatever the day asked for
    report({"before": str(day), "dry_run": dry_run, "rows": rows}, as_json=as_json)


def _read_passphrase(from_stdin: bool, *, new: bool = False) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    kept = load_settings().backup_passphrase
    if kept is not None:
        return kept.get_secret_value()
    if not sys.stdin.isatty():
        raise Refusal(
            "A passphrase is needed: KENTONGAN_BACKUP_PASSPHRASE, --passphrase-stdin, or a terminal"
            " to ask for it" + (", or --plain to leave the file unencrypted." if new else ".")
        )
    return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True))
