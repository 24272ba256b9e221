"""The audit log: nobody writes past its functions, and every change of it is found."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from db.audit import EventFilters, auditing, list_events, list_viewers, note_shown, record
from db.audit_chain import verify
from db.audit_tiles import MOST_REMEMBERED, SPAN_S, SeenTile, TileMemory, auditing_tile
from db.engine import make_engine, reading, writing
from db.models.audit import ACTIONS
from db.viewer import LOCAL_VIEWER, Viewer, bind_viewer
from geo.tile import Tile
from tests.conftest import MakeDatabase, str_of

NIK = "3510014101900001"
AUDITOR = Viewer("auditor", "auditor")


@pytest.fixture
def log(conn: Connection) -> Connection:
    """A log of nine events, taken back after the test."""
    bind_viewer(conn, Viewer("siti", "task_unit", area="35.10.01", address="10.0.0.7"))
    for number in range(9):
        record(conn, "card", household=number, area="35.10.01.2001", detail={"n": number})
    bind_viewer(conn, LOCAL_VIEWER)
    return conn


@pytest.fixture(scope="module")
def audit_engine(make_database: MakeDatabase) -> Iterator[Engine]:
    """A database whose log is written for good."""
    engine = make_engine(str_of(make_database("audit")), pool_size=16)
    yield engine
    engine.dispose()


def tamper(conn: Connection, statement: str, **parameters: object) -> None:
    """Change the log as a superuser who switches its triggers off."""
    for table in ("audit_event", "audit_head"):
        conn.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    conn.execute(text(statement), parameters)
    for trigger in ("written", "deleted", "kept"):
        conn.execute(text(f"ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_{trigger}"))
    for trigger in ("moved", "kept"):
        conn.execute(text(f"ALTER TABLE audit_head ENABLE ALWAYS TRIGGER audit_head_{trigger}"))


_REWRITE = """
DO $$
DECLARE e audit_event; before bytea;
BEGIN
    FOR e IN SELECT * FROM audit_event WHERE id >= {first} ORDER BY id LOOP
        e.previous_hash := coalesce(before, e.previous_hash);
        IF e.id <= {last} THEN e.at := e.at - make_interval(days => {days}); END IF;
        e.hash := audit_hash(e);
        UPDATE audit_event SET at = e.at, previous_hash = e.previous_hash, hash = e.hash
        WHERE id = e.id;
        before := e.hash;
    END LOOP;
    UPDATE audit_head SET hash = before;
