"""How long making a plan takes: candidates, order, shares, and the list with its snapshot."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Engine

from dashboard.bench.figures import median_and_p95
from db.engine import writing
from db.plans.compute import compute_plan
from db.plans.queries import PlanResult, get_plan
from db.plans.store import create_plan, delete_plan
from db.viewer import LOCAL_VIEWER
from geo.plan_settings import PlanSettings, Ranking, Split

PLACES = 5_000
LIMIT_MS = 500.0
_TIMES = 10
_USER = "bench"
_PLANS = {
    "by decile": PlanSettings("2026", quota=PLACES),
    "by weights, split by need": PlanSettings(
        "2026",
        quota=PLACES,
        ranking=Ranking("weights", {"decile": 50, "needs": 30, "waiting": 20}),
        split=Split("need", floor=5),
    ),
}


def measure_plans(engine: Engine) -> dict[str, Any]:
    """Measure the making of two plans of 5,000 households, from the candidates to the list.

    Returns
    -------
    dict
        For each the candidates and targets, median and 95th percentile, and whether the median is
        within the limit.
    """
    return {name: _measure(engine, settings) for name, settings in _PLANS.items()}


def _measure(engine: Engine, settings: PlanSettings) -> dict[str, Any]:
    taken: list[float] = []
    made: PlanResult | None = None
    for _ in range(_TIMES + 1):
        with writing(engine, LOCAL_VIEWER) as conn:
            plan_id = create_plan(
                conn, name=_USER, programme="kanggo_riko", area=None, settings=settings, user=_USER
            )
            start = time.perf_counter()
            compute_plan(conn, plan_id, 1, user=_USER)
            taken.append(1000 * (time.perf_counter() - start))
            made = get_plan(conn, plan_id).result
            delete_plan(conn, plan_id, 2)
    assert made
    figures = median_and_p95(taken[1:])
    return {
        "candidates": made.candidates,
        "targets": made.targets,
        **figures,
        "within_limit": figures["p50_ms"] <= LIMIT_MS,
    }
