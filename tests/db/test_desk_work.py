"""From the desks through the worker to the register, and back: decisions, refusals, decrees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from dash import Dash
from sqlalchemy import Engine, text

from dashboard.app import create_app
from dashboard.jobs.run import run_waiting_jobs
from dashboard.settings import Settings
from db.engine import make_engine
from tests.conftest import MakeDatabase, client_as, make_demo
from tests.db.test_desk_pages import DECREE, post, read_page
from tests.desk_samples import Desks, fill_desks


@pytest.fixture(scope="module")
def register(make_database: MakeDatabase) -> tuple[str, Desks]:
    """A demo of this module's own, which its tests change."""
    made: list[Desks] = []
    url = make_demo(make_database("deskwork"), then=lambda conn: made.append(fill_desks(conn)))
    return url, made[0]


@pytest.fixture(scope="module")
def app(register: tuple[str, Desks], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dash]:
    settings = Settings(database_url=register[0], home=tmp_path_factory.mktemp("home"))
    made = create_app(settings)
    yield made
    made.server.extensions["engine"].dispose()


@pytest.fixture(scope="module")
def owner(register: tuple[str, Desks]) -> Iterator[Engine]:
    engine = make_engine(register[0], statement_timeout_ms=0)
    yield engine
    engine.dispose()


def ask(engine: Engine, statement: str, **values: Any) -> Any:
    with engine.connect() as conn:
        return conn.execute(text(statement), values).one()


ROW = """
    SELECT decision, decided_by, household_id FROM import_row
    WHERE (batch_id, row_number) = (:batch, :row)
"""


def test_a_decision_reaches_the_register_and_comes_back(
    app: Dash, owner: Engine, register: tuple[str, Desks]
) -> None:
    desks = register[1]
    client = client_as(app, "village_operator")
    page = read_page(client, "/data/review")
    house = desks.houses[desks.desa][0].id
    key = {"batch": desks.regency_batch, "row": 1}
    case = f"{desks.regency_batch}-1"
    answer = post(
        client, "/data/review/decide", page, case=case, decision="joined", household=str(house)
    )
    assert run_waiting_jobs(owner) == 1
    assert tuple(ask(owner, ROW, **key)) == ("joined", desks.operator, house)
    assert "Tersimpan: sama." in read_page(client, answer.headers["Location"])
    shown = read_page(client, f"/data/review?case={case}")
    assert f"Sudah diputuskan: sama, oleh {desks.operator}" in shown

    undone = post(client, "/data/review/undo", shown, case=case)
    assert f"case={case}" in undone.headers["Location"]
    assert run_waiting_jobs(owner) == 1
    assert tuple(ask(owner, ROW, **key)) == (None, None, None)
    page = read_page(client, undone.headers["Location"])
    assert "Keputusan diurungkan." in page and 'value="joined"' in page


def test_who_comes_second_is_told_who_was_first(
    app: Dash, owner: Engine, register: tuple[str, Desks]
) -> None:
    desks = register[1]
    case = f"{desks.regency_batch}-2"
    first, second = client_as(app, "task_unit"), client_as(app, "village_operator")
    pages = [read_page(one, f"/data/review?case={case}") for one in (first, second)]
    for client, page in zip((first, second), pages, strict=True):
        assert (
            post(client, "/data/review/decide", page, case=case, decision="new").status_code == 303
        )
    assert run_waiting_jobs(owner) == 2
    told = read_page(second, "/data/review")
    assert re.search(
        rf"Keputusan tidak disimpan: .*test-task-unit-{re.escape(desks.kecamatan)}", told
    )
    assert "Keputusan tidak disimpan" not in read_page(first, "/data/review")


def test_a_decree_changes_standings_and_stands_on_the_card(
    app: Dash, owner: Engine, register: tuple[str, Desks]
) -> None:
    desks = register[1]
    with owner.connect() as conn:
        chosen = list(
            conn.scalars(
                text("""
                    SELECT id FROM household WHERE starts_with(area_code, :area)
                      AND status = 'unverified' ORDER BY id LIMIT 3
                """),
                {"area": desks.kecamatan},
            )
        )
    client = client_as(app, "task_unit")
    page = read_page(client, "/data/verification")
    fields = {"household": chosen, "status": "verified", **DECREE, "is_sure": "yes"}
    answer = post(client, "/data/verification", page, **fields)
    assert run_waiting_jobs(owner) == 1
    assert f"Tersimpan untuk {len(chosen)} keluarga." in read_page(
        client, answer.headers["Location"]
    )
    standing = "SELECT array_agg(DISTINCT status) FROM household WHERE id = ANY(:ids)"
    assert ask(owner, standing, ids=chosen)[0] == ["verified"]
    history = read_page(client, f"/households/{chosen[0]}/verifications")
    assert "188/45/2026" in history and f"test-task-unit-{desks.kecamatan}" in history
    found = ask(
        owner, "SELECT count(*) FROM verification WHERE household_id = ANY(:ids)", ids=chosen
    )
    assert found[0] >= len(chosen)
