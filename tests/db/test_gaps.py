"""Every cell of the gap matrix against plain SQL, its layers, and who may look at them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from dashboard.auth.bounds import bind_view
from db.engine import make_engine, reading
from db.queries.areas import find_densest, list_areas
from db.queries.gaps import count_gaps, list_ruled_programmes
from db.queries.households import iterate_households, list_household_page
from db.queries.totals import count_by_area, get_facets, get_summary
from db.rights import web_address
from db.viewer import LOCAL_VIEWER, Viewer
from geo.errors import AccessDenied, InvalidView
from geo.gaps import add_cells, get_denominator, get_share_pct
from geo.view import GAP_CELLS, View
from layers import get_layer, list_layers, paint
from tests.conftest import str_of
from tests.db.gap_oracle import Truth, count_cells, read_truth
from tests.db.oracle import Fact, read_facts
from tests.db.strategies import filtered_views

NOBODY = dict.fromkeys(GAP_CELLS, 0)
LENGTHS = {"kabupaten": 5, "kecamatan": 8, "desa": 13}
EXAMPLES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def read_conn(demo_engine: Engine) -> Iterator[Connection]:
    with reading(demo_engine, LOCAL_VIEWER) as conn:
        yield conn


@pytest.fixture(scope="module")
def facts(read_conn: Connection) -> list[Fact]:
    return read_facts(read_conn)


@pytest.fixture(scope="module")
def truth(read_conn: Connection) -> Truth:
    return read_truth(read_conn)


@pytest.fixture(scope="module")
def programmes(read_conn: Connection) -> list[str]:
    return [one.code for one in list_ruled_programmes(read_conn)]


@pytest.fixture(scope="module")
def views(read_conn: Connection, programmes: list[str]) -> st.SearchStrategy[View]:
    kecamatan, desa = find_densest(read_conn)
    needs = list(read_conn.scalars(text("SELECT code FROM need ORDER BY bit")))
    return filtered_views([None, "35.10", kecamatan, desa], programmes, needs)


def test_the_demo_has_something_in_every_cell(truth: Truth, programmes: list[str]) -> None:
    for cell in GAP_CELLS:
        assert any(truth.cell(code, cell) for code in programmes), cell
    assert all(truth.eligible[code] for code in programmes)


@EXAMPLES
@given(data=st.data(), level=st.sampled_from(sorted(LENGTHS)))
def test_every_cell_is_what_plain_sql_counts(
    data: st.DataObject,
    level: str,
    views: st.SearchStrategy[View],
    read_conn: Connection,
    facts: list[Fact],
    truth: Truth,
    programmes: list[str],
) -> None:
    view = data.draw(views)
    counted = count_gaps(read_conn, view, level)
    expected = count_cells(facts, truth, view, LENGTHS[level], programmes)
    nobody = dict.fromkeys(programmes, NOBODY)
    for area in counted.keys() | expected.keys():
        assert counted.get(area, nobody) == expected.get(area, nobody), area


@EXAMPLES
@given(data=st.data())
def test_the_parts_add_up_to_the_whole(
    data: st.DataObject, views: st.SearchStrategy[View], read_conn: Connection
) -> None:
    view = data.draw(views)
    by_level = {level: count_gaps(read_conn, view, level) for level in LENGTHS}
    for above, below in (("kabupaten", "kecamatan"), ("kecamatan", "desa")):
        for code, of_area in by_level[above].items():
            parts = [found for part, found in by_level[below].items() if part.startswith(code)]
            for programme, cells in of_area.items():
                assert add_cells([one[programme] for one in parts]) == cells


@EXAMPLES
@given(data=st.data(), cell=st.sampled_from(GAP_CELLS))
def test_the_list_behind_a_figure_holds_just_its_households(
    data: st.DataObject,
    cell: str,
    views: st.SearchStrategy[View],
    read_conn: Connection,
    facts: list[Fact],
    truth: Truth,
    programmes: list[str],
) -> None:
    view, programme = data.draw(views), data.draw(st.sampled_from(programmes))
    counted = count_gaps(read_conn, view, "kabupaten", (programme,))
    figure = sum(of_area[programme][cell] or 0 for of_area in counted.values())
    behind = replace(view, gap=f"{programme}:{cell}", level="household")
    assert get_summary(read_conn, behind).total == figure
    listed = {row["id"] for row in iterate_households(read_conn, behind)}
    assert len(listed) == figure
    assert listed <= truth.cell(programme, cell)
    assert get_layer(read_conn, "households").list_rows(read_conn, behind).total == figure


def test_a_layer_paints_the_cell_of_the_views_programme(
    demo_conn: Connection, programmes: list[str]
) -> None:
    everyone = {
        code: counts["all"] for code, counts in count_by_area(demo_conn, View(), "desa").items()
    }
    for programme in programmes[::4]:
        gaps = count_gaps(demo_conn, View(), "desa", (programme,))
        for cell in GAP_CELLS:
            layer = get_layer(demo_conn, f"gap:{cell}")
            view = View(layer=layer.key, level="desa", gap=f"{programme}:{cell}")
            rows = layer.list_all_rows(demo_conn, view)
            assert rows.subject
            for row in rows.rows:
                # A desa without any household of the register has no strings.
                cells = gaps.get(row["code"], {}).get(programme, NOBODY)
                whole = everyone.get(row["code"], 0)
                assert row["count"] == cells[cell]
                share = get_share_pct(cells, whole, cell)
                assert row["value"] == share
                assert share is None or 0 <= share <= 100
                if share is None:
                    assert not get_denominator(cells, whole, cell)


def test_another_cell_in_the_view_does_not_narrow_what_is_divided_by(demo_conn: Connection) -> None:
    layer = get_layer(demo_conn, "gap:excluded")
    views = [View(layer=layer.key, gap=f"pkh:{cell}") for cell in GAP_CELLS]
    first, *others = [layer.list_all_rows(demo_conn, view).rows for view in views]
    assert all(rows == first for rows in others)
    fewer = layer.list_all_rows(demo_conn, replace(views[0], deciles=(1,))).rows
    assert sum(row["eligible"] for row in fewer) < sum(row["eligible"] for row in first)


def test_without_a_programme_the_first_with_a_rule_is_painted(demo_conn: Connection) -> None:
    first, second, *_ = list_ruled_programmes(demo_conn)
    layer = get_layer(demo_conn, "gap:served")
    assert layer.list_rows(demo_conn, View(layer=layer.key)).subject == first.name
    demo_conn.execute(
        text("UPDATE programme SET eligibility = NULL WHERE code = :code"), {"code": first.code}
    )
    assert layer.list_rows(demo_conn, View(layer=layer.key)).subject == second.name


def test_without_a_rule_there_is_no_data_and_no_zero(demo_conn: Connection) -> None:
    demo_conn.execute(text("UPDATE programme SET eligibility = NULL WHERE code = 'pkh'"))
    demo_conn.execute(text("DELETE FROM household WHERE area_code LIKE '35.10.01.%'"))
    demo_conn.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for cell in ("eligible", "excluded", "included"):
        layer = get_layer(demo_conn, f"gap:{cell}")
        rows = layer.list_all_rows(demo_conn, View(layer=layer.key, level="desa", gap="pkh:served"))
        assert {(row["value"], row["count"], row[cell]) for row in rows.rows} == {
            (None, None, None)
        }
        assert rows.no_data_reason and "aturan" in rows.no_data_reason
    cells = count_gaps(demo_conn, View(), None)[""]
    assert cells["pkh"]["excluded"] is None and cells["pkh"]["served"]
    assert cells["bpnt"]["excluded"]


def test_an_unknown_programme_is_refused(demo_conn: Connection) -> None:
    view = View(layer="gap:served", gap="no_such:served")
    with pytest.raises(InvalidView, match="no_such"):
        get_layer(demo_conn, view.layer).list_rows(demo_conn, view)
    with pytest.raises(InvalidView, match="no_such"):
        get_layer(demo_conn, "poverty_rate").list_rows(demo_conn, view)


@pytest.mark.parametrize("classes", range(3, 8))
@pytest.mark.parametrize("method", ["quantile", "natural"])
def test_breaks_are_equal_steps_of_the_whole(
    demo_conn: Connection, method: str, classes: int
) -> None:
    layer = get_layer(demo_conn, "gap:excluded")
    for query in ("gap=pkh:excluded", "gap=bpnt:excluded&deciles=1", "level=desa"):
        view = View.from_query(f"layer=gap:excluded&{query}&method={method}&classes={classes}")
        painting = paint(demo_conn, layer, view)
        assert painting.is_fixed and painting.is_frozen
        steps = [math.isclose(edge, 100 * n / classes, abs_tol=0.05)
                 for n, edge in enumerate(painting.breaks, start=1)]  # fmt: skip
        assert len(steps) == classes - 1 and all(steps)
        shown = paint(demo_conn, layer, replace(view, breaks="shown"))
        assert not shown.is_fixed and not shown.is_frozen


def test_no_breaks_are_kept_of_layers_that_have_their_own(demo_conn: Connection) -> None:
    kept = set(demo_conn.scalars(text("SELECT DISTINCT layer FROM class_breaks")))
    assert "poverty_rate" in kept
    assert not any(layer.startswith("gap:") for layer in kept)


@pytest.fixture(scope="module")
def web_engine(demo_url: str) -> Iterator[Engine]:
    """The database as the pages reach it: under the row policies."""
    engine = make_engine(str_of(web_address(demo_url)))
    yield engine
    engine.dispose()


@pytest.mark.parametrize("role", ["guest", "agency"])
def test_roles_of_published_totals_see_none_of_it(web_engine: Engine, role: str) -> None:
    with reading(web_engine, Viewer(user="x", role=role)) as conn:
        offered = {layer.key for layer in list_layers(conn)}
        assert "poverty_rate" in offered
        assert not any(key.startswith("gap:") or key == "position_faults" for key in offered)
        for key in ("gap:excluded", "position_faults"):
            with pytest.raises(AccessDenied, match="tidak dibuka untuk peran Anda") as refused:
                get_layer(conn, key)
            assert refused.value.status == 403
        for query in ("gap=pkh:excluded", "question=0123456789ab", "plan=1", "plan=1:left"):
            for ask in (get_layer(conn, "poverty_rate").list_rows, get_summary, get_facets):
                with pytest.raises(AccessDenied, match="kesenjangan") as refused:
                    ask(conn, View.from_query(query))
                assert refused.value.status == 403


@pytest.mark.parametrize("role", ["task_unit", "village_operator"])
def test_roles_of_an_area_count_their_own_only(
    web_engine: Engine,
    read_conn: Connection,
    facts: list[Fact],
    truth: Truth,
    programmes: list[str],
    role: str,
) -> None:
    own = find_densest(read_conn)[role == "village_operator"]
    # The database decides, also when a view asks for all of it.
    with reading(web_engine, Viewer(user="x", role=role, area=own)) as conn:
        counted = count_gaps(conn, View(), "desa")
        outside = next(
            area.code for area in list_areas(conn, None, "desa") if not area.code.startswith(own)
        )
        view = View(gap="pkh:served", area=outside, level="household")
        assert list_household_page(conn, view) == []
    expected = count_cells(facts, truth, View(area=own), 13, programmes)
    assert counted == expected


@pytest.mark.parametrize("role", ["regent", "planner"])
def test_regent_and_planner_count_everything(
    web_engine: Engine, facts: list[Fact], truth: Truth, programmes: list[str], role: str
) -> None:
    with reading(web_engine, Viewer(user="x", role=role)) as conn:
        assert count_gaps(conn, View(), "kecamatan") == count_cells(
            facts, truth, View(), 8, programmes
        )


def test_the_regent_asks_no_questions() -> None:
    regent = Viewer(user="x", role="regent")
    for query in ("gap=pkh:excluded", "plan=1"):
        assert bind_view(View.from_query(query), regent) == View.from_query(query)
    with pytest.raises(AccessDenied, match="Pertanyaan bebas") as refused:
        bind_view(View.from_query("question=0123456789ab"), regent)
    assert refused.value.status == 403
