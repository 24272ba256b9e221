"""Where the fields of a card come from, who may know, and why one source is believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, Engine, text

from dashboard.components.card_sources import FIELD, draw_section_sources
from db.engine import make_engine, reading
from db.queries.provenance import GROUPS, Conflict, get_section_sources
from db.registers.golden import RANKED_FIELDS
from db.rights import web_address
from db.viewer import Viewer, bind_viewer
from geo.view import View
from tests.conftest import str_of
from tests.desk_samples import DTSEN_DAY, SURVEY_DAY, Desks
from tests.unit.component_samples import read_text

OPERATOR = Viewer("somebody", "village_operator")


@pytest.fixture(scope="module")
def web_engine(desk_register: tuple[str, Desks]) -> Iterator[Engine]:
    engine = make_engine(str_of(web_address(desk_register[0])))
    yield engine
    engine.dispose()


@pytest.fixture
def conn(desk_register: tuple[str, Desks]) -> Iterator[Connection]:
    """As the owner, in the operator's name; what a test writes is taken back."""
    engine = make_engine(desk_register[0])
    with engine.connect() as connection:
        bind_viewer(connection, replace(OPERATOR, area=desk_register[1].desa))
        yield connection
        connection.rollback()
    engine.dispose()


def find(conflicts: tuple[Conflict, ...], field: str) -> Conflict:
    return next(one for one in conflicts if one.field == field)


def test_the_newest_word_is_believed_and_the_other_kept(conn: Connection, desks: Desks) -> None:
    house = desks.houses[desks.desa][0].id
    sections = get_section_sources(conn, house)
    conflict = find(sections["identity"].conflicts, "decile")
    assert conflict.why == "newest"
    assert [(one.value, one.source, one.as_of, one.is_winner) for one in conflict.said] == [
        (3, "Survei desa", SURVEY_DAY, True), (1, "DTSEN", DTSEN_DAY, False),
    ]  # fmt: skip
    # What both say alike is no conflict.
    assert {one.field for one in sections["identity"].conflicts} == {"decile"}
    assert sections["members"].origins[0].source == "DTSEN"


def test_precedence_goes_before_the_newest(conn: Connection, desks: Desks) -> None:
    conn.execute(
        text("INSERT INTO field_precedence (field, source, rank) VALUES ('decile', 'dtsen', 1)")
    )
    house = desks.houses[desks.desa][0].id
    conflict = find(get_section_sources(conn, house)["identity"].conflicts, "decile")
    assert conflict.why == "precedence"
    assert [one.source for one in conflict.said if one.is_winner] == ["DTSEN"]
    sections = get_section_sources(conn, house)
    drawn = read_text(draw_section_sources(View(), sections["identity"]))
    assert "dipakai: sumber ini didahulukan" in drawn


def test_members_disagree_by_name(conn: Connection, desks: Desks) -> None:
    house = desks.houses[desks.desa][0]
    conn.execute(
        text("""
            INSERT INTO person_record (person_id, source, as_of, name, sex)
            SELECT id, 'survei', :day, 'Nama Lain', sex FROM person WHERE id = :person
        """),
        {"day": SURVEY_DAY, "person": house.person},
    )
    (conflict,) = get_section_sources(conn, house.id)["members"].conflicts
    assert (conflict.field, conflict.of) == ("name", house.head_name)
    assert conflict.said[0].value == "Nama Lain"


def test_a_household_without_records_is_its_own(conn: Connection, desks: Desks) -> None:
    sections = get_section_sources(conn, desks.houses[desks.desa][1].id)
    assert set(sections) == {*GROUPS, "members"}
    assert {one.origins[0].source for one in sections.values()} == {"Data sintetis (demo)"}
    assert all(not one.conflicts for one in sections.values())


def test_batches_are_named_to_those_who_may_open_them(web_engine: Engine, desks: Desks) -> None:
    house = desks.houses[desks.desa][0].id
    expected = {
        Viewer("somebody", "planner"): {desks.own_batch, desks.regency_batch},
        Viewer("somebody", "village_operator", desks.desa): {None},
        Viewer(desks.operator, "village_operator", desks.desa): {desks.own_batch, None},
    }
    for viewer, batches in expected.items():
        with reading(web_engine, viewer) as conn:
            conflict = find(get_section_sources(conn, house)["identity"].conflicts, "decile")
        assert {one.batch for one in conflict.said} == batches


def test_a_planner_compares_masked_values(web_engine: Engine, desks: Desks) -> None:
    house = desks.houses[desks.desa][0]
    with reading(web_engine, Viewer("somebody", "planner")) as conn:
        told = repr(get_section_sources(conn, house.id))
    assert house.kk not in told and house.nik not in told and "Jalan" not in told


@pytest.mark.parametrize("role", ["regent", "guest", "agency", "auditor", "administrator"])
def test_others_are_told_nothing(web_engine: Engine, desks: Desks, role: str) -> None:
    with reading(web_engine, Viewer("somebody", role)) as conn:
        assert get_section_sources(conn, desks.houses[desks.desa][0].id) == {}


def test_every_field_has_its_word() -> None:
    shown = {field for fields in GROUPS.values() for field in fields}
    assert shown <= set(FIELD)
    assert {"nik", "name", "birth_date", "sex", "life_status"} <= set(FIELD)
    assert {field for field in RANKED_FIELDS if field in shown} <= set(FIELD)
