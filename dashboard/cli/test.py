"""``test``: every check there is, on a throw-away PostGIS and a real browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli.console import say
from dashboard.cli.session import undisturbed
from dashboard.settings import CHECKOUT, ToolSettings
from db.cluster import Cluster
from db.refusal import Refusal

_CHECKS = {
    "ruff (style)": ("ruff", "check", "."),
    "ruff (format)": ("ruff", "format", "--check", "."),
    "mypy": ("mypy",),
}


def test(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(help="For pytest, such as -k name; the linters run only without any."),
    ] = None,
) -> None:
    """Run the linters and all tests; end with pytest's exit code."""
    _require_browser()
    failed = [] if arguments else _list_failed_checks()
    code = _run_pytest(arguments or [])
    if failed:
        raise Refusal(f"These checks failed: {', '.join(failed)}.")
    raise typer.Exit(code)


def _require_browser() -> None:
    tools = ToolSettings()
    if tools.chromium is None or not tools.chromium.exists():
        raise Refusal("Chromium is missing; start the tests with `./kentongan test`.")
    if tools.axe is None or not tools.axe.exists():
        raise Refusal("axe-core is missing; start the tests with `./kentongan test`.")


def _list_failed_checks() -> list[str]:
    failed = []
    for name, (module, *rest) in _CHECKS.items():
        say(f"Checking with {name}")
        done = subprocess.run([sys.executable, "-m", module, *rest], cwd=CHECKOUT)
        if done.returncode:
            failed.append(name)
    return failed


def _run_pytest(arguments: list[str]) -> int:
    say("Testing on a throw-away PostGIS")
    # Short, for the socket's name; open to pass through, for the server's account.
    folder = Path(tempfile.mkdtemp(prefix="kentongan-"))
    folder.chmod(0o711)
    cluster = Cluster(folder / "home", throw_away=True)
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", *arguments]
    try:
        cluster.ensure_started()
        os.environ["KENTONGAN_TEST_DATABASE_URL"] = cluster.url("postgres")
        return subprocess.run(command, cwd=CHECKOUT).returncode
    finally:
        with undisturbed():
            cluster.stop()
            shutil.rmtree(folder, ignore_errors=True)
