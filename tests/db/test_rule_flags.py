"""Rules, aid that still holds and plans as bit strings: each bit is its household's."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from db.engine import make_engine, reading
from db.queries.households import iterate_households
from db.queries.totals import get_summary
from db.rights import web_address
from db.viewer import Viewer
from geo.view import GAP_CELLS, View
from tests.conftest import str_of
from tests.db.test_derived import read_order
from tests.plan_samples import add_plan

KECAMATAN, DESA = "35.10.04", "35.10.04.2001"
_FLAGS = text("SELECT flag, area_code, bits::text FROM household_bitmap WHERE flag ~ :which")


def read_flagged(conn: Connection, which: str) -> dict[str, set[int]]:
    """Give the households of each flag, by the order that the bits stand for."""
    order = {area: [fact.id for _, fact in places] for area, places in read_order(conn).items()}
    found: dict[str, set[int]] = defaultdict(set)
    for flag, area, bits in conn.execute(_FLAGS, {"which": which}):
        assert len(bits) == len(order[area])
        found[flag] |= {one for one, bit in zip(order[area], bits, strict=True) if bit == "1"}
    return found


def test_the_kept_order_is_that_of_the_bits(demo_conn: Connection) -> None:
    kept = demo_conn.execute(text("SELECT area_code, ids FROM household_order")).all()
    order = read_order(demo_conn)
    assert {area: list(ids) for area, ids in kept} == {
        area: [fact.id for _, fact in places] for area, places in order.items()
    }


def holds(period: str, years: int | None, today: date) -> bool:
    """Whether aid of a year still counts, said anew."""
    return years is None or date(int(period), 12, 31) > today.replace(year=today.year - years)


def test_served_and_double_are_what_the_rows_of_aid_say(demo_conn: Connection) -> None:
    programmes = demo_conn.execute(text("SELECT code, served_years, excludes FROM programme")).all()
    years = {code: lasting for code, lasting, _ in programmes}
    assert None in years.values() and 1 in years.values()
    against: dict[str, set[str]] = defaultdict(set)
    for code, _, excludes in programmes:
        for other in excludes:
            against[code].add(other)
            against[other].add(code)
    assert against
    today = date.fromisoformat(str(demo_conn.scalar(text("SELECT day FROM rule_state"))))
    served: dict[str, set[int]] = defaultdict(set)
    for household, code, period in demo_conn.execute(
        text("SELECT household_id, programme_code, period FROM aid WHERE status = 'received'")
    ):
        if holds(period, years[code], today):
            served[code].add(household)
    flagged = read_flagged(demo_conn, "^(served|double):")
    for code in years:
        assert flagged[f"served:{code}"] == served[code]
        others = set().union(*(served[other] for other in against[code]))
        assert flagged[f"double:{code}"] == served[code] & others
    assert any(flagged[f"double:{code}"] for code in years)


def test_a_later_day_lets_aid_run_out(demo_conn: Connection) -> None:
    before = read_flagged(demo_conn, "^served:")
    version = text("SELECT version FROM data_version WHERE topic = 'register'")
    was = demo_conn.scalar(version)
    assert demo_conn.scalar(text("SELECT advance_rule_day('2030-01-01')"))
    after = read_flagged(demo_conn, "^served:")
    assert after["served:pkh"] == set() != before["served:pkh"]
    assert after["served:kanggo_riko"] == before["served:kanggo_riko"]
    assert demo_conn.scalar(version) == was + 1
    assert not demo_conn.scalar(text("SELECT advance_rule_day('2030-01-01')"))


def test_aid_that_comes_in_serves_its_household(demo_conn: Connection) -> None:
    house, source = demo_conn.execute(
        text("SELECT id, source FROM household WHERE aid = 0 ORDER BY id LIMIT 1")
    ).one()
    demo_conn.execute(
        text("""
            INSERT INTO aid (household_id, programme_code, period, source, as_of)
            VALUES (:house, 'jamban_sehat', '2026', :source, '2026-11-01')
        """),
        {"house": house, "source": source},
    )
    demo_conn.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    assert house in read_flagged(demo_conn, "^served:")["served:jamban_sehat"]


def test_a_plan_is_its_targets_and_those_still_open(demo_conn: Connection) -> None:
    chosen = list(demo_conn.scalars(text("SELECT id FROM household WHERE id % 97 = 0")))
    plan = add_plan(demo_conn, chosen)
    done = chosen[::3]
    demo_conn.execute(
        text("UPDATE plan_target SET outcome = 'delivered' WHERE household_id = ANY (:done)"),
        {"done": done},
    )
    demo_conn.execute(text("SELECT refresh_plan_flags(:plan)"), {"plan": plan})
    expected = {f"plan:{plan}": set(chosen), f"plan_left:{plan}": set(chosen) - set(done)}
    assert read_flagged(demo_conn, "^plan") == expected
    # A household that moves in the village takes its place in the plan with it.
    demo_conn.execute(
        text("UPDATE household SET location = NULL WHERE id = :one"), {"one": chosen[0]}
    )
    demo_conn.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    assert read_flagged(demo_conn, "^plan") == expected
    for name, households in expected.items():
        number, _, left = name.partition(":")[2], "", ":left" if "left" in name else ""
        view = View(level="household", statuses=(), plan=f"{number}{left}")
        assert {row["id"] for row in iterate_households(demo_conn, view)} == households
        assert get_summary(demo_conn, view).total == len(households)


@pytest.fixture(scope="module")
def web_engine(demo_url: str) -> Any:
    engine = make_engine(str_of(web_address(demo_url)))
    yield engine
    engine.dispose()


@pytest.mark.parametrize("cell", GAP_CELLS)
def test_lists_and_totals_of_a_cell_agree(demo_conn: Connection, cell: str) -> None:
    view = View(level="household", gap=f"pbi_jkn:{cell}")
    listed = [row["id"] for row in iterate_households(demo_conn, view)]
    assert len(listed) == len(set(listed)) == get_summary(demo_conn, view).total


@pytest.mark.parametrize(
    ("viewer", "inside"),
    [
        (Viewer("a", "planner"), ""),
        (Viewer("a", "regent"), ""),
        (Viewer("a", "task_unit", KECAMATAN), KECAMATAN),
        (Viewer("a", "village_operator", DESA), DESA),
        (Viewer("a", "guest"), None),
        (Viewer("a", "agency"), None),
        (Viewer("a", "auditor"), None),
        (Viewer("a", "administrator"), None),
        (Viewer("local", "local"), None),
        (Viewer("", ""), None),
        (Viewer("a", "task_unit"), None),
        (Viewer("a", "village_operator"), None),
    ],
)
def test_flagged_households_are_those_of_the_viewer_s_area(
    web_engine: Engine, demo_conn: Connection, viewer: Viewer, inside: str | None
) -> None:
    asked = text("SELECT flagged_households('{served:pkh}', '{6}', '%')")
    everyone = read_flagged(demo_conn, "^served:pkh")["served:pkh"]
    areas = dict(demo_conn.execute(text("SELECT id, area_code FROM household")).all())
    with reading(web_engine, viewer) as conn:
        found = list(conn.scalars(asked))
    expected = {one for one in everyone if inside is not None and areas[one].startswith(inside)}
    assert found == sorted(expected)
    assert bool(found) == (inside is not None)
