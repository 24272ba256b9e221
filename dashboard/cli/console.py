"""What the command line prints: progress and faults on stderr, reports on stdout."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from db.refusal import Refusal
from geo.errors import MapError

JsonOption = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]

_errors = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
_reports = Console(soft_wrap=True, highlight=False, markup=False)


def say(line: str) -> None:
    """Print one line of progress."""
    _errors.print(f"kentongan: {line}")


def report(values: Mapping[str, Any], *, as_json: bool) -> None:
    """Print a report, as JSON or as a table."""
    if as_json:
        print(json.dumps(values, ensure_ascii=False, default=str))
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in _flatten(values):
        table.add_row(name, f"{value:,}" if isinstance(value, int) else str(value))
    _reports.print(table)


def print_error(sentence: str, *, as_json: bool) -> None:
    """Print a fault: a sentence on stderr, and for ``--json`` an object on stdout."""
    if as_json:
        print(json.dumps({"ok": False, "error": sentence}, ensure_ascii=False))
    _errors.print(f"kentongan: {sentence}")


def explain(error: Exception) -> str | None:
    """Return the sentence for a fault that can be foreseen, None for one of the program."""
    # Together a second of imports, so only when they are needed.
    from sqlalchemy.exc import DBAPIError, OperationalError

    from dashboard.words import Words

    if isinstance(error, Refusal):
        return str(error)
    if isinstance(error, MapError):
        return Words("en").say_fault(error)
    if isinstance(error, OperationalError):
        return f"The database does not answer: {_first_line(error.orig)}"
    if isinstance(error, DBAPIError):
        return f"The database refused: {_first_line(error.orig)}"
    if isinstance(error, OSError):
        return f"{error.filename or 'A file'}: {error.strerror or error}."
    return None


def parse_day(text: str) -> date:
    """Read a day such as 2026-08-31.

    Raises
    ------
    Refusal
        When it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(f"“{text}” is no date such as 2026-08-31.") from error


def _first_line(error: object) -> str:
    return str(error).strip().partition("\n")[0]


def _flatten(values: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            rows += _flatten(value, f"{prefix}{name}: ")
        elif isinstance(value, list):
            rows += [(f"{prefix}{name}", entry) for entry in value]
        else:
            rows.append((f"{prefix}{name}", value))
    return rows
