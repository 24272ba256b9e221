"""Making a plan's list: candidates, their order, each village's share, and the snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from db.plans.candidates import PlannedProgramme, find_programme, list_candidates, list_villages
from db.plans.store import PlanRefused, empty_list, refresh_flags, revise, take_plan
from db.queries.selection import area_pattern
from db.queries.sources import list_sources
from geo.apportion import apportion, share_caps
from geo.plan_notes import list_notes
from geo.plan_settings import PlanSettings, parse_settings
from geo.ranking import Candidates, Order, choose, explain, rank_candidates
from geo.text import N_
from geo.view import POOR_STATUSES

# Planned once, not for each of the list's foreign keys (db/engine.py asks for the latter).
_KEEP_PLANS = text("SET LOCAL plan_cache_mode = auto")
_INSERT = text("""
    WITH chosen AS MATERIALIZED (
        SELECT (c.one ->> 0)::bigint AS id, c.one -> 1 AS reasons, c.rank::int AS rank
        FROM jsonb_array_elements(:chosen) WITH ORDINALITY AS c (one, rank)
    ),
    head AS MATERIALIZED (
        SELECT DISTINCT ON (household_id) household_id, nik FROM person
        WHERE household_id IN (SELECT id FROM chosen) AND relationship = 'head'
        ORDER BY household_id, (life_status = 'alive') DESC, id
    )
    INSERT INTO plan_target (plan_id, household_id, rank, area_code, score, reasons, amount_idr,
                             head_name, nik, kk, address, rt, rw, decile, member_count)
    SELECT :plan, h.id, c.rank, h.area_code, (c.reasons ->> 'score')::float8, c.reasons,
           :amount, h.head_name, p.nik, h.kk, h.address, h.rt, h.rw, h.decile, h.member_count
    FROM chosen AS c
    JOIN household AS h ON h.id = c.id
    LEFT JOIN head AS p ON p.household_id = h.id
    ORDER BY c.rank
""").bindparams(bindparam("chosen", type_=JSONB))
_KEEP = text("""
    UPDATE plan SET result = :result, rule = :rule, rule_version = :rule_version, day = :day,
           data_version = (SELECT version FROM data_version WHERE topic = 'register'),
           computed_at = clock_timestamp(), edited_by = :user, edited_at = clock_timestamp()
    WHERE id = :plan
""").bindparams(bindparam("result", type_=JSONB), bindparam("rule", type_=JSONB))
_COVERAGE = text("""
    SELECT b.area_code AS area,
           bit_count((e.bits | s.bits) & b.bits) AS base,
           bit_count(s.bits & b.bits) AS served
    FROM (SELECT area_code, bit_or(bits) AS bits FROM household_bitmap
          WHERE flag = ANY (:statuses) AND area_code LIKE :pattern GROUP BY 1) AS b
    JOIN household_bitmap AS e ON e.area_code = b.area_code AND e.flag = 'eligible:' || :programme
    JOIN household_bitmap AS s ON s.area_code = b.area_code AND s.flag = 'served:' || :programme
    ORDER BY 1
""")


def compute_plan(conn: Connection, plan_id: int, revision: int, *, user: str) -> int:
    """Make the list of a draft anew. The same plan on the same data gives the same list.

    Parameters
    ----------
    conn
        As the owner, in a transaction.
    plan_id, revision
        Which plan, as whoever asks had it before them.
    user
        Who asks.

    Returns
    -------
    int
        The new revision.

    Raises
    ------
    PlanNotFound, StaleEdit, PlanRefused
        When it is gone, was changed meanwhile, or is no draft.
    """
    plan = take_plan(conn, plan_id, revision, ("draft",))
    conn.execute(_KEEP_PLANS)
    programme = find_programme(conn, plan.programme_code)
    if programme is None or programme.rule is None:
        raise PlanRefused(N_("Program ini belum mempunyai aturan, jadi tidak ada yang berhak."))
    settings = parse_settings(plan.settings)
    area: str | None = plan.area_code
    villages = list_villages(conn, area, settings.villages)
    candidates = list_candidates(conn, programme, villages, area=area, plan_id=plan_id)
    order = rank_candidates(
        candidates,
        settings.ranking.used_weights,
        day=programme.day,
        seed=settings.name_lot(programme.code),
        puts_first=settings.puts_first,
    )
    counts = _count_by_village(candidates.villages, villages)
    shares = _share(settings, counts)
    chosen = choose(candidates, order, settings.places, shares)
    _write_list(conn, plan_id, settings, candidates, order, chosen, shares)
    given = _count_by_village(candidates.villages[chosen], villages)
    result = _summarise(conn, settings, programme, area, counts, given)
    kept = {"rule": programme.rule, "rule_version": programme.rule_version, "day": programme.day}
    conn.execute(_KEEP, kept | {"plan": plan_id, "result": result, "user": user})
    detail = {key: result[key] for key in ("candidates", "places", "targets", "left")}
    return revise(conn, plan_id, "compute", user, detail)


def _share(settings: PlanSettings, counts: Mapping[str, int]) -> dict[str, int] | None:
    split = settings.split
    if split.by == "none":
        return None
    return apportion(settings.places, share_caps(counts, split.by, split.floor, split.most))


def _count_by_village(numbers: np.ndarray[Any, Any], villages: Sequence[str]) -> dict[str, int]:
    counts = np.bincount(numbers, minlength=len(villages)).tolist()
    return dict(zip(villages, counts, strict=True))


def _write_list(
    conn: Connection,
    plan_id: int,
    settings: PlanSettings,
    candidates: Candidates,
    order: Order,
    chosen: np.ndarray[Any, Any],
    shares: Mapping[str, int] | None,
) -> None:
    reasons = explain(candidates, order, chosen, by_area=shares)
    empty_list(conn, plan_id)
    conn.execute(
        _INSERT,
        {
            "plan": plan_id,
            "chosen": list(zip(candidates.ids[chosen].tolist(), reasons, strict=True)),
            "amount": settings.unit_cost_idr,
        },
    )
    refresh_flags(conn, plan_id)


def _summarise(
    conn: Connection,
    settings: PlanSettings,
    programme: PlannedProgramme,
    area: str | None,
    counts: Mapping[str, int],
    given: Mapping[str, int],
) -> dict[str, Any]:
    targets = sum(given.values())
    cost = settings.unit_cost_idr
    return {
        "candidates": sum(counts.values()),
        "places": settings.places,
        "targets": targets,
        "left": settings.places - targets,
        "amount_idr": None if cost is None else cost * targets,
        "notes": list_notes(settings, counts, given),
        "villages": [
            {"area": code, "candidates": count, "places": given[code]}
            for code, count in sorted(counts.items())
            if count
        ],
        "sources": [
            asdict(source) | {"as_of": source.as_of.isoformat()}
            for source in list_sources(conn, ("register",))
        ],
        "coverage": _cover(conn, programme.code, area, given),
    }


def _cover(
    conn: Connection, programme: str, area: str | None, given: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Count per desa who is eligible or served, who is served, and whom the plan adds."""
    asked = {
        "statuses": [f"status:{status}" for status in POOR_STATUSES],
        "pattern": area_pattern(area),
        "programme": programme,
    }
    return [
        {
            "area": row.area,
            "base": int(row.base),
            "served": int(row.served),
            "targets": given.get(row.area, 0),
        }
        for row in conn.execute(_COVERAGE, asked)
    ]
