"""How long a rule takes: the count while it is edited, and becoming a filter of the map."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, text

from dashboard.bench.figures import median_and_p95, time_ms
from db.engine import make_engine, reading, writing
from db.rights import web_address
from db.rules import count_rule, get_programme_rule, open_question, read_rule, save_programme_rule
from db.viewer import LOCAL_VIEWER, Viewer
from geo.rules import Rule

_TIMES = 15
_PLANNER = Viewer("bench", "planner")
_WIDOW = [
    {"field": "head_sex", "op": "=", "value": "female"},
    {"field": "head_marital_status", "op": "in", "value": ["widowed", "divorced"]},
]
_RULES: Mapping[str, dict[str, Any]] = {
    "decile": {"all": [{"field": "decile", "op": "<=", "value": 4}]},
    "need and aid": {"all": [{"need": "latrine"}, {"no_aid": "bpnt", "years": 1}]},
    "widows": {"all": _WIDOW},
    "two toddlers": {"all": [{"member": {"age_max": 4}, "at_least": 2}]},
    "one of four members": {
        "any": [
            {"member": {"age_max": 6}},
            {"member": {"schooling": "attending"}},
            {"member": {"age_min": 60}},
            {"member": {"disability": True}},
        ]
    },
    "everything": {
        "all": [
            *_WIDOW,
            {"field": "decile", "op": "<=", "value": 2},
            {"no_aid": "pkh", "years": 1},
        ],
        "any": [{"need": "food"}, {"member": {"age_max": 6}}],
        "none": [{"member": {"chronic_illness": True}}],
    },
}
_DENSEST = text("""
    SELECT left(area_code, :length) FROM household GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1
""")


def measure_rules(engine: Engine, owner_address: str) -> dict[str, Any]:
    """Time the live count of rules, through the web login, and what keeps them as bits.

    Parameters
    ----------
    engine
        As the owner.
    owner_address
        Of the same database.

    Returns
    -------
    dict
        Median and 95th percentile in milliseconds of the count per rule and area (limit 100 ms at
        60,000 households), and the milliseconds of one new question and one new rule.
    """
    with reading(engine, LOCAL_VIEWER) as conn:
        areas = {
            "regency": None,
            "kecamatan": str(conn.scalar(_DENSEST, {"length": 8})),
            "desa": str(conn.scalar(_DENSEST, {"length": 13})),
        }
        rules = {name: read_rule(conn, rule) for name, rule in _RULES.items()}
    web = make_engine(web_address(owner_address).render_as_string(hide_password=False))
    figures: dict[str, Any] = {}
    with reading(web, _PLANNER) as conn:
        for name, rule in rules.items():
            figures[name] = {level: _time_count(conn, rule, area) for level, area in areas.items()}
    with writing(web, _PLANNER) as conn:
        figures["new question_ms"] = _time_once(lambda: open_question(conn, rules["everything"]))
        stands = get_programme_rule(conn, "pkh")
        figures["new rule_ms"] = _time_once(
            lambda: save_programme_rule(conn, "pkh", stands.version, rules["everything"])
        )
        conn.rollback()
    web.dispose()
    return figures


def _time_count(conn: Connection, rule: Rule, area: str | None) -> dict[str, float]:
    return median_and_p95(time_ms(lambda: count_rule(conn, rule, area), times=_TIMES))


def _time_once(call: Any) -> float:
    start = time.perf_counter()
    call()
    return round(1000 * (time.perf_counter() - start), 1)
