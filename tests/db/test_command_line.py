"""The command line on a real database: reports, faults in one sentence, backup and restore."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from dash import Dash, html
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from dashboard.auth.viewer import allow_local
from dashboard.cli import main
from dashboard.cli.demo import IS_LOADED
from dashboard.routes import register
from dashboard.settings import Settings
from db.demo.loading import SOURCE_CODE
from db.engine import make_engine
from db.viewer import LOCAL_VIEWER
from tests.conftest import MakeDatabase, make_demo, str_of

# A backup and a restore are events themselves, and sessions do not come back.
LOG = ("audit_event", "audit_head", "login_session")
FINGERPRINT = "SELECT count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t"


class CommandLine:
    """Runs commands as a person would, in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Return exit code, standard output and standard error."""
        self._capsys.readouterr()
        code = main(list(arguments))
        output, errors = self._capsys.readouterr()
        return code, output, errors

    def report(self, *arguments: str) -> dict[str, Any]:
        """Return the JSON report of a command that must succeed."""
        code, output, errors = self.run(*arguments, "--json")
        assert code == 0, errors
        return dict(json.loads(output))

    def refuse(self, *arguments: str, code: int = 1) -> str:
        """Return the sentence of a command that must fail."""
        found, output, errors = self.run(*arguments)
        assert found == code
        assert output == ""
        last = errors.splitlines()[-1]
        assert last.startswith("kentongan: ")
        assert "Traceback" not in errors
        return last.removeprefix("kentongan: ")


@pytest.fixture
def command_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    demo_url: str,
) -> CommandLine:
    """Commands that work on the demo database; they only read it."""
    monkeypatch.setenv("KENTONGAN_DATABASE_URL", demo_url)
    monkeypatch.setenv("KENTONGAN_HOME", str(tmp_path / "home"))
    return CommandLine(capsys)


def test_status_reports_what_the_database_holds(
    command_line: CommandLine, demo_engine: Engine
) -> None:
    status = command_line.report("db", "status")
    assert status["areas"] == {"kabupaten": 1, "kecamatan": 25, "desa": 217}
    with demo_engine.connect() as conn:
        for name, table in (
            ("households", "household"),
            ("persons", "person"),
            ("programmes", "programme"),
            ("aid", "aid"),
        ):
            assert status[name] == conn.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        revision = text("SELECT version_num FROM alembic_version")
        assert status["revision"] == conn.execute(revision).scalar_one()
        assert status["postgis"] == conn.execute(text("SELECT postgis_lib_version()")).scalar_one()


def test_status_is_readable_without_json(command_line: CommandLine) -> None:
    code, output, _ = command_line.run("db", "status")
    assert code == 0
    assert "217" in output and "{" not in output


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing",),
        ("db", "nothing"),
        ("import", "households"),
        ("demo", "--households", "many"),
        ("serve", "--port", "0"),
        ("export", "table"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_two(
    command_line: CommandLine, arguments: tuple[str, ...]
) -> None:
    assert command_line.refuse(*arguments, code=2)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("import", "boundaries", "nowhere.geojson"), "no file"),
        (("import", "households", __file__, "--as-of", "yesterday"), "no date"),
        (("import", "aid", __file__), "test_command_line.py"),
        (("export", "table", "map.pdf"), ".csv, .xlsx or .geojson"),
        (("export", "table", "map.csv", "--layer", "nothing"), "nothing"),
        (("export", "table", "map.csv", "--area", "99.99"), "99.99"),
        (("db", "restore", "nowhere.dump"), "no file"),
        (("db", "restore", __file__), "not a whole backup"),
    ],
)
def test_a_fault_is_one_sentence_and_exit_code_one(
    command_line: CommandLine, arguments: tuple[str, ...], hint: str
) -> None:
    assert hint in command_line.refuse(*arguments)


def test_with_json_a_fault_is_an_object_too(command_line: CommandLine) -> None:
    code, output, errors = command_line.run("db", "restore", "nowhere.dump", "--json")
    assert code == 1
    answer = json.loads(output)
    assert answer["ok"] is False
    assert answer["error"] in errors


def test_a_database_that_is_away_is_one_sentence(
    command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KENTONGAN_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    for command in ("status", "upgrade"):
        assert command_line.refuse("db", command).startswith("The database does not answer")


def _without_time(content: bytes) -> str:
    """Blank the one thing that differs: when the file was made."""
    return re.sub(r"\d{4}-\d\d-\d\dT[0-9:.+]+", "", content.decode())


@pytest.mark.parametrize("ending", ["csv", "geojson"])
def test_an_export_is_the_file_that_the_page_gives(
    command_line: CommandLine,
    tmp_path: Path,
    demo_engine: Engine,
    demo_settings: Settings,
    ending: str,
) -> None:
    file = tmp_path / f"desa.{ending}"
    view = "area=35.10.01&deciles=1,2&language=en"
    command_line.report("export", "table", str(file), "--view", f"http://127.0.0.1:8050/?{view}")
    app = Dash("dashboard")
    app.layout = html.Div()
    allow_local(app.server, LOCAL_VIEWER)
    register(app, demo_engine, demo_settings)
    page = app.server.test_client().get(f"/export/poverty_rate.{ending}?{view}")
    assert _without_time(file.read_bytes()) == _without_time(page.data)


def test_the_question_whether_the_demo_is_loaded_names_its_source() -> None:
    assert f"'{SOURCE_CODE}'" in IS_LOADED


@pytest.fixture(scope="module")
def backup_file(demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the demo."""
    file = tmp_path_factory.mktemp("backup") / "demo.dump"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KENTONGAN_DATABASE_URL", demo_url)
        assert main(["db", "backup", "--plain", str(file)]) == 0
    return file


