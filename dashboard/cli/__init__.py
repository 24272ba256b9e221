"""The command line. One file per group of commands; a fault is one sentence and an exit code."""

from __future__ import annotations

import signal
import sys
from types import FrameType

import typer
from typer.core import TyperGroup
from typer.exceptions import Abort, TyperException
from typer.main import get_command

from dashboard.cli import (
    audit,
    bench,
    database,
    demo,
    export,
    imports,
    positions,
    serve,
    test,
    user,
    work,
)
from dashboard.cli.console import explain, print_error

WRONG_USE = 2
INTERRUPTED = 130

app = typer.Typer(
    name="kentongan",
    help="Kentongan: a geospatial poverty dashboard for an Indonesian regency.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("work")(work.work)
app.command("test", context_settings={"ignore_unknown_options": True})(test.test)
app.command("bench")(bench.bench)
app.add_typer(database.app, name="db")
app.add_typer(audit.app, name="audit")
app.add_typer(imports.app, name="import")
app.add_typer(export.app, name="export")
app.add_typer(positions.app, name="positions")
app.add_typer(user.app, name="user")


def main(arguments: list[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments
        Without the program's name; None takes those of the process.

    Returns
    -------
    int
        Exit code: 0, 2 for wrong use, 1 for any other fault, 130 when interrupted.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        command = get_command(app)
        assert isinstance(command, TyperGroup)
        return command.main(arguments, prog_name="kentongan", standalone_mode=False) or 0
    except (Abort, KeyboardInterrupt):
        return INTERRUPTED
    except TyperException as error:
        sentence, code = error.format_message(), error.exit_code
    except Exception as error:
        known = explain(error)
        if known is None:
            raise
        sentence, code = known, 1
    if sentence:
        print_error(sentence, as_json="--json" in arguments)
    return code


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
