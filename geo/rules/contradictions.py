"""Rules that no household can ever meet, found before anybody waits for one that does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from geo.rules.describe import describe_condition
from geo.rules.fields import FIELDS, OLDEST
from geo.rules.model import (
    AidCondition,
    Condition,
    FieldCondition,
    MemberCondition,
    Rule,
)
from geo.text import N_, Phrase

Clash = tuple[Phrase, Phrase | None]
"""Two conditions that exclude each other; or the field of which several do only together."""


def find_contradiction(rule: Rule) -> Clash | None:
    """Find conditions that keep a rule, or its ``first``, from ever being true.

    Not every such rule is found, and none is named that could be met: what is compared is equal
    conditions, values of one field, aid of one programme, and members who are certainly others.
    """
    clash = _find_clash(rule.all, rule.none)
    if clash:
        return clash
    for alternatives in (rule.any, rule.first):
        clashes = [_find_clash((*rule.all, one), rule.none) for one in alternatives]
        if clashes and all(clashes):
            return clashes[0]
    return None


def _find_clash(wanted: tuple[Condition, ...], refused: tuple[Condition, ...]) -> Clash | None:
    for one in wanted:
        for other in refused:
            if _implies(one, other):
                return describe_condition(one), Phrase(
                    N_("bukan: {what}"), {"what": describe_condition(other)}
                )
    for one, other in combinations(wanted, 2):
        if _exclude_each_other(one, other):
            return describe_condition(one), describe_condition(other)
    for key in sorted({one.field for one in _fields(wanted)}):
        if not _has_value(_of(key, wanted), _of(key, refused)):
            return Phrase(FIELDS[key].title), None
    return None


def _fields(conditions: Iterable[Condition]) -> Iterator[FieldCondition]:
    return (one for one in conditions if isinstance(one, FieldCondition))


def _of(key: str, conditions: Iterable[Condition]) -> list[FieldCondition]:
    return [one for one in _fields(conditions) if one.field == key]


def _implies(one: Condition, other: Condition) -> bool:
    """Whether whoever meets the one certainly meets the other."""
    match one, other:
        case FieldCondition(), FieldCondition() if one.field == other.field:
            return not _has_value([one], [other])
        case MemberCondition(), MemberCondition():
            return one.at_least >= other.at_least and _is_among(dict(one.parts), dict(other.parts))
        case AidCondition(), AidCondition() if one.programme == other.programme:
            if one.is_received != other.is_received:
                return False
            shorter, longer = (one, other) if one.is_received else (other, one)
            return longer.years is None or (
                shorter.years is not None and shorter.years <= longer.years
            )
        case _:
            return one == other


def _is_among(one: dict[str, int | str | bool], other: dict[str, int | str | bool]) -> bool:
    """Whether a member who meets every part of the one meets every part of the other."""
    for key, value in other.items():
        if key == "age_min":
            if int(one.get(key, -1)) < int(value):
                return False
        elif key == "age_max":
            if int(one.get(key, OLDEST + 1)) > int(value):
                return False
        elif one.get(key) != value:
            return False
    return True


def _exclude_each_other(one: Condition, other: Condition) -> bool:
    match one, other:
        case FieldCondition(), FieldCondition() if one.field == other.field:
            return not _has_value([one, other], [])
        case AidCondition(), AidCondition() if one.programme == other.programme:
            if one.is_received == other.is_received:
                return False
            got, missed = (one, other) if one.is_received else (other, one)
            return missed.years is None or (got.years is not None and got.years <= missed.years)
        case _:
            return False


def _has_value(wanted: list[FieldCondition], refused: list[FieldCondition]) -> bool:
    """Whether some value of a field meets all the wanted conditions and none of the refused."""
    field = FIELDS[wanted[0].field]
    values: Iterable[int | str]
    if field.kind == "number":
        # Whether a number fits changes next to those that are named only.
        named = {n for one in (*wanted, *refused) for n in _values(one) if isinstance(n, int)}
        near = {n + step for n in named for step in (-1, 0, 1)} | {field.minimum, field.maximum}
        values = [n for n in near if field.minimum <= n <= field.maximum]
    else:
        values = field.choices or {}
    return any(
        all(_is_met(one, value) for one in wanted)
        and not any(_is_met(one, value) for one in refused)
        for value in values
    )


def _values(condition: FieldCondition) -> tuple[int | str, ...]:
    return condition.value if isinstance(condition.value, tuple) else (condition.value,)


def _is_met(condition: FieldCondition, value: int | str) -> bool:
    values = _values(condition)
    match condition.op:
        case "=" | "in":
            return value in values
        case "!=":
            return value not in values
        case "<=":
            return isinstance(value, int) and all(value <= int(most) for most in values)
        case _:
            return isinstance(value, int) and all(value >= int(least) for least in values)
