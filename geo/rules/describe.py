"""A rule in sentences that an official reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geo.rules.fields import FIELDS, MEMBER_PARTS
from geo.rules.model import (
    AidCondition,
    Condition,
    FieldCondition,
    MemberCondition,
    NeedCondition,
    Rule,
)
from geo.text import N_, Phrase

HEADINGS: Mapping[str, str] = {
    "all": N_("Semua syarat ini dipenuhi"),
    "any": N_("Sedikitnya satu dari ini dipenuhi"),
    "none": N_("Tidak satu pun dari ini berlaku"),
    "first": N_("Didahulukan bila salah satu ini berlaku"),
}
_NUMBER: Mapping[str, str] = {
    "<=": N_("{field} paling tinggi {value}"),
    ">=": N_("{field} paling rendah {value}"),
    "=": N_("{field} tepat {value}"),
    "!=": N_("{field} bukan {value}"),
    "in": N_("{field} salah satu dari {value}"),
}
_CHOICE: Mapping[str, str] = {
    "=": N_("{field}: {value}"),
    "!=": N_("{field} bukan: {value}"),
    "in": N_("{field} salah satu dari: {value}"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What programmes and needs are called, by their codes."""

    programmes: Mapping[str, str]
    needs: Mapping[str, str]


NO_NAMES = Names({}, {})
"""Codes stand for themselves."""


@dataclass(frozen=True, slots=True)
class RulePart:
    """One list of a rule.

    Attributes
    ----------
    list
        ``all``, ``any``, ``none`` or ``first``.
    heading
        What the list means, without a colon.
    conditions
        A phrase each, in the order of the rule.
    """

    list: str
    heading: Phrase
    conditions: tuple[Phrase, ...]


def describe_rule(rule: Rule, names: Names = NO_NAMES) -> list[RulePart]:
    """Say what a rule asks, list by list; an empty list has no part."""
    return [
        RulePart(
            name,
            Phrase(HEADINGS[name]),
            tuple(describe_condition(condition, names) for condition in conditions),
        )
        for name, conditions in rule
    ]


def describe_condition(condition: Condition, names: Names = NO_NAMES) -> Phrase:
    """Say what one condition asks."""
    match condition:
        case FieldCondition():
            return _describe_field(condition)
        case NeedCondition(need):
            return Phrase(N_("Kebutuhan: {need}"), {"need": names.needs.get(need, need)})
        case MemberCondition():
            return _describe_member(condition)
        case AidCondition():
            return _describe_aid(condition, names)


def _describe_field(condition: FieldCondition) -> Phrase:
    field = FIELDS[condition.field]
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    if field.kind == "choice":
        titles = tuple(field.title_of(str(value)) for value in values)
        return Phrase(_CHOICE[condition.op], {"field": field.title, "value": titles})
    written = tuple(
        Phrase("{number} {unit}", {"number": value, "unit": field.unit}) if field.unit else value
        for value in values
    )
    return Phrase(_NUMBER[condition.op], {"field": field.title, "value": written})


def _describe_member(condition: MemberCondition) -> Phrase:
    parts = dict(condition.parts)
    low, high = parts.pop("age_min", None), parts.pop("age_max", None)
    who: list[Phrase] = []
    if low is not None and low == high:
        who.append(Phrase(N_("berusia {low} tahun"), {"low": low}))
    elif low is not None and high is not None:
        who.append(Phrase(N_("berusia {low}–{high} tahun"), {"low": low, "high": high}))
    elif low is not None:
        who.append(Phrase(N_("berusia {low} tahun atau lebih"), {"low": low}))
    elif high is not None:
        who.append(Phrase(N_("berusia paling tinggi {high} tahun"), {"high": high}))
    for key, value in parts.items():
        field = MEMBER_PARTS[key]
        if field.kind == "flag":
            who.append(Phrase(field.title))
        else:
            fields = {"field": field.title, "value": field.title_of(str(value))}
            who.append(Phrase(_CHOICE["="], fields))
    if condition.at_least == 1:
        return Phrase(N_("Ada anggota: {who}"), {"who": tuple(who)})
    return Phrase(
        N_("Ada sedikitnya {count} anggota: {who}"),
        {"count": condition.at_least, "who": tuple(who)},
    )


def _describe_aid(condition: AidCondition, names: Names) -> Phrase:
    fields: dict[str, object] = {
        "programme": names.programmes.get(condition.programme, condition.programme),
        "years": condition.years,
    }
    ever = N_("Pernah menerima {programme}")
    never = N_("Belum pernah menerima {programme}")
    lately = N_("Menerima {programme} dalam {years} tahun terakhir")
    not_lately = N_("Tidak menerima {programme} dalam {years} tahun terakhir")
    if condition.years is None:
        return Phrase(ever if condition.is_received else never, fields)
    return Phrase(lately if condition.is_received else not_lately, fields)
