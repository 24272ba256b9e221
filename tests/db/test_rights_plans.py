"""What each role gets of plans: whose, which targets, and which of their columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from db.engine import make_engine, reading, writing
from db.queries.areas import find_densest
from db.rights import web_address
from db.viewer import Viewer
from tests.conftest import MakeDatabase, make_demo, str_of
from tests.plan_samples import REASONS, add_plan, hand_over

PMD, SOCIAL = "Dinas Pemberdayaan Masyarakat dan Desa", "Dinas Sosial"
TABLES = ("plan", "plan_target", "plan_change", "plan_handover", "plan_opening", "delivery")
See = Callable[..., AbstractContextManager[Connection]]


@dataclass(frozen=True)
class Plans:
    """Two plans with the same households: one running and handed over, one a draft."""

    kecamatan: str
    desa: str
    households: dict[int, str]
    running: int
    draft: int
    expired: int
    handover: int
    old_handover: int


def fill_plans(conn: Connection) -> Plans:
    """Write the plans, of two households in every desa."""
    households = dict(
        conn.execute(
            text("""
                SELECT id, area_code FROM (
                    SELECT id, area_code,
                           row_number() OVER (PARTITION BY area_code ORDER BY id) AS n
                    FROM household WHERE kk IS NOT NULL) AS h WHERE n <= 2
            """)
        ).all()
    )
    ids = list(households)
    running, draft = add_plan(conn, ids), add_plan(conn, ids, state="draft", programme="bpnt")
    expired = add_plan(conn, ids, programme="jamban_sehat")
    handover = hand_over(conn, running, PMD)
    old = hand_over(conn, expired, PMD, lasts="-1 day")
    conn.execute(
        text("""
            INSERT INTO delivery (plan_id, household_id, outcome, on_day, user_name, role)
            SELECT plan_id, household_id, 'delivered', '2026-11-20', 'a', 'agency' FROM plan_target
            WHERE plan_id IN (:running, :expired)
        """),
        {"running": running, "expired": expired},
    )
    conn.execute(
        text("INSERT INTO plan_change (plan_id, act, user_name) VALUES (:plan, 'create', 'a')"),
        {"plan": running},
    )
    return Plans(*find_densest(conn), households, running, draft, expired, handover, old)


@pytest.fixture(scope="module")
def plan_register(make_database: MakeDatabase) -> tuple[str, Plans]:
    """A demo register with plans."""
    made: list[Plans] = []
    url = make_demo(make_database("plans"), then=lambda conn: made.append(fill_plans(conn)))
    return url, made[0]


@pytest.fixture(scope="module")
def plans(plan_register: tuple[str, Plans]) -> Plans:
    return plan_register[1]


@pytest.fixture(scope="module")
def web_engine(plan_register: tuple[str, Plans]) -> Iterator[Engine]:
    """The register as the web server reaches it."""
    engine = make_engine(str_of(web_address(plan_register[0])))
    yield engine
    engine.dispose()


@pytest.fixture
def see(web_engine: Engine, plans: Plans) -> See:
    """Open the register as a role."""

    def open_as(role: str, agency: str | None = None) -> object:
        areas = {"task_unit": plans.kecamatan, "village_operator": plans.desa}
        return reading(web_engine, Viewer("a", role, areas.get(role), agency=agency))

    return open_as  # type: ignore[return-value]


def read(conn: Connection, table: str) -> list[dict[str, Any]]:
    rows = conn.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2")).mappings()
    return [dict(row) for row in rows]


def keys(conn: Connection) -> set[tuple[int, int]]:
    return {(row["plan_id"], row["household_id"]) for row in read(conn, "plan_target")}


@pytest.mark.parametrize("role", ["guest", "auditor", "administrator", "nobody", "", "local"])
def test_others_get_nothing(see: See, role: str) -> None:
    with see(role, PMD) as conn:
        assert {table: read(conn, table) for table in TABLES} == {table: [] for table in TABLES}


@pytest.mark.parametrize("role", ["planner", "regent"])
def test_the_regency_s_roles_get_every_plan(see: See, plans: Plans, role: str) -> None:
    with see(role) as conn:
        assert {row["id"] for row in read(conn, "plan")} == {
            plans.running, plans.draft, plans.expired,
        }  # fmt: skip
        assert len(keys(conn)) == 3 * len(plans.households)
        assert len(read(conn, "plan_handover")) == 2
        assert len(read(conn, "plan_change")) == 1
        assert len(read(conn, "delivery")) == 2 * len(plans.households)


@pytest.mark.parametrize("role", ["task_unit", "village_operator"])
def test_roles_of_an_area_get_approved_targets_of_it(see: See, plans: Plans, role: str) -> None:
    area = {"task_unit": plans.kecamatan, "village_operator": plans.desa}[role]
    own = {one for one, code in plans.households.items() if code.startswith(area)}
    with see(role) as conn:
        assert {row["id"] for row in read(conn, "plan")} == {plans.running, plans.expired}
        assert keys(conn) == {(plan, one) for plan in (plans.running, plans.expired) for one in own}
        assert all(row["nik"] and row["address"] for row in read(conn, "plan_target"))
        for table in ("plan_change", "plan_handover", "plan_opening"):
            assert read(conn, table) == []


def test_an_agency_gets_what_was_handed_to_it_until_it_expires(see: See, plans: Plans) -> None:
    with see("agency", PMD) as conn:
        assert {row["id"] for row in read(conn, "plan_handover")} == {
            plans.handover, plans.old_handover,
        }  # fmt: skip
        assert keys(conn) == {(plans.running, one) for one in plans.households}
        for row in read(conn, "plan_target"):
            assert row["kk"] and row["head_name"]
            assert row["reasons"] is row["score"] is row["decile"] is None
        assert read(conn, "household") == read(conn, "person") == []


@pytest.mark.parametrize("agency", [SOCIAL, None, ""])
def test_another_agency_gets_nothing(see: See, agency: str | None) -> None:
    with see("agency", agency) as conn:
        assert {table: read(conn, table) for table in TABLES} == {table: [] for table in TABLES}


@pytest.mark.parametrize("role", ["task_unit", "planner", "guest"])
def test_an_agency_s_name_is_nothing_without_its_role(see: See, plans: Plans, role: str) -> None:
    with see(role, PMD) as conn:
        shown = {(row["plan_id"], row["nik"]) for row in read(conn, "plan_target")}
    with see(role) as conn:
        assert shown == {(row["plan_id"], row["nik"]) for row in read(conn, "plan_target")}


def test_a_planner_s_list_is_masked_and_a_regent_s_has_names(see: See) -> None:
    with see("planner") as conn:
        for row in read(conn, "plan_target"):
            assert row["address"] is row["rt"] is row["rw"] is None
            assert all("********" in row[name] for name in ("nik", "kk") if row[name])
            assert row["reasons"] == REASONS
    with see("regent") as conn:
        for row in read(conn, "plan_target"):
            assert row["nik"] is row["kk"] is row["address"] is row["outcome_note"] is None
            assert row["head_name"]


def test_opening_is_noted_for_the_agency_it_was_handed_to(
    web_engine: Engine, plans: Plans, see: See
) -> None:
    def open_as(viewer: Viewer, handover: int) -> bool:
        with writing(web_engine, viewer) as conn:
            noted = conn.scalar(text("SELECT note_opening(:one, 'page')"), {"one": handover})
        return bool(noted)

    own = Viewer("petugas", "agency", agency=PMD)
    assert open_as(own, plans.handover)
    assert not open_as(own, plans.old_handover)
    assert not open_as(Viewer("petugas", "agency", agency=SOCIAL), plans.handover)
    assert not open_as(Viewer("petugas", "planner", agency=PMD), plans.handover)
    with see("planner") as conn:
        assert [(row["user_name"], row["form"]) for row in read(conn, "plan_opening")] == [
            ("petugas", "page")
        ]