def _list_rows(url: str) -> dict[str, Any]:
    """Return a fingerprint of every table but the counts of changes and the audit log."""
    engine = make_engine(url)
    with engine.connect() as conn:
        named = conn.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).scalars()
        tables = sorted(set(named) - {"data_version", "spatial_ref_sys", *LOG})
        rows = {
            table: conn.execute(text(FINGERPRINT.format(table=table))).one() for table in tables
        }
    engine.dispose()
    return rows


def _get_versions(url: str) -> dict[str, int]:
    engine = create_engine(make_url(url))
    with engine.connect() as conn:
        found = conn.execute(text("SELECT topic, version FROM data_version")).all()
    engine.dispose()
    return {row.topic: row.version for row in found}


def test_a_backup_is_for_its_owner_only(backup_file: Path) -> None:
    assert stat.S_IMODE(os.stat(backup_file).st_mode) == 0o600
    assert [path.name for path in backup_file.parent.iterdir()] == ["demo.dump"]


def test_a_restored_backup_is_what_was_saved(
    command_line: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    make_database: MakeDatabase,
    demo_url: str,
    backup_file: Path,
) -> None:
    url = str_of(make_database("restored"))
    monkeypatch.setenv("KENTONGAN_DATABASE_URL", url)
    command_line.report("db", "restore", str(backup_file))
    assert _list_rows(url) == _list_rows(demo_url)


def test_data_are_replaced_only_when_told_so_and_versions_count_on(
    command_line: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    make_database: MakeDatabase,
    demo_url: str,
    backup_file: Path,
) -> None:
    url = make_demo(make_database("replaced"))
    monkeypatch.setenv("KENTONGAN_DATABASE_URL", url)
    engine = make_engine(url)
    with engine.begin() as conn:
        conn.execute(text("UPDATE household SET decile = 4 WHERE id % 2 = 0"))
    engine.dispose()
    changed, versions = _list_rows(url), _get_versions(url)
    assert "--yes" in command_line.refuse("db", "restore", str(backup_file))
    assert _list_rows(url) == changed
    command_line.report("db", "restore", str(backup_file), "--yes")
    assert _list_rows(url) == _list_rows(demo_url)
    assert all(_get_versions(url)[topic] > version for topic, version in versions.items())


def test_a_backup_cut_short_changes_nothing(
    command_line: CommandLine, demo_url: str, backup_file: Path, tmp_path: Path
) -> None:
    whole = backup_file.read_bytes()
    before = _list_rows(demo_url)
    for share in (0.1, 0.5, 0.99):
        cut = tmp_path / "cut.dump"
        cut.write_bytes(whole[: int(len(whole) * share)])
        assert "not a whole backup" in command_line.refuse("db", "restore", str(cut), "--yes")
    assert _list_rows(demo_url) == before
