"""Encrypted backups: what comes back is whole, or nothing was touched."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from db.audit import EventFilters, list_events, record
from db.audit_chain import verify
from db.backup import back_up, empty_database, restore
from db.demo import load_demo
from db.engine import make_engine, reading, writing
from db.refusal import Refusal
from db.viewer import LOCAL_VIEWER, Viewer
from layers import freeze_breaks
from tests.conftest import MakeDatabase, str_of
from tests.db.test_command_line import CommandLine, command_line  # noqa: F401

PASSPHRASE = "kentongan dipukul tiga kali"
POLICIES = "SELECT tablename, policyname, roles::text, cmd, qual FROM pg_policies ORDER BY 1, 2"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
ROLE = "kentongan_backup_test"


@pytest.fixture(scope="module")
def source(make_database: MakeDatabase) -> Iterator[Engine]:
    """A small demo with a log and a policy of its own."""
    engine = make_engine(str_of(make_database("source")), statement_timeout_ms=0)
    with writing(engine, LOCAL_VIEWER) as conn:
        load_demo(conn, household_count=300)
        freeze_breaks(conn)
        conn.execute(text("CREATE POLICY backup_test ON programme USING (true)"))
    with writing(engine, Viewer("siti", "task_unit", area="35.10.01")) as conn:
        for number in range(5):
            record(conn, "card", household=number)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def sealed(source: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encrypted backup of it."""
    file = tmp_path_factory.mktemp("sealed") / "demo.ktg"
    back_up(source, file, PASSPHRASE)
    return file


@pytest.fixture(scope="module")
def target(make_database: MakeDatabase) -> Iterator[Engine]:
    """A database to restore into."""
    engine = make_engine(str_of(make_database("target")), statement_timeout_ms=0)
    yield engine
    engine.dispose()


def count_rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as conn:
        tables = conn.scalars(text(TABLES)).all()
        return {
            table: conn.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()
            for table in tables
        }


def ask(engine: Engine, statement: str) -> list[Any]:
    with engine.connect() as conn:
        return list(conn.execute(text(statement)).all())


def test_an_encrypted_backup_comes_back_whole(source: Engine, sealed: Path, target: Engine) -> None:
    before, policies = count_rows(source), ask(source, POLICIES)
    restore(target, sealed, PASSPHRASE)
    after = count_rows(target)
    # The restore is one event more; what the source recorded later is not in the backup.
    assert after.pop("audit_event") == before.pop("audit_event") + 1
    assert after == before
    assert policies and ask(target, POLICIES) == policies
    with reading(target, LOCAL_VIEWER) as conn:
        assert verify(conn).is_whole
        restored, backed_up, *cards = list_events(conn).events
    assert (restored.action, backed_up.action) == ("restore", "backup")
    assert restored.detail is not None and restored.detail["replaced_events"] == 0
    assert backed_up.detail == {"file": "demo.ktg", "encrypted": True}
    assert {card.user for card in cards} == {"siti"}


def test_names_do_not_show_in_the_file(sealed: Path, source: Engine) -> None:
    content = sealed.read_bytes()
    assert content.startswith(b"KTGBACK\n")
    assert b"PGDMP" not in content and b"household" not in content
    assert [path.name for path in sealed.parent.iterdir()] == ["demo.ktg"]


def test_what_is_wrong_with_a_file_is_said_before_anything_is_touched(
    sealed: Path, target: Engine, tmp_path: Path
) -> None:
    before, whole = count_rows(target), sealed.read_bytes()
    bad = tmp_path / "bad.ktg"
    changed = bytearray(whole)
    changed[len(whole) // 2] ^= 1
    for content, passphrase, hint in (
        (whole, PASSPHRASE + "!", "passphrase is wrong"),
        (whole, None, "no passphrase"),
        (whole[: len(whole) // 2], PASSPHRASE, "cut short or changed"),
        (whole[:-1], PASSPHRASE, "cut short or changed"),
        (bytes(changed), PASSPHRASE, "cut short or changed"),
        (whole + b"x", PASSPHRASE, "cut short or changed"),
    ):
        bad.write_bytes(content)
        with pytest.raises(Refusal, match=hint):
            restore(target, bad, passphrase, overwrite=True)
    assert count_rows(target) == before


def test_a_log_that_a_restore_replaces_is_known_by_its_last_hash(
    sealed: Path, target: Engine
) -> None:
    with reading(target, LOCAL_VIEWER) as conn:
        number = verify(conn).events
    restore(target, sealed, PASSPHRASE, overwrite=True)
    with reading(target, LOCAL_VIEWER) as conn:
        (event,) = list_events(conn, EventFilters(action="restore")).events
        assert verify(conn).is_whole
    assert event.detail is not None
    assert event.detail["replaced_events"] == number
    assert len(event.detail["replaced_hash"]) == 44
    empty_database(target)
    with reading(target, LOCAL_VIEWER) as conn:
        (event,) = list_events(conn).events
        assert verify(conn).is_whole
    assert event.action == "purge" and event.detail is not None
    assert event.detail["what"] == "database"
    assert event.detail["replaced_events"] > 0


def test_roles_keep_what_they_own_and_missing_ones_are_named(
    source: Engine, target: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "roles.dump"
    with source.begin() as conn:
        conn.execute(text(f"CREATE ROLE {ROLE}"))
        conn.execute(text(f"CREATE VIEW backup_test AS SELECT 1 AS one; "
                          f"ALTER VIEW backup_test OWNER TO {ROLE}; "
                          f"GRANT SELECT ON programme TO {ROLE}"))  # fmt: skip
    try:
        back_up(source, file)
        restore(target, file, overwrite=True)
        owner = "SELECT viewowner FROM pg_views WHERE viewname = 'backup_test'"
        assert ask(target, owner) == [(ROLE,)]
    finally:
        for engine in (source, target):
            with engine.begin() as conn:
                conn.execute(text(f"DROP OWNED BY {ROLE} CASCADE"))
        with source.begin() as conn:
            conn.execute(text(f"DROP ROLE {ROLE}"))
    before = count_rows(target)
    with pytest.raises(Refusal, match=f"does not have: {ROLE}"):
        restore(target, file, overwrite=True)
    assert count_rows(target) == before


def test_the_passphrase_comes_from_the_setting_or_the_input(
    command_line: CommandLine,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    make_database: MakeDatabase,
) -> None:
    monkeypatch.setenv("KENTONGAN_DATABASE_URL", str_of(make_database("empty_backup")))
    first, second = tmp_path / "first.ktg", tmp_path / "second.ktg"
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert "KENTONGAN_BACKUP_PASSPHRASE" in command_line.refuse("db", "backup", str(first))
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSPHRASE}\n"))
    report = command_line.report("db", "backup", str(first), "--passphrase-stdin")
    assert report["encrypted"] is True
    monkeypatch.setenv("KENTONGAN_BACKUP_PASSPHRASE", PASSPHRASE)
    command_line.report("db", "backup", str(second))
    command_line.report("db", "restore", str(first), "--yes")
    monkeypatch.setenv("KENTONGAN_BACKUP_PASSPHRASE", "short")
    assert "12 characters" in command_line.refuse("db", "backup", str(first))
    monkeypatch.setenv("KENTONGAN_BACKUP_PASSPHRASE", "another passphrase")
    assert "passphrase is wrong" in command_line.refuse("db", "restore", str(second), "--yes")
    assert not list(tmp_path.glob(".*unfinished"))
