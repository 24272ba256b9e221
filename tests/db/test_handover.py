"""A list handed to an agency: to whom, for how long, and what it and others then see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from db.plans.handed import (
    HandoverClosed,
    HandoverNotFound,
    get_handed,
    list_handed,
    note_opening,
)
from db.plans.handover import (
    HandoverRefused,
    InvalidHandover,
    hand_over,
    list_handovers,
    revoke,
)
from db.plans.progress import list_deliveries
from db.plans.queries import PlanNotFound
from db.queries.catalogue import list_agencies
from db.viewer import LOCAL_VIEWER, Viewer, bind_viewer
from tests.db.plan_samples import (
    AGENCY,
    OTHER_AGENCY,
    PURPOSE,
    choose_households,
    expire,
    hand,
    make_plan,
)

OWN = Viewer(user="dpmd", role="agency", agency=AGENCY)
OTHER = Viewer(user="dinsos", role="agency", agency=OTHER_AGENCY)
NAMELESS = Viewer(user="dinas", role="agency")
PLANNER = Viewer(user="perencana", role="planner")


@contextmanager
def seeing(conn: Connection, viewer: Viewer) -> Iterator[None]:
    """Read as the web login does, in somebody's name."""
    conn.execute(text("SET LOCAL ROLE kentongan_web"))
    conn.execute(text("SET LOCAL search_path = masked, public"))
    bind_viewer(conn, viewer)
    try:
        yield
    finally:
        conn.execute(text("RESET ROLE"))
        conn.execute(text("SET LOCAL search_path = public"))
        bind_viewer(conn, LOCAL_VIEWER)


@pytest.fixture
def plan(demo_conn: Connection) -> int:
    return make_plan(demo_conn, choose_households(demo_conn, 12))


def count_targets(conn: Connection, viewer: Viewer) -> int:
    with seeing(conn, viewer):
        return int(conn.execute(text("SELECT count(*) FROM plan_target")).scalar_one())


def test_a_list_goes_to_its_agency_and_nobody_elses(demo_conn: Connection, plan: int) -> None:
    assert count_targets(demo_conn, OWN) == 0
    number = hand(demo_conn, plan)
    make_plan(demo_conn, choose_households(demo_conn, 30)[12:])  # another plan, handed to nobody
    assert count_targets(demo_conn, OWN) == 12
    assert count_targets(demo_conn, OTHER) == count_targets(demo_conn, NAMELESS) == 0
    with seeing(demo_conn, OWN):
        (handed,) = list_handed(demo_conn)
        assert (handed.id, handed.plan_id, handed.targets, handed.recorded) == (number, plan, 12, 0)
        assert (handed.purpose, handed.period, handed.is_open) == (PURPOSE, "2026", True)
        first = list_deliveries(demo_conn, plan).lines[0]
        assert first.nik and len(first.nik) == 16 and "*" not in first.nik
        assert demo_conn.execute(text("SELECT count(*) FROM household")).scalar_one() == 0
        assert demo_conn.execute(text("SELECT count(*) FROM person")).scalar_one() == 0
    with seeing(demo_conn, OTHER):
        assert list_handed(demo_conn) == ()
        with pytest.raises(HandoverNotFound):
            get_handed(demo_conn, number)


def test_an_agency_learns_who_but_not_why(demo_conn: Connection, plan: int) -> None:
    hand(demo_conn, plan)
    with seeing(demo_conn, OWN):
        row = demo_conn.execute(
            text("SELECT score, reasons, decile, member_count FROM plan_target LIMIT 1")
        ).one()
        assert tuple(row) == (None, None, None, None)
        assert demo_conn.execute(text("SELECT result FROM plan")).scalar_one() is None


def test_what_expired_or_was_taken_back_is_closed_with_a_sentence(
    demo_conn: Connection, plan: int
) -> None:
    first = hand(demo_conn, plan)
    revoke(demo_conn, plan, first, user="perencana")
    second = hand(demo_conn, plan)
    expire(demo_conn, second)
    assert count_targets(demo_conn, OWN) == 0
    with seeing(demo_conn, OWN):
        for number, why in ((first, "dicabut"), (second, "hanya terbuka sampai")):
            with pytest.raises(HandoverClosed, match=why) as fault:
                get_handed(demo_conn, number)
            assert fault.value.status == 403
            with pytest.raises(HandoverClosed):
                note_opening(demo_conn, number, "page")
        assert [one.is_open for one in list_handed(demo_conn)] == [False, False]
    assert all(one.opening_count == 0 for one in list_handovers(demo_conn, plan))