END $$
"""


def make_older(conn: Connection, days: int, first: int, last: int) -> None:
    """Write the chain anew, with some of its events that many days older."""
    tamper(conn, _REWRITE.format(days=days, first=first, last=last))


def refuse(conn: Connection, statement: str) -> str:
    """Return the sentence of a statement that must be refused; the transaction goes on."""
    with pytest.raises(DBAPIError) as caught, conn.begin_nested():
        conn.execute(text(statement))
    return str(caught.value.orig)


def test_a_log_that_nobody_touched_is_whole(log: Connection) -> None:
    found = verify(log)
    assert found.is_whole and found.events == 9
    assert found.sentence == "The audit log is whole: 9 events."


def test_an_empty_log_is_whole(conn: Connection) -> None:
    assert verify(conn).is_whole


def test_an_event_says_who_from_where_and_why(conn: Connection) -> None:
    who = Viewer("budi", "planner", purpose="verifikasi PKH", address="10.1.2.3")
    bind_viewer(conn, who)
    number = record(conn, "reveal", household=7, area="35.10.01.2001", detail={"rows": 1})
    bind_viewer(conn, LOCAL_VIEWER)
    (event,) = list_events(conn).events
    assert (event.id, event.user, event.role) == (number, "budi", "planner")
    assert (event.address, event.purpose) == ("10.1.2.3", "verifikasi PKH")
    assert (event.action, event.household, event.area) == ("reveal", 7, "35.10.01.2001")
    assert event.detail == {"rows": 1}
    assert abs(datetime.now(UTC) - event.at) < timedelta(minutes=1)


def test_without_a_viewer_nothing_is_recorded(conn: Connection) -> None:
    bind_viewer(conn, Viewer("", ""))
    assert "No viewer" in refuse(conn, "SELECT record_audit('card', 1, NULL, NULL, NULL)")


@pytest.mark.parametrize("action", ["", "look", "Card"])
def test_an_unknown_action_is_refused(log: Connection, action: str) -> None:
    refuse(log, f"SELECT record_audit('{action}', 1, NULL, NULL, NULL)")
    assert verify(log).events == 9


def test_every_action_is_taken(log: Connection) -> None:
    for action in ACTIONS:
        record(log, action)
    assert verify(log).is_whole


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET user_name = 'nobody' WHERE id = 3",
        "DELETE FROM audit_event WHERE id = 3",
        "TRUNCATE audit_event",
        "INSERT INTO audit_event SELECT 10, at, user_name, role, address, action, household_id,"
        " area_code, detail, purpose, previous_hash, hash FROM audit_event WHERE id = 9",
        "UPDATE audit_head SET event_count = 3",
        "DELETE FROM audit_head",
        "TRUNCATE audit_head",
        "DO $$ BEGIN DELETE FROM audit_event; END $$",
        "SET LOCAL session_replication_role = replica; DELETE FROM audit_event",
    ],
)
def test_the_log_is_never_changed_not_even_by_its_owner(log: Connection, statement: str) -> None:
    assert "own functions only" in refuse(log, statement)
    assert verify(log).is_whole


@pytest.mark.parametrize(
    ("statement", "bad_id", "fault"),
    [
        ("UPDATE audit_event SET user_name = 'nobody' WHERE id = 3", 3, "edited"),
        ("UPDATE audit_event SET at = at + interval '1 us' WHERE id = 4", 4, "edited"),
        ("UPDATE audit_event SET detail = '{\"n\": 8}' WHERE id = 1", 1, "edited"),
        ("UPDATE audit_event SET purpose = '' WHERE id = 9", 9, "edited"),
        ("UPDATE audit_event SET hash = sha256('x') WHERE id = 5", 5, "edited"),
        ("DELETE FROM audit_event WHERE id = 1", 1, "missing"),
        ("DELETE FROM audit_event WHERE id = 5", 5, "missing"),
        ("DELETE FROM audit_event WHERE id < 5", 1, "missing"),
        ("DELETE FROM audit_event WHERE id = 9", 9, "cut off"),
        ("DELETE FROM audit_event WHERE id > 6", 7, "cut off"),
        ("DELETE FROM audit_event", 1, "cut off"),
        ("UPDATE audit_event SET id = CASE id WHEN 4 THEN -5 ELSE -4 END WHERE id IN (4, 5);"
         "UPDATE audit_event SET id = -id WHERE id < 0", 4, "reordered"),
        ("DELETE FROM audit_event WHERE id = 9; UPDATE audit_head SET event_count = 8", 8,
         "replaced"),
        ("UPDATE audit_head SET event_count = 8", 9, "extra"),
    ],
)  # fmt: skip
def test_tampering_is_found(log: Connection, statement: str, bad_id: int, fault: str) -> None:
    for part in statement.split(";"):
        tamper(log, part)
    found = verify(log)
    assert (found.bad_id, found.fault) == (bad_id, fault)
    assert str(bad_id) in found.sentence


def test_an_event_with_a_hash_of_its_own_making_is_found(log: Connection) -> None:
    tamper(log, "UPDATE audit_event SET user_name = 'nobody' WHERE id = 4")
    tamper(log, "UPDATE audit_event AS e SET hash = audit_hash(e) WHERE id = 4")
    found = verify(log)
    assert (found.bad_id, found.fault) == (5, "reordered")


def test_a_chain_written_anew_is_found_by_a_head_noted_down(log: Connection) -> None:
    noted = verify(log).head
    record(log, "list")
    assert verify(log, checkpoint=noted).is_whole
    make_older(log, days=1, first=1, last=9)
    assert verify(log).is_whole
    found = verify(log, checkpoint=noted)
    assert (found.bad_id, found.fault) == (9, "checkpoint")


def test_identity_numbers_and_what_was_searched_for_are_keyed_hashes(conn: Connection) -> None:
    bind_viewer(conn, LOCAL_VIEWER)
    terms = ["3510 0141 0190 0001", NIK, "Siti  Aminah", "siti aminah"]
    for term in terms:
        record(conn, "search", detail={"term": term, "hits": 1})
    record(conn, "export", detail={"file": f"data_{NIK}.csv"}, purpose=f"cek 35.1001-{NIK[6:]}")
    record(conn, "login_failed", detail={"as": NIK})
    everything = "".join(conn.scalars(text("SELECT e::text FROM audit_event AS e")))
    assert NIK not in everything and "0190" not in everything and "minah" not in everything.lower()
    details = [event.detail or {} for event in list_events(conn).events]
    kept = [detail["term"] for detail in details if "term" in detail]
    assert kept[0] == kept[1] != kept[2] == kept[3]
    assert verify(conn).is_whole


def test_sixteen_threads_make_one_chain_without_gaps(audit_engine: Engine) -> None:
    barrier = threading.Barrier(16)

    def write(number: int) -> list[int]:
        viewer = Viewer(f"user{number}", "planner")
        barrier.wait()
        made = []
        for _ in range(25):
            with auditing(audit_engine, viewer, "card", household=number) as conn:
                conn.execute(text("SELECT 1"))
            with reading(audit_engine, LOCAL_VIEWER) as conn:
                made.append(list_events(conn, EventFilters(user=f"user{number}")).events[0].id)
        return made

    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(write, range(16)))
    with reading(audit_engine, LOCAL_VIEWER) as conn:
        found = verify(conn)
        users = [
            {event.user for event in list_events(conn, EventFilters(household=n)).events}
            for n in range(16)
        ]
    assert found.is_whole
    assert sorted(number for some in made for number in some) == list(
        range(found.events - 399, found.events + 1)
    )
    assert users == [{f"user{n}"} for n in range(16)]


def test_what_is_taken_back_leaves_no_gap(audit_engine: Engine) -> None:
    with writing(audit_engine, LOCAL_VIEWER) as conn:
        first = record(conn, "change")
    with pytest.raises(ZeroDivisionError), writing(audit_engine, LOCAL_VIEWER) as conn:
        record(conn, "change")
        raise ZeroDivisionError
    with writing(audit_engine, LOCAL_VIEWER) as conn:
        assert record(conn, "change") == first + 1
    with reading(audit_engine, LOCAL_VIEWER) as conn:
        assert verify(conn).is_whole


def test_a_block_that_fails_records_nothing_and_reading_stays_reading(
    audit_engine: Engine,
) -> None:
    def count() -> int:
        with reading(audit_engine, LOCAL_VIEWER) as conn:
            return verify(conn).events

    before = count()
    with pytest.raises(DBAPIError), auditing(audit_engine, LOCAL_VIEWER, "list") as conn:
        conn.execute(text("UPDATE data_version SET version = 1"))
    with auditing(audit_engine, LOCAL_VIEWER, None):
        pass
    assert count() == before


def test_a_block_whose_event_fails_fails(audit_engine: Engine) -> None:
    with pytest.raises(DBAPIError), auditing(audit_engine, LOCAL_VIEWER, "look"):
        pass


def test_the_households_of_a_list_come_to_its_event(audit_engine: Engine) -> None:
    with auditing(audit_engine, LOCAL_VIEWER, "list", detail={"view": "decile=1"}) as conn:
        note_shown(conn, [71, 72])
    with reading(audit_engine, LOCAL_VIEWER) as conn:
        note_shown(conn, [73])  # nobody listens
        (event,) = list_events(conn, EventFilters(household=72)).events
        assert event.detail == {"view": "decile=1", "households": [71, 72]}
        assert [sight.action for sight in list_viewers(conn, 71)] == ["list"]
        assert list_viewers(conn, 73) == ()


def test_filters_and_pages(log: Connection) -> None:
    bind_viewer(log, Viewer("budi", "planner"))
    record(log, "list", area="35.10.02")
    bind_viewer(log, AUDITOR)

    def ids(filters: EventFilters, page: int = 1, size: int = 50) -> list[int]:
        return [event.id for event in list_events(log, filters, page, size).events]

    everything = list(range(10, 0, -1))
    assert ids(EventFilters()) == everything
    assert ids(EventFilters(user="budi")) == ids(EventFilters(role="planner")) == [10]
    assert ids(EventFilters(action="list")) == ids(EventFilters(area="35.10.02")) == [10]
    assert ids(EventFilters(area="35.10.01")) == everything[1:]
    assert ids(EventFilters(area="35.10")) == everything
    assert ids(EventFilters(area="35.1")) == []
    assert ids(EventFilters(household=3)) == [4]
    now = datetime.now(UTC)
    assert ids(EventFilters(since=now + timedelta(hours=1))) == []
    assert ids(EventFilters(until=now + timedelta(hours=1))) == everything
    assert ids(EventFilters(), 2, 4) == everything[4:8]
    assert list_events(log, EventFilters(), 2, 4).has_more
    assert not list_events(log, EventFilters(), 3, 4).has_more


@pytest.mark.parametrize(
    ("viewer", "sees_log", "sees_viewers"),
    [
        (AUDITOR, True, True),
        (LOCAL_VIEWER, True, True),
        (Viewer("t", "task_unit", area="35.10.01"), False, True),
        (Viewer("t", "village_operator", area="35.10.01.2001"), False, True),
        (Viewer("t", "task_unit", area="35.10.02"), False, False),
        (Viewer("t", "village_operator", area="35.10.01.2002"), False, False),
        (Viewer("t", "task_unit", area="35.10.0"), False, False),
        (Viewer("t", "task_unit"), False, False),
        (Viewer("t", "regent"), False, False),
        (Viewer("t", "planner"), False, False),
        (Viewer("t", "guest"), False, False),
        (Viewer("t", "agency", area="35.10.01"), False, False),
        (Viewer("t", "administrator"), False, False),
        (Viewer("", ""), False, False),
    ],
    ids=lambda value: f"{value.role}-{value.area}" if isinstance(value, Viewer) else None,
)
def test_who_may_read(log: Connection, viewer: Viewer, sees_log: bool, sees_viewers: bool) -> None:
    bind_viewer(log, viewer)
    assert bool(list_events(log).events) is sees_log
    seen = list_viewers(log, 3)
    assert bool(seen) is sees_viewers
    assert all((one.user, one.role, one.action) == ("siti", "task_unit", "card") for one in seen)


def test_exports_of_an_area_may_have_shown_a_household(log: Connection) -> None:
    bind_viewer(log, Viewer("budi", "planner"))
    for area, level in (
        (None, "household"),
        ("35.10.01", "household"),
        ("35.10.02", "household"),
        (None, "desa"),
    ):
        record(log, "export", area=area, detail={"level": level})
    bind_viewer(log, AUDITOR)
    assert [sight.is_certain for sight in list_viewers(log, 3)].count(False) == 2


def purge(conn: Connection, days: int) -> int:
    statement = "SELECT purge_audit(now() - make_interval(days => :days))"
    return int(conn.execute(text(statement), {"days": days}).scalar_one())


def test_a_purge_leaves_an_anchor_and_a_chain_that_verifies(log: Connection) -> None:
    make_older(log, days=900, first=1, last=3)
    assert purge(log, 800) == 3
    found = verify(log)
    assert found.is_whole and found.cut is not None
    assert (found.cut["count"], found.cut["first_id"], found.cut["last_id"]) == (3, 1, 3)
    make_older(log, days=600, first=4, last=6)
    assert purge(log, 500) == 3
    found = verify(log)
    assert found.is_whole and found.cut is not None
    assert (found.cut["count"], found.cut["first_id"], found.cut["last_id"]) == (6, 1, 6)
    assert purge(log, 500) == 0
    assert verify(log).is_whole
    assert "6 that were purged" in verify(log).sentence
    purges = list_events(log, EventFilters(action="purge")).events
    details = [event.detail or {} for event in purges]
    assert [detail["rows"] for detail in details if "rows" in detail] == [0, 3, 3]


def test_a_purge_of_everything_keeps_the_chain(log: Connection) -> None:
    make_older(log, days=900, first=1, last=9)
    assert purge(log, 400) == 9
    assert verify(log).is_whole
    record(log, "card", household=1)
    assert verify(log).is_whole


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET detail = jsonb_set(detail, '{cut,count}', '2') WHERE id = 3",
        "UPDATE audit_event SET user_name = 'nobody' WHERE id = 3",
        "DELETE FROM audit_event WHERE id = 3",
        "UPDATE audit_event SET action = 'list' WHERE id = 10",
    ],
)
def test_a_changed_anchor_is_found(log: Connection, statement: str) -> None:
    make_older(log, days=900, first=1, last=3)
    purge(log, 800)
    tamper(log, statement)
    assert not verify(log).is_whole


def test_an_anchor_that_no_purge_made_is_found(log: Connection) -> None:
    make_older(log, days=900, first=1, last=3)
    purge(log, 800)
    tamper(log, "DELETE FROM audit_event WHERE id = 10")
    tamper(
        log,
        "UPDATE audit_head SET event_count = 9, hash = (SELECT hash FROM audit_event WHERE id = 9)",
    )
    assert verify(log).fault == "anchor"


def test_young_events_are_kept_and_only_the_command_line_purges(log: Connection) -> None:
    assert "365 days" in refuse(log, "SELECT purge_audit(now() - interval '364 days')")
    for role in ("auditor", "administrator", "planner", ""):
        bind_viewer(log, Viewer("t", role))
        assert "command line" in refuse(log, "SELECT purge_audit(now() - interval '800 days')")


def test_tiles_are_recorded_once_per_area_and_ten_minutes(audit_engine: Engine) -> None:
    clock = [0.0]
    memory = TileMemory(now=lambda: clock[0])
    viewer = Viewer("tiles", "task_unit")

    def look(z: int, x: int, y: int, who: Viewer = viewer) -> None:
        with auditing_tile(audit_engine, who, memory, "households", Tile(z, x, y)):
            pass

    def count() -> int:
        with reading(audit_engine, LOCAL_VIEWER) as conn:
            return len(list_events(conn, EventFilters(action="tiles")).events)

    look(14, 13372, 8580)
    look(14, 13373, 8580)
    look(11, 1671, 1072)
    assert count() == 1
    look(14, 13384, 8580)
    look(14, 13372, 8580, Viewer("other", "planner"))
    assert count() == 3
    clock[0] = SPAN_S + 1
    look(14, 13372, 8580)
    assert count() == 4
    with (
        pytest.raises(ZeroDivisionError),
        auditing_tile(audit_engine, viewer, memory, "households", Tile(9, 1, 1)),
    ):
        raise ZeroDivisionError
    assert memory.is_new(viewer, SeenTile("households", 9, 1, 1))


def test_the_memory_of_tiles_is_bounded() -> None:
    memory, viewer = TileMemory(), Viewer("tiles", "task_unit")
    for x in range(2 * MOST_REMEMBERED):
        memory.keep(viewer, SeenTile("households", 11, x, 0))
    assert memory.is_new(viewer, SeenTile("households", 11, 0, 0))
    assert not memory.is_new(viewer, SeenTile("households", 11, 2 * MOST_REMEMBERED - 1, 0))
