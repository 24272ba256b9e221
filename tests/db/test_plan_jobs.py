"""What planners and approvers ask for, from the job to the log. All people are invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from dashboard.jobs.run import run_waiting_jobs
from db.engine import make_engine, reading
from db.jobs import Job, get_job
from db.plans.queries import Plan, get_plan, list_coverage, list_targets
from db.rights import web_address
from db.viewer import Viewer
from geo.errors import AccessDenied
from tests.conftest import MakeDatabase, make_demo
from tests.db.job_samples import PLANNER, submit

OTHER = Viewer(user="perencana-lain", role="planner")
REGENT = Viewer(user="bupati", role="regent")
SETTINGS: dict[str, Any] = {
    "period": "2026",
    "quota": "150",
    "unit_cost_idr": "2.500.000",
    "split": {"by": "need", "floor": "", "most": ""},
}
ABOUT = {"name": "Kanggo Riko 2026", "programme": "kanggo_riko", "settings": SETTINGS}


@pytest.fixture(scope="module")
def owner(make_database: MakeDatabase) -> Iterator[Engine]:
    engine = make_engine(make_demo(make_database("planjobs")), statement_timeout_ms=0)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def web(owner: Engine) -> Iterator[Engine]:
    """As the web server reaches the same database."""
    address = web_address(owner.url.render_as_string(hide_password=False))
    engine = create_engine(address, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def no_plans(owner: Engine) -> Iterator[None]:
    yield
    with owner.begin() as conn:
        conn.execute(text("DELETE FROM plan"))


def do(owner: Engine, web: Engine, viewer: Viewer, kind: str, **args: Any) -> Job:
    number = submit(web, kind, args, viewer)
    assert run_waiting_jobs(owner) == 1
    with reading(web, viewer) as conn:
        return get_job(conn, number)


def make_proposed(owner: Engine, web: Engine) -> dict[str, Any]:
    made = do(owner, web, PLANNER, "plan", act="create", compute=True, **ABOUT).result
    assert made and made["revision"] == 2
    done = do(owner, web, PLANNER, "plan", act="propose", **made)
    assert done.state == "done", done.message
    return dict(done.result or {})


def see(web: Engine, viewer: Viewer, plan_id: int) -> Plan:
    with reading(web, viewer) as conn:
        return get_plan(conn, plan_id)


def test_from_the_first_draft_to_the_end(owner: Engine, web: Engine) -> None:
    plan = make_proposed(owner, web)
    decree = {"decree_number": "188/99/KEP/2026", "decree_date": "2026-02-01"}
    plan = dict(do(owner, web, REGENT, "approve", act="approve", **plan, **decree).result or {})
    for act in ("start", "close"):
        plan = dict(do(owner, web, OTHER, "plan", act=act, **plan).result or {})
    seen = see(web, PLANNER, plan["plan"])
    assert (seen.state, seen.approved_by, seen.decree_date) == (
        "closed",
        "bupati",
        date(2026, 2, 1),
    )
    assert seen.result and seen.result.targets == 150
    with owner.connect() as conn:
        events = conn.execute(
            text("""
                SELECT user_name, role, detail ->> 'act', detail ->> 'plan' FROM audit_event
                WHERE action = 'change' AND detail ->> 'what' = 'plan' AND detail ->> 'plan' = :plan
                ORDER BY id
            """),
            {"plan": str(plan["plan"])},
        ).all()
    assert [tuple(event)[:3] for event in events] == [
        ("perencana", "planner", "create"),
        ("perencana", "planner", "propose"),
        ("bupati", "regent", "approve"),
        ("perencana-lain", "planner", "start"),
        ("perencana-lain", "planner", "close"),
    ]


def test_who_proposed_can_not_approve_and_nothing_happens(owner: Engine, web: Engine) -> None:
    plan = make_proposed(owner, web)
    job = do(owner, web, PLANNER, "approve", act="approve", **plan)
    assert job.state == "failed" and "orang lain" in str(job.message)
    assert see(web, PLANNER, plan["plan"]).state == "proposed"
    back = do(owner, web, OTHER, "approve", act="return", note="Kurangi kuota", **plan)
    assert back.state == "done"
    assert see(web, PLANNER, plan["plan"]).state == "draft"


def test_the_second_of_two_editors_is_told_who_was_faster(owner: Engine, web: Engine) -> None:
    made = dict(do(owner, web, PLANNER, "plan", act="create", **ABOUT).result or {})
    about = {**made, "name": "Punya lain", "settings": SETTINGS}
    assert do(owner, web, OTHER, "plan", act="save", **about).state == "done"
    late = do(owner, web, PLANNER, "plan", act="save", **about | {"name": "Punya pertama"})
    assert late.state == "failed" and "perencana-lain sudah menyimpan" in str(late.message)
    assert see(web, PLANNER, made["plan"]).name == "Punya lain"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"budget_idr": "-5"}, "negatif"),
        ({"quota": ""}, "kuota, anggaran, atau keduanya"),
        ({"due_on": (date.today() - timedelta(days=2)).isoformat()}, "sudah lewat"),
    ],
)
def test_settings_that_no_plan_can_have_leave_nothing_behind(
    owner: Engine, web: Engine, settings: dict[str, Any], words: str
) -> None:
    about = ABOUT | {"settings": SETTINGS | settings}
    job = do(owner, web, PLANNER, "plan", act="create", compute=True, **about)
    assert job.state == "failed" and words in str(job.message)
    with owner.connect() as conn:
        assert conn.scalar(text("SELECT count(*) FROM plan")) == 0


def test_copies_and_deletions(owner: Engine, web: Engine) -> None:
    plan = make_proposed(owner, web)
    copy = do(owner, web, OTHER, "plan", act="copy", plan=plan["plan"], name="Salinan")
    made = dict(copy.result or {})
    assert see(web, OTHER, made["plan"]).state == "draft"
    gone = do(owner, web, OTHER, "plan", act="delete", **made)
    assert gone.state == "done"
    refused = do(owner, web, OTHER, "plan", act="delete", **plan)
    assert refused.state == "failed" and "sudah diusulkan" in str(refused.message)


@pytest.mark.parametrize("kind", ["plan", "approve"])
def test_what_is_no_act_is_refused(owner: Engine, web: Engine, kind: str) -> None:
    job = do(owner, web, PLANNER, kind, act="burn", plan=1, revision=1)
    assert job.state == "failed" and "tidak dapat dilakukan" in str(job.message)


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        ("regent", ("plan",)),
        ("agency", ("plan", "approve")),
        ("task_unit", ("plan", "approve")),
        ("village_operator", ("plan", "approve")),
        ("guest", ("plan", "approve")),
        ("auditor", ("plan", "approve")),
    ],
)
def test_other_roles_neither_plan_nor_approve(
    web: Engine, role: str, kinds: tuple[str, ...]
) -> None:
    for kind in kinds:
        with pytest.raises(AccessDenied):
            submit(web, kind, {"act": "create"}, Viewer(user="orang", role=role))


def test_roles_see_of_a_list_what_they_may(owner: Engine, web: Engine) -> None:
    plan = make_proposed(owner, web)
    plan = dict(do(owner, web, REGENT, "approve", act="approve", **plan).result or {})
    number = plan["plan"]
    with reading(web, PLANNER) as conn:
        lines = list_targets(conn, number).lines
        assert all(line.nik is None or "*" in line.nik for line in lines)
        assert all(line.address is None for line in lines) and list_coverage(conn, number)
    with reading(web, REGENT) as conn:
        assert {line.nik for line in list_targets(conn, number).lines} == {None}
    kecamatan = lines[0].area_code[:8]
    with reading(web, Viewer(user="satgas", role="task_unit", area=kecamatan)) as conn:
        page = list_targets(conn, number)
        assert 0 < page.total < 150
        assert all(line.area_code.startswith(kecamatan) for line in page.lines)
        seen = get_plan(conn, number)
        assert seen.result is None and sum(seen.outcomes.values()) == page.total
        assert list_coverage(conn, number) == ()
    with reading(web, Viewer(user="dinas", role="agency", agency="Dinas Sosial")) as conn:
        assert list_targets(conn, number).total == 0
