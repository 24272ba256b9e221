"""The plain truth about rules: asked a second time, row by row, of households, persons and aid.

It takes the JSON of a rule, and shares no code with :mod:`geo.rules` or ``db/sql/rules.sql``.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

Json = Mapping[str, Any]


@dataclass
class Family:
    """A household with what its rows say."""

    id: int
    area_code: str
    values: dict[str, Any]
    people: list[dict[str, Any]] = field(default_factory=list)
    received: list[tuple[str, date]] = field(default_factory=list)
    """Programme and last day of the period."""
    needs: set[str] = field(default_factory=set)


def read_families(conn: Connection) -> list[Family]:
    """Read every household with its living members, its needs and the aid it received."""
    kinds = dict(conn.execute(text("SELECT code, kind FROM admin_area")).all())
    families: dict[int, Family] = {}
    for row in conn.execute(text("SELECT * FROM household")).mappings():
        values = dict(row) | {"area_kind": kinds[row["area_code"]]}
        families[row["id"]] = Family(row["id"], row["area_code"], values)
    for row in conn.execute(text("SELECT * FROM person")).mappings():
        if row["life_status"] == "alive":
            families[row["household_id"]].people.append(dict(row))
    for household, code, period, status in conn.execute(
        text("SELECT household_id, programme_code, period, status FROM aid")
    ):
        if status == "received":
            families[household].received.append((code, last_day(period)))
    for household, need in conn.execute(text("SELECT household_id, need_code FROM household_need")):
        families[household].needs.add(need)
    return list(families.values())


def last_day(period: str) -> date:
    """Return the last day of 2026, 2026-S1, 2026-Q3 or 2026-05."""
    year, _, part = period.partition("-")
    if not part:
        return date(int(year), 12, 31)
    if part.startswith("S"):
        month = int(part[1]) * 6
    elif part.startswith("Q"):
        month = int(part[1]) * 3
    else:
        month = int(part)
    return date(int(year), month, calendar.monthrange(int(year), month)[1])


def years_before(today: date, years: int) -> date:
    """Return the same day so many years ago; of 29 February the 28th."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return today.replace(year=today.year - years, day=28)


def age_of(birth: date, today: date) -> int:
    """Return the age in whole years."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def is_eligible(rule: Json, family: Family, today: date) -> bool:
    """Whether a family meets `all`, one of `any` and none of `none`."""
    wanted = rule.get("all", ())
    heads = [one for one in wanted if str(one.get("field", "")).startswith("head_")]
    if heads and not any(
        all(compare(one, head_value(one, head, today)) for one in heads)
        for head in heads_of(family)
    ):
        return False
    if not all(meets(one, family, today) for one in wanted if one not in heads):
        return False
    alternatives = rule.get("any", ())
    if alternatives and not any(meets(one, family, today) for one in alternatives):
        return False
    return not any(meets(one, family, today) for one in rule.get("none", ()))


def goes_first(rule: Json, family: Family, today: date) -> bool:
    """Whether a family meets one of `first`."""
    return any(meets(one, family, today) for one in rule.get("first", ()))


def meets(condition: Json, family: Family, today: date) -> bool:
    """Whether a family meets one condition."""
    if "need" in condition:
        return condition["need"] in family.needs
    if "aid" in condition or "no_aid" in condition:
        code = condition.get("aid", condition.get("no_aid"))
        years = condition.get("years")
        got = any(
            programme == code and (years is None or end > years_before(today, years))
            for programme, end in family.received
        )
        return got == ("aid" in condition)
    if "member" in condition:
        found = sum(fits(condition["member"], one, today) for one in family.people)
        return found >= condition.get("at_least", 1)
    if condition["field"].startswith("head_"):
        return any(
            compare(condition, head_value(condition, head, today)) for head in heads_of(family)
        )
    return compare(condition, family.values[condition["field"]])


def heads_of(family: Family) -> list[dict[str, Any]]:
    return [one for one in family.people if one["relationship"] == "head"]


def head_value(condition: Json, head: Json, today: date) -> Any:
    if condition["field"] == "head_age":
        return None if head["birth_date"] is None else age_of(head["birth_date"], today)
    return head[condition["field"].removeprefix("head_")]


def compare(condition: Json, value: Any) -> bool:
    """Compare; what is missing is neither equal nor unequal to anything."""
    if value is None:
        return False
    wanted = condition["value"]
    match condition["op"]:
        case "=":
            return bool(value == wanted)
        case "!=":
            return bool(value != wanted)
        case "<=":
            return bool(value <= wanted)
        case ">=":
            return bool(value >= wanted)
        case _:
            return value in wanted


def fits(parts: Json, person: Json, today: date) -> bool:
    """Whether one person meets every part."""
    for key, wanted in parts.items():
        if key in ("age_min", "age_max"):
            if person["birth_date"] is None:
                return False
            age = age_of(person["birth_date"], today)
            if age < wanted if key == "age_min" else age > wanted:
                return False
        elif key in ("disability", "chronic_illness"):
            if not person[key]:
                return False
        elif person[key] != wanted:
            return False
    return True


def count_by_area(families: Iterable[Family], length: int) -> dict[str, int]:
    """Count families by the first letters of their desa's code."""
    counts: dict[str, int] = defaultdict(int)
    for family in families:
        counts[family.area_code[:length]] += 1
    return dict(counts)
