"""The worked example of docs/planning.md, run from the page itself. All people are invented."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from db.demo import load_demo
from db.engine import make_engine, writing
from db.plans.compute import compute_plan
from db.plans.queries import Plan, get_plan
from db.plans.store import create_plan
from db.viewer import LOCAL_VIEWER
from geo.plan_settings import parse_settings
from layers import freeze_breaks
from tests.conftest import MakeDatabase, str_of

PAGE = (Path(__file__).parents[2] / "docs" / "planning.md").read_text(encoding="utf-8")
EXAMPLE = PAGE.partition("## Worked example")[2].partition("## Tests")[0]
FIGURES = {
    name: int(figure.replace(",", ""))
    for name, figure in re.findall(r"^\| ([a-z ]+?) \| ([\d,]+) \|$", EXAMPLE, re.MULTILINE)
}
SETTINGS = json.loads(re.findall(r"```json\n(.*?)```", EXAMPLE, re.DOTALL)[0])

# The demo has desa in which hardly anybody is poor. Each gets enough families to choose from, men
# and women as heads, some of them served before.
_FAMILIES = text("""
    INSERT INTO household (area_code, head_name, decile, member_count, source, as_of, external_id)
    SELECT d.code, 'Kepala ' || n, 1 + n % 4, 3, (SELECT min(source) FROM household), s.day,
           d.code || n
    FROM admin_area AS d CROSS JOIN generate_series(1, 16) AS n CROSS JOIN rule_state AS s
    WHERE d.level = 'desa'
""")
_HEADS = text("""
    INSERT INTO person (household_id, name, relationship, sex)
    SELECT id, head_name, 'head', CASE WHEN id % 3 = 0 THEN 'female' ELSE 'male' END
    FROM household WHERE head_name LIKE 'Kepala %'
""")
_SERVED = text("""
    INSERT INTO aid (household_id, programme_code, period, source, as_of)
    SELECT id, 'kanggo_riko', '2019', source, as_of
    FROM household WHERE head_name LIKE 'Kepala %' AND id % 4 = 0
""")
_TARGETS = text("""
    SELECT d.kind, t.area_code, t.household_id, t.amount_idr, h.decile,
           (SELECT sex FROM person WHERE household_id = h.id AND relationship = 'head'
            AND life_status = 'alive' ORDER BY id LIMIT 1) = 'female' AS is_woman,
           EXISTS (SELECT FROM aid WHERE household_id = h.id AND programme_code = 'kanggo_riko'
                   AND status = 'received') AS was_served
    FROM plan_target AS t JOIN household AS h ON h.id = t.household_id
    JOIN admin_area AS d ON d.code = h.area_code
    WHERE t.plan_id = :plan ORDER BY t.rank
""")
_WOMEN_LEFT_OUT = text("""
    SELECT h.area_code, count(*) FROM household AS h
    JOIN person AS p ON p.household_id = h.id AND p.relationship = 'head' AND p.sex = 'female'
         AND p.life_status = 'alive'
    WHERE h.decile <= 4 AND h.status IN ('unverified', 'verified')
      AND NOT EXISTS (SELECT FROM aid AS a WHERE a.household_id = h.id AND a.status = 'received'
                      AND a.programme_code IN ('kanggo_riko', 'mitra_mapan'))
      AND NOT EXISTS (SELECT FROM plan_target WHERE plan_id = :plan AND household_id = h.id)
    GROUP BY 1
""")


@pytest.fixture(scope="module")
def round_of_2024(make_database: MakeDatabase) -> Iterator[tuple[Connection, Plan]]:
    """The plan of the page on a demo register of its own."""
    engine: Engine = make_engine(str_of(make_database("example")), statement_timeout_ms=0)
    with writing(engine, LOCAL_VIEWER) as conn:
        load_demo(conn, household_count=2_000)
        for statement in (_FAMILIES, _HEADS, _SERVED):
            conn.execute(statement)
        freeze_breaks(conn)
    with writing(engine, LOCAL_VIEWER) as conn:
        plan_id = create_plan(
            conn,
            name="Kanggo Riko 2024",
            programme="kanggo_riko",
            area=None,
            settings=parse_settings(SETTINGS),
            user="bu-perencana",
        )
        compute_plan(conn, plan_id, 1, user="bu-perencana")
        yield conn, get_plan(conn, plan_id)
    engine.dispose()


def test_the_demo_has_the_villages_of_the_page(round_of_2024: tuple[Connection, Plan]) -> None:
    kinds = round_of_2024[0].execute(
        text("SELECT kind, count(*) AS n FROM admin_area WHERE level = 'desa' GROUP BY 1")
    )
    assert {row.kind: row.n for row in kinds} == {
        kind: FIGURES[kind] for kind in ("desa", "kelurahan")
    }


def test_households_and_money_are_those_of_the_page(
    round_of_2024: tuple[Connection, Plan],
) -> None:
    result = round_of_2024[1].result
    assert result
    assert result.targets == result.places == FIGURES["households"]
    assert result.amount_idr == FIGURES["rupiah in all"]
    assert result.left == 0 and not [note for note in result.notes if "left" in note]


def test_each_desa_has_its_households_and_each_kelurahan_none(
    round_of_2024: tuple[Connection, Plan],
) -> None:
    conn, plan = round_of_2024
    rows = conn.execute(_TARGETS, {"plan": plan.id}).all()
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.area_code] = counts.get(row.area_code, 0) + 1
    in_kelurahan = sum(1 for row in rows if row.kind == "kelurahan")
    assert in_kelurahan == FIGURES["kelurahan"] * FIGURES["households in each kelurahan"]
    assert len(counts) == FIGURES["desa"]
    assert set(counts.values()) == {FIGURES["households in each desa"]}
    assert {row.amount_idr for row in rows} == {FIGURES["rupiah for each"]}
    assert not any(row.was_served for row in rows)
    assert max(row.decile for row in rows) <= 4


def test_no_man_is_on_the_list_of_a_desa_that_left_a_woman_out(
    round_of_2024: tuple[Connection, Plan],
) -> None:
    conn, plan = round_of_2024
    left_out = {row.area_code for row in conn.execute(_WOMEN_LEFT_OUT, {"plan": plan.id})}
    with_men = {
        row.area_code for row in conn.execute(_TARGETS, {"plan": plan.id}) if not row.is_woman
    }
    assert with_men and not with_men & left_out
