"""What is kept, for how long, and that its purge is in the log; and the log at the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, text

from db.accounts import NewUser, add_user
from db.audit import EventFilters, list_events, record
from db.audit_chain import verify
from db.engine import make_engine, writing
from db.refusal import Refusal
from db.retention import KINDS, RULES, list_rules, purge
from db.viewer import LOCAL_VIEWER, Viewer, bind_viewer
from tests.conftest import MakeDatabase, str_of
from tests.db.test_audit import make_older, tamper
from tests.db.test_command_line import CommandLine, command_line  # noqa: F401

DAYS = {rule.kind: rule.least_days for rule in RULES}


def ago(days: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=days)


@pytest.fixture
def old(conn: Connection) -> Connection:
    """Four old and two young events, an old and a young batch of imported rows."""
    bind_viewer(conn, LOCAL_VIEWER)
    for number in range(6):
        record(conn, "card", household=number)
    make_older(conn, days=500, first=1, last=4)
    for batch, days in ((1, 100), (2, 1)):
        statement = """
            WITH made AS (
                INSERT INTO import_batch (kind, file_name, sha256, imported_at, ledger)
                VALUES ('aid', 'a.csv', 'x', now() - make_interval(days => :days), '{}')
                RETURNING id)
            INSERT INTO import_row (batch_id, row_number, outcome, reason, content)
            SELECT id, n, 'rejected', 'x', '{}' FROM made, generate_series(1, :rows) AS n
        """
        conn.execute(text(statement), {"days": days, "rows": 10 * batch})
    return conn


def test_a_purge_deletes_by_rule_and_is_recorded_with_its_counts(old: Connection) -> None:
    assert purge(old, ago(400), dry_run=True) == {
        "audit": 4,
        "import-rows": 0,
        "jobs": 0,
        "sessions": 0,
    }
    assert verify(old).events == 6
    assert purge(old, ago(400)) == {"audit": 4, "import-rows": 0, "jobs": 0, "sessions": 0}
    assert purge(old, ago(50), "import-rows") == {"import-rows": 10}
    assert old.scalar(text("SELECT count(*) FROM import_row")) == 20
    assert verify(old).is_whole
    events = list_events(old, EventFilters(action="purge")).events
    counts = [(event.detail or {}).get("rows") for event in events]
    assert counts[:3] == [10, 4, 0]


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_goes_before_its_least_age(old: Connection, kind: str) -> None:
    with pytest.raises(Refusal, match=f"{kind}: kept for at least {DAYS[kind]} days"):
        purge(old, ago(DAYS[kind] - 1), kind)
    purge(old, ago(DAYS[kind]), kind, dry_run=True)


def test_all_needs_the_age_of_each(old: Connection) -> None:
    with pytest.raises(Refusal, match="audit"):
        purge(old, ago(364))


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(Refusal, match="import-rows"):
        list_rules("households")


def test_sessions_go_where_there_are_any(old: Connection) -> None:
    user = NewUser("siti", "planner")
    add_user(old, user, "no password", must_change_password=False)
    for number, age in enumerate(("0 days", "99 days")):
        old.execute(
            text("""
                INSERT INTO login_session
                    (token_hash, user_id, started_at, expires_at, last_seen_at)
                SELECT sha256(CAST(:number AS text)::bytea), id, now() - CAST(:age AS interval),
                       now() - CAST(:age AS interval) + interval '1 hour',
                       now() - CAST(:age AS interval)
                FROM app_user WHERE name = 'siti'
            """),
            {"number": number, "age": age},
        )
    assert purge(old, ago(31), "sessions") == {"sessions": 1}


def test_a_log_that_is_not_whole_is_not_purged(old: Connection) -> None:
    tamper(old, "DELETE FROM audit_event WHERE id = 2")
    with pytest.raises(Refusal, match="Event 2 is missing"):
        purge(old, ago(400), "audit")


@pytest.fixture
def engine(make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database with three events, for the command line."""
    url = str_of(make_database("command"))
    monkeypatch.setenv("KENTONGAN_DATABASE_URL", url)
    engine = make_engine(url)
    with writing(engine, Viewer("siti", "task_unit", address="10.0.0.7")) as conn:
        for number in range(3):
            record(conn, "card", household=number, area="35.10.01.2001")
    yield engine
    engine.dispose()


def test_the_command_line_lists_verifies_and_purges(
    command_line: CommandLine,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    engine: Engine,
) -> None:
    monkeypatch.setenv("KENTONGAN_DATABASE_URL", str_of(engine.url))
    listed = command_line.report("audit", "list", "--household", "1")
    assert [event["id"] for event in listed["events"]] == [2]
    assert listed["events"][0]["at"].endswith("+07:00")
    today = datetime.now(UTC).date()
    for option, found in (
        (("--user", "siti"), 3),
        (("--action", "login"), 0),
        (("--since", str(today - timedelta(days=2))), 3),
        (("--until", str(today - timedelta(days=2))), 0),
        (("--area", "35.10.01"), 3),
        (("--limit", "2"), 2),
    ):
        assert len(command_line.report("audit", "list", *option)["events"]) == found
    code, output, _ = command_line.run("audit", "list")
    assert code == 0 and "siti" in output and "10.0.0.7" in output
    whole = command_line.report("audit", "verify")
    assert whole["ok"] is True and whole["events"] == 3
    command_line.report("audit", "verify", "--checkpoint", whole["head"])
    assert "NUMBER:HASH" in command_line.refuse("audit", "verify", "--checkpoint", "3")
    counted = command_line.report("db", "purge", "--before", str(ago(400)), "--dry-run")
    assert counted["rows"] == {"audit": 0, "import-rows": 0, "jobs": 0, "sessions": 0}
    assert "365 days" in command_line.refuse("db", "purge", "--before", str(today))
    assert "no date" in command_line.refuse("db", "purge", "--before", "soon")
    with engine.begin() as conn:
        tamper(conn, "UPDATE audit_event SET household_id = 9 WHERE id = 2")
    assert command_line.refuse("audit", "verify").startswith("Event 2 was edited")
    code, output, _ = command_line.run("audit", "verify", "--json")
    assert code == 1 and json.loads(output)["bad_id"] == 2
