"""Plans as pages show them, under the viewer's rights."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from db.audit import note_shown
from db.plans.values import (
    PAGE_SIZE,
    ComparisonLine,
    CoverageLine,
    Plan,
    PlanChange,
    PlanComparison,
    PlanLine,
    PlanNotFound,
    PlanResult,
    TargetLine,
    TargetPage,
)
from db.queries.selection import area_pattern
from db.queries.sources import SourceNote
from geo.plan_settings import parse_settings

__all__ = [
    "PAGE_SIZE",
    "ComparisonLine",
    "CoverageLine",
    "Plan",
    "PlanChange",
    "PlanComparison",
    "PlanLine",
    "PlanNotFound",
    "PlanResult",
    "TargetLine",
    "TargetPage",
    "compare_plans",
    "get_plan",
    "list_coverage",
    "list_plan_changes",
    "list_plans",
    "list_targets",
]

_PLAN = """
    SELECT p.id, p.name, p.programme_code, g.name AS programme_name, g.agency, p.area_code,
           a.name AS area_name, p.settings, p.state, p.revision, p.result, p.computed_at, p.day,
           p.rule_version, p.list_hash, p.created_by, p.created_at, p.edited_by, p.edited_at,
           p.proposed_by, p.proposed_at, p.approved_by, p.approved_at, p.decree_number,
           p.decree_date, p.closed_at, t.outcomes
    FROM plan AS p
    JOIN programme AS g ON g.code = p.programme_code
    LEFT JOIN admin_area AS a ON a.code = p.area_code
    CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_object_agg(outcome, n), '{}') AS outcomes
        FROM (SELECT coalesce(outcome, '') AS outcome, count(*) AS n
              FROM plan_target WHERE plan_id = p.id GROUP BY 1) AS c
    ) AS t
"""
_GET = text(f"{_PLAN} WHERE p.id = :id")
_LIST = text(f"""
    {_PLAN} WHERE CAST(:programme AS text) IS NULL OR p.programme_code = :programme
    ORDER BY p.id DESC
""")
_TARGETS = text("""
    SELECT t.rank, t.household_id, t.head_name, t.nik, t.kk, t.address, t.rt, t.rw, t.area_code,
           d.name AS desa, k.name AS kecamatan, t.amount_idr, t.reasons, t.outcome, t.outcome_on
    FROM plan_target AS t
    JOIN admin_area AS d ON d.code = t.area_code
    JOIN admin_area AS k ON k.code = d.parent_code
    WHERE t.plan_id = :id AND t.area_code LIKE :pattern
    ORDER BY t.rank LIMIT :limit OFFSET :offset
""")
_COUNT_TARGETS = text("""
    SELECT count(*) FROM plan_target WHERE plan_id = :id AND area_code LIKE :pattern
""")
_CHANGES = text("""
    SELECT id, at, user_name, act, detail FROM plan_change WHERE plan_id = :id ORDER BY id DESC
""")
_COVERAGE = text("SELECT result -> 'coverage' FROM plan WHERE id = :id")
_NAMES = text("SELECT code, name FROM admin_area WHERE level = :level")
_COMPARE = text("""
    SELECT d.parent_code, count(*) FILTER (WHERE in_a AND in_b),
           count(*) FILTER (WHERE in_a AND NOT in_b), count(*) FILTER (WHERE in_b AND NOT in_a)
    FROM (
        SELECT household_id, min(area_code) AS area_code, bool_or(plan_id = :a) AS in_a,
               bool_or(plan_id = :b) AS in_b
        FROM plan_target WHERE plan_id IN (:a, :b) GROUP BY household_id
    ) AS t
    JOIN admin_area AS d ON d.code = t.area_code
    GROUP BY 1 ORDER BY 1
""")


def get_plan(conn: Connection, plan_id: int) -> Plan:
    """Return a plan.

    Raises
    ------
    PlanNotFound
        When there is none of that number that the viewer may see.
    """
    row = conn.execute(_GET, {"id": plan_id}).mappings().one_or_none() if plan_id < 2**63 else None
    if row is None:
        raise PlanNotFound(plan_id)
    return _plan(dict(row))


def list_plans(conn: Connection, programme: str | None = None) -> tuple[PlanLine, ...]:
    """Return the plans that the viewer may see, the newest first."""
    plans = (_plan(dict(row)) for row in conn.execute(_LIST, {"programme": programme}).mappings())
    return tuple(_line(plan) for plan in plans)


def list_targets(
    conn: Connection, plan_id: int, *, area: str | None = None, page: int = 1
) -> TargetPage:
    """Return a page of a plan's list by rank; with ``area`` only what lies inside it."""
    asked = {"id": plan_id, "pattern": area_pattern(area)}
    paging = {"limit": PAGE_SIZE, "offset": (page - 1) * PAGE_SIZE}
    lines = tuple(TargetLine(*row) for row in conn.execute(_TARGETS, asked | paging))
    note_shown(conn, (line.household for line in lines))
    return TargetPage(lines, page, int(conn.scalar(_COUNT_TARGETS, asked) or 0))


