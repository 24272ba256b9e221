"""Rules in the database: counts and bits equal the rows, and answer for the viewer's area only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from db.engine import make_engine, reading, writing
from db.queries.breaks import refresh_derived
from db.queries.catalogue import check_filters
from db.queries.totals import get_summary
from db.rights import web_address
from db.rules import count_rule, get_question, open_question
from db.viewer import LOCAL_VIEWER, Viewer, bind_viewer
from geo.errors import AccessDenied, InvalidView
from geo.rules import InvalidRule, Rule
from geo.view import POOR_STATUSES, View
from tests.conftest import MakeDatabase, make_demo, owner_of, str_of
from tests.db.rule_oracle import Family, goes_first, is_eligible, last_day, read_families
from tests.db.test_rule_flags import read_flagged
from tests.rule_samples import Json, any_json, read, rules

KECAMATAN, DESA = "35.10.04", "35.10.04.2001"
POOREST = read({"all": [{"field": "decile", "op": "<=", "value": 1}]})
Facts = tuple[list[Family], date]

few = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def spoil(conn: Connection) -> None:
    """Make the demo less tidy: holes, the dead, the moved, heads twice, periods of every kind."""
    for statement in (
        "UPDATE household SET decile = NULL, toilet = NULL, floor_area_m2 = NULL WHERE id % 11 = 0",
        "UPDATE household SET status = 'graduated' WHERE id % 13 = 0",
        "UPDATE household SET status = 'rejected' WHERE id % 17 = 0",
        "UPDATE person SET birth_date = NULL WHERE id % 7 = 0",
        "UPDATE person SET sex = NULL, marital_status = NULL WHERE id % 19 = 0",
        "UPDATE person SET life_status = 'dead' WHERE id % 9 = 0",
        "UPDATE person SET life_status = 'moved' WHERE id % 23 = 0",
        "UPDATE person SET relationship = 'head' WHERE id % 29 = 0",
        "UPDATE person SET birth_date = '2004-02-29' WHERE id % 31 = 0",
        "UPDATE aid SET status = 'planned' WHERE id % 10 = 0",
        """UPDATE aid SET period = period || (ARRAY['', '-S1', '-S2', '-Q1', '-Q3', '-05', '-12'])
           [id % 7 + 1]""",
    ):
        conn.execute(text(statement))
    refresh_derived(conn)


@pytest.fixture(scope="module")
def rules_url(make_database: MakeDatabase) -> str:
    return make_demo(make_database("rules"), then=spoil)


@pytest.fixture(scope="module")
def web_engine(rules_url: str) -> Iterator[Engine]:
    engine = make_engine(str_of(web_address(rules_url)))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def owner(web_engine: Engine) -> Iterator[Engine]:
    engine = owner_of(web_engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def facts(owner: Engine) -> Facts:
    with reading(owner, LOCAL_VIEWER) as conn:
        day = conn.scalar(text("SELECT day FROM rule_state"))
        assert isinstance(day, date)
        return read_families(conn), day


def select(rule: Rule, facts: Facts) -> list[Family]:
    families, today = facts
    return [family for family in families if is_eligible(rule.to_json(), family, today)]


def counted(rule: Rule, facts: Facts) -> list[Family]:
    """Those of them whom the live count counts."""
    return [
        family
        for family in select(rule, facts)
        if rule.names_status or family.values["status"] in POOR_STATUSES
    ]


# --- Equal to the rows ---------------------------------------------------------------------------


@few
@given(rule=rules)
def test_the_count_of_every_area_equals_the_rows(owner: Engine, facts: Facts, rule: Rule) -> None:
    expected = counted(rule, facts)
    with reading(owner, Viewer("a", "planner")) as conn:
        for area in (None, "35.10", KECAMATAN, "35.10.05", DESA):
            inside = [
                f for f in expected if area is None or f"{f.area_code}.".startswith(f"{area}.")
            ]
            assert count_rule(conn, rule, area) == len(inside)


@settings(few, max_examples=15)
@given(rule=rules)
def test_the_bits_of_a_question_equal_the_rows(owner: Engine, facts: Facts, rule: Rule) -> None:
    expected = {family.id for family in select(rule, facts)}
    with owner.connect() as conn, conn.begin() as transaction:
        key = open_question(conn, rule)
        flagged = read_flagged(conn, f"^question:{key}")
        assert flagged == {f"question:{key}": expected}
        view = View(question=key, statuses=() if rule.names_status else POOR_STATUSES)
        assert get_summary(conn, view).total == count_rule(conn, rule)
        transaction.rollback()


@few
@given(data=any_json)
def test_a_rule_that_is_refused_was_true_of_nobody(facts: Facts, data: Json) -> None:
    families, today = facts
    try:
        read(data)
    except InvalidRule as error:
        if "tidak akan pernah benar" not in str(error):
            return
        met = [family for family in families if is_eligible(data, family, today)]
        with_first = [family for family in met if goes_first(data, family, today)]
        assert not met or (data["first"] and not with_first)


@settings(few, max_examples=10)
@given(rule=rules)
def test_the_bits_of_a_programme_equal_the_rows(owner: Engine, facts: Facts, rule: Rule) -> None:
    families, today = facts
    data = rule.to_json()
    with owner.connect() as conn, conn.begin() as transaction:
        conn.execute(
            text("UPDATE programme SET eligibility = CAST(:rule AS jsonb) WHERE code = 'spm'"),
            {"rule": _as_text(data)},
        )
        areas = "ARRAY(SELECT area_code FROM household_order)"
        conn.execute(text(f"SELECT refresh_programme_flags({areas})"))
        flagged = read_flagged(conn, "^(eligible|first):spm")
        transaction.rollback()
    assert flagged == {
        "eligible:spm": {f.id for f in families if is_eligible(data, f, today)},
        "first:spm": {f.id for f in families if goes_first(data, f, today)},
    }


def _as_text(data: Json) -> str:
    return json.dumps(data)


def test_the_rules_of_the_catalogue_part_the_register(owner: Engine, facts: Facts) -> None:
    families, today = facts
    with reading(owner, LOCAL_VIEWER) as conn:
        programmes = conn.execute(text("SELECT code, eligibility FROM programme")).all()
        flagged = read_flagged(conn, "^(eligible|first):")
    for code, rule in programmes:
        eligible = {f.id for f in families if is_eligible(rule, f, today)}
        assert flagged[f"eligible:{code}"] == eligible
        assert 0 < len(eligible) < len(families)
        assert flagged[f"first:{code}"] == {f.id for f in families if goes_first(rule, f, today)}


PERIODS = ["2026", "2026-S1", "2026-S2", "2026-Q1", "2026-Q3", "2024-02", "2025-02", "2026-12"]


@pytest.mark.parametrize("period", PERIODS)
def test_a_period_ends_on_its_last_day(conn: Connection, period: str) -> None:
    asked = text("SELECT period_end(:period), :period = ANY (periods_after(:day, :day)),"
                 " :period = ANY (periods_after(CAST(:day AS date) - 1, :day))")  # fmt: skip
    end = last_day(period)
    assert conn.execute(asked, {"period": period, "day": end}).one() == (end, False, True)


@pytest.mark.parametrize("period", ["", "26", "2026-S3", "2026-13", "2026-Q5", "0000", "soon"])
def test_what_is_no_period_has_no_end(conn: Connection, period: str) -> None:
    asked = text(
        "SELECT period_end(:period), :period = ANY (periods_after('2000-01-01', now()::date))"
    )
    assert conn.execute(asked, {"period": period}).one() == (None, False)


# --- Whatever stands in a rule, it stays a value -------------------------------------------------

HOSTILE = "x'; DROP TABLE household; --"


@pytest.mark.parametrize(
    "rule",
    [
        {"all": [{"field": HOSTILE, "op": "=", "value": 1}]},
        {"all": [{"field": "decile", "op": HOSTILE, "value": 1}]},
        {"all": [{"field": "decile", "op": "=", "value": HOSTILE}]},
        {"all": [{"field": "decile", "op": "=", "value": None}]},
        {"all": [{"field": "decile", "op": "=", "value": "1"}]},
        {"all": [{"field": "decile", "op": "in", "value": 1}]},
        {"all": [{"field": "decile", "op": "in", "value": [1, None]}]},
        {"all": [{"field": "toilet", "op": ">=", "value": "own"}]},
        {"all": [{"field": "head_name", "op": "=", "value": "x"}]},
        {"all": [{"field": "kk", "op": "=", "value": "x"}]},
        {"all": [{"member": {HOSTILE: "x"}}]},
        {"all": [{"member": {"nik": "x"}}]},
        {"all": [{"member": {"age_min": HOSTILE}}]},
        {"all": [{"member": {"disability": False}}]},
        {"all": [{"member": {}}]},
        {"all": [{"member": {"sex": "female"}, "at_least": HOSTILE}]},
        {"all": [{"aid": "pkh", "years": HOSTILE}]},
        {"all": [{}]},
        {"all": [{"need": "food"}] * 61},
    ],
)
def test_what_is_no_rule_never_becomes_a_statement(conn: Connection, rule: Json) -> None:
    with pytest.raises(DBAPIError, match="rule:"), conn.begin_nested():
        conn.execute(text("SELECT rule_predicate(CAST(:rule AS jsonb), 'eligible')"),
                     {"rule": _as_text(rule)})  # fmt: skip


@pytest.mark.parametrize(
    "rule",
    [
        {"all": [{"field": "toilet", "op": "=", "value": HOSTILE}]},
        {"any": [{"need": HOSTILE}, {"aid": HOSTILE}, {"aid": HOSTILE, "years": 1}]},
        {"all": [{"member": {"sex": HOSTILE}}]},
        {"all": [{"field": "toilet", "op": "in", "value": [HOSTILE, "$1", "%s"]}]},
    ],
)
def test_a_hostile_value_is_compared_and_nothing_else(demo_conn: Connection, rule: Json) -> None:
    counted = text("SELECT count_rule(CAST(:rule AS jsonb), NULL)")
    assert demo_conn.scalar(counted, {"rule": _as_text(rule)}) == 0
    text_of = text("SELECT rule_predicate(CAST(:rule AS jsonb), 'eligible')")
    assert "DROP" not in str(demo_conn.scalar(text_of, {"rule": _as_text(rule)}))


# --- Rights --------------------------------------------------------------------------------------

ASKERS = [
    (Viewer("a", "planner"), ""),
    (Viewer("a", "task_unit", KECAMATAN), KECAMATAN),
    (Viewer("a", "village_operator", DESA), DESA),
]
OTHERS = [
    *(Viewer("a", role) for role in ("regent", "guest", "agency", "auditor", "administrator")),
    Viewer("", ""),
    Viewer("local", "local"),
    Viewer("a", "task_unit"),
    Viewer("a", "village_operator"),
]


@pytest.mark.parametrize(("viewer", "reach"), ASKERS)
def test_a_count_reaches_as_far_as_the_rights(
    web_engine: Engine, facts: Facts, viewer: Viewer, reach: str
) -> None:
    expected = [f for f in counted(POOREST, facts) if f.area_code.startswith(reach)]
    with reading(web_engine, viewer) as conn:
        assert count_rule(conn, POOREST) == len(expected) > 0
        if reach:
            assert count_rule(conn, POOREST, reach) == len(expected)
        for outside in ("35.10", "35.10.05", "35.10.05.2001", "35.10.0", "35", "%", "_"):
            if reach:
                with pytest.raises(AccessDenied) as refused:
                    count_rule(conn, POOREST, outside)
                assert refused.value.status == 403
        if viewer.role == "task_unit":
            in_desa = [f for f in expected if f.area_code == DESA]
            assert count_rule(conn, POOREST, DESA) == len(in_desa)


@pytest.mark.parametrize("viewer", OTHERS, ids=lambda viewer: viewer.role or "nobody")
def test_whoever_may_not_ask_gets_nothing(web_engine: Engine, viewer: Viewer) -> None:
    with writing(web_engine, viewer) as conn:
        with pytest.raises(AccessDenied):
            count_rule(conn, POOREST)
        with pytest.raises(AccessDenied):
            count_rule(conn, POOREST, DESA)
        with pytest.raises(AccessDenied):
            open_question(conn, POOREST)
        with pytest.raises(InvalidView):
            get_question(conn, POOREST.key)


@pytest.mark.parametrize(("viewer", "reach"), ASKERS)
def test_a_question_is_a_filter_of_the_map(
    web_engine: Engine, facts: Facts, viewer: Viewer, reach: str
) -> None:
    rule = read({"all": [{"field": "head_sex", "op": "=", "value": "female"}]})
    with writing(web_engine, viewer) as conn:
        key = open_question(conn, rule)
        assert key == rule.key == open_question(conn, rule)
    view = View(question=key)
    with reading(web_engine, viewer) as conn:
        check_filters(conn, view)
        assert get_question(conn, key) == rule
        expected = [f for f in counted(rule, facts) if f.area_code.startswith(reach)]
        assert get_summary(conn, view).total == len(expected) == count_rule(conn, rule)
    with reading(web_engine, Viewer("a", "regent")) as conn, pytest.raises(InvalidView):
        check_filters(conn, view)


@few
@given(rule=rules)
def test_a_key_is_the_same_in_the_database(conn: Connection, rule: Rule) -> None:
    asked = text("SELECT rule_key(CAST(:rule AS jsonb))")
    assert conn.scalar(asked, {"rule": _as_text(rule.to_json())}) == rule.key


def test_questions_that_nobody_keeps_make_room(owner: Engine) -> None:
    with owner.connect() as conn, conn.begin() as transaction:
        bind_viewer(conn, Viewer("a", "planner"))
        kept = open_question(conn, POOREST)
        conn.execute(text("SELECT save_view('poorest', 'question=x', :key, false)"), {"key": kept})
        conn.execute(text("UPDATE question SET opened_at = '2020-01-01'"))
        asked = [
            open_question(conn, read({"all": [{"member": {"age_min": age}}]})) for age in range(62)
        ]
        left = set(conn.scalars(text("SELECT key FROM question")))
        assert kept in left
        assert asked[-1] in left
        assert len(left) == 61
        flags = set(conn.scalars(text("SELECT DISTINCT flag FROM household_bitmap")))
        assert {flag for flag in flags if flag.startswith("question:")} == {
            f"question:{key}" for key in left
        }
        transaction.rollback()


def test_a_question_follows_the_register(demo_conn: Connection) -> None:
    key = open_question(demo_conn, POOREST)
    before = get_summary(demo_conn, View(question=key, statuses=())).total
    moved: Any = demo_conn.execute(text("UPDATE household SET decile = 1 WHERE decile = 2"))
    refresh_derived(demo_conn)
    assert get_summary(demo_conn, View(question=key, statuses=())).total == before + moved.rowcount


MEMBERS = [
    "INSERT INTO person (household_id, name, relationship, birth_date)"
    " VALUES (:id, 'Baru', 'parent', '1930-01-01')",
    "UPDATE person SET birth_date = '1930-01-01' WHERE household_id = :id",
    "UPDATE person SET life_status = 'dead' WHERE household_id = :id",
    "DELETE FROM person WHERE household_id = :id",
    "INSERT INTO aid (household_id, programme_code, period, source, as_of)"
    " SELECT id, 'pkh', '2026-12', source, as_of FROM household WHERE id = :id",
    "UPDATE aid SET period = '2012' WHERE household_id = :id",
    "UPDATE aid SET status = 'stopped' WHERE household_id = :id",
    "UPDATE admin_area SET kind = 'kelurahan'"
    " WHERE code = (SELECT area_code FROM household WHERE id = :id)",
]


@pytest.mark.parametrize("statement", MEMBERS)
def test_bits_follow_members_aid_and_kinds_of_area(demo_conn: Connection, statement: str) -> None:
    asked = [
        {"member": {"age_min": 80}},
        {"aid": "pkh", "years": 2},
        {"field": "area_kind", "op": "=", "value": "kelurahan"},
    ]
    keys = {
        open_question(demo_conn, rule): rule for rule in (read({"all": [one]}) for one in asked)
    }
    # One that has old aid of the programme, and a young member.
    household = demo_conn.scalar(
        text("""
            SELECT min(h.id) FROM household AS h JOIN aid AS a ON a.household_id = h.id
            JOIN admin_area AS d ON d.code = h.area_code
            WHERE a.programme_code = 'pkh' AND a.period = '2026' AND d.kind = 'desa'
        """)
    )
    demo_conn.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    demo_conn.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    demo_conn.execute(text(statement), {"id": household})
    refresh_derived(demo_conn)
    families, today = read_families(demo_conn), demo_conn.scalar(text("SELECT day FROM rule_state"))
    flagged = read_flagged(demo_conn, "^question:")
    for key, rule in keys.items():
        expected = {f.id for f in families if is_eligible(rule.to_json(), f, today)}
        assert flagged[f"question:{key}"] == expected