def test_the_planner_sees_who_opened_it_and_when(demo_conn: Connection, plan: int) -> None:
    number = hand(demo_conn, plan)
    with seeing(demo_conn, OWN):
        for form in ("page", "xlsx", "pdf"):
            note_opening(demo_conn, number, form)
    with seeing(demo_conn, PLANNER):
        (handover,) = list_handovers(demo_conn, plan)
    assert handover.opening_count == 3
    assert [(one.user, one.form) for one in handover.openings] == [
        ("dpmd", "pdf"), ("dpmd", "xlsx"), ("dpmd", "page"),
    ]  # fmt: skip
    with seeing(demo_conn, OWN):
        assert list_handovers(demo_conn, plan)[0].openings == ()  # not its business


def test_openings_are_counted_for_the_agency_itself_only(demo_conn: Connection, plan: int) -> None:
    number = hand(demo_conn, plan)
    for viewer in (OTHER, NAMELESS, PLANNER):
        with seeing(demo_conn, viewer):
            said = demo_conn.scalar(text("SELECT note_opening(:n, 'page')"), {"n": number})
        assert said is False
    assert list_handovers(demo_conn, plan)[0].opening_count == 0


def test_it_is_noted_with_the_plan(demo_conn: Connection, plan: int) -> None:
    revoke(demo_conn, plan, hand(demo_conn, plan), user="atasan")
    rows = demo_conn.execute(
        text("SELECT act, user_name FROM plan_change WHERE plan_id = :plan ORDER BY id"),
        {"plan": plan},
    )
    assert [tuple(row) for row in rows] == [("hand_over", "perencana"), ("revoke", "atasan")]


@pytest.mark.parametrize(
    ("agency", "purpose", "days", "why"),
    [
        ("Dinas Kebudayaan", PURPOSE, 30, "bukan pelaksana"),
        (AGENCY, "segera", 30, "10 sampai 300"),
        (AGENCY, "a         b", 30, "10 sampai 300"),
        (AGENCY, "x" * 301, 30, "10 sampai 300"),
        (AGENCY, PURPOSE, -1, "sudah lewat"),
        (AGENCY, PURPOSE, 380, "satu tahun"),
    ],
)
def test_what_cant_be_handed_over_is_refused(
    demo_conn: Connection, plan: int, agency: str, purpose: str, days: int, why: str
) -> None:
    until = datetime.now(UTC) + timedelta(days=days)
    with pytest.raises(InvalidHandover, match=why):
        hand_over(demo_conn, plan, agency, purpose, until, user="perencana")
    assert list_handovers(demo_conn, plan) == ()


@pytest.mark.parametrize("state", ["draft", "proposed", "closed"])
def test_only_a_frozen_list_is_handed_over(demo_conn: Connection, state: str) -> None:
    plan = make_plan(demo_conn, choose_households(demo_conn, 3), state=state)
    with pytest.raises(HandoverRefused, match="disetujui"):
        hand(demo_conn, plan)
    with pytest.raises(PlanNotFound):
        hand(demo_conn, 10**9)


def test_an_agency_holds_a_list_once(demo_conn: Connection, plan: int) -> None:
    number = hand(demo_conn, plan)
    with pytest.raises(HandoverRefused, match="masih memegang"):
        hand(demo_conn, plan)
    hand(demo_conn, plan, agency=OTHER_AGENCY)
    revoke(demo_conn, plan, number, user="perencana")
    with pytest.raises(HandoverRefused, match="sudah dicabut"):
        revoke(demo_conn, plan, number, user="perencana")
    assert hand(demo_conn, plan) != number


def test_the_agencies_are_those_of_the_programmes(demo_conn: Connection) -> None:
    assert {AGENCY, OTHER_AGENCY} <= set(list_agencies(demo_conn))