def list_plan_changes(conn: Connection, plan_id: int) -> tuple[PlanChange, ...]:
    """Return what was done to a plan, the newest first."""
    return tuple(PlanChange(*row) for row in conn.execute(_CHANGES, {"id": plan_id}))


def list_coverage(
    conn: Connection, plan_id: int, level: str = "kecamatan"
) -> tuple[CoverageLine, ...]:
    """Return coverage per kecamatan or desa before and after a plan, by code.

    As it was when the list was made; empty while there is none.
    """
    coverage = conn.scalar(_COVERAGE, {"id": plan_id})
    if coverage is None:
        return ()
    names = _name_areas(conn, level)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in coverage:
        area = one["area"] if level == "desa" else one["area"].rpartition(".")[0]
        counts[area].update({key: one[key] for key in ("base", "served", "targets")})
    return tuple(
        CoverageLine(area, names[area], counted["base"], counted["served"], counted["targets"])
        for area, counted in sorted(counts.items())
    )


def compare_plans(conn: Connection, a: int, b: int) -> PlanComparison:
    """Compare the lists of two plans.

    Raises
    ------
    PlanNotFound
        When the viewer may not see one of them.
    """
    plan_a, plan_b = get_plan(conn, a), get_plan(conn, b)
    names = _name_areas(conn, "kecamatan")
    lines = tuple(
        ComparisonLine(code, names[code], both, only_a, only_b)
        for code, both, only_a, only_b in conn.execute(_COMPARE, {"a": a, "b": b})
    )
    return PlanComparison(
        plan_a,
        plan_b,
        both=sum(line.both for line in lines),
        only_a=sum(line.only_a for line in lines),
        only_b=sum(line.only_b for line in lines),
        lines=lines,
    )


def _name_areas(conn: Connection, level: str) -> dict[str, str]:
    return {row.code: row.name for row in conn.execute(_NAMES, {"level": level})}


def _plan(row: dict[str, Any]) -> Plan:
    made = {key: row.pop(key) for key in ("result", "computed_at", "day", "rule_version")}
    return Plan(
        **{key: row[key] for key in row.keys() - {"settings", "programme_code", "area_code"}},
        programme=row["programme_code"],
        area=row["area_code"],
        settings=parse_settings(row["settings"]),
        result=_result(**made),
    )


def _result(
    result: Mapping[str, Any] | None,
    computed_at: datetime | None,
    day: date | None,
    rule_version: int | None,
) -> PlanResult | None:
    if result is None or computed_at is None or day is None or rule_version is None:
        return None
    counts = {key: result[key] for key in ("candidates", "places", "targets", "left")}
    return PlanResult(
        computed_at=computed_at,
        day=day,
        rule_version=rule_version,
        **counts,
        amount_idr=result["amount_idr"],
        notes=tuple(result["notes"]),
        sources=tuple(
            SourceNote(**one | {"as_of": date.fromisoformat(one["as_of"])})
            for one in result["sources"]
        ),
        villages=tuple(result["villages"]),
    )


def _line(plan: Plan) -> PlanLine:
    targets = sum(plan.outcomes.values())
    cost = plan.settings.unit_cost_idr
    return PlanLine(
        id=plan.id,
        name=plan.name,
        programme=plan.programme,
        programme_name=plan.programme_name,
        area=plan.area,
        area_name=plan.area_name,
        period=plan.settings.period,
        state=plan.state,
        revision=plan.revision,
        quota=plan.settings.quota,
        budget_idr=plan.settings.budget_idr,
        targets=targets,
        amount_idr=None if cost is None else cost * targets,
        due_on=plan.settings.due_on,
        outcomes=plan.outcomes,
        created_by=plan.created_by,
        edited_by=plan.edited_by,
        edited_at=plan.edited_at,
    )
