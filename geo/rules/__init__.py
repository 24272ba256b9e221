"""Rules as data: whom a programme is for, and what somebody asks of the register.

A rule is a JSON object. Of a household every condition of ``all`` must be true, one of ``any``,
none of ``none``; ``first`` says who goes ahead of others when a plan is made, and is no part of
being eligible. :func:`parse_rule` is the one way in: it refuses what can't be true or names what
there isn't, in the words that are wrong. ``db/sql/rules.sql`` makes an SQL condition of the JSON.
"""

from geo.rules.describe import Names, RulePart, describe_condition, describe_rule
from geo.rules.fields import (
    BASES,
    CHOICE_OPS,
    FIELDS,
    MEMBER_PARTS,
    MOST_CONDITIONS,
    NUMBER_OPS,
    Field,
)
from geo.rules.model import (
    LISTS,
    AidCondition,
    Condition,
    FieldCondition,
    MemberCondition,
    NeedCondition,
    Rule,
)
from geo.rules.parse import InvalidRule, parse_rule

__all__ = [
    "BASES",
    "CHOICE_OPS",
    "FIELDS",
    "LISTS",
    "MEMBER_PARTS",
    "MOST_CONDITIONS",
    "NUMBER_OPS",
    "AidCondition",
    "Condition",
    "Field",
    "FieldCondition",
    "InvalidRule",
    "MemberCondition",
    "Names",
    "NeedCondition",
    "Rule",
    "RulePart",
    "describe_condition",
    "describe_rule",
    "parse_rule",
]
