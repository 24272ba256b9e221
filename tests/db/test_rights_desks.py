"""What each role gets of the desks' tables: exactly which rows, and which of their columns."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from db.engine import make_engine, reading
from db.rights import web_address
from db.viewer import LOCAL_VIEWER, Viewer
from tests.conftest import str_of
from tests.desk_samples import PLANNER, Desks

TABLES = (
    "import_batch", "import_row", "match_candidate", "household_record", "person_record",
    "verification", "position_fault", "job",
)  # fmt: skip
WITHOUT = ("regent", "guest", "agency", "auditor", "administrator", "nobody", "")
See = Callable[..., AbstractContextManager[Connection]]


@pytest.fixture(scope="module")
def web_engine(desk_register: tuple[str, Desks]) -> Iterator[Engine]:
    """The register as the web server reaches it."""
    engine = make_engine(str_of(web_address(desk_register[0])))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def owner(desk_register: tuple[str, Desks]) -> Iterator[Engine]:
    """The register as its owner sees it."""
    engine = create_engine(desk_register[0].replace("postgresql://", "postgresql+psycopg://"))
    yield engine
    engine.dispose()


@pytest.fixture
def see(web_engine: Engine, desks: Desks) -> See:
    """Open the register as a role, in its area of the samples."""

    def open_as(role: str, user: str = "somebody", area: str | None = None) -> object:
        areas = {"task_unit": desks.kecamatan, "village_operator": desks.desa}
        return reading(web_engine, Viewer(user, role, area or areas.get(role)))

    return open_as  # type: ignore[return-value]


def list_rows(conn: Connection, table: str, order: str = "1, 2") -> list[dict[str, Any]]:
    rows = conn.execute(text(f"SELECT * FROM {table} ORDER BY {order}")).mappings()
    return [dict(row) for row in rows]


def keys(rows: list[dict[str, Any]]) -> set[tuple[int, int]]:
    return {(row["batch_id"], row["row_number"]) for row in rows}


def everything(conn: Connection) -> str:
    """Write all that a viewer gets of the desks' tables as one text."""
    return json.dumps({table: list_rows(conn, table) for table in TABLES}, default=str)


def ids_in(desks: Desks, *areas: str) -> set[int]:
    return {desks.houses[area][0].id for area in areas}


@pytest.mark.parametrize("role", WITHOUT)
@pytest.mark.parametrize("user", ["somebody", PLANNER, ""])
def test_other_roles_get_no_row(see: See, role: str, user: str) -> None:
    with see(role, user=user) as conn:
        assert {table: list_rows(conn, table) for table in (*TABLES, "aid_record")} == {
            table: [] for table in (*TABLES, "aid_record")
        }


def test_the_command_line_gets_all_and_nobody_becomes_it(
    see: See, owner: Engine, desks: Desks
) -> None:
    with reading(owner, LOCAL_VIEWER) as conn:
        assert len(list_rows(conn, "import_row")) == 13
        assert len(list_rows(conn, "match_candidate")) == 11
    with see("local", user="local") as conn:
        assert all(list_rows(conn, table) == [] for table in TABLES)


# --- Rows ---------------------------------------------------------------------------------------


def test_a_planner_gets_every_row(see: See, desks: Desks) -> None:
    with see("planner") as conn:
        assert len(list_rows(conn, "import_row")) == 13
        assert len(list_rows(conn, "match_candidate")) == 11
        batches = list_rows(conn, "import_batch")
        assert {row["id"] for row in batches if row["kind"] == "households"} == {
            desks.regency_batch, desks.own_batch, desks.far_batch,
        }  # fmt: skip
        for table in ("household_record", "verification", "position_fault"):
            found = {row["household_id"] for row in list_rows(conn, table)}
            assert found == ids_in(desks, desks.desa, desks.near, desks.far)
        assert list_rows(conn, "job") == []


@pytest.mark.parametrize("role", ["task_unit", "village_operator"])
def test_roles_of_an_area_get_its_rows_only(see: See, desks: Desks, role: str) -> None:
    areas = [desks.desa] if role == "village_operator" else [desks.desa, desks.near]
    numbers = range(1, 4) if role == "village_operator" else range(1, 7)
    waiting = {(desks.regency_batch, number) for number in numbers} | {(desks.own_batch, 1)}
    with see(role) as conn:
        assert keys(list_rows(conn, "import_row")) == waiting | {(desks.regency_batch, 90)}
        assert keys(list_rows(conn, "match_candidate")) == waiting
        assert list_rows(conn, "import_batch") == []
        for table in ("household_record", "verification", "position_fault"):
            found = {row["household_id"] for row in list_rows(conn, table)}
            assert found == ids_in(desks, *areas)
        people = {row["person_id"] for row in list_rows(conn, "person_record")}
        assert people == {desks.houses[area][0].person for area in areas}


