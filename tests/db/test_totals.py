"""Every total equals the sum over the rows it stands for, whatever the filter."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from db.engine import reading
from db.queries.catalogue import check_filters, list_needs, list_programmes
from db.queries.households import PAGE_SIZE, iterate_households, list_household_page
from db.queries.totals import count_by_area, get_facets, get_summary
from db.viewer import LOCAL_VIEWER
from geo.errors import InvalidView
from geo.view import STATUSES, View
from tests.db.oracle import Fact, read_facts, select
from tests.db.strategies import filtered_views


@pytest.fixture(scope="module")
def register(demo_engine: Engine) -> tuple[list[Fact], st.SearchStrategy[View]]:
    with reading(demo_engine, LOCAL_VIEWER) as conn:
        facts = read_facts(conn)
        areas = [None, "35.10", "35.10.01", "35.10.05", facts[0].area_code]
        programmes = [item.code for item in list_programmes(conn)]
        needs = [item.code for item in list_needs(conn)]
    return facts, filtered_views(areas, programmes, needs)


def drawn(data: st.DataObject, register: tuple[list[Fact], st.SearchStrategy[View]]) -> View:
    return data.draw(register[1])


few = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@few
@given(data=st.data())
def test_the_summary_equals_the_rows(
    demo_engine: Engine,
    register: tuple[list[Fact], st.SearchStrategy[View]],
    data: st.DataObject,
) -> None:
    view = drawn(data, register)
    expected = select(register[0], view)
    with reading(demo_engine, LOCAL_VIEWER) as conn:
        summary = get_summary(conn, view)
    assert summary.total == len(expected)
    assert summary.located == sum(fact.x is not None for fact in expected)
    assert summary.unlocated == summary.total - summary.located
    assert summary.person_count == sum(fact.member_count for fact in expected)
    assert summary.without_aid == sum(not fact.received for fact in expected)
    deciles = Counter(fact.decile for fact in expected)
    assert {n: c for n, c in summary.by_decile.items() if c} == dict(deciles)
    for share in summary.by_programme:
        assert share.count == sum(share.code in fact.received for fact in expected)
    for share in summary.by_need:
        assert share.count == sum(share.code in fact.needs for fact in expected)
    for domain, count in summary.by_domain.items():
        assert count == sum(domain in fact.domains for fact in expected)
    assert sum(summary.by_status.values()) == summary.total


@few
@given(data=st.data())
def test_the_parts_add_up_to_the_whole(
    demo_engine: Engine,
    register: tuple[list[Fact], st.SearchStrategy[View]],
    data: st.DataObject,
) -> None:
    view = drawn(data, register)
    expected = select(register[0], view)
    with reading(demo_engine, LOCAL_VIEWER) as conn:
        for level, length in (("kabupaten", 5), ("kecamatan", 8), ("desa", 13)):
            counts = count_by_area(conn, view, level, ("all", "located", "aid:none"))
            rows = Counter(fact.area_code[:length] for fact in expected)
            assert {code: c["all"] for code, c in counts.items() if c["all"]} == dict(rows)
            assert sum(c["aid:none"] for c in counts.values()) == sum(
                not fact.received for fact in expected
            )


@few
@given(data=st.data())
def test_a_choice_shows_what_choosing_it_would(
    demo_engine: Engine,
    register: tuple[list[Fact], st.SearchStrategy[View]],
    data: st.DataObject,
) -> None:
    facts, _ = register
    view = drawn(data, register)
    with reading(demo_engine, LOCAL_VIEWER) as conn:
        facets = get_facets(conn, view)

    def count(**changed: object) -> int:
        return len(select(facts, view.with_filters(**changed)))

    assert facets.deciles[2] == count(deciles=(2,))
    for status in STATUSES:
        assert facets.statuses[status] == count(statuses=(status,))
    for domain, households in facets.domains.items():
        assert households == count(domains=(domain,))
    for need, households in facets.needs.items():
        assert households == count(needs=(need,))
    for code in facets.received:
        others = {
            "received": tuple(c for c in view.received if c != code),
            "not_received": tuple(c for c in view.not_received if c != code),
        }
        with_it = others | {"received": (*others["received"], code)}
        without = others | {"not_received": (*others["not_received"], code)}
        assert facets.received[code] == count(**with_it)
        assert facets.not_received[code] == count(**without)


@few
@given(data=st.data())
def test_the_list_holds_exactly_the_counted(
    demo_engine: Engine,
    register: tuple[list[Fact], st.SearchStrategy[View]],
    data: st.DataObject,
) -> None:
    view = drawn(data, register)
    expected = {fact.id for fact in select(register[0], view)}
    with reading(demo_engine, LOCAL_VIEWER) as conn:
        listed = [row["id"] for row in iterate_households(conn, view)]
        first = [row["id"] for row in list_household_page(conn, view)]
    assert len(listed) == len(set(listed))
    assert set(listed) == expected
    assert first == listed[:PAGE_SIZE]


@pytest.mark.parametrize("sort", ["head_name", "-decile", "member_count", "desa", "-aid_count"])
def test_pages_hold_every_household_once(demo_conn: Connection, sort: str) -> None:
    view = View(area="35.10.01", level="household", sort=sort)
    pages = []
    for page in range(1, 100):
        rows = list_household_page(demo_conn, View(**_fields(view) | {"page": page}))
        if not rows:
            break
        pages += [row["id"] for row in rows]
    assert len(pages) == len(set(pages)) == get_summary(demo_conn, view).total


def _fields(view: View) -> dict[str, object]:
    return {name: getattr(view, name) for name in View.__dataclass_fields__}


def test_the_rate_divides_by_families_of_the_same_source(demo_conn: Connection) -> None:
    view = View()
    summary = get_summary(demo_conn, view)
    families = demo_conn.scalar(
        text(
            "SELECT value FROM area_stat WHERE indicator = 'family_count' AND area_code = '35.10'"
            " ORDER BY period DESC LIMIT 1"
        )
    )
    assert summary.family_count == round(families)
    assert summary.rate_pct == pytest.approx(100 * summary.total / families)


def test_figures_of_another_source_are_not_divided(demo_conn: Connection) -> None:
    demo_conn.execute(
        text(
            "INSERT INTO source (code, kind, name, as_of)"
            " VALUES ('bps', 'statistic', 'BPS', '2026-01-01')"
        )
    )
    demo_conn.execute(text("UPDATE area_stat SET source = 'bps' WHERE indicator = 'family_count'"))
    summary = get_summary(demo_conn, View())
    assert summary.family_count is None
    assert summary.rate_pct is None
    assert summary.total > 0


@pytest.mark.parametrize("view", [View(received=("no_such",)), View(needs=("no_such",))])
def test_an_unknown_filter_is_refused_and_selects_nobody(demo_conn: Connection, view: View) -> None:
    with pytest.raises(InvalidView, match="no_such"):
        check_filters(demo_conn, view)
    assert get_summary(demo_conn, view).total == 0


def test_a_list_sorts_by_known_columns_only(demo_conn: Connection) -> None:
    with pytest.raises(InvalidView):
        list_household_page(demo_conn, View(sort="nik"))
