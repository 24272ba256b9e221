"""The form of a rule: rows as they were filled in, and what they say. Pure.

A row keeps the texts of its fields, whatever they are, so that nothing that was filled in is lost
when it can't be taken. Fields are called ``all.0.value``: group, number of the row, part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from geo.errors import MapError
from geo.rules import FIELDS, LISTS, MEMBER_PARTS, InvalidRule, Rule, parse_rule
from geo.text import N_

OTHER_KINDS = ("need", "aid", "no_aid", "member")
MOST_ROWS = 30
"""In one group; more than anybody reads."""

_NAME = re.compile(r"(all|any|none|first)\.(\d{1,3})\.([a-z_]{1,20})")
_NUMBER = re.compile(r"[0-9]{1,9}")
_NOT_A_NUMBER = N_("“{text}” bukan bilangan bulat dari 0.")
_NO_VALUE = N_("Pilih atau isi nilainya.")
_ONE_VALUE = N_("Pilih satu nilai saja untuk “bukan”, atau pindahkan ke “tidak boleh”.")
_TOO_MANY = N_("Paling banyak {limit} syarat dalam satu kelompok.")


class Form(Protocol):
    """What a browser sent: names, and the texts of each."""

    def __iter__(self) -> Iterator[str]:
        """Give the names."""

    def getlist(self, key: str, /) -> list[str]:
        """Return the texts of a name."""


@dataclass(frozen=True, slots=True)
class Row:
    """One condition as it was filled in.

    Attributes
    ----------
    kind
        Key of a field of `geo.rules.FIELDS`, or one of `OTHER_KINDS`.
    texts
        By part: what was typed or chosen, several where several may be chosen.
    """

    kind: str
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def get(self, part: str) -> str:
        """Return the first text of a part; empty when it has none."""
        return next(iter(self.texts.get(part, ())), "")


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule as it was filled in: the rows of each group of `geo.rules.LISTS`."""

    groups: Mapping[str, tuple[Row, ...]]

    def with_row(self, group: str, row: Row) -> Draft:
        """Put a row at the end of a group.

        Raises
        ------
        InvalidRule
            When the group is full.
        """
        rows = self.groups.get(group, ())
        if len(rows) >= MOST_ROWS:
            raise InvalidRule(_TOO_MANY, limit=MOST_ROWS)
        return replace(self, groups={**self.groups, group: (*rows, row)})

    def without_row(self, group: str, number: int) -> Draft:
        """Take a row out; a number that no row has changes nothing."""
        rows = self.groups.get(group, ())
        kept = tuple(row for at, row in enumerate(rows) if at != number)
        return replace(self, groups={**self.groups, group: kept})

    @property
    def is_empty(self) -> bool:
        """Whether it has no row at all."""
        return not any(self.groups.values())


@dataclass(frozen=True, slots=True)
class Reading:
    """What a draft says.

    Attributes
    ----------
    rule
        None where it can't be taken.
    fault
        Of the whole, such as two rows that contradict each other; None where a row is at fault.
    row_faults
        By group and number of the row.
    """

    rule: Rule | None = None
    fault: MapError | None = None
    row_faults: Mapping[tuple[str, int], MapError] = field(default_factory=dict)

    def first_fault(self) -> MapError | None:
        """Return what to say when only one sentence fits."""
        return next(iter(self.row_faults.values()), self.fault)


def read_draft(form: Form) -> Draft:
    """Read the rows of a form, in their order; rows of an unknown kind are left out."""
    rows: dict[tuple[str, int], dict[str, tuple[str, ...]]] = {}
    for name in form:
        found = _NAME.fullmatch(name)
        if found:
            texts = (text.strip()[:80].replace("\0", "") for text in form.getlist(name))
            part = tuple(dict.fromkeys(text for text in texts if text))
            rows.setdefault((found[1], int(found[2])), {})[found[3]] = part
    groups: dict[str, tuple[Row, ...]] = {}
    for (group, _), parts in sorted(rows.items()):
        kind = next(iter(parts.pop("kind", ())), "")
        if is_kind(kind) and len(groups.get(group, ())) < MOST_ROWS:
            groups[group] = (*groups.get(group, ()), Row(kind, parts))
    return Draft(groups)


