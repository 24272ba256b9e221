"""The rules of programmes are kept version by version; views are kept under a name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from dashboard.rule_names import read_names
from dashboard.words import words_of
from db.catalogue import PROGRAMMES
from db.engine import make_engine, writing
from db.queries.totals import get_summary
from db.rights import web_address
from db.rules import (
    ProgrammeNotFound,
    SavedView,
    count_rule,
    drop_saved_view,
    get_programme_rule,
    list_rule_versions,
    list_saved_views,
    open_question,
    save_programme_rule,
    save_view,
)
from db.viewer import Viewer, bind_viewer
from geo.errors import AccessDenied, InvalidView, StaleEdit
from geo.rules import InvalidRule, describe_rule
from geo.view import View
from tests.conftest import str_of
from tests.rule_samples import read

KECAMATAN, DESA = "35.10.04", "35.10.04.2001"
PLANNER = Viewer("ratna", "planner")
NARROW = read({"all": [{"field": "decile", "op": "<=", "value": 1}]}, own="spm")


@pytest.fixture(scope="module")
def web_engine(demo_url: str) -> Iterator[Engine]:
    engine = make_engine(str_of(web_address(demo_url)))
    yield engine
    engine.dispose()


@pytest.fixture
def planner(web_engine: Engine) -> Iterator[Connection]:
    """The demo register as a planner of the web server; what is written is taken back."""
    with web_engine.connect() as conn:
        transaction = conn.begin()
        bind_viewer(conn, PLANNER)
        yield conn
        transaction.rollback()


# --- Rules of programmes -------------------------------------------------------------------------


def test_a_new_database_has_the_rules_of_the_catalogue(planner: Connection) -> None:
    for row in PROGRAMMES:
        stands = get_programme_rule(planner, row.code)
        assert stands.rule == read(row.eligibility, own=row.code)
        assert (stands.version, stands.served_years) == (1, row.served_years)
        assert stands.excludes == row.excludes
        assert (stands.saved_by, stands.note) == ("local", None)
        assert list_rule_versions(planner, row.code) == (stands,)


def test_a_saved_rule_decides_from_then_on(planner: Connection) -> None:
    view = View(gap="spm:eligible")
    before = get_summary(planner, view).total
    version = planner.scalar(text("SELECT version FROM data_version WHERE topic = 'register'"))
    saved = save_programme_rule(
        planner, "spm", 1, NARROW, served_years=2, excludes=["pkh"], note="  Sesuai SK 12/2026 "
    )
    assert saved == 2
    stands = get_programme_rule(planner, "spm")
    assert (stands.version, stands.rule, stands.served_years) == (2, NARROW, 2)
    assert (stands.excludes, stands.saved_by) == (("pkh",), "ratna")
    assert stands.note == "Sesuai SK 12/2026"
    assert stands.saved_at is not None
    assert abs(stands.saved_at - datetime.now(UTC)) < timedelta(minutes=10)
    assert [one.version for one in list_rule_versions(planner, "spm")] == [2, 1]
    assert list_rule_versions(planner, "spm")[0] == stands
    after = get_summary(planner, view).total
    assert after == count_rule(planner, NARROW) != before
    newer = planner.scalar(text("SELECT version FROM data_version WHERE topic = 'register'"))
    assert newer == version + 1


def test_of_two_editors_the_second_is_told_and_nothing_is_written(planner: Connection) -> None:
    save_programme_rule(planner, "spm", 1, NARROW)
    other = read({"all": [{"need": "food"}]}, own="spm")
    with pytest.raises(StaleEdit) as refused:
        save_programme_rule(planner, "spm", 1, other)
    assert refused.value.status == 409
    assert "ratna" in str(refused.value)
    assert get_programme_rule(planner, "spm").rule == NARROW
    assert save_programme_rule(planner, "spm", 2, other) == 3


def test_what_stands_beside_a_rule_is_looked_at(planner: Connection) -> None:
    for years in (0, 51, -1):
        with pytest.raises(InvalidRule, match="1 sampai 50"):
            save_programme_rule(planner, "spm", 1, NARROW, served_years=years)
    with pytest.raises(InvalidRule, match="“lottery”"):
        save_programme_rule(planner, "spm", 1, NARROW, excludes=["lottery"])
    with pytest.raises(InvalidRule, match="dirinya sendiri"):
        save_programme_rule(planner, "spm", 1, NARROW, excludes=["spm"])
    with pytest.raises(InvalidRule, match="500 huruf"):
        save_programme_rule(planner, "spm", 1, NARROW, note="x" * 501)
    for call in (get_programme_rule, lambda c, code: save_programme_rule(c, code, 1, NARROW)):
        with pytest.raises(ProgrammeNotFound) as refused:
            call(planner, "lottery")
        assert refused.value.status == 404
    assert get_programme_rule(planner, "spm").version == 1


def test_what_cant_be_evaluated_never_comes_in(planner: Connection) -> None:
    save = text("SELECT save_programme_rule('spm', 1, CAST(:rule AS jsonb), 1, '{}', NULL)")
    for rule in ('{"all": [{"field": "nik"}]}', '{"first": [{"member": {"age_min": "x"}}]}'):
        with pytest.raises(DBAPIError, match="rule:"), planner.begin_nested():
            planner.execute(save, {"rule": rule})
    assert get_programme_rule(planner, "spm").version == 1


@pytest.mark.parametrize(
    "viewer",
    [
        *(Viewer("a", role) for role in ("regent", "guest", "agency", "auditor", "administrator")),
        Viewer("a", "task_unit", KECAMATAN),
        Viewer("a", "village_operator", DESA),
        Viewer("local", "local"),
        Viewer("", ""),
    ],
    ids=lambda viewer: viewer.role or "nobody",
)
def test_only_a_planner_saves_a_rule(web_engine: Engine, viewer: Viewer) -> None:
    with writing(web_engine, viewer) as conn:
        with pytest.raises(AccessDenied) as refused:
            save_programme_rule(conn, "spm", 1, NARROW)
        assert refused.value.status == 403
        assert get_programme_rule(conn, "spm").version == 1


def test_a_rule_that_cant_be_read_is_none(demo_conn: Connection) -> None:
    demo_conn.execute(
        text("""UPDATE programme SET eligibility = '{"all": [{"wealth": 1}]}' WHERE code = 'spm'""")
    )
    assert get_programme_rule(demo_conn, "spm").rule is None
    demo_conn.execute(text("UPDATE programme SET eligibility = NULL WHERE code = 'spm'"))
    assert get_programme_rule(demo_conn, "spm").rule is None


def test_rules_are_said_with_the_names_of_the_database(planner: Connection) -> None:
    rule = read({"all": [{"need": "latrine"}], "none": [{"aid": "pkh"}]})
    said = [
        str(one)
        for part in describe_rule(rule, read_names(planner, words_of("id")))
        for one in part.conditions
    ]
    assert said == [
        "Kebutuhan: Belum punya jamban",
        "Pernah menerima PKH (Program Keluarga Harapan)",
    ]


# --- Views under a name --------------------------------------------------------------------------


def names_of(views: tuple[SavedView, ...]) -> list[str]:
    return [one.name for one in views]


def test_a_view_is_kept_replaced_and_dropped(planner: Connection) -> None:
    key = open_question(planner, NARROW)
    kept_view = View(question=key).descend(KECAMATAN)
    number = save_view(planner, "  Paling   miskin ", kept_view)
    (kept,) = list_saved_views(planner)
    assert (kept.id, kept.name, kept.user_name) == (number, "Paling miskin", "ratna")
    assert (kept.question, kept.is_shared) == (key, False)
    assert View.from_query(kept.query) == kept_view
    assert save_view(planner, "Paling miskin", View(deciles=(1,))) == number
    (kept,) = list_saved_views(planner)
    assert View.from_query(kept.query) == View(deciles=(1,))
    assert kept.question is None
    drop_saved_view(planner, number)
    assert list_saved_views(planner) == ()
    with pytest.raises(InvalidView):
        drop_saved_view(planner, number)


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_view_needs_a_name(planner: Connection, name: str) -> None:
    with pytest.raises(InvalidView, match="1 sampai 80"):
        save_view(planner, name, View())


def test_a_shared_view_is_for_the_same_desk(planner: Connection) -> None:
    bind_viewer(planner, Viewer("sari", "task_unit", KECAMATAN))
    number = save_view(planner, "Bersama", View(), is_shared=True)
    save_view(planner, "Sendiri", View())
    assert names_of(list_saved_views(planner)) == ["Bersama", "Sendiri"]
    for viewer, seen in (
        (Viewer("budi", "task_unit", KECAMATAN), ["Bersama"]),
        (Viewer("budi", "task_unit", "35.10.05"), []),
        (Viewer("budi", "village_operator", DESA), []),
        (PLANNER, []),
    ):
        bind_viewer(planner, viewer)
        assert names_of(list_saved_views(planner)) == seen
        with pytest.raises(InvalidView):
            drop_saved_view(planner, number)


@pytest.mark.parametrize("role", ["guest", "agency", "auditor", "administrator", ""])
def test_who_looks_at_no_households_keeps_no_view(planner: Connection, role: str) -> None:
    bind_viewer(planner, Viewer("a", role))
    with pytest.raises(AccessDenied):
        save_view(planner, "Milikku", View())
    assert list_saved_views(planner) == ()
