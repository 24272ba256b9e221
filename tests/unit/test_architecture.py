"""Each line of code knows its room."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("dashboard", "layers", "db", "geo")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def test_imports_run_one_way() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


# A migration is written once and read as history.
@pytest.mark.parametrize(
    "path",
    [path for path in FILES if "migrations" not in path.parts],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_a_file_stays_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 350


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.relative_to(ROOT).as_posix() != "dashboard/settings.py"],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_only_the_settings_read_the_environment(path: Path) -> None:
    read = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if (
            isinstance(node, ast.Call) and ast.unparse(node.func) in ("os.getenv", "os.environ.get")
        )
        or (
            isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Load)
            and ast.unparse(node.value) == "os.environ"
        )
    ]
    assert not read, f"reads the environment in lines {read}"


def test_the_code_names_no_regency_outside_the_demo() -> None:
    # The demo's catalogue names programmes as they are called, and one is called after a regency.
    demo = ("db/demo/", "db/catalogue_programmes.py", "dashboard/cli/demo.py")
    named = [path.relative_to(ROOT).as_posix() for path in FILES]
    named = [name for name in named if "banyuwangi" in (ROOT / name).read_text().lower()]
    assert [name for name in named if not name.startswith(demo)] == []