def draft_rule(data: Mapping[str, Any]) -> Draft:
    """Fill the form in with a rule as it is stored."""
    groups = {
        group: tuple(_fill_row(condition) for condition in data.get(group, ())) for group in LISTS
    }
    return Draft(groups)


def read_rule(
    draft: Draft, *, programmes: Sequence[str], needs: Sequence[str], own: str | None = None
) -> Reading:
    """Read what a draft says.

    Parameters
    ----------
    draft
        As it was filled in.
    programmes, needs
        Codes that a rule may name.
    own
        Code of the programme that the rule is of, which it may not name.
    """
    known: dict[str, Any] = {"programmes": programmes, "needs": needs, "own": own}
    data: dict[str, Any] = {}
    faults: dict[tuple[str, int], MapError] = {}
    for group, rows in draft.groups.items():
        for number, row in enumerate(rows):
            try:
                condition = write_condition(row)
                parse_rule({"all": [condition]}, **known)
            except InvalidRule as error:
                faults[group, number] = error
            else:
                data.setdefault(group, []).append(condition)
    if faults:
        return Reading(row_faults=faults)
    try:
        return Reading(parse_rule(data, **known))
    except InvalidRule as error:
        return Reading(fault=error)


def is_kind(kind: str) -> bool:
    """Whether there are conditions of a kind."""
    return kind in FIELDS or kind in OTHER_KINDS


def write_condition(row: Row) -> dict[str, Any]:
    """Return the condition that a row says.

    Raises
    ------
    InvalidRule
        Where a number is none, or nothing is filled in.
    """
    match row.kind:
        case "need":
            return {"need": row.get("value")}
        case "aid" | "no_aid":
            years = row.get("years")
            within = {"years": _read_number(years)} if years else {}
            return {row.kind: row.get("value"), **within}
        case "member":
            return _write_member(row)
    return _write_field(row)


def _write_field(row: Row) -> dict[str, Any]:
    is_number = FIELDS[row.kind].kind == "number"
    op = row.get("op") or "="
    texts = row.texts.get("value", ())
    if is_number and op == "in":
        texts = tuple(part for part in re.split(r"[,;\s]+", row.get("value")) if part)
    if not texts:
        raise InvalidRule(_NO_VALUE)
    values: list[Any] = [_read_number(text) for text in texts] if is_number else list(texts)
    if not is_number and len(values) > 1:
        if op == "!=":
            raise InvalidRule(_ONE_VALUE)
        op = "in"
    value = values if op == "in" else values[0]
    return {"field": row.kind, "op": op, "value": value}


def _write_member(row: Row) -> dict[str, Any]:
    member: dict[str, Any] = {}
    for key, part in MEMBER_PARTS.items():
        text = row.get(key)
        if text:
            as_number = part.kind == "number"
            member[key] = _read_number(text) if as_number else part.kind == "flag" or text
    at_least = row.get("at_least")
    count = {"at_least": _read_number(at_least)} if at_least and at_least != "1" else {}
    return {"member": member, **count}


def _read_number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise InvalidRule(_NOT_A_NUMBER, text=text[:20])
    return int(text)


def _fill_row(condition: Mapping[str, Any]) -> Row:
    if "field" in condition:
        value = condition["value"]
        op = condition["op"]
        is_number = FIELDS[condition["field"]].kind == "number"
        values = value if isinstance(value, list | tuple) else [value]
        texts = tuple(map(str, values))
        if is_number and op == "in":
            texts = (" ".join(texts),)
        return Row(condition["field"], {"op": (op,), "value": texts})
    if "member" in condition:
        texts_of = {
            part: ("1",) if value is True else (str(value),)
            for part, value in condition["member"].items()
        }
        return Row("member", texts_of | {"at_least": (str(condition.get("at_least", 1)),)})
    kind = next(kind for kind in ("need", "aid", "no_aid") if kind in condition)
    years = {"years": (str(condition["years"]),)} if condition.get("years") else {}
    return Row(kind, {"value": (condition[kind],), **years})
