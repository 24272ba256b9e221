"""The gap matrix written a second time: plain SQL over the rows of households, persons and aid.

Nothing here reads a bit string or calls a function of ``db/sql``. A rule becomes SQL condition by
condition, and a period's end is worked out anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from geo.view import GAP_CELLS, View
from tests.db.oracle import Fact, matches

_END = """
    ((left(a.period, 4) || '-01-01')::date + make_interval(months =>
        CASE substr(a.period, 5, 2)
            WHEN '' THEN 12
            WHEN '-S' THEN 6 * right(a.period, 1)::int
            WHEN '-Q' THEN 3 * right(a.period, 1)::int
            ELSE right(a.period, 2)::int
        END) - interval '1 day')::date"""
_HEAD = {"head_sex": "q.sex", "head_marital_status": "q.marital_status", "head_age": "AGE"}
_AGE = "extract(year FROM age(DATE {day}, q.birth_date))"
_EQUAL_PARTS = ("sex", "relationship", "marital_status", "schooling", "education")


@dataclass(frozen=True)
class Truth:
    """Who is eligible for, served by and doubly served by each programme: sets of households."""

    eligible: dict[str, frozenset[int]]
    served: dict[str, frozenset[int]]
    double: dict[str, frozenset[int]]

    def cell(self, programme: str, cell: str) -> frozenset[int]:
        """Return the households of a cell."""
        eligible, served = self.eligible[programme], self.served[programme]
        return {
            "eligible": eligible,
            "served": served,
            "excluded": eligible - served,
            "included": served - eligible,
            "double": self.double[programme],
        }[cell]


def read_truth(conn: Connection) -> Truth:
    """Evaluate every rule for the day that the register's own were evaluated for."""
    day = conn.scalar(text("SELECT day FROM rule_state"))
    rows = conn.execute(
        text("SELECT code, eligibility, served_years, excludes FROM programme")
    ).all()
    eligible = {code: _find_eligible(conn, rule, day) for code, rule, *_ in rows}
    served = {code: _find_served(conn, code, years, day) for code, _, years, _ in rows}
    pairs = {frozenset((code, other)) for code, *_, excludes in rows for other in excludes}
    double: dict[str, set[int]] = defaultdict(set)
    for one, other in map(tuple, pairs):
        both = served[one] & served[other]
        double[one] |= both
        double[other] |= both
    return Truth(eligible, served, {code: frozenset(double[code]) for code, *_ in rows})


def count_cells(
    facts: Iterable[Fact], truth: Truth, view: View, length: int, programmes: Iterable[str]
) -> dict[str, dict[str, dict[str, int]]]:
    """Count the cells per area, whose code has a length, under the filters of a view."""
    chosen = [fact for fact in facts if matches(fact, view)]
    of_area: dict[str, set[int]] = defaultdict(set)
    for fact in chosen:
        of_area[fact.area_code[:length]].add(fact.id)
    return {
        area: {
            code: {cell: len(truth.cell(code, cell) & ids) for cell in GAP_CELLS}
            for code in programmes
        }
        for area, ids in of_area.items()
    }


def _find_served(conn: Connection, code: str, years: int | None, day: date) -> frozenset[int]:
    return _find(conn, _received(code, years, day))


def _find_eligible(conn: Connection, rule: dict[str, Any] | None, day: date) -> frozenset[int]:
    return _find(conn, write_rule(rule, day)) if rule else frozenset()


def _find(conn: Connection, condition: str) -> frozenset[int]:
    escaped = condition.replace(":", "\\:")
    return frozenset(conn.scalars(text(f"SELECT h.id FROM household AS h WHERE {escaped}")))


def write_rule(rule: dict[str, Any], day: date) -> str:
    """Write a rule as a condition on ``household AS h``."""
    parts = [_write(one, day) for one in rule.get("all", ())]
    if rule.get("any"):
        parts.append(f"({' OR '.join(_write(one, day) for one in rule['any'])})")
    parts += [f"NOT {_write(one, day)}" for one in rule.get("none", ())]
    return " AND ".join(parts) or "true"


def _write(condition: dict[str, Any], day: date) -> str:
    if "field" in condition:
        return f"coalesce({_write_field(condition, day)}, false)"
    if "need" in condition:
        return (
            "EXISTS (SELECT FROM household_need AS n WHERE n.household_id = h.id"
            f" AND n.need_code = {_quote(condition['need'])})"
        )
    if "member" in condition:
        return _write_member(condition["member"], condition.get("at_least", 1), day)
    if "aid" in condition:
        return _received(condition["aid"], condition.get("years"), day)
    return f"NOT {_received(condition['no_aid'], condition.get('years'), day)}"


def _write_field(condition: dict[str, Any], day: date) -> str:
    field, value = condition["field"], condition["value"]
    values = value if isinstance(value, list) else [value]
    wanted = f"({', '.join(map(_quote, values))})"
    operator = {"in": "IN", "=": "IN", "!=": "NOT IN"}.get(condition["op"], condition["op"])
    right = wanted if "IN" in operator else _quote(value)
    if field in _HEAD:
        column = _age(day) if field == "head_age" else _HEAD[field]
        return (
            "EXISTS (SELECT FROM person AS q WHERE q.household_id = h.id AND"
            f" q.relationship = 'head' AND q.life_status = 'alive' AND {column} {operator} {right})"
        )
    if field == "area_kind":
        return f"(SELECT kind FROM admin_area WHERE code = h.area_code) {operator} {right}"
    return f"h.{field} {operator} {right}"


def _write_member(parts: dict[str, Any], at_least: int, day: date) -> str:
    wanted = ["q.household_id = h.id", "q.life_status = 'alive'"]
    wanted += [f"q.{name} = {_quote(parts[name])}" for name in _EQUAL_PARTS if name in parts]
    if "age_min" in parts:
        wanted.append(f"{_age(day)} >= {parts['age_min']}")
    if "age_max" in parts:
        wanted.append(f"{_age(day)} <= {parts['age_max']}")
    wanted += [
        f"q.{name} IS NOT NULL" for name in ("disability", "chronic_illness") if parts.get(name)
    ]
    return f"(SELECT count(*) FROM person AS q WHERE {' AND '.join(wanted)}) >= {at_least}"


def _received(code: str, years: int | None, day: date) -> str:
    ends = f"AND {_END} > DATE '{day}' - interval '{years} years'" if years is not None else ""
    return (
        "EXISTS (SELECT FROM aid AS a WHERE a.household_id = h.id AND a.status = 'received'"
        f" AND a.programme_code = {_quote(code)} {ends})"
    )


def _age(day: date) -> str:
    return _AGE.format(day=f"'{day}'")


def _quote(value: Any) -> str:
    if isinstance(value, str):
        doubled = value.replace("'", "''")
        return f"'{doubled}'"
    return str(value)
