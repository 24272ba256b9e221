"""Masks, bit strings and cells stay true whatever is written, by whatever statement."""

from __future__ import annotations

from collections.abc import Callable
from statistics import mean
from typing import Any

import pytest
from sqlalchemy import Connection, text

from db.queries.breaks import refresh_derived
from db.queries.tiles import get_household_tile
from db.queries.totals import get_summary
from db.queries.version import get_version
from geo.tile import Tile
from geo.view import View
from tests.db.oracle import Fact, read_facts, select

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


LEVELS = (10, 11, 12, 13, 14, 15, 16, 18, 19, 20)
MARKS: dict[str, Callable[[Fact, str], bool]] = {
    "all": lambda fact, word: True,
    "located": lambda fact, word: fact.x is not None,
    "aid": lambda fact, word: not fact.received,
    "decile": lambda fact, word: fact.decile == int(word),
    "members": lambda fact, word: fact.member_count & int(word) > 0,
    "status": lambda fact, word: fact.status == word,
    "source": lambda fact, word: True,
    "need": lambda fact, word: word in fact.needs,
    "programme": lambda fact, word: word in fact.received,
    "domain": lambda fact, word: word in fact.domains,
}


def test_every_property_has_the_bits_of_its_households(demo_conn: Connection) -> None:
    demo_conn.execute(text("UPDATE household SET member_count = 63 WHERE id % 50 = 0"))
    demo_conn.execute(text("UPDATE household SET decile = NULL WHERE id % 40 = 0"))
    refresh_derived(demo_conn)
    order = read_order(demo_conn)
    rows = demo_conn.execute(
        text("""
            SELECT flag, area_code, bits::text FROM household_bitmap
            WHERE flag !~ '^(eligible|first|served|double):' -- of rules: test_rule_flags.py
        """)
    ).all()
    assert {flag.split(":")[0] for flag, _, _ in rows} == set(MARKS)
    for flag, area, bits in rows:
        kind, _, word = flag.partition(":")
        marks = [MARKS[kind](fact, word) for _, fact in order[area]]
        assert bits == "".join("01"[mark] for mark in marks), (flag, area)


def test_every_cell_is_a_run_of_the_households_in_it(demo_conn: Connection) -> None:
    cells: dict[Any, list[tuple[int, Fact]]] = {}
    for area, places in read_order(demo_conn).items():
        for bit, (place, fact) in enumerate(places, start=1):
            for level in LEVELS if place is not None else ():
                x, y = (at >> (20 - level) for at in cell_of(fact))
                cells.setdefault((level, x, y, area), []).append((bit, fact))
    rows = demo_conn.execute(text("SELECT * FROM household_cell")).mappings().all()
    assert {(r["level"], r["cx"], r["cy"], r["area_code"]) for r in rows} == set(cells)
    for row in rows:
        run = cells[row["level"], row["cx"], row["cy"], row["area_code"]]
        bits, facts = zip(*run, strict=True)
        first = row["bit_from"]
        assert bits == tuple(range(first, first + row["household_count"]))
        assert row["household_id"] == (facts[0].id if len(facts) == 1 else None)
        assert row["x_3857"] == pytest.approx(mean(fact.x for fact in facts), abs=1e-4)
        assert row["y_3857"] == pytest.approx(mean(fact.y for fact in facts), abs=1e-4)


def cell_of(fact: Fact) -> tuple[int, int]:
    assert fact.x is not None and fact.y is not None
    half, size = 20037508.342789244, 40075016.685578488 / 2**20
    return int((fact.x + half) // size), int((half - fact.y) // size)


def read_order(conn: Connection) -> dict[str, list[tuple[int | None, Fact]]]:
    """Give the households of each desa in Morton order, worked out bit by bit."""
    areas: dict[str, list[tuple[int | None, Fact]]] = {}
    for fact in read_facts(conn):
        place = None
        if fact.x is not None:
            x, y = cell_of(fact)
            place = sum((x >> n & 1) << 2 * n | (y >> n & 1) << 2 * n + 1 for n in range(20))
        areas.setdefault(fact.area_code, []).append((place, fact))
    for places in areas.values():
        places.sort(key=lambda pair: (pair[0] is None, pair[0] or 0, pair[1].id))
    return areas


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