def test_who_brought_a_file_gets_all_rows_of_it(see: See, desks: Desks) -> None:
    with see("village_operator", user=desks.operator) as conn:
        rows = list_rows(conn, "import_row")
        assert {key for key in keys(rows) if key[0] == desks.own_batch} == {
            (desks.own_batch, 1), (desks.own_batch, 2),
        }  # fmt: skip
        assert [row["id"] for row in list_rows(conn, "import_batch")] == [desks.own_batch]
        assert all(row["content"] for row in rows)


def test_an_operator_who_moves_leaves_the_rows_behind(see: See, desks: Desks) -> None:
    with see("village_operator", user=desks.operator, area=desks.near) as conn:
        shown = {row["area_code"] for row in list_rows(conn, "import_row")}
        assert shown == {desks.near}
        assert list_rows(conn, "job") == []


def test_jobs_are_seen_by_who_asked_for_them(see: See, desks: Desks) -> None:
    with see("village_operator", user=desks.operator) as conn:
        assert [row["user_name"] for row in list_rows(conn, "job")] == [desks.operator]
    with see("planner", user=desks.operator) as conn:
        assert list_rows(conn, "job") == []


# --- Columns ------------------------------------------------------------------------------------


def test_a_planner_gets_no_number_and_no_address(see: See, desks: Desks) -> None:
    with see("planner") as conn:
        text_of_all = everything(conn)
        rows = list_rows(conn, "import_row")
        faults = list_rows(conn, "position_fault")
        records = list_rows(conn, "household_record")
        people = list_rows(conn, "person_record")
    houses = [house for found in desks.houses.values() for house in found]
    for secret in (
        *(house.kk for house in houses),
        *(house.nik for house in houses),
        *("Jalan", "RAHASIA", "KUNCI", "ASLI", "TERTOLAK", "3510041201700001", "1970-02-03"),
    ):
        assert secret not in text_of_all
    waiting = [row for row in rows if row["outcome"] == "review"]
    assert {key for row in waiting for key in row["checked"]} == {
        "head_name", "sex", "area_code", "decile", "nik", "kk", "birth_year",
    }  # fmt: skip
    assert all("********" in row["checked"]["nik"] for row in waiting)
    assert {row["content"] for row in rows} == {None}
    assert {json.dumps(row["detail"]) for row in faults} == {'{"count": 2}'}
    assert {row["proposed"] for row in faults} == {None}
    hidden = ("external_id", "address", "rt", "rw", "location", "accuracy_m", "location_source")
    assert {row[name] for row in records for name in hidden} == {None}
    assert {row["birth_date"] for row in people} == {None}


def test_a_planner_reads_the_rows_of_a_file_of_ones_own(see: See, desks: Desks) -> None:
    with see("planner", user=PLANNER) as conn:
        rows = list_rows(conn, "import_row")
    own = [row for row in rows if row["batch_id"] == desks.regency_batch]
    others = [row for row in rows if row["batch_id"] != desks.regency_batch]
    assert all("NIK" in row["content"] for row in own)
    assert {row["content"] for row in others} == {None}
    assert any("Jalan Rahasia" in row["checked"]["address"] for row in own if row["checked"])


@pytest.mark.parametrize("role", ["task_unit", "village_operator"])
def test_roles_of_an_area_read_whole_rows(see: See, desks: Desks, role: str) -> None:
    with see(role) as conn:
        rows = list_rows(conn, "import_row")
        records = list_rows(conn, "household_record")
        faults = list_rows(conn, "position_fault")
        text_of_all = everything(conn)
    assert all(row["content"] for row in rows)
    assert all(row["checked"]["a_later_field"] for row in rows if row["checked"])
    assert all(row["address"] and row["location"] and row["kk"] for row in records)
    assert all(row["proposed"] and row["detail"]["distance_m"] for row in faults)
    for house in desks.houses[desks.far]:
        assert house.kk not in text_of_all
        assert house.nik not in text_of_all


@pytest.mark.parametrize(
    ("role", "is_told"), [("planner", True), ("task_unit", True), ("regent", False)]
)
def test_who_works_on_a_household_knows_its_batch(
    see: See, desks: Desks, role: str, is_told: bool
) -> None:
    with see(role) as conn:
        house = desks.houses[desks.desa][0].id
        batch = conn.scalar(text("SELECT batch_id FROM household WHERE id = :id"), {"id": house})
    assert batch == (desks.regency_batch if is_told else None)
