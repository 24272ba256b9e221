"""Masks, bit strings and cells stay true whatever is written, by whatever statement."""

from __future__ import annotations

from sqlalchemy import Connection, text

from db.queries.breaks import refresh_derived
from db.queries.tiles import get_household_tile
from db.queries.totals import get_summary
from db.queries.version import get_version
from geo.tile import Tile
from geo.view import View
from tests.db.oracle import read_facts, select

EVERYONE = View(statuses=())


def check(conn: Connection) -> None:
    """Compare everything derived with the rows."""
    refresh_derived(conn)
    facts = read_facts(conn)
    for view in (EVERYONE, View(), View(domains=("none",)), View(received=("pkh",), deciles=(1,))):
        expected = select(facts, view)
        summary = get_summary(conn, view)
        assert summary.total == len(expected)
        assert summary.located == sum(fact.x is not None for fact in expected)
        assert summary.person_count == sum(fact.member_count for fact in expected)
    cells = conn.execute(
        text("SELECT level, sum(household_count) FROM household_cell GROUP BY level")
    ).all()
    located = sum(fact.x is not None for fact in facts)
    assert {count for _, count in cells} == ({located} if located else set())
    assert conn.scalar(text("SELECT count(*) FROM household_stale")) == 0


def one(conn: Connection) -> int:
    return int(
        conn.scalar(
            text(
                "SELECT id FROM household h WHERE NOT EXISTS"
                " (SELECT FROM aid a WHERE a.household_id = h.id) ORDER BY id LIMIT 1"
            )
        )
    )


def test_a_new_aid_changes_the_mask(demo_conn: Connection) -> None:
    household = one(demo_conn)
    demo_conn.execute(
        text(
            "INSERT INTO aid (household_id, programme_code, period, source, as_of)"
            " SELECT :id, 'pkh', '2026', source, as_of FROM household WHERE id = :id"
        ),
        {"id": household},
    )
    mask = demo_conn.scalar(text("SELECT aid FROM household WHERE id = :id"), {"id": household})
    bit = demo_conn.scalar(text("SELECT bit FROM programme WHERE code = 'pkh'"))
    assert mask == 1 << bit
    check(demo_conn)


def test_a_planned_aid_is_not_received(demo_conn: Connection) -> None:
    household = one(demo_conn)
    demo_conn.execute(
        text(
            "INSERT INTO aid (household_id, programme_code, period, status, source, as_of)"
            " SELECT :id, 'pkh', '2027', 'planned', source, as_of FROM household WHERE id = :id"
        ),
        {"id": household},
    )
    assert (
        demo_conn.scalar(text("SELECT aid FROM household WHERE id = :id"), {"id": household}) == 0
    )
    demo_conn.execute(
        text("UPDATE aid SET status = 'received' WHERE household_id = :id"), {"id": household}
    )
    assert demo_conn.scalar(text("SELECT aid FROM household WHERE id = :id"), {"id": household}) > 0
    check(demo_conn)


def test_taking_aid_and_needs_back_clears_the_masks(demo_conn: Connection) -> None:
    demo_conn.execute(text("DELETE FROM aid WHERE programme_code IN ('pkh', 'bpnt')"))
    demo_conn.execute(text("DELETE FROM household_need WHERE household_id % 3 = 0"))
    left = demo_conn.scalar(text("SELECT count(*) FROM household WHERE id % 3 = 0 AND needs <> 0"))
    assert left == 0
    check(demo_conn)


def test_moving_and_placing_households_follows(demo_conn: Connection) -> None:
    demo_conn.execute(
        text(
            "UPDATE household SET area_code = (SELECT max(code) FROM admin_area), location = NULL,"
            " member_count = 9 WHERE id % 7 = 0"
        )
    )
    demo_conn.execute(
        text(
            "UPDATE household SET location = (SELECT label_point FROM admin_area a"
            " WHERE a.code = area_code) WHERE location IS NULL AND id % 2 = 0"
        )
    )
    check(demo_conn)


def test_deleting_households_follows(demo_conn: Connection) -> None:
    demo_conn.execute(text("DELETE FROM household WHERE id % 2 = 0"))
    check(demo_conn)
    demo_conn.execute(text("DELETE FROM household"))
    check(demo_conn)
    assert get_summary(demo_conn, EVERYONE).total == 0
    assert get_household_tile(demo_conn, EVERYONE, Tile(0, 0, 0)) == b""


def test_emptying_the_table_empties_what_is_derived(demo_conn: Connection) -> None:
    demo_conn.execute(text("TRUNCATE household CASCADE"))
    check(demo_conn)


def test_a_new_programme_can_be_filtered_at_once(demo_conn: Connection) -> None:
    demo_conn.execute(
        text(
            "INSERT INTO programme (code, bit, name, domain, agency, given_to, source)"
            " VALUES ('new_one', 60, 'Baru', 'cash', 'x', 'household', 'x')"
        )
    )
    refresh_derived(demo_conn)
    total = get_summary(demo_conn, EVERYONE).total
    assert get_summary(demo_conn, View(statuses=(), not_received=("new_one",))).total == total


def test_a_transaction_counts_as_one_change(demo_conn: Connection) -> None:
    before = get_version(demo_conn)
    demo_conn.execute(text("UPDATE household SET decile = 1 WHERE id % 5 = 0"))
    demo_conn.execute(text("UPDATE area_stat SET value = value + 1"))
    refresh_derived(demo_conn)
    after = get_version(demo_conn)
    assert after.data == before.data + 1
    assert after.boundaries == before.boundaries


def test_changed_boundaries_count_for_both(demo_conn: Connection) -> None:
    before = get_version(demo_conn)
    demo_conn.execute(text("UPDATE admin_area SET name = name || ' '"))
    after = get_version(demo_conn)
    assert (after.data, after.boundaries) == (before.data + 1, before.boundaries + 1)
