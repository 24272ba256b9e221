"""The documentation's links lead somewhere, its commands exist, and it fits every machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from dashboard.cli import app

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.glob("*.md")])
MOST_PICTURE_BYTES = 300_000

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def list_anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", read(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


@each_page
def test_links_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", read(page))
    for link in [link for link in links if "://" not in link]:
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        assert not anchor or anchor in list_anchors(target), link


@each_page
def test_files_that_are_named_exist(page: Path) -> None:
    named = re.findall(r"`((?:dashboard|layers|db|geo|assets|tests|docs)/[\w/]+\.\w+)`", read(page))
    wanted = set(named) - {"layers/latrine_need.py"}  # the one that its reader is to write
    assert {name for name in wanted if not (ROOT / name).exists()} == set()


@each_page
def test_a_page_fits_every_machine(page: Path) -> None:
    anywhere = (
        r"(?<![\w.])/(?:tmp|work|home/\w|Users|mnt|srv)\b|(?:registry|mirror|proxy)\.[\w.]+\.\w+"
    )
    assert re.findall(anywhere, read(page)) == []


def test_every_page_stands_in_the_index() -> None:
    pages = {page.name for page in DOCS.glob("*.md")} - {"README.md"}
    assert {name for name in pages if f"]({name})" not in read(DOCS / "README.md")} == set()


def test_every_picture_is_shown_and_small() -> None:
    shown = "".join(map(read, PAGES))
    pictures = sorted((DOCS / "screenshots").iterdir())
    assert pictures
    for picture in pictures:
        assert f"screenshots/{picture.name})" in shown
        assert picture.stat().st_size <= MOST_PICTURE_BYTES


def list_commands() -> list[list[str]]:
    """Return the commands that the README names in its blocks and its table."""
    written = re.findall(r"^\./kentongan ((?:[a-z]+ ?){1,2})", read(ROOT / "README.md"), re.M)
    found = [line.split() for line in written]
    table = read(ROOT / "README.md").partition("## Commands")[2].partition("## ")[0]
    for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE):
        first, *others = re.findall(r"`([^`]+)`", row)
        found += [first.split(), *([first.split()[0], other] for other in others)]
    return [words for place, words in enumerate(found) if words not in found[:place]]


@pytest.mark.parametrize("words", list_commands(), ids=" ".join)
def test_the_commands_of_the_readme_exist(words: list[str]) -> None:
    words = words if hasattr(get_command(app).commands[words[0]], "commands") else words[:1]  # type: ignore[attr-defined]
    done = CliRunner().invoke(app, [*words, "--help"])
    assert done.exit_code == 0, done.output
    assert f"kentongan {' '.join(words)}" in done.output


def test_the_readme_names_every_command() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    every = {(name, *sub) for name, one in commands.items() for sub in _list_below(one)}
    assert every <= {tuple(words) for words in list_commands()}


def _list_below(command: object) -> list[list[str]]:
    return [[name] for name in getattr(command, "commands", {})] or [[]]


def test_the_checklist_names_tests_that_are_there() -> None:
    written = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", read(DOCS / "security.md")))
    assert len(named) > 25
    assert {name for name in named if f"def {name}(" not in written} == set()
