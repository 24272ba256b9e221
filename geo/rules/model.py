"""A rule as a frozen value with one canonical form: equal rules are equal bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

LISTS = ("all", "any", "none", "first")
Value = int | str | tuple[int, ...] | tuple[str, ...]


@dataclass(frozen=True)
class FieldCondition:
    """A comparison with a field of the household or its head; a missing value makes it false.

    With ``in`` the value is a tuple, sorted, of two or more.
    """

    field: str
    op: str
    value: Value

    def to_json(self) -> dict[str, Any]:
        """Write it as in a rule."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"field": self.field, "op": self.op, "value": value}


@dataclass(frozen=True)
class NeedCondition:
    """The household has a need."""

    need: str

    def to_json(self) -> dict[str, Any]:
        """Write it as in a rule."""
        return {"need": self.need}


@dataclass(frozen=True)
class MemberCondition:
    """At least so many living members of whom each meets every part.

    ``parts`` are pairs of :data:`.fields.MEMBER_PARTS`, in the order of that catalogue.
    """

    parts: tuple[tuple[str, int | str | bool], ...]
    at_least: int = 1

    def to_json(self) -> dict[str, Any]:
        """Write it as in a rule."""
        member: dict[str, Any] = {"member": dict(self.parts)}
        return member if self.at_least == 1 else member | {"at_least": self.at_least}


@dataclass(frozen=True)
class AidCondition:
    """The household received a programme, or did not, within the last years (None: ever)."""

    programme: str
    is_received: bool
    years: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Write it as in a rule."""
        aid: dict[str, Any] = {"aid" if self.is_received else "no_aid": self.programme}
        return aid if self.years is None else aid | {"years": self.years}


Condition = FieldCondition | NeedCondition | MemberCondition | AidCondition


@dataclass(frozen=True)
class Rule:
    """A rule that was checked; made by :func:`geo.rules.parse_rule`.

    Attributes
    ----------
    all, any, none, first
        Conditions, each list sorted and without repetitions.
    basis
        One of :data:`.fields.BASES`.
    """

    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()
    first: tuple[Condition, ...] = ()
    basis: str = "regency"

    def __iter__(self) -> Iterator[tuple[str, tuple[Condition, ...]]]:
        """Give each list that is not empty with its name."""
        for name in LISTS:
            conditions: tuple[Condition, ...] = getattr(self, name)
            if conditions:
                yield name, conditions

    def to_json(self) -> dict[str, Any]:
        """Write the rule in its canonical form; empty lists are left out."""
        lists = {name: [one.to_json() for one in conditions] for name, conditions in self}
        return lists | {"basis": self.basis}

    @cached_property
    def key(self) -> str:
        """12 hexadecimal digits that stand for the rule, whatever its basis."""
        conditions = {name: value for name, value in self.to_json().items() if name != "basis"}
        return hashlib.sha256(write_canonical(conditions).encode()).hexdigest()[:12]

    @property
    def names_status(self) -> bool:
        """Whether the rule itself says which status a family has in the register."""
        return any(
            isinstance(one, FieldCondition) and one.field == "status"
            for name, conditions in self
            for one in conditions
            if name != "first"
        )


def in_order(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Sort conditions by their canonical form and drop repetitions."""
    by_text = {write_canonical(one.to_json()): one for one in conditions}
    return tuple(by_text[text] for text in sorted(by_text))


def write_canonical(value: Mapping[str, Any]) -> str:
    """Write JSON as PostgreSQL writes ``jsonb``: keys by length, then by their bytes."""

    def arrange(part: Any) -> Any:
        if isinstance(part, Mapping):
            keys = sorted(part, key=lambda key: (len(key.encode()), key.encode()))
            return {key: arrange(part[key]) for key in keys}
        return [arrange(one) for one in part] if isinstance(part, list) else part

    return json.dumps(arrange(value), ensure_ascii=False)
