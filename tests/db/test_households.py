"""The card and the search show what is in the rows, and nothing for what isn't."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from db.engine import reading
from db.queries.households import count_at_point, get_card, list_household_page
from db.queries.search import search
from db.viewer import LOCAL_VIEWER
from geo.errors import HouseholdNotFound
from geo.view import View


def test_the_card_equals_the_rows(demo_conn: Connection) -> None:
    for household_id in demo_conn.scalars(text("SELECT id FROM household ORDER BY id LIMIT 80")):
        card = get_card(demo_conn, household_id)
        received = set(
            demo_conn.scalars(
                text(
                    "SELECT programme_code FROM aid WHERE household_id = :id"
                    " AND status = 'received'"
                ),
                {"id": household_id},
            )
        )
        assert {line.code for line in card.programmes if line.received} == received
        assert len(card.programmes) == demo_conn.scalar(text("SELECT count(*) FROM programme"))
        assert len(card.persons) == card.member_count
        assert card.persons[0].relationship == "head"
        assert card.persons[0].name == card.head_name
        needs = demo_conn.scalars(
            text("SELECT need_code FROM household_need WHERE household_id = :id"),
            {"id": household_id},
        )
        assert {code for code, _ in card.needs} == set(needs)
        assert card.source.is_synthetic


def test_an_unknown_household_is_a_clear_answer(demo_conn: Connection) -> None:
    with pytest.raises(HouseholdNotFound) as caught:
        get_card(demo_conn, 2**62)
    assert caught.value.status == 404


def test_neighbours_at_one_point_can_be_listed(demo_conn: Connection) -> None:
    household_id, count = demo_conn.execute(
        text(
            "SELECT min(id), count(*) FROM household WHERE location IS NOT NULL"
            " AND status = 'verified' GROUP BY location HAVING count(*) > 2 LIMIT 1"
        )
    ).one()
    view = View(statuses=("verified",), at=household_id)
    assert count_at_point(demo_conn, view) == count
    rows = list_household_page(demo_conn, view)
    assert len({(row["lon"], row["lat"]) for row in rows}) == 1
    assert household_id in {row["id"] for row in rows}


def test_a_place_is_found_by_name_and_code(demo_conn: Connection) -> None:
    name, code = demo_conn.execute(
        text("SELECT name, code FROM admin_area WHERE level = 'kecamatan' ORDER BY code LIMIT 1")
    ).one()
    assert search(demo_conn, name.lower())[0].title == name
    assert search(demo_conn, code)[0].key == code


def test_a_household_is_found_by_name_nik_and_kk(demo_conn: Connection) -> None:
    row = demo_conn.execute(
        text(
            "SELECT h.id, h.head_name, h.kk, p.nik FROM household h JOIN person p"
            " ON p.household_id = h.id AND p.relationship = 'head' ORDER BY h.id LIMIT 1"
        )
    ).one()
    by_name = search(demo_conn, row.head_name, limit=200)
    assert str(row.id) in {hit.key for hit in by_name}
    spaced = f"{row.nik[:6]} {row.nik[6:12]}-{row.nik[12:]}"
    for number in (row.nik, row.kk, spaced):
        assert [hit.key for hit in search(demo_conn, number)] == [str(row.id)]


def test_parts_of_a_number_find_nobody(demo_conn: Connection) -> None:
    nik = demo_conn.scalar(text("SELECT nik FROM person WHERE nik IS NOT NULL LIMIT 1"))
    for part in (nik[:15], nik[:8], nik[1:]):
        assert all(hit.kind == "area" for hit in search(demo_conn, part))


@pytest.mark.parametrize("asked", ["", "  ", "%", "%%%", "___", "ab", "\\", "'; --", "\x00abc"])
def test_signs_of_patterns_find_nobody(demo_conn: Connection, asked: str) -> None:
    assert all(hit.kind == "area" for hit in search(demo_conn, asked))


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(asked=st.text(max_size=60))
def test_anything_typed_gets_an_answer(demo_engine: Engine, asked: str) -> None:
    with reading(demo_engine, LOCAL_VIEWER) as conn:
        assert len(search(conn, asked)) <= 8
