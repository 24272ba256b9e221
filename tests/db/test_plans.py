"""Plans on a real register: the list, its seal, two editors, two plans. All people are invented."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from db.engine import make_engine, writing
from db.plans.approval import Decree, approve, close, propose, return_plan, start, withdraw
from db.plans.compute import compute_plan
from db.plans.frozen import hash_list, verify_list
from db.plans.queries import (
    PlanNotFound,
    compare_plans,
    get_plan,
    list_coverage,
    list_plan_changes,
    list_plans,
    list_targets,
)
from db.plans.store import PlanRefused, copy_plan, create_plan, delete_plan, save_plan
from db.viewer import LOCAL_VIEWER
from geo.errors import StaleEdit
from geo.plan_settings import PlanSettings, Ranking, Split
from tests.conftest import MakeDatabase, make_demo

MAKER, OTHER, THIRD = "bu-perencana", "pak-perencana", "bupati"
QUOTA = PlanSettings("2026", quota=200, unit_cost_idr=2_500_000)
DECREE = Decree("188/77/2026", date(2026, 1, 5))
SERVED = text("""
    UPDATE programme AS p SET served_years = v.years, excludes = v.excludes::text[]
    FROM (VALUES ('kanggo_riko', NULL::smallint, '{mitra_mapan}'), ('mitra_mapan', 1, '{}'))
        AS v (code, years, excludes)
    WHERE p.code = v.code
""")
_REFRESH = text("""
    SELECT refresh_programme_flags(ARRAY(SELECT area_code FROM household_order))
""")


def say_served(conn: Connection) -> None:
    """Say how long two programmes serve, and that one excludes the other."""
    conn.execute(SERVED)
    conn.execute(_REFRESH)


@pytest.fixture(scope="module")
def plans_engine(make_database: MakeDatabase) -> Iterator[Engine]:
    url = make_demo(make_database("planlists"), then=say_served)
    engine = make_engine(url, statement_timeout_ms=0)
    yield engine
    engine.dispose()


@pytest.fixture
def owner(plans_engine: Engine) -> Iterator[Connection]:
    """A transaction of the owner, taken back at the end."""
    with plans_engine.connect() as conn:
        transaction = conn.begin()
        yield conn
        transaction.rollback()


def make(conn: Connection, settings: PlanSettings = QUOTA, **more: Any) -> int:
    about = {"name": "Putaran uji", "programme": "kanggo_riko", "area": None, "user": MAKER} | more
    return create_plan(conn, settings=settings, **about)


def make_list(conn: Connection, settings: PlanSettings = QUOTA, **more: Any) -> int:
    plan_id = make(conn, settings, **more)
    assert compute_plan(conn, plan_id, 1, user=MAKER) == 2
    return plan_id


def make_approved(conn: Connection, settings: PlanSettings = QUOTA, **more: Any) -> int:
    plan_id = make_list(conn, settings, **more)
    propose(conn, plan_id, 2, user=MAKER)
    approve(conn, plan_id, 3, user=OTHER, decree=DECREE)
    return plan_id


def read_list(conn: Connection, plan_id: int) -> list[tuple[Any, ...]]:
    rows = conn.execute(
        text("SELECT * FROM plan_target WHERE plan_id = :id ORDER BY rank"), {"id": plan_id}
    )
    return [tuple(row)[1:] for row in rows]


def list_households(conn: Connection, plan_id: int) -> list[int]:
    return [row[0] for row in read_list(conn, plan_id)]


ORACLE = text("""
    SELECT h.id
    FROM household AS h JOIN admin_area AS d ON d.code = h.area_code CROSS JOIN rule_state AS s
    WHERE h.decile <= 4 AND h.status IN ('unverified', 'verified')
      AND NOT EXISTS (SELECT FROM aid AS a WHERE a.household_id = h.id AND a.status = 'received'
                      AND (a.programme_code = 'kanggo_riko'
                           OR a.programme_code = 'mitra_mapan'
                           AND period_end(a.period) > s.day - interval '1 year'))
      AND (:kind = 'all' OR d.kind = :kind)
    ORDER BY
        NOT EXISTS (SELECT FROM person AS p WHERE p.household_id = h.id AND p.sex = 'female'
                    AND p.relationship = 'head' AND p.life_status = 'alive'),
        h.decile, bit_count(h.needs::bit(64)) DESC,
        least(s.day, greatest(h.as_of, (SELECT max(period_end(period)) FROM aid
                                        WHERE household_id = h.id AND status = 'received'))),
        h.member_count DESC, sha256(convert_to('kanggo_riko:2026:' || h.id, 'UTF8'))
    LIMIT :quota
