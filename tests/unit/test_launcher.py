"""The launcher, in a checkout of its own with a pretended Python and npm."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASSETS = {
    "idiomorph/dist/idiomorph.min.js",
    "maplibre-gl/dist/maplibre-gl.mjs",
    "maplibre-gl/dist/maplibre-gl-worker.mjs",
    "maplibre-gl/dist/maplibre-gl-shared.mjs",
    "maplibre-gl/dist/maplibre-gl.css",
    "plotly.js-basic-dist-min/plotly-basic.min.js",
    "@fontsource-variable/plus-jakarta-sans/files/plus-jakarta-sans-latin-wght-normal.woff2",
    "@fontsource-variable/plus-jakarta-sans/files/plus-jakarta-sans-latin-ext-wght-normal.woff2",
    *(
        f"@expo-google-fonts/plus-jakarta-sans/{weight}/PlusJakartaSans_{weight}.ttf"
        for weight in ("400Regular", "600SemiBold", "700Bold")
    ),
}
# Makes a .venv that holds itself, notes what pip is asked for, and otherwise says what it runs.
PYTHON = """#!/bin/sh
case "$1 $2" in
"-c "*) [ ! -e "$PRETENCE/too_old" ] ;;
"-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && echo venv >>"$PRETENCE/log" ;;
"-m pip") [ "$3" = --version ] || { echo "$@" >>"$PRETENCE/log"; [ ! -e "$PRETENCE/offline" ]; } ;;
"-m compileall") ;;
*) echo "ran: $* in $PWD with $PYTHONPATH" ;;
esac
"""
NPM = """#!/bin/sh
[ "$1" = --version ] && exit 0
echo "npm $*" >>"$PRETENCE/log"
for file in $ASSETS; do
    mkdir -p "node_modules/$(dirname "$file")" && echo x >"node_modules/$file"
done
"""
TOOLS = "cat chmod cp dirname flock grep head id mkdir mktemp readlink rm sed sh sha256sum tail"


class Checkout:
    """A checkout with the launcher in it, on a machine with a pretended Python and npm."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "checkout"
        self.pretence = folder / "pretence"
        (self.home / "assets").mkdir(parents=True)
        (folder / "bin").mkdir()
        self.pretence.mkdir()
        for name in ("kentongan", "package.json", "package-lock.json"):
            shutil.copy(ROOT / name, self.home / name)
        shutil.copytree(ROOT / "requirements", self.home / "requirements")
        for tool in TOOLS.split():
            (folder / "bin" / tool).symlink_to(shutil.which(tool) or tool)
        for name, text in (("python3", PYTHON), ("npm", NPM)):
            (folder / "bin" / name).write_text(text)
            (folder / "bin" / name).chmod(0o755)
        self._environment = {
            "PATH": str(folder / "bin"),
            "PRETENCE": str(self.pretence),
            "ASSETS": " ".join(ASSETS),
            "KENTONGAN_DATABASE_URL": "postgresql://x@y/z",  # no PostGIS is fetched then
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Start it from elsewhere, as a person would."""
        return subprocess.run(
            [str(self.home / "kentongan"), *arguments],
            cwd=self.pretence,
            env=self._environment,
            capture_output=True,
            text=True,
        )

    def take_log(self) -> list[str]:
        """Return what was fetched since the last time."""
        log = self.pretence / "log"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_the_first_start_fetches_and_hands_over(checkout: Checkout) -> None:
    done = checkout.run("db", "status", "--json")
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        f"ran: -P -m dashboard.cli db status --json in {checkout.pretence} with {checkout.home}\n"
    )
    assert all(line.startswith("kentongan: ") for line in done.stderr.splitlines())
    venv, pip, npm = checkout.take_log()
    assert venv == "venv"
    assert "--require-hashes" in pip and pip.endswith("requirements/runtime.txt")
    assert npm == "npm ci --ignore-scripts --no-audit --no-fund --omit=dev"
    vendor = {path.name for path in (checkout.home / "assets/vendor").iterdir()}
    assert vendor == {Path(asset).name for asset in ASSETS} | {".stamp"}


def test_a_second_start_fetches_nothing_and_says_nothing(checkout: Checkout) -> None:
    checkout.run("serve")
    checkout.take_log()
    done = checkout.run("serve", "--port", "9000")
    assert (done.returncode, done.stderr, checkout.take_log()) == (0, "", [])


def test_a_new_lock_is_installed_over_the_old(checkout: Checkout) -> None:
    checkout.run("serve")
    checkout.take_log()
    with (checkout.home / "requirements/runtime.txt").open("a") as lock:
        lock.write("# newer\n")
    assert checkout.run("serve").returncode == 0
    assert [line.split()[:3] for line in checkout.take_log()] == [["-m", "pip", "install"]]


def test_another_interpreter_means_packages_anew(checkout: Checkout) -> None:
    checkout.run("serve")
    checkout.take_log()
    python = checkout.home / ".venv/bin/python"
    python.rename(python.with_name("python3.99"))
    python.symlink_to("python3.99")
    checkout.run("serve")
    assert len(checkout.take_log()) == 1


def test_an_interrupted_set_up_starts_anew(checkout: Checkout) -> None:
    (checkout.pretence / "offline").touch()
    done = checkout.run("serve")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "kentongan: The Python packages could not be installed; is there a network?"
    )
    checkout.take_log()
    (checkout.pretence / "offline").unlink()
    assert checkout.run("serve").returncode == 0
    assert checkout.take_log()[0] == "venv"


def test_lost_assets_are_fetched_again(checkout: Checkout) -> None:
    checkout.run("serve")
    checkout.take_log()
    shutil.rmtree(checkout.home / "assets/vendor")
    checkout.run("serve")
    assert [line.split()[0] for line in checkout.take_log()] == ["npm"]


def test_an_old_python_is_one_sentence(checkout: Checkout) -> None:
    (checkout.pretence / "too_old").touch()
    done = checkout.run("serve")
    assert done.returncode == 1
    assert done.stderr == (
        "kentongan: Python 3.11 or newer is missing; please install the package python3.\n"
    )


def test_the_fast_path_reads_the_stamps_that_are_written(checkout: Checkout) -> None:
    checkout.run("serve")
    python = checkout.home / ".venv/bin/python"
    lock = hashlib.sha256((checkout.home / "requirements/runtime.txt").read_bytes()).hexdigest()
    assert (
        checkout.home / ".venv/.runtime"
    ).read_text() == f"{os.path.realpath(python)}\n{lock}  -\n"


def test_the_locks_name_no_host() -> None:
    for name in (
        "package-lock.json",
        *(f"requirements/{kind}.txt" for kind in ("runtime", "test", "node")),
    ):
        assert "://" not in (ROOT / name).read_text(), name


def test_ci_runs_the_tests_and_nothing_else() -> None:
    lines = (ROOT / ".ci/run").read_text().splitlines()
    assert lines[-1] == "exec ./kentongan test"
    assert os.access(ROOT / ".ci/run", os.X_OK) and os.access(ROOT / "kentongan", os.X_OK)