""")


def test_the_list_is_what_a_plain_query_of_the_register_gives(owner: Connection) -> None:
    plan_id = make_list(owner)
    assert list_households(owner, plan_id) == list(
        owner.scalars(ORACLE, {"kind": "all", "quota": 200})
    )


def test_kelurahan_can_be_left_out(owner: Connection) -> None:
    plan_id = make_list(owner, replace(QUOTA, villages="desa"))
    assert list_households(owner, plan_id) == list(
        owner.scalars(ORACLE, {"kind": "desa", "quota": 200})
    )


@pytest.mark.parametrize(
    "settings",
    [
        QUOTA,
        replace(QUOTA, split=Split("need", floor=1, most=4)),
        replace(QUOTA, split=Split("equal"), ranking=Ranking("waiting"), puts_first=False),
        replace(
            QUOTA,
            ranking=Ranking("weights", {"decile": 50, "needs": 30, "waiting": 20}),
            villages="kelurahan",
        ),
    ],
)
def test_the_same_plan_gives_the_same_list_byte_for_byte(
    owner: Connection, settings: PlanSettings
) -> None:
    plan_id = make_list(owner, settings)
    first, seal = read_list(owner, plan_id), hash_list(owner, plan_id)
    result = get_plan(owner, plan_id).result
    # Rows are stored in another order, which says nothing.
    owner.execute(text("UPDATE household SET address = address WHERE id % 3 = 0"))
    owner.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    compute_plan(owner, plan_id, 2, user=OTHER)
    assert read_list(owner, plan_id) == first
    assert hash_list(owner, plan_id) == seal
    again = get_plan(owner, plan_id).result
    assert result and again and replace(again, computed_at=result.computed_at) == result


def test_anybody_with_the_list_can_work_out_its_seal(owner: Connection) -> None:
    plan_id = make_list(owner, replace(QUOTA, quota=20))
    rows = owner.execute(
        text("""
            SELECT t.rank, t.household_id, t.area_code, p.nik, h.head_name, 2500000
            FROM plan_target AS t JOIN household AS h ON h.id = t.household_id
            JOIN person AS p ON p.household_id = h.id AND p.relationship = 'head'
            WHERE t.plan_id = :id ORDER BY t.rank
        """),
        {"id": plan_id},
    )
    lines = "".join(f"{json.dumps(list(row), separators=(',', ':'))}\n" for row in rows)
    assert hash_list(owner, plan_id) == hashlib.sha256(lines.encode()).hexdigest()


def test_a_bigger_quota_holds_the_smaller_list(owner: Connection) -> None:
    small = list_households(owner, make_list(owner))
    large = list_households(owner, make_list(owner, replace(QUOTA, quota=500)))
    assert large[: len(small)] == small


def test_a_quota_above_the_eligible_is_used_as_far_as_it_goes_and_says_so(
    owner: Connection,
) -> None:
    plan = get_plan(owner, make_list(owner, replace(QUOTA, quota=100_000)))
    assert plan.result
    everybody = owner.scalars(ORACLE, {"kind": "all", "quota": 100_000}).all()
    assert plan.result.targets == plan.result.candidates == len(everybody)
    assert plan.result.left == 100_000 - len(everybody)
    assert [dict(note) for note in plan.result.notes] == [
        {
            "kind": "few_candidates",
            "places": 100_000,
            "candidates": len(everybody),
            "left": plan.result.left,
        }
    ]
    assert plan.result.amount_idr == 2_500_000 * len(everybody)


def test_after_approval_nothing_of_the_register_changes_list_or_seal(owner: Connection) -> None:
    plan_id = make_approved(owner)
    before, seal = read_list(owner, plan_id), get_plan(owner, plan_id).list_hash
    owner.execute(
        text("""
            UPDATE household SET head_name = 'Nama baru', decile = 9, kk = NULL, address = NULL,
                   member_count = 1, status = 'rejected',
                   area_code = (SELECT min(code) FROM admin_area WHERE level = 'desa')
            WHERE id IN (SELECT household_id FROM plan_target)
        """)
    )
    owner.execute(
        text("""
            UPDATE person SET nik = NULL, name = 'Nama baru', life_status = 'dead'
            WHERE household_id IN (SELECT household_id FROM plan_target)
        """)
    )
    owner.execute(text("UPDATE programme SET eligibility = NULL WHERE code = 'kanggo_riko'"))
    owner.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    assert read_list(owner, plan_id) == before
    assert verify_list(owner, plan_id)
    assert get_plan(owner, plan_id).list_hash == seal == hash_list(owner, plan_id)
    for change in (
        lambda: compute_plan(owner, plan_id, 4, user=MAKER),
        lambda: save_plan(owner, plan_id, 4, name="Lain", area=None, settings=QUOTA, user=MAKER),
        lambda: delete_plan(owner, plan_id, 4),
        lambda: propose(owner, plan_id, 4, user=MAKER),
        lambda: withdraw(owner, plan_id, 4, user=MAKER),
    ):
        with pytest.raises(PlanRefused, match="sudah disetujui"):
            change()


def test_a_list_that_is_not_the_proposed_one_is_not_approved(owner: Connection) -> None:
    plan_id = make_list(owner)
    propose(owner, plan_id, 2, user=MAKER)
    owner.execute(
        text("UPDATE plan_target SET amount_idr = 9 WHERE plan_id = :id AND rank = 7"),
        {"id": plan_id},
    )
    assert not verify_list(owner, plan_id)
    with pytest.raises(PlanRefused, match="bukan lagi yang diusulkan"):
        approve(owner, plan_id, 3, user=OTHER)


def test_neither_who_proposed_nor_who_edited_last_approves_or_returns(owner: Connection) -> None:
    plan_id = make(owner)
    compute_plan(owner, plan_id, 1, user=MAKER)
    propose(owner, plan_id, 2, user=OTHER)
    for own in (MAKER, OTHER):
        with pytest.raises(PlanRefused, match="orang lain yang memutuskan"):
            approve(owner, plan_id, 3, user=own)
        with pytest.raises(PlanRefused, match="orang lain yang memutuskan"):
            return_plan(owner, plan_id, 3, note="Periksa desil", user=own)
    assert approve(owner, plan_id, 3, user=THIRD, decree=DECREE) == 4
    plan = get_plan(owner, plan_id)
    assert (plan.state, plan.approved_by) == ("approved", THIRD)
    assert (plan.decree_number, plan.decree_date) == (DECREE.number, DECREE.day)


def test_a_returned_plan_is_a_draft_again_with_the_reason(owner: Connection) -> None:
    plan_id = make_list(owner)
    propose(owner, plan_id, 2, user=MAKER)
    with pytest.raises(PlanRefused, match="perlu diperbaiki"):
        return_plan(owner, plan_id, 3, note="  ", user=OTHER)
    return_plan(owner, plan_id, 3, note="Kurangi kuota", user=OTHER)
    plan = get_plan(owner, plan_id)
    assert (plan.state, plan.list_hash, plan.proposed_by) == ("draft", None, None)
    assert list_plan_changes(owner, plan_id)[0].detail["note"] == "Kurangi kuota"
    assert propose(owner, plan_id, 4, user=MAKER) == 5
    assert withdraw(owner, plan_id, 5, user=MAKER) == 6


def test_a_plan_goes_from_draft_to_closed_and_its_history_says_how(owner: Connection) -> None:
    plan_id = make_approved(owner)
    assert start(owner, plan_id, 4, user=MAKER) == 5
    assert close(owner, plan_id, 5, user=MAKER) == 6
    with pytest.raises(PlanRefused, match="sudah ditutup"):
        start(owner, plan_id, 6, user=MAKER)
    acts = [(change.act, change.user, change.detail["revision"]) for change in
            list_plan_changes(owner, plan_id)]  # fmt: skip
    assert acts == [
        ("close", MAKER, 6),
        ("start", MAKER, 5),
        ("approve", OTHER, 4),
        ("propose", MAKER, 3),
        ("compute", MAKER, 2),
        ("create", MAKER, 1),
    ]
    assert list_plan_changes(owner, plan_id)[0].detail["left"] == 200


def test_of_two_editors_the_second_is_told_and_changes_nothing(plans_engine: Engine) -> None:
    with writing(plans_engine, LOCAL_VIEWER) as conn:
        plan_id = make_list(conn)
        name = "Punya pertama"
        save_plan(conn, plan_id, 2, name=name, area=None, settings=QUOTA, user=MAKER)
    with (
        pytest.raises(StaleEdit, match=MAKER) as told,
        writing(plans_engine, LOCAL_VIEWER) as conn,
    ):
        save_plan(conn, plan_id, 2, name="Punya kedua", area=None, settings=QUOTA, user=OTHER)
    assert told.value.status == 409
    with writing(plans_engine, LOCAL_VIEWER) as conn:
        plan = get_plan(conn, plan_id)
        assert (plan.name, plan.revision, plan.edited_by) == (name, 3, MAKER)
        assert plan.result is None and not plan.outcomes
        change = list_plan_changes(conn, plan_id)[0]
        assert change.detail["changed"] == {"name": ["Putaran uji", name]}
        with pytest.raises(StaleEdit):
            propose(conn, plan_id, 2, user=OTHER)
        delete_plan(conn, plan_id, 3)


def test_what_is_not_ready_is_not_proposed(owner: Connection) -> None:
    plan_id = make(owner)
    with pytest.raises(PlanRefused, match="belum dihitung"):
        propose(owner, plan_id, 1, user=MAKER)
    compute_plan(owner, plan_id, 1, user=MAKER)
    owner.execute(
        text("UPDATE programme SET rule_version = rule_version + 1 WHERE code = 'kanggo_riko'")
    )
    with pytest.raises(PlanRefused, match="Aturan program berubah"):
        propose(owner, plan_id, 2, user=MAKER)
    owner.execute(text("UPDATE household SET status = 'rejected'"))
    owner.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    compute_plan(owner, plan_id, 2, user=MAKER)
    with pytest.raises(PlanRefused, match="kosong"):
        propose(owner, plan_id, 3, user=MAKER)


def test_plans_of_one_programme_do_not_take_the_same_household(owner: Connection) -> None:
    early, late = make_list(owner), make_list(owner, name="Bersamaan")
    assert list_households(owner, early) == list_households(owner, late)
    propose(owner, early, 2, user=MAKER)
    propose(owner, late, 2, user=MAKER)
    approve(owner, early, 3, user=OTHER)
    with pytest.raises(PlanRefused, match=r"200 keluarga .*Putaran uji"):
        approve(owner, late, 3, user=OTHER)
    return_plan(owner, late, 3, note="Hitung ulang", user=OTHER)
    compute_plan(owner, late, 4, user=MAKER)
    assert not set(list_households(owner, early)) & set(list_households(owner, late))
    another = make_list(owner, programme="pbi_jkn", name="Program lain")
    propose(owner, another, 2, user=MAKER)
    # Whoever was not found may be taken again, and all are free when the plan is closed.
    missed = list_households(owner, early)[:3]
    owner.execute(
        text("UPDATE plan_target SET outcome = 'not_found' WHERE plan_id = :id AND rank <= 3"),
        {"id": early},
    )
    compute_plan(owner, late, 5, user=MAKER)
    assert list_households(owner, late)[:3] == missed
    close(owner, early, 4, user=MAKER)
    compute_plan(owner, late, 6, user=MAKER)
    assert list_households(owner, late) == list_households(owner, early)


def test_approvals_at_the_same_time_wait_for_each_other(plans_engine: Engine) -> None:
    with writing(plans_engine, LOCAL_VIEWER) as conn:
        early, late = make_list(conn), make_list(conn)
        for plan_id in (early, late):
            propose(conn, plan_id, 2, user=MAKER)
    with writing(plans_engine, LOCAL_VIEWER) as first:
        approve(first, early, 3, user=OTHER)
        with plans_engine.connect() as second, second.begin():
            second.execute(text("SET LOCAL lock_timeout = '200ms'"))
            with pytest.raises(Exception, match="lock timeout"):
                approve(second, late, 3, user=OTHER)
    with plans_engine.connect() as second, second.begin(), pytest.raises(PlanRefused):
        approve(second, late, 3, user=OTHER)
    with writing(plans_engine, LOCAL_VIEWER) as conn:
        conn.execute(text("DELETE FROM plan"))


def test_places_are_split_between_villages_as_said(owner: Connection) -> None:
    settings = replace(QUOTA, quota=600, split=Split("equal", floor=2, most=3))
    plan = get_plan(owner, make_list(owner, settings))
    assert plan.result
    candidates = {village["area"]: village["candidates"] for village in plan.result.villages}
    places = {village["area"]: village["places"] for village in plan.result.villages}
    in_list = dict(
        owner.execute(
            text("SELECT area_code, count(*) FROM plan_target WHERE plan_id = :id GROUP BY 1"),
            {"id": plan.id},
        ).all()  # type: ignore[arg-type]
    )
    assert {code: count for code, count in places.items() if count} == in_list
    assert all(min(2, candidates[code]) <= places[code] <= min(3, candidates[code])
               for code in candidates)  # fmt: skip
    assert sum(places.values()) == min(600, sum(min(3, count) for count in candidates.values()))
    assert plan.result.left == 600 - sum(places.values())
    assert sum(note.get("left", 0) for note in plan.result.notes) == plan.result.left


def test_coverage_before_and_after_is_counted_from_the_rows(owner: Connection) -> None:
    plan_id = make_list(owner)
    rows = owner.execute(
        text("""
            SELECT left(h.area_code, 8) AS area, count(*) AS base,
                   count(*) FILTER (WHERE h.is_served) AS served,
                   count(t.household_id) AS targets
            FROM (SELECT h.*, EXISTS (
                      SELECT FROM aid AS a WHERE a.household_id = h.id
                      AND a.status = 'received' AND a.programme_code = 'kanggo_riko') AS is_served
                  FROM household AS h WHERE h.status IN ('unverified', 'verified')) AS h
            LEFT JOIN plan_target AS t ON t.household_id = h.id AND t.plan_id = :id
            WHERE h.decile <= 4 OR h.is_served
            GROUP BY 1 ORDER BY 1
        """),
        {"id": plan_id},
    ).all()
    lines = list_coverage(owner, plan_id)
    assert [(line.area, line.base, line.served, line.targets) for line in lines] == [
        tuple(row) for row in rows
    ]
    assert sum(line.targets for line in lines) == 200
    assert all((line.before_pct or 0) <= (line.after_pct or 0) <= 100 for line in lines)


def test_an_area_s_plan_stays_inside_it(owner: Connection) -> None:
    area = owner.scalars(text("SELECT min(code) FROM admin_area WHERE level = 'kecamatan'")).one()
    plan_id = make_list(owner, area=area)
    codes = owner.scalars(
        text("SELECT area_code FROM plan_target WHERE plan_id = :id"), {"id": plan_id}
    ).all()
    assert codes and all(code.startswith(f"{area}.") for code in codes)
    assert [line.area for line in list_coverage(owner, plan_id)] == [area]


def test_lists_are_read_by_page_and_area_and_compared(owner: Connection) -> None:
    a = make_list(owner)
    b = make_list(owner, replace(QUOTA, quota=120, ranking=Ranking("needs"), puts_first=False))
    page = list_targets(owner, a, page=4)
    assert (len(page.lines), page.total, page.has_more) == (50, 200, False)
    assert [line.rank for line in page.lines] == list(range(151, 201))
    line = page.lines[0]
    assert line.reasons and line.reasons["decile"] <= 4 and line.amount_idr == 2_500_000
    inside = list_targets(owner, a, area=line.area_code)
    assert inside.total and all(one.area_code == line.area_code for one in inside.lines)
    in_a, in_b = set(list_households(owner, a)), set(list_households(owner, b))
    compared = compare_plans(owner, a, b)
    assert (compared.both, compared.only_a, compared.only_b) == (
        len(in_a & in_b),
        len(in_a - in_b),
        len(in_b - in_a),
    )
    assert [plan.id for plan in list_plans(owner, "kanggo_riko")] == [b, a]
    assert list_plans(owner, "pkh") == ()


def test_a_copy_is_a_draft_of_its_own(owner: Connection) -> None:
    plan_id = make_approved(owner, replace(QUOTA, due_on=date(2026, 12, 31)))
    made = copy_plan(owner, plan_id, name="Putaran kedua", user=OTHER)
    copied = get_plan(owner, made)
    assert (copied.state, copied.revision, copied.result) == ("draft", 1, None)
    assert copied.settings == QUOTA
    delete_plan(owner, made, 1)
    with pytest.raises(PlanNotFound):
        get_plan(owner, made)


def test_bits_of_a_plan_follow_its_list(owner: Connection) -> None:
    plan_id = make_list(owner)
    count = text("SELECT sum(bit_count(bits)) FROM household_bitmap WHERE flag = :flag")
    assert owner.scalar(count, {"flag": f"plan:{plan_id}"}) == 200
    delete_plan(owner, plan_id, 2)
    assert owner.scalar(count, {"flag": f"plan:{plan_id}"}) is None


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": "  "}, "nama rencana"),
        ({"name": "x" * 121}, "nama rencana"),
        ({"name": "a\0b"}, "nama rencana"),
        ({"programme": "nope"}, "“nope” tidak dikenal"),
        ({"area": "99.99"}, "“99.99” tidak dikenal"),
    ],
)
def test_what_no_plan_can_be_of_is_refused(
    owner: Connection, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(PlanRefused, match=words):
        make(owner, **more)


def test_a_programme_without_a_rule_has_no_plan(owner: Connection) -> None:
    owner.execute(text("UPDATE programme SET eligibility = NULL WHERE code = 'pkh'"))
    with pytest.raises(PlanRefused, match="belum mempunyai aturan"):
        make(owner, programme="pkh")


def test_a_decree_of_tomorrow_is_refused(owner: Connection) -> None:
    plan_id = make_list(owner)
    propose(owner, plan_id, 2, user=MAKER)
    for decree, words in (
        (Decree("188", date(2999, 1, 1)), "masa depan"),
        (Decree(" ", date(2026, 1, 1)), "nomor surat"),
    ):
        with pytest.raises(PlanRefused, match=words):
            approve(owner, plan_id, 3, user=OTHER, decree=decree)
